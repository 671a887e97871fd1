"""Households follow their villages to a new unit."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from households.choices import ChangeKind
from households.models import Household, HouseholdChange, Member
from households.services import moves, registry
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild, unit_merge
from tests.factories import CommuneFactory, VillageFactory
from tests.households import build

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 6, 1)
EARLY = datetime.date(2019, 1, 1)
FUTURE = datetime.date(2199, 1, 1)


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def household(village: Area) -> Household:
    """Nguyễn Văn A, his wife, two children."""
    return build.household(village.parent, village)


# Following to a new unit


@pytest.fixture
def merger() -> tuple[Area, list[Area], Area]:
    """Two communes with one village each, and the commune they became on 01/07/2025."""
    old = [CommuneFactory(name="Cũ Một"), CommuneFactory(name="Cũ Hai")]
    villages = [VillageFactory(parent=unit, name=f"Làng {place}") for place, unit in enumerate(old)]
    for village in villages:
        build.household(village.parent, village, code="CHUNG-1")
    unit = unit_merge(
        by=None,
        units=old,
        from_day=datetime.date(2025, 7, 1),
        code=old[0].code,
        name="Mới",
        kind="xã",
        parent=old[0].parent,
    )
    reach_rebuild()
    return unit, villages, old[0]


def test_households_follow_their_village_and_keep_their_codes_unless_taken(merger: tuple) -> None:
    unit, old, _ = merger
    new = list(Area.objects.villages_of(unit))
    pairs = dict(zip(old, new, strict=True))
    on = datetime.date(2025, 7, 1)

    assert moves.households_follow(by=None, unit=unit, villages=pairs, on=on) == 2

    households = list(Household.objects.order_by("pk"))
    assert [household.village for household in households] == new
    assert {household.unit for household in households} == {unit}
    assert sorted(household.code for household in households) == sorted(["CHUNG-1", f"{unit.code}-0001"])
    assert set(Member.objects.values_list("unit", flat=True)) == {unit.pk}
    lines = HouseholdChange.objects.filter(kind=ChangeKind.REORGANISED).order_by("household")
    assert [(line.from_village, line.to_village) for line in lines] == list(pairs.items())
    assert moves.households_follow(by=None, unit=unit, villages=pairs, on=on) == 0


def test_a_closed_household_stays_where_it_was(merger: tuple) -> None:
    unit, old, before = merger
    household = Household.objects.get(village=old[0])
    registry.household_close(by=None, household=household, version=1, on=DAY, because="moved_out")
    new = list(Area.objects.villages_of(unit))
    on = datetime.date(2025, 7, 1)
    assert moves.households_follow(by=None, unit=unit, villages=dict(zip(old, new, strict=True)), on=on) == 1
    household.refresh_from_db()
    assert household.unit == before


def test_following_is_refused_in_words(merger: tuple, village: Area) -> None:
    unit, old, _ = merger
    new = Area.objects.villages_of(unit)[0]
    on = datetime.date(2025, 7, 1)
    for pairs, day, sentence in (
        ({village: new}, on, f"{village.title} không thuộc đơn vị nào đã sáp nhập vào {unit}."),
        ({new: new}, on, f"{new.title} không thuộc đơn vị nào đã sáp nhập vào {unit}."),
        ({old[0]: village}, on, f"{village.title} không thuộc {unit}."),
        ({old[0]: new}, EARLY, "Ngày 01/01/2019 trước ngày bắt đầu theo dõi hộ CHUNG-1."),
        ({old[0]: new}, FUTURE, "Ngày 01/01/2199 ở tương lai."),
    ):
        with pytest.raises(ValidationError, match=sentence):
            moves.households_follow(by=None, unit=unit, villages=pairs, on=day)
