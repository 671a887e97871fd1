"""Tables 1–11 as documents: the workbook with a sheet for each, the page to print, and the command."""

import shutil
import subprocess
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client
from openpyxl import Workbook, load_workbook

from households.models import ReviewRound
from povertyplan.areas.models import Area
from reports import catalogue, xlsx
from reports.tree import Align, Annex, Cell, Column, Document, Table
from tests.households.test_summaries_selectors import fill_round
from tests.households.years import recognise, regular
from tests.reports.test_command import render

pytestmark = pytest.mark.django_db
KIND, YEAR = "review_summary", "2026"
SHEETS = [f"Biểu {number}" for number in range(1, 12)]


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return fill_round(commune)


def book_of(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def summary_book(round: ReviewRound, **options: str) -> Workbook:
    return book_of(catalogue.render(KIND, unit=round.unit, year=2026, format="xlsx", **options).content)


def test_a_sheet_for_each_table(round: ReviewRound) -> None:
    book = summary_book(round)
    assert book.sheetnames == SHEETS
    sheet = book["Biểu 2"]
    assert sheet["A2"].value == "TỔNG HỢP DIỄN BIẾN HỘ NGHÈO"
    assert "Số liệu sơ bộ" in sheet["A3"].value
    assert [cell.value for cell in sheet[7]][:4] == ["A", "B", "C", "1"]
    assert sheet["L7"].value == "9=1−2−3−4+5+6+7+8"
    assert "A8:A9" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet.freeze_panes == "D8"
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$5:$7")


def test_numbers_are_numbers_and_unknown_is_blank(round: ReviewRound) -> None:
    sheet = summary_book(round)["Biểu 1"]
    upper, lower, total = ([cell.value for cell in sheet[row]] for row in (8, 9, 10))
    assert upper[2:6] == [100, 400, 2, 2]
    assert sheet["F8"].number_format == "0.00"
    assert sheet["C8"].number_format == "#,##0"
    assert lower[2] is None
    assert lower[4] == 1
    assert (total[1], total[2], total[4]) == ("Tổng cộng", None, 3)


def test_official_says_so(round: ReviewRound) -> None:
    recognise(round)
    assert "Số liệu chính thức, công nhận ngày 14/12/2026" in summary_book(round)["Biểu 1"]["A3"].value
    assert "CHÍNH THỨC" in summary_book(round)["Biểu 1"]["A2"].value
    assert "Số liệu sơ bộ" in summary_book(round, result="preliminary")["Biểu 1"]["A3"].value


def test_text_never_becomes_a_formula() -> None:
    table = Table(
        columns=(Column(label="=A1", align=Align.LEFT), Column(label="+số")),
        formulas=("A", "=2"),
        rows=((Cell(text="=1+1", value="=1+1"), Cell(text="0,36", value=Decimal("0.36"))),),
    )
    annex = Annex(label="=B", title="-t", reference="@r", table=table, notes=("=x",))
    cells = book_of(xlsx.write(Document(name="Thử", is_sample=False, annexes=(annex,)))).worksheets[0]
    assert {cell.data_type for row in cells for cell in row if isinstance(cell.value, str)} == {"s"}
    assert cells["B8"].value == 0.36


def test_the_page_shows_the_same_figures(round: ReviewRound) -> None:
    page = catalogue.render(KIND, unit=round.unit, year=2026, format="html").content.decode()
    assert page.count('class="doc-table"') == 11
    assert 'rowspan="2">Xóm' not in page
    assert "9=1−2−3−4+5+6+7+8" in page
    assert "Số liệu sơ bộ" in page


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("html", b"<!DOCTYPE html>")])
def test_the_command_writes_the_periodic_round(round: ReviewRound, tmp_path: Path, form: str, start: bytes) -> None:
    render(round.unit.code, tmp_path / "out", kind=KIND, year=YEAR, form=form)
    assert (tmp_path / "out").read_bytes().startswith(start)


def test_the_command_takes_a_monthly_round(round: ReviewRound, tmp_path: Path) -> None:
    regular(round.unit, 2026, 3)
    render(round.unit.code, tmp_path / "out.xlsx", kind=KIND, year=YEAR, form="xlsx", round="2026-03")
    sheet = load_workbook(tmp_path / "out.xlsx")["Biểu 1"]
    assert "rà soát thường xuyên tháng 03/2026" in sheet["A3"].value


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"year": "2027"}, "chưa có đợt rà soát định kỳ năm 2027"),
        ({"round": "2026-04"}, "chưa có đợt rà soát thường xuyên tháng 04/2026"),
        ({"round": "2025-04"}, "đợt «2025-04» không đúng"),
        ({"round": "spring"}, "đợt «spring» không đúng"),
        ({"form": "pdf"}, "không có dạng «pdf»"),
        ({"kind": "target_table", "form": "html", "round": "periodic"}, "không có lựa chọn round"),
    ],
)
def test_the_command_refuses_with_a_sentence(
    round: ReviewRound, tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        render(round.unit.code, tmp_path / "out", **({"kind": KIND, "year": YEAR, "form": "xlsx"} | changes))
    assert list(tmp_path.iterdir()) == []


def test_official_is_refused_before_recognition(round: ReviewRound) -> None:
    with pytest.raises(catalogue.datasets.MissingData, match="chưa công nhận"):
        summary_book(round, result="official")


def test_the_page_to_print_and_the_file_in_the_queue(round: ReviewRound, officer_client: Client) -> None:
    base = f"/u/{round.unit.code}/2026/documents/review_summary/"
    page = officer_client.get(base, {"round": "periodic", "result": "preliminary"})
    assert page.status_code == 200
    assert 'name="round" value="periodic"' in page.content.decode()
    assert officer_client.get(base, {"round": "2026-05"}).status_code == 404
    assert officer_client.post(f"{base}pdf/").status_code == 404
    answer = officer_client.post(f"{base}xlsx/", {"round": "periodic"})
    assert answer.status_code == 302
    assert "/jobs/" in answer["Location"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_and_prints_the_workbook(round: ReviewRound, tmp_path: Path) -> None:
    render(round.unit.code, tmp_path / "out.xlsx", kind=KIND, year=YEAR, form="xlsx")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "out.xlsx",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = subprocess.run(["pdftotext", str(tmp_path / "out.pdf"), "-"], capture_output=True, check=True, text=True)
    assert text.stdout.count("\f") == 11
