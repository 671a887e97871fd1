"""Households and population of villages: what every rate divides by.

Figures typed from the police or statistics hold from their cut-off day on; where the unit says that its registry holds
every household, they are counted from it instead.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, JSONObject
from django.utils import timezone

from households.choices import HouseholdClosed, MemberLeft, MinorityBasis, Relation
from households.models import Household, HouseholdChange, Member, RegistrySetting, ReviewRound, VillageCount
from households.rules.counts import FIELDS
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Succession

FROM_REGISTRY = "Sổ hộ của đơn vị"


@dataclass(frozen=True, kw_only=True)
class Denominator:
    """Counts of one village; None where the source does not give it. ``is_counted``: from the registry."""

    households: int | None
    population: int | None
    minority_households: int | None
    minority_population: int | None
    cut_off: datetime.date
    source: str
    is_counted: bool = False


@dataclass(frozen=True, kw_only=True)
class CutOff:
    """One set of typed figures: its day, where they come from and for how many villages."""

    day: datetime.date
    source: str
    villages: int
    households: int


def registry_setting(*, unit: Area, day: datetime.date) -> RegistrySetting | None:
    """How the unit counts on the day; None while nothing was ever chosen."""
    return RegistrySetting.objects.filter(unit=unit).valid_on(day).first()


def minority_basis(*, unit: Area, day: datetime.date) -> MinorityBasis:
    """Which household counts as an ethnic-minority household on the day; by its head unless chosen otherwise."""
    setting = registry_setting(unit=unit, day=day)
    return MinorityBasis(setting.minority_basis) if setting else MinorityBasis.HEAD


def denominators(*, unit: Area, day: datetime.date) -> dict[int, Denominator]:
    """Counts of every village of the unit on the day, by id of village. A village without figures is missing.

    A village that took over exactly one village whole keeps the figures of that one until it has newer of its own.
    One query; three where the registry is counted.
    """
    complete = RegistrySetting.objects.filter(unit=unit, is_complete=True).valid_on(day).values("minority_basis")
    villages = _with_newest(Area.objects.villages_of(unit).valid_on(day), day).annotate(basis=Subquery(complete[:1]))
    rows = list(villages.values_list("pk", "newest", "basis"))
    basis = next((basis for _, _, basis in rows if basis), None)
    if basis:
        return _counted([pk for pk, _, _ in rows], day, MinorityBasis(basis))
    return {pk: _typed(newest[0]) for pk, newest, _ in rows if newest}


def totals(*, units: Collection[int], days: Sequence[datetime.date]) -> list[dict[str, int | None]]:
    """Sums over the villages of all these units, for each of the days; nothing where one of them has no figures.

    One query, and two more for each day and way of counting where registries are counted.
    """
    complete = RegistrySetting.objects.filter(unit=OuterRef("parent"), is_complete=True)
    villages = Area.objects.filter(level=Level.VILLAGE, parent__in=units).valid_between(min(days), max(days))
    for number, day in enumerate(days):
        basis = Subquery(complete.valid_on(day).values("minority_basis")[:1])
        villages = _with_newest(villages, day, f"newest_{number}").annotate(**{f"basis_{number}": basis})
    rows = list(villages.order_by("pk").values())
    return [_totals_on(day, number, rows) for number, day in enumerate(days)]


def _totals_on(day: datetime.date, number: int, rows: Iterable[Mapping[str, Any]]) -> dict[str, int | None]:
    counts: list[Denominator] = []
    counted: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if not row["valid_from"] <= day <= (row["valid_to"] or day):
            continue
        if row[f"basis_{number}"]:
            counted[row[f"basis_{number}"]].append(row["id"])
        elif row[f"newest_{number}"]:
            counts.append(_typed(row[f"newest_{number}"][0]))
        else:
            return {}
    for basis, villages in counted.items():
        counts += _counted(villages, day, MinorityBasis(basis)).values()
    return together(counts)


def recognised_days(unit: Area) -> list[datetime.date]:
    """Days whose figures a recognised round of the unit divides by; one query."""
    rounds = ReviewRound.objects.recognised().filter(unit=unit).annotate(day=Greatest("ends_on", "recognised_on"))
    return list(rounds.values_list("day", flat=True))


def last_day_shown(unit: Area, year: int) -> datetime.date:
    """The day whose figures a page of the year shows: its last day, unless today or the unit's end comes first."""
    return min(timezone.localdate(), datetime.date(year, 12, 31), unit.valid_to or datetime.date.max)


def together(counts: Iterable[Denominator]) -> dict[str, int | None]:
    """Sums over villages; a count that one of them does not have is unknown for all."""
    rows = list(counts)
    sums: dict[str, int | None] = {}
    for name in FIELDS:
        values = [getattr(row, name) for row in rows]
        sums[name] = None if not rows or None in values else sum(values)
    return sums


def registry_totals(*, unit: Area, day: datetime.date) -> dict[str, int | None]:
    """What the registry alone counts on the day, whatever the unit has chosen."""
    villages = list(Area.objects.villages_of(unit).valid_on(day).values_list("pk", flat=True))
    return together(_counted(villages, day, minority_basis(unit=unit, day=day)).values())


