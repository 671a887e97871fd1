"""The villages of a unit by workbook."""

import datetime
import io
from typing import Any

import pytest

from povertyplan.areas.models import Area
from povertyplan.exchange.cells import WorkbookRefused
from povertyplan.exchange.kinds import UnknownKind, kind_of
from povertyplan.exchange.services import workbook_write
from povertyplan.exchange.writer import export
from povertyplan.villages.resources import VillageResource
from povertyplan.villages.services import village_update
from tests.exchange.books import book
from tests.factories import ProvinceFactory, VillageFactory

YEAR = 2026
pytestmark = pytest.mark.django_db


def write(commune: Area, file: io.BytesIO) -> Any:
    kind = kind_of("villages", unit=commune)
    return workbook_write(by=None, kind=kind, unit=commune, year=YEAR, file=file)


def villages(commune: Area) -> list[tuple[str, str]]:
    return [(str(village), village.setting) for village in Area.objects.villages_of(commune)]


def test_new_villages_come_in_the_order_of_the_sheet(commune: Area) -> None:
    rows = [("Thượng", "làng", ""), ("Hạ", "", "Thành thị"), ("tổ dân phố 3", "tổ dân phố", None)]
    checked = write(commune, book(rows, headers=("Thôn", "Loại", "Khu vực")))
    assert (checked.counts["new"], checked.errors) == (3, [])
    assert villages(commune) == [("làng Thượng", "rural"), ("thôn Hạ", "urban"), ("tổ dân phố 3", "rural")]


def test_what_is_exported_comes_back_unchanged(commune: Area) -> None:
    VillageFactory(parent=commune, name="Thượng", kind="làng", setting="rural")
    kind = kind_of("villages", unit=commune)
    content = export(kind, kind.resource(unit=commune, year=YEAR, by=None))
    assert write(commune, io.BytesIO(content)).counts == {"rows": 1, "new": 0, "changed": 0, "unchanged": 1}


def test_a_first_list_is_of_the_day_of_the_unit_and_says_so(commune: Area) -> None:
    checked = write(commune, book([("Thượng",), ("Hạ",)], headers=("Thôn",)))
    day = f"{commune.valid_from:%d/%m/%Y}"
    assert checked.notes == [f"Lập 2 thôn mới, có từ ngày {day}. Ngày khác thì sửa ở trang «Thôn» sau khi ghi."]
    assert {village.valid_from for village in Area.objects.villages_of(commune)} == {commune.valid_from}


def test_a_list_may_be_no_more_than_names(commune: Area) -> None:
    checked = write(commune, book([("Thượng",), ("Hạ",)], headers=("Thôn",)))
    assert (checked.counts["new"], checked.errors) == (2, [])
    assert villages(commune) == [("thôn Thượng", "rural"), ("thôn Hạ", "rural")]


def test_a_village_that_a_later_file_adds_did_not_exist_before_its_year(commune: Area) -> None:
    VillageFactory(parent=commune, name="Thượng")
    checked = write(commune, book([("Thượng",), ("Mới",)], headers=("Thôn",)))
    assert checked.notes == [f"Lập 1 thôn mới, có từ ngày 01/01/{YEAR}. Ngày khác thì sửa ở trang «Thôn» sau khi ghi."]
    assert Area.objects.villages_of(commune).get(name="Mới").valid_from == datetime.date(YEAR, 1, 1)


def test_nor_before_its_unit(commune: Area) -> None:
    Area.objects.filter(pk=commune.pk).update(valid_from=datetime.date(YEAR, 7, 1))
    commune.refresh_from_db()
    VillageFactory(parent=commune, name="Thượng", valid_from=commune.valid_from)
    write(commune, book([("Thượng",), ("Mới",)], headers=("Thôn",)))
    assert Area.objects.villages_of(commune).get(name="Mới").valid_from == commune.valid_from


def test_a_file_of_another_table_is_named_as_people_call_it(commune: Area) -> None:
    kind = kind_of("targets", unit=commune)
    content = export(kind, kind.resource(unit=commune, year=YEAR, by=None))
    with pytest.raises(WorkbookRefused) as refusal:
        write(commune, io.BytesIO(content))
    assert str(refusal.value) == "Tệp này ghi bảng «Chỉ tiêu giảm nghèo từng thôn», không phải «Danh sách thôn»."


@pytest.mark.parametrize(("row", "cell"), [(("#REF!", "thôn"), "A2"), (("Hạ", "#N/A"), "B2")])
def test_a_formula_that_went_wrong_is_refused_at_its_cell(commune: Area, row: tuple[str, str], cell: str) -> None:
    (error,) = write(commune, book([row], headers=("Thôn", "Loại"))).errors
    assert (error.cell, "Công thức trong ô bị lỗi #" in error.message) == (cell, True)


def test_a_kind_is_corrected_and_who_is_left_out_stays(commune: Area) -> None:
    for name in ("Thượng", "Hạ"):
        VillageFactory(parent=commune, name=name)
    rows = [("THƯỢNG", "buôn", None), ("Hạ", "", None)]
    checked = write(commune, book(rows, headers=("Tên thôn", "Loại", "Khu vực")))
    assert (checked.counts["changed"], checked.counts["unchanged"], checked.errors) == (1, 1, [])
    assert sorted(name for name, _ in villages(commune)) == ["buôn Thượng", "thôn Hạ"]


def test_every_bad_line_is_named_at_its_cell(commune: Area) -> None:
    rows = [("Thượng", "phố"), ("Thượng", "thôn"), ("", "làng"), ("Th«n §«ng", "thôn"), ("Hạ", "thôn")]
    found = [(error.cell, error.message) for error in write(commune, book(rows, headers=("Thôn", "Loại"))).errors]
    assert sorted(cell for cell, _ in found) == ["A3", "A4", "A5", "B2"]
    assert not Area.objects.villages_of(commune).exists()


def test_a_village_that_somebody_corrected_meanwhile_is_said_not_overwritten(
    commune: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = VillageFactory(parent=commune, name="Thượng")
    read = VillageResource.key_of

    def and_meanwhile(resource: VillageResource, row: Any) -> str:
        village_update(by=None, village=village, version=village.version, kind="làng")
        return read(resource, row)

    monkeypatch.setattr(VillageResource, "key_of", and_meanwhile)
    (error,) = write(commune, book([("Thượng", "buôn")], headers=("Thôn", "Loại"))).errors
    assert "vừa được" in error.message


def test_a_sheet_without_names_is_no_list_of_villages(commune: Area) -> None:
    with pytest.raises(WorkbookRefused, match="Thiếu cột: Thôn"):
        write(commune, book([("làng",)], headers=("Loại",)))


def test_a_province_has_no_villages() -> None:
    with pytest.raises(UnknownKind, match="không dùng cho"):
        kind_of("villages", unit=ProvinceFactory())
