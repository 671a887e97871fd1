"""What somebody should look at before the table is printed: pure functions over the figures."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import format_count
from targets.rules.figures import START_COUNTS, Figures, lacks, missing, table_total
from targets.rules.quotas import QuotaLine, check_quotas

LABELS = {
    "households": "tổng số hộ",
    "population": "nhân khẩu",
    "poor_households": "hộ nghèo đầu năm",
    "near_poor_households": "hộ cận nghèo đầu năm",
}
# Each class: how it is called, its households, what is reduced, what is expected to come, what must escape.
CLASSES = (
    ("hộ nghèo", "poor_households", "poor_reduction", "poor_increase", "poor_escapes"),
    ("hộ cận nghèo", "near_poor_households", "near_poor_reduction", "near_poor_increase", "near_poor_escapes"),
)
RATES = (
    ("tỷ lệ hộ nghèo", "poor_rate", "poor_end_rate"),
    ("tỷ lệ hộ cận nghèo", "near_poor_rate", "near_poor_end_rate"),
    ("tỷ lệ nghèo đa chiều", "multidimensional_rate", "multidimensional_end_rate"),
)
# A part, the whole it cannot exceed, and how both are called.
MINORITIES = (
    ("minority_households", "households", "hộ dân tộc thiểu số", "tổng số hộ"),
    ("minority_poor_households", "poor_households", "hộ nghèo dân tộc thiểu số", "hộ nghèo"),
    ("minority_near_poor_households", "near_poor_households", "hộ cận nghèo dân tộc thiểu số", "hộ cận nghèo"),
    ("minority_poor_households", "minority_households", "hộ nghèo dân tộc thiểu số", "hộ dân tộc thiểu số"),
    ("minority_near_poor_households", "minority_households", "hộ cận nghèo dân tộc thiểu số", "hộ dân tộc thiểu số"),
)
IN_MORE = {
    "minority_households": "hộ dân tộc thiểu số",
    "minority_poor_households": "hộ nghèo dân tộc thiểu số",
    "minority_near_poor_households": "hộ cận nghèo dân tộc thiểu số",
}
PERSONS = {
    "poor_persons": ("khẩu nghèo", "poor_households"),
    "near_poor_persons": ("khẩu cận nghèo", "near_poor_households"),
}
# Sums that what is typed for the unit whole is compared with.
SUMMED = ("households", "population", "poor_households", "near_poor_households")
# Severity, code and sentence.
Said = tuple[Severity, str, str]
# Practice, not law: a village whose households change by more than this within a year deserves a second look.
USUAL_CHANGE = Decimal("0.2")


@dataclass(frozen=True, kw_only=True)
class NamedFigures:
    """A village as the checks speak of it; ``anchor`` leads to its line."""

    name: str
    anchor: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class StartGap:
    """A start figure that is not what was ``recognised``: by last year's review, or in the unit's own table."""

    place: str
    anchor: str
    label: str
    stored: int | None
    recognised: int


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """What the checks need beside the rows: ``typed`` are counts of ``FOR_THE_UNIT``, of the unit whole.

    ``quotas_page`` is the address of the list of quotas, to which their findings lead.
    """

    rows: Sequence[NamedFigures]
    unlisted: Sequence[str]
    year: int
    has_source: bool
    cut_off: datetime.date | None
    typed: Mapping[str, int | None]
    quotas: Sequence[QuotaLine] = ()
    quotas_page: str = ""


def check(facts: TableFacts) -> list[Finding]:
    """What the table itself and its quotas say, most serious first; ``check_start`` looks at the year before."""
    sums = table_total((row.figures for row in facts.rows), facts.typed)
    findings = [*_check_table(facts, sums), *_check_partial(facts)]
    findings += [*_check_reductions(sums), *_check_meaning(facts, sums)]
    findings += check_quotas(facts.quotas, sums, page=facts.quotas_page)
    blank = [row for row in facts.rows if len(missing(row.figures)) == len(START_COUNTS)]
    if len(blank) > 1:
        findings.append(_check_blank(blank))
    for row in facts.rows:
        if len(blank) < 2 or row not in blank:
            findings += _check_row(row, with_population=sums.population is not None)
    return most_serious_first(findings)


def most_serious_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: list(Severity).index(finding.severity))


def _check_table(facts: TableFacts, sums: Figures) -> Iterable[Finding]:
    if not facts.rows:
        yield Finding(
            severity=Severity.ERROR,
            code="no-villages",
            remedy="Khai danh sách của đơn vị, rồi thêm vào bảng.",
            message="Bảng chưa có dòng nào.",
        )
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
    for severity, code, message in _check_unit(facts, sums):
        yield Finding(severity=severity, code=code, anchor="#source", remedy="Xem nguồn", message=message)


def _check_unit(facts: TableFacts, sums: Figures) -> Iterable[Said]:
    """What is typed for the unit whole, beside the sums that every row is in; what all rows have speaks for itself."""
    figures = [row.figures for row in facts.rows]
    whole = replace(sums, **dict.fromkeys(name for name in SUMMED if lacks(figures, name)))
    by_rows = [name for name in PERSONS if not lacks(figures, name)]
    yield from _check_persons(replace(whole, **dict.fromkeys(by_rows)))
    if any(lacks(figures, name) for name in IN_MORE):
        yield from _check_minority(whole)


def _check_persons(figures: Figures) -> Iterable[Said]:
    """Persons of a row, or of the unit as a whole where some rows have none."""
    known = {name: persons for name in PERSONS if (persons := getattr(figures, name)) is not None}
    for name, persons in known.items():
        label, households = PERSONS[name]
        listed = getattr(figures, households)
        if persons and listed == 0:
            yield Severity.ERROR, "persons-without-households", f"Có {label} nhưng không có hộ nào."
        elif listed is not None and persons < listed:
            message = f"{label.capitalize()} ít hơn số hộ: {_compared(persons, listed)}; mỗi hộ có ít nhất một khẩu."
            yield Severity.WARNING, "few-persons", message
    if figures.population is not None and sum(known.values()) > figures.population:
        labels = " và ".join(PERSONS[name][0] for name in known).capitalize()
        message = f"{labels} nhiều hơn nhân khẩu: {_compared(sum(known.values()), figures.population)}."
        yield Severity.ERROR, "persons-above-population", message


def _compared(one: int, other: int) -> str:
    return f"{format_count(one)} so với {format_count(other)}"


def _check_blank(rows: Sequence[NamedFigures]) -> Finding:
    """Rows without any start figure, named together: they are typed, or taken over, all at once."""
    return Finding(
        severity=Severity.ERROR,
        code="no-start",
        anchor="#beside",
        remedy="Lấy hoặc nhập số đầu năm",
        message=f"Chưa có số đầu năm ở {len(rows)} dòng: {', '.join(row.name for row in rows)}.",
    )


def _check_partial(facts: TableFacts) -> Iterable[Finding]:
    """Counts known for some places only, and not for the unit whole, are not the unit's."""
    rows = facts.rows
    labels = {name: label for name, (label, _) in PERSONS.items()} | IN_MORE
    for name, label in labels.items():
        known = sum(getattr(row.figures, name) is not None for row in rows)
        if 0 < known < len(rows) and facts.typed.get(name) is None:
            yield Finding(
                severity=Severity.WARNING,
                code="partial-persons" if name in PERSONS else "partial-minority",
                anchor="#more-grid",
                remedy="Tới bảng",
                message=f"{label.capitalize()} mới có ở {known} trong {len(rows)} dòng; tổng chưa phải số của đơn vị.",
            )


