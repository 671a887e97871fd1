"""Passages between recognised lists: whoever is on either list has exactly one, across moves and mergers."""

import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from households.choices import ChangeKind, HouseholdClosed, RecognitionKind
from households.models import Household, Recognised, Recognition
from households.selectors.escaped import recently_escaped
from households.selectors.transitions import last_list, passages
from households.services.law import law_load
from povertyplan.areas.models import Area
from povertyplan.areas.services import unit_merge
from tests.factories import CommuneFactory, VillageFactory
from tests.households.years import by_household, close, family, happened, past, periodic, recognise, regular, reviewed

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


def test_without_a_last_list_everybody_is_new(village: Area) -> None:
    round = periodic(village.parent, 2026)
    household = family(village)
    reviewed(round, household, "poor", persons=3)
    row = by_household(round)[household.pk]
    assert (row.transition, row.from_category, row.persons, row.from_persons) == ("newly_poor", "", 3, 0)
    assert row.from_village_id is None


def test_each_household_of_either_list_once(village: Area) -> None:
    unit = village.parent
    stays, rises, new, outside = (family(village) for _ in range(4))
    past(unit, 2025, poor=[stays], near_poor=[rises])
    round = periodic(unit, 2026)
    reviewed(round, stays, "near_poor", persons=5)
    reviewed(round, rises, "not_poor")
    reviewed(round, new, "poor")
    reviewed(round, outside, "not_poor")
    found = by_household(round)
    assert {pk: row.transition for pk, row in found.items()} == {
        stays.pk: "poor_to_near_poor",
        rises.pk: "escaped_near_poverty",
        new.pk: "newly_poor",
        outside.pk: "",
    }
    assert (found[stays.pk].from_persons, found[stays.pk].persons) == (4, 5)


@pytest.mark.parametrize(
    ("because", "reason"),
    [
        (HouseholdClosed.MOVED_OUT, "chuyển khỏi địa bàn từ 05/03/2026"),
        (HouseholdClosed.MERGED, "nhập vào hộ khác từ 05/03/2026"),
        (HouseholdClosed.DISSOLVED, "không còn người (chết, giải thể) từ 05/03/2026"),
    ],
)
def test_a_closed_household_leaves_with_its_reason(village: Area, because: str, reason: str) -> None:
    household = family(village)
    past(village.parent, 2025, poor=[household])
    close(household, D(2026, 3, 5), because)
    row = by_household(periodic(village.parent, 2026))[household.pk]
    assert (row.transition, row.reason, row.persons, row.from_persons) == ("other_decrease", reason, 0, 4)


def test_closed_after_the_form_was_scored_is_gone_too(village: Area) -> None:
    household, unlisted = family(village), family(village)
    past(village.parent, 2025, poor=[household])
    round = periodic(village.parent, 2026)
    for row in (household, unlisted):
        reviewed(round, row, "poor")
        close(row, D(2026, 10, 5))
    found = by_household(round)
    assert found[household.pk].transition == "other_decrease"
    assert unlisted.pk not in found


def test_not_reviewed_or_dropped_leaves_otherwise(village: Area) -> None:
    forgotten, dropped = family(village), family(village)
    past(village.parent, 2025, poor=[forgotten, dropped])
    round = periodic(village.parent, 2026)
    reviewed(round, dropped, state="dropped", dropped_because="trùng với hộ khác")
    found = by_household(round)
    assert found[forgotten.pk].reason == "không được rà soát trong đợt này"
    assert found[dropped.pk].reason == "trùng với hộ khác"


def test_a_regular_round_decides_only_on_its_own_households(village: Area) -> None:
    unit = village.parent
    listed, other, new = (family(village) for _ in range(3))
    past(unit, 2025, poor=[listed, other])
    round = regular(unit, 2026, 3)
    reviewed(round, listed, "not_poor")
    reviewed(round, new, "near_poor")
    found = by_household(round)
    assert {pk: row.transition for pk, row in found.items()} == {
        listed.pk: "poor_to_above",
        new.pk: "newly_near_poor",
    }


def test_regular_rounds_and_gaps_between_years_count(village: Area) -> None:
    """Escaped in March, poor again in autumn: fell back, for the March list is the last one."""
    unit = village.parent
    household, came = family(village), family(village)
    past(unit, 2025, poor=[household])
    march = regular(unit, 2026, 3)
    reviewed(march, household, "not_poor")
    reviewed(march, came, "poor")
    recognise(march)
    round = periodic(unit, 2026)
    reviewed(round, household, "poor")
    reviewed(round, came, "poor")
    found = by_household(round)
    assert found[household.pk].transition == "fell_back"
    assert found[came.pk].transition == "remained_poor"


