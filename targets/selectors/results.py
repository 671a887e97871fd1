"""The year's plan beside what came of it, village by village, for the half-year and for the year."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from households.choices import Category
from households.selectors.counts import denominators
from households.selectors.exits import Registered, registered_counts
from households.selectors.results import Results, Standing, results
from povertyplan.areas.models import Area
from targets.choices import Period
from targets.rules.figures import Figures, total
from targets.rules.results import Change, Listing, together
from targets.selectors.places import place_word
from targets.selectors.tables import TargetTable, stored_table, version_table

ENDS = {Period.HALF: (6, 30), Period.YEAR: (12, 31)}
# Of a list the counts in the plan: start, net reduction, end.
PLANNED = {
    Category.POOR: ("poor_households", "poor_reduction", "poor_end"),
    Category.NEAR_POOR: ("near_poor_households", "near_poor_reduction", "near_poor_end"),
}


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """A place (a village, one level up a unit), or with ``place_id`` 0 the whole, with both lists.

    ``code`` is that of a unit whose own page opens.
    """

    place_id: int
    name: str
    poor: Listing
    near_poor: Listing
    code: str = ""

    def of(self, category: Category) -> Listing:
        return self.poor if category == Category.POOR else self.near_poor


@dataclass(frozen=True, kw_only=True)
class PlanResults:
    """``plan_word`` names the plan compared with; ``figures`` are the unit's sums in it. ``is_final``: what is
    known of the result is recognised; ``as_of`` is the day of the lists of the end, None where it is not one."""

    unit: Area
    year: int
    period: Period
    table: TargetTable | None
    plan_word: str
    figures: Figures
    rows: tuple[ResultRow, ...]
    total: ResultRow
    place_word: str
    is_final: bool
    as_of: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class VillageResults(PlanResults):
    """Of a commune. ``is_start_planned``: the start is that of the plan, for no list of it is recorded."""

    results: Results
    is_start_planned: bool


def plan_results(*, unit: Area, year: int, period: Period, today: datetime.date) -> VillageResults:
    """Planned, registered and recognised of a commune. The plan is the version in force, else the table as it stands.

    Every figure of the unit is summed from counts. A constant number of queries.
    """
    table = planned_table(unit=unit, year=year)
    found = results(unit=unit, year=year, to=end_of(year, period), today=today)
    plan = _by_village(found, table)
    registered = _registered(found, registered_counts(unit=unit, year=year))
    villages = _villages(found, plan, registered or {})
    wholes = _wholes(found, villages, plan)
    rows = tuple(
        ResultRow(
            place_id=village.pk,
            name=village.name,
            poor=_listing(found, village.pk, Category.POOR, plan, registered, wholes),
            near_poor=_listing(found, village.pk, Category.NEAR_POOR, plan, registered, wholes),
        )
        for village in villages
    )
    return VillageResults(
        unit=unit,
        year=year,
        period=period,
        table=table,
        plan_word=plan_word(table),
        figures=table.total if table else Figures(),
        rows=rows,
        total=whole_of(rows),
        place_word=place_word(unit, (village.kind for village in villages)),
        is_final=found.standing is Standing.RECOGNISED,
        as_of=found.as_of if found.has_end else None,
        results=found,
        is_start_planned=not found.has_start and found.has_end,
    )


def end_of(year: int, period: Period) -> datetime.date:
    """The last day of the period."""
    return datetime.date(year, *ENDS[period])


def planned_table(*, unit: Area, year: int) -> TargetTable | None:
    """The version in force; before the first approval the table as it stands; None without a plan.

    One query; one more while an adjustment is drawn up, when the table is ahead of that version.
    """
    table = stored_table(unit=unit, year=year)
    if table is None or table.plan is None or table.plan.in_force is None or table.version_number:
        return table
    version = table.plan.in_force
    version.plan, version.plan.unit = table.plan, unit
    return version_table(version)


def plan_word(table: TargetTable | None) -> str:
    """Which version of the table is compared with."""
    if table is None or table.plan is None:
        return ""
    if table.plan.in_force_id is None:
        return f"bảng chỉ tiêu {table.state.label}, chưa có bản được duyệt"
    return f"bản {table.version_number} đã duyệt, đang có hiệu lực"


def _by_village(found: Results, table: TargetTable | None) -> dict[int, Figures]:
    """The plan in the villages of the unit at the end of the year: what became one village counts together."""
    grouped: dict[int, list[Figures]] = {}
    for row in table.rows if table else ():
        village = found.line.village_today(row.place_id, row.place_id) or row.place_id
        grouped.setdefault(village, []).append(row.figures)
    return {village: figures[0] if len(figures) == 1 else total(figures) for village, figures in grouped.items()}


def _registered(found: Results, counts: Mapping[int, Registered]) -> dict[int, Registered] | None:
    """None while nobody registered anywhere; then no village has a number."""
    if not counts:
        return None
    sums: dict[int, Registered] = {}
    for village, more in counts.items():
        today = found.line.village_today(village, village) or village
        known = sums.get(today, Registered())
        sums[today] = Registered(poor=known.poor + more.poor, near_poor=known.near_poor + more.near_poor)
    return sums


def _villages(found: Results, *known: Mapping[int, object]) -> list[Area]:
    """Those of the unit, then others that a list, the plan or a registration still names."""
    named = {pk for places in (found.counts, *known) for pk in places} - found.line.order.keys()
    others = Area.objects.filter(pk__in=named).order_by("sort_key", "pk") if named else ()
    return [*found.villages, *others]


def _wholes(
    found: Results, villages: Iterable[Area], plan: Mapping[int, Figures]
) -> dict[int, tuple[int | None, int | None]]:
    """All households of each village at the start, as the plan has them, and at the end, from the counts at hand."""
    unit = found.unit
    day = max(min(found.as_of, unit.valid_to or found.as_of), unit.valid_from)
    counts = denominators(unit=unit, day=day) if found.has_end else {}
    wholes = {}
    for village in villages:
        figures = plan.get(village.pk, Figures())
        now = counts[village.pk].households if village.pk in counts else figures.households
        wholes[village.pk] = (figures.households, now)
    return wholes


def _listing(
    found: Results,
    village: int,
    category: Category,
    plan: Mapping[int, Figures],
    registered: Mapping[int, Registered] | None,
    wholes: Mapping[int, tuple[int | None, int | None]],
) -> Listing:
    figures = plan.get(village, Figures())
    start, reduction, end = (getattr(figures, name) for name in PLANNED[category])
    counted = found.counts.get(village, {}).get(category)
    whole, whole_end = wholes[village]
    is_known = found.has_end and counted is not None
    return Listing(
        planned=reduction,
        plan=Change(start=start, whole=figures.households, end=end, whole_end=figures.households_end),
        registered=None if registered is None else getattr(registered.get(village, Registered()), category.value),
        result=Change(
            start=counted.start if is_known and counted and found.has_start else start,
            whole=whole,
            end=counted.end if is_known and counted else None,
            whole_end=whole_end,
        ),
        counted=counted if is_known and found.has_start else None,
    )


def whole_of(rows: Iterable[ResultRow]) -> ResultRow:
    """The line of the sum."""
    known = list(rows)
    return ResultRow(
        place_id=0,
        name="Tổng cộng",
        poor=together([row.poor for row in known]),
        near_poor=together([row.near_poor for row in known]),
    )
