"""The arithmetic of the target table. Counts go in, everything else follows; no rate is computed from a rate.

``docs/rules/target-table.md`` shows the formulas on the columns of the printed table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from povertyplan.core.numbers import points, rate


def _difference(start: int | None, reduction: int | None) -> int | None:
    """A reduction that is not typed yet counts as none; an unknown start stays unknown."""
    return None if start is None else start - (reduction or 0)


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


# Counts of the start that a paper may state for the unit as a whole only.
FOR_THE_UNIT = (
    "poor_persons",
    "near_poor_persons",
    "minority_households",
    "minority_poor_households",
    "minority_near_poor_households",
)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Typed counts of a village, or their sums for a unit; None is unknown, which is not zero.

    ``…_reduction`` is net: start minus end. ``…_increase`` are the households expected to become poor meanwhile, newly
    or again: as many more must escape. ``expected_households`` None means as many as at the start.
    """

    households: int | None = None
    population: int | None = None
    poor_households: int | None = None
    near_poor_households: int | None = None
    poor_persons: int | None = None
    near_poor_persons: int | None = None
    minority_households: int | None = None
    minority_poor_households: int | None = None
    minority_near_poor_households: int | None = None
    poor_reduction: int | None = None
    near_poor_reduction: int | None = None
    poor_increase: int | None = None
    near_poor_increase: int | None = None
    expected_households: int | None = None

    @property
    def poor_rate(self) -> Decimal | None:
        return self._rate("poor_households", "households")

    @property
    def near_poor_rate(self) -> Decimal | None:
        return self._rate("near_poor_households", "households")

    @property
    def poor_reduction_rate(self) -> Decimal | None:
        """Reduction over the households of the start, as the table's formula row 8=7/1 says."""
        return self._rate("poor_reduction", "households")

    @property
    def near_poor_reduction_rate(self) -> Decimal | None:
        return self._rate("near_poor_reduction", "households")

    @property
    def minority_poor_rate(self) -> Decimal | None:
        """Poor ethnic-minority households of all ethnic-minority households."""
        return self._rate("minority_poor_households", "minority_households")

    @property
    def poor_escapes(self) -> int | None:
        """Gross: households that must escape for the net reduction to come out."""
        return None if self.poor_reduction is None else self.poor_reduction + (self.poor_increase or 0)

    @property
    def near_poor_escapes(self) -> int | None:
        return None if self.near_poor_reduction is None else self.near_poor_reduction + (self.near_poor_increase or 0)

    @property
    def poor_end(self) -> int | None:
        return _difference(self.poor_households, self.poor_reduction)

    @property
    def near_poor_end(self) -> int | None:
        return _difference(self.near_poor_households, self.near_poor_reduction)

    @property
    def poor_end_rate_on_start(self) -> Decimal | None:
        """End over the households of the start: only where a layout's formula row says 12=11/1."""
        return self._rate("poor_end", "households")

    @property
    def near_poor_end_rate_on_start(self) -> Decimal | None:
        return self._rate("near_poor_end", "households")

    @property
    def households_end(self) -> int | None:
        return self.households if self.expected_households is None else self.expected_households

    @property
    def poor_end_rate(self) -> Decimal | None:
        """End over the households expected at the end: what every check and text uses."""
        return self._rate("poor_end", "households_end")

    @property
    def near_poor_end_rate(self) -> Decimal | None:
        return self._rate("near_poor_end", "households_end")

    @property
    def listed(self) -> int | None:
        """Poor and near-poor households at the start."""
        return _sum(self.poor_households, self.near_poor_households)

    @property
    def listed_end(self) -> int | None:
        return _sum(self.poor_end, self.near_poor_end)

    @property
    def multidimensional_rate(self) -> Decimal | None:
        return self._rate("listed", "households")

    @property
    def multidimensional_end_rate(self) -> Decimal | None:
        return self._rate("listed_end", "households_end")

    @property
    def poor_points(self) -> Decimal | None:
        """Fall of the poverty rate from start to end, in percentage points."""
        return self._points("poor_households", "poor_end")

    @property
    def near_poor_points(self) -> Decimal | None:
        return self._points("near_poor_households", "near_poor_end")

    @property
    def multidimensional_points(self) -> Decimal | None:
        return self._points("listed", "listed_end")

    @property
    def has_rounded_points(self) -> bool:
        """Some fall in points is not the difference of the two rates as they are shown."""
        falls = (
            (self.poor_points, self.poor_rate, self.poor_end_rate),
            (self.near_poor_points, self.near_poor_rate, self.near_poor_end_rate),
            (self.multidimensional_points, self.multidimensional_rate, self.multidimensional_end_rate),
        )
        return any(
            fall is not None and start is not None and end is not None and fall != start - end
            for fall, start, end in falls
        )

    def _rate(self, part: str, whole: str) -> Decimal | None:
        return rate(self._whole(part), self._whole(whole))

    def _points(self, start: str, end: str) -> Decimal | None:
        counts = [self._whole(name) for name in (start, "households", end, "households_end")]
        if None in counts:
            return None
        before, households, after, households_end = (count or 0 for count in counts)
        return points((before, households), (after, households_end))

    def _whole(self, name: str) -> int | None:
        """A count, where it may make a rate."""
        found: int | None = getattr(self, name)
        return found


