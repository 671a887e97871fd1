"""Goals beside the quota: their sentence, and whether one is reached; ``goal_checks`` sets them beside the table.

``docs/rules/indicator-targets.md`` shows each rule on an example. A rate is kept as a fraction of counts and compared
as people read it, rounded half up to two decimals; only «100 %» and «0» mean everybody and nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from households.choices import Category
from povertyplan.core.numbers import format_count, format_rate, hundredths
from targets.choices import Comparison, GoalScope, GoalUnit, Measure

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


def said(figure: Fraction, unit: str) -> str:
    """A computed figure with its unit: rates and points with two decimals, counts without."""
    read = hundredths(figure)
    if unit in {GoalUnit.PERCENT, GoalUnit.POINTS}:
        return f"{format_rate(read)} {GoalUnit(unit).label}"
    return format_value(read, unit)
