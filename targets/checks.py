"""What somebody should look at before the table is printed: pure functions over the figures."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import format_count
from targets.rules.figures import Figures, missing, total

LABELS = {
    "households": "tổng số hộ",
    "population": "nhân khẩu",
    "poor_households": "hộ nghèo đầu năm",
    "near_poor_households": "hộ cận nghèo đầu năm",
}
PERSONS = {
    "poor_persons": ("khẩu nghèo", "poor_households"),
    "near_poor_persons": ("khẩu cận nghèo", "near_poor_households"),
}
# Practice, not law: a village whose households change by more than this within a year deserves a second look.
USUAL_CHANGE = Decimal("0.2")


@dataclass(frozen=True, kw_only=True)
class NamedFigures:
    """A village as the checks speak of it; ``anchor`` leads to its line."""

    name: str
    anchor: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """What the checks need beside the rows: ``poor_persons`` and ``near_poor_persons`` are of the whole unit."""

    rows: Sequence[NamedFigures]
    unlisted: Sequence[str]
    year: int
    has_source: bool
    cut_off: datetime.date | None
    poor_persons: int | None
    near_poor_persons: int | None


def check(facts: TableFacts) -> tuple[Finding, ...]:
    """All findings, most serious first."""
    sums = total(row.figures for row in facts.rows)
    findings = [*_check_table(facts, sums), *_check_partial(facts.rows)]
    for row in facts.rows:
        findings += _check_row(row, with_population=sums.population is not None)
    return tuple(sorted(findings, key=lambda finding: list(Severity).index(finding.severity)))


def _check_table(facts: TableFacts, sums: Figures) -> Iterable[Finding]:
    if not facts.rows:
        yield Finding(severity=Severity.ERROR, code="no-villages", message="Bảng chưa có dòng nào.")
    for name in facts.unlisted:
        yield Finding(
            severity=Severity.ERROR,
            code="unlisted",
            place=name,
            anchor="#add-villages",
            remedy="Thêm vào bảng",
            message="Có trong danh sách của đơn vị nhưng chưa có trong bảng chỉ tiêu.",
        )
    if not facts.has_source:
        yield Finding(
            severity=Severity.WARNING,
            code="no-source",
            anchor="#source",
            remedy="Ghi nguồn",
            message="Chưa ghi nguồn của số liệu đầu năm (văn bản công bố, nơi cung cấp, ngày chốt).",
        )
    if facts.cut_off and facts.cut_off.year > facts.year:
        yield Finding(
            severity=Severity.WARNING,
            code="late-cut-off",
            anchor="#source",
            remedy="Xem nguồn",
            message=f"Ngày chốt số liệu sau năm {facts.year} của kế hoạch.",
        )
    for name, (label, _) in PERSONS.items():
        persons = getattr(facts, name)
        if persons is not None and sums.population is not None and persons > sums.population:
            yield Finding(
                severity=Severity.ERROR,
                code="persons-above-population",
                anchor="#source",
                remedy="Xem nguồn",
                message=f"{label.capitalize()} nhiều hơn nhân khẩu: {_compared(persons, sums.population)}.",
            )


def _compared(one: int, other: int) -> str:
    return f"{format_count(one)} so với {format_count(other)}"


def _check_partial(rows: Sequence[NamedFigures]) -> Iterable[Finding]:
    """Persons known for some villages only add up to a figure that is not the unit's."""
    for name, (label, _) in PERSONS.items():
        known = sum(getattr(row.figures, name) is not None for row in rows)
        if 0 < known < len(rows):
            yield Finding(
                severity=Severity.WARNING,
                code="partial-persons",
                anchor="#more-grid",
                remedy="Tới bảng",
                message=f"{label.capitalize()} mới có ở {known} trong {len(rows)} dòng; tổng chưa phải số của đơn vị.",
            )


def _check_row(row: NamedFigures, *, with_population: bool) -> Iterable[Finding]:
    figures = row.figures
    lacking = [LABELS[name] for name in missing(figures, with_population=with_population)]
    if lacking:
        yield _of(row, Severity.ERROR, "missing-start", f"Chưa có {', '.join(lacking)}.")
    if figures.population is not None and figures.households is not None and figures.population < figures.households:
        yield _of(row, Severity.WARNING, "few-people", "Nhân khẩu ít hơn tổng số hộ.")
    for name, (label, households) in PERSONS.items():
        persons, listed = getattr(figures, name), getattr(figures, households)
        if persons is not None and listed is not None and persons < listed:
            yield _of(row, Severity.WARNING, "few-persons", f"{label.capitalize()} ít hơn số hộ.")
        if persons and listed == 0:
            yield _of(row, Severity.ERROR, "persons-without-households", f"Có {label} nhưng không có hộ nào.")
    if _is_unusual(figures):
        yield _of(row, Severity.WARNING, "unusual-change", "Tổng số hộ dự kiến cuối năm chênh quá 20 % so với đầu năm.")
    start, end = figures.multidimensional_rate, figures.multidimensional_end_rate
    if start is not None and end is not None and end > start:
        yield _of(row, Severity.WARNING, "rate-rises", "Tỷ lệ nghèo đa chiều cuối năm cao hơn đầu năm.")
    if figures.poor_households and not figures.poor_reduction and not figures.near_poor_reduction:
        yield _of(row, Severity.HINT, "no-reduction", "Có hộ nghèo nhưng chưa nhận chỉ tiêu giảm nào.")


def _is_unusual(figures: Figures) -> bool:
    if not figures.households or figures.expected_households is None:
        return False
    return abs(figures.expected_households - figures.households) > USUAL_CHANGE * figures.households


def _of(row: NamedFigures, severity: Severity, code: str, message: str) -> Finding:
    return Finding(severity=severity, code=code, place=row.name, anchor=row.anchor, remedy="Tới dòng", message=message)
