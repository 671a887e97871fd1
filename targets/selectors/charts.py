"""Figures of the pictures: rates by village, over the years, and how far the quota is met."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Count, Sum

from households.choices import Category
from households.selectors.counts import denominators
from households.selectors.lineage import Lineage
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.charts import NEAR_POOR, POOR, Bar, Chart, Point, Share, Span, Stage, progress, rate_bars, trend
from targets.choices import Period, QuotaSubject
from targets.models import TargetRow
from targets.rules.figures import Figures
from targets.rules.quotas import strictest
from targets.rules.results import Listing
from targets.selectors.quotas import quotas_of
from targets.selectors.results import PlanResults, plan_results, planned_table
from targets.selectors.tables import TargetTable
from targets.selectors.yearly import ByYear, YearCounts, every, recognised_lists, whole

BOTH = (POOR, NEAR_POOR)
SUBJECTS = {Category.POOR: QuotaSubject.POOR, Category.NEAR_POOR: QuotaSubject.NEAR_POOR}
SERIES = {Category.POOR: POOR, Category.NEAR_POOR: NEAR_POOR}


def share(part: int | None, whole: int | None) -> Share | None:
    """None while one of the counts is unknown."""
    return None if part is None or whole is None else Share(part=part, whole=whole)


def pictures(*, unit: Area, year: int, today: datetime.date) -> tuple[TargetTable | None, list[Chart]]:
    """The table drawn and the pictures of the year: rates by village, trend, progress to the quota.

    Above the communes rates by unit and the trend of the unit's own plans. A constant number of queries.
    """
    if unit.level != Level.COMMUNE:
        table, drawn = planned_table(unit=unit, year=year), [trend_of(unit, None)]
    else:
        found = plan_results(unit=unit, year=year, period=Period.YEAR, today=today)
        table, drawn = found.table, [trend_of(unit, found.results.line), *progress_of(found)]
    first = [bars_of(table)] if table and table.rows else []
    return table, [*first, *drawn]


def bars_of(table: TargetTable) -> Chart:
    """Rates of every place of the table at the start and as planned for the end, over the households of then."""
    return rate_bars(
        title=f"Tỷ lệ hộ nghèo, hộ cận nghèo từng {table.village_word} năm {table.year}",
        series=BOTH,
        bars=[Bar(name=row.name, spans=_spans(row.figures)) for row in table.rows],
        place=table.village_word,
        end="dự kiến cuối năm",
    )


def _spans(figures: Figures) -> tuple[Span, ...]:
    """An end is drawn once a reduction is planned; until then there is only a start."""
    return tuple(
        Span(
            start=share(start, figures.households),
            end=share(end, figures.households_end) if reduction is not None else None,
        )
        for start, end, reduction in (
            (figures.poor_households, figures.poor_end, figures.poor_reduction),
            (figures.near_poor_households, figures.near_poor_end, figures.near_poor_reduction),
        )
    )


def progress_of(found: PlanResults) -> list[Chart]:
    """One bar for the poor, one for the near-poor, against the strictest quota. One query."""
    plan = found.table.plan if found.table else None
    needed = strictest(quotas_of(plan), found.figures) if plan else {}
    charts = []
    for category, series in SERIES.items():
        requirement = needed.get(SUBJECTS[category])
        listing = found.total.of(category)
        charts.append(
            progress(
                title=f"Giảm {series.word}: {Period(found.period).label} {found.year}",
                series=series,
                quota=Stage(word="chỉ tiêu giao", households=requirement.households if requirement else None),
                plan=Stage(word="kế hoạch", households=listing.planned),
                registered=Stage(word=f"đăng ký thoát {_short(series.word)}", households=listing.registered),
                reached=Stage(word=_reached_word(found, listing), households=listing.reached),
            )
        )
    return charts


def _short(word: str) -> str:
    return word.removeprefix("hộ ")


def _reached_word(found: PlanResults, listing: Listing) -> str:
    return "đã công nhận" if found.is_final or listing.reached is None else "kết quả sơ bộ"


# Over the years


def trend_of(unit: Area, line: Lineage | None) -> Chart:
    """Rates at the end of each year that is known. Two queries; one of a unit above the communes (no ``line``)."""
    points = [
        Point(year=year, shares=(share(row.poor, row.whole), share(row.near_poor, row.whole)))
        for year, row in sorted(yearly(unit, line).items())
    ]
    return trend(title="Tỷ lệ hộ nghèo, hộ cận nghèo cuối các năm", series=BOTH, points=points)


def yearly(unit: Area, line: Lineage | None) -> dict[int, YearCounts]:
    """By year: the list its periodic review recognised, else the start figures of the plan of the year after.

    Households are those with which the plan of the year after starts; of the newest list without such a plan, the
    counts at hand (one query more). A unit that followed others has their sums, unless one was divided or is
    unknown.
    """
    plans = _of_unit(unit, line, _plans(line.units if line else {unit.pk}))
    lists = _of_unit(unit, line, recognised_lists(line.units)) if line else {}
    found = {**plans, **{year: replace(row, whole=_plan_whole(plans, year)) for year, row in lists.items()}}
    newest = max(lists, default=None)
    if line and newest is not None and found[newest].whole is None:
        found[newest] = replace(found[newest], whole=_counted_whole(line, newest))
    return found


def _plan_whole(plans: Mapping[int, YearCounts], year: int) -> int | None:
    return plans[year].whole if year in plans else None


def _counted_whole(line: Lineage, year: int) -> int | None:
    """All households of the unit at the end of the year; None while a village has no figures."""
    unit = line.unit
    day = max(min(datetime.date(year, 12, 31), unit.valid_to or datetime.date.max), unit.valid_from)
    counts = denominators(unit=unit, day=day)
    return every(row.households for row in counts.values()) if counts.keys() >= line.order.keys() else None


def _plans(units: Iterable[int]) -> ByYear:
    """Start figures of stored plans by the year before and unit; a figure that one row lacks is unknown."""
    rows = TargetRow.objects.filter(unit__in=units).order_by().values_list("plan__year", "unit_id")
    fields = ("poor_households", "near_poor_households", "households")
    known = [Count(field) for field in fields]
    sums = [Sum(field) for field in fields]
    by_year: ByYear = defaultdict(dict)
    for year, pk, places, *figures in rows.annotate(Count("pk"), *known, *sums):
        poor, near_poor, households = (
            figures[place + len(fields)] if figures[place] == places else None for place in range(len(fields))
        )
        by_year[year - 1][pk] = YearCounts(poor=poor, near_poor=near_poor, whole=households)
    return by_year


def _of_unit(unit: Area, line: Lineage | None, by_year: ByYear) -> dict[int, YearCounts]:
    before, divided = (line.predecessors, line.divided) if line else ({}, frozenset())
    return {year: counts for year, of_units in by_year.items() if (counts := whole(unit.pk, of_units, before, divided))}
