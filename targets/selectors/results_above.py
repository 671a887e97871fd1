"""Plan against result one level up: of a district or a province by the units right below it, from their lists."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from households.choices import Category
from households.models import ExitRegistration
from households.rules.transitions import carried
from households.selectors.rounds import official_list
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach, Succession
from targets.choices import Period
from targets.rules.figures import Figures
from targets.rules.results import Change, Listing
from targets.selectors.places import last_day, place_word, places_of
from targets.selectors.results import PLANNED, PlanResults, ResultRow, end_of, plan_word, planned_table, whole_of
from targets.selectors.yearly import YearCounts, every, recognised_lists, whole

Lists = Mapping[int, YearCounts | None]


@dataclass(frozen=True, kw_only=True)
class UnitResults(PlanResults):
    """Of a district or a province; only what is recognised counts. ``without_end`` names the places of which it is not
    yet, ``start_planned`` those whose start is that of the table, for no list of it is recorded."""

    without_end: tuple[str, ...]
    start_planned: tuple[str, ...]


def unit_results(*, unit: Area, year: int, period: Period, today: datetime.date) -> UnitResults:
    """Planned as the unit's own table has it, registered and recognised as its communes have them.

    Counts only: of each commune the households of the recognised lists. A constant number of queries.
    """
    table = planned_table(unit=unit, year=year)
    planned = {row.place_id: row.figures for row in table.rows} if table else {}
    below = _Below(unit, year)
    starts, ends = _lists(below, unit, year, min(end_of(year, period), today), period)
    registered = below.registered()
    rows = tuple(
        ResultRow(
            place_id=place.pk,
            name=place.title,
            code="" if place.is_followed else place.code,
            **{
                category.value: _listing(
                    category,
                    planned.get(place.pk, Figures()),
                    starts[place.pk],
                    ends[place.pk],
                    registered[place.pk, category] if registered else None,
                )
                for category in (Category.POOR, Category.NEAR_POOR)
            },
        )
        for place in below.places
    )
    return UnitResults(
        unit=unit,
        year=year,
        period=period,
        table=table,
        plan_word=plan_word(table),
        figures=table.total if table else Figures(),
        rows=rows,
        total=whole_of(rows),
        place_word=place_word(unit, (place.kind for place in below.places)),
        is_final=period == Period.YEAR or end_of(year, period) <= today,
        as_of=min(end_of(year, period), today) if period == Period.HALF and any(ends.values()) else None,
        without_end=tuple(place.title for place in below.places if ends[place.pk] is None),
        start_planned=tuple(place.title for place in below.places if starts[place.pk] is None and ends[place.pk]),
    )


class _Below:
    """The places of a unit in a year with their communes, and whom these followed."""

    def __init__(self, unit: Area, year: int) -> None:
        self.year, day = year, last_day(unit, year)
        end = datetime.date(year, 12, 31)
        later = Area.objects.filter(level=OuterRef("level"), code=OuterRef("code"), valid_from__gt=day)
        self.places: list[Any] = list(
            places_of(unit, year).annotate(is_followed=Exists(later.filter(valid_from__lte=end)))
        )
        self.communes = {place.pk: place.pk for place in self.places if place.level == Level.COMMUNE}
        if districts := [place.pk for place in self.places if place.level == Level.DISTRICT]:
            children = Area.objects.filter(level=Level.COMMUNE, parent__in=districts).valid_on(day)
            self.communes |= dict(children.values_list("pk", "parent_id"))
        self.reached = Reach.objects.filter(area__in=self.communes, reached__level=Level.COMMUNE).values("reached")

    @cached_property
    def edges(self) -> list[tuple[int, int, bool]]:
        """Predecessor, successor, and whether other units took a part of that predecessor."""
        others = Succession.objects.filter(predecessor=OuterRef("predecessor")).exclude(pk=OuterRef("pk"))
        found = Succession.objects.filter(successor__in=self.reached, predecessor__level=Level.COMMUNE)
        return list(found.values_list("predecessor", "successor", Exists(others)))

    @cached_property
    def predecessors(self) -> dict[int, list[int]]:
        return _grouped((new, old) for old, new, _ in self.edges)

    @cached_property
    def divided(self) -> frozenset[int]:
        return frozenset(old for old, _, is_divided in self.edges if is_divided)

    def by_place(self, known: Mapping[int, YearCounts | None]) -> dict[int, YearCounts | None]:
        """Sums of the communes of each place; None where one of them is unknown."""
        found: dict[int, list[YearCounts | None]] = {place.pk: [] for place in self.places}
        for commune, place in self.communes.items():
            found[place].append(known.get(commune))
        return {place: _together(parts) for place, parts in found.items()}

    def recognised(self, year: int, known: Mapping[int, YearCounts]) -> dict[int, YearCounts | None]:
        """By commune the list of its periodic round of the year; of whom it followed where it had none yet."""
        return {commune: whole(commune, known, self.predecessors, self.divided) for commune in self.communes}

    def registered(self) -> Counter[tuple[int, str]]:
        """Households that registered and did not withdraw, by place and category; nothing while nobody did.

        What was registered in a unit that merged counts where it went; of a divided one where the household is now.
        """
        rows = ExitRegistration.objects.filter(
            unit__in=self.reached, drive__year=self.year, withdrawn_on__isnull=True
        ).order_by()
        successors = _grouped((old, new) for old, new, _ in self.edges)
        order = {pk: number for number, pk in enumerate(self.communes)}
        counts: Counter[tuple[int, str]] = Counter()
        for unit, present, category, number in rows.values_list("unit", "household__unit", "category").annotate(
            n=Count("pk")
        ):
            commune = unit if unit in order else carried(unit, present, successors, order)
            if commune is not None:
                counts[self.communes[commune], category] += number
        return counts


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def _lists(below: _Below, unit: Area, year: int, until: datetime.date, period: Period) -> tuple[Lists, Lists]:
    """By place both lists at the start of the year and at the end of the period; see ``docs/rules/plan-results.md``."""
    years = (year - 1,) if period == Period.HALF else (year - 1, year)
    by_year = recognised_lists(below.reached, years)
    starts = below.recognised(year - 1, by_year.get(year - 1, {}))
    if period == Period.YEAR:
        ends: Lists = below.recognised(year, by_year.get(year, {}))
    elif until < datetime.date(year, 1, 1):
        ends = {}
    else:
        ends = _in_force(below, unit, until, starts)
    return below.by_place(starts), below.by_place(ends)


def _in_force(below: _Below, unit: Area, day: datetime.date, starts: Lists) -> Lists:
    """By commune the list in force on the day, regular rounds included, where the list of the start is known."""
    rows = official_list(unit, day).order_by().values_list("unit").annotate(
        poor=Count("pk", filter=Q(category=Category.POOR)),
        near_poor=Count("pk", filter=Q(category=Category.NEAR_POOR)),
    )  # fmt: skip
    counted = {pk: YearCounts(poor=poor, near_poor=near_poor) for pk, poor, near_poor in rows}

    def family(commune: int) -> list[int]:
        return [commune, *(pk for older in below.predecessors.get(commune, ()) for pk in family(older))]

    return {
        commune: _together([counted.get(pk, YearCounts(poor=0, near_poor=0)) for pk in family(commune)])
        for commune, start in starts.items()
        if start
    }


def _together(parts: list[YearCounts | None]) -> YearCounts | None:
    known = [part for part in parts if part]
    if not known or len(known) < len(parts):
        return None
    return YearCounts(poor=every(part.poor for part in known), near_poor=every(part.near_poor for part in known))


def _listing(
    category: Category, figures: Figures, start: YearCounts | None, end: YearCounts | None, registered: int | None
) -> Listing:
    planned_start, reduction, planned_end = (getattr(figures, name) for name in PLANNED[category])
    return Listing(
        planned=reduction,
        plan=Change(start=planned_start, whole=figures.households, end=planned_end, whole_end=figures.households_end),
        registered=registered,
        result=Change(
            start=getattr(start, category.value) if start else planned_start,
            whole=figures.households,
            end=getattr(end, category.value) if end else None,
            whole_end=figures.households,
        ),
    )
