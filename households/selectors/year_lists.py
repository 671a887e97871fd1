"""The poor and near-poor list of a year household by household: with which it started, and as of a day of it."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from households.choices import LISTED, RoundKind, RoundState
from households.models import Answer, Review, ReviewRound
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

    ``form_year`` and ``form_code`` are those of the round and unit of its form; ``answers`` says by code of indicator
    whether it is deprived, None where the form does not say.
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
    answers: Mapping[str, bool | None] = field(default_factory=dict)


OF_ROUND = ("pk", "kind", "year", "state", "starts_on", "ends_on", "recognised_on", "unit__code")
OF_HOME = (
    "household_id",
    "category",
    "is_ethnic_minority",
    "head_name",
    "household__code",
    "household__closed_on",
    "village__kind",
    "village__name",
)
LIST_VALUES = (*OF_HOME, "pk", "review_id", "household__unit_id")
FORM_VALUES = (*OF_HOME, "pk", "state", "dropped_because")
Row = Mapping[str, Any]


class YearLists:
    """The list with which the year started and the one as of the day."""

    def __init__(self, unit: Area, year: int, day: datetime.date, answers: Collection[str] = ()) -> None:
        self.unit, self.year, self.day, self.answers = unit, year, day, answers
        rows = self._own_rows()
        periodic = {row["year"]: row for row in rows if row["kind"] == RoundKind.PERIODIC}
        now, last = periodic.get(year), periodic.get(year - 1)
        self.round = now if now and self._is_of_day(now) else None
        self.belongs: frozenset[int] | None = None
        self.starts = {last["pk"]: last} if last and last["state"] == RoundState.RECOGNISED else {}
        if not self.starts:
            before = self._rows_of_predecessors()
            self.starts = {row["pk"]: row for row in before}
            rows = sorted([*rows, *before], key=_by_decision)
        self.start: dict[int, Home] = {}
        self.now: dict[int, Home] = {}
        self._read(rows)

    def _is_of_day(self, round: Row) -> bool:
        on: datetime.date = round["recognised_on"] or round["starts_on"]
        return on <= self.day

    def _own_rows(self) -> list[Row]:
        """Of the periodic rounds of both years and of the regular ones since the first of them began."""
        periodic = Q(kind=RoundKind.PERIODIC, year__in=(self.year - 1, self.year)) & ~Q(state=RoundState.CANCELLED)
        since = datetime.date(self.year - 1, 1, 1)
        regular = Q(kind=RoundKind.REGULAR, recognised_on__gte=since, recognised_on__lte=self.day)
        return self._rows(ReviewRound.objects.filter(periodic | regular, unit=self.unit))

    def _rows_of_predecessors(self) -> list[Row]:
        line = lineage(self.unit, self.day, villages=())
        self.belongs = line.units | line.after
        older = line.units - {self.unit.pk}
        rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, year=self.year - 1)
        return self._rows(rounds.filter(unit__in=older)) if older else []

    def _rows(self, rounds: QuerySet[ReviewRound]) -> list[Row]:
        """The lists of the rounds, oldest decision first; of a round without a list its own facts. One query."""
        listed = FilteredRelation("recognised", condition=Q(recognised__is_current=True))
        rows: Any = rounds.annotate(row=listed).annotate(**self._answered("row__review_id"))
        names = [*OF_ROUND, *(f"row__{name}" for name in LIST_VALUES), *self._answered("")]
        return list(rows.order_by("recognised_on", "pk", "row__pk").values(*names))

    def _answered(self, review: str) -> dict[str, Subquery]:
        """What the form answers to each of the indicators asked for."""
        answers = Answer.objects.filter(review=OuterRef(review)).values("is_deprived")
        return {f"answer_{code}": Subquery(answers.filter(indicator__code=code)) for code in self.answers}

    @property
    def basis(self) -> Basis:
        if self.round is None:
            return Basis.STANDING
        return Basis.RECOGNISED if self.round["state"] == RoundState.RECOGNISED else Basis.PRELIMINARY

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
        rounds = [self.round] if self.round else self.starts.values()
        return max((row["recognised_on"] for row in rounds if row["recognised_on"]), default=self.day)

    @property
    def whole_on(self) -> datetime.date:
        """The day whose population rates divide by: as the summary tables have it."""
        if self.basis is Basis.RECOGNISED and self.round:
            return max(self.round["ends_on"], self.listed_on)
        return self.day

    def _read(self, rows: Iterable[Row]) -> None:
        since = max((row["recognised_on"] for row in self.starts.values() if row["recognised_on"]), default=None)
        is_final = self.basis is Basis.RECOGNISED
        now: dict[int, Home] = {}
        for row in rows:
            is_start = row["pk"] in self.starts
            is_own = self.round is not None and row["pk"] == self.round["pk"]
            moves = row["kind"] == RoundKind.REGULAR and not is_final and since and row["recognised_on"] > since
            if row["row__household_id"] is None or not (is_start or is_own or moves):
                continue
            if is_start and not self._belongs(row):
                continue
            home = self._listed(row)
            if is_start:
                self.start[home.household_id] = home
            if is_own or not (is_final or self._is_closed(row["row__household__closed_on"])):
                now[home.household_id] = home
        if self.basis is Basis.PRELIMINARY:
            now = self._with_forms(now)
        self.now = {pk: home for pk, home in now.items() if home.category in LISTED}
        self.start = {pk: home for pk, home in self.start.items() if home.category in LISTED}

    def _belongs(self, row: Row) -> bool:
        """Of a predecessor's list only who came to this unit."""
        return self.belongs is None or row["row__household__unit_id"] in self.belongs

    def _is_closed(self, closed_on: datetime.date | None) -> bool:
        return closed_on is not None and closed_on <= self.day

    def _with_forms(self, last: Mapping[int, Home]) -> dict[int, Home]:
        """The round under way: a scored form decides, a household without one keeps its last category."""
        forms: Any = Review.objects.current().filter(round=self.round["pk"] if self.round else None).order_by("pk")
        forms = forms.annotate(**self._answered("pk"))
        found = {pk: _kept(home) for pk, home in last.items()}
        for row in forms.values(*FORM_VALUES, *self._answered("")):
            now = standing(
                row["state"],
                row["category"],
                gone="closed" if self._is_closed(row["household__closed_on"]) else "",
                dropped=row["dropped_because"],
            )
            before = found.pop(row["household_id"], None)
            if now.presence is Presence.REVIEWED:
                found[row["household_id"]] = replace(self._form(row), category=now.category)
            elif now.presence is Presence.PENDING and before:
                waiting = replace(self._form(row), category=before.category, is_pending=True, answers={})
                found[row["household_id"]] = waiting
        return found

    def _listed(self, row: Row) -> Home:
        return self._home(row, {name.removeprefix("row__"): value for name, value in row.items()})

    def _form(self, row: Row) -> Home:
        return self._home(self.round or {}, {**row, "review_id": row["pk"]})

    def _home(self, round: Row, row: Row) -> Home:
        return Home(
            household_id=row["household_id"],
            review_id=row["review_id"],
            code=row["household__code"],
            head_name=row["head_name"],
            village=f"{row['village__kind']} {row['village__name']}",
            category=row["category"],
            is_minority=row["is_ethnic_minority"],
            form_year=round["year"],
            form_code=round["unit__code"],
            answers={code: row[f"answer_{code}"] for code in self.answers},
        )


def _by_decision(row: Row) -> tuple[datetime.date, int, int]:
    return row["recognised_on"] or datetime.date.max, row["pk"], row["row__pk"] or 0


def _kept(home: Home) -> Home:
    return replace(home, is_pending=True, review_id=None, answers={})
