"""Reads of the registry: the list with its search, and the villages it stands in."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    TextChoices,
)
from django.utils import timezone

from households.choices import (
    Category,
    Relation,
)
from households.models import (
    Household,
    Member,
    Recognised,
)
from households.querysets import HouseholdQuerySet
from households.rules.persons import (
    CITIZEN_ID_LENGTH,
    bare_digits,
)
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area, Succession
from povertyplan.core.text import clean, plain

FOUND_AT_ONCE = 20


class State(TextChoices):
    """Which households a list shows."""

    FOLLOWED = "followed", "đang theo dõi"
    CLOSED = "closed", "thôi theo dõi"
    ALL = "all", "tất cả"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The latest recognised category of a household, for a badge: ``tone`` is that of ``ui/badge.html``."""

    category: Category
    year: int

    @property
    def tone(self) -> str:
        return self.category.value

    @property
    def word(self) -> str:
        return f"{self.category.label} {self.year}"


@dataclass(frozen=True, kw_only=True)
class HouseholdLine:
    """A household in a list; ``matched`` are the persons beside the head whom the search found."""

    pk: int
    code: str
    village: Area
    address: str
    head: str
    persons: int
    closed_on: datetime.date | None
    mark: Mark | None
    matched: tuple[str, ...] = ()


def citizen_number(words: str) -> str:
    """The twelve figures, where that is what was typed, with or without spaces and dots."""
    digits = bare_digits(words)
    return digits if len(digits) == CITIZEN_ID_LENGTH and digits.isascii() and digits.isdigit() else ""


def households_found(
    *, unit: Area, words: str = "", village: Area | None = None, state: str = State.FOLLOWED
) -> HouseholdQuerySet:
    """Households of the unit by any part of a name without accents, by citizen number, by code; in village order.

    In a followed household only those who are members now are found.
    """
    found = Household.objects.of_unit(unit).select_related("village")
    if state == State.FOLLOWED:
        found = found.followed()
    elif state == State.CLOSED:
        found = found.filter(closed_on__isnull=False)
    if village is not None:
        found = found.filter(village=village)
    if clean(words):
        found = found.filter(_holding(unit, clean(words), state))
    return found.order_by("village__position", "village__sort_key", "code", "pk")


def _holding(unit: Area, words: str, state: str) -> Q:
    number = citizen_number(words)
    members = Member.objects.filter(unit=unit)
    if state == State.FOLLOWED:
        members = members.present()
    if number:
        return Q(pk__in=members.filter(citizen_id=number).values("household"))
    if any(char.isdigit() for char in words):
        return Q(code__icontains=words)
    # A union of keys, not an OR of conditions: then only the households found are read.
    coded = Household.objects.of_unit(unit).filter(code__in={words, words.upper(), words.lower()}).values("pk")
    return Q(pk__in=members.named(words).values("household").union(coded))


def lines(households: Sequence[Household], *, words: str = "") -> list[HouseholdLine]:
    """What a list shows of these households; two queries."""
    ids = [household.pk for household in households]
    marks, heads, counts, matched = latest_marks(ids), {}, dict.fromkeys(ids, 0), _Matches(words)
    closed = {household.pk: household.closed_on for household in households}
    rows = Member.objects.filter(household__in=ids).order_by("position", "pk")
    for pk, name, key, relation, left_on in rows.values_list("household", "name", "search_key", "relation", "left_on"):
        if left_on != closed[pk]:
            continue
        counts[pk] += 1
        if relation == Relation.HEAD:
            heads[pk] = name
        else:
            matched.see(pk, name, key)
    return [
        HouseholdLine(
            pk=household.pk,
            code=household.code,
            village=household.village,
            address=household.address,
            head=heads.get(household.pk, ""),
            persons=counts[household.pk],
            closed_on=household.closed_on,
            mark=marks.get(household.pk),
            matched=matched.of(household.pk),
        )
        for household in households
    ]


class _Matches:
    """Members whom the words of a search found."""

    def __init__(self, words: str) -> None:
        self.words = plain(words).split() if not citizen_number(words) else []
        self.found: dict[int, list[str]] = {}

    def see(self, household: int, name: str, key: str) -> None:
        if self.words and all(word in key for word in self.words):
            self.found.setdefault(household, []).append(name)

    def of(self, household: int) -> tuple[str, ...]:
        return tuple(self.found.get(household, ()))


def latest_marks(household_ids: Iterable[int]) -> dict[int, Mark]:
    """The latest current recognised category by household; none for one that was gone at its last round."""
    latest = (
        Recognised.objects.filter(household__in=list(household_ids), is_current=True)
        .order_by("household", "-year", "-recognition__on", "-pk")
        .distinct("household")
        .values_list("household", "category", "year")
    )
    return {pk: Mark(category=Category(category), year=year) for pk, category, year in latest if category}


def households_named(*, user: User, unit: Area, words: str) -> list[HouseholdLine]:
    """For the search of the whole unit: the first households found; three queries."""
    found = households_found(unit=unit, words=words, state=State.FOLLOWED).visible_to(user)
    return lines(list(found[:FOUND_AT_ONCE]), words=words)


def villages_of_list(*, unit: Area, year: int) -> list[Area]:
    """Villages for a filter: of the year, and those that stand today."""
    today = timezone.localdate()
    villages = Area.objects.villages_of(unit)
    return list(villages.filter(pk__in=villages.valid_in_year(year).union(villages.valid_on(today)).values("pk")))


def has_predecessors(unit: Area) -> bool:
    return Succession.objects.filter(successor=unit).exists()


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An old village whose households have not followed to the new unit yet."""

    village: Area
    households: int
    successor_id: int | None


def waiting_villages(*, unit: Area) -> list[Waiting]:
    """Villages of the units that ``unit`` took over, with followed households; three queries."""
    rows = (
        Area.objects.filter(reached_from__area=unit, level="village")
        .exclude(parent=unit)
        .filter(Exists(Household.objects.followed().filter(village=OuterRef("pk"))))
        .select_related("parent")
        .order_by("parent__sort_key", "parent__valid_from", "position", "sort_key")
        .distinct()
    )
    villages = list(rows.prefetch_related("successions"))
    followed = Household.objects.followed().filter(village__in=villages).order_by()
    counts = dict(followed.values("village").annotate(households=Count("pk")).values_list("village", "households"))
    return [
        Waiting(village=village, households=counts[village.pk], successor_id=_only_heir(village))
        for village in villages
    ]


def _only_heir(village: Area) -> int | None:
    heirs = [row.successor_id for row in village.successions.all()]
    return heirs[0] if len(heirs) == 1 else None
