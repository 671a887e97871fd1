"""Which listed households are deprived in what, by the last recognised review, and what the next review says of them.

``docs/rules/deprivation-owners.md`` has the rules on an example.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from households.choices import LISTED, Category, ReviewState, RoundKind, RoundState
from households.models import Answer, Recognised, Review, ReviewRound, StandardIndicator
from households.rules.transitions import Presence, standing
from households.selectors.law import standards_on
from households.selectors.lineage import lineage
from povertyplan.areas.models import Area


@dataclass(frozen=True, kw_only=True)
class IndicatorCount:
    """Listed households deprived in one indicator; ``unknown`` have no form or no answer."""

    indicator_id: int
    number: int
    name: str
    dimension: str
    poor: int = 0
    near_poor: int = 0
    unknown: int = 0

    @property
    def deprived(self) -> int:
        return self.poor + self.near_poor


@dataclass(frozen=True, kw_only=True)
class DeprivedCounts:
    """Every indicator of the standard, in its order. Without a recognised round ``year`` is None: nothing is known."""

    year: int | None
    recognised_on: datetime.date | None
    listed: int
    lines: tuple[IndicatorCount, ...]

    @property
    def is_known(self) -> bool:
        """Some form answers: a list from paper alone says nothing of deprivations."""
        return any(line.unknown < self.listed for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form with the year and the code of the unit under which it opens."""

    pk: int
    year: int
    code: str


@dataclass(frozen=True, kw_only=True)
class DeprivedHousehold:
    """A household of the list that is deprived in the indicator asked for."""

    household_id: int
    form: Form
    code: str
    head_name: str
    village_id: int
    village: str
    category: str
    persons: int


@dataclass(frozen=True, kw_only=True)
class DeprivedHouseholds:
    """The households behind the count of one indicator; ``year`` None: there is no list."""

    count: IndicatorCount
    year: int | None
    households: tuple[DeprivedHousehold, ...]


class Result(StrEnum):
    """What the review of the year says of a household that was deprived when the year began."""

    FREED = "freed"
    LEFT = "left"
    STILL = "still"
    UNKNOWN = "unknown"
    WAITING = "waiting"


