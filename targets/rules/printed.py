"""Paper against data: every printed cell of a target table, and every rate in a sentence, is worked out again.

Typed counts are compared with those stored; sums, ends and rates must follow from the counts that the paper itself
prints or from those stored, so that one wrong cell is one difference. What is called right is always what the stored
counts give. ``docs/rules/target-table.md`` shows the real cases.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import format_count, format_rate, rate
from povertyplan.core.text import first_upper, plain
from targets.rules.columns import Column, Kind, Layout, Sign
from targets.rules.figures import Figures, total
from targets.rules.pasted import Printed, PrintedRow, read_cell

PARTS = {"listed": ("poor_households", "near_poor_households"), "listed_end": ("poor_end", "near_poor_end")}
# Rates that people make out of two rounded ones, which is where hundredths go astray.
ROUNDED = {
    "poor_end_rate_on_start": ("poor_rate", Sign.LESS, "poor_reduction_rate"),
    "near_poor_end_rate_on_start": ("near_poor_rate", Sign.LESS, "near_poor_reduction_rate"),
    "multidimensional_rate": ("poor_rate", Sign.AND, "near_poor_rate"),
    "multidimensional_end_rate": ("poor_end_rate", Sign.AND, "near_poor_end_rate"),
    "multidimensional_points": ("poor_points", Sign.AND, "near_poor_points"),
}
SAID = {
    "poor_rate": "Tỷ lệ hộ nghèo đầu năm",
    "near_poor_rate": "Tỷ lệ hộ cận nghèo đầu năm",
    "poor_points": "Mức giảm tỷ lệ hộ nghèo",
    "near_poor_points": "Mức giảm tỷ lệ hộ cận nghèo",
    "multidimensional_points": "Mức giảm tỷ lệ nghèo đa chiều",
    "poor_end_rate": "Tỷ lệ hộ nghèo cuối năm",
    "near_poor_end_rate": "Tỷ lệ hộ cận nghèo cuối năm",
    "multidimensional_end_rate": "Tỷ lệ nghèo đa chiều cuối năm",
}
FRACTIONS = {
    "poor_rate": ("poor_households", "households"),
    "near_poor_rate": ("near_poor_households", "households"),
    "poor_end_rate": ("poor_end", "households_end"),
    "near_poor_end_rate": ("near_poor_end", "households_end"),
    "multidimensional_end_rate": ("listed_end", "households_end"),
    "poor_points": ("poor_households", "households", "poor_end", "households_end"),
    "near_poor_points": ("near_poor_households", "households", "near_poor_end", "households_end"),
    "multidimensional_points": ("listed", "households", "listed_end", "households_end"),
}
EMPTY = "trống"


class Cause(StrEnum):
    UNREADABLE = "unreadable"
    STORED = "stored"
    SUM = "sum"
    COMPUTED = "computed"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A row of the stored table, as the paper may name it."""

    name: str
    kind: str
    figures: Figures

    @property
    def title(self) -> str:
        return first_upper(f"{self.kind} {self.name}")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A printed figure that is not right. ``key`` is the number of its column, empty for a figure in a sentence."""

    cause: Cause
    place: str
    key: str
    title: str
    printed: str
    right: str
    why: str

    @property
    def where(self) -> str:
        """«Thôn Thượng, cột 14»"""
        return f"{self.place}, cột {self.key}" if self.key else self.place

    @property
    def finding(self) -> Finding:
        return Finding(
            severity=Severity.ERROR,
            code=f"printed-{self.cause}",
            place=f"{self.where} ({self.title})",
            message=f"Bản giấy ghi {self.printed}, đúng là {self.right}. {self.why}".strip(),
        )


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """``cells`` were compared; ``remarks`` are what concerns no single cell."""

    cells: int
    differences: tuple[Difference, ...]
    remarks: tuple[Finding, ...]

    @property
    def agreeing(self) -> int:
        return self.cells - len(self.differences)


def compare(printed: Printed, layout: Layout, places: Sequence[Place]) -> Comparison:
    """Every cell of the paper against what is stored and against the paper's own counts."""
    known = {id(row): _match(row.name, places) for row in printed.places}
    differences = [difference for row in printed.places for difference in _compare_row(row, layout, known[id(row)])]
    if printed.total:
        differences += _compare_total(printed, printed.total, layout, places)
    return Comparison(
        cells=sum(len(row.cells) for row in printed.rows),
        differences=tuple(differences),
        remarks=tuple(_remarks(printed, places, known)),
    )


