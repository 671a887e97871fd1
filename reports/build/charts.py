"""The pictures of a year, one annex each: the drawing, its sentence and the table of its figures."""

from povertyplan.core.charts import Chart
from povertyplan.core.dates import format_date
from povertyplan.core.text import first_upper
from reports.datasets import ChartsData
from reports.tree import Align, Annex, Cell, Column, Document, Picture, Table, Width


def charts(data: ChartsData) -> Document:
    """«Biểu đồ 1» and so on, each on its own page turned on its side."""
    return Document(
        name=f"Biểu đồ giảm nghèo năm {data.year} – {data.unit}",
        is_sample=data.unit.is_sample,
        is_draft=not data.is_approved,
        annexes=tuple(
            Annex(
                label=f"Biểu đồ {number}",
                title=chart.title.upper(),
                reference=f"({first_upper(str(data.unit))}, số liệu tính đến ngày {format_date(data.on)})",
                picture=Picture(pieces=chart.pictures, sentence="" if chart.is_said else chart.sentence),
                table=_table(chart),
            )
            for number, chart in enumerate(data.charts, start=1)
        ),
    )


def _table(chart: Chart) -> Table:
    first, *others = chart.headings
    return Table(
        columns=(
            Column(label=first, align=Align.LEFT, width=Width.FIT, keep_on_line=True),
            *(Column(label=heading) for heading in others),
        ),
        formulas=(),
        rows=tuple(tuple(Cell(text=text, value=text) for text in row) for row in chart.rows),
    )
