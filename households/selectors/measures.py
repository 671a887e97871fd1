"""What registry and forms can count for the goals of a year: shares of listed households and persons, rates, falls.

One list of households stands under every figure, so that a figure opens exactly the households it counts. What nobody
has answered is counted as unknown, never as «không». ``docs/rules/indicator-targets.md`` has the formulas.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from households.choices import LISTED, Category, HealthCard, MemberLeft
from households.models import Member
from households.rules.indicators import SCHOOL_FROM, DwellingFacts, compute, facts_of
from households.rules.persons import CHILD_BELOW, age_on
from households.selectors.counts import totals
from households.selectors.year_lists import Basis, Home, YearLists
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area

__all__ = ["MEASURES", "Basis", "Counted", "Home", "Measured", "Sums", "measured"]

# Measures of households by the answer to an indicator of the form.
INDICATORS = {"clean_water": "water", "latrine": "latrine", "telecom": "telecom"}
OF_PERSONS = ("insured", "schooling", "party_member")
RATES: Mapping[str, tuple[Category, ...]] = {
    "poor_rate": (Category.POOR,),
    "near_poor_rate": (Category.NEAR_POOR,),
    "multidimensional_rate": LISTED,
}
FALLS: Mapping[str, Category] = {
    "poor_fall": Category.POOR,
    "near_poor_fall": Category.NEAR_POOR,
    "minority_poor_fall": Category.POOR,
}
MEASURES = (*OF_PERSONS, *INDICATORS, *RATES, *FALLS)
SCHOOL = "child_schooling"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one household adds: ``part`` of ``whole``, with ``unknown`` of the whole that nobody has answered for."""

    home: Home
    part: int
    whole: int = 1
    unknown: int = 0