def said(figures: Figures, typed: Mapping[str, str]) -> tuple[Difference, ...]:
    """Rates and points in the text of a plan: ``{name of ``SAID``: as printed}``; empty ones are passed over."""
    found = []
    for name, text in typed.items():
        cell = read_cell(text, Kind.RATE)
        right: Decimal | None = getattr(figures, name)
        if not cell.text or (cell.value == right and not cell.problem):
            continue
        why = cell.problem or f"{_fraction(figures, name, right)}{_astray(name, cell.value, figures)}"
        found.append(
            Difference(
                cause=Cause.UNREADABLE if cell.problem else Cause.COMPUTED, place="Lời văn", key="", title=SAID[name],
                printed=cell.text, right=format_rate(right) or EMPTY, why=why,
            )
        )  # fmt: skip
    return tuple(found)


def _fraction(figures: Figures, name: str, right: Decimal | None) -> str:
    counts = [getattr(figures, operand) for operand in FRACTIONS[name]]
    if right is None or None in counts:
        return "Chưa đủ số để tính."
    halves = [
        f"{format_count(part)} / {format_count(whole)}" for part, whole in zip(counts[::2], counts[1::2], strict=True)
    ]
    return f"{' − '.join(halves)} = {format_rate(right)}{' điểm %' if len(halves) > 1 else ' %'}."


def _compare_row(row: PrintedRow, layout: Layout, place: Place | None) -> Iterable[Difference]:
    title = place.title if place else row.name
    figures = _printed_figures(row, layout, place.figures if place else Figures())
    for column in layout.columns:
        if column.field:
            stored = column.value(place.figures) if place else None
            right = stored if place else row.value(column)
            why = "Số trong bảng chỉ tiêu." if stored is not None else "Bảng chỉ tiêu chưa có số này."
            yield from _differing(row, column, title, right, why, Cause.STORED)
        else:
            yield from _compare_computed(row, layout, column, title, figures, place.figures if place else None)


def _compare_computed(
    row: PrintedRow, layout: Layout, column: Column, title: str, figures: Figures, stored: Figures | None
) -> Iterable[Difference]:
    operands = tuple(_operand(row, layout, name, figures) for name in column.operands)
    right = _worked_out(column, operands)
    if stored is not None and row.value(column) != right:
        kept: tuple[int | None, ...] = tuple(getattr(stored, name) for name in column.operands)
        operands, right = (operands, right) if None in kept else (kept, _worked_out(column, kept))
    why = f"{column.why(operands, right)}.{_astray(column.name, row.value(column), figures)}"
    yield from _differing(row, column, title, right, why, Cause.COMPUTED)


def _compare_total(printed: Printed, row: PrintedRow, layout: Layout, places: Sequence[Place]) -> Iterable[Difference]:
    """Counts are the sums of the rows above; rates follow from the printed total counts, never from other rates."""
    stored = total(place.figures for place in places)
    figures = _printed_figures(row, layout, stored)
    for column in layout.columns:
        if column.kind == Kind.RATE:
            yield from _compare_computed(row, layout, column, "Tổng cộng", figures, stored)
            continue
        values = [value for place in printed.places if (value := place.value(column)) is not None]
        right = int(sum(values)) if values else None
        why = f"Cộng {len(printed.places)} dòng của bản giấy."
        known = column.value(stored)
        if known is not None and right not in (known, row.value(column)):
            right, why = int(known), f"Cộng {len(places)} dòng của bảng chỉ tiêu."
        yield from _differing(row, column, "Tổng cộng", right, why, Cause.SUM)


def _differing(
    row: PrintedRow, column: Column, title: str, right: int | Decimal | None, why: str, cause: Cause
) -> Iterable[Difference]:
    cell = row.cells[column.key]
    if not cell.problem and (cell.value or 0) == (right or 0) and (cell.text or not right):
        return
    yield Difference(
        cause=Cause.UNREADABLE if cell.problem else cause,
        place=title,
        key=column.key,
        title=column.title,
        printed=cell.text or EMPTY,
        right=column.text(right) or EMPTY,
        why=" ".join(filter(None, (cell.problem, why.strip(" ").removeprefix(".").strip()))),
    )


