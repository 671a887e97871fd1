"""Which listed households are deprived in what, by the last recognised review, and what the next review says of them.

``docs/rules/deprivation-owners.md`` has the rules on an example.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

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

    def line(self, indicator_id: int) -> IndicatorCount:
        """Raises KeyError for an indicator that the standard does not have."""
        return {line.indicator_id: line for line in self.lines}[indicator_id]


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
        rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, year__lt=year)
        own = rounds.filter(unit=unit).order_by("-year").first()
        self.rounds = [own] if own else self._of_predecessors(rounds)

    def _of_predecessors(self, rounds: Any) -> list[ReviewRound]:
        line = lineage(self.unit, datetime.date(self.year, 12, 31))
        older = line.units - {self.unit.pk}
        if not older:
            return []
        self.belongs = line.units | line.after
        of_units = rounds.filter(unit_id__in=older)
        return list(of_units.filter(year=of_units.aggregate(last=Max("year"))["last"] or 0))

    @property
    def standard_id(self) -> int | None:
        if self.rounds:
            return self.rounds[0].standard_id
        standards = standards_on(datetime.date(self.year, 1, 1), self.unit)
        return standards[0].pk if standards else None

    def listed(self, path: str = "") -> Q:
        """Rows of the lists; ``path`` leads to them."""
        names: dict[str, Any] = {"round__in": self.rounds, "is_current": True, "category__in": LISTED}
        if self.belongs is not None:
            names["household__unit__in"] = self.belongs
        return Q(**{f"{path}{name}": value for name, value in names.items()})


def deprived_counts(*, unit: Area, year: int) -> DeprivedCounts:
    """Deprived households by indicator with which ``year`` starts. Four queries, more for a unit without a list."""
    base = _Base(unit, year)
    listed = Recognised.objects.filter(base.listed()).count() if base.rounds else 0
    tallies = _tallies(base) if base.rounds else {}
    indicators = StandardIndicator.objects.filter(standard=base.standard_id).select_related("indicator", "dimension")
    return DeprivedCounts(
        year=base.rounds[0].year if base.rounds else None,
        recognised_on=max((round.recognised_on for round in base.rounds if round.recognised_on), default=None),
        listed=listed,
        lines=tuple(
            IndicatorCount(
                indicator_id=row.indicator_id,
                number=row.number,
                name=row.indicator.name,
                dimension=row.dimension.name,
                poor=tallies.get(row.indicator_id, {}).get(Category.POOR, 0),
                near_poor=tallies.get(row.indicator_id, {}).get(Category.NEAR_POOR, 0),
                unknown=listed - tallies.get(row.indicator_id, {}).get("known", 0),
            )
            for row in indicators.order_by("number")
        ),
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


def deprived_households(*, unit: Area, year: int, indicator: int) -> tuple[DeprivedHousehold, ...]:
    """The households behind the count of an indicator, by village and head. Two queries."""
    base = _Base(unit, year)
    return tuple(_households(base, indicator)) if base.rounds else ()


def _households(base: _Base, indicator: int) -> Iterator[DeprivedHousehold]:
    lacking = Answer.objects.filter(review=OuterRef("review"), indicator=indicator, is_deprived=True)
    rows: QuerySet[Recognised] = Recognised.objects.filter(base.listed(), Exists(lacking))
    rows = rows.select_related("village", "household", "round__unit")
    for row in rows.order_by("village__position", "village__sort_key", "head_sort_key", "pk"):
        yield DeprivedHousehold(
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

    A household without a form in that review is missing. Two queries.
    """
    if not households:
        return {}
    rows = Review.objects.current().filter(household__in=households, round__year=year, round__kind=RoundKind.PERIODIC)
    rows = rows.exclude(round__state=RoundState.CANCELLED).select_related("round__unit")
    forms = {row.household_id: row for row in rows.order_by("round__starts_on", "pk")}
    answers = {
        (review, indicator): is_deprived
        for review, indicator, is_deprived in Answer.objects.filter(
            review__in=[row.pk for row in forms.values()], indicator__in=indicators
        ).values_list("review_id", "indicator_id", "is_deprived")
    }
    return {
        (household, indicator): Outcome(
            result=_result(form, answers.get((form.pk, indicator))),
            form=Form(pk=form.pk, year=form.round.year, code=form.round.unit.code),
            is_preliminary=form.round.state != RoundState.RECOGNISED,
        )
        for household, form in forms.items()
        for indicator in indicators
    }


def _result(form: Review, is_deprived: bool | None) -> Result:
    now = standing(ReviewState(form.state), form.category, dropped=form.dropped_because)
    if now.presence is Presence.PENDING:
        return Result.WAITING
    if now.presence is Presence.GONE or now.category not in LISTED:
        return Result.LEFT
    if is_deprived is None:
        return Result.UNKNOWN
    return Result.STILL if is_deprived else Result.FREED
