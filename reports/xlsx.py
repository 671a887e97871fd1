"""The tree as a workbook: a sheet for each table, numbers as numbers, text as text."""

from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.tree import Align, Annex, Cell, Column, Document, HeaderCell, Width

FONT = "Times New Roman"
SAMPLE = "BẢN MẪU"
COUNT, RATE = "#,##0", "0.00"
HEAD_ROW = 5  # above it: label, title, reference, an empty line
LONGEST_TITLE = 31  # letters that a sheet's name may have
EDGE = Side(style="thin")
BORDER = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
WIDTHS = {Width.NARROW: 6, Width.MEDIUM: 9, Width.FREE: 11}
LETTERS = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}


def write(document: Document) -> bytes:
    """One sheet a table, named by its label; ready to print on A4 turned on its side."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = document.name, "povertyplan"
    for annex in document.annexes:
        sheet = book.create_sheet((annex.label or document.name)[:LONGEST_TITLE])
        _fill(sheet, annex, is_sample=document.is_sample)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Worksheet, annex: Annex, *, is_sample: bool) -> None:
    table, width = annex.table, len(annex.table.columns)
    _line(sheet, 1, width, annex.label, bold=True)
    _line(sheet, 2, width, annex.title, bold=True)
    _line(sheet, 3, width, annex.reference, italic=True)
    if is_sample:
        _line(sheet, 4, width, SAMPLE, bold=True)
    upper, lower = table.header
    _header(sheet, upper, lower)
    for place, formula in enumerate(table.formulas, start=1):
        cell = sheet.cell(HEAD_ROW + 2, place)
        _put(cell, formula)
        _look(cell, italic=True, horizontal="center", shrink=True)
    row = HEAD_ROW + 3
    for cells in table.rows:
        _row(sheet, row, table.columns, cells)
        row += 1
    for cells in (table.total, *table.more_totals):
        if cells:
            _row(sheet, row, table.columns, cells, bold=True)
            row += 1
    for note in annex.notes:
        _line(sheet, row + 1, width, note, italic=True, horizontal="left")
        row += 1
    _set_up(sheet, table.columns, [cells for cells in (*table.rows, table.total) if cells], is_sample=is_sample)


def _line(
    sheet: Worksheet,
    row: int,
    width: int,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    horizontal: str = "center",
) -> None:
    """One line of words over the whole table."""
    cell = sheet.cell(row, 1)
    _put(cell, text)
    cell.font = Font(name=FONT, size=12, bold=bold, italic=italic)
    cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    if len(text) > width * 9:
        sheet.row_dimensions[row].height = 16 * (len(text) // (width * 9) + 1)


def _header(sheet: Worksheet, upper: tuple[HeaderCell, ...], lower: tuple[HeaderCell, ...]) -> None:
    place, below = 1, iter(lower)
    for head in upper:
        _head_cell(sheet, HEAD_ROW, place, head.text)
        for offset in range(head.columns):
            under = "" if head.rows == 2 else next(below).text
            if offset:
                _head_cell(sheet, HEAD_ROW, place + offset, "")
            _head_cell(sheet, HEAD_ROW + 1, place + offset, under)
        if head.columns > 1 or head.rows > 1:
            sheet.merge_cells(
                start_row=HEAD_ROW,
                start_column=place,
                end_row=HEAD_ROW + head.rows - 1,
                end_column=place + head.columns - 1,
            )
        place += head.columns
    sheet.row_dimensions[HEAD_ROW].height = 34
    sheet.row_dimensions[HEAD_ROW + 1].height = 78


def _head_cell(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    if text:
        _put(cell, text)
    _look(cell, bold=True, horizontal="center", wrap=True)


def _row(
    sheet: Worksheet, row: int, columns: tuple[Column, ...], cells: tuple[Cell, ...], *, bold: bool = False
) -> None:
    for place, (column, content) in enumerate(zip(columns, cells, strict=True), start=1):
        cell = sheet.cell(row, place)
        if not content.is_covered:
            _put(cell, content.text if content.value is None else content.value)
        _look(cell, bold=bold, horizontal=LETTERS[column.align])
        if content.rows > 1:
            sheet.merge_cells(start_row=row, start_column=place, end_row=row + content.rows - 1, end_column=place)


def _put(cell: SheetCell, value: int | Decimal | str) -> None:
    """A number with its format; words as words, never as a formula, whatever they begin with."""
    if isinstance(value, str):
        if value:
            cell.value, cell.data_type = value, "s"
        return
    cell.value = value
    cell.number_format = RATE if isinstance(value, Decimal) else COUNT


def _look(
    cell: SheetCell,
    *,
    bold: bool = False,
    italic: bool = False,
    horizontal: str,
    wrap: bool = False,
    shrink: bool = False,
) -> None:
    cell.font = Font(name=FONT, size=11, bold=bold, italic=italic)
    cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap, shrink_to_fit=shrink)
    cell.border = BORDER


def _set_up(sheet: Worksheet, columns: tuple[Column, ...], rows: list[tuple[Cell, ...]], *, is_sample: bool) -> None:
    """Widths, what stays in view, and the page: A4 on its side, one page wide, header rows on every page."""
    for place, column in enumerate(columns, start=1):
        longest = max((len(cells[place - 1].text) for cells in rows), default=0) + 3
        width = longest if column.width == Width.FIT else max(WIDTHS[column.width], longest)
        sheet.column_dimensions[get_column_letter(place)].width = width
    fixed = sum(column.align != Align.RIGHT for column in columns)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 3, fixed + 1)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW + 2}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "&P/&N"
    if is_sample:
        sheet.oddHeader.right.text = SAMPLE
