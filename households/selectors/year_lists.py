"""The poor and near-poor list of a year household by household: with which it started, and as of a day of it."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Q

from households.choices import LISTED, RoundKind, RoundState
from households.models import Recognised, Review, ReviewRound
from households.rules.transitions import Presence, standing
from households.selectors.lineage import lineage
from povertyplan.areas.models import Area


class Basis(StrEnum):
    """Which list is counted: of the year's periodic round, recognised or under way; else the one in force."""

    RECOGNISED = "recognised"
    PRELIMINARY = "preliminary"
    STANDING = "standing"


@dataclass(frozen=True, kw_only=True)
class Home:
    """A household of the list. ``is_pending``: not scored yet in the round, so it keeps its last category.

    ``form_year`` and ``form_code`` are those of the round and unit of its form.
    """

    household_id: int
    review_id: int | None
    code: str
    head_name: str
    village: str
    category: str
    is_minority: bool
    is_pending: bool = False
    form_year: int = 0
    form_code: str = ""


OF_FORM = ("round__year", "round__unit__code")
LIST_VALUES = (
    "household_id",
    "review_id",
    "category",
    "is_ethnic_minority",
    "head_name",
    "household__code",
    "household__unit_id",
    "household__closed_on",
    "village__kind",
    "village__name",
    "round_id",
    *OF_FORM,
)
FORM_VALUES = (
    "id",
    "household_id",
    "category",
    "state",
    "dropped_because",
    "is_ethnic_minority",
    "head_name",
    "household__code",
    "household__closed_on",
    "village__kind",
    "village__name",
    *OF_FORM,
)


class YearLists:
    """The list with which the year started and the one as of the day."""

    def __init__(self, unit: Area, year: int, day: datetime.date) -> None:
        self.unit, self.year, self.day = unit, year, day
        rounds = ReviewRound.objects.filter(unit=unit, kind=RoundKind.PERIODIC, year__in=(year - 1, year))
        known = {round.year: round for round in rounds.exclude(state=RoundState.CANCELLED)}
        now, last = known.get(year), known.get(year - 1)
        self.round = now if now and self._is_of_day(now) else None
        self.belongs: frozenset[int] | None = None
        self.starts = [last] if last and last.state == RoundState.RECOGNISED else self._of_predecessors()
        self.start: dict[int, Home] = {}
        self.now: dict[int, Home] = {}
        self._read()

    def _is_of_day(self, round: ReviewRound) -> bool:
        return (round.recognised_on or round.starts_on) <= self.day

    def _of_predecessors(self) -> list[ReviewRound]:
        line = lineage(self.unit, self.day)
        self.belongs = line.units | line.after
        rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, year=self.year - 1)
        return list(rounds.filter(unit_id__in=line.units).exclude(unit=self.unit))

    @property
    def basis(self) -> Basis:
        if self.round is None:
            return Basis.STANDING
        return Basis.RECOGNISED if self.round.state == RoundState.RECOGNISED else Basis.PRELIMINARY

    @property
    def pending(self) -> int:
        """Listed households that the round has not scored yet."""
        return sum(home.is_pending for home in self.now.values())

    @property
    def is_empty(self) -> bool:
        return self.round is None and not self.starts

    @property
    def listed_on(self) -> datetime.date:
        """The day of the forms that are counted."""
        days = [self.round.recognised_on] if self.round else [round.recognised_on for round in self.starts]
        return max((on for on in days if on), default=self.day)

    @property
    def whole_on(self) -> datetime.date:
        """The day whose population rates divide by: as the summary tables have it."""
        if self.basis is Basis.RECOGNISED and self.round and self.round.recognised_on:
            return max(self.round.ends_on, self.round.recognised_on)
        return self.day

    def _read(self) -> None:
        starts = [round.pk for round in self.starts]
        of_list = Q(round__in=[*starts, *([self.round.pk] if self.round else [])])
        if self.basis is not Basis.RECOGNISED and (since := max(_days(self.starts), default=None)):
            regular = {"unit": self.unit, "round__kind": RoundKind.REGULAR}
            of_list |= Q(**regular, round__recognised_on__gt=since, round__recognised_on__lte=self.day)
        rows = Recognised.objects.filter(of_list, is_current=True).order_by("round__recognised_on", "round_id", "pk")
        now: dict[int, Home] = {}
        for row in rows.values(*LIST_VALUES):
            if row["round_id"] in starts and not self._belongs(row):
                continue
            home = _home(row, category=row["category"], review_id=row["review_id"])
            if row["round_id"] in starts:
                self.start[home.household_id] = home
            if self.basis is Basis.RECOGNISED and self.round and row["round_id"] != self.round.pk:
                continue
            if self.basis is Basis.RECOGNISED or not self._is_closed(row):
                now[home.household_id] = home
        if self.basis is Basis.PRELIMINARY:
            now = self._with_forms(now)
        self.now = {pk: home for pk, home in now.items() if home.category in LISTED}
        self.start = {pk: home for pk, home in self.start.items() if home.category in LISTED}

    def _belongs(self, row: Mapping[str, Any]) -> bool:
        """Of a predecessor's list only who came to this unit."""
        return self.belongs is None or row["household__unit_id"] in self.belongs

    def _is_closed(self, row: Mapping[str, Any]) -> bool:
        closed_on = row["household__closed_on"]
        return closed_on is not None and closed_on <= self.day

    def _with_forms(self, last: Mapping[int, Home]) -> dict[int, Home]:
        """The round under way: a scored form decides, a household without one keeps its last category."""
        forms = Review.objects.current().filter(round=self.round).order_by("pk").values(*FORM_VALUES)
        found = {pk: _kept(home) for pk, home in last.items()}
        for row in forms:
            now = standing(
                row["state"],
                row["category"],
                gone="closed" if self._is_closed(row) else "",
                dropped=row["dropped_because"],
            )
            before = found.pop(row["household_id"], None)
            if now.presence is Presence.REVIEWED:
                found[row["household_id"]] = _home(row, category=now.category, review_id=row["id"])
            elif now.presence is Presence.PENDING and before:
                found[row["household_id"]] = _home(row, category=before.category, review_id=row["id"], is_pending=True)
        return found


def _days(rounds: Iterable[ReviewRound]) -> Iterator[datetime.date]:
    return (round.recognised_on for round in rounds if round.recognised_on)


def _home(row: Mapping[str, Any], *, category: str, review_id: int | None, is_pending: bool = False) -> Home:
    return Home(
        household_id=row["household_id"],
        review_id=review_id,
        code=row["household__code"],
        head_name=row["head_name"],
        village=f"{row['village__kind']} {row['village__name']}",
        category=category,
        is_minority=row["is_ethnic_minority"],
        is_pending=is_pending,
        form_year=row["round__year"],
        form_code=row["round__unit__code"],
    )


def _kept(home: Home) -> Home:
    return replace(home, is_pending=True, review_id=None)
