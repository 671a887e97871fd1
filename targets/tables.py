"""The target table as a page shows it: each cell with its text, its input name and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from povertyplan.core.numbers import format_count
from povertyplan.core.text import first_upper
from targets.forms.table import CELL
from targets.layouts import Column
from targets.rules.figures import Figures
from targets.selectors.tables import TargetTable, VillageRow


@dataclass(frozen=True, kw_only=True)
class Cell:
    """``name`` is empty for a cell that cannot be typed; ``note`` says from what it is computed.

    ``label`` names the cell to who does not see the header. ``stored`` is what the database holds where ``text`` is
    what was typed and refused; such a cell ``is_open``.
    """

    kind: str
    text: str
    stored: str = ""
    name: str = ""
    label: str = ""
    note: str = ""
    errors: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    pk: int
    version: int
    name: str
    kind: str
    number: int
    cells: tuple[Cell, ...]


Problems = Mapping[str, list[str]]
Typed = Mapping[str, str]


def lines(
    rows: tuple[VillageRow, ...],
    layout: tuple[Column, ...],
    *,
    can_type: bool,
    errors: Problems | None = None,
    typed: Typed | None = None,
) -> list[Line]:
    """One line a village; what was ``typed`` and is not stored yet stands in its cell."""
    return [
        Line(
            pk=row.pk,
            version=row.version,
            name=row.name,
            kind=row.kind,
            number=number,
            cells=tuple(
                _typed_cell(row, column, errors or {}, typed or {})
                if can_type and column.field
                else _cell(column, row.figures)
                for column in layout
            ),
        )
        for number, row in enumerate(rows, start=1)
    ]


def total_cells(table: TargetTable, layout: tuple[Column, ...]) -> list[Cell]:
    """Sums; persons that are known for the unit as a whole stand in the total and say so."""
    whole = {"poor_persons": table.poor_persons, "near_poor_persons": table.near_poor_persons}
    return [
        _whole(column, whole[column.field])
        if column.field in whole and whole[column.field] != getattr(table.total, column.field)
        else _cell(column, table.total)
        for column in layout
    ]


def _whole(column: Column, persons: int | None) -> Cell:
    note = "" if persons is None else "Số chung của đơn vị, ghi ở Nguồn số liệu"
    return Cell(kind=str(column.kind), text=format_count(persons), note=note)


def _cell(column: Column, figures: Figures) -> Cell:
    return Cell(kind=str(column.kind), text=_text(column, figures), note=_note(column, figures))


def _typed_cell(row: VillageRow, column: Column, errors: Problems, typed: Typed) -> Cell:
    key = f"{row.pk}.{column.field}"
    stored = _text(column, row.figures)
    text, wrong = typed.get(key, stored), tuple(errors.get(key, ()))
    return Cell(
        kind=str(column.kind),
        text=text,
        stored=stored,
        name=f"{CELL}{row.pk}-{column.field}",
        label=f"{first_upper(row.kind)} {row.name}: {column.group}, {column.label}",
        errors=wrong,
        is_open=bool(wrong) or text != stored,
    )


def _text(column: Column, figures: Figures) -> str:
    return column.text(column.value(figures))


def _note(column: Column, figures: Figures) -> str:
    """From what a computed cell follows: «3 / 426 = 0,70 %»."""
    return column.why(tuple(getattr(figures, name) for name in column.operands), column.value(figures))