def test_a_list_of_this_year_recorded_from_paper_does_not_precede_itself(village: Area) -> None:
    household = family(village)
    past(village.parent, 2024, poor=[household])
    past(village.parent, 2025, near_poor=[household])
    assert by_household(periodic(village.parent, 2026))[household.pk].from_category == "near_poor"


def test_poverty_that_a_correction_took_back_is_no_earlier_poverty(village: Area) -> None:
    """Poor by mistake in 2025, put right by a decision, poor in 2026: newly poor, it fell back into nothing."""
    household = family(village)
    round = past(village.parent, 2025, poor=[household])
    correction = Recognition.objects.create(
        unit=village.parent, round=round, kind=RecognitionKind.CORRECTION, on=round.recognised_on
    )
    wrong = Recognised.objects.get(round=round)
    right = vars(wrong) | {"recognition_id": correction.pk, "category": "not_poor", "transition": ""}
    Recognised.objects.filter(pk=wrong.pk).update(is_current=False)
    Recognised.objects.create(**{name: value for name, value in right.items() if name not in ("_state", "id")})

    later = periodic(village.parent, 2026)
    reviewed(later, household, "poor")

    assert by_household(later)[household.pk].transition == "newly_poor"


def test_an_old_list_recorded_without_leavers_is_replaced_whole(village: Area) -> None:
    """Only the last periodic list counts: who is absent from it is not still on the one before."""
    old, kept = family(village), family(village)
    past(village.parent, 2023, poor=[old])
    round = periodic(village.parent, 2024)
    reviewed(round, kept, "poor")
    recognise(round)
    assert set(last_list(periodic(village.parent, 2025)).on_list) == {kept.pk}


def test_split_off_from_a_listed_household_increases_otherwise(village: Area) -> None:
    unit = village.parent
    listed, unlisted = family(village), family(village)
    past(unit, 2025, poor=[listed])
    child, grandchild, other = (family(village) for _ in range(3))
    happened(child, ChangeKind.SPLIT, D(2026, 2, 1), other=listed)
    happened(grandchild, ChangeKind.SPLIT, D(2026, 4, 1), other=child)
    happened(other, ChangeKind.SPLIT, D(2026, 2, 1), other=unlisted)
    round = periodic(unit, 2026)
    for household in (listed, child, grandchild, other):
        reviewed(round, household, "poor")
    found = by_household(round)
    assert found[child.pk].transition == "other_increase"
    assert found[child.pk].reason == "tách từ hộ nghèo"
    assert found[grandchild.pk].transition == "other_increase"
    assert found[other.pk].transition == "newly_poor"


def test_moved_in_and_merged_increase_otherwise(village: Area) -> None:
    unit = village.parent
    gone, taker, mover, early = (family(village) for _ in range(4))
    past(unit, 2025, near_poor=[gone])
    close(gone, D(2026, 5, 1), HouseholdClosed.MERGED)
    happened(taker, ChangeKind.MERGED, D(2026, 5, 1), other=gone)
    happened(mover, ChangeKind.MOVED_IN, D(2026, 6, 1))
    happened(early, ChangeKind.MOVED_IN, D(2025, 6, 1))
    round = periodic(unit, 2026)
    for household in (taker, mover, early):
        reviewed(round, household, "poor")
    found = by_household(round)
    assert found[taker.pk].reason == "nhập với hộ cận nghèo"
    assert found[mover.pk].reason == "chuyển đến từ 01/06/2026"
    assert found[early.pk].transition == "newly_poor"


def test_a_move_between_villages_is_one_transition(village: Area) -> None:
    other = VillageFactory(parent=village.parent)
    household = family(village)
    past(village.parent, 2025, poor=[household])
    Household.objects.filter(pk=household.pk).update(village=other)
    household.refresh_from_db()
    round = periodic(village.parent, 2026)
    reviewed(round, household, "poor")
    row = by_household(round)[household.pk]
    assert (row.transition, row.from_village_id, row.village_id) == ("remained_poor", village.pk, other.pk)


# Mergers of 2025


@pytest.fixture
def merged(commune: Area) -> tuple[Area, list[Household]]:
    """Two communes with a list of 2024 each, one commune from 01/07/2025; the households have not been moved yet."""
    units = [commune, CommuneFactory(parent=commune.parent)]
    households = [family(VillageFactory(parent=unit)) for unit in units]
    for unit, household in zip(units, households, strict=True):
        past(unit, 2024, poor=[household])
    successor = unit_merge(
        by=None,
        units=units,
        from_day=D(2025, 7, 1),
        code="91234",
        name="Hợp Nhất",
        kind="xã",
        parent=commune.parent,
    )
    return successor, households


