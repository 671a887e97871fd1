"""The goals of a plan with what was reached of each, and what is wrong with them."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery
from django.urls import reverse

from households.choices import LISTED
from households.selectors.measures import Basis, Counted, Measured, Sums, measured
from households.selectors.measures_above import Added, added
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding
from povertyplan.core.numbers import exact_points, format_count, format_rate, rate
from targets.choices import GoalUnit, Measure
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan, TargetRow
from targets.rules.figures import Figures
from targets.rules.goal_checks import Goal, check_goals, known
from targets.rules.goals import (
    CATEGORIES,
    FALLS,
    PERSONS,
    SHARES,
    Bounds,
    Verdict,
    exactly,
    format_value,
    said,
    share_bounds,
    target_words,
    verdict,
)
from targets.selectors.deprivations import owner_findings
from targets.selectors.tables import TargetTable, figures_of, typed_of

OF_REPORT = ("on", "part", "whole", "value", "source")


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
    """A goal as its page shows it; ``why`` says why nothing is known, or no household is shown."""

    goal: IndicatorTarget
    target: str
    reached: Reached | None
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class GoalTable:
    """``plan`` None: the unit has no plan for the year, and so no goals."""

    plan: TargetPlan | None = None
    lines: tuple[GoalLine, ...] = ()
    findings: tuple[Finding, ...] = ()


def goal_table(*, unit: Area, year: int, day: datetime.date) -> GoalTable:
    """Goals in their order with the figures as of ``day``. Two queries, and those of the measures that goals use."""
    rows = list(TargetRow.objects.filter(unit=unit, plan__year=year).select_related("plan"))
    plan = rows[0].plan if rows else TargetPlan.objects.filter(unit=unit, year=year).first()
    if plan is None:
        return GoalTable()
    goals = list(_reported_by(day, plan=plan))
    counted = _counted(unit, year, day, {goal.measure for goal in goals if goal.measure})
    return GoalTable(
        plan=plan,
        lines=tuple(_line(goal, counted.get(goal.measure), unit, year) for goal in goals),
        findings=_findings(goals, [figures_of(row) for row in rows], plan),
    )


def _counted(unit: Area, year: int, day: datetime.date, wanted: Collection[str]) -> Mapping[str, Measured | Added]:
    if unit.level == Level.COMMUNE:
        return measured(unit=unit, year=year, day=day, wanted=wanted)
    return added(area=unit, year=year, day=day, wanted=wanted)


def _reported_by(day: datetime.date, **only: Any) -> Any:
    """Goals with their leads and the last report until the day, ``report_before`` is the value of the one before.

    Reports are cumulative, so none is added to another.
    """
    goals = IndicatorTarget.objects.filter(**only).select_related("dimension", "lead_department", "lead_body")
    goals = goals.annotate(report=FilteredRelation("actuals", condition=Q(actuals__on__lte=day)))
    found = goals.annotate(**{f"report_{name}": F(f"report__{name}") for name in OF_REPORT})
    before = IndicatorActual.objects.filter(goal=OuterRef("pk"), on__lt=OuterRef("report_on")).order_by("-on")
    found = found.annotate(report_before=Subquery(before.values("value")[:1]))
    return found.order_by("position", "pk", "-report__on").distinct("position", "pk")


def findings_beside(table: TargetTable) -> list[Finding]:
    """What is wrong with the goals and the owners of deprivations of a table, for other pages. None stops a submission.

    Five queries, more for a unit without a list of its own.
    """
    unit, year, plan = table.unit, table.year, table.plan
    if plan is None:
        return []
    goals = IndicatorTarget.objects.filter(plan=plan).select_related("lead_department", "lead_body")
    found = {"goals": _findings(goals, [row.figures for row in table.rows], plan)}
    if unit.level == Level.COMMUNE:
        found["deprivations"] = owner_findings(unit=unit, year=year, plan=plan)
    return [
        replace(finding, anchor=f"{reverse(f'targets:{page}', args=[unit.code, year])}{finding.anchor}")
        for page, findings in found.items()
        for finding in findings
    ]


def _findings(goals: Iterable[IndicatorTarget], rows: Sequence[Figures], plan: TargetPlan) -> tuple[Finding, ...]:
    """Of the goals beside the totals of the table, which are none while a row has no start figures."""
    return check_goals((facts_of(goal) for goal in goals), known(rows, typed_of(plan)))


def facts_of(goal: Any) -> Goal:
    """What the rules ask of a goal; its reports where they were read with it."""
    return Goal(
        text=goal.text,
        anchor=f"#goal-{goal.pk}",
        measure=goal.measure,
        scope=goal.scope,
        comparison=goal.comparison,
        value=goal.value,
        unit=goal.unit_of_value,
        lead=goal.lead,
        reported=getattr(goal, "report_value", None),
        reported_before=getattr(goal, "report_before", None),
    )


def table_of(plan: TargetPlan) -> Figures | None:
    """The totals beside which goals are set; None while the table is not complete. One query."""
    return known([figures_of(row) for row in TargetRow.objects.filter(plan=plan)], typed_of(plan))


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report as its page shows it; ``is_less`` than the one before it, which no cumulative figure becomes."""

    row: IndicatorActual
    figure: str
    is_less: bool = False


