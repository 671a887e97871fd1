"""The arithmetic of the target table. Counts go in, everything else follows; no rate is computed from a rate.

``docs/rules/target-table.md`` shows the formulas on the columns of the printed table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

from povertyplan.core.numbers import points, rate


def _difference(start: int | None, reduction: int | None) -> int | None:
    """A reduction that is not typed yet counts as none; an unknown start stays unknown."""
    return None if start is None else start - (reduction or 0)


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


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
        return rate(self.poor_households, self.households)

    @property
    def near_poor_rate(self) -> Decimal | None:
        return rate(self.near_poor_households, self.households)

    @property
    def poor_reduction_rate(self) -> Decimal | None:
        """Reduction over the households of the start, as the table's formula row 8=7/1 says."""
        return rate(self.poor_reduction, self.households)

    @property
    def near_poor_reduction_rate(self) -> Decimal | None:
        return rate(self.near_poor_reduction, self.households)

    @property
    def minority_poor_rate(self) -> Decimal | None:
        """Poor ethnic-minority households of all ethnic-minority households."""
        return rate(self.minority_poor_households, self.minority_households)

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
        return rate(self.poor_end, self.households)

    @property
    def near_poor_end_rate_on_start(self) -> Decimal | None:
        return rate(self.near_poor_end, self.households)

    @property
    def households_end(self) -> int | None:
        return self.households if self.expected_households is None else self.expected_households

    @property
    def poor_end_rate(self) -> Decimal | None:
        """End over the households expected at the end: what every check and text uses."""
        return rate(self.poor_end, self.households_end)

    @property
    def near_poor_end_rate(self) -> Decimal | None:
        return rate(self.near_poor_end, self.households_end)

    @property
    def listed(self) -> int | None:
        """Poor and near-poor households at the start."""
        return _sum(self.poor_households, self.near_poor_households)

    @property
    def listed_end(self) -> int | None:
        return _sum(self.poor_end, self.near_poor_end)

    @property
    def multidimensional_rate(self) -> Decimal | None:
        return rate(self.listed, self.households)

    @property
    def multidimensional_end_rate(self) -> Decimal | None:
        return rate(self.listed_end, self.households_end)

    @property
    def poor_points(self) -> Decimal | None:
        """Fall of the poverty rate from start to end, in percentage points."""
        return self._points(self.poor_households, self.poor_end)

    @property
    def near_poor_points(self) -> Decimal | None:
        return self._points(self.near_poor_households, self.near_poor_end)

    @property
    def multidimensional_points(self) -> Decimal | None:
        return self._points(self.listed, self.listed_end)

    def _points(self, start: int | None, end: int | None) -> Decimal | None:
        if start is None or end is None or self.households is None or self.households_end is None:
            return None
        return points((start, self.households), (end, self.households_end))


COUNTS = tuple(field.name for field in fields(Figures))
START_COUNTS = ("households", "poor_households", "near_poor_households")


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


def missing(figures: Figures, *, with_population: bool = False) -> tuple[str, ...]:
    """Names of start counts that are not typed yet: without them the table cannot be printed.

    Population may be unknown for the whole unit; known for some villages only it would add up wrongly.
    """
    names = (*START_COUNTS, "population") if with_population else START_COUNTS
    return tuple(name for name in names if getattr(figures, name) is None)
