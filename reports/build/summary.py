"""The summary tables 1–11 of a review, one annex each."""

from households.rules.summaries import SummaryCell, SummaryRow, SummaryTable
from households.rules.summary_layouts import Layout
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count, format_rate
from povertyplan.core.text import first_upper
from reports.datasets import ReviewSummaryData
from reports.tree import Align, Annex, Cell, Column, Document, Table, Width


def review_summary(data: ReviewSummaryData) -> Document:
    """«Biểu 1» to «Biểu 11», each on its own page turned on its side."""
    word = "chính thức" if data.is_official else "sơ bộ"
    return Document(
        name=f"Biểu tổng hợp {word}, {data.round} – {data.unit}",
        is_sample=data.unit.is_sample,
        annexes=tuple(
            Annex(
                label=f"Biểu {table.layout.number}",
                title=table.title.upper(),
                reference=_reference(data),
                table=_table(table),
                notes=tuple(f"Ghi chú: {note}" for note in notes),
            )
            for table, notes in zip(data.tables, data.notes, strict=True)
        ),
    )


def _reference(data: ReviewSummaryData) -> str:
    """Whose figures, of which round, under which standard, and how certain."""
    if data.is_official:
        state = f"Số liệu chính thức, công nhận ngày {format_date(data.recognised_on)}"
    else:
        state = "Số liệu sơ bộ"
    return f"({first_upper(str(data.unit))}, {data.round}, {data.standard}. {state})"


def _table(table: SummaryTable) -> Table:
    layout = table.layout
    total, *more = _lines(layout, table.total, "", "Tổng cộng")
    return Table(
        columns=(*_first_columns(layout), *(_column(column.title, column.group) for column in layout.columns)),
        formulas=("A", "B", *(("C",) if layout.has_layers else ()), *(column.key_line for column in layout.columns)),
        rows=tuple(
            line
            for number, row in enumerate(table.rows, start=1)
            for line in _lines(layout, row, str(number), _name(row))
        ),
        total=total,
        more_totals=tuple(more),
    )


def _first_columns(layout: Layout) -> tuple[Column, ...]:
    first = (
        Column(label="STT", width=Width.NARROW),
        Column(label="Địa bàn", align=Align.LEFT, width=Width.FIT, keep_on_line=True),
    )
    return (*first, Column(label="Phân tổ", align=Align.LEFT)) if layout.has_layers else first


def _column(title: str, group: str) -> Column:
    return Column(label=first_upper(title), groups=(first_upper(group),) if group else (), align=Align.RIGHT)


def _name(row: SummaryRow) -> str:
    return first_upper(f"{row.place.kind} {row.place.name}") if row.place else ""


def _lines(layout: Layout, row: SummaryRow, number: str, name: str) -> list[tuple[Cell, ...]]:
    """The lines of a village: number and name reach over all of them."""
    lines = []
    for place, line in enumerate(row.lines):
        reach = {"rows": len(row.lines)} if place == 0 else {"is_covered": True}
        first = (
            Cell(text=number, value=int(number) if number else None, **reach),
            Cell(text=name, value=name, **reach),
        )
        layer = (Cell(text=line.layer.title, value=line.layer.title),) if layout.has_layers else ()
        lines.append((*first, *layer, *(_figure(cell) for cell in line.cells)))
    return lines


def _figure(cell: SummaryCell) -> Cell:
    """An unknown prints blank: it is not nought."""
    if cell.column.is_rate:
        return Cell(text=format_rate(cell.rate), value=cell.rate)
    return Cell(text=format_count(cell.value), value=cell.value)
