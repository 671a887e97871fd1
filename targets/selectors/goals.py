"""The goals of a plan with what was reached of each, and what is wrong with them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from households.choices import LISTED
from households.selectors.measures import Basis, Counted, Measured, Sums, measured
from povertyplan.areas.choices import Level
from povertyplan.core.findings import Finding
from povertyplan.core.numbers import exact_points, format_count, format_rate, rate
from targets.choices import GoalUnit, Measure
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan, TargetRow
from targets.rules.figures import COUNTS, Figures, missing, total
from targets.rules.goals import (
    CATEGORIES,
    FALLS,
    PERSONS,
    RATES,
    SHARES,
    Bounds,
    Goal,
    Verdict,
    check_goals,
    exactly,
    format_value,
    latest,
    said,
    share_bounds,
    target_words,
    verdict,
)

IN_THE_TABLE = (*RATES, *FALLS)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What was reached as of ``on``: the figure, the counts behind it, where it comes from and what is not known.

    ``opens``: it was counted from households that can be listed.
    """

    figure: str
    counts: str
    on: datetime.date
    source: str
    unknown: str = ""
    is_preliminary: bool = False
    opens: bool = False


@dataclass(frozen=True, kw_only=True)
class GoalLine:
    """A goal as its page shows it; ``reached`` None: ``why`` says why nothing is known."""

    goal: IndicatorTarget
    target: str
    reached: Reached | None
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class GoalTable:
    lines: tuple[GoalLine, ...]
    findings: tuple[Finding, ...]


def goal_table(*, plan: TargetPlan, day: datetime.date) -> GoalTable:
    """Goals in their order with the figures as of ``day``. Three queries, and those of the measures that goals use."""
    goals = list(goals_of(plan))
    wanted = {goal.measure for goal in goals if goal.measure}
    counted = measured(unit=plan.unit, year=plan.year, day=day, wanted=wanted)
    figures = _figures(plan) if wanted.intersection(IN_THE_TABLE) else None
    facts = (
        Goal(
            text=goal.text,
            anchor=f"#goal-{goal.pk}",
            measure=goal.measure,
            comparison=goal.comparison,
            value=goal.value,
            unit=goal.unit_of_value,
            lead=goal.lead,
        )
        for goal in goals
    )
    return GoalTable(
        lines=tuple(_line(goal, counted.get(goal.measure), plan, day) for goal in goals),
        findings=check_goals(facts, figures),
    )


def goals_of(plan: TargetPlan) -> Iterable[IndicatorTarget]:
    """With their leads and what was reported of them."""
    related = ("dimension", "lead_department", "lead_body")
    return IndicatorTarget.objects.filter(plan=plan).select_related(*related).prefetch_related("actuals")


@dataclass(frozen=True, kw_only=True)
class OpenedGoal:
    """The households behind a figure: those that bring it down first, then those of whom nothing is known."""

    line: GoalLine
    households: tuple[Counted, ...]
    is_fall: bool


def opened_goal(*, goal: IndicatorTarget, day: datetime.date) -> OpenedGoal:
    """Households that a counted goal counts; none where nothing was counted."""
    plan = goal.plan
    found = measured(unit=plan.unit, year=plan.year, day=day, wanted=[goal.measure]).get(goal.measure)
    line = _line(goal, found, plan, day)
    categories = CATEGORIES.get(goal.scope, LISTED) if goal.measure in SHARES else LISTED
    rows = [row for row in found.households if row.home.category in categories and row.whole] if found else []
    rows.sort(key=lambda row: (row.part + row.unknown >= row.whole, row.part >= row.whole))
    return OpenedGoal(line=line, households=tuple(rows), is_fall=goal.measure in (*FALLS, Measure.MINORITY_POOR_FALL))


def _figures(plan: TargetPlan) -> Figures | None:
    """Totals of the table; None while a row has no start figures."""
    rows = [Figures(**row) for row in TargetRow.objects.filter(plan=plan).values(*COUNTS)]
    return None if not rows or any(missing(row) for row in rows) else total(rows)


def _line(goal: IndicatorTarget, found: Measured | None, plan: TargetPlan, day: datetime.date) -> GoalLine:
    target = target_words(goal.comparison, goal.value, goal.unit_of_value)
    if found is not None:
        reached, bounds = _computed(goal, found, plan.year)
        is_early = found.basis is Basis.STANDING and goal.measure not in (*PERSONS, Measure.PARTY_MEMBER)
        judged = Verdict.OPEN if is_early else verdict(goal.comparison, goal.value, bounds)
        return GoalLine(goal=goal, target=target, reached=reached, verdict=judged)
    actual = latest(goal.actuals.all(), day)
    if actual is None:
        return GoalLine(goal=goal, target=target, reached=None, verdict=Verdict.OPEN, why=_why(goal, plan))
    bounds = _reported_bounds(actual, goal.unit_of_value)
    judged = verdict(goal.comparison, goal.value, bounds)
    return GoalLine(goal=goal, target=target, reached=_reported(actual, goal.unit_of_value), verdict=judged)


def _why(goal: IndicatorTarget, plan: TargetPlan) -> str:
    if not goal.measure:
        return "Chưa nhập kết quả."
    if plan.unit.level != Level.COMMUNE:
        return "Phần mềm đếm ở từng xã; cấp này nhập kết quả."
    return "Phần mềm chưa có danh sách hộ nghèo, hộ cận nghèo để đếm; có thể nhập kết quả."