RESOLVED = frozenset({Result.FREED, Result.LEFT})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``form`` proves it; ``is_preliminary`` while its round is not recognised."""

    result: Result
    form: Form | None = None
    is_preliminary: bool = True

    @property
    def is_resolved(self) -> bool:
        return self.result in RESOLVED


class _Base:
    """The lists recognised last before the year: of the unit, else of the units that it took over."""

    def __init__(self, unit: Area, year: int) -> None:
        self.unit, self.year = unit, year
        self.belongs: frozenset[int] | None = None
        own = self._recognised().filter(unit=unit).order_by("-year").first()
        self.rounds = [own] if own else self._of_predecessors()

    def _of_predecessors(self) -> list[Any]:
        line = lineage(self.unit, datetime.date(self.year, 12, 31), villages=())
        older = line.units - {self.unit.pk}
        if not older:
            return []
        self.belongs = line.units | line.after
        rounds = list(self._recognised().filter(unit_id__in=older))
        last = max((round.year for round in rounds), default=0)
        return [round for round in rounds if round.year == last]

    def _recognised(self) -> Any:
        """Periodic rounds recognised before the year, each with the length of its list."""
        rows = Recognised.objects.filter(self._is_listed(), round=OuterRef("pk")).order_by().values("round")
        listed = Coalesce(Subquery(rows.annotate(rows=Count("pk")).values("rows")), 0)
        rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, year__lt=self.year)
        return rounds.annotate(listed=listed)

    @property
    def listed_count(self) -> int:
        return sum(round.listed for round in self.rounds)

    @property
    def list_year(self) -> int | None:
        return self.rounds[0].year if self.rounds else None

    @property
    def standard_id(self) -> int | None:
        if self.rounds:
            return self.rounds[0].standard_id
        standards = standards_on(datetime.date(self.year, 1, 1), self.unit)
        return standards[0].pk if standards else None

    def listed(self, path: str = "") -> Q:
        """Rows of the lists; ``path`` leads to them."""
        return self._is_listed(path) & Q(**{f"{path}round__in": self.rounds})

    def _is_listed(self, path: str = "") -> Q:
        names: dict[str, Any] = {"is_current": True, "category__in": LISTED}
        if self.belongs is not None:
            names["household__unit__in"] = self.belongs
        return Q(**{f"{path}{name}": value for name, value in names.items()})

    def indicators(self) -> Any:
        """Of the standard of the lists, or of the one in force when the year begins."""
        rows = StandardIndicator.objects.filter(standard=self.standard_id)
        return rows.select_related("indicator", "dimension").order_by("number")


def deprived_counts(*, unit: Area, year: int) -> DeprivedCounts:
    """Deprived households by indicator with which ``year`` starts. Three queries, more for a unit without a list."""
    base = _Base(unit, year)
    tallies = _tallies(base) if base.rounds else {}
    return DeprivedCounts(
        year=base.list_year,
        recognised_on=max((round.recognised_on for round in base.rounds if round.recognised_on), default=None),
        listed=base.listed_count,
        lines=tuple(
            _count(row, tallies.get(row.indicator_id, {}), listed=base.listed_count) for row in base.indicators()
        ),
    )


def _count(row: StandardIndicator, tally: Mapping[str, int], *, listed: int) -> IndicatorCount:
    return IndicatorCount(
        indicator_id=row.indicator_id,
        number=row.number,
        name=row.indicator.name,
        dimension=row.dimension.name,
        poor=tally.get(Category.POOR, 0),
        near_poor=tally.get(Category.NEAR_POOR, 0),
        unknown=listed - tally.get("known", 0),
    )


def _tallies(base: _Base) -> dict[int, dict[str, int]]:
    """By indicator: deprived households of each category, and how many households answer at all."""
    answers = Answer.objects.filter(base.listed("review__recognised__"), is_deprived__isnull=False).order_by()
    rows = answers.values("indicator_id", category=F("review__recognised__category")).annotate(
        known=Count("pk"), deprived=Count("pk", filter=Q(is_deprived=True))
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row["indicator_id"]][row["category"]] += row["deprived"]
        found[row["indicator_id"]]["known"] += row["known"]
    return found


def deprived_households(*, unit: Area, year: int, indicator: int) -> DeprivedHouseholds:
    """The households behind the count of an indicator, by village and head. Three queries.

    Raises KeyError for an indicator that the standard does not have.
    """
    base = _Base(unit, year)
    row = base.indicators().filter(indicator=indicator).first()
    if row is None:
        raise KeyError(indicator)
    rows = list(_not_free(base, indicator)) if base.rounds else []
    lacking = [listed for listed in rows if listed.is_deprived]
    silent = len(rows) - len(lacking)
    tally = Counter(listed.category for listed in lacking) | Counter(known=base.listed_count - silent)
    return DeprivedHouseholds(
        count=_count(row, tally, listed=base.listed_count),
        year=base.list_year,
        households=tuple(_household(listed) for listed in lacking),
    )


def _not_free(base: _Base, indicator: int) -> Any:
    """The list without who answers «không thiếu hụt»."""
    answer = Answer.objects.filter(review=OuterRef("review"), indicator=indicator).values("is_deprived")
    rows = Recognised.objects.filter(base.listed()).annotate(is_deprived=Subquery(answer))
    rows = rows.filter(Q(is_deprived=True) | Q(is_deprived__isnull=True)).select_related(
        "village", "household", "round__unit"
    )
    return rows.order_by("village__position", "village__sort_key", "head_sort_key", "pk")


def _household(row: Recognised) -> DeprivedHousehold:
    return DeprivedHousehold(
        household_id=row.household_id,
        form=Form(pk=row.review_id or 0, year=row.round.year, code=row.round.unit.code),
        code=row.household.code,
        head_name=row.head_name,
        village_id=row.village_id,
        village=str(row.village),
        category=row.category,
        persons=row.persons,
    )


def outcomes(*, year: int, households: Collection[int], indicators: Collection[int]) -> dict[tuple[int, int], Outcome]:
    """What the periodic review of ``year`` says, by household and indicator; in whichever unit the household is now.

    A household without a form in that review is missing. One query.
    """
    if not households:
        return {}
    answers = Answer.objects.filter(review=OuterRef("pk"), indicator__in=indicators).values("indicator_id")
    rows = Review.objects.current().filter(household__in=households, round__year=year, round__kind=RoundKind.PERIODIC)
    rows = rows.exclude(round__state=RoundState.CANCELLED).select_related("round__unit")
    rows = rows.annotate(
        lacking=ArraySubquery(answers.filter(is_deprived=True)), free=ArraySubquery(answers.filter(is_deprived=False))
    )
    forms: dict[int, Any] = {row.household_id: row for row in rows.order_by("round__starts_on", "pk")}
    return {
        (household, indicator): Outcome(
            result=_result(form, is_lacking=indicator in form.lacking, is_free=indicator in form.free),
            form=Form(pk=form.pk, year=form.round.year, code=form.round.unit.code),
            is_preliminary=form.round.state != RoundState.RECOGNISED,
        )
        for household, form in forms.items()
        for indicator in indicators
    }


def _result(form: Review, *, is_lacking: bool, is_free: bool) -> Result:
    now = standing(ReviewState(form.state), form.category, dropped=form.dropped_because)
    if now.presence is Presence.PENDING:
        return Result.WAITING
    if now.presence is Presence.GONE or now.category not in LISTED:
        return Result.LEFT
    if is_lacking:
        return Result.STILL
    return Result.FREED if is_free else Result.UNKNOWN