def check_start(start_gaps: Sequence[StartGap], year: int) -> Iterable[Finding]:
    """One finding a place for all its figures that differ from what was recognised for the year before; one for all
    that are blank, which leads to where they are taken over.
    """
    blank = list(dict.fromkeys(gap.place for gap in start_gaps if gap.stored is None))
    if blank:
        yield Finding(
            severity=Severity.WARNING,
            code="start-blank",
            anchor="#beside",
            remedy="Lấy số đầu năm",
            message=f"Bảng còn trống số đầu năm mà kết quả rà soát năm {year - 1} đã công nhận: {', '.join(blank)}.",
        )
    typed = [gap for gap in start_gaps if gap.stored is not None]
    said = f"Số đầu năm khác kết quả rà soát năm {year - 1} được công nhận"
    yield from _by_place(typed, code="start-differs", said=said, other="công nhận")


def check_units(gaps: Sequence[StartGap]) -> Iterable[Finding]:
    """One finding a unit whose start differs from that in its own approved table."""
    return _by_place(gaps, code="unit-differs", said="Số đầu năm khác bảng đã duyệt của đơn vị", other="đơn vị")


def _by_place(start_gaps: Sequence[StartGap], *, code: str, said: str, other: str) -> Iterable[Finding]:
    for place in dict.fromkeys(gap.place for gap in start_gaps):
        gaps = [gap for gap in start_gaps if gap.place == place]
        parts = (f"{gap.label} {_or_empty(gap.stored)}, {other} {format_count(gap.recognised)}" for gap in gaps)
        yield Finding(
            severity=Severity.WARNING,
            code=code,
            place=place,
            anchor=gaps[0].anchor,
            remedy="Tới dòng",
            message=f"{said}: {'; '.join(parts)}.",
        )


def _or_empty(value: int | None) -> str:
    return "trống" if value is None else format_count(value)


def _check_reductions(sums: Figures) -> Iterable[Finding]:
    if sums.listed and sums.poor_reduction is None and sums.near_poor_reduction is None:
        yield Finding(
            severity=Severity.ERROR,
            code="no-reductions",
            anchor="#row-grid",
            remedy="Tới bảng",
            message="Chưa nhập số hộ giảm ở dòng nào.",
        )


