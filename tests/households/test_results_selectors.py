"""Two lists compared household by household: whatever lies between, nobody counts twice."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from households.choices import LISTED, Category, ChangeKind, Transition
from households.models import Household
from households.rules.results import Part, Step, fate_of_period, places
from households.selectors.results import Results, Standing, results
from households.selectors.rounds import official_list
from households.selectors.summaries import start_figures
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild, unit_merge
from tests.factories import CommuneFactory, VillageFactory
from tests.households.years import close, family, happened, past, periodic, recognise, regular, reviewed

D = datetime.date
HALF, YEAR_END, LATER = D(2026, 6, 30), D(2026, 12, 31), D(2027, 2, 1)
POOR, NEAR_POOR = Category.POOR, Category.NEAR_POOR


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


def of(unit: Area, to: datetime.date = YEAR_END, today: datetime.date = LATER) -> Results:
    return results(unit=unit, year=2026, to=to, today=today)


def parts(found: Results, category: Category = POOR) -> dict[str, int]:
    """What is not zero, over the unit."""
    return {part.value: number for part, number in found.total(category).parts.items() if number}


def monthly(unit: Area, month: int, categories: dict[Household, str]) -> None:
    round = regular(unit, 2026, month)
    for household, category in categories.items():
        reviewed(round, household, category)
    recognise(round)


# Nothing is counted twice


@pytest.mark.django_db
def test_escaped_in_march_and_poor_again_in_autumn_is_neither_an_escape_nor_a_fall(village: Area) -> None:
    """Sums of the two rounds would show one escape and one fall."""
    unit = village.parent
    household = family(village)
    past(unit, 2025, poor=[household])
    monthly(unit, 3, {household: "not_poor"})
    past(unit, 2026, poor=[household])
    assert parts(of(unit, HALF)) == {"start": 1, "escaped": 1}
    assert parts(of(unit)) == {"start": 1, "end": 1}


@pytest.mark.django_db
def test_an_escape_of_the_first_half_counts_once_in_the_year(village: Area) -> None:
    unit = village.parent
    early, late = family(village), family(village)
    past(unit, 2025, poor=[early, late])
    monthly(unit, 3, {early: "near_poor"})
    past(unit, 2026, near_poor=[late], not_poor=[early])
    assert parts(of(unit, HALF)) == {"start": 2, "escaped": 1, "end": 1}
    assert parts(of(unit)) == {"start": 2, "escaped": 2}
    assert parts(of(unit), NEAR_POOR) == {"from_other_list": 1, "end": 1}


@pytest.mark.django_db
def test_newly_poor_in_spring_and_still_poor_in_autumn_is_new_once(village: Area) -> None:
    unit = village.parent
    new, returned, already = family(village), family(village), family(village)
    past(unit, 2024, poor=[returned])
    past(unit, 2025, poor=[already], not_poor=[returned])
    monthly(unit, 4, {new: "poor", returned: "near_poor"})
    past(unit, 2026, poor=[new, returned, already])
    assert parts(of(unit)) == {"start": 1, "new": 1, "back": 1, "end": 3}
    assert of(unit).total(POOR).net_reduction == -2


@pytest.mark.django_db
def test_from_near_poor_to_poor_over_two_rounds_leaves_one_list_and_joins_the_other(village: Area) -> None:
    unit = village.parent
    household = family(village)
    past(unit, 2025, near_poor=[household])
    monthly(unit, 3, {household: "not_poor"})
    past(unit, 2026, poor=[household])
    found = of(unit)
    assert parts(found) == {"from_other_list": 1, "end": 1}
    assert parts(found, NEAR_POOR) == {"start": 1, "became_poor": 1}


@pytest.mark.django_db
def test_gone_by_any_round_is_another_decrease_with_its_reason(village: Area) -> None:
    unit = village.parent
    moved, forgotten = family(village), family(village)
    past(unit, 2025, poor=[moved, forgotten])
    close(moved, D(2026, 5, 2))
    recognise(periodic(unit, 2026))
    found = of(unit)
    assert parts(found) == {"start": 2, "other_less": 2}
    reasons = {row.household_id: row.reason for row in found.households}
    assert reasons[moved.pk] == "chuyển khỏi địa bàn từ 02/05/2026"
    assert reasons[forgotten.pk] == "không được rà soát trong đợt này"


@pytest.mark.django_db
def test_who_moved_in_poor_is_another_increase(village: Area) -> None:
    unit = village.parent
    household, stays = family(village), family(village)
    past(unit, 2025, poor=[stays])
    happened(household, ChangeKind.MOVED_IN, D(2026, 4, 2))
    past(unit, 2026, poor=[household, stays])
    assert parts(of(unit)) == {"start": 1, "other_more": 1, "end": 2}


@pytest.mark.django_db
def test_a_move_between_villages_leaves_one_and_enters_the_other(village: Area) -> None:
    unit, other = village.parent, VillageFactory(parent=village.parent)
    household = family(village)
    past(unit, 2025, poor=[household])
    Household.objects.filter(pk=household.pk).update(village=other)
    household.refresh_from_db()
    past(unit, 2026, poor=[household])
    found = of(unit)
    assert found.counts[village.pk][POOR].parts == {Part.START: 1, Part.OTHER_LESS: 1}
    assert found.counts[other.pk][POOR].parts == {Part.OTHER_MORE: 1, Part.END: 1}


# Which lists are compared


@pytest.mark.django_db
def test_the_half_year_is_the_official_list_of_its_day(village: Area) -> None:
    unit = village.parent
    stays, escapes, late = (family(village) for _ in range(3))
    new = family(village)
    past(unit, 2025, poor=[stays, escapes], near_poor=[late])
    monthly(unit, 3, {escapes: "not_poor", new: "near_poor"})
    monthly(unit, 8, {late: "not_poor"})
    reach_rebuild()
    found = of(unit, HALF)
    on_list = {row.household_id: row.category for row in official_list(unit, HALF)}
    assert on_list == {row.household_id: row.category for row in found.households if row.category in LISTED}
    assert [round.month for round in found.between] == [3]
    assert (found.standing, found.as_of) == (Standing.RECOGNISED, HALF)


@pytest.mark.django_db
def test_the_start_is_the_list_from_which_targets_start(village: Area) -> None:
    unit, other = village.parent, VillageFactory(parent=village.parent)
    past(unit, 2025, poor=[family(village), family(other)], near_poor=[family(other)])
    started = start_figures(unit=unit, year=2025) or {}
    counts = of(unit, HALF).counts
    for area in (village, other):
        assert counts[area.pk][POOR].start == started[area.pk].poor_households
        assert counts[area.pk][NEAR_POOR].start == started[area.pk].near_poor_households


@pytest.mark.django_db
def test_before_its_day_the_half_year_is_preliminary_and_before_the_year_unknown(village: Area) -> None:
    unit = village.parent
    past(unit, 2025, poor=[family(village)])
    assert of(unit, HALF, D(2026, 5, 1)).standing is Standing.PRELIMINARY
    assert of(unit, HALF, D(2026, 5, 1)).as_of == D(2026, 5, 1)
    assert of(unit, HALF, D(2025, 12, 20)).standing is Standing.UNKNOWN


@pytest.mark.django_db
def test_a_year_without_its_round_is_unknown_and_one_under_way_preliminary(village: Area) -> None:
    unit = village.parent
    scored, waits = family(village), family(village)
    past(unit, 2025, poor=[scored, waits])
    assert of(unit).standing is Standing.UNKNOWN
    assert of(unit).households == ()
    round = periodic(unit, 2026)
    reviewed(round, scored, "not_poor")
    reviewed(round, waits)
    found = of(unit, today=D(2026, 10, 1))
    assert (found.standing, found.pending) == (Standing.PRELIMINARY, 1)
    assert parts(found) == {"start": 2, "escaped": 1, "end": 1}


@pytest.mark.django_db
def test_without_a_list_of_the_start_only_the_end_is_known(village: Area) -> None:
    unit = village.parent
    past(unit, 2026, poor=[family(village)])
    found = of(unit)
    assert (found.has_start, found.has_end, found.total(POOR).end) == (False, True, 1)
    assert of(unit, HALF).standing is Standing.UNKNOWN


@pytest.mark.django_db
def test_after_a_merger_the_lists_of_both_predecessors_are_the_start_in_villages_of_today() -> None:
    first = CommuneFactory()
    units = [first, CommuneFactory(parent=first.parent)]
    homes = [family(VillageFactory(parent=unit)) for unit in units]
    for unit, home in zip(units, homes, strict=True):
        past(unit, 2025, poor=[home])
    merged = unit_merge(
        by=None, units=units, from_day=D(2026, 7, 1), code="91234", name="Hợp Nhất", kind="xã", parent=first.parent
    )
    found = of(merged, HALF)
    assert parts(found) == {"start": 2, "end": 2}
    assert {round.unit_id for round in found.starts} == {unit.pk for unit in units}
    assert set(found.counts) == {village.pk for village in found.villages}
    assert all(lists[POOR].start == 1 for lists in found.counts.values())
    round = periodic(merged, 2026)
    reviewed(round, homes[0], "not_poor", village=found.villages[0])
    reviewed(round, homes[1], "poor", village=found.villages[1])
    recognise(round)
    assert parts(of(merged)) == {"start": 2, "escaped": 1, "end": 1}


# Households behind a number


@pytest.mark.django_db
def test_every_number_opens_as_many_households_with_their_proof(village: Area) -> None:
    unit, other = village.parent, VillageFactory(parent=village.parent)
    homes = [family(area) for area in (village, other, village, other, village)]
    past(unit, 2025, poor=homes[:2], near_poor=homes[2:4])
    monthly(unit, 3, {homes[0]: "near_poor"})
    past(unit, 2026, poor=[homes[2], homes[4]], near_poor=[homes[0]], not_poor=[homes[1], homes[3]])
    found = of(unit)
    for area, lists in found.counts.items():
        for category, counted in lists.items():
            assert counted.net_reduction == counted.explained
            for part in Part:
                opened = found.opened(category=category, parts=[part], village=area)
                assert len(opened) == counted.of(part)
                assert all(row.end and row.end.review_id for row in opened)
    assert len(found.opened(category=POOR, parts=[Part.START])) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_villages_and_households(
    commune: Area, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    homes = [family(VillageFactory(parent=commune)) for _ in range(number)]
    new = [family(home.village) for home in homes]
    past(commune, 2025, poor=homes)
    monthly(commune, 3, dict.fromkeys(homes, "not_poor"))
    past(commune, 2026, poor=new)
    with django_assert_num_queries(5):
        assert len(of(commune).counts) == number


# The rule


@given(
    before=st.sampled_from(["", *LISTED]),
    between=st.lists(st.sampled_from([*Category.values, ""]), max_size=4),
    was=st.tuples(st.booleans(), st.booleans()),
)
def test_whatever_lies_between_only_the_two_ends_count(before: str, between: list[str], was: tuple[bool, bool]) -> None:
    """Rounds in the middle change no number of the year: the fate is that of the last one alone."""
    steps = [Step(category=category, transition="") for category in between]
    fate = fate_of_period(before, steps, is_reviewed=True, was_poor=was[0], was_near_poor=was[1])
    direct = fate_of_period(before, steps[-1:], is_reviewed=True, was_poor=was[0], was_near_poor=was[1])
    assert fate == direct
    found = list(
        places(
            village=1, from_village=1 if before else None, category=fate.category, from_category=before,
            transition=fate.transition,
        )
    )  # fmt: skip
    numbers = [(place.category, place.part) for place in found]
    assert len(set(numbers)) == len(numbers)


def test_not_spoken_of_by_the_list_of_the_end_is_gone() -> None:
    assert fate_of_period("poor", [], is_reviewed=False).transition == Transition.OTHER_DECREASE
    assert fate_of_period("poor", [], is_reviewed=True).transition == Transition.REMAINED_POOR
    step = Step(category="poor", transition=Transition.NEWLY_POOR)
    assert fate_of_period("", [step], is_reviewed=False).transition == ""
