"""The summary tables of a review: what each household adds to which figure, and the tables filled in.

Layouts are in ``summary_layouts``. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from households.rules.summary_layouts import CHILDREN, HOUSEHOLDS, MOVEMENT, PERSONS, Column, Layer, Layout
from povertyplan.core.numbers import rate

Figures = Mapping[str, int | None]


# What one household, or a group of alike ones, adds


@dataclass(frozen=True, kw_only=True)
class Group:
    """Households alike in everything the tables tell apart, with their sums; a single household is a group of 1.

    ``ethnicity`` is 0 and ``is_minority_head`` None where the head's is not written down.
    """

    village: int
    category: str
    is_minority: bool
    has_no_labour: bool
    is_merit: bool
    ethnicity: int
    is_minority_head: bool | None
    households: int
    persons: int
    children: int
    malnourished: int
    uninsured: int
    out_of_school: int


def group_figures(group: Group) -> Iterator[tuple[str, int]]:
    """The keys of tables 1, 4–9 and 11 to which the group adds, with how much."""
    codes = [group.category, *(f"{group.category}:{code}" for code in _codes(group))]
    for code in codes:
        yield f"{HOUSEHOLDS}.{code}", group.households
        yield f"{PERSONS}.{code}", group.persons
    yield f"{CHILDREN}.{group.category}", group.children
    for code in ("malnourished", "uninsured", "out_of_school"):
        yield f"{CHILDREN}.{group.category}:{code}", getattr(group, code)


def _codes(group: Group) -> Iterator[str]:
    flags = {"minority": group.is_minority, "no_labour": group.has_no_labour, "merit": group.is_merit}
    yield from (code for code, is_so in flags.items() if is_so)
    if not any(flags.values()):
        yield "none"
    yield f"ethnicity:{group.ethnicity}"
    if group.is_minority_head is not None:
        yield "minorities" if group.is_minority_head else "majority"


def transition_figures(
    transition: str, *, households: int, persons: int, from_persons: int, is_listed: bool, groups: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """The keys of table 12; a household that left the lists counts with the persons it had."""
    if not transition:
        return
    heads = persons if is_listed else from_persons
    for group in ("all", *groups):
        yield f"{HOUSEHOLDS}.{group}:{transition}", households
        yield f"{PERSONS}.{group}:{transition}", heads


# The tables filled in


@dataclass(frozen=True, kw_only=True)
class Place:
    """A village as a row names it."""

    pk: int
    name: str
    kind: str


class SummaryCell(NamedTuple):
    """``value`` of a count, ``rate`` = ``value`` / ``whole`` × 100 of a rate; None is unknown and prints blank."""

    column: Column
    key: str
    value: int | None
    whole: int | None = None

    @property
    def rate(self) -> Decimal | None:
        return rate(self.value, self.whole)


@dataclass(frozen=True, kw_only=True)
class SummaryLine:
    layer: Layer
    cells: tuple[SummaryCell, ...]


@dataclass(frozen=True, kw_only=True)
class SummaryRow:
    """``place`` is None in the total."""

    place: Place | None
    lines: tuple[SummaryLine, ...]


@dataclass(frozen=True, kw_only=True)
class SummaryTable:
    layout: Layout
    is_official: bool
    rows: tuple[SummaryRow, ...]
    total: SummaryRow

    @property
    def title(self) -> str:
        return self.layout.titled(is_official=self.is_official)

    def line(self, village: int | None, layer: str) -> SummaryLine:
        """Raises KeyError for a village or layer that the table does not have."""
        rows = {row.place.pk if row.place else None: row for row in (*self.rows, self.total)}
        return {line.layer.code: line for line in rows[village].lines}[layer]


def fill(layout: Layout, places: Sequence[Place], figures: Mapping[int, Figures], *, is_official: bool) -> SummaryTable:
    """The table with its total. A figure that is missing is 0; one that is None is unknown, and so is its sum."""
    plan = [(layer, [_plan(layout, layer, column) for column in layout.columns]) for layer in layout.layers]
    used = {key for _, columns in plan for _, key, whole in columns for key in (key, whole) if key}
    sums: dict[str, int | None] = dict.fromkeys(used, 0)
    for place in places:
        known = figures.get(place.pk, {})
        for key in used:
            value, before = known.get(key, 0), sums[key]
            sums[key] = None if value is None or before is None else before + value
    rows = () if layout.is_total_only else tuple(_row(plan, place, figures.get(place.pk, {})) for place in places)
    return SummaryTable(layout=layout, is_official=is_official, rows=rows, total=_row(plan, None, sums))


Planned = tuple[Column, str, str]


def _plan(layout: Layout, layer: Layer, column: Column) -> Planned:
    """A column with the keys of its figure and of what it divides by."""
    return column, layout.key(layer, column), layout.whole_key(layer, column)


def _row(plan: Sequence[tuple[Layer, Sequence[Planned]]], place: Place | None, figures: Figures) -> SummaryRow:
    known = figures.get
    return SummaryRow(
        place=place,
        lines=tuple(
            SummaryLine(
                layer=layer,
                cells=tuple(
                    [
                        SummaryCell(column, key, known(key, 0), known(whole, 0) if whole else None)
                        for column, key, whole in columns
                    ]
                ),
            )
            for layer, columns in plan
        ),
    )


def breaks(table: SummaryTable) -> list[str]:
    """Where the formula row of tables 2 and 3 does not hold; empty by construction, asked by tests and checks."""
    if table.layout.number not in MOVEMENT:
        return []
    found = []
    for row in (*table.rows, table.total):
        for line in row.lines:
            first, *minus_plus, last = (cell.value or 0 for cell in line.cells)
            if last != first - sum(minus_plus[:3]) + sum(minus_plus[3:]):
                found.append(f"{row.place.name if row.place else 'Tổng'}, {line.layer.title}")
    return found
