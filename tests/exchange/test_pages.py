"""Workbooks in the browser: brought in, looked at, written; or left."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.exchange.choices import UploadState
from povertyplan.exchange.models import Upload
from targets.models import TargetRow
from targets.services.tables import plan_open, row_set
from tests.exchange.books import book, cells, staged
from tests.factories import VillageFactory

YEAR = 2026
ROWS = [("Thượng", 120, 500, 20, 10, 122, 5, 3), ("Hạ", 1080, None, 12, 8, None, 2, 0)]


@pytest.fixture
def village(commune: Area) -> Area:
    village = VillageFactory(parent=commune, name="Thượng")
    VillageFactory(parent=commune, name="Hạ")
    return village


def address(commune: Area, view: str, **kwargs: object) -> str:
    return reverse(f"exchange:{view}", kwargs={"code": commune.code, "year": YEAR, **kwargs})


def bring(client: Client, commune: Area, content: bytes, name: str = "bảng của tôi.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post(address(commune, "add", kind="targets"), {"file": file})


def fingerprint(client: Client, commune: Area, upload: Upload) -> str:
    return client.get(address(commune, "upload", pk=upload.pk)).context["checked"].fingerprint


def test_a_workbook_is_looked_at_and_then_written(officer_client: Client, commune: Area, village: Area) -> None:
    answer = bring(officer_client, commune, book(ROWS).getvalue())
    upload = Upload.objects.get()
    assert answer["Location"] == address(commune, "upload", pk=upload.pk)
    page = officer_client.get(answer["Location"])
    text = page.content.decode()
    assert "Ghi 2 dòng" in text
    assert "1.080" in text
    assert not TargetRow.objects.exists()

    written = officer_client.post(answer["Location"], {"fingerprint": page.context["checked"].fingerprint}, follow=True)
    assert "Đã ghi từ tệp bảng của tôi.xlsx: 2 dòng mới, 0 dòng thay đổi." in written.content.decode()
    assert TargetRow.objects.get(place=village).households == 120
    upload.refresh_from_db()
    assert (upload.state, upload.new, bool(upload.file)) == (UploadState.WRITTEN, 2, True)
    again = officer_client.post(answer["Location"], {"fingerprint": "x"})
    assert "Đã ghi lúc" in again.content.decode()


def test_old_and_new_stand_side_by_side(officer_client: Client, commune: Area, village: Area, officer: User) -> None:
    plan = plan_open(by=None, unit=commune, year=YEAR)
    row_set(by=None, plan=plan, place=village, households=110, poor_households=20)
    upload = staged(by=officer, unit=commune, year=YEAR, rows=ROWS[:1])
    page = officer_client.get(address(commune, "upload", pk=upload.pk))
    (row,) = page.context["rows"]
    assert [(change.header, change.texts) for change in row.changes][:2] == [
        ("Tổng số hộ", ("110", "120")),
        ("Nhân khẩu", ("", "500")),
    ]


def test_what_changed_meanwhile_is_shown_again_and_nothing_is_written(
    officer_client: Client, commune: Area, village: Area, officer: User
) -> None:
    plan = plan_open(by=None, unit=commune, year=YEAR)
    upload = staged(by=officer, unit=commune, year=YEAR, rows=ROWS[:1])
    seen = fingerprint(officer_client, commune, upload)
    row_set(by=None, plan=plan, place=village, households=90)
    answer = officer_client.post(address(commune, "upload", pk=upload.pk), {"fingerprint": seen})
    assert answer.status_code == 409
    assert "vừa thay đổi nên chưa ghi gì" in answer.content.decode()
    assert TargetRow.objects.get(place=village).households == 90


def test_errors_stand_with_their_cells_and_there_is_no_button(
    officer_client: Client, commune: Area, village: Area, officer: User
) -> None:
    upload = staged(by=officer, unit=commune, year=YEAR, rows=[("Thượng", "nhiều", 500, 1, 1, None, 0, 0)])
    page = officer_client.get(address(commune, "upload", pk=upload.pk))
    text = page.content.decode()
    assert '<th scope="row">B2</th>' in text
    assert "không phải số nguyên" in text
    assert not page.context["can_write"]
    answer = officer_client.post(
        address(commune, "upload", pk=upload.pk), {"fingerprint": page.context["checked"].fingerprint}
    )
    assert answer.status_code == 422
    assert not TargetRow.objects.exists()


def test_what_is_no_workbook_is_refused_at_once(officer_client: Client, commune: Area) -> None:
    answer = bring(officer_client, commune, b"not a workbook")
    assert answer.status_code == 422
    assert "Không đọc được tệp" in answer.content.decode()
    assert officer_client.post(address(commune, "add", kind="targets")).status_code == 422
    assert not Upload.objects.exists()


def test_a_dropped_workbook_goes_with_its_file(
    officer_client: Client, commune: Area, officer: User, django_capture_on_commit_callbacks
) -> None:
    upload = staged(by=officer, unit=commune, year=YEAR)
    name, storage = upload.file.name, upload.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        officer_client.post(address(commune, "drop", pk=upload.pk))
    upload.refresh_from_db()
    assert (upload.state, storage.exists(name)) == (UploadState.DROPPED, False)
    assert "đã bỏ" in officer_client.post(address(commune, "drop", pk=upload.pk), follow=True).content.decode()


def test_the_files_that_are_given_out(officer_client: Client, commune: Area, village: Area) -> None:
    answer = officer_client.get(address(commune, "template", kind="villages"))
    assert answer["Content-Disposition"] == f'attachment; filename="mau-danh-sach-thon-{commune.code}-{YEAR}.xlsx"'
    assert cells(answer.content, "Thôn")[1][:2] == ["Thượng", "thôn"]
    assert officer_client.get(address(commune, "export", kind="nothing")).status_code == 404


def test_a_file_that_was_not_written_is_not_said_to_be_ready(
    officer_client: Client, commune: Area, village: Area, officer: User
) -> None:
    staged(by=officer, unit=commune, year=YEAR, rows=[("Thượng", "nhiều", 500, 1, 1, None, 0, 0)])
    text = officer_client.get(address(commune, "index")).content.decode()
    assert "Chưa ghi, mở tệp để xem" in text
    assert "Chờ ghi" not in text


def test_the_list_tells_the_form_from_what_is_stored(officer_client: Client, commune: Area) -> None:
    text = officer_client.get(address(commune, "index")).content.decode()
    assert "để điền tiếp rồi nạp" in text
    assert reverse("reports:index", kwargs={"code": commune.code, "year": YEAR}) in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries(
    officer_client: Client, commune: Area, officer: User, count: int, django_assert_num_queries
) -> None:
    for _ in range(count):
        staged(by=officer, unit=commune, year=YEAR)
    with django_assert_num_queries(7):
        answer = officer_client.get(address(commune, "index"))
    assert len(answer.context["uploads"]) == count
