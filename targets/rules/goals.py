"""Goals beside the quota: their sentence, whether one is reached, and whether it agrees with the table.

``docs/rules/indicator-targets.md`` shows each rule on an example. A rate is kept as a fraction of counts and compared
as people read it, rounded half up to two decimals; only «100 %» and «0» mean everybody and nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from households.choices import Category
from povertyplan.core.findings import Finding, Severity
from povertyplan.core.numbers import exact_points, format_count, format_rate, hundredths
from targets.choices import Comparison, GoalScope, GoalUnit, Measure
from targets.rules.figures import Figures

SHARES = (
    Measure.INSURED,
    Measure.SCHOOLING,
    Measure.CLEAN_WATER,
    Measure.LATRINE,
    Measure.TELECOM,
    Measure.PARTY_MEMBER,
)
PERSONS = (Measure.INSURED, Measure.SCHOOLING)
RATES = (Measure.POOR_RATE, Measure.NEAR_POOR_RATE, Measure.MULTIDIMENSIONAL_RATE)
FALLS = (Measure.POOR_FALL, Measure.NEAR_POOR_FALL)
# The categories of households that a scope counts; other scopes are beyond what the registry knows.
CATEGORIES: Mapping[str, tuple[Category, ...]] = {
    GoalScope.POOR: (Category.POOR,),
    GoalScope.NEAR_POOR: (Category.NEAR_POOR,),
    GoalScope.LISTED: (Category.POOR, Category.NEAR_POOR),
}
SENTENCES: Mapping[str, str] = {
    Measure.INSURED: "{amount} người thuộc {scope} có bảo hiểm y tế",
    Measure.SCHOOLING: "{amount} trẻ em thuộc {scope} đi học đúng độ tuổi",
    Measure.CLEAN_WATER: "{amount} {scope} dùng nước sinh hoạt hợp vệ sinh",
    Measure.LATRINE: "{amount} {scope} có nhà tiêu hợp vệ sinh",
    Measure.TELECOM: "{amount} {scope} dùng dịch vụ viễn thông, internet",
    Measure.PARTY_MEMBER: "{amount} {scope} có đảng viên",
    Measure.POOR_RATE: "tỷ lệ hộ nghèo cuối năm {amount}",
    Measure.NEAR_POOR_RATE: "tỷ lệ hộ cận nghèo cuối năm {amount}",
    Measure.MULTIDIMENSIONAL_RATE: "tỷ lệ nghèo đa chiều cuối năm {amount}",
    Measure.MINORITY_POOR_FALL: "tỷ lệ hộ nghèo dân tộc thiểu số giảm {amount}",
    Measure.POOR_FALL: "hộ nghèo giảm {amount}",
    Measure.NEAR_POOR_FALL: "hộ cận nghèo giảm {amount}",
}
NOBODY_LEFT = "không còn {scope} có đảng viên"
NOT_ROUNDED = (0, 100)


class Verdict(StrEnum):
    """``OPEN``: not known yet, because something that could decide it is unknown."""

    REACHED = "reached"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The least and the most the figure can be, given what is not known; equal where everything is."""

    low: Fraction
    high: Fraction


def units_of(measure: str) -> tuple[GoalUnit, ...]:
    """Units in which a goal of this measure can be stated, the usual one first; of no measure all."""
    if measure == Measure.MINORITY_POOR_FALL:
        return (GoalUnit.POINTS,)
    if measure in FALLS:
        return (GoalUnit.HOUSEHOLDS, GoalUnit.POINTS)
    if measure in RATES:
        return (GoalUnit.PERCENT,)
    if measure == Measure.PARTY_MEMBER:
        return (GoalUnit.HOUSEHOLDS, GoalUnit.PERCENT)
    if measure in PERSONS:
        return (GoalUnit.PERCENT, GoalUnit.PERSONS)
    return (GoalUnit.PERCENT, GoalUnit.HOUSEHOLDS) if measure in SHARES else tuple(GoalUnit)


def scopes_of(measure: str) -> tuple[GoalScope, ...]:
    """Over whom the registry can count the measure; of no measure all."""
    if not measure:
        return tuple(GoalScope)
    return tuple(GoalScope(scope) for scope in CATEGORIES) if measure in SHARES else (GoalScope.UNIT,)


def format_value(value: Decimal, unit: str) -> str:
    """``95 %``, ``11,91 %``, ``3 điểm %``, ``20 người``: no decimals that say nothing."""
    whole = value.to_integral_value()
    number = format_count(int(whole)) if value == whole else f"{value.normalize():f}".replace(".", ",")
    word = "lần" if unit == GoalUnit.TIMES else GoalUnit(unit).label
    return f"{number} {word}"


def target_words(comparison: str, value: Decimal, unit: str) -> str:
    """What is to be reached, as the table of goals writes it: «ít nhất 95 %»; «100 %» needs no «ít nhất»."""
    amount = format_value(value, unit)
    is_all = unit == GoalUnit.PERCENT and value == 100 and comparison in {Comparison.AT_LEAST, Comparison.EXACTLY}
    return amount if is_all or comparison == Comparison.EXACTLY else f"{Comparison(comparison).label} {amount}"


