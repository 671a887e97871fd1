"""The consolidated table of a district or a province: its communes of the year, each with the sums of its villages.

Four queries for any number of communes; the trend takes one more. ``docs/rules/consolidation.md``.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Succession
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.models import Comment, Quota, TargetPlan, TargetRow
from targets.rules.consolidated import Line, TrendYear
from targets.rules.figures import COUNTS, START_COUNTS, Figures, total
from targets.rules.quotas import QuotaLine, Requirement, strictest

SUM = "sum_"
TREND_YEARS = 10
ISSUERS = {Level.PROVINCE: QuotaIssuer.PROVINCE, Level.DISTRICT: QuotaIssuer.DISTRICT}
QUOTA_FIELDS = ("issuer", "subject", "form", "meaning", "households", "rate")
UPPER = ((QuotaSubject.POOR, "poor_reduction"), (QuotaSubject.NEAR_POOR, "near_poor_reduction"))


@dataclass(frozen=True, kw_only=True)
class Consolidated:
    """All communes of the area in the year, in Vietnamese order of names; ``day`` is the one they are counted on."""

    area: Area
    year: int
    day: datetime.date
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSums:
    """A plan with the sums of its rows: of the version in force, else as they stand."""

    unit: int
    year: int
    plan: int
    state: str
    number: int | None
    villages: int
    incomplete: int
    figures: Figures


def last_day(area: Area, year: int) -> datetime.date:
    """The last day of the year on which the area exists: its communes of the year are those of that day."""
    end = datetime.date(year, 12, 31)
    return end if area.valid_to is None else min(end, area.valid_to)


def consolidated(*, area: Area, year: int, user: User) -> Consolidated:
    """Every commune of the area in the year that the user sees, with a plan or without."""
    day = last_day(area, year)
    units = list(_units(area, year, day, user))
    plans = _plans_of(units, year)
    asked = _asked([unit["pk"] for unit in units], year)
    lines = tuple(_line(unit, year, plans, asked) for unit in units)
    return Consolidated(area=area, year=year, day=day, lines=lines)


def _units(area: Area, year: int, day: datetime.date, user: User) -> Iterable[dict[str, Any]]:
    """Communes on the day; ``predecessors`` are whom they took over, ``divided``: not every one of them wholly."""
    before = Succession.objects.filter(successor=OuterRef("pk"))
    others = Succession.objects.filter(predecessor=OuterRef("predecessor")).exclude(successor=OuterRef("successor"))
    comments = Comment.objects.filter(unit=OuterRef("pk"), plan__year=year, closed_at__isnull=True)
    later = Area.objects.filter(level=Level.COMMUNE, code=OuterRef("code"), valid_from__gt=OuterRef("valid_from"))
    return (
        Area.objects.visible_to(user)
        .filter(Q(parent=area) | Q(parent__parent=area), level=Level.COMMUNE)
        .valid_on(day)
        .annotate(
            predecessors=ArraySubquery(before.values("predecessor")),
            divided=Exists(before.filter(Exists(others))),
            comments=Subquery(comments.order_by().values("unit").annotate(n=Count("pk")).values("n")),
            followed=Exists(later.filter(valid_from__lte=datetime.date(year, 12, 31))),
        )
        .order_by("sort_key", "pk")
        .values(
            *("pk", "code", "name", "kind", "sort_key", "is_sample", "parent_id", "parent__kind", "parent__name"),
            *("predecessors", "divided", "comments", "followed"),
            is_below=Case(When(parent=area, then=False), default=True),
        )
    )


def _plans_of(units: Iterable[dict[str, Any]], year: int) -> dict[tuple[int, int], PlanSums]:
    """By unit and year: plans of the year, and of the year before also of predecessors."""
    now = [unit["pk"] for unit in units]
    then = [*now, *(pk for unit in units for pk in unit["predecessors"])]
    wanted = Q(year=year, unit__in=now) | Q(year=year - 1, unit__in=then)
    rows = _both(TargetPlan.objects.filter(wanted), "unit_id", "year", "pk", "state", "in_force__number")
    return {(row[0], row[1]): _sums(row) for row in rows}


def _both(plans: QuerySet[TargetPlan], *keys: str, **more: Count) -> Iterable[tuple[Any, ...]]:
    """One query: by ``keys`` the sums of rows; of plans in force those of that version, of others as they stand."""
    arms = [
        plans.filter(in_force__isnull=rows == "rows__").order_by().values_list(*keys).annotate(**more, **_added(rows))
        for rows in ("rows__", "in_force__rows__")
    ]
    return arms[0].union(arms[1], all=True)


ENDS = SUM + "ends"


def _added(rows: str) -> dict[str, Any]:
    """What ``rules.figures.total`` adds, in the database; no name is that of a field of the plan.

    ``ENDS`` are the households expected at the end, blank meaning those of the start.
    """
    lacking = Q()
    for name in START_COUNTS:
        lacking |= Q(**{f"{rows}{name}__isnull": True})
    return {
        "villages": Count(f"{rows}pk"),
        "incomplete": Count(f"{rows}pk", filter=lacking),
        ENDS: Sum(Coalesce(f"{rows}expected_households", f"{rows}households", Value(0))),
    } | {SUM + name: Sum(f"{rows}{name}") for name in COUNTS}


def _figures(ends: int | None, counts: Iterable[int | None]) -> Figures:
    """As ``total`` has it: expected households are summed over all rows as soon as one row says some."""
    known = dict(zip(COUNTS, counts, strict=True))
    if known["expected_households"] is not None:
        known["expected_households"] = ends
    return Figures(**known)


def _sums(row: tuple[Any, ...]) -> PlanSums:
    unit, year, plan, state, number, villages, incomplete, ends, *counts = row
    return PlanSums(
        unit=unit,
        year=year,
        plan=plan,
        state=state,
        number=number,
        villages=villages,
        incomplete=incomplete,
        figures=_figures(ends, counts),
    )


def _line(
    unit: dict[str, Any],
    year: int,
    plans: dict[tuple[int, int], PlanSums],
    asked: dict[int, list[QuotaLine]],
) -> Line:
    now = plans.get((unit["pk"], year))
    figures = now.figures if now else None
    return Line(
        pk=unit["pk"],
        code=unit["code"],
        name=unit["name"],
        kind=unit["kind"],
        above=f"{unit['parent__kind']} {unit['parent__name']}" if unit["is_below"] else "",
        order=unit["sort_key"],
        is_sample=unit["is_sample"],
        opens=not unit["followed"],
        plan=now.plan if now else None,
        state=now.state if now else "",
        number=now.number if now else None,
        villages=now.villages if now else 0,
        incomplete=now.incomplete if now else 0,
        comments=unit["comments"] or 0,
        figures=figures,
        before=_before(unit, year - 1, plans),
        asked=_strictest(asked.get(unit["pk"], []), figures),
    )


def _strictest(quotas: list[QuotaLine], figures: Figures | None) -> dict[QuotaSubject, Requirement]:
    return strictest(quotas, figures or Figures()) if quotas else {}


def _before(unit: dict[str, Any], year: int, plans: dict[tuple[int, int], PlanSums]) -> Figures | None:
    """The unit's own plan of that year, else the sum of its predecessors' when it took over each of them wholly."""
    own = plans.get((unit["pk"], year))
    if own:
        return own.figures
    theirs = [plans.get((pk, year)) for pk in unit["predecessors"]]
    known = [found.figures for found in theirs if found]
    return total(known) if known and len(known) == len(theirs) and not unit["divided"] else None


def _asked(units: list[int], year: int) -> dict[int, list[QuotaLine]]:
    """By unit what is asked of it: rows of the tables above it that have it as a place, and its own quotas."""
    asked: dict[int, list[QuotaLine]] = defaultdict(list)
    for place, level, *reductions in _rows_above(units, year):
        for (subject, _), households in zip(UPPER, reductions, strict=True):
            if households is not None:
                line = QuotaLine(
                    issuer=ISSUERS[level], subject=subject, form=QuotaForm.HOUSEHOLDS, households=households
                )
                asked[place].append(line)
    quotas = Quota.objects.filter(unit__in=units, plan__year=year)
    for quota in quotas.only("unit_id", *QUOTA_FIELDS):
        asked[quota.unit_id].append(
            QuotaLine(
                issuer=QuotaIssuer(quota.issuer),
                subject=QuotaSubject(quota.subject),
                form=QuotaForm(quota.form),
                meaning=Meaning(quota.meaning),
                households=quota.households,
                rate=quota.rate,
            )
        )
    return asked


def _rows_above(units: list[int], year: int) -> Iterable[tuple[Any, ...]]:
    """What the level above planned for these units as its places; of a table in force what is in force."""
    fields = [field for _, field in UPPER]
    rows = TargetRow.objects.filter(
        place__in=units, plan__year=year, plan__in_force__isnull=True, plan__unit__level__in=ISSUERS
    )
    in_force = TargetPlan.objects.filter(year=year, in_force__rows__place__in=units, unit__level__in=ISSUERS)
    return (
        rows.order_by()
        .values_list("place_id", "plan__unit__level", *fields)
        .union(
            in_force.order_by().values_list(
                "in_force__rows__place_id", "unit__level", *(f"in_force__rows__{field}" for field in fields)
            ),
            all=True,
        )
    )


def trend(*, area: Area, year: int, user: User, years: int = TREND_YEARS) -> tuple[TrendYear, ...]:
    """The area year by year up to ``year``, from the counts of its communes of then, its predecessors' included.

    A plan does not count where a unit that followed has one for the same year. Years without a plan are left out.
    """
    later = TargetPlan.objects.filter(unit__inheritances__predecessor=OuterRef("unit"), year=OuterRef("year"))
    communes = Area.objects.visible_to(user).filter(level=Level.COMMUNE, reached_from__area=area)
    plans = TargetPlan.objects.filter(year__gt=year - years, year__lte=year, unit__in=communes.values("pk")).exclude(
        Exists(later)
    )
    found: dict[int, list[tuple[int, Figures]]] = defaultdict(list)
    for number, units, _, _, ends, *counts in _both(plans, "year", units=Count("pk", distinct=True)):
        found[number].append((units, _figures(ends, counts)))
    return tuple(
        TrendYear(year=number, units=sum(units for units, _ in arms), figures=total(figures for _, figures in arms))
        for number, arms in sorted(found.items())
    )
