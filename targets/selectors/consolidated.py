"""The consolidated table of a district or a province: its communes of the year, each with the sums of its villages.

Three queries for any number of communes; the trend takes one more. ``docs/rules/consolidation.md``.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.rules.consolidated import NO_PLAN, Line, TrendYear
from targets.rules.figures import COUNTS, Figures, total
from targets.rules.quotas import QuotaLine
from targets.selectors.consolidated_sql import ASKED, PLANS, TREND, UNITS, ask

TREND_YEARS = 10


@dataclass(frozen=True, kw_only=True)
class Consolidated:
    """All communes of the area in the year, in Vietnamese order of names; ``day`` is the one they are counted on."""

    area: Area
    year: int
    day: datetime.date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A commune of the year, as ``consolidated_sql.UNITS`` answers."""

    pk: int
    code: str
    name: str
    kind: str
    order: str
    is_sample: bool
    above: str
    predecessors: list[int]
    is_divided: bool
    is_followed: bool
    comments: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSums:
    """A plan with the sums of its rows: of the version in force, else as they stand."""

    plan: int
    state: str
    number: int | None
    villages: int
    incomplete: int
    figures: Figures


Plans = dict[tuple[int, int], PlanSums]


def last_day(area: Area, year: int) -> datetime.date:
    """The last day of the year on which the area exists: its communes of the year are those of that day."""
    end = datetime.date(year, 12, 31)
    return end if area.valid_to is None else min(end, area.valid_to)


def consolidated(*, area: Area, year: int, user: User) -> Consolidated:
    """Every commune of the area in the year, with a plan or without; none where no grant reaches the area."""
    day = last_day(area, year)
    if not _sees(user, area):
        return Consolidated(area=area, year=year, day=day, lines=())
    values: dict[str, Any] = {"area": area.pk, "year": year, "day": day, "end": datetime.date(year, 12, 31)}
    units = [UnitFacts(*row) for row in ask(UNITS, values)]
    values["units"] = [unit.pk for unit in units]
    before = [*values["units"], *(pk for unit in units for pk in unit.predecessors)]
    plans = {(row[0], row[1]): _sums(row) for row in ask(PLANS, values | {"before": before})}
    asked = _asked(values)
    lines = tuple(_line(unit, year, plans, asked.get(unit.pk, [])) for unit in units)
    return Consolidated(area=area, year=year, day=day, lines=lines)


def _sees(user: User, area: Area) -> bool:
    """A grant that reaches the area reaches all below it."""
    return user.is_active and (user.is_superuser or bool(user.grants_reaching(area)))


def _sums(row: tuple[Any, ...]) -> PlanSums:
    _, _, plan, state, number, villages, incomplete, ends, *counts = row
    return PlanSums(
        plan=plan,
        state=state,
        number=number,
        villages=villages,
        incomplete=incomplete,
        figures=_figures(ends, counts),
    )


def _figures(ends: int | None, counts: Iterable[int | None]) -> Figures:
    """As ``total`` has it: expected households are summed over all rows as soon as one row says some."""
    known = dict(zip(COUNTS, counts, strict=True))
    if known["expected_households"] is not None:
        known["expected_households"] = ends
    return Figures(**known)


def _asked(values: dict[str, Any]) -> dict[int, list[QuotaLine]]:
    """By unit what is asked of it: rows of the tables above it that have it as a place, and its own quotas."""
    asked: dict[int, list[QuotaLine]] = defaultdict(list)
    for unit, issuer, subject, form, meaning, households, rate in ask(ASKED, values):
        asked[unit].append(
            QuotaLine(
                issuer=QuotaIssuer(issuer),
                subject=QuotaSubject(subject),
                form=QuotaForm(form),
                meaning=Meaning(meaning),
                households=households,
                rate=rate,
            )
        )
    return asked


def _line(unit: UnitFacts, year: int, plans: Plans, asked: list[QuotaLine]) -> Line:
    now = plans.get((unit.pk, year))
    return Line(
        pk=unit.pk,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        above=unit.above,
        order=unit.order,
        is_sample=unit.is_sample,
        opens=not unit.is_followed,
        plan=now.plan if now else None,
        state=now.state if now else NO_PLAN,
        number=now.number if now else None,
        villages=now.villages if now else 0,
        incomplete=now.incomplete if now else 0,
        comments=unit.comments,
        figures=now.figures if now else None,
        before=_before(unit, year - 1, plans),
        quotas=tuple(asked),
    )


def _before(unit: UnitFacts, year: int, plans: Plans) -> Figures | None:
    """The unit's own plan of that year, else the sum of its predecessors' when it took over each of them wholly.

    Nothing where a plan lacks a start: years are compared over the same villages.
    """
    own = plans.get((unit.pk, year))
    theirs = [own] if own else [plans.get((pk, year)) for pk in unit.predecessors]
    known = [found.figures for found in theirs if found and found.villages and not found.incomplete]
    is_whole = bool(own) or not unit.is_divided
    return total(known) if known and len(known) == len(theirs) and is_whole else None


def trend(*, area: Area, year: int, years: int = TREND_YEARS) -> tuple[TrendYear, ...]:
    """The area year by year up to ``year``, from the counts of its communes of then, its predecessors' included.

    A plan counts once every village has its start, and not where a unit that followed has one for the same year.
    Years without such a plan are left out. Whoever sees the area sees all that it reaches.
    """
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    values = {"area": area.pk, "until": area.valid_to, "first": year - years + 1, "last": year}
    for number, *row in ask(TREND, values):
        found[number].append(tuple(row))
    known = (_trend_year(number, found[number]) for number in sorted(found))
    return tuple(row for row in known if row.units)


def _trend_year(year: int, parts: list[tuple[Any, ...]]) -> TrendYear:
    """Of the rows of a year each says something else; what it does not say is empty."""
    return TrendYear(
        year=year,
        units=frozenset(pk for units, *_ in parts for pk in units or ()),
        unsent=sum(unsent for _, unsent, *_ in parts),
        whole=frozenset(pk for _, _, whole, *_ in parts for pk in whole or ()),
        figures=total(_figures(ends, counts) for _, _, _, ends, *counts in parts),
    )
