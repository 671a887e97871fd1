"""The arithmetic of the target table. Counts go in, everything else follows; no rate is computed from a rate.

``docs/rules/target-table.md`` shows the formulas on the columns of the printed table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import points, rate


def _difference(start: int | None, reduction: int | None) -> int | None:
    """A reduction that is not typed yet counts as none; an unknown start stays unknown."""
    return None if start is None else start - (reduction or 0)


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Typed counts of a village, or their sums for a unit; None is unknown, which is not zero.

    ``…_reduction`` is net: start minus end. ``expected_households`` None means as many as at the start.
    """

    households: int | None = None
    population: int | None = None
    poor_households: int | None = None
    near_poor_households: int | None = None
    poor_persons: int | None = None
    near_poor_persons: int | None = None
    poor_reduction: int | None = None
    near_poor_reduction: int | None = None
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
START_COUNTS = ("households", "population", "poor_households", "near_poor_households")


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


def missing(figures: Figures) -> tuple[str, ...]:
    """Names of start counts that are not typed yet: without them the table cannot be printed."""
    return tuple(name for name in START_COUNTS if getattr(figures, name) is None)


@dataclass(frozen=True, kw_only=True)
class NamedFigures:
    """A village as the checks speak of it; ``anchor`` leads to its line."""

    name: str
    anchor: str
    figures: Figures


LABELS = {
    "households": "tổng số hộ",
    "population": "nhân khẩu",
    "poor_households": "hộ nghèo đầu năm",
    "near_poor_households": "hộ cận nghèo đầu năm",
}


def check(rows: Sequence[NamedFigures], *, has_source: bool) -> tuple[Finding, ...]:
    """What somebody should look at before the table is printed, most serious first."""
    findings = [finding for row in rows for finding in _check_row(row)]
    if not rows:
        findings.append(
            Finding(severity=Severity.ERROR, code="no-villages", message="Bảng chưa có thôn nào.", remedy="Khai thôn")
        )
    if not has_source:
        findings.append(
            Finding(
                severity=Severity.WARNING,
                code="no-source",
                anchor="source",
                remedy="Ghi nguồn",
                message="Chưa ghi nguồn của số liệu đầu năm (văn bản công bố, nơi cung cấp, ngày chốt).",
            )
        )
    return tuple(sorted(findings, key=lambda finding: list(Severity).index(finding.severity)))


def _check_row(row: NamedFigures) -> Iterable[Finding]:
    lacking = [LABELS[name] for name in missing(row.figures)]
    if lacking:
        yield Finding(
            severity=Severity.ERROR,
            code="missing-start",
            place=row.name,
            anchor=row.anchor,
            remedy="Tới dòng",
            message=f"Chưa có {', '.join(lacking)}.",
        )
    start, end = row.figures.multidimensional_rate, row.figures.multidimensional_end_rate
    if start is not None and end is not None and end > start:
        yield Finding(
            severity=Severity.WARNING,
            code="rate-rises",
            place=row.name,
            anchor=row.anchor,
            remedy="Tới dòng",
            message="Tỷ lệ nghèo đa chiều cuối năm cao hơn đầu năm.",
        )
    if row.figures.poor_households and not row.figures.poor_reduction and not row.figures.near_poor_reduction:
        yield Finding(
            severity=Severity.HINT,
            code="no-reduction",
            place=row.name,
            anchor=row.anchor,
            remedy="Tới dòng",
            message="Có hộ nghèo nhưng chưa nhận chỉ tiêu giảm nào.",
        )