@dataclass(frozen=True, kw_only=True)
class Sums:
    """``unknown_homes`` are the households in which something is unknown, ``pending`` those not scored yet."""

    part: int
    whole: int
    unknown: int
    unknown_homes: int
    pending: int = 0


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A figure as of ``on``. ``pending``: listed households of the round that are not scored yet.

    ``whole`` is of the unit (rates and falls), None where a village has no count. ``before`` is what a fall starts
    from: part and whole at the end of the year before.
    """

    basis: Basis
    on: datetime.date
    households: tuple[Counted, ...]
    pending: int = 0
    whole: int | None = None
    before: tuple[int, int | None] | None = None

    def sums(self, categories: Collection[str] = LISTED) -> Sums:
        """Over the households of these categories."""
        rows = [row for row in self.households if row.home.category in categories]
        return Sums(
            part=sum(row.part for row in rows),
            whole=sum(row.whole for row in rows),
            unknown=sum(row.unknown for row in rows),
            unknown_homes=sum(row.unknown > 0 for row in rows),
            pending=sum(row.home.is_pending for row in rows),
        )


def measured(*, unit: Area, year: int, day: datetime.date, wanted: Collection[str] = MEASURES) -> dict[str, Measured]:
    """The ``wanted`` measures of a commune as of a day of the year; a measure that cannot be counted is missing.

    Four queries for all of them, two more in the year after a merger and two for each day on which the registry is
    counted; only those that the wanted need.
    """
    if unit.level != Level.COMMUNE or not wanted:
        return {}
    lists = YearLists(unit, year, day, [code for name, code in INDICATORS.items() if name in wanted])
    if lists.is_empty:
        return {}
    return {
        **_of_persons(lists, [name for name in OF_PERSONS if name in wanted]),
        **_of_answers(lists, {name: code for name, code in INDICATORS.items() if name in wanted}),
        **_of_lists(lists, wanted),
    }


# Persons, as the registry has them on the day


def _of_persons(lists: YearLists, wanted: Collection[str]) -> dict[str, Measured]:
    if not wanted:
        return {}
    members: dict[int, list[Member]] = defaultdict(list)
    present = Member.objects.present_on(lists.day).exclude(left_because=MemberLeft.MISTAKE)
    for member in present.filter(household__in=list(lists.now)).order_by("household", "position"):
        members[member.household_id].append(member)
    counting = {"insured": _insured, "schooling": _schooling, "party_member": _party}
    return {
        name: Measured(
            basis=lists.basis,
            on=lists.day,
            pending=lists.pending,
            households=tuple(counting[name](home, members[pk], lists.day) for pk, home in lists.now.items()),
        )
        for name in wanted
    }


def _insured(home: Home, members: list[Member], day: datetime.date) -> Counted:
    """Persons with a card that is good on the day."""
    good = sum(_has_card(member, day) for member in members)
    unknown = sum(not member.health_card for member in members)
    return Counted(home=home, part=good, whole=len(members), unknown=unknown)


def _has_card(member: Member, day: datetime.date) -> bool:
    is_over = member.card_to is not None and member.card_to < day
    has_begun = member.card_from is None or member.card_from <= day
    return member.health_card == HealthCard.YES and has_begun and not is_over


def _schooling(home: Home, members: list[Member], day: datetime.date) -> Counted:
    """Children of the ages of indicator 6 who attend the level of their age or a higher one."""
    answers = [_attends(member, day) for member in members if _is_of_school_age(member, day)]
    return Counted(home=home, part=answers.count(True), whole=len(answers), unknown=answers.count(None))


def _is_of_school_age(member: Member, day: datetime.date) -> bool:
    age = age_on(day, birth_date=member.birth_date, birth_year=member.birth_year)
    return age is not None and SCHOOL_FROM <= age < CHILD_BELOW


def _attends(member: Member, day: datetime.date) -> bool | None:
    found = compute(SCHOOL, persons=[facts_of(member, day)], dwelling=DwellingFacts(), day=day)
    return None if found.is_deprived is None else not found.is_deprived


def _party(home: Home, members: list[Member], day: datetime.date) -> Counted:
    return Counted(home=home, part=int(any(member.is_party_member for member in members)))


# Households, as their forms answer


def _of_answers(lists: YearLists, wanted: Mapping[str, str]) -> dict[str, Measured]:
    """A household whose form is missing, not scored or does not answer is unknown."""
    return {
        name: Measured(
            basis=lists.basis,
            on=_counted_on(lists),
            pending=lists.pending,
            households=tuple(_answered(home, home.answers.get(code)) for home in lists.now.values()),
        )
        for name, code in wanted.items()
    }


def _answered(home: Home, is_deprived: bool | None) -> Counted:
    return Counted(home=home, part=int(is_deprived is False), unknown=int(is_deprived is None))


# Rates of the unit and how they fell


def _of_lists(lists: YearLists, wanted: Collection[str]) -> dict[str, Measured]:
    falls = {name: category for name, category in FALLS.items() if name in wanted and lists.starts}
    rates = {name: categories for name, categories in RATES.items() if name in wanted}
    if not falls and not rates:
        return {}
    ends = (lists.whole_on, datetime.date(lists.year - 1, 12, 31))
    days = [max(day, lists.unit.valid_from) for day in ends]
    now, then = totals(units=[lists.unit.pk], days=days)
    common: dict[str, Any] = {"basis": lists.basis, "on": _counted_on(lists), "pending": lists.pending}
    found = {
        name: Measured(
            households=tuple(Counted(home=home, part=1) for home in lists.now.values() if home.category in categories),
            whole=now.get("households"),
            **common,
        )
        for name, categories in rates.items()
    }
    for name, category in falls.items():
        only_minority = name == "minority_poor_fall"
        whole = "minority_households" if only_minority else "households"
        before = _of(lists.start, category, only_minority)
        found[name] = Measured(
            households=tuple(_fallen(before, _of(lists.now, category, only_minority))),
            whole=now.get(whole),
            before=(len(before), then.get(whole)),
            **common,
        )
    return found


def _counted_on(lists: YearLists) -> datetime.date:
    """Forms and lists stand as of their recognition; of a round under way as of the day."""
    return lists.day if lists.basis is Basis.PRELIMINARY else lists.listed_on


def _of(homes: Mapping[int, Home], category: str, only_minority: bool) -> dict[int, Home]:
    return {
        pk: home for pk, home in homes.items() if home.category == category and (home.is_minority or not only_minority)
    }


def _fallen(before: Mapping[int, Home], now: Mapping[int, Home]) -> Iterator[Counted]:
    """One less for each that left, one more for each that came: together the net fall."""
    yield from (Counted(home=home, part=1) for pk, home in before.items() if pk not in now)
    yield from (Counted(home=home, part=-1) for pk, home in now.items() if pk not in before)
