"""The pages of score sheets: loaded, shown, put to use, taken out of it."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from households.models import ScoreSheet
from households.resources import read_sheet
from households.rules.scoring import SheetItem
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from povertyplan.papers.choices import Certainty
from tests.factories import PaperFactory, user_with
from tests.households.build import standard
from tests.households.sheet_books import B1, GOOD, ITEMS, activate, add, found_for, workbook


def address(name: str, unit: Area, **rest: Any) -> str:
    return reverse(f"law:{name}", kwargs={"code": unit.code, "year": 2026} | rest)


@pytest.fixture
def admin_client(commune: Area) -> Client:
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR, commune.parent))
    return client


def typed(file: io.BytesIO, name: str = "bang.xlsx") -> dict[str, Any]:
    return {
        "place": "province",
        "standard": standard().pk,
        "purpose": "b1",
        "setting": "",
        "name": "Bảng bịa",
        "valid_from": "01/09/2026",
        "file": SimpleUploadedFile(name, file.read()),
    }


def test_a_workbook_is_loaded_shown_and_put_to_use(admin_client: Client, commune: Area) -> None:
    assert admin_client.post(address("sheet-add", commune), typed(workbook(*GOOD))).status_code == 302
    sheet = ScoreSheet.objects.get()
    assert (sheet.area, sheet.is_active) == (commune.parent, False)
    page = admin_client.get(address("sheet", commune, pk=sheet.pk)).content.decode()
    assert "Mái nhà" in page
    assert "Đưa vào dùng" in page

    answer = admin_client.post(
        address("sheet-activate", commune, pk=sheet.pk), {"version": sheet.version, "valid_from": "01/09/2026"}
    )

    assert answer.status_code == 302
    assert found_for(commune) == sheet


def test_errors_of_the_workbook_stand_on_the_form(admin_client: Client, commune: Area) -> None:
    answer = admin_client.post(address("sheet-add", commune), typed(workbook(["1", "", "", "đếm", "A", "x"])))
    assert answer.status_code == 422
    assert "C2: Chưa ghi câu hỏi." in answer.content.decode()
    assert not ScoreSheet.objects.exists()


def test_another_kind_of_file_is_refused(admin_client: Client, commune: Area) -> None:
    answer = admin_client.post(address("sheet-add", commune), typed(workbook(*GOOD), name="bang.xls"))
    assert "Chọn tệp Excel có đuôi .xlsx." in answer.content.decode()


def test_a_reader_sees_the_sheet_and_no_buttons(officer_client: Client, commune: Area) -> None:
    sheet = add()
    page = officer_client.get(address("sheet", commune, pk=sheet.pk)).content.decode()
    assert "Đưa vào dùng" not in page
    for name in ("sheet-activate", "sheet-deactivate", "sheet-remove"):
        assert officer_client.post(address(name, commune, pk=sheet.pk)).status_code == 403


def test_bounds_are_shown_as_exact_as_they_were_loaded(officer_client: Client, commune: Area) -> None:
    sheet = add(items=read_sheet(workbook(*GOOD), purpose=B1))
    page = officer_client.get(address("sheet", commune, pk=sheet.pk)).content.decode()
    assert 'data-label="Từ">0,51<' in page
    assert 'data-label="Đến">5<' in page


@pytest.mark.parametrize("source", ["", "Phụ lục IV"])
def test_a_sheet_is_compared_only_with_a_paper_and_a_place_in_it(db: None, source: str) -> None:
    paper = PaperFactory(unit=None)
    assert add(source="Phụ lục IV").certainty == Certainty.UNCHECKED
    assert (add(paper=paper, source=source).certainty == Certainty.CHECKED) is bool(source)


def test_taking_out_of_use_and_removing_go_through_their_pages(admin_client: Client, commune: Area) -> None:
    sheet = activate(add(area=commune.parent))
    for name in ("sheet-deactivate", "sheet-remove"):
        sheet.refresh_from_db()
        url = address(name, commune, pk=sheet.pk)
        assert admin_client.get(url).status_code == 200
        assert admin_client.post(url, {"version": sheet.version}).status_code == 302
    assert not ScoreSheet.objects.exists()


def test_the_empty_workbook_is_downloaded(admin_client: Client, commune: Area) -> None:
    answer = admin_client.get(address("sheet-template", commune))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.content[:2] == b"PK"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_three(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        add()
    with django_assert_num_queries(8):
        officer_client.get(address("sheets", commune))


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_asks_the_same_questions_for_one_and_three(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    items = [SheetItem(code=str(n), label="Câu", kind="single", options=ITEMS[0].options) for n in range(count)]
    sheet = add(items=items)
    with django_assert_num_queries(11):
        officer_client.get(address("sheet", commune, pk=sheet.pk))
