"""Village counts: what rates divide by, dated, typed or counted (practice of regulations 10.1)."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    ChangeKind,
    HouseholdClosed,
    MemberLeft,
    MinorityBasis,
    Relation,
)
from households.models import Ethnicity, Household, HouseholdChange, Member, VillageCount
from households.selectors.counts import (
    FROM_REGISTRY,
    cut_offs,
    denominators,
    minority_basis,
    registry_setting,
    registry_totals,
    together,
    typed_counts,
)
from households.services.counts import counts_remove, counts_set, registry_setting_set
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area, Succession
from povertyplan.core.text import plain, sort_key
from povertyplan.core.versions import EditConflict
from tests.factories import CommuneFactory, PaperFactory, VillageFactory

DAY = datetime.date(2024, 9, 1)
LATER = datetime.date(2024, 12, 31)
FOUR = {"households": 100, "population": 400, "minority_households": 30, "minority_population": 130}


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def minority(db: None) -> Ethnicity:
    return Ethnicity.objects.create(name="Ba Na", code_121="12", code_1019="20")


def typed(unit: Area, village: Area, day: datetime.date = DAY, **changes: int | None) -> VillageCount:
    return counts_set(by=None, unit=unit, cut_off=day, source="Công an xã", rows={village.pk: FOUR | changes})[0]


def home(village: Area, *persons: Ethnicity | None, opened: datetime.date = DAY, **fields: Any) -> Household:
    """A household whose first person is the head."""
    number = Household.objects.count() + 1
    household = Household.objects.create(
        unit=village.parent, village=village, code=f"H-{number}", opened_on=opened, **fields
    )
    for place, ethnicity in enumerate(persons):
        Member.objects.create(
            unit=village.parent,
            household=household,
            name="Nguyễn Văn Thử",
            search_key=plain("Nguyễn Văn Thử"),
            sort_key=sort_key("Thử"),
            relation=Relation.CHILD if place else Relation.HEAD,
            ethnicity=ethnicity,
            position=place + 1,
        )
    return household


def complete(unit: Area, basis: MinorityBasis = MinorityBasis.HEAD) -> None:
    registry_setting_set(by=None, unit=unit, minority_basis=basis, is_complete=True, valid_from=DAY)


def test_figures_hold_from_their_cut_off_day_until_newer_ones(commune: Area, village: Area) -> None:
    typed(commune, village)
    typed(commune, village, LATER, households=105)

    assert denominators(unit=commune, day=DAY - datetime.timedelta(days=1)) == {}
    assert denominators(unit=commune, day=DAY)[village.pk].households == 100
    assert denominators(unit=commune, day=LATER - datetime.timedelta(days=1))[village.pk].households == 100
    last = denominators(unit=commune, day=LATER)[village.pk]
    assert (last.households, last.cut_off, last.source, last.is_counted) == (105, LATER, "Công an xã", False)


def test_a_village_that_took_over_one_village_whole_keeps_its_figures(commune: Area, village: Area) -> None:
    old = VillageFactory(parent=CommuneFactory(), valid_to=DAY)
    typed(old.parent, old)
    Succession.objects.create(predecessor=old, successor=village, on=DAY)

    assert denominators(unit=commune, day=LATER)[village.pk].households == 100
    typed(commune, village, LATER, households=90)
    assert denominators(unit=commune, day=LATER)[village.pk].households == 90


def test_two_steps_of_reorganisation_are_followed(commune: Area, village: Area) -> None:
    first, second = VillageFactory(parent=commune), VillageFactory(parent=commune)
    Succession.objects.create(predecessor=first, successor=second, on=DAY)
    Succession.objects.create(predecessor=second, successor=village, on=DAY)
    typed(commune, first)

    assert denominators(unit=commune, day=LATER)[village.pk].households == 100


@pytest.mark.parametrize("shape", ["merged", "split"])
def test_a_merged_or_split_village_waits_for_figures_of_its_own(commune: Area, village: Area, shape: str) -> None:
    old, other = VillageFactory(parent=commune, valid_to=DAY), VillageFactory(parent=commune)
    typed(commune, old)
    Succession.objects.create(predecessor=old, successor=village, on=DAY)
    if shape == "merged":
        Succession.objects.create(predecessor=other, successor=village, on=DAY)
    else:
        Succession.objects.create(predecessor=old, successor=other, on=DAY)

    assert village.pk not in denominators(unit=commune, day=LATER)


def test_a_complete_registry_counts_instead_of_typed_figures(commune: Area, village: Area, minority: Ethnicity) -> None:
    typed(commune, village)
    home(village, minority, None, None)
    home(village, None, None)
    complete(commune)

    counted = denominators(unit=commune, day=LATER)[village.pk]

    assert (counted.households, counted.population) == (2, 5)
    assert (counted.minority_households, counted.minority_population) == (1, 1)
    assert (counted.cut_off, counted.source, counted.is_counted) == (LATER, FROM_REGISTRY, True)


def test_before_the_day_of_the_setting_typed_figures_still_count(commune: Area, village: Area) -> None:
    typed(commune, village, datetime.date(2024, 1, 1))
    complete(commune)

    assert denominators(unit=commune, day=DAY - datetime.timedelta(days=1))[village.pk].households == 100
    assert denominators(unit=commune, day=DAY)[village.pk].households == 0


@pytest.mark.parametrize(
    ("basis", "households"), [(MinorityBasis.HEAD, 1), (MinorityBasis.MAJORITY, 2), (MinorityBasis.ANY, 3)]
)
def test_an_ethnic_minority_household_is_what_the_unit_says(
    commune: Area, village: Area, minority: Ethnicity, basis: MinorityBasis, households: int
) -> None:
    home(village, minority, minority)  # head and majority
    home(village, None, minority, minority)  # majority without the head
    home(village, None, minority)  # half is not more than half
    complete(commune, basis)

    assert minority_basis(unit=commune, day=LATER) == basis
    assert denominators(unit=commune, day=LATER)[village.pk].minority_households == households


def test_the_registry_is_read_as_it_was_on_the_day(commune: Area, village: Area) -> None:
    other = VillageFactory(parent=commune)
    closed = home(village, None, closed_on=LATER, closed_because=HouseholdClosed.MOVED_OUT)
    home(village, None, closed_on=LATER, closed_because=HouseholdClosed.MISTAKE)
    home(village, None, opened=LATER)
    moved = home(other, None, None)
    HouseholdChange.objects.create(
        unit=commune, household=moved, kind=ChangeKind.MOVED, on=LATER, from_village=village, to_village=other
    )
    Member.objects.filter(household=moved, relation=Relation.CHILD).update(left_on=LATER, left_because=MemberLeft.DIED)
    complete(commune)

    before = denominators(unit=commune, day=LATER - datetime.timedelta(days=1))
    after = denominators(unit=commune, day=LATER)

    assert (before[village.pk].households, before[village.pk].population) == (2, 3)
    assert before[other.pk].households == 0
    assert (after[village.pk].households, after[other.pk].population) == (1, 1)
    assert closed.pk


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("is_complete", [False, True])
def test_counts_take_the_same_queries_for_one_and_three_villages(
    commune: Area, count: int, is_complete: bool, django_assert_num_queries: Any
) -> None:
    for place in VillageFactory.create_batch(count, parent=commune):
        typed(commune, place)
        home(place, None, None)
    if is_complete:
        complete(commune)

    with django_assert_num_queries(
        3 if is_complete else 1
    ):  # villages with their figures; or households and persons after them
        assert len(denominators(unit=commune, day=LATER)) == count


def test_a_count_unknown_for_one_village_is_unknown_for_the_unit(commune: Area, village: Area) -> None:
    typed(commune, village)
    typed(commune, VillageFactory(parent=commune), minority_population=None)

    sums = together(denominators(unit=commune, day=DAY).values())

    assert (sums["households"], sums["minority_population"]) == (200, None)
    assert together([])["households"] is None


def test_nothing_chosen_is_by_the_head_and_from_typed_figures(commune: Area) -> None:
    assert minority_basis(unit=commune, day=DAY) == MinorityBasis.HEAD
    assert registry_setting(unit=commune, day=DAY) is None


def test_what_the_registry_holds_is_told_before_it_counts(commune: Area, village: Area) -> None:
    home(village, None, None)

    assert registry_totals(unit=commune, day=LATER)["population"] == 2


def test_cut_offs_are_listed_newest_first(commune: Area, village: Area) -> None:
    typed(commune, village)
    typed(commune, village, LATER, households=110)

    assert [(day.day, day.households, day.villages) for day in cut_offs(typed_counts(unit=commune))] == [
        (LATER, 110, 1),
        (DAY, 100, 1),
    ]


def test_every_impossible_count_is_named_at_once(commune: Area, village: Area) -> None:
    second = VillageFactory(parent=commune)
    rows = {
        village.pk: {"households": 10, "population": 9, "minority_households": 11, "minority_population": 12},
        second.pk: {"households": None, "population": 5},
    }

    with pytest.raises(ValidationError) as refused:
        counts_set(by=None, unit=commune, cut_off=DAY, source="", rows=rows)

    assert refused.value.message_dict == {
        "source": ["Chưa ghi nguồn số liệu."],
        f"{village.pk}.population": ["Nhân khẩu (9) ít hơn số hộ (10)."],
        f"{village.pk}.minority_households": ["Số hộ dân tộc thiểu số (11) nhiều hơn tổng số hộ (10)."],
        f"{village.pk}.minority_population": ["Số khẩu dân tộc thiểu số (12) nhiều hơn nhân khẩu (9)."],
        f"{second.pk}.households": ["Chưa ghi tổng số hộ."],
    }
    assert not VillageCount.objects.exists()


def test_figures_of_tomorrow_are_refused(commune: Area, village: Area) -> None:
    with pytest.raises(ValidationError, match="không được sau hôm nay"):
        typed(commune, village, datetime.date(2999, 1, 1))


def test_a_village_of_another_unit_and_its_paper_are_refused(commune: Area) -> None:
    foreign = VillageFactory()
    paper = PaperFactory(unit=foreign.parent)

    with pytest.raises(ValidationError) as refused:
        counts_set(by=None, unit=commune, cut_off=DAY, source="x", paper=paper, rows={foreign.pk: FOUR})

    assert refused.value.message_dict == {
        "paper": ["Văn bản này của đơn vị khác."],
        f"{foreign.pk}.households": ["Ngày 01/09/2024 đơn vị không có thôn này."],
    }


def test_only_who_enters_writes_counts(commune: Area, village: Area, leader: User) -> None:
    common = {"by": leader, "unit": commune}
    with pytest.raises(PermissionDenied):
        counts_set(**common, cut_off=DAY, source="x", rows={village.pk: FOUR})
    with pytest.raises(PermissionDenied):
        counts_remove(**common, cut_off=DAY, versions={})
    with pytest.raises(PermissionDenied):
        registry_setting_set(**common, minority_basis="head", is_complete=True, valid_from=DAY)


def test_two_people_who_type_one_cell_do_not_overwrite_each_other(commune: Area, village: Area, officer: User) -> None:
    row = typed(commune, village)
    typed(commune, village, households=101)

    with pytest.raises(EditConflict) as conflict:
        counts_set(
            by=officer,
            unit=commune,
            cut_off=DAY,
            source="Công an xã",
            rows={village.pk: FOUR | {"households": 102}},
            versions={village.pk: row.version},
        )

    assert [(field.name, field.theirs, field.mine) for field in conflict.value.fields] == [("households", 101, 102)]


def test_figures_typed_by_somebody_else_meanwhile_are_a_conflict(commune: Area, village: Area) -> None:
    typed(commune, village)

    with pytest.raises(EditConflict):
        counts_set(
            by=None, unit=commune, cut_off=DAY, source="x", rows={village.pk: FOUR | {"households": 77}}, versions={}
        )


def test_four_empty_cells_take_the_row_away(commune: Area, village: Area) -> None:
    row = typed(commune, village)

    counts_set(
        by=None, unit=commune, cut_off=DAY, source="x", rows={village.pk: {}}, versions={village.pk: row.version}
    )

    assert not VillageCount.objects.exists()


def test_a_mistyped_day_is_removed_whole(commune: Area, village: Area) -> None:
    row = typed(commune, village)

    assert counts_remove(by=None, unit=commune, cut_off=DAY, versions={village.pk: row.version}) == 1
    assert denominators(unit=commune, day=LATER) == {}


def test_a_day_changed_meanwhile_is_not_removed(commune: Area, village: Area) -> None:
    row = typed(commune, village)
    typed(commune, village, households=101)

    with pytest.raises(EditConflict):
        counts_remove(by=None, unit=commune, cut_off=DAY, versions={village.pk: row.version})