# What somebody reported


def _reported(actual: IndicatorActual, unit: str) -> Reached:
    if actual.value is not None:
        return Reached(figure=format_value(actual.value, unit), counts="", on=actual.on, source=actual.source)
    share = f"{format_count(actual.part)}/{format_count(actual.whole)}"
    figure = f"{format_rate(rate(actual.part, actual.whole))} %"
    return Reached(figure=figure, counts=share, on=actual.on, source=actual.source)


def _reported_bounds(actual: IndicatorActual, unit: str) -> Bounds | None:
    if actual.value is not None:
        return exactly(actual.value)
    return share_bounds(part=actual.part or 0, whole=actual.whole or 0, unknown=0, unit=unit)


# What registry and forms count


def _computed(goal: IndicatorTarget, found: Measured, year: int) -> tuple[Reached, Bounds | None]:
    figure, counts, bounds = _of_share(goal, found) if goal.measure in SHARES else _of_unit(goal, found)
    is_preliminary = found.basis is Basis.PRELIMINARY
    reached = Reached(
        figure=figure,
        counts=counts,
        on=found.on,
        source=_source(goal.measure, found.basis, year),
        unknown=_unknown(goal, found),
        is_preliminary=is_preliminary,
        opens=True,
    )
    return reached, bounds


def _source(measure: str, basis: Basis, year: int) -> str:
    listed = {
        Basis.RECOGNISED: f"danh sách công nhận năm {year}",
        Basis.PRELIMINARY: f"đợt rà soát năm {year} đang làm",
        Basis.STANDING: f"danh sách đang có hiệu lực, chưa rà soát năm {year}",
    }[basis]
    return f"sổ hộ, {listed}" if measure in (*PERSONS, Measure.PARTY_MEMBER) else listed


def _of_share(goal: IndicatorTarget, found: Measured) -> tuple[str, str, Bounds | None]:
    sums = found.sums(CATEGORIES.get(goal.scope, ()))
    bounds = share_bounds(part=sums.part, whole=sums.whole, unknown=sums.unknown, unit=goal.unit_of_value)
    word = "người" if goal.measure in PERSONS else "hộ"
    counts = f"{format_count(sums.part)}/{format_count(sums.whole)} {word}"
    if goal.unit_of_value != GoalUnit.PERCENT:
        return f"{format_count(sums.part)} {word}", f"trong {format_count(sums.whole)} {word}", bounds
    share = rate(sums.part, sums.whole)
    return ("" if share is None else f"{format_rate(share)} %"), counts, bounds


def _of_unit(goal: IndicatorTarget, found: Measured) -> tuple[str, str, Bounds | None]:
    """Rates and falls; a household that is not scored yet may still change either way."""
    part, pending = found.sums().part, found.pending
    if found.before is None:
        counts = f"{format_count(part)}/{format_count(found.whole) or '…'} hộ"
        if not found.whole:
            return "", counts, None
        whole = found.whole
        low, high = Fraction(max(part - pending, 0) * 100, whole), Fraction((part + pending) * 100, whole)
        return f"{format_rate(rate(part, whole))} %", counts, Bounds(low=low, high=high)
    start, start_whole = found.before
    counts = f"từ {format_count(start)} còn {format_count(start - part)} hộ"
    if goal.unit_of_value == GoalUnit.HOUSEHOLDS:
        figure = said(Fraction(part), goal.unit_of_value)
        return figure, counts, Bounds(low=Fraction(part - pending), high=Fraction(part + pending))
    if not start_whole or not found.whole:
        return "", counts, None
    counts = (
        f"{format_count(start)}/{format_count(start_whole)} hộ → "
        f"{format_count(start - part)}/{format_count(found.whole)} hộ"
    )
    before = (start, start_whole)
    at, least, most = (exact_points(before, (start - part + more, found.whole)) for more in (0, pending, -pending))
    if at is None or least is None or most is None:
        return "", counts, None
    return said(at, goal.unit_of_value), counts, Bounds(low=least, high=most)


def _unknown(goal: IndicatorTarget, found: Measured) -> str:
    """What the figure does not know, in words; empty where it knows everything."""
    parts, pending = [], found.pending
    if goal.measure in SHARES:
        sums = found.sums(CATEGORIES.get(goal.scope, ()))
        parts, pending = _unknown_share(goal.measure, sums), sums.pending
    elif goal.unit_of_value != GoalUnit.HOUSEHOLDS and not _has_wholes(found):
        parts.append("chưa có tổng số hộ của mọi thôn để tính tỷ lệ")
    if pending:
        parts.append(f"{format_count(pending)} hộ chưa chấm điểm, tạm giữ phân loại kỳ trước")
    return "; ".join(parts)


def _has_wholes(found: Measured) -> bool:
    return bool(found.whole) and (found.before is None or bool(found.before[1]))


def _unknown_share(measure: str, sums: Sums) -> list[str]:
    """A household that is not scored yet is named as that, not as one that does not answer."""
    if measure in PERSONS:
        people = f"{format_count(sums.unknown)} người ở {format_count(sums.unknown_homes)} hộ chưa rõ"
        return [people] if sums.unknown else []
    silent = sums.unknown - sums.pending
    return [f"{format_count(silent)} hộ chưa trả lời"] if silent > 0 else []
