"""The same figures one level up: counts of the communes of an area, added; a percentage is never added or averaged.

Only recognised lists count. A commune whose round of the year is not recognised by the day is lacking, and as long as
one is, nothing is judged. ``docs/rules/indicator-targets.md`` has the rules.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from households.choices import LISTED, HealthCard, MemberLeft, RoundKind
from households.models import Answer, Member, Recognised, ReviewRound
from households.selectors.counts import totals
from households.selectors.measures import FALLS, INDICATORS, RATES, Sums
from households.selectors.year_lists import Basis
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area

NOTHING = Sums(part=0, whole=0, unknown=0, unknown_homes=0)


@dataclass(frozen=True, kw_only=True)
class Added:
    """A figure of all communes together, read like ``measures.Measured``; ``lacking`` communes are not in it."""

    on: datetime.date
    lacking: int
    parts: Mapping[str, Sums]
    whole: int | None = None
    before: tuple[int, int | None] | None = None
    basis: Basis = Basis.RECOGNISED
    pending: int = 0

    def sums(self, categories: Collection[str] = LISTED) -> Sums:
        """Over the households of these categories."""
        found = [sums for category, sums in self.parts.items() if category in categories]
        return Sums(
            part=sum(sums.part for sums in found),
            whole=sum(sums.whole for sums in found),
            unknown=sum(sums.unknown for sums in found),
            unknown_homes=sum(sums.unknown_homes for sums in found),
        )


class _Lists:
    """The recognised lists of an area's communes, of the year and of the year before."""

    def __init__(self, area: Area, year: int, day: datetime.date) -> None:
        self.area, self.year, self.day = area, year, day
        below = Area.objects.filter(Q(parent=area) | Q(parent__parent=area), level=Level.COMMUNE).valid_on(day)
        self.units = list(below.values_list("pk", flat=True))
        rounds = ReviewRound.objects.recognised().filter(
            unit__in=self.units, kind=RoundKind.PERIODIC, year__in=(year - 1, year), recognised_on__lte=day
        )
        self.now: dict[int, ReviewRound] = {}
        self.then: dict[int, ReviewRound] = {}
        for round in rounds:
            (self.now if round.year == year else self.then)[round.unit_id] = round

    @property
    def lacking(self) -> int:
        return len(self.units) - len(self.now)

    @property
    def on(self) -> datetime.date:
        return max((round.recognised_on for round in self.now.values() if round.recognised_on), default=self.day)

    @property
    def whole_on(self) -> datetime.date:
        """The day whose population rates divide by, as a commune has it."""
        return max(max(round.ends_on, round.recognised_on or round.ends_on) for round in self.now.values())

    @property
    def starts(self) -> bool:
        """Each of the communes has its own list of the year before: none is a merger's."""
        return self.now.keys() <= self.then.keys()

    def rows(self, path: str = "") -> Q:
        """Rows of the lists of the year; ``path`` leads to them."""
        names = {"round__in": [round.pk for round in self.now.values()], "is_current": True, "category__in": LISTED}
        return Q(**{f"{path}{name}": value for name, value in names.items()})


def added(*, area: Area, year: int, day: datetime.date, wanted: Collection[str]) -> dict[str, Added]:
    """The ``wanted`` measures of a district or province as of a day of the year; what cannot be added is missing.

    Missing are schooling, which is judged child by child, and a fall while a commune has no list of its own of the year
    before. Seven queries for any number of communes; only those that the wanted need.
    """
    lists = _Lists(area, year, day)
    if not lists.now or not wanted:
        return {}
    tally = _tally(lists)
    listed: dict[str, int] = {category: tally[year, category].total() for category in LISTED}
    shares = {**_insured(lists, wanted), **_party(lists, wanted), **_answers(lists, wanted, listed)}
    return {
        **{name: Added(on=lists.on, lacking=lists.lacking, parts=parts) for name, parts in shares.items()},
        **_rates(lists, wanted, tally),
    }


def _by_category(rows: Iterable[Mapping[str, Any]]) -> dict[str, Sums]:
    return {
        row["category"]: Sums(
            part=row["part"], whole=row["whole"], unknown=row.get("unknown", 0), unknown_homes=row.get("homes", 0)
        )
        for row in rows
    }


