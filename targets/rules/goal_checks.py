"""What is wrong with goals, alone, beside the table of targets and beside what is reported: pure functions.

``docs/rules/indicator-targets.md`` lists the findings.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import exact_points, format_count, format_rate, hundredths, rate
from povertyplan.core.text import plain
from targets.choices import GoalScope, GoalUnit, Measure, QuotaSubject
from targets.rules.figures import Figures, lacks, missing, table_total
from targets.rules.goals import (
    PERSONS,
    RATES,
    SHARES,
    Verdict,
    exactly,
    format_value,
    said,
    target_words,
    verdict,
)
from targets.rules.quotas import counts_of

# Of whom a fall speaks. A goal without a measure says it in words.
SUBJECTS: Mapping[str, QuotaSubject] = {
    Measure.POOR_FALL: QuotaSubject.POOR,
    Measure.NEAR_POOR_FALL: QuotaSubject.NEAR_POOR,
    Measure.MINORITY_POOR_FALL: QuotaSubject.MINORITY_POOR,
}
SPOKEN: Mapping[str, QuotaSubject] = {
    "nghèo": QuotaSubject.POOR,
    "cận nghèo": QuotaSubject.NEAR_POOR,
    "nghèo đa chiều": QuotaSubject.MULTIDIMENSIONAL,
}
WHO = rf"(?:tỷ lệ |số )?(?:hộ )?(?P<who>{'|'.join(SPOKEN)})"
AMOUNT = r"(?: (?:thực|ít nhất|trên))*(?: [\d.,]+ (?:hộ|điểm %|điểm|%))?"
YEAR = r"(?: (?:trong |cuối )?năm(?: \d{4})?)?"
FALLS_IN_WORDS = [re.compile(pattern + YEAR) for pattern in (rf"(?:mức )?giảm{AMOUNT} {WHO}", rf"{WHO} giảm{AMOUNT}")]
HOUSEHOLDS_OF: Mapping[QuotaSubject, str] = {
    QuotaSubject.POOR: "hộ nghèo",
    QuotaSubject.NEAR_POOR: "hộ cận nghèo",
    QuotaSubject.MULTIDIMENSIONAL: "hộ nghèo, hộ cận nghèo",
    QuotaSubject.MINORITY_POOR: "hộ nghèo dân tộc thiểu số",
}


def fall_of(measure: str, scope: str, unit: str, text: str) -> QuotaSubject | None:
    """Of whom the goal says that they get fewer: by its measure, else by its words; None for any other goal."""
    if measure:
        return SUBJECTS.get(measure)
    if scope != GoalScope.UNIT or unit not in {GoalUnit.HOUSEHOLDS, GoalUnit.POINTS}:
        return None
    words = text.casefold().strip(" .")
    found = [match["who"] for pattern in FALLS_IN_WORDS if (match := pattern.fullmatch(words))]
    return SPOKEN[found[0]] if found else None


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What the checks ask of a goal; ``anchor`` leads to its line.

    ``reported`` is the count or the points reported last, ``reported_before`` those of the report before it.
    """

    text: str
    anchor: str
    measure: str
    scope: str
    comparison: str
    value: Decimal
    unit: str
    lead: str
    reported: Decimal | None = None
    reported_before: Decimal | None = None

    @property
    def fall(self) -> QuotaSubject | None:
        return fall_of(self.measure, self.scope, self.unit, self.text)

    @property
    def is_of_table(self) -> bool:
        """The table of targets plans what the goal counts."""
        return self.measure in RATES or self.fall not in {None, QuotaSubject.MINORITY_POOR}

    @property
    def same(self) -> tuple[object, ...]:
        """Two goals with the same are one goal written twice; of what is counted the words do not matter."""
        return (self.measure or plain(self.text), self.scope, self.comparison, self.value, self.unit)


def known(rows: Sequence[Figures], typed: Mapping[str, int | None]) -> Figures | None:
    """The total of the table; None while a row has no start figures. What some rows only have is not known.

    ``typed`` are counts of ``FOR_THE_UNIT`` as written for the unit whole.
    """
    if not rows or any(missing(row) for row in rows):
        return None
    sums = table_total(rows, typed)
    return replace(sums, population=None) if lacks(rows, "population") else sums


