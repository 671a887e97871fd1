"""Changes of the tree: rows end and others open, villages go over, scope follows."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from povertyplan.areas import services
from povertyplan.areas.choices import Flag, Setting
from povertyplan.areas.models import Area, Reach, Succession
from povertyplan.core.versions import EditConflict
from povertyplan.villages import services as village_services
from tests.factories import CommuneFactory, ProvinceFactory, VillageFactory

MERGER = datetime.date(2024, 7, 1)
DAY_BEFORE = datetime.date(2024, 6, 30)


def reached_by(area: Area) -> set[int]:
    return set(Reach.objects.filter(area=area).values_list("reached_id", flat=True))


def test_unit_create_writes_names_in_one_form(commune: Area) -> None:
    services.reach_rebuild()
    unit = services.unit_create(
        by=None,
        level="commune",
        code="12345",
        name="  Thu\u031b\u0309  Nghiệm ",
        kind="Phường",
        parent_code=commune.parent.code,
        valid_from=MERGER,
    )

    assert (unit.name, unit.kind, unit.setting, unit.parent) == ("Thử Nghiệm", "phường", Setting.URBAN, commune.parent)
    assert reached_by(commune.parent) >= {unit.pk}


def test_unit_create_starts_on_the_first_of_january_where_no_day_is_given(db: None) -> None:
    unit = services.unit_create(by=None, level="province", code="97", name="Thử", kind="tỉnh")

    assert (unit.valid_from.month, unit.valid_from.day) == (1, 1)


def test_one_code_has_one_bearer_at_a_time(commune: Area) -> None:
    with pytest.raises(ValidationError, match="Mã này đã thuộc một đơn vị khác trong cùng thời gian"):
        services.unit_create(by=None, level="commune", code=commune.code, name="Khác", kind="xã", valid_from=MERGER)


def test_the_database_itself_refuses_a_second_bearer(commune: Area) -> None:
    with pytest.raises(IntegrityError, match="area_one_bearer_of_a_code"), transaction.atomic():
        CommuneFactory(code=commune.code, parent=commune.parent)


def test_the_database_itself_refuses_two_villages_of_a_name(commune: Area) -> None:
    VillageFactory(parent=commune, name="Xóm Mới")

    with pytest.raises(IntegrityError, match="area_one_village_of_a_name"), transaction.atomic():
        VillageFactory(parent=commune, name="Xóm Mới")


def test_a_renamed_unit_is_another_row_with_the_same_villages(commune: Area) -> None:
    village = village_services.village_add(by=None, unit=commune, name="Xóm Mới", kind="xóm")

    renamed = services.unit_rename(by=None, unit=commune, from_day=MERGER, name="Tên Mới")

    commune.refresh_from_db()
    assert (commune.valid_to, renamed.valid_from, renamed.code) == (DAY_BEFORE, MERGER, commune.code)
    carried = Area.objects.villages_of(renamed).get()
    assert (carried.name, carried.kind) == (village.name, village.kind)
    assert reached_by(renamed) == {renamed.pk, commune.pk, village.pk, carried.pk}


def test_a_merger_ends_the_units_and_takes_over_their_villages_in_order(commune: Area) -> None:
    other = CommuneFactory(parent=commune.parent)
    village_services.villages_add(by=None, unit=commune, names=["Một", "Hai"], kind="thôn")
    village_services.villages_add(by=None, unit=other, names=["Ba"], kind="làng")

    merged = services.unit_merge(
        by=None,
        units=[commune, other],
        from_day=MERGER,
        code=commune.code,
        name="Chung",
        kind="xã",
        parent=commune.parent,
    )

    assert list(Area.objects.villages_of(merged).values_list("name", "kind")) == [
        ("Một", "thôn"),
        ("Hai", "thôn"),
        ("Ba", "làng"),
    ]
    assert Succession.objects.filter(successor=merged).count() == 2
    assert {commune.pk, other.pk} < reached_by(merged)
    assert merged.pk not in reached_by(commune)


def test_a_merger_needs_villages_of_one_name_told_apart(commune: Area) -> None:
    other = CommuneFactory(parent=commune.parent)
    village_services.village_add(by=None, unit=commune, name="Một")
    twin = village_services.village_add(by=None, unit=other, name="Một")
    merger = {"units": [commune, other], "from_day": MERGER, "code": commune.code, "name": "Chung", "kind": "xã"}

    with pytest.raises(ValidationError, match="Đơn vị đã có thôn tên này"):
        services.unit_merge(by=None, parent=commune.parent, **merger)
    for unit in (commune, other):
        unit.refresh_from_db()
    merged = services.unit_merge(by=None, parent=commune.parent, village_names={twin.pk: "Một Đông"}, **merger)

    assert list(Area.objects.villages_of(merged).values_list("name", flat=True)) == ["Một", "Một Đông"]


def test_villages_are_added_at_the_end_or_not_at_all(commune: Area) -> None:
    services.reach_rebuild()
    village_services.villages_add(by=None, unit=commune, names=["Một", "Hai"], kind="thôn")

    with pytest.raises(ValidationError, match="Hai: Đơn vị đã có thôn tên này"):
        village_services.villages_add(by=None, unit=commune, names=["Ba", "Hai"], kind="thôn")
    added = village_services.villages_add(by=None, unit=commune, names=["Ba"], kind="ấp")

    assert list(Area.objects.villages_of(commune).values_list("name", "position")) == [
        ("Một", 1),
        ("Hai", 2),
        ("Ba", 3),
    ]
    assert (added[0].valid_from, added[0].setting) == (commune.valid_from, commune.setting)
    assert added[0].pk in reached_by(commune.parent)


def test_a_kind_of_another_level_is_refused(commune: Area) -> None:
    with pytest.raises(ValidationError, match="Loại «xã» không hợp với cấp thôn"):
        village_services.village_add(by=None, unit=commune, name="Một", kind="xã")


def test_two_corrections_of_one_name_conflict(commune: Area) -> None:
    village = village_services.village_add(by=None, unit=commune, name="Một")
    village_services.village_update(by=None, village=village, version=village.version, name="Một A")

    with pytest.raises(EditConflict):
        village_services.village_update(by=None, village=village, version=village.version, name="Một B")


def test_a_village_moves_among_those_of_the_year(commune: Area) -> None:
    first, second, third = village_services.villages_add(by=None, unit=commune, names=["Một", "Hai", "Ba"], kind="thôn")
    village_services.village_end(by=None, village=second, version=second.version, last_day=DAY_BEFORE)

    village_services.village_move(by=None, village=third, step=-1, year=2026)
    village_services.village_move(by=None, village=third, step=-1, year=2026)

    assert list(Area.objects.villages_of(commune).valid_in_year(2026)) == [third, first]
    assert list(Area.objects.villages_of(commune).values_list("position", flat=True)) == [1, 2, 3]


def test_a_village_cannot_end_before_it_began(commune: Area) -> None:
    village = village_services.village_add(by=None, unit=commune, name="Một", valid_from=MERGER)

    with pytest.raises(ValidationError, match="Ngày cuối không được trước ngày đầu"):
        village_services.village_end(by=None, village=village, version=village.version, last_day=DAY_BEFORE)


def test_ending_a_unit_ends_its_villages(commune: Area) -> None:
    village = village_services.village_add(by=None, unit=commune, name="Một")

    services.unit_end(by=None, unit=commune, last_day=DAY_BEFORE)

    village.refresh_from_db()
    assert village.valid_to == DAY_BEFORE


def test_a_status_holds_once_at_a_time(commune: Area) -> None:
    services.flag_set(by=None, area=commune, flag=Flag.REGION_CLASS, value="III", valid_from=MERGER)

    with pytest.raises(ValidationError, match="Tình trạng này đã có trong cùng thời gian"):
        services.flag_set(by=None, area=commune, flag=Flag.REGION_CLASS, value="II", valid_from=MERGER)


def test_extending_the_reach_is_what_rebuilding_gives(commune: Area) -> None:
    ProvinceFactory()
    services.reach_rebuild()
    village_services.village_add(by=None, unit=commune, name="Một")
    extended = set(Reach.objects.values_list("area_id", "reached_id"))

    services.reach_rebuild()

    assert set(Reach.objects.values_list("area_id", "reached_id")) == extended


def test_rebuilding_drops_what_no_longer_holds(commune: Area) -> None:
    stray = Reach.objects.create(area=commune, reached=ProvinceFactory())

    services.reach_rebuild()

    assert not Reach.objects.filter(pk=stray.pk).exists()
    assert reached_by(commune) == {commune.pk}