def _insured(lists: _Lists, wanted: Collection[str]) -> dict[str, dict[str, Sums]]:
    if "insured" not in wanted:
        return {}
    day, unknown = lists.day, Q(health_card="")
    has_begun = Q(card_from__isnull=True) | Q(card_from__lte=day)
    good = has_begun & (Q(card_to__isnull=True) | Q(card_to__gte=day)) & Q(health_card=HealthCard.YES)
    rows = _present(day).filter(lists.rows("household__recognised__")).order_by()
    rows = rows.values(category=F("household__recognised__category")).annotate(
        part=Count("pk", filter=good),
        whole=Count("pk"),
        unknown=Count("pk", filter=unknown),
        homes=Count("household", distinct=True, filter=unknown),
    )
    return {"insured": _by_category(rows)}


def _present(day: datetime.date) -> Any:
    return Member.objects.present_on(day).exclude(left_because=MemberLeft.MISTAKE)


def _party(lists: _Lists, wanted: Collection[str]) -> dict[str, dict[str, Sums]]:
    if "party_member" not in wanted:
        return {}
    member = _present(lists.day).filter(household=OuterRef("household"), is_party_member=True)
    rows = Recognised.objects.filter(lists.rows()).annotate(has_one=Exists(member)).order_by().values("category")
    return {"party_member": _by_category(rows.annotate(part=Count("pk", filter=Q(has_one=True)), whole=Count("pk")))}


def _answers(lists: _Lists, wanted: Collection[str], listed: Mapping[str, int]) -> dict[str, dict[str, Sums]]:
    codes = {code: name for name, code in INDICATORS.items() if name in wanted}
    if not codes:
        return {}
    answers = Answer.objects.filter(lists.rows("review__recognised__"), indicator__code__in=codes)
    rows = (
        answers.filter(is_deprived__isnull=False)
        .order_by()
        .values("indicator__code", category=F("review__recognised__category"))
        .annotate(part=Count("pk", filter=Q(is_deprived=False)), known=Count("pk"))
    )
    known = {(row["indicator__code"], row["category"]): (row["part"], row["known"]) for row in rows}
    found: dict[str, dict[str, Sums]] = {name: {} for name in codes.values()}
    for (code, name), category in product(codes.items(), LISTED):
        part, answered = known.get((code, category), (0, 0))
        silent = listed[category] - answered
        found[name][category] = Sums(part=part, whole=listed[category], unknown=silent, unknown_homes=silent)
    return found


def _tally(lists: _Lists) -> dict[tuple[int, str], Counter[bool]]:
    """Listed households by year and category, ethnic-minority ones (True) apart."""
    then = [round.pk for unit, round in lists.then.items() if unit in lists.now]
    rows = Recognised.objects.filter(
        round__in=[*(round.pk for round in lists.now.values()), *then], is_current=True, category__in=LISTED
    )
    found: dict[tuple[int, str], Counter[bool]] = defaultdict(Counter)
    for row in rows.order_by().values("round__year", "category", "is_ethnic_minority").annotate(homes=Count("pk")):
        found[row["round__year"], row["category"]][row["is_ethnic_minority"]] += row["homes"]
    return found


def _rates(lists: _Lists, wanted: Collection[str], tally: Mapping[tuple[int, str], Counter[bool]]) -> dict[str, Added]:
    rates = {name: categories for name, categories in RATES.items() if name in wanted}
    falls = {name: category for name, category in FALLS.items() if name in wanted and lists.starts}
    if not rates and not falls:
        return {}
    end_before = datetime.date(lists.year - 1, 12, 31)
    now, then = totals(units=list(lists.now), days=(lists.whole_on, end_before))
    found = {}
    for name, categories in rates.items():
        parts: dict[str, int] = {category: tally[lists.year, category].total() for category in categories}
        found[name] = _of_whole(lists, parts, now.get("households"))
    for name, category in falls.items():
        only_minority = name == "minority_poor_fall"
        before, after = (
            tally[year, category][True] if only_minority else tally[year, category].total()
            for year in (lists.year - 1, lists.year)
        )
        whole = "minority_households" if only_minority else "households"
        added = _of_whole(lists, {category: before - after}, now.get(whole))
        found[name] = replace(added, before=(before, then.get(whole)))
    return found


def _of_whole(lists: _Lists, parts: Mapping[str, int], whole: int | None) -> Added:
    sums = {category: replace(NOTHING, part=part) for category, part in parts.items()}
    return Added(on=lists.on, lacking=lists.lacking, parts=sums, whole=whole)