def planned(goal: Goal, figures: Figures) -> Fraction | None:
    """What the table of targets plans of what the goal counts; None where it does not say."""
    ends = {
        Measure.POOR_RATE: figures.poor_end,
        Measure.NEAR_POOR_RATE: figures.near_poor_end,
        Measure.MULTIDIMENSIONAL_RATE: figures.listed_end,
    }
    if goal.measure in ends:
        end, households = ends[Measure(goal.measure)], figures.households_end
        return Fraction(end * 100, households) if end is not None and households else None
    if goal.fall is None:
        return None
    counts = counts_of(goal.fall, figures)
    if counts.reduction is None or goal.unit == GoalUnit.HOUSEHOLDS:
        return None if counts.reduction is None else Fraction(counts.reduction)
    if counts.start is None:
        return None
    before, after = (counts.start, counts.whole or 0), (counts.start - counts.reduction, counts.whole_end or 0)
    return exact_points(before, after)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The most that a figure can be, and whose it is: «11 hộ nghèo đầu năm»."""

    most: Decimal
    words: str


def possible(goal: Goal, figures: Figures) -> Limit | None:
    """More than this cannot be reached: no more leave than there are, and no more are served than live there.

    None where the table does not say. Of a share it is the limit of what it is counted over.
    """
    if goal.fall:
        counts, name = counts_of(goal.fall, figures), HOUSEHOLDS_OF[goal.fall]
        if counts.start is None or goal.unit == GoalUnit.HOUSEHOLDS:
            return _limit(counts.start, f"{name} đầu năm")
        share = rate(counts.start, counts.whole)
        return None if share is None else Limit(most=share, words=f"{format_rate(share)} % {name} đầu năm")
    if goal.unit == GoalUnit.PERSONS or goal.measure in PERSONS:
        return _limit(figures.population, "nhân khẩu trong bảng chỉ tiêu")
    if goal.unit == GoalUnit.HOUSEHOLDS or goal.measure in SHARES:
        return _limit(households_of(figures), "hộ trong bảng chỉ tiêu")
    return None


def households_of(figures: Figures) -> int | None:
    """Households that live in the unit in the year, at its start or its end, whichever are more."""
    ends = [count for count in (figures.households, figures.households_end) if count is not None]
    return max(ends, default=None)


def _of_scope(goal: Goal, figures: Figures) -> Limit | None:
    """Households of the scope at the start; who came in during the year may add to them."""
    counts = {
        GoalScope.POOR: figures.poor_households,
        GoalScope.NEAR_POOR: figures.near_poor_households,
        GoalScope.LISTED: figures.listed,
    }
    is_count = goal.unit == GoalUnit.HOUSEHOLDS and not goal.fall and goal.scope in counts
    return _limit(counts[GoalScope(goal.scope)], f"{GoalScope(goal.scope).label} đầu năm") if is_count else None


def _limit(count: int | None, name: str) -> Limit | None:
    return None if count is None else Limit(most=Decimal(count), words=f"{format_count(count)} {name}")


def check_goals(goals: Iterable[Goal], figures: Figures | None) -> tuple[Finding, ...]:
    """What is wrong with goals, alone and beside the table; ``figures`` None: the table is not complete."""
    found: list[Finding] = []
    seen: set[tuple[object, ...]] = set()
    lines = list(goals)
    for goal in lines:
        if not goal.lead:
            found.append(_warning(goal, "goal-no-lead", "Chưa có nơi chủ trì."))
        if goal.same in seen:
            found.append(_warning(goal, "goal-twice", "Ghi hai lần: một dòng ở trên đã có chỉ tiêu này."))
        seen.add(goal.same)
        found += [*_check_table(goal, figures), *_check_reported(goal, figures)] if figures else []
        if goal.reported is not None and goal.reported_before is not None and goal.reported < goal.reported_before:
            now, before = (format_value(value, goal.unit) for value in (goal.reported, goal.reported_before))
            message = f"Kết quả cộng dồn {now}, ít hơn {before} của lần nhập trước."
            found.append(_warning(goal, "goal-reported-less", message))
    if figures is None and any(goal.is_of_table for goal in lines):
        message = "Bảng chỉ tiêu chưa đủ số đầu năm, nên chưa so được các chỉ tiêu với bảng."
        found.append(Finding(severity=Severity.HINT, code="goals-not-compared", message=message))
    return tuple(found)


def _check_table(goal: Goal, figures: Figures) -> Iterator[Finding]:
    figure = planned(goal, figures)
    if figure is None:
        return
    wanted, plan = target_words(goal.comparison, goal.value, goal.unit), said(figure, goal.unit)
    if verdict(goal.comparison, goal.value, exactly(figure)) is Verdict.MISSED:
        message = f"Khác bảng chỉ tiêu: chỉ tiêu là {wanted}, còn bảng chỉ tiêu dự kiến {plan}."
        yield _warning(goal, "goal-against-table", message)
    elif goal.fall and hundredths(figure) != goal.value:
        message = f"Khác bảng chỉ tiêu: ở đây ghi {wanted}, bảng dự kiến giảm {plan}."
        yield _warning(goal, "goal-beside-table", message)


def _check_reported(goal: Goal, figures: Figures) -> Iterator[Finding]:
    limit = _of_scope(goal, figures) or possible(goal, figures)
    if goal.reported is not None and limit and goal.reported > limit.most:
        message = f"Kết quả {format_value(goal.reported, goal.unit)}, nhiều hơn {limit.words}."
        yield _warning(goal, "goal-reported-too-many", message)


def _warning(goal: Goal, code: str, message: str) -> Finding:
    return Finding(
        severity=Severity.WARNING, code=code, place=goal.text, anchor=goal.anchor, remedy="Tới dòng", message=message
    )
