"""The tree as a workbook: a sheet for each table, numbers as numbers, text as text."""

from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.tree import Align, Annex, Cell, Column, Document, Table, Width

FONT = "Times New Roman"
SAMPLE, DRAFT = "BẢN MẪU", "DỰ THẢO"
COUNT, RATE = "#,##0", "0.00"
HEAD_ROW = 5  # above it: label, title, reference, state and what the whole document is
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
        _fill(sheet, annex, marks=_marks(document))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _marks(document: Document) -> str:
    """«BẢN MẪU – DỰ THẢO»; nothing for a document in force of a real unit."""
    marks = ((document.is_sample, SAMPLE), (document.is_draft, DRAFT))
    return " – ".join(word for is_so, word in marks if is_so)


def _fill(sheet: Worksheet, annex: Annex, *, marks: str) -> None:
    table, width = annex.table, len(annex.table.columns)
    _line(sheet, 1, width, annex.label, bold=True)
    _line(sheet, 2, width, annex.title, bold=True)
    _line(sheet, 3, width, annex.reference, italic=True)
    if marks or annex.state:
        _line(sheet, 4, width, " ".join(filter(None, (marks, annex.state))), bold=True)
    row = _header(sheet, table)
    totals = [(cells, True) for cells in table.totals]
    rows = [(cells, False) for cells in table.rows]
    for cells, is_bold in (*totals, *rows) if table.total_first else (*rows, *totals):
        _row(sheet, row, table.columns, cells, bold=is_bold)
        row += 1
    for note in annex.notes:
        _line(sheet, row + 1, width, note, italic=True, horizontal="left")
        row += 1
    _set_up(sheet, table, marks=marks)


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


def _header(sheet: Worksheet, table: Table) -> int:
    """Head and formulas; the row after them."""
    rows = len(table.header)
    for level in range(rows):
        for place in range(len(table.columns)):
            _head_cell(sheet, HEAD_ROW + level, place + 1, "")
        sheet.row_dimensions[HEAD_ROW + level].height = 78 if level == rows - 1 else 34
    for level, cells in enumerate(table.header):
        for cell in cells:
            _head_cell(sheet, HEAD_ROW + level, cell.place + 1, cell.text)
            if cell.columns > 1 or cell.rows > 1:
                sheet.merge_cells(
                    start_row=HEAD_ROW + level,
                    start_column=cell.place + 1,
                    end_row=HEAD_ROW + level + cell.rows - 1,
                    end_column=cell.place + cell.columns,
                )
    for place, formula in enumerate(table.formulas, start=1):
        cell = sheet.cell(HEAD_ROW + rows, place)
        _put(cell, formula)
        _look(cell, italic=True, horizontal="center", shrink=True)
    return _head_end(table)


def _head_end(table: Table) -> int:
    return HEAD_ROW + len(table.header) + bool(table.formulas)


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


def _set_up(sheet: Worksheet, table: Table, *, marks: str) -> None:
    """Widths, what stays in view, and the page: A4 on its side, one page wide, header rows on every page."""
    columns, rows = table.columns, [*table.rows, *table.totals]
    for place, column in enumerate(columns, start=1):
        longest = max((len(cells[place - 1].text) for cells in rows), default=0) + 3
        width = longest if column.width == Width.FIT else max(WIDTHS[column.width], longest)
        sheet.column_dimensions[get_column_letter(place)].width = width
    fixed = sum(column.align != Align.RIGHT for column in columns)
    sheet.freeze_panes = sheet.cell(_head_end(table), fixed + 1)
    sheet.print_title_rows = f"{HEAD_ROW}:{_head_end(table) - 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "&P/&N"
    if marks:
        sheet.oddHeader.right.text = marks
