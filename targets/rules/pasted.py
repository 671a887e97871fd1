"""A table pasted from Word or Excel, or typed, read into rows of cells under the columns of a layout."""

import re
from dataclasses import dataclass
from decimal import Decimal

from povertyplan.core.numbers import NotACount, parse_count
from povertyplan.core.text import clean, plain
from targets.rules.columns import Column, Kind, Layout

TOTALS = {"tong cong", "tong so", "tong", "cong", "toan xa", "toan phuong", "toan thi tran", "toan huyen", "toan tinh"}
TOTALS_OF = ("tong cong ", "tong cong:", "tong so ", "tong so:")
DASHES = {"-", "–", "—", "−"}
RATE = re.compile(r"^[0-9]{1,3}(?:[.,][0-9]+)?$")
ORDER = re.compile(r"^(?:[0-9]{1,3}|[IVXLC]+)[.)]?$")
FIGURE = re.compile(r"^[0-9][0-9.,]*%?$")


@dataclass(frozen=True, kw_only=True)
class PrintedCell:
    """``value`` is None for an empty cell and for one that cannot be read; ``problem`` says why it cannot."""

    text: str
    value: Decimal | None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintedRow:
    """A line of the paper; ``cells`` by the number of their column."""

    line: int
    name: str
    is_total: bool
    cells: dict[str, PrintedCell]

    def value(self, column: Column) -> Decimal | None:
        return self.cells[column.key].value


@dataclass(frozen=True, kw_only=True)
class Printed:
    """``problems`` are lines that are no row of this layout; ``dotted`` the rates written with a point."""

    rows: tuple[PrintedRow, ...]
    problems: tuple[str, ...]
    dotted: tuple[str, ...]

    @property
    def places(self) -> tuple[PrintedRow, ...]:
        return tuple(row for row in self.rows if not row.is_total)

    @property
    def total(self) -> PrintedRow | None:
        return next((row for row in self.rows if row.is_total), None)


def read(text: str, layout: Layout, *, unit: str = "") -> Printed:
    """Rows of places and the total, wherever it stands. Heads, numbers of columns and empty lines are passed over.

    Between cells stands a tab (Word, Excel), a bar, two spaces, or, where a line has none of them, one space.
    ``unit`` names the unit: a row of its name is the total.
    """
    rows: list[PrintedRow] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line)
        if not line.strip() or _is_head(cells, len(layout.columns)):
            continue
        found = _split(cells, len(layout.columns), is_spaced=cells == line.split())
        if found is None:
            problems.append(_wrong_length(number, cells, len(layout.columns)))
            continue
        name, figures = found
        rows.append(
            PrintedRow(
                line=number,
                name=name,
                is_total=_is_total(name, unit),
                cells={
                    column.key: read_cell(figure, column.kind)
                    for column, figure in zip(layout.columns, figures, strict=True)
                },
            )
        )
    dotted = [
        row.cells[column.key].text
        for row in rows
        for column in layout.columns
        if column.kind == Kind.RATE and row.value(column) is not None and "." in row.cells[column.key].text
    ]
    return Printed(rows=tuple(rows), problems=tuple(problems), dotted=tuple(dotted))


def read_cell(text: str, kind: Kind) -> PrintedCell:
    """A figure as people write it: 1.433 is a count, 0,36 and 0.36 are rates, a dash is nought."""
    typed = clean(text).strip('"')
    if not typed:
        return PrintedCell(text="", value=None)
    if typed in DASHES:
        return PrintedCell(text=typed, value=Decimal(0))
    if kind == Kind.RATE:
        return _rate_cell(typed)
    try:
        return PrintedCell(text=typed, value=Decimal(parse_count(typed)))
    except NotACount as error:
        return PrintedCell(text=typed, value=None, problem=str(error))


def _rate_cell(typed: str) -> PrintedCell:
    bare = typed.rstrip("%").strip()
    if not RATE.match(bare):
        return PrintedCell(text=typed, value=None, problem=f"«{typed}»: không phải tỷ lệ. Ghi 0,36.")
    if re.search(r"\.[0-9]{3}$", bare):
        return PrintedCell(
            text=typed, value=None, problem=f"«{typed}»: dấu chấm ngăn hàng nghìn; phần lẻ ghi bằng dấu phẩy (0,36)."
        )
    return PrintedCell(text=typed, value=Decimal(bare.replace(",", ".")))


def _cells(line: str) -> list[str]:
    """Cells between tabs, bars or wide gaps; else words, so that a name may take several."""
    for separator in ("\t", "|"):
        if separator in line:
            bare = line.strip().strip("|") if separator == "|" else line.rstrip("\r\n")
            return [clean(cell) for cell in bare.split(separator)]
    wide = re.split(r"\s{2,}", line.strip())
    return wide if len(wide) > 2 else line.split()


def _is_head(cells: list[str], width: int) -> bool:
    """No figure at all, or the row of formulas or of column numbers."""
    if not any(FIGURE.match(cell) for cell in cells) or any("=" in cell for cell in cells):
        return True
    return cells[-width:] == [str(number) for number in range(1, width + 1)]


def _is_figure(cell: str) -> bool:
    return bool(FIGURE.match(cell)) or cell in DASHES


def _split(cells: list[str], width: int, *, is_spaced: bool) -> tuple[str, list[str]] | None:
    """Name of the place and its figures; None where the line has not as many figures as the layout has columns."""
    found = _of_words(cells, width) if is_spaced else _of_cells(cells, width)
    return found if found and found[0] and len(found[1]) == width else None


def _of_cells(cells: list[str], width: int) -> tuple[str, list[str]] | None:
    """Number, name, figures, and behind them a remark at most."""
    left = list(cells)
    if len(left) > width + 1 and (not left[0] or ORDER.match(left[0])):
        left = left[1:]
    if len(left) == width + 2 and not left[1] and left[-1]:
        del left[1]  # the total's words reach over number and name
    if any(_is_figure(cell) for cell in left[width + 1 :]):
        return None
    return left[0], left[1 : width + 1]


def _of_words(words: list[str], width: int) -> tuple[str, list[str]] | None:
    """The figures are the last words that are figures; before them stands the name, which may end in a number."""
    left = list(words)
    while left and not _is_figure(left[-1]):
        left.pop()
    head, figures = left[:-width], left[-width:]
    if not all(_is_figure(word) for word in figures):
        return None
    return " ".join(head[1:] if len(head) > 1 and ORDER.match(head[0]) else head), figures


def _wrong_length(number: int, cells: list[str], width: int) -> str:
    found = sum(_is_figure(cell) for cell in cells)
    start = " ".join(cells)[:40]
    return f"Dòng {number} («{start}…») có {found} ô số, mẫu bảng này có {width} cột sau tên."


def _is_total(name: str, unit: str) -> bool:
    bare = plain(name).rstrip(" .:")
    return bare in TOTALS or bare.startswith(TOTALS_OF) or (bool(unit) and bare == plain(unit))