def _check_meaning(facts: TableFacts, sums: Figures) -> Iterable[Finding]:
    """A quota of households that escape needs to know who is expected to come; a net one must not be met by escapes."""
    for quota in facts.quotas:
        found = next((names for names in CLASSES if names[0] == quota.subject.label), None)
        if found is None or quota.households is None:
            continue
        label, _, reduction, increase, escapes = found
        net, gross = getattr(sums, reduction), getattr(sums, escapes)
        anchor = {"anchor": f"{facts.quotas_page}#quota-{quota.pk}", "remedy": "Xem chỉ tiêu được giao"}
        if quota.is_gross and net is not None and getattr(sums, increase) is None:
            yield Finding(
                severity=Severity.WARNING, code="gross-without-increase", place=quota.title, **anchor,
                message=f"Giao số hộ thoát nhưng bảng chưa ghi dự kiến {label} phát sinh: số thoát đang tính bằng số "
                f"giảm thực ({format_count(net)} hộ).",
            )  # fmt: skip
        if not quota.is_gross and net is not None and net < quota.households <= gross:
            yield Finding(
                severity=Severity.WARNING, code="net-met-by-gross", place=quota.title, **anchor,
                message=f"Số {label} phải thoát ({format_count(gross)}) đủ, số giảm thực ({format_count(net)}) chưa: "
                "xem lại quyết định giao số hộ thoát hay số hộ giảm.",
            )  # fmt: skip


def _check_row(row: NamedFigures, *, with_population: bool) -> Iterable[Finding]:
    figures = row.figures
    lacking = [LABELS[name] for name in missing(figures, with_population=with_population)]
    if lacking:
        yield _of(row, Severity.ERROR, "missing-start", f"Chưa có {', '.join(lacking)}.")
    if figures.population is not None and figures.households is not None and figures.population < figures.households:
        yield _of(row, Severity.WARNING, "few-people", "Nhân khẩu ít hơn tổng số hộ.")
    for severity, code, message in (*_check_persons(figures), *_check_minority(figures)):
        yield _of(row, severity, code, message)
    yield from _check_end(row)
    yield from _check_classes(row)
    if figures.poor_households and not figures.poor_reduction and not figures.near_poor_reduction:
        yield _of(row, Severity.HINT, "no-reduction", "Có hộ nghèo nhưng chưa nhận chỉ tiêu giảm nào.")


def _check_end(row: NamedFigures) -> Iterable[Finding]:
    """Households expected at the end hold those who are then poor or near-poor; how they change is worth a look."""
    figures = row.figures
    left = (figures.poor_end or 0) + (figures.near_poor_end or 0)
    if figures.expected_households is not None and left > figures.expected_households:
        message = (
            f"Tổng số hộ dự kiến cuối năm ({format_count(figures.expected_households)}) ít hơn số hộ nghèo, cận nghèo"
            f" còn lại ({format_count(left)}): tỷ lệ vượt 100 %."
        )
        yield _of(row, Severity.ERROR, "expected-too-few", message)
        return
    if _is_unusual(figures):
        yield _of(row, Severity.WARNING, "unusual-change", "Tổng số hộ dự kiến cuối năm chênh quá 20 % so với đầu năm.")
    rising = [label for label, start, end in RATES if _rises(getattr(figures, start), getattr(figures, end))]
    if rising:
        message = f"{', '.join(rising).capitalize()} cuối năm cao hơn đầu năm: tổng số hộ dự kiến cuối năm giảm."
        yield _of(row, Severity.WARNING, "rate-rises", message)


def _check_classes(row: NamedFigures) -> Iterable[Finding]:
    """Reductions within what there is, net and gross; who is expected to come needs somebody to escape."""
    for label, start, reduction, increase, escapes in CLASSES:
        have, less, more, out = (getattr(row.figures, name) for name in (start, reduction, increase, escapes))
        if have is not None and less is not None and less > have:
            message = f"Số {label} giảm nhiều hơn số {label} đầu năm: {_compared(less, have)}."
            yield _of(row, Severity.ERROR, "reduced-too-much", message)
        elif have is not None and out is not None and out > have:
            message = (
                f"Số {label} phải thoát ({format_count(less)} giảm + {format_count(more)} phát sinh = "
                f"{format_count(out)}) nhiều hơn {format_count(have)} hộ đầu năm."
            )
            yield _of(row, Severity.ERROR, "escapes-above-start", message)
        if more and not less:
            message = f"Dự kiến phát sinh {format_count(more)} {label} nhưng chưa nhận số giảm."
            yield _of(row, Severity.WARNING, "increase-without-reduction", message)


def _check_minority(figures: Figures) -> Iterable[Said]:
    for part, whole, label, of in MINORITIES:
        some, every = getattr(figures, part), getattr(figures, whole)
        if some is not None and every is not None and some > every:
            message = f"{label[:1].upper()}{label[1:]} nhiều hơn {of}: {_compared(some, every)}."
            yield Severity.ERROR, "minority-impossible", message


def _rises(start: Decimal | None, end: Decimal | None) -> bool:
    return start is not None and end is not None and end > start


def _is_unusual(figures: Figures) -> bool:
    if not figures.households or figures.expected_households is None:
        return False
    return abs(figures.expected_households - figures.households) > USUAL_CHANGE * figures.households


def _of(row: NamedFigures, severity: Severity, code: str, message: str) -> Finding:
    return Finding(severity=severity, code=code, place=row.name, anchor=row.anchor, remedy="Tới dòng", message=message)
