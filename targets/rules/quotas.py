"""What an assigned quota asks for, in whole households, and whether the plan meets it.

A rate is kept as assigned and compared as people read it: the plan's rate, rounded half up to two decimals, is not
above the assigned one; the plan's points, rounded likewise, are not below. The rounding is solved in exact numbers.
``docs/rules/quotas.md`` shows each form on an example.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import format_count, format_rate, points, rate
from povertyplan.core.text import first_upper
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.rules.figures import Figures

Value = TypeVar("Value")

HALF_HUNDREDTH = Fraction(1, 200)


@dataclass(frozen=True, kw_only=True)
class QuotaLine:
    """One number of one decision, as assigned. ``households`` for a number of households, ``rate`` for the others."""

    issuer: QuotaIssuer
    subject: QuotaSubject
    form: QuotaForm
    meaning: Meaning = Meaning.NET
    households: int | None = None
    rate: Decimal | None = None
    paper: str = ""
    note: str = ""
    pk: int = 0
    version: int = 0

    @property
    def is_gross(self) -> bool:
        """Speaks of households that escape; a rate or points always follow from the net reduction."""
        return self.meaning == Meaning.GROSS and self.form == QuotaForm.HOUSEHOLDS

    @property
    def assigned(self) -> str:
        """The number as it was assigned: «giảm 170 hộ», «còn 11,91 %», «giảm 5,96 điểm %»."""
        if self.form == QuotaForm.END_RATE:
            return f"còn {format_rate(self.rate)} %"
        if self.form == QuotaForm.POINTS:
            return f"giảm {format_rate(self.rate)} điểm %"
        return (
            f"{format_count(self.households)} hộ thoát" if self.is_gross else f"giảm {format_count(self.households)} hộ"
        )

    @property
    def title(self) -> str:
        """«UBND huyện: hộ nghèo, giảm 170 hộ»."""
        return f"{QuotaIssuer(self.issuer).label}: {QuotaSubject(self.subject).label}, {self.assigned}"


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What a quota asks for. ``households`` is the smallest net reduction that meets it; None while not computable,
    or where none does (``is_beyond``: more points than the whole rate).

    ``available`` is how many there are at the start. Of points, ``reached`` is what that reduction gives, and
    ``just_below`` the reduction by one household less with what it gives. ``sentence`` explains the arithmetic.
    """

    quota: QuotaLine
    sentence: str
    households: int | None = None
    available: int | None = None
    reached: Decimal | None = None
    just_below: tuple[int, Decimal] | None = None
    is_beyond: bool = False

    @property
    def is_possible(self) -> bool | None:
        """None while that is not known."""
        if self.is_beyond:
            return False
        if self.households is None or self.available is None:
            return None
        return self.households <= self.available


@dataclass(frozen=True, kw_only=True)
class SubjectCounts:
    """The counts a subject is measured by."""

    start: int | None
    whole: int | None
    whole_end: int | None
    reduction: int | None
    increase: int | None