def follow(unit: Area, households: list[Household]) -> None:
    """The households stand in the villages that followed theirs."""
    for household in households:
        village = Area.objects.get(inheritances__predecessor=household.village_id)
        Household.objects.filter(pk=household.pk).update(unit=unit, village=village)
        household.refresh_from_db()


@pytest.mark.parametrize("has_followed", [False, True])
def test_old_poor_stay_old_poor_across_a_merger(merged: tuple[Area, list[Household]], has_followed: bool) -> None:
    unit, (one, two) = merged
    if has_followed:
        follow(unit, [one, two])
    round = periodic(unit, 2025)
    places = {
        household.pk: Area.objects.filter(parent=unit).order_by("position")[number]
        for number, household in enumerate((one, two))
    }
    reviewed(round, one, "poor", village=places[one.pk])
    found = by_household(round)
    assert found[one.pk].transition == "remained_poor"
    assert found[one.pk].from_village_id == found[one.pk].village_id == places[one.pk].pk
    assert found[two.pk].transition == "other_decrease"
    assert found[two.pk].village_id == places[two.pk].pk


def test_fallen_back_and_36_months_across_a_merger(merged: tuple[Area, list[Household]]) -> None:
    law_load()
    unit, households = merged
    one, two = households
    follow(unit, households)
    first = periodic(unit, 2025)
    for household in households:
        reviewed(first, household, "not_poor")
    recognise(first)
    assert {row.household_id for row in recently_escaped(unit, D(2026, 6, 1))} == {one.pk, two.pk}
    second = periodic(unit, 2026)
    reviewed(second, one, "poor")
    assert by_household(second)[one.pk].transition == "fell_back"
    recognise(second)
    assert {row.household_id for row in recently_escaped(unit, D(2027, 6, 1))} == {two.pk}
    assert recently_escaped(unit, D(2029, 1, 1)) == []


def test_a_list_is_found_two_mergers_back(merged: tuple[Area, list[Household]]) -> None:
    """The commune of 2025 merged again in 2026 before it made a list: the lists of 2024 are still the last ones."""
    unit, (one, two) = merged
    follow(unit, [one, two])
    again = unit_merge(
        by=None,
        units=[unit, CommuneFactory(parent=unit.parent)],
        from_day=D(2026, 7, 1),
        code="91235",
        name="Hợp Nhất Hai",
        kind="xã",
        parent=unit.parent,
    )
    follow(again, [one, two])

    round = periodic(again, 2026)
    reviewed(round, one, "poor")
    reviewed(round, two, "not_poor")

    found = by_household(round)
    assert (found[one.pk].transition, found[two.pk].transition) == ("remained_poor", "poor_to_above")
    assert found[one.pk].from_village_id == one.village_id


def test_a_village_that_took_over_another_holds_both(commune: Area) -> None:
    old = [VillageFactory(parent=commune, valid_to=D(2026, 2, 28)) for _ in range(2)]
    new = VillageFactory(parent=commune, valid_from=D(2026, 3, 1))
    for village in old:
        village.successions.create(successor=new, on=D(2026, 3, 1))
    households = [family(village) for village in old]
    past(commune, 2025, poor=households)
    assert {row.village_id for row in passages(periodic(commune, 2026))} == {new.pk}
    assert {row.village_id for row in passages(periodic(commune, 2024))} == set()


def test_a_commune_divided_between_two_takes_only_its_part(commune: Area) -> None:
    mine, theirs = VillageFactory(parent=commune), VillageFactory(parent=commune)
    households = [family(mine), family(theirs)]
    past(commune, 2024, poor=households)
    parts = [CommuneFactory(parent=commune.parent, valid_from=D(2025, 7, 1)) for _ in range(2)]
    for old, unit in zip((mine, theirs), parts, strict=True):
        commune.successions.create(successor=unit, on=D(2025, 7, 1))
        old.successions.create(successor=VillageFactory(parent=unit, valid_from=D(2025, 7, 1)), on=D(2025, 7, 1))
    assert [row.household_id for row in passages(periodic(parts[0], 2025))] == [households[0].pk]
    assert [row.household_id for row in passages(periodic(parts[1], 2025))] == [households[1].pk]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_households(
    village: Area, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    unit = village.parent
    listed = [family(village) for _ in range(number)]
    past(unit, 2025, poor=listed)
    round = periodic(unit, 2026)
    for household in [*listed, *(family(village) for _ in range(number))]:
        reviewed(round, household, "poor")
    with django_assert_num_queries(7):
        passages(round)
