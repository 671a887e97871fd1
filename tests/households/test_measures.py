"""What registry and forms count for the goals of a year."""

import datetime
from typing import Any

import pytest

from households.choices import Category, HouseholdClosed
from households.models import Household, Member, Review, VillageCount
from households.selectors.measures import MEASURES, Basis, measured
from povertyplan.areas.models import Area, Succession
from targets.choices import Measure
from tests.factories import CommuneFactory, VillageFactory
from tests.households import build, years
from tests.households.answers import answer, indicators

YEAR = 2024
DAY = datetime.date(YEAR, 12, 31)
POOR, NEAR = [Category.POOR], [Category.NEAR_POOR]


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


def sums(unit: Area, name: str, categories: Any = ("poor", "near_poor"), **options: Any) -> tuple[int, int, int]:
    found = measured(unit=unit, year=YEAR, day=options.pop("day", DAY), wanted=[name])[name].sums(categories)
    return found.part, found.whole, found.unknown


def recognised(unit: Area, **categories: list[Household]) -> dict[int, Review]:
    """The year's round, recognised; its forms by household."""
    round = years.past(unit, YEAR, **categories)
    return {review.household_id: review for review in Review.objects.filter(round=round)}


def test_every_measure_of_a_goal_can_be_counted() -> None:
    assert set(MEASURES) == set(Measure)


def test_persons_with_a_card_that_is_good_on_the_day(commune: Area, village: Area) -> None:
    home = build.household(commune, village, persons=4)
    recognised(commune, poor=[home])
    first, second, third, _ = Member.objects.filter(household=home).order_by("position")
    Member.objects.filter(pk=first.pk).update(health_card="yes")
    Member.objects.filter(pk=second.pk).update(health_card="yes", card_to=DAY - datetime.timedelta(days=1))
    Member.objects.filter(pk=third.pk).update(health_card="no")

    assert sums(commune, "insured") == (1, 4, 1)
    assert sums(commune, "insured", NEAR) == (0, 0, 0)


def test_a_card_counts_to_its_last_day_and_from_its_first(commune: Area, village: Area) -> None:
    home = build.household(commune, village, persons=2)
    recognised(commune, poor=[home])
    members = Member.objects.filter(household=home)
    members.filter(position=1).update(health_card="yes", card_to=DAY)
    members.filter(position=2).update(health_card="yes", card_from=DAY + datetime.timedelta(days=1))

    assert sums(commune, "insured") == (1, 2, 0)


def test_children_of_school_age_who_attend_the_level_of_their_age(commune: Area, village: Area) -> None:
    children = [
        build.person("Em Đúng", "child", birth_year=YEAR - 8, schooling="primary"),
        build.person("Em Không", "child", birth_year=YEAR - 13, schooling="none"),
        build.person("Em Chưa Hỏi", "child", birth_year=YEAR - 4),
        build.person("Em Bé", "child", birth_year=YEAR - 1),
    ]
    home = build.household(commune, village, members=[build.person("Chủ Hộ", "head"), *children])
    recognised(commune, near_poor=[home])

    assert sums(commune, "schooling") == (1, 3, 1)


def test_households_by_the_answer_of_their_recognised_form(commune: Area, village: Area) -> None:
    homes = [years.family(village) for _ in range(4)]
    round = years.periodic(commune, YEAR)
    forms = [
        years.reviewed(round, home, category) for home, category in zip(homes, ["poor"] * 3 + ["not_poor"], strict=True)
    ]
    for form, is_deprived in zip(forms, (True, False, None, True), strict=True):
        answer(form, latrine=is_deprived)
    years.recognise(round)

    found = measured(unit=commune, year=YEAR, day=DAY, wanted=["latrine"])["latrine"]

    assert sums(commune, "latrine") == (1, 3, 1)
    assert found.basis == Basis.RECOGNISED
    assert found.on == round.recognised_on
    assert found.sums().unknown_homes == 1


def test_households_with_a_party_member(commune: Area, village: Area) -> None:
    with_one, without = (build.household(commune, village) for _ in range(2))
    recognised(commune, near_poor=[with_one, without])
    Member.objects.filter(household=with_one, position=2).update(is_party_member=True)

    assert sums(commune, "party_member", NEAR) == (1, 2, 0)


def test_before_the_years_round_the_list_in_force_is_counted_and_called_so(commune: Area, village: Area) -> None:
    home = years.family(village)
    years.past(commune, YEAR - 1, poor=[home])

    found = measured(unit=commune, year=YEAR, day=datetime.date(YEAR, 6, 30), wanted=["poor_rate"])["poor_rate"]

    assert (found.basis, found.sums().part) == (Basis.STANDING, 1)


def test_a_round_that_was_recognised_later_does_not_count_on_an_earlier_day(commune: Area, village: Area) -> None:
    home = years.family(village)
    years.past(commune, YEAR - 1, poor=[home])
    recognised(commune, not_poor=[home])

    assert sums(commune, "poor_rate", day=datetime.date(YEAR, 6, 30))[0] == 1
    assert sums(commune, "poor_rate")[0] == 0


def test_a_regular_review_in_the_year_moves_the_list_in_force(commune: Area, village: Area) -> None:
    stayed, came = years.family(village), years.family(village)
    years.past(commune, YEAR - 1, poor=[stayed])
    monthly = years.regular(commune, YEAR, 3)
    years.reviewed(monthly, came, "near_poor")
    years.recognise(monthly)

    assert sums(commune, "multidimensional_rate", day=datetime.date(YEAR, 6, 30))[0] == 2
    assert sums(commune, "multidimensional_rate", day=datetime.date(YEAR, 3, 1))[0] == 1