def _printed_figures(row: PrintedRow, layout: Layout, stored: Figures) -> Figures:
    """The stored counts with those that the paper prints in their place."""
    typed = {
        column.field: int(value)
        for column in layout.columns
        if column.field and (value := row.value(column)) is not None
    }
    return replace(stored, **typed)


def _operand(row: PrintedRow, layout: Layout, name: str, figures: Figures) -> int | None:
    """As the paper prints it where it does; else from the counts."""
    if name in PARTS:
        parts = [_operand(row, layout, part, figures) for part in PARTS[name]]
        return None if None in parts else sum(part for part in parts if part is not None)
    column = layout.showing(name)
    value = row.value(column) if column else None
    if value is not None:
        return int(value)
    known: int | None = getattr(figures, name)
    return known


def _worked_out(column: Column, operands: tuple[int | None, ...]) -> int | Decimal | None:
    one, other = operands
    if column.sign == Sign.OVER:
        return rate(one, other)
    if one is None:
        return None
    return one - (other or 0) if column.sign == Sign.LESS else one + (other or 0)


def _astray(name: str, printed: Decimal | None, figures: Figures) -> str:
    """Says so where the printed rate is the sum or difference of two rounded ones."""
    if name not in ROUNDED or printed is None:
        return ""
    first, sign, second = ROUNDED[name]
    one, other = getattr(figures, first), getattr(figures, second)
    if one is None or other is None or printed != (one - other if sign == Sign.LESS else one + other):
        return ""
    return f" Bản giấy lấy {format_rate(one)} {sign} {format_rate(other)}, hai số đã làm tròn."


def _match(name: str, places: Sequence[Place]) -> Place | None:
    """The place of that name, with or without its word, accents aside only where nobody else fits."""
    written = name.casefold()
    for same in (str.casefold, plain):
        fitting = [place for place in places if same(written) in {same(place.name), same(f"{place.kind} {place.name}")}]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _remarks(printed: Printed, places: Sequence[Place], known: Mapping[int, Place | None]) -> Iterable[Finding]:
    """What concerns the paper as a whole: lines, names, the total."""
    for problem in printed.problems:
        yield Finding(severity=Severity.ERROR, code="printed-line", message=problem)
    if not printed.rows:
        yield Finding(severity=Severity.ERROR, code="printed-nothing", message="Không đọc được dòng nào của bảng.")
        return
    for row in printed.places:
        if known[id(row)] is None:
            yield _unknown(row.name, places)
    named = [place.title for place in known.values() if place]
    for title in sorted({title for title in named if named.count(title) > 1}):
        yield Finding(severity=Severity.ERROR, code="printed-twice", place=title, message="Bản giấy có hơn một dòng.")
    for place in places:
        if place.title not in named:
            yield Finding(
                severity=Severity.ERROR,
                code="printed-missing",
                place=place.title,
                message="Bản giấy không có dòng này.",
            )
    if printed.total is None:
        yield Finding(severity=Severity.WARNING, code="printed-no-total", message="Bản giấy chưa có dòng tổng cộng.")
    if printed.dotted:
        yield Finding(
            severity=Severity.HINT,
            code="printed-dotted",
            message=f"{len(printed.dotted)} ô ghi phần lẻ bằng dấu chấm («{printed.dotted[0]}»), đọc là "
            f"{printed.dotted[0].replace('.', ',')}; văn bản ghi dấu phẩy, dấu chấm để ngăn hàng nghìn.",
        )


def _unknown(name: str, places: Sequence[Place]) -> Finding:
    near = difflib.get_close_matches(plain(name), [plain(place.name) for place in places], n=1)
    meant = next((place.title for place in places if near and plain(place.name) == near[0]), "")
    return Finding(
        severity=Severity.ERROR,
        code="printed-unknown",
        place=name,
        message=f"Không có trong bảng chỉ tiêu.{f' Gần giống: {meant}.' if meant else ''}",
    )
