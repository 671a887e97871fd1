"""Which units and years a user may turn to."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, OuterRef, Q

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach
from povertyplan.areas.querysets import AreaQuerySet
from povertyplan.areas.selectors import unit_in_year
from targets.models import TargetPlan

MOST_IN_SWITCHER = 30


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: str
    kind: str
    name: str
    until: datetime.date | None
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Units to choose from; ``is_all`` is false where the user has more than a menu can hold."""

    units: tuple[Choice, ...]
    is_all: bool


def visible_units(user: User) -> AreaQuerySet:
    return Area.objects.visible_to(user).units()


def own_units(user: User) -> list[Area]:
    """Units where the user works: granted areas that are units, in any role but the level above."""
    own = {
        grant.area.code: grant.area
        for grant in sorted(user.grants_today, key=lambda grant: (grant.valid_from, grant.pk), reverse=True)
        if grant.area.code and grant.role != Role.REVIEWER
    }
    return list(own.values())


def switcher(user: User, current: Area) -> Choices:
    """One query; granted units first. Beyond the limit: only these and the current one, the rest by search."""
    units = visible_units(user).only("code", "kind", "name", "sort_key", "valid_from", "valid_to")
    reached = list(units.order_by("sort_key", "-valid_from")[: MOST_IN_SWITCHER + 1])
    is_all = len(reached) <= MOST_IN_SWITCHER
    granted = [grant.area for grant in user.grants_today if grant.area.code]
    areas = reached if is_all else [current, *granted]
    by_code = {area.code: area for area in sorted(areas, key=lambda area: area.valid_from)} | {current.code: current}
    own = {area.code for area in granted}
    listed = sorted(by_code.values(), key=lambda area: (area.code not in own, area.valid_to is not None, area.sort_key))
    return Choices(units=tuple(_choice(area, current) for area in listed), is_all=is_all)


def _choice(area: Area, current: Area) -> Choice:
    is_current = area.code == current.code
    return Choice(code=area.code, kind=area.kind, name=area.name, until=area.valid_to, is_current=is_current)


def years_of(user: User, unit: Area, *, year: int, today: datetime.date) -> list[int]:
    """Years with a plan of the unit or of one below, this year and the next, newest first, as far as somebody bore the
    code. One query.

    After the end of the code also the years beside its last plan: what was left out can still be written down.
    """
    bearers = Area.objects.visible_to(user).filter(level=unit.level, code=unit.code)
    plans = TargetPlan.objects.filter(unit__reached_from__area=OuterRef("pk")).order_by().values("year").distinct()
    lives = list(bearers.values_list("valid_from", "valid_to", ArraySubquery(plans)))
    spans = [(first, last) for first, last, _ in lives]
    planned = {found for first, last, years in lives for found in years if _was_borne([(first, last)], found)}
    wanted = planned | {today.year, today.year + 1, year}
    if planned and not _was_borne(spans, today.year + 1):
        wanted |= {max(planned) - 1, max(planned) + 1}
    return sorted((candidate for candidate in wanted if _was_borne(spans, candidate)), reverse=True)


def _was_borne(spans: Iterable[tuple[datetime.date, datetime.date | None]], year: int) -> bool:
    return any(first.year <= year and (last is None or last.year >= year) for first, last in spans)


def home_year(unit: Area, *, last_plan: int | None, today: datetime.date) -> int:
    """The year to open first: of the latest plan, else this year, else the last year of the unit."""
    if last_plan is not None:
        return last_plan
    if unit.valid_to is not None and unit.valid_to < today:
        return unit.valid_to.year
    return max(today.year, unit.valid_from.year)


def last_plan_year(user: User, unit: Area) -> int | None:
    """Latest year with a target plan of the unit or of an earlier bearer of its code."""
    plans = TargetPlan.objects.visible_to(user).filter(unit__level=unit.level, unit__code=unit.code)
    return plans.aggregate(last=Max("year"))["last"]


def with_last_plan(units: AreaQuerySet) -> AreaQuerySet:
    """Adds ``last_plan``: the latest year for which the unit has a target plan."""
    return units.annotate(last_plan=Max("target_plans__year"))


def areas_above(user: User, *, today: datetime.date) -> list["Opening"]:
    """Districts and provinces where the user is the level above, those that still exist first.

    Each opens in the last of its years in which a unit below has a plan. One query, for reviewers only.
    """
    granted = {grant.area for grant in user.grants_today if grant.role == Role.REVIEWER}
    areas = [area for area in granted if area.level in {Level.PROVINCE, Level.DISTRICT}]
    planned: dict[int, set[int]] = defaultdict(set)
    if areas:
        plans = Reach.objects.filter(area__in=areas, reached__target_plans__isnull=False)
        for pk, year in plans.values_list("area", "reached__target_plans__year").distinct():
            planned[pk].add(year)
    areas.sort(key=lambda area: (area.valid_to is not None, area.sort_key, area.pk))
    return [Opening(unit=area, year=_last_year(area, planned[area.pk], today)) for area in areas]


def _last_year(area: Area, planned: Iterable[int], today: datetime.date) -> int:
    lived = [year for year in planned if _was_borne([(area.valid_from, area.valid_to)], year)]
    return home_year(area, last_plan=max(lived, default=None), today=today)


def nearest_year(user: User, code: str, year: int) -> int | None:
    """The year of the code's life that is nearest to ``year``; None where the user sees no unit of that code."""
    spans = visible_units(user).filter(code=code).values_list("valid_from", "valid_to")
    borne = [_within(first, last, year) for first, last in spans]
    return min(borne, key=lambda candidate: abs(candidate - year), default=None)


def _within(first: datetime.date, last: datetime.date | None, year: int) -> int:
    """``year``, or the end of the life that is nearest to it."""
    since = max(year, first.year)
    return since if last is None else min(since, last.year)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A unit and the year to open it in."""

    unit: Area
    year: int


def elsewhere(user: User, code: str, year: int) -> tuple[Opening | None, list[Opening]]:
    """For a code that nobody bears in the year: its nearest bearer, and who followed it; only what the user sees."""
    nearest = nearest_year(user, code, year)
    if nearest is None:
        return None, []
    unit = unit_in_year(code, nearest, among=visible_units(user))
    followers = (
        visible_units(user).filter(inheritances__predecessor=unit).order_by("sort_key") if nearest < year else ()
    )
    following = [Opening(unit=area, year=_within(area.valid_from, area.valid_to, year)) for area in followers]
    return Opening(unit=unit, year=nearest), following


def unit_search(user: User, words: str) -> AreaQuerySet:
    """Units that the user sees; ``words`` without accents, or a code.

    Those with a plan come first, and within them and within the rest those that still exist.
    """
    found = with_last_plan(visible_units(user)).select_related("parent__parent")
    for word in words.split():
        found = found.filter(Q(name__unaccent__icontains=word) | Q(kind__unaccent__icontains=word) | Q(code=word))
    found = found.alias(is_unplanned=Q(last_plan__isnull=True), is_over=Q(valid_to__isnull=False))
    return found.order_by("is_unplanned", "is_over", F("last_plan").desc(nulls_last=True), "sort_key", "-valid_from")