def test_in_a_round_under_way_a_form_decides_and_who_has_none_keeps_the_last_category(
    commune: Area, village: Area
) -> None:
    left, stays, waits, moved = (years.family(village) for _ in range(4))
    years.past(commune, YEAR - 1, poor=[left, stays, waits, moved])
    round = years.periodic(commune, YEAR)
    years.reviewed(round, left, "not_poor")
    answer(years.reviewed(round, stays, "near_poor"), water=False)
    years.reviewed(round, waits)
    years.close(moved, datetime.date(YEAR, 5, 1), HouseholdClosed.MOVED_OUT)

    found = measured(unit=commune, year=YEAR, day=DAY, wanted=["poor_rate", "poor_fall", "clean_water"])

    assert found["poor_rate"].basis == Basis.PRELIMINARY
    assert (found["poor_rate"].sums().part, found["poor_rate"].pending) == (1, 1)
    assert found["poor_fall"].sums().part == 3
    assert sums(commune, "clean_water") == (1, 2, 1)


def test_a_rate_divides_by_the_households_of_the_unit_only_where_every_village_is_known(
    commune: Area, village: Area
) -> None:
    other = VillageFactory(parent=commune)
    recognised(commune, poor=[years.family(village)])
    count = {"cut_off": datetime.date(YEAR, 6, 30), "source": "Công an xã", "households": 40}
    VillageCount.objects.create(unit=commune, village=village, **count)
    assert measured(unit=commune, year=YEAR, day=DAY, wanted=["poor_rate"])["poor_rate"].whole is None

    VillageCount.objects.create(unit=commune, village=other, **count)

    assert measured(unit=commune, year=YEAR, day=DAY, wanted=["poor_rate"])["poor_rate"].whole == 80


def test_the_fall_of_the_minority_rate_starts_from_the_list_before(commune: Area, village: Area) -> None:
    homes = [years.family(village) for _ in range(3)]
    for day, minority in ((datetime.date(YEAR - 1, 6, 30), 10), (datetime.date(YEAR, 6, 30), 20)):
        VillageCount.objects.create(
            unit=commune, village=village, cut_off=day, source="Công an xã", households=40, minority_households=minority
        )
    before = years.periodic(commune, YEAR - 1)
    for home in homes:
        years.reviewed(before, home, "poor", is_ethnic_minority=home is not homes[2])
    years.recognise(before)
    now = years.periodic(commune, YEAR)
    for home, category in zip(homes, ("poor", "near_poor", "not_poor"), strict=True):
        years.reviewed(now, home, category, is_ethnic_minority=home is not homes[2])
    years.recognise(now)

    found = measured(unit=commune, year=YEAR, day=DAY, wanted=["minority_poor_fall"])["minority_poor_fall"]

    assert (found.before, found.whole, found.sums().part) == ((2, 10), 20, 1)


def test_the_households_of_a_fall_add_up_to_the_net_fall(commune: Area, village: Area) -> None:
    stays, leaves, also_leaves, comes = (years.family(village) for _ in range(4))
    years.past(commune, YEAR - 1, poor=[stays, leaves, also_leaves])
    recognised(commune, poor=[stays, comes], near_poor=[leaves], not_poor=[also_leaves])

    found = measured(unit=commune, year=YEAR, day=DAY, wanted=["poor_fall"])["poor_fall"]

    parts = {row.home.household_id: row.part for row in found.households}
    assert parts == {leaves.pk: 1, also_leaves.pk: 1, comes.pk: -1}
    assert found.sums().part == 1


def test_after_a_merger_the_lists_of_the_predecessors_are_the_start(commune: Area, village: Area) -> None:
    old = CommuneFactory(parent=commune.parent, valid_to=datetime.date(YEAR, 3, 31))
    home, elsewhere = (years.family(VillageFactory(parent=old)) for _ in range(2))
    years.past(old, YEAR - 1, poor=[home, elsewhere])
    Succession.objects.create(predecessor=old, successor=commune, on=datetime.date(YEAR, 4, 1))
    Household.objects.filter(pk=home.pk).update(unit=commune, village=village)
    other = CommuneFactory()
    Household.objects.filter(pk=elsewhere.pk).update(unit=other, village=VillageFactory(parent=other))

    found = measured(unit=commune, year=YEAR, day=DAY, wanted=["poor_rate"])["poor_rate"]

    assert [row.home.household_id for row in found.households] == [home.pk]


def test_nothing_is_counted_without_any_list_and_above_the_commune(commune: Area, village: Area) -> None:
    assert measured(unit=commune, year=YEAR, day=DAY) == {}
    recognised(commune, poor=[years.family(village)])
    assert commune.parent is not None
    assert measured(unit=commune.parent, year=YEAR, day=DAY) == {}
    assert measured(unit=commune, year=YEAR, day=DAY, wanted=[]) == {}


# Rounds with their lists, forms under way, members, households of the unit on both days.
ALL_QUERIES = 4


@pytest.mark.parametrize("count", [1, 3])
def test_all_measures_ask_the_same_number_of_times(
    commune: Area, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    homes = [build.household(commune, village) for _ in range(count)]
    years.past(commune, YEAR - 1, poor=homes)
    round = years.periodic(commune, YEAR)
    for home in homes:
        answer(years.reviewed(round, home, "poor"), water=True)
    indicators()

    with django_assert_num_queries(ALL_QUERIES):
        found = measured(unit=commune, year=YEAR, day=DAY)

    assert set(found) == set(MEASURES)
    assert len(found["clean_water"].households) == count