def reports_of(goal: IndicatorTarget) -> tuple[Report, ...]:
    """What was reported of a goal, the newest day first."""
    rows = list(goal.actuals.all())
    return tuple(_report(goal, row, older) for row, older in zip_longest(rows, rows[1:]))


def _report(goal: IndicatorTarget, row: IndicatorActual, older: IndicatorActual | None) -> Report:
    if row.value is None:
        return Report(row=row, figure=f"{format_count(row.part)}/{format_count(row.whole)}")
    is_less = older is not None and older.value is not None and row.value < older.value
    return Report(row=row, figure=format_value(row.value, goal.unit_of_value), is_less=is_less)


@dataclass(frozen=True, kw_only=True)
class OpenedGoal:
    """The households behind a figure: those that bring it down first, then those of whom nothing is known."""

    line: GoalLine
    households: tuple[Counted, ...]
    is_fall: bool


def opened_goal(*, unit: Area, year: int, pk: int, day: datetime.date) -> OpenedGoal | None:
    """Households that a counted goal counts, none where nothing was counted; None without the goal."""
    goal = _reported_by(day, unit=unit, plan__year=year, pk=pk).first()
    if goal is None:
        return None
    found = _counted(unit, year, day, [goal.measure]).get(goal.measure)
    line = _line(goal, found, unit, year)
    categories = CATEGORIES.get(goal.scope, LISTED) if goal.measure in SHARES else LISTED
    homes = found.households if isinstance(found, Measured) else ()
    rows = [row for row in homes if row.home.category in categories and row.whole]
    rows.sort(key=lambda row: (row.part + row.unknown >= row.whole, row.part >= row.whole))
    return OpenedGoal(line=line, households=tuple(rows), is_fall=goal.measure in (*FALLS, Measure.MINORITY_POOR_FALL))


def _line(goal: Any, found: Measured | Added | None, unit: Area, year: int) -> GoalLine:
    """What was counted goes before what was reported; one level up only when every commune is counted."""
    target = target_words(goal.comparison, goal.value, goal.unit_of_value)
    lacking = _lacking(found)
    if found is not None and not (lacking and goal.report_on):
        reached, bounds = _computed(goal, found, year)
        is_early = found.basis is Basis.STANDING and goal.measure not in (*PERSONS, Measure.PARTY_MEMBER)
        judged = Verdict.OPEN if is_early or lacking else verdict(goal.comparison, goal.value, bounds)
        why = "Mở trang của từng xã để xem các hộ." if isinstance(found, Added) else ""
        return GoalLine(goal=goal, target=target, reached=reached, verdict=judged, why=why)
    if goal.report_on is None:
        return GoalLine(goal=goal, target=target, reached=None, verdict=Verdict.OPEN, why=_why(goal, unit))
    judged = verdict(goal.comparison, goal.value, _reported_bounds(goal))
    return GoalLine(goal=goal, target=target, reached=_reported(goal), verdict=judged)


def _why(goal: IndicatorTarget, unit: Area) -> str:
    if not goal.measure:
        return "Chưa nhập kết quả."
    if unit.level != Level.COMMUNE:
        return "Chưa cộng được từ các xã; có thể nhập kết quả."
    return "Phần mềm chưa có danh sách hộ nghèo, hộ cận nghèo để đếm; có thể nhập kết quả."


# What somebody reported


