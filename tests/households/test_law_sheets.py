"""Score sheets: read from a workbook with every error at its cell, versioned, used from a day on."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from households import resources
from households.choices import ItemKind, ListedBecause, RoundKind, ScreenResult
from households.models import Review, ReviewRound, ReviewScore, ScoreSheet
from households.resources import WorkbookRefused, read_sheet, sheet_template
from households.services import sheets
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import UserFactory, user_with
from tests.households.build import household, standard
from tests.households.sheet_books import B1, DAY, GOOD, SCREEN, TITLES, activate, add, found_for, workbook


def errors(*rows: list[Any], purpose: str = B1, **options: Any) -> dict[str, str]:
    with pytest.raises(WorkbookRefused) as refused:
        read_sheet(workbook(*rows, **options), purpose=purpose)
    return {error.cell: error.message for error in refused.value.errors}


def test_a_sheet_is_read() -> None:
    items = read_sheet(workbook(*GOOD), purpose=B1)
    assert [(item.code, item.kind, len(item.options)) for item in items] == [
        ("1", ItemKind.SINGLE, 2),
        ("2", ItemKind.COUNT, 1),
        ("3", ItemKind.RANGE, 2),
    ]
    assert items[0].options[1].points == -3
    assert str(items[2].options[1].minimum) == "0.51"


def test_columns_are_found_by_their_texts_in_any_order_below_a_title() -> None:
    titles = [title.upper() for title in TITLES][::-1]
    assert read_sheet(workbook(*[row[::-1] for row in GOOD], titles=titles, above=3), purpose=B1)


def test_empty_lines_are_passed_over() -> None:
    assert len(read_sheet(workbook(GOOD[0], [None] * 10, GOOD[1]), purpose=B1)) == 1


def test_phieu_a_has_outcomes_and_needs_no_points() -> None:
    rows = [["1", "", "Có ô tô", "chọn một", "C", "Có", None, None, None, "Không rà soát"]]
    rows.append([None, None, None, None, "K", "Không", None, None, None, None])
    [item] = read_sheet(workbook(*rows), purpose=SCREEN)
    assert [option.outcome for option in item.options] == [ScreenResult.STOP, ""]


def test_every_error_at_once_with_its_cell() -> None:
    found = errors(
        [None, "", "Không có mã", "chọn một", "A", "x", None, None, 1, None],
        ["2", "", "", "chọn bừa", "A", "x", None, None, 1, None],
        ["3", "", "Câu", "chọn một", "A", "x", 1, 2, "nhiều", None],
        [None, "", "", "", "A", "", None, None, 1.5, None],
        ["2", "", "Lại câu hai", "đếm", "A", "x", None, None, None, None],
        [None, "", "", "", "B", "y", None, None, 1, None],
        ["4", "", "Câu", "khoảng", "A", "x", 5, 1, 1, "không rà soát"],
    )
    assert found == {
        "A2": "Dòng đầu của câu hỏi phải có mã.",
        "C3": "Chưa ghi câu hỏi.",
        "D3": "«chọn bừa»: ghi chọn một, chọn nhiều, đếm hoặc khoảng.",
        "I4": "«nhiều» không phải số. Ghi số, nhiều nhất hai chữ số lẻ, ví dụ 12 hoặc 0,5.",
        "G4": "Chỉ câu «khoảng» hoặc «đếm» mới ghi từ, đến.",
        "F5": "Chưa ghi phương án.",
        "I5": "Điểm phải là số nguyên.",
        "E5": "Mã phương án «A» đã có trong câu này.",
        "A6": "Mã «2» đã dùng cho câu hỏi ở trên.",
        "I6": "Chưa ghi điểm.",
        "E7": "Câu «đếm» chỉ có một dòng: điểm của mỗi đơn vị.",
        "H8": "Số «đến» nhỏ hơn số «từ».",
        "J8": "Cột này chỉ dùng cho Phiếu A.",
    }


def test_overlapping_ranges_are_refused() -> None:
    found = errors(["1", "", "Câu", "khoảng", "A", "x", 0, 5, 1, None], [None, "", "", "", "B", "y", 5, 9, 2, None])
    assert found == {"G3": "Khoảng này chồng lên khoảng ở dòng 2."}


def ranges(*bounds: tuple[Any, Any]) -> list[list[Any]]:
    rows = [[None, "", "", "", f"P{at}", "x", *pair, at, None] for at, pair in enumerate(bounds)]
    rows[0][:4] = ["1", "", "Câu", "khoảng"]
    return rows


@pytest.mark.parametrize(
    ("bounds", "cell", "line"),
    [
        ([(None, 5), (7, None)], "G3", 2),
        ([(None, 0.5), (0.7, 1), (1.1, None)], "G3", 2),
        ([(None, 0.5), (0.52, None)], "G3", 2),
        ([(8, None), (None, 5)], "G2", 3),
        ([(None, 5), (6, 8), (8.01, None)], "G3", 2),
    ],
)
def test_ranges_that_leave_numbers_out_are_refused(bounds: list[tuple[Any, Any]], cell: str, line: int) -> None:
    said = f"Giữa khoảng này và khoảng ở dòng {line} còn những số không thuộc khoảng nào."
    assert errors(*ranges(*bounds)) == {cell: said}


@pytest.mark.parametrize(
    "bounds",
    [[(None, 5), (6, 8), (9, None)], [(0.6, None), (None, 0.5)], [(0, "0,5"), ("0,51", 3)], [(10, 20), (21, 30)]],
)
def test_ranges_that_follow_each_other_are_taken(bounds: list[tuple[Any, Any]]) -> None:
    assert len(read_sheet(workbook(*ranges(*bounds)), purpose=B1)[0].options) == len(bounds)


@pytest.mark.parametrize("outcome", ["có lẽ", "dừng rồi"])
def test_an_unknown_outcome_is_refused(outcome: str) -> None:
    rows = ["1", "", "Có ô tô", "chọn một", "C", "Có", None, None, None, outcome]
    assert "không rà soát" in errors(rows, purpose=SCREEN)["J2"]


@pytest.mark.parametrize(
    ("typed", "said"), [("Tr©u", "TCVN3"), ("x" * 301, "Dài quá 300 ký tự.")], ids=["old font", "long"]
)
def test_texts_that_cannot_be_stored_are_refused(typed: str, said: str) -> None:
    assert said in errors(["1", "", typed, "chọn một", "A", "x", None, None, 1, None])["C2"]


def test_a_workbook_without_our_columns_says_which() -> None:
    assert "Không thấy dòng tiêu đề" in errors(GOOD[0], titles=["STT", "Tên"])[""]
    assert "Thiếu cột: Điểm." in errors(titles=[title for title in TITLES if title != "Điểm"])[""]


def test_an_empty_sheet_is_refused() -> None:
    assert errors() == {"": "Bảng chưa có câu hỏi nào dưới dòng tiêu đề."}


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookRefused, match="Không đọc được tệp"):
        read_sheet(io.BytesIO(content), purpose=B1)


def test_a_packed_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "MOST_UNPACKED", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 5000)
    packed.seek(0)
    with pytest.raises(WorkbookRefused, match="quá lớn"):
        read_sheet(packed, purpose=B1)


def test_too_many_bytes_and_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "MOST_ROWS", 3)
    assert "Bảng dài quá 3 dòng." in errors(*GOOD)["A4"]
    monkeypatch.setattr(resources, "MOST_BYTES", 10)
    with pytest.raises(WorkbookRefused, match="lớn hơn"):
        read_sheet(workbook(*GOOD), purpose=B1)


def test_the_empty_workbook_has_our_columns_and_no_law() -> None:
    book = load_workbook(io.BytesIO(sheet_template()))
    assert [cell.value for cell in book.worksheets[0][1]] == TITLES
    assert book.worksheets[0].max_row == 1
    assert {row[0].value for row in book.worksheets[1].iter_rows(min_row=2)} == set(TITLES)


def test_each_load_is_a_new_version(commune: Area) -> None:
    first, second = add(), add()
    other = add(setting="rural")
    assert (first.number, second.number, other.number) == (1, 2, 1)
    assert second.items.get().options.get().points == 1


def test_a_sheet_counts_only_once_it_is_in_use(commune: Area) -> None:
    sheet = add()
    assert found_for(commune) is None
    activate(sheet)
    assert found_for(commune) == sheet
    sheet.refresh_from_db()
    sheets.sheet_deactivate(by=None, sheet=sheet, version=sheet.version)
    assert found_for(commune) is None


def test_a_new_version_ends_the_one_before(commune: Area) -> None:
    first, second = activate(add()), add()
    activate(second, datetime.date(2026, 9, 1))
    assert found_for(commune, day=datetime.date(2026, 8, 31)) == first
    assert found_for(commune, day=datetime.date(2026, 9, 1)) == second


def test_a_new_version_from_the_same_day_takes_the_place(commune: Area) -> None:
    first = activate(add())
    second = activate(add())
    first.refresh_from_db()
    assert not first.is_active
    assert found_for(commune) == second


def test_the_province_goes_before_the_nation_and_the_setting_before_both(commune: Area) -> None:
    national = activate(add())
    assert found_for(commune) == national
    rural = activate(add(setting="rural"))
    assert found_for(commune) == rural
    assert found_for(commune, setting="urban") == national
    province = activate(add(area=commune.parent))
    assert found_for(commune) == province
    province_rural = activate(add(area=commune.parent, setting="rural"))
    assert found_for(commune) == province_rural


def test_nothing_of_another_province_standard_or_purpose_counts(commune: Area, stranger: User) -> None:
    activate(add(area=stranger.grants.get().area.parent))
    activate(add(purpose=SCREEN))
    assert found_for(commune) is None


def test_an_empty_list_of_questions_is_no_sheet(db: None) -> None:
    with pytest.raises(ValidationError, match="chưa có câu hỏi"):
        add(items=())


def used_by_a_review(commune: Area, sheet: ScoreSheet, *, as_sheet: bool) -> None:
    home = household(commune)
    round = ReviewRound.objects.create(
        unit=commune, year=2026, kind=RoundKind.PERIODIC, standard=standard(), starts_on=DAY, ends_on=DAY
    )
    review = Review.objects.create(
        unit=commune,
        round=round,
        household=home,
        village=home.village,
        listed_because=ListedBecause.ADDED,
        b1_sheet=sheet if as_sheet else None,
    )
    if not as_sheet:
        item = sheet.items.get()
        ReviewScore.objects.create(unit=commune, review=review, item=item, option=item.options.get(), points=1)


@pytest.mark.parametrize("as_sheet", [True, False])
def test_a_sheet_that_was_used_stays(commune: Area, as_sheet: bool) -> None:
    sheet = add()
    used_by_a_review(commune, sheet, as_sheet=as_sheet)
    with pytest.raises(ValidationError, match="không xóa được"):
        sheets.sheet_remove(by=None, sheet=sheet, version=sheet.version)


def test_a_sheet_loaded_by_mistake_goes(commune: Area) -> None:
    sheet = add()
    sheets.sheet_remove(by=None, sheet=sheet, version=sheet.version)
    assert not ScoreSheet.objects.exists()


def test_the_gate_of_services(commune: Area) -> None:
    province_admin = user_with(Role.ADMINISTRATOR, commune.parent)
    for by, area in (
        (province_admin, None),
        (user_with(Role.ADMINISTRATOR, commune), commune.parent),
        (user_with(Role.OFFICER, commune.parent), commune.parent),
    ):
        with pytest.raises(PermissionDenied):
            add(by=by, area=area)
    own = add(by=province_admin, area=commune.parent)
    national = add(by=UserFactory(is_superuser=True))
    sheets.sheet_activate(by=province_admin, sheet=own, version=own.version, valid_from=DAY)
    for act in (sheets.sheet_deactivate, sheets.sheet_remove):
        with pytest.raises(PermissionDenied):
            act(by=province_admin, sheet=national, version=national.version)
    with pytest.raises(PermissionDenied):
        sheets.sheet_activate(by=province_admin, sheet=national, version=national.version, valid_from=DAY)


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
