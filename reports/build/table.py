"""The target table in each of its layouts: alone, as an annex, or among the paragraphs of the plan."""

from povertyplan.core.dates import official_date
from povertyplan.core.numbers import format_count
from povertyplan.core.text import first_upper
from reports.build.frame import annex_reference
from reports.build.phrases import kinds_together, row_name
from reports.datasets import AnnualPlanData, RowData, TargetTableData
from reports.tree import Align, Annex, Cell, Column, Document, Table, Width
from targets.layouts import LAYOUTS, Kind
from targets.layouts import Column as Figure
from targets.rules.figures import Figures

LONGEST_KEPT_NAME = 36  # letters of a name that still leave every figure its column on a page turned on its side


def target_table(data: AnnualPlanData) -> Document:
    """The table on its own, headed so that it can be filed with its plan."""
    title, unit = table_title(data.table.year), data.table.unit
    return Document(
        name=f"{first_upper(title.lower())} – {unit}",
        is_sample=unit.is_sample,
        is_draft=not data.table.is_approved,
        annexes=(annex(data.table, label="Biểu", reference=annex_reference(data)),),
    )


def table_title(year: int) -> str:
    return f"PHÂN BỔ CHỈ TIÊU GIẢM HỘ NGHÈO, HỘ CẬN NGHÈO NĂM {year}"


def annex(data: TargetTableData, *, label: str, reference: str) -> Annex:
    return Annex(
        label=label,
        title=table_title(data.year),
        reference=reference,
        state=f"({state(data)})",
        table=table(data),
        notes=notes(data),
    )


def state(data: TargetTableData) -> str:
    """How far the table is approved: «Bảng chỉ tiêu bản số 2, được duyệt ngày 15 tháng 3 năm 2024»."""
    if data.is_approved and data.approved_on:
        replaced = ", đã được thay bằng bản sau" if data.is_replaced else ""
        return f"Bảng chỉ tiêu bản số {data.version_number}, được duyệt {official_date(data.approved_on)}{replaced}"
    if data.version_number:
        return f"Bảng chỉ tiêu bản số {data.version_number}, {data.state_words}"
    if data.in_force_number:
        return f"Dự thảo điều chỉnh bảng chỉ tiêu, chưa được duyệt; đang có hiệu lực bản số {data.in_force_number}"
    return "Dự thảo, bảng chỉ tiêu chưa được duyệt"


def table(data: TargetTableData) -> Table:
    """The columns of the layout between number, name and total."""
    layout = LAYOUTS[data.layout]
    keep = max(len(name) for name in _names(data)) <= LONGEST_KEPT_NAME
    name_width = Width.FIT if keep else Width.FREE
    return Table(
        columns=(
            Column(label="TT", width=Width.NARROW),
            Column(
                label=first_upper(kinds_together(data.kinds)), align=Align.LEFT, width=name_width, keep_on_line=keep
            ),
            *(_column(figure) for figure in layout.columns),
        ),
        formulas=("A", "B", *(figure.key_line for figure in layout.columns)) if layout.has_formula_row else (),
        rows=tuple(
            (Cell(text=str(number), value=number), Cell(text=name, value=name), *_figures(data, row.figures))
            for number, (name, row) in enumerate(zip(_names(data), data.rows, strict=True), start=1)
        ),
        total=(Cell(text=""), Cell(text="Tổng cộng"), *_figures(data, data.total)),
        total_first=layout.total_first,
    )


def _names(data: TargetTableData) -> list[str]:
    """Bare names under the word of the column; with their own word where there are several, or the name is a number."""
    return [_name(row, alone=len(data.kinds) == 1) for row in data.rows]


def _name(row: RowData, *, alone: bool) -> str:
    return row.name if alone and not row.name[:1].isdigit() else first_upper(row_name(row))


def _column(figure: Figure) -> Column:
    width = Width.MEDIUM if figure.kind == Kind.RATE else Width.NARROW
    return Column(label=figure.label, groups=figure.groups, align=Align.RIGHT, width=width)


def _figures(data: TargetTableData, figures: Figures) -> tuple[Cell, ...]:
    return tuple(_cell(figure, figures) for figure in LAYOUTS[data.layout].columns)


def _cell(figure: Figure, figures: Figures) -> Cell:
    """An unknown prints blank: it is not nought."""
    value = figure.value(figures)
    return Cell(text=figure.text(value), value=value)


def notes(data: TargetTableData) -> tuple[str, ...]:
    """Said only where it matters: end rates of the layout that stand over the households of the start."""
    if not LAYOUTS[data.layout].end_over_start or data.total.households_end == data.total.households:
        return ()
    return (
        f"Ghi chú: tỷ lệ cuối năm trong bảng tính trên tổng số hộ đầu năm {data.year}; "
        f"tổng số hộ dự kiến cuối năm là {format_count(data.total.households_end)} hộ.",
    )
