"""Households of a unit as a list recognised on paper needs them, and what is recorded of such a list."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from households.choices import LISTED, Category, RecognitionKind, Relation, RoundKind, RoundState
from households.models import Household, Member, Recognised, Recognition, ReviewRound
from households.rules.persons import HouseholdFlags, Person, age_on, household_flags
from households.selectors.counts import minority_basis
from povertyplan.areas.models import Area


@dataclass(frozen=True, kw_only=True)
class HouseholdFacts:
    """Head, persons and groups of a household on a day."""

    head_name: str
    head_sort_key: str
    ethnicity_id: int | None
    persons: int
    flags: HouseholdFlags


@dataclass(frozen=True, kw_only=True)
class PastRow:
    """A household on the page: what the registry knows and what is recorded of the list, empty when not on it."""

    household: Household
    head_name: str
    persons: int
    category: str = ""
    recorded_persons: int | None = None


def present_on(day: datetime.date) -> QuerySet[Member]:
    """Members on the day; who joined with a household that was opened later counts from its beginning."""
    present = Q(left_on__isnull=True) | Q(left_on__gt=day)
    joined = Q(joined_on__isnull=True) | Q(joined_on__lte=day) | Q(joined_on__lte=F("household__opened_on"))
    return Member.objects.filter(present, joined)


def facts_on(*, unit: Area, households: Collection[int], day: datetime.date) -> dict[int, HouseholdFacts]:
    """By household."""
    members = present_on(day).filter(household__in=households).select_related("ethnicity")
    by_household: dict[int, list[Member]] = {}
    for member in members:
        by_household.setdefault(member.household_id, []).append(member)
    basis = minority_basis(unit=unit, day=day)
    return {pk: _facts(persons, day, basis) for pk, persons in by_household.items()}


def _facts(members: list[Member], day: datetime.date, basis: str) -> HouseholdFacts:
    head = next((member for member in members if member.relation == Relation.HEAD), None)
    persons = [
        Person(
            relation=member.relation,
            age=age_on(day, birth_date=member.birth_date, birth_year=member.birth_year),
            sex=member.sex,
            is_minority=member.ethnicity.is_minority if member.ethnicity else None,
            is_merit=member.is_merit,
            work=member.work,
            disability=member.disability,
        )
        for member in members
    ]
    return HouseholdFacts(
        head_name=head.name if head else "",
        head_sort_key=head.sort_key if head else "",
        ethnicity_id=head.ethnicity_id if head else None,
        persons=len(members),
        flags=household_flags(persons, basis=basis),
    )


def listable(*, unit: Area, day: datetime.date) -> QuerySet[Household]:
    """Households that may stand on a list of that day: of the unit, and not gone before it."""
    not_gone = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return Household.objects.of_unit(unit).filter(not_gone)


def periodic_of(*, unit: Area, year: int) -> ReviewRound | None:
    """The periodic round of the year that counts, however it came about."""
    rounds = ReviewRound.objects.filter(unit=unit, year=year, kind=RoundKind.PERIODIC)
    return rounds.exclude(state=RoundState.CANCELLED).select_related("standard").first()


def decisions_of(round: ReviewRound) -> list[Recognition]:
    """Recognitions of the round, the newest first."""
    return list(Recognition.objects.filter(round=round).order_by("-pk"))


def is_past(decisions: Iterable[Recognition]) -> bool:
    """Recorded from paper, not reviewed here."""
    return any(decision.kind == RecognitionKind.PAST for decision in decisions)


@dataclass(frozen=True, kw_only=True)
class RecordedVillage:
    """Households and persons of a village on a recorded list."""

    pk: int
    name: str
    poor: int
    near_poor: int
    persons: int


@dataclass(frozen=True, kw_only=True)
class RecordedList:
    """A list recorded from paper: its decision, how often it was put right, and its villages in their order."""

    decision: Recognition
    corrections: int
    villages: tuple[RecordedVillage, ...]

    @property
    def poor(self) -> int:
        return sum(row.poor for row in self.villages)

    @property
    def near_poor(self) -> int:
        return sum(row.near_poor for row in self.villages)

    @property
    def persons(self) -> int:
        return sum(row.persons for row in self.villages)


def recorded_list(round: ReviewRound) -> RecordedList | None:
    """None for a round that was reviewed here. Two queries."""
    decisions = list(Recognition.objects.filter(round=round).select_related("paper", "signer").order_by("pk"))
    decision = next((row for row in decisions if row.kind == RecognitionKind.PAST), None)
    if decision is None:
        return None
    return RecordedList(decision=decision, corrections=len(decisions) - 1, villages=_recorded_villages(round))


def _recorded_villages(round: ReviewRound) -> tuple[RecordedVillage, ...]:
    counted = (
        recorded_rows(round)
        .order_by("village__position", "village__sort_key", "village")
        .values("village", "village__kind", "village__name")
        .annotate(
            poor=Count("pk", filter=Q(category=Category.POOR)),
            near_poor=Count("pk", filter=Q(category=Category.NEAR_POOR)),
            all_persons=Sum("persons"),
        )
    )
    return tuple(
        RecordedVillage(
            pk=row["village"],
            name=f"{row['village__kind']} {row['village__name']}",
            poor=row["poor"],
            near_poor=row["near_poor"],
            persons=row["all_persons"],
        )
        for row in counted
    )


def recorded_rows(round: ReviewRound, village: int | None = None) -> QuerySet[Recognised]:
    """Poor and near-poor households of a recorded list, by village and name; of one village where it is given."""
    rows = Recognised.objects.filter(round=round, is_current=True, category__in=LISTED)
    rows = rows.filter(village=village) if village else rows
    ordered = rows.order_by("village__position", "village__sort_key", "village_id", "head_sort_key", "pk")
    return ordered.select_related("village", "household")


def later_recognised(round: ReviewRound) -> ReviewRound | None:
    """A recognised round of the same households that rests on this one."""
    households = Recognised.objects.filter(round=round).values("household")
    later = Recognised.objects.filter(household__in=households, round__recognised_on__gt=round.recognised_on)
    of_unit = ReviewRound.objects.filter(unit=round.unit_id, recognised_on__gt=round.recognised_on)
    either = ReviewRound.objects.filter(Q(pk__in=later.values("round")) | Q(pk__in=of_unit.values("pk")))
    return either.exclude(pk=round.pk).order_by("recognised_on").first()


def recorded(round: ReviewRound) -> dict[int, Recognised]:
    """Current rows of a recorded list by household."""
    return {row.household_id: row for row in Recognised.objects.filter(round=round, is_current=True)}


def earlier_rows(*, households: Iterable[int], year: int) -> dict[int, list[Recognised]]:
    """What was recognised of each household in earlier years, the newest first."""
    rows = Recognised.objects.filter(household__in=households, is_current=True, year__lt=year)
    found: dict[int, list[Recognised]] = {}
    for row in rows.select_related("recognition").order_by("-recognition__on", "-pk"):
        found.setdefault(row.household_id, []).append(row)
    return found


def listed_before(*, unit: Area, year: int) -> list[int]:
    """Households of the unit that any earlier list speaks of."""
    rows = Recognised.objects.filter(household__unit=unit, is_current=True, year__lt=year)
    return list(rows.exclude(category="").values_list("household", flat=True).distinct())


def villages_with_households(*, unit: Area) -> dict[int, tuple[str, set[int]]]:
    """By id of village, in the order of the villages: its name, and the ids of its households in the registry."""
    rows = Household.objects.of_unit(unit).order_by("village__position", "village__sort_key", "village")
    found: dict[int, tuple[str, set[int]]] = {}
    for pk, village, kind, name in rows.values_list("pk", "village", "village__kind", "village__name"):
        found.setdefault(village, (f"{kind} {name}", set()))[1].add(pk)
    return found


def page_rows(*, unit: Area, village: int, day: datetime.date, known: Mapping[int, Recognised]) -> list[PastRow]:
    """The households of a village in the order of their heads' names; ``known`` is what is recorded. One query."""
    members = present_on(day).filter(household=OuterRef("pk"))
    heads = members.filter(relation=Relation.HEAD).order_by("pk")
    counted = members.order_by().values("household").annotate(count=Count("pk")).values("count")
    homes = listable(unit=unit, day=day).filter(village=village)
    named = homes.annotate(
        head_name=Subquery(heads.values("name")[:1]),
        head_key=Subquery(heads.values("sort_key")[:1]),
        persons=Subquery(counted),
    )
    return [_page_row(home, known.get(home.pk)) for home in named.order_by("head_key", "code")]


def _page_row(home: Any, row: Recognised | None) -> PastRow:
    if row is None or row.category not in LISTED:
        return PastRow(household=home, head_name=home.head_name or "", persons=home.persons or 0)
    return PastRow(
        household=home,
        head_name=home.head_name or "",
        persons=home.persons or 0,
        category=row.category,
        recorded_persons=row.persons,
    )
