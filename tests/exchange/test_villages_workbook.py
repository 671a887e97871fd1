"""The villages of a unit by workbook."""

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
