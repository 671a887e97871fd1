"""What a sheet leaves blank or out is kept and told in the browser; forgotten where a person or a command says so."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.exchange.choices import UploadState
from povertyplan.exchange.kinds import kind_of
from povertyplan.exchange.models import Upload
from povertyplan.exchange.services import workbook_try, workbook_write
from targets.models import TargetRow
from targets.services.tables import plan_open, row_set
from tests.exchange.books import book, staged
from tests.factories import VillageFactory

YEAR = 2026
STORED = {
    "households": 120,
    "population": 500,
    "poor_households": 20,
    "near_poor_households": 10,
    "expected_households": 122,
    "poor_reduction": 5,
    "near_poor_reduction": 3,
}


@pytest.fixture
def village(commune: Area) -> Area:
    """The first of two villages, both with all their figures."""
    plan = plan_open(by=None, unit=commune, year=YEAR)
    made = [VillageFactory(parent=commune, name=name) for name in ("Thượng", "Hạ")]
    for village in made:
        row_set(by=None, plan=plan, place=village, **STORED)
    return made[0]


def half_filled(officer: User, commune: Area) -> Upload:
    """«Thượng» has more households, and its people and reduction are blank; «Hạ» has only blanks."""
    rows = [("Thượng", 130, None, 20, 10, 122, None, 3), ("Hạ", 120, None, 20, 10, 122, 5, 3)]
    return staged(by=officer, unit=commune, year=YEAR, rows=rows)


def page_of(client: Client, upload: Upload) -> Any:
    return client.get(address(upload))


def address(upload: Upload) -> str:
    return reverse("exchange:upload", kwargs={"code": upload.unit.code, "year": YEAR, "pk": upload.pk})


def press(client: Client, upload: Upload, **chosen: str) -> Any:
    fingerprint = page_of(client, upload).context["checked"].fingerprint
    return client.post(address(upload), {"fingerprint": fingerprint, **chosen}, follow=True)


def figures(name: str) -> tuple[int | None, ...]:
    return TargetRow.objects.values_list("households", "population", "poor_reduction").get(place__name=name)


def test_cells_that_the_file_leaves_blank_are_counted_and_marked(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    text = page_of(officer_client, half_filled(officer, commune)).content.decode()
    assert "3 ô đang có số mà tệp để trống" in text
    assert text.count("</span>để trống</span>") == 3
    assert "Tôi muốn để trống các ô này (3 ô)" in text


def test_blank_cells_keep_what_is_stored_where_nobody_chose_to_empty_them(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    answer = press(officer_client, half_filled(officer, commune))
    assert "0 dòng mới, 1 dòng thay đổi" in answer.content.decode()
    assert [figures("Thượng"), figures("Hạ")] == [(130, 500, 5), (120, 500, 5)]


def test_blank_cells_are_emptied_by_who_chose_that(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    answer = press(officer_client, half_filled(officer, commune), is_emptying="on")
    assert "0 dòng mới, 2 dòng thay đổi" in answer.content.decode()
    assert [figures("Thượng"), figures("Hạ")] == [(130, None, None), (120, None, 5)]


def test_nothing_but_blanks_that_are_kept_is_nothing_to_write(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    upload = staged(by=officer, unit=commune, year=YEAR, rows=[("Thượng", 120, None, 20, 10, 122, 5, 3)])
    answer = press(officer_client, upload)
    assert (answer.status_code, "Chưa ghi gì" in answer.content.decode()) == (422, True)
    upload.refresh_from_db()
    assert (upload.state, figures("Thượng")) == (UploadState.WAITING, (120, 500, 5))


def test_what_is_refused_with_stored_numbers_can_still_be_emptied(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    """Fifteen households cannot hold the twenty poor that are stored; blank they may."""
    rows = [("Thượng", 15, None, None, None, None, None, None)]
    upload = staged(by=officer, unit=commune, year=YEAR, rows=rows)
    page = page_of(officer_client, upload)
    assert [error.cell for error in page.context["errors"]]
    assert page.context["can_write"]
    assert press(officer_client, upload).status_code == 422
    assert figures("Thượng") == (120, 500, 5)
    press(officer_client, upload, is_emptying="on")
    assert figures("Thượng") == (15, None, None)


def test_a_file_without_blanks_asks_nothing(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    upload = staged(by=officer, unit=commune, year=YEAR, rows=[("Thượng", 130, 500, 20, 10, 122, 5, 3)])
    text = page_of(officer_client, upload).content.decode()
    assert "Ghi 1 dòng" in text
    assert "để trống" not in text


def test_a_stored_row_that_the_file_lacks_is_told_and_stays(commune: Area, village: Area) -> None:
    kind = kind_of("targets", unit=commune)
    checked = workbook_write(
        by=None, kind=kind, unit=commune, year=YEAR, file=book([("Thượng", 130, 500, 20, 10, 122, 5, 3)])
    )
    assert checked.notes == ["Thôn Hạ không có trong tệp, giữ số đã lưu."]
    assert figures("Hạ") == (120, 500, 5)


def test_a_stored_village_that_the_file_lacks_is_told_with_its_kind(
    officer_client: Client, commune: Area, officer: User, village: Area
) -> None:
    kind = kind_of("villages", unit=commune)
    checked = workbook_try(by=None, kind=kind, unit=commune, year=YEAR, file=book([("Hạ",)], headers=("Thôn",)))
    assert checked.notes == ["Thôn Thượng không có trong tệp, giữ số đã lưu."]


def test_errors_are_listed_as_the_sheet_is_read(commune: Area, village: Area) -> None:
    rows = [
        ("Thượng", 100, 300, 80, 30, None, 5, 3),
        ("Hạ", "nhiều", 300, 5, "ít", None, 1, 1),
        ("Lạ", 1, 1, 0, 0, None, 0, 0),
    ]
    checked = workbook_try(by=None, kind=kind_of("targets", unit=commune), unit=commune, year=YEAR, file=book(rows))
    assert [error.cell for error in checked.errors] == sorted(
        (error.cell for error in checked.errors), key=lambda cell: (cell[1:], cell[0])
    )
    assert {error.cell[1:] for error in checked.errors} == {"2", "3", "4"}
