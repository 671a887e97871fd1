"""The target table, alone or as an annex."""

from decimal import Decimal

from povertyplan.core.numbers import format_count, format_rate
from povertyplan.core.text import first_upper
from reports.build.frame import annex_reference
from reports.build.phrases import kinds_together, row_name
from reports.datasets import AnnualPlanData, RowData, TargetTableData
from reports.tree import Align, Annex, Cell, Column, Document, Table, Width
from targets.layouts import STANDARD, Kind
from targets.layouts import Column as Figure
from targets.rules.figures import Figures

LONGEST_KEPT_NAME = 36  # letters of a name that still leave every figure its column on a page turned on its side


def target_table(data: AnnualPlanData) -> Document:
    """The table on its own, headed so that it can be filed with its plan."""
    title, unit = table_title(data.table.year), data.table.unit
    return Document(
        name=f"{first_upper(title.lower())} – {unit}",
        is_sample=unit.is_sample,
        annexes=(annex(data.table, label="Biểu", reference=annex_reference(data)),),
    )


def table_title(year: int) -> str:
    return f"PHÂN BỔ CHỈ TIÊU GIẢM HỘ NGHÈO, HỘ CẬN NGHÈO NĂM {year}"


def annex(data: TargetTableData, *, label: str, reference: str) -> Annex:
    return Annex(label=label, title=table_title(data.year), reference=reference, table=table(data), notes=_notes(data))


def table(data: TargetTableData) -> Table:
    """The fourteen columns of the standard layout between number, name and total."""
    keep = max(len(name) for name in _names(data)) <= LONGEST_KEPT_NAME
    name_width = Width.FIT if keep else Width.FREE
    return Table(
        columns=(
            Column(label="TT", width=Width.NARROW),
            Column(
                label=first_upper(kinds_together(data.kinds)), align=Align.LEFT, width=name_width, keep_on_line=keep
            ),
            *(_column(figure) for figure in STANDARD),
        ),
        formulas=("A", "B", *(figure.key_line for figure in STANDARD)),
        rows=tuple(
            (Cell(text=str(number), value=number), Cell(text=name, value=name), *_figures(row.figures))
            for number, (name, row) in enumerate(zip(_names(data), data.rows, strict=True), start=1)
        ),
        total=(Cell(text=""), Cell(text="Tổng cộng"), *_figures(data.total)),
    )


def _names(data: TargetTableData) -> list[str]:
    """Bare names under the word of the column; with their own word where there are several, or the name is a number."""
    return [_name(row, alone=len(data.kinds) == 1) for row in data.rows]


def _name(row: RowData, *, alone: bool) -> str:
    return row.name if alone and not row.name[:1].isdigit() else first_upper(row_name(row))


def _column(figure: Figure) -> Column:
    width = Width.MEDIUM if figure.kind == Kind.RATE else Width.NARROW
    return Column(label=figure.label, group=figure.group, align=Align.RIGHT, width=width)


def _figures(figures: Figures) -> tuple[Cell, ...]:
    return tuple(_cell(figure, figures) for figure in STANDARD)


def _cell(figure: Figure, figures: Figures) -> Cell:
    """An unknown prints blank: it is not nought."""
    value = figure.value(figures)
    if value is None:
        return Cell(text="")
    if figure.kind == Kind.RATE:
        return Cell(text=format_rate(Decimal(value)), value=value)
    return Cell(text=format_count(int(value)), value=value)


def _notes(data: TargetTableData) -> tuple[str, ...]:
    """Said only where it matters: the layout's end rates stand over the households of the start."""
    if data.total.households_end == data.total.households:
        return ()
    return (
        f"Ghi chú: tỷ lệ cuối năm trong bảng tính trên tổng số hộ đầu năm {data.year}; "
        f"tổng số hộ dự kiến cuối năm là {format_count(data.total.households_end)} hộ.",
    )