def _add(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def counts_of(subject: QuotaSubject, figures: Figures) -> SubjectCounts:
    """Ethnic-minority households expected at the end are not in the table: as many as at the start."""
    if subject == QuotaSubject.MINORITY_POOR:
        minority = figures.minority_households
        return SubjectCounts(
            start=figures.minority_poor_households, whole=minority, whole_end=minority, reduction=None, increase=None
        )
    start, reduction, increase = {
        QuotaSubject.POOR: (figures.poor_households, figures.poor_reduction, figures.poor_increase),
        QuotaSubject.NEAR_POOR: (
            figures.near_poor_households,
            figures.near_poor_reduction,
            figures.near_poor_increase,
        ),
        QuotaSubject.MULTIDIMENSIONAL: (
            figures.listed,
            _add(figures.poor_reduction, figures.near_poor_reduction),
            _add(figures.poor_increase, figures.near_poor_increase),
        ),
    }[subject]
    return SubjectCounts(
        start=start,
        whole=figures.households,
        whole_end=figures.households_end,
        reduction=reduction,
        increase=increase,
    )


def planned(quota: QuotaLine, figures: Figures) -> int | None:
    """What the plan does of what the quota speaks of: the net reduction, or the escapes of a gross quota.

    None while nothing is planned; of poor ethnic-minority households the table plans nothing.
    """
    counts = counts_of(quota.subject, figures)
    if counts.reduction is None or not quota.is_gross:
        return counts.reduction
    return counts.reduction + (counts.increase or 0)


def required(quota: QuotaLine, start: Figures) -> Requirement:
    """The smallest net reduction that meets ``quota`` from these start figures, and how it is found."""
    counts = counts_of(quota.subject, start)
    if quota.form == QuotaForm.HOUSEHOLDS:
        return _of_households(quota, counts)
    lacking = _lacking(quota, counts)
    if lacking:
        sentence = f"Giao {quota.assigned}. Chưa tính được số hộ vì chưa có {', '.join(lacking)}."
        return Requirement(quota=quota, sentence=sentence, available=counts.start)
    return _of_rate(quota, counts) if quota.form == QuotaForm.END_RATE else _of_points(quota, counts)


def _lacking(quota: QuotaLine, counts: SubjectCounts) -> list[str]:
    is_minority = quota.subject == QuotaSubject.MINORITY_POOR
    names = {
        "start": f"số {QuotaSubject(quota.subject).label} đầu năm",
        "whole": "tổng số hộ dân tộc thiểu số" if is_minority else "tổng số hộ",
    }
    return [label for name, label in names.items() if getattr(counts, name) is None] or (
        [] if counts.whole and counts.whole_end else [f"{names['whole']} lớn hơn 0"]
    )


def _of_households(quota: QuotaLine, counts: SubjectCounts) -> Requirement:
    assigned = quota.households or 0
    if not quota.is_gross:
        sentence = f"Giao giảm {format_count(assigned)} hộ, tính giảm thực: số đầu năm trừ số cuối năm."
        return Requirement(quota=quota, sentence=sentence, households=assigned, available=counts.start)
    net = max(assigned - (counts.increase or 0), 0)
    arising = (
        "chưa ghi số hộ dự kiến phát sinh, tái nghèo nên chưa trừ"
        if counts.increase is None
        else f"trừ {format_count(counts.increase)} hộ dự kiến phát sinh, tái nghèo"
    )
    sentence = f"Giao {format_count(assigned)} hộ thoát; {arising}: giảm thực ít nhất {format_count(net)} hộ."
    return Requirement(quota=quota, sentence=sentence, households=net, available=counts.start)


def _of_rate(quota: QuotaLine, counts: SubjectCounts) -> Requirement:
    """Largest end whose rate rounds to at most the assigned one: 100·end/whole < assigned + 0,005."""
    start, whole_end = _known(counts.start), _known(counts.whole_end)
    limit = (Fraction(_known(quota.rate)) + HALF_HUNDREDTH) * whole_end / 100
    end = _below(limit)

    if start <= end:
        sentence = (
            f"Giao {quota.assigned}. Giữ nguyên số đầu năm thì cuối năm là {_division(start, whole_end)},"
            " không quá mức này: chỉ cần không tăng thêm."
        )
        return Requirement(quota=quota, sentence=sentence, households=0, available=start)
    sentence = (
        f"Giao {quota.assigned}. Trên {format_count(whole_end)} hộ cuối năm còn nhiều nhất {_division(end, whole_end)};"
        f" {_division(end + 1, whole_end)} là vượt."
        f" Đầu năm {format_count(start)} hộ, giảm ít nhất {format_count(start)} − {format_count(end)}"
        f" = {format_count(start - end)} hộ."
    )
    return Requirement(quota=quota, sentence=sentence, households=start - end, available=start)


def _of_points(quota: QuotaLine, counts: SubjectCounts) -> Requirement:
    """Largest end whose fall rounds to at least the assigned points: 100·(start/whole − end/whole_end) ≥ p − 0,005."""
    start, whole, whole_end = _known(counts.start), _known(counts.whole), _known(counts.whole_end)
    assigned = Fraction(_known(quota.rate))
    limit = (Fraction(100 * start, whole) - assigned + HALF_HUNDREDTH) * whole_end / 100
    # A fall of exactly −0,005 is read as −0,01, which is not «giảm 0,00».
    end = limit.__floor__() if assigned else _below(limit)
    before = f"Đầu năm {_division(start, whole)}"
    if end < 0:
        sentence = f"Giao {quota.assigned}. {before}: hết hộ cũng chỉ giảm {format_rate(rate(start, whole))} điểm %."
        return Requirement(quota=quota, sentence=sentence, available=start, is_beyond=True)

    def reach(reduction: int) -> Decimal:
        return _known(points((start, whole), (start - reduction, whole_end)))

    need = max(start - end, 0)
    if not need:
        sentence = (
            f"Giao {quota.assigned}. {before}, cuối năm {_division(start, whole_end)}:"
            f" giảm {format_rate(reach(0))} điểm % mà không cần giảm hộ nào."
        )
        return Requirement(quota=quota, sentence=sentence, households=0, available=start)
    sentence = (
        f"Giao {quota.assigned}. {before}; cuối năm còn nhiều nhất {_division(end, whole_end)}."
        f" Giảm ít nhất {format_count(need)} hộ: {_fall(start, whole, end, whole_end)}"
        f" = {format_rate(reach(need))} điểm %{'' if whole == whole_end else ', làm tròn một lần ở cuối'}."
    )
    return Requirement(
        quota=quota,
        sentence=sentence,
        households=need,
        available=start,
        reached=reach(need),
        just_below=(need - 1, reach(need - 1)),
    )


def _fall(start: int, whole: int, end: int, whole_end: int) -> str:
    """What points come from: the difference of two rounded rates may be 0,01 off."""
    if whole == whole_end:
        return f"{format_count(start - end)} / {format_count(whole)}"
    return f"{format_count(start)} / {format_count(whole)} − {format_count(end)} / {format_count(whole_end)}"


def _below(limit: Fraction) -> int:
    """The largest whole number strictly below."""
    return limit.__ceil__() - 1


def _known(value: Value | None) -> Value:
    """The value of what was found to be there."""
    if value is None:
        raise ValueError("a figure that a quota needs is unknown")
    return value


def _division(part: int, whole: int) -> str:
    return (
        f"{format_count(part)} hộ ({format_count(part)} / {format_count(whole)} = {format_rate(rate(part, whole))} %)"
    )


def strictest(quotas: Iterable[QuotaLine], start: Figures) -> dict[QuotaSubject, Requirement]:
    """Of each subject the requirement of most households; subjects of which nothing can be computed are left out."""
    found: dict[QuotaSubject, Requirement] = {}
    for quota in quotas:
        requirement = required(quota, start)
        if requirement.households is None:
            continue
        kept = found.get(quota.subject)
        if kept is None or requirement.households > (kept.households or 0):
            found[quota.subject] = requirement
    return found


def check_quotas(quotas: Iterable[QuotaLine], figures: Figures, *, page: str = "") -> list[Finding]:
    """What the table misses of its quotas, and what is wrong with these.

    ``page``: address of the list of quotas, to which findings lead; blank on that list itself.
    """
    findings: list[Finding] = []
    by_subject: dict[QuotaSubject, list[Requirement]] = {}
    for quota in quotas:
        requirement = required(quota, figures)
        by_subject.setdefault(quota.subject, []).append(requirement)
        findings += _check_one(requirement, figures, page)
    for requirements in by_subject.values():
        findings += _check_together(requirements, page)
    return findings


def _check_one(requirement: Requirement, figures: Figures, page: str) -> Iterable[Finding]:
    quota = requirement.quota
    if requirement.is_possible is False:
        why = (
            requirement.sentence
            if requirement.is_beyond
            else (
                f"Cần giảm {format_count(requirement.households)} hộ nhưng đầu năm chỉ có"
                f" {format_count(requirement.available)} hộ."
            )
        )
        yield _finding(Severity.WARNING, "quota-impossible", requirement, f"{why} Báo lại cơ quan giao.", page)
        return
    if requirement.households is None:
        yield _finding(Severity.HINT, "quota-unknown", requirement, requirement.sentence, page)
        return
    if quota.subject == QuotaSubject.MINORITY_POOR:
        yield from _check_minority(requirement, figures, page)
    else:
        yield from _check_missed(requirement, figures, page)
    if requirement.just_below and requirement.reached != quota.rate:
        yield _finding(Severity.HINT, "quota-between", requirement, _between(requirement), page)


def _check_missed(requirement: Requirement, figures: Figures, page: str) -> Iterable[Finding]:
    quota, done = requirement.quota, planned(requirement.quota, figures) or 0
    wanted = (quota.households or 0) if quota.is_gross else requirement.households or 0
    if done < wanted:
        what = "số hộ thoát" if quota.is_gross else "số hộ giảm"
        message = (
            f"Thiếu {format_count(wanted - done)} hộ: {what} trong bảng là {format_count(done)},"
            f" cần {format_count(wanted)}."
        )
        yield _finding(Severity.ERROR, "quota-missed", requirement, message, page)


def _check_minority(requirement: Requirement, figures: Figures, page: str) -> Iterable[Finding]:
    """The table reduces poor households as a whole; how many of them are ethnic-minority is known within bounds."""
    need, done = requirement.households or 0, figures.poor_reduction or 0
    if done < need:
        message = (
            f"Cần giảm {format_count(need)} hộ nghèo dân tộc thiểu số;"
            f" bảng chỉ giảm {format_count(done)} hộ nghèo tất cả."
        )
        yield _finding(Severity.WARNING, "quota-missed", requirement, message, page)
    elif need and (
        figures.poor_households is None or done - (figures.poor_households - (requirement.available or 0)) < need
    ):
        message = f"Trong {format_count(done)} hộ nghèo giảm phải có ít nhất {format_count(need)} hộ dân tộc thiểu số."
        yield _finding(Severity.HINT, "quota-of-which", requirement, message, page)


def _between(requirement: Requirement) -> str:
    below, value = _known(requirement.just_below)
    return (
        f"Không có số hộ nào cho đúng {format_rate(requirement.quota.rate)} điểm %:"
        f" giảm {format_count(below)} hộ được {format_rate(value)} điểm %,"
        f" giảm {format_count(requirement.households)} hộ được {format_rate(requirement.reached)} điểm %."
    )


def _check_together(requirements: Sequence[Requirement], page: str) -> Iterable[Finding]:
    """Quotas of one subject that ask for different numbers; the strictest is what counts."""
    known = [requirement for requirement in requirements if requirement.households is not None]
    most = max(known, key=lambda requirement: requirement.households or 0, default=None)
    if most is None:
        return
    for other in known:
        if other.households != most.households:
            message = (
                f"Khác với {most.quota.title}: ở đây cần giảm {format_count(other.households)} hộ,"
                f" ở đó {format_count(most.households)} hộ. Tính theo mức cao hơn."
            )
            yield _finding(Severity.WARNING, "quotas-differ", other, message, page)


def _finding(severity: Severity, code: str, requirement: Requirement, message: str, page: str) -> Finding:
    quota = requirement.quota
    return Finding(
        severity=severity,
        code=code,
        place=first_upper(quota.title),
        anchor=f"{page}#quota-{quota.pk}" if page else "",
        remedy="Xem chỉ tiêu được giao" if page else "",
        message=first_upper(message),
    )
