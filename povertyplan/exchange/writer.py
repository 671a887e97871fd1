"""A kind's workbook: the one to fill in, and the one with what is stored."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from povertyplan.exchange.kinds import Kind
from povertyplan.exchange.marks import write_marks
from povertyplan.exchange.resources import Line, SheetResource

HEADER_FILL = PatternFill("solid", fgColor="EEF1F3")
INPUT_FILL = PatternFill("solid", fgColor="FFFDF6")
FIRST_WIDTH, WIDTH, HELP_WIDTHS = 28, 14, (26, 90)


def template(kind: Kind, resource: SheetResource) -> bytes:
    """The workbook to fill in, with what is known and a page that explains each column."""
    return _workbook(kind, resource, resource.blank())


def export(kind: Kind, resource: SheetResource) -> bytes:
    """What is stored; reading it back changes nothing."""
    return _workbook(kind, resource, resource.known.values())


def _workbook(kind: Kind, resource: SheetResource, lines: Iterable[Line]) -> bytes:
    book = Workbook()
    write_marks(book, kind=kind.key, unit=resource.unit, year=resource.year)
    page = book.active
    page.title = resource.sheet
    _head(page, resource)
    for number, line in enumerate(lines, start=2):
        for at, value in enumerate(resource.rendered(line), start=1):
            _put(page.cell(row=number, column=at), value)
    page.freeze_panes = "B2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    _explain(book.create_sheet("Cách điền"), kind, resource)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _head(page: Worksheet, resource: SheetResource) -> None:
    for at, column in enumerate(resource.columns(), start=1):
        cell = page.cell(row=1, column=at, value=column.column_name)
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        page.column_dimensions[get_column_letter(at)].width = FIRST_WIDTH if at == 1 else WIDTH
    page.row_dimensions[1].height = 48


def _put(cell: Cell, value: object) -> None:
    """Text stays text, also where it begins like a formula; numbers stay numbers."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    cell.fill, cell.protection = INPUT_FILL, Protection(locked=False)


def _explain(page: Worksheet, kind: Kind, resource: SheetResource) -> None:
    page.append([f"{kind.label}, {resource.unit}, năm {resource.year}"])
    page["A1"].font = Font(bold=True)
    page.append([])
    page.append(["Cột", "Cách ghi"])
    for column in resource.columns():
        needed = "Phải có cột này." if column.column_name in resource.required else "Có thể bỏ cột này."
        page.append([column.column_name, f"{resource.explained[column.column_name]} {needed}"])
    page.append([])
    for line in (
        "Không đổi tên cột. Thứ tự cột tùy ý; cột khác được bỏ qua, dòng «Tổng cộng» cũng vậy.",
        "Để trống là chưa biết, khác với số 0.",
        "Nạp ở trang «Nhập, xuất Excel»: ô đang có số mà tệp để trống thì giữ số đã lưu, trừ khi chọn để trống.",
    ):
        page.append([line])
    for letter, width in zip("AB", HELP_WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    for row in page.iter_rows(min_row=3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=cell.column == 2, vertical="top")