def sentence(*, measure: str, scope: str, unit: str, comparison: str, value: Decimal) -> str:
    """The goal in words, from its parts; empty without a measure, which alone says what is counted."""
    if not measure:
        return ""
    over = GoalScope(scope).label
    is_none = measure == Measure.PARTY_MEMBER and value == 0 and comparison != Comparison.AT_LEAST
    pattern = NOBODY_LEFT if is_none else SENTENCES[measure]
    amount = target_words(comparison, value, unit)
    if measure in SHARES and unit in {GoalUnit.HOUSEHOLDS, GoalUnit.PERSONS}:
        amount = amount.removesuffix(f" {GoalUnit(unit).label}")
    text = pattern.format(amount=amount, scope=over)
    return text[0].upper() + text[1:]


def share_bounds(*, part: int, whole: int, unknown: int, unit: str) -> Bounds | None:
    """Of a share: those not known are none of the part, or all of it. None of nothing."""
    if unit != GoalUnit.PERCENT:
        return Bounds(low=Fraction(part), high=Fraction(part + unknown))
    if not whole:
        return None
    return Bounds(low=Fraction(part * 100, whole), high=Fraction((part + unknown) * 100, whole))


def exactly(value: Fraction | Decimal | int) -> Bounds:
    """A figure of which everything is known."""
    return Bounds(low=Fraction(value), high=Fraction(value))


def verdict(comparison: str, value: Decimal, bounds: Bounds | None) -> Verdict:
    """Reached whatever the unknown turns out to be; missed whatever it turns out to be; else open."""
    if bounds is None:
        return Verdict.OPEN
    goal = Fraction(value)
    read = (figure if goal in NOT_ROUNDED else hundredths(figure) for figure in (bounds.low, bounds.high))
    low, high = (Fraction(figure) for figure in read)
    if comparison == Comparison.EXACTLY and low <= goal <= high and low != high:
        return Verdict.OPEN
    answers = {_holds(comparison, goal, low), _holds(comparison, goal, high)}
    if len(answers) == 2:
        return Verdict.OPEN
    return Verdict.REACHED if answers.pop() else Verdict.MISSED


def _holds(comparison: str, value: Fraction, figure: Fraction) -> bool:
    if comparison == Comparison.AT_LEAST:
        return figure >= value
    if comparison == Comparison.MORE_THAN:
        return figure > value
    return figure <= value if comparison == Comparison.AT_MOST else figure == value


def planned(measure: str, unit: str, figures: Figures) -> Fraction | None:
    """What the table of targets plans for the measure; None where it does not say."""
    ends = {
        Measure.POOR_RATE: figures.poor_end,
        Measure.NEAR_POOR_RATE: figures.near_poor_end,
        Measure.MULTIDIMENSIONAL_RATE: figures.listed_end,
    }
    if measure in ends:
        end, households = ends[Measure(measure)], figures.households_end
        return Fraction(end * 100, households) if end is not None and households else None
    if measure not in FALLS:
        return None
    if measure == Measure.POOR_FALL:
        start, end, reduction = figures.poor_households, figures.poor_end, figures.poor_reduction
    else:
        start, end, reduction = figures.near_poor_households, figures.near_poor_end, figures.near_poor_reduction
    if unit == GoalUnit.HOUSEHOLDS:
        return None if reduction is None else Fraction(reduction)
    if start is None or end is None:
        return None
    return exact_points((start, figures.households or 0), (end, figures.households_end or 0))


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What the checks ask of a goal; ``anchor`` leads to its line."""

    text: str
    anchor: str
    measure: str
    comparison: str
    value: Decimal
    unit: str
    lead: str


def check_goals(goals: Iterable[Goal], figures: Figures | None) -> tuple[Finding, ...]:
    """Goals that nobody leads, and those that the table contradicts; ``figures`` None: the table is not complete."""
    found: list[Finding] = []
    for goal in goals:
        if not goal.lead:
            found.append(_warning(goal, "goal-no-lead", "Chưa có nơi chủ trì."))
        figure = planned(goal.measure, goal.unit, figures) if figures else None
        if figure is not None and verdict(goal.comparison, goal.value, exactly(figure)) is Verdict.MISSED:
            wanted = target_words(goal.comparison, goal.value, goal.unit)
            message = f"Chỉ tiêu là {wanted}, còn bảng chỉ tiêu dự kiến {said(figure, goal.unit)}."
            found.append(_warning(goal, "goal-against-table", message))
    return tuple(found)


def said(figure: Fraction, unit: str) -> str:
    """A computed figure with its unit: rates and points with two decimals, counts without."""
    read = hundredths(figure)
    if unit in {GoalUnit.PERCENT, GoalUnit.POINTS}:
        return f"{format_rate(read)} {GoalUnit(unit).label}"
    return format_value(read, unit)


def _warning(goal: Goal, code: str, message: str) -> Finding:
    return Finding(
        severity=Severity.WARNING, code=code, place=goal.text, anchor=goal.anchor, remedy="Tới dòng", message=message
    )