def _reported(goal: Any) -> Reached:
    if goal.report_value is not None:
        figure, counts = format_value(goal.report_value, goal.unit_of_value), ""
    else:
        figure = f"{format_rate(rate(goal.report_part, goal.report_whole))} %"
        counts = f"{format_count(goal.report_part)}/{format_count(goal.report_whole)}"
    return Reached(figure=figure, counts=counts, on=goal.report_on, source=goal.report_source)


def _reported_bounds(goal: Any) -> Bounds | None:
    if goal.report_value is not None:
        return exactly(goal.report_value)
    return share_bounds(part=goal.report_part, whole=goal.report_whole, unknown=0, unit=goal.unit_of_value)


# What registry and forms count


def _computed(goal: IndicatorTarget, found: Measured | Added, year: int) -> tuple[Reached, Bounds | None]:
    figure, counts, bounds = _of_share(goal, found) if goal.measure in SHARES else _of_unit(goal, found)
    is_preliminary = found.basis is Basis.PRELIMINARY
    reached = Reached(
        figure=figure,
        counts=counts,
        on=found.on,
        source=_source(goal.measure, found, year),
        unknown=_unknown(goal, found),
        is_preliminary=is_preliminary,
        opens=isinstance(found, Measured),
    )
    return reached, bounds


def _lacking(found: Measured | Added | None) -> int:
    """Communes that are not in the figure."""
    return found.lacking if isinstance(found, Added) else 0


def _source(measure: str, found: Measured | Added, year: int) -> str:
    listed = {
        Basis.RECOGNISED: f"danh sách công nhận năm {year}",
        Basis.PRELIMINARY: f"đợt rà soát năm {year} đang làm",
        Basis.STANDING: f"danh sách đang có hiệu lực, chưa rà soát năm {year}",
    }[found.basis]
    of_registry = "sổ hộ, " if measure in (*PERSONS, Measure.PARTY_MEMBER) else ""
    of_units = "cộng từ các xã, " if isinstance(found, Added) else ""
    return f"{of_units}{of_registry}{listed}"


def _of_share(goal: IndicatorTarget, found: Measured | Added) -> tuple[str, str, Bounds | None]:
    sums = found.sums(CATEGORIES.get(goal.scope, ()))
    bounds = share_bounds(part=sums.part, whole=sums.whole, unknown=sums.unknown, unit=goal.unit_of_value)
    word = "người" if goal.measure in PERSONS else "hộ"
    counts = f"{format_count(sums.part)}/{format_count(sums.whole)} {word}"
    if goal.unit_of_value != GoalUnit.PERCENT:
        return f"{format_count(sums.part)} {word}", f"trong {format_count(sums.whole)} {word}", bounds
    share = rate(sums.part, sums.whole)
    return ("" if share is None else f"{format_rate(share)} %"), counts, bounds


def _of_unit(goal: IndicatorTarget, found: Measured | Added) -> tuple[str, str, Bounds | None]:
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


def _unknown(goal: IndicatorTarget, found: Measured | Added) -> str:
    """What the figure does not know, in words; empty where it knows everything."""
    parts, pending = [], found.pending
    if goal.measure in SHARES:
        sums = found.sums(CATEGORIES.get(goal.scope, ()))
        parts, pending = _unknown_share(goal.measure, sums), sums.pending
    elif goal.unit_of_value != GoalUnit.HOUSEHOLDS and not _has_wholes(found):
        parts.append("chưa có tổng số hộ của mọi thôn để tính tỷ lệ")
    if pending:
        parts.append(f"{format_count(pending)} hộ chưa chấm điểm, tạm giữ phân loại kỳ trước")
    if lacking := _lacking(found):
        parts.append(f"chưa có {format_count(lacking)} xã, vì chưa công nhận kết quả rà soát của năm")
    return "; ".join(parts)


def _has_wholes(found: Measured | Added) -> bool:
    return bool(found.whole) and (found.before is None or bool(found.before[1]))


def _unknown_share(measure: str, sums: Sums) -> list[str]:
    """A household that is not scored yet is named as that, not as one that does not answer."""
    if measure in PERSONS:
        people = f"{format_count(sums.unknown)} người ở {format_count(sums.unknown_homes)} hộ chưa rõ"
        return [people] if sums.unknown else []
    silent = sums.unknown - sums.pending
    return [f"{format_count(silent)} hộ chưa trả lời"] if silent > 0 else []