@dataclass(frozen=True, kw_only=True)
class PartialSums(Figures):
    """Sums of rows of which some lack a count, ``partial`` names those: they make no rate, which would set the
    households of some rows against those of others. A reduction that is not typed is none, so it lacks nowhere.
    """

    partial: frozenset[str]

    def _whole(self, name: str) -> int | None:
        return None if name in self.partial else super()._whole(name)


COUNTS = tuple(field.name for field in fields(Figures))
START_COUNTS = ("households", "poor_households", "near_poor_households")
OF_A_RATE = (
    *START_COUNTS, "minority_households", "minority_poor_households", "poor_end", "near_poor_end", "listed",
    "listed_end", "households_end",
)  # fmt: skip
"""What a rate is made of, reductions apart."""


def total(rows: Iterable[Figures]) -> Figures:
    """Sums of what is known; a count that no row knows stays unknown.

    Expected households are summed over all rows as soon as one row differs from its start.
    """
    known = list(rows)
    sums = {
        name: sum(values) if (values := [value for row in known if (value := getattr(row, name)) is not None]) else None
        for name in COUNTS
    }
    if sums["expected_households"] is not None:
        sums["expected_households"] = sum(row.households_end or 0 for row in known)
    return Figures(**sums)


def table_total(rows: Iterable[Figures], typed: Mapping[str, int | None] | None = None) -> Figures:
    """The total row of one unit's table: a count that only some rows know makes no rate (``PartialSums``).

    ``typed`` are counts of ``FOR_THE_UNIT`` as written for the unit whole: they stand, and make rates, where some row
    has none of its own; without them such a count is not known.
    """
    listed = list(rows)
    whole = {name: value for name, value in (typed or {}).items() if not listed or lacks(listed, name)}
    partial = {name for name in OF_A_RATE if len({getattr(row, name) is None for row in listed}) > 1}
    partial -= {name for name, value in whole.items() if value is not None}
    sums = asdict(total(listed)) | whole
    return PartialSums(**sums, partial=frozenset(partial)) if partial else Figures(**sums)


def lacks(rows: Iterable[Figures], name: str) -> bool:
    """Some row does not have the count."""
    return any(getattr(row, name) is None for row in rows)


def missing(figures: Figures, *, with_population: bool = False) -> tuple[str, ...]:
    """Names of start counts that are not typed yet: without them the table cannot be printed.

    Population may be unknown for the whole unit; known for some villages only it would add up wrongly.
    """
    names = (*START_COUNTS, "population") if with_population else START_COUNTS
    return tuple(name for name in names if getattr(figures, name) is None)
