"""The target table as a page shows it: each cell with its text, its input name and what is wrong with it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString

from povertyplan.core.numbers import format_count
from povertyplan.core.text import first_upper
from targets.choices import LayoutName
from targets.forms.table import CELL, REMARK
from targets.layouts import LAYOUTS, MORE, Column
from targets.rules.figures import FOR_THE_UNIT, Figures, lacks
from targets.selectors.tables import TargetTable, VillageRow

Problems = Mapping[str, list[str]]
Typed = Mapping[str, str]
Columns = tuple[Column, ...]

REMARK_LABEL = "Ghi chú"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """``name`` is empty for a cell that cannot be typed; ``note`` says from what it is computed, ``url`` opens it.

    ``label`` names the cell to who does not see the header. ``stored`` is what the database holds where ``text`` is
    what was typed and refused; such a cell ``is_open``. ``remark`` is what somebody says of it and nobody answered yet.
    """

    kind: str
    text: str
    stored: str = ""
    name: str = ""
    label: str = ""
    note: str = ""
    url: str = ""
    errors: tuple[str, ...] = ()
    is_open: bool = False
    remark: str = ""

    @property
    def html(self) -> str:
        """The cell drawn, every text in it escaped: hundreds on a page, so without a template of their own."""
        if self.name:
            return self._input
        title = f"Góp ý: {self.remark}" if self.remark else self.note
        mark = " data-remark" if self.remark else ""
        said = f' title="{escape(title)}"' if title else ""
        text = escape(self.text)
        shown = f'<a data-panel href="{escape(self.url)}">{text}</a>' if self.url else text
        return f'<td{mark}{said} class="grid-{self.kind}">{shown}</td>'

    @property
    def _input(self) -> str:
        """What was typed and refused carries what is stored, and why it is refused."""
        remark = f' data-remark title="Góp ý: {escape(self.remark)}"' if self.remark else ""
        shape, keys = (" grid-text", "text") if self.kind == "text" else ("", "numeric")
        state = f' data-cell-stored="{escape(self.stored)}"' if self.is_open else ""
        if self.errors:
            shape += " is-wrong"
            state += f' aria-invalid="true" aria-describedby="why-{self.name}"'
        why = f'<span class="cell-why" id="why-{self.name}">{escape(" ".join(self.errors))}</span>'
        return (
            f'<td{remark} class="grid-input{shape}">'
            f'<input data-cell name="{self.name}" value="{escape(self.text)}"{state} inputmode="{keys}" '
            f'autocomplete="off" aria-label="{escape(self.label)}">{why if self.errors else ""}</td>'
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """``key`` and ``version`` are those of the row as the page writes them."""

    pk: int
    key: str
    version: str
    name: str
    kind: str
    number: int
    cells: tuple[Cell, ...]
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Head:
    """A cell of the header rows."""

    label: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, kw_only=True)
class Typing:
    """What may be typed, what was typed and is not stored yet, and what is wrong with it; all by «pk.field».

    ``closed``: fields that come from elsewhere and are shown only. ``links``: where a start figure opens, with
    «/0/» for the place; see ``Typing.url``. ``remarks``: what is said of a cell and not answered yet.
    """

    is_allowed: bool = False
    closed: Collection[str] = ()
    errors: Problems = field(default_factory=dict)
    typed: Typed = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)

    def takes(self, name: str) -> bool:
        return self.is_allowed and bool(name) and name not in self.closed

    def url(self, name: str, place: int = 0) -> str:
        """The households behind a start figure, of the unit without a place; empty where it opens nothing."""
        address = self.links.get(name, "")
        return address.replace("/0/", f"/{place}/") if address and place else address


@dataclass(frozen=True, kw_only=True)
class Grid:
    """One table of the page; ``prefix`` opens the ids of its rows."""

    prefix: str
    caption: str
    year: int
    columns: Columns
    lines: list[Line]
    total: list[Cell]
    has_formula_row: bool = False
    has_remarks: bool = False
    is_open: bool = True

    @property
    def heads(self) -> list[list[Head]]:
        return heads(self.columns, *([REMARK_LABEL] if self.has_remarks else []))

    @property
    def formula(self) -> list[str]:
        """The row of numbers and formulas under the head; empty where the layout has none."""
        keys = [column.key_line for column in self.columns] if self.has_formula_row else []
        return [*keys, ""] if keys and self.has_remarks else keys

    @property
    def body(self) -> SafeString:
        """Its lines, drawn."""
        return SafeString("\n".join(map(self._line, self.lines)))

    def _line(self, line: Line) -> str:
        name = escape(line.name)
        if line.code:
            name = f'<a href="{reverse("targets:table", args=[line.code, self.year])}">{name}</a>'
        return (
            f'<tr id="{self.prefix}-{line.key}" data-row="{line.key}" data-version="{line.version}">'
            f'<td class="grid-number">{line.number}</td><th scope="row" class="grid-name">{name}</th>'
            f"{_drawn(line.cells)}</tr>"
        )

    @property
    def sums(self) -> SafeString:
        """The line of the total, drawn."""
        return SafeString(
            f'<tr id="{self.prefix}-total" class="grid-total"><td class="grid-number"></td>'
            f'<th scope="row" class="grid-name">Tổng cộng</th>{_drawn(self.total)}</tr>'
        )


def _drawn(cells: Iterable[Cell]) -> str:
    return "\n".join(cell.html for cell in cells)


def grids(table: TargetTable, typing: Typing, *, only: Collection[int] = ()) -> list[Grid]:
    """The table in the layout of its plan, and folded under it what that layout leaves out, remarks included.

    ``only``: the keys of the rows to draw, where not all.
    """
    layout = LAYOUTS[table.layout]
    first, more = screen(table.layout)
    return [
        Grid(
            prefix="row",
            caption="Bảng phân bổ chỉ tiêu",
            year=table.year,
            columns=first,
            has_formula_row=layout.has_formula_row,
            lines=lines(table.rows, first, typing=typing, only=only),
            total=total_cells(table, first, typing=typing),
        ),
        Grid(
            prefix="more",
            caption="Số khẩu, hộ dân tộc thiểu số, hộ dự kiến cuối năm, ghi chú",
            year=table.year,
            columns=more,
            has_formula_row=layout.has_formula_row,
            has_remarks=True,
            lines=lines(table.rows, more, typing=typing, with_remark=True, only=only),
            total=[*total_cells(table, more, typing=typing), Cell(kind="text", text="")],
            is_open=any(column.field in ("households", "population") for column in more),
        ),
    ]


def screen(layout: LayoutName) -> tuple[Columns, Columns]:
    """Columns of both grids: every count can be typed exactly once, whatever the layout prints."""
    first = LAYOUTS[layout].columns
    shown = {column.field for column in first if column.field}
    return first, tuple(column for column in MORE if column.field not in shown or not column.field)


def heads(columns: Columns, *more: str) -> list[list[Head]]:
    """Header rows: neighbours under one group share a cell; a column without one reaches down to the last row."""
    paths = [(*column.groups, column.label) for column in columns] + [(label,) for label in more]
    depth = max(len(path) for path in paths)
    rows: list[list[Head]] = []
    for level in range(depth):
        row: list[Head] = []
        before: tuple[str, ...] = ()
        for path in paths:
            if len(path) == level + 1:
                row.append(Head(label=path[level], rows=depth - level))
            elif len(path) > level:
                if before[: level + 1] == path[: level + 1] and len(before) > level + 1:
                    row[-1] = Head(label=path[level], columns=row[-1].columns + 1)
                else:
                    row.append(Head(label=path[level]))
            before = path
        rows.append(row)
    return rows


def lines(
    rows: tuple[VillageRow, ...],
    layout: Columns,
    *,
    can_type: bool = False,
    typing: Typing | None = None,
    with_remark: bool = False,
    only: Collection[int] = (),
) -> list[Line]:
    """One line a place, of ``only`` if given; what was typed and is not stored yet stands in its cell."""
    ways = typing or Typing(is_allowed=can_type)
    labels = [", ".join(part for part in (column.group, column.label) if part) for column in layout]
    return [
        Line(
            pk=row.pk,
            key=str(row.pk),
            version=str(row.version),
            name=row.name,
            kind=row.kind,
            code=row.code,
            number=number,
            cells=(
                *_cells(row, layout, labels, ways),
                *([_remark(row, ways)] if with_remark else []),
            ),
        )
        for number, row in enumerate(rows, start=1)
        if not only or row.pk in only
    ]


def _cells(row: VillageRow, layout: Columns, labels: list[str], typing: Typing) -> list[Cell]:
    place = f"{first_upper(row.kind)} {row.name}: "
    return [
        _typed_cell(row.pk, column.field, format_count(getattr(row.figures, column.field)), place + label, typing)
        if typing.takes(column.field)
        else _cell(
            column,
            row.figures,
            typing.url(column.field, row.place_id),
            typing.remarks.get(f"{row.pk}.{column.field}", ""),
        )
        for column, label in zip(layout, labels, strict=True)
    ]


def total_cells(table: TargetTable, layout: Columns, *, typing: Typing | None = None) -> list[Cell]:
    """Sums; what is known for the unit as a whole stands in the total and says so."""
    links = typing or Typing()
    return [
        _whole(column, getattr(table.total, column.field))
        if column.field in FOR_THE_UNIT and lacks((row.figures for row in table.rows), column.field)
        else _cell(column, table.total, links.url(column.field))
        for column in layout
    ]


def _whole(column: Column, value: int | None) -> Cell:
    note = "" if value is None else "Số chung của đơn vị, ghi ở Nguồn số liệu"
    return Cell(kind=str(column.kind), text=format_count(value), note=note)


def _cell(column: Column, figures: Figures, url: str, remark: str = "") -> Cell:
    value = column.value(figures)
    note = column.why(tuple(getattr(figures, name) for name in column.operands), value) if column.sign else ""
    return Cell(kind=column.kind.value, text=column.text(value), note=note, url=url if value else "", remark=remark)


def _remark(row: VillageRow, typing: Typing) -> Cell:
    if not typing.takes(REMARK):
        return Cell(kind="text", text=row.remark)
    return _typed_cell(
        row.pk, REMARK, row.remark, f"{first_upper(row.kind)} {row.name}: {REMARK_LABEL}", typing, kind="text"
    )


def _typed_cell(pk: int, name: str, stored: str, label: str, typing: Typing, *, kind: str = "count") -> Cell:
    key = f"{pk}.{name}"
    text, wrong = typing.typed.get(key, stored), tuple(typing.errors.get(key, ()))
    return Cell(
        kind=kind,
        text=text,
        stored=stored,
        name=f"{CELL}{pk}-{name}",
        label=label,
        errors=wrong,
        is_open=bool(wrong) or text != stored,
        remark=typing.remarks.get(key, ""),
    )