def typed_counts(*, unit: Area) -> dict[datetime.date, dict[int, VillageCount]]:
    """All typed figures of the unit by cut-off day, newest first, then by village in its order."""
    rows = VillageCount.objects.filter(unit=unit)
    days: dict[datetime.date, dict[int, VillageCount]] = {}
    for row in rows.order_by("-cut_off", "village__position", "village__sort_key"):
        days.setdefault(row.cut_off, {})[row.village_id] = row
    return days


def cut_offs(days: Mapping[datetime.date, Mapping[int, VillageCount]]) -> list[CutOff]:
    """Each day of ``typed_counts`` in one line."""
    return [
        CutOff(
            day=day,
            source="; ".join(dict.fromkeys(row.source for row in rows.values())),
            villages=len(rows),
            households=sum(row.households for row in rows.values()),
        )
        for day, rows in days.items()
    ]


def _typed(row: Mapping[str, Any]) -> Denominator:
    return Denominator(**{**row, "cut_off": datetime.date.fromisoformat(row["cut_off"])})


def _with_newest(villages: QuerySet[Area], day: datetime.date, name: str = "newest") -> QuerySet[Any, Any]:
    """Each village with its ``newest`` figures of the day, at most one: its own, or of the one that it followed alone,
    one to one, or of the one that that one followed so. Of the same day those of the later village."""
    first = villages.annotate(before=Subquery(_followed_alone("pk")))
    second = first.annotate(long_before=Subquery(_followed_alone("before")))
    line = Q(village=OuterRef("pk")) | Q(village=OuterRef("before")) | Q(village=OuterRef("long_before"))
    known = VillageCount.objects.filter(line, cut_off__lte=day).order_by("-cut_off", "-village__valid_from")
    row = JSONObject(**{name: name for name in (*FIELDS, "cut_off", "source")})
    return second.annotate(**{name: ArraySubquery(known.values(row=row)[:1])})


def _followed_alone(village: str) -> QuerySet[Succession, Any]:
    """The one predecessor of the outer ``village``, which had no other successor."""
    others = Succession.objects.exclude(pk=OuterRef("pk"))
    of_several = Exists(others.filter(successor=OuterRef("successor")))
    divided = Exists(others.filter(predecessor=OuterRef("predecessor")))
    return Succession.objects.filter(~of_several, ~divided, successor=OuterRef(village)).values("predecessor")


@dataclass
class _Tally:
    persons: int = 0
    minority: int = 0
    has_minority_head: bool = False

    def is_minority(self, basis: MinorityBasis) -> bool:
        if basis == MinorityBasis.HEAD:
            return self.has_minority_head
        return self.minority * 2 > self.persons if basis == MinorityBasis.MAJORITY else self.minority > 0


def _counted(villages: list[int], day: datetime.date, basis: MinorityBasis) -> dict[int, Denominator]:
    """From the registry as it was on the day: who was followed, where, and who lived there."""
    homes = dict(_followed_on(villages, day).values_list("pk", "then"))
    tallies: dict[int, _Tally] = {pk: _Tally() for pk in homes}
    members = (
        Member.objects.present_on(day)
        .filter(household__in=_followed_on(villages, day).values("pk"))
        .exclude(left_because=MemberLeft.MISTAKE)
        .values("household")
        .annotate(
            persons=Count("pk"),
            minority=Count("pk", filter=Q(ethnicity__is_minority=True)),
            heads=Count("pk", filter=Q(ethnicity__is_minority=True, relation=Relation.HEAD)),
        )
    )
    for row in members:
        tallies[row["household"]] = _Tally(row["persons"], row["minority"], row["heads"] > 0)
    sums = {village: [0, 0, 0, 0] for village in villages}
    for household, tally in tallies.items():
        of_village = sums[homes[household]]
        for place, more in enumerate((1, tally.persons, tally.is_minority(basis), tally.minority)):
            of_village[place] += int(more)
    return {
        village: Denominator(
            **dict(zip(FIELDS, figures, strict=True)), cut_off=day, source=FROM_REGISTRY, is_counted=True
        )
        for village, figures in sums.items()
    }


def _followed_on(villages: list[int], day: datetime.date) -> QuerySet[Any, Any]:
    """Households that stood in one of the villages on the day; ``then`` is that village."""
    left_later = HouseholdChange.objects.filter(from_village__in=villages, on__gt=day).values("household")
    next_move = HouseholdChange.objects.filter(
        household=OuterRef("pk"), on__gt=day, from_village__isnull=False
    ).order_by("on", "pk")
    return (
        Household.objects.filter(Q(village__in=villages) | Q(pk__in=left_later), opened_on__lte=day)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))
        .exclude(closed_because=HouseholdClosed.MISTAKE)
        .annotate(
            then=Coalesce(Subquery(next_move.values("from_village")[:1]), F("village"), output_field=BigIntegerField())
        )
        .filter(then__in=villages)
    )
