"""Which listed households are deprived when a year begins, and what its review says of them."""

import datetime
from typing import Any

import pytest

from households.choices import ReviewState
from households.models import Household, Indicator, Review, ReviewRound
from households.selectors.deprived import Result, deprived_counts, deprived_households, outcomes
from povertyplan.areas.models import Area, Succession
from tests.factories import CommuneFactory, VillageFactory
from tests.households import years
from tests.households.answers import answer, indicators

YEAR = 2024


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def lacking(db: None) -> dict[str, Indicator]:
    return indicators()


def last_year(unit: Area, *forms: tuple[Household, str, dict[str, bool | None]]) -> ReviewRound:
    round = years.periodic(unit, YEAR - 1)
    for home, category, answers in forms:
        answer(years.reviewed(round, home, category), **answers)
    years.recognise(round)
    return round


def test_deprived_households_are_counted_by_category_and_who_has_not_answered_beside_them(
    commune: Area, village: Area, lacking: dict[str, Indicator]
) -> None:
    homes = [years.family(village) for _ in range(4)]
    round = last_year(
        commune,
        (homes[0], "poor", {"water": True, "latrine": True}),
        (homes[1], "near_poor", {"water": True, "latrine": False}),
        (homes[2], "near_poor", {"water": None}),
        (homes[3], "not_poor", {"water": True}),
    )

    counts = deprived_counts(unit=commune, year=YEAR)

    water, latrine = counts.lines[0], counts.lines[1]
    assert (water.poor, water.near_poor, water.unknown) == (1, 1, 1)
    assert (latrine.poor, latrine.near_poor, latrine.unknown) == (1, 0, 1)
    assert (counts.year, counts.recognised_on, counts.listed) == (YEAR - 1, round.recognised_on, 3)
    assert [line.number for line in counts.lines] == [1, 2, 3]
    assert counts.is_known


def test_the_households_behind_a_count_are_those_counted(
    commune: Area, village: Area, lacking: dict[str, Indicator]
) -> None:
    homes = [years.family(village) for _ in range(5)]
    last_year(
        commune,
        (homes[0], "poor", {"water": True}),
        (homes[1], "near_poor", {"water": True}),
        (homes[2], "poor", {"water": False}),
        (homes[3], "poor", {"latrine": True}),
        (homes[4], "not_poor", {"water": True}),
    )

    found = deprived_households(unit=commune, year=YEAR, indicator=lacking["water"].pk)

    assert [row.household_id for row in found.households] == [homes[0].pk, homes[1].pk]
    assert (found.count, found.year) == (deprived_counts(unit=commune, year=YEAR).lines[0], YEAR - 1)


def test_the_list_of_the_year_itself_is_not_its_beginning(
    commune: Area, village: Area, lacking: dict[str, Indicator]
) -> None:
    home = years.family(village)
    last_year(commune, (home, "poor", {"water": True}))
    now = years.periodic(commune, YEAR)
    answer(years.reviewed(now, home, "poor"), water=False)
    years.recognise(now)

    assert deprived_counts(unit=commune, year=YEAR).lines[0].deprived == 1
    assert deprived_counts(unit=commune, year=YEAR + 1).lines[0].deprived == 0


def test_a_list_from_paper_says_nothing_of_deprivations(
    commune: Area, village: Area, lacking: dict[str, Indicator]
) -> None:
    last_year(commune, (years.family(village), "poor", {}))

    counts = deprived_counts(unit=commune, year=YEAR)

    assert (counts.listed, counts.is_known) == (1, False)
    assert {line.unknown for line in counts.lines} == {1}


def test_without_any_list_the_indicators_of_the_standard_in_force_are_shown(
    commune: Area, lacking: dict[str, Indicator]
) -> None:
    counts = deprived_counts(unit=commune, year=YEAR)

    assert (counts.year, len(counts.lines), counts.is_known) == (None, 3, False)
    with pytest.raises(KeyError):
        deprived_households(unit=commune, year=YEAR, indicator=0)


def test_after_a_merger_the_list_of_the_predecessor_counts_for_who_came(
    commune: Area, village: Area, lacking: dict[str, Indicator]
) -> None:
    old = CommuneFactory(parent=commune.parent, valid_to=datetime.date(YEAR, 3, 31))
    came, went = (years.family(VillageFactory(parent=old)) for _ in range(2))
    last_year(old, (came, "poor", {"water": True}), (went, "poor", {"water": True}))
    Succession.objects.create(predecessor=old, successor=commune, on=datetime.date(YEAR, 4, 1))
    Household.objects.filter(pk=came.pk).update(unit=commune, village=village)
    other = CommuneFactory()
    Household.objects.filter(pk=went.pk).update(unit=other, village=VillageFactory(parent=other))

    assert deprived_counts(unit=commune, year=YEAR).lines[0].deprived == 1


@pytest.mark.parametrize(
    ("category", "state", "is_deprived", "expected"),
    [
        ("poor", "", False, Result.FREED),
        ("near_poor", "", True, Result.STILL),
        ("poor", "", None, Result.UNKNOWN),
        ("not_poor", "", True, Result.LEFT),
        ("", ReviewState.SCREENED_OUT, None, Result.LEFT),
        ("", ReviewState.DROPPED, None, Result.LEFT),
        ("", ReviewState.TO_SURVEY, False, Result.WAITING),
    ],
)
def test_what_the_review_of_the_year_says_of_a_household(
    commune: Area,
    village: Area,
    lacking: dict[str, Indicator],
    category: str,
    state: str,
    is_deprived: bool | None,
    expected: Result,
) -> None:
    home = years.family(village)
    form = years.reviewed(years.periodic(commune, YEAR), home, category, state=state)
    answer(form, water=is_deprived)
    water = lacking["water"].pk

    outcome = outcomes(year=YEAR, households=[home.pk], indicators=[water])[home.pk, water]

    assert outcome.form
    assert (outcome.result, outcome.form.pk, outcome.is_preliminary) == (expected, form.pk, True)
    assert outcome.is_resolved is (expected in {Result.FREED, Result.LEFT})


def test_a_household_that_the_review_of_the_year_does_not_have_has_no_outcome(
    commune: Area, village: Area, lacking: dict[str, Indicator]
) -> None:
    home = years.family(village)
    last_year(commune, (home, "poor", {"water": True}))

    assert outcomes(year=YEAR, households=[home.pk], indicators=[lacking["water"].pk]) == {}
    assert outcomes(year=YEAR, households=[], indicators=[lacking["water"].pk]) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_households_costs_no_queries(
    commune: Area, village: Area, lacking: dict[str, Indicator], count: int, django_assert_num_queries: Any
) -> None:
    homes = [years.family(village) for _ in range(count)]
    last_year(commune, *((home, "poor", {"water": True}) for home in homes))
    water = lacking["water"].pk

    with django_assert_num_queries(3):  # round with the length of its list, answers, indicators
        deprived_counts(unit=commune, year=YEAR)
    with django_assert_num_queries(3):  # round, indicator, list
        deprived_households(unit=commune, year=YEAR, indicator=water)
    years.reviewed(years.periodic(commune, YEAR), homes[0], "poor")
    with django_assert_num_queries(1):
        outcomes(year=YEAR, households=[home.pk for home in homes], indicators=[water])
    assert Review.objects.count() == count + 1
