"""Where the summary tables get their figures: one grouped query a part, official or preliminary.

Official: the current recognised rows and their frozen reviews. Preliminary: the current scored reviews of households
still followed. Both have the same columns, so that one set of queries serves both.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from households.choices import LISTED, StatusKind, StatusState
from households.models import (
    Answer,
    Cause,
    Ethnicity,
    Recognised,
    Review,
    ReviewCause,
    ReviewRound,
    StandardIndicator,
    Status,
)
from households.rules.summaries import Group, Place, group_figures, transition_figures
from households.rules.summary_layouts import HOUSEHOLDS, PERSONS, Words
from households.rules.transitions import Flow, entries
from households.selectors.counts import Denominator, denominators
from households.selectors.last_list import SNAPSHOT, day_of
from households.selectors.lineage import Lineage, lineage, villages_on
from households.selectors.transitions import Passage, passages
from povertyplan.areas.models import Area

Tally = Mapping[int, Mapping[str, int]]
CHILD_COUNTS = ("children", "children_malnourished", "children_uninsured", "children_out_of_school")
FLAGS = {
    "minority": "is_ethnic_minority",
    "merit": "is_merit",
    "no_labour": "has_no_labour",
    "female_head": "is_female_head",
}
PASSAGE_FIELDS = (
    "household_id",
    "review_id",
    "village_id",
    "from_village_id",
    "category",
    "from_category",
    "persons",
    "from_persons",
    "transition",
    "reason",
    *SNAPSHOT,
)


# Parts of forms meet the frozen list by the key of the form; the ORM would read the wide rows of all forms in between.
OFFICIAL_PARTS = {
    "indicator__code": """
        SELECT listed.village_id, listed.category, indicator.code, count(*)
        FROM households_recognised listed
        JOIN households_answer answer ON answer.review_id = listed.review_id AND answer.is_deprived
        JOIN households_indicator indicator ON indicator.id = answer.indicator_id
        WHERE listed.round_id = %s AND listed.is_current AND listed.category = ANY(%s)
        GROUP BY 1, 2, 3
    """,
    "cause__number": """
        SELECT listed.village_id, listed.category, cause.number, count(*)
        FROM households_recognised listed
        JOIN households_reviewcause chosen ON chosen.review_id = listed.review_id
        JOIN households_cause cause ON cause.id = chosen.cause_id
        WHERE listed.round_id = %s AND listed.is_current AND listed.category = ANY(%s)
        GROUP BY 1, 2, 3
    """,
}


class RoundRows:
    """The rows of one round that its tables count; each part is read once, when it is first needed."""

    def __init__(self, round: ReviewRound, *, is_official: bool) -> None:
        self.round = round
        self.is_official = is_official

    @property
    def day(self) -> datetime.date:
        """The day whose population, statuses and villages the tables take: the end of the round, or later."""
        return max(self.round.ends_on, day_of(self.round))

    @cached_property
    def villages(self) -> tuple[Area, ...]:
        return villages_on(self.round.unit, day_of(self.round))

    @cached_property
    def line(self) -> Lineage:
        return lineage(self.round.unit, day_of(self.round), self.villages)

    @property
    def source(self) -> QuerySet[Any, Any]:
        """Rows of poor and near-poor households: Recognised or Review, with the same columns."""
        if self.is_official:
            return Recognised.objects.filter(round=self.round, is_current=True, category__in=LISTED)
        counted = Review.objects.counted().filter(round=self.round, household__closed_on__isnull=True)
        return counted.filter(category__in=LISTED)

    @property
    def review_path(self) -> str:
        """From a row of ``source`` to its review, as a prefix of field names."""
        return "review__" if self.is_official else ""

    @property
    def reviews(self) -> QuerySet[Any, Any]:
        """Keys of the reviews behind ``source``."""
        return self.source.values("review_id" if self.is_official else "pk")

    # Tables 1, 4–9, 11

    @cached_property
    def groups(self) -> list[Group]:
        fields = (
            "village_id",
            "category",
            "is_ethnic_minority",
            "has_no_labour",
            "is_merit",
            "ethnicity_id",
            "ethnicity__is_minority",
        )
        sums = {f"sum_{name}": Coalesce(Sum(f"{self.review_path}{name}"), 0) for name in CHILD_COUNTS}
        rows = self.source.order_by().values(*fields).annotate(n=Count("pk"), heads=Sum("persons"), **sums)
        return [group_of(row, row["n"], row["heads"], [row[name] for name in sums]) for row in rows]

    @cached_property
    def results(self) -> Tally:
        return _tally((group.village, group_figures(group)) for group in self.groups)

    @cached_property
    def deprived(self) -> Tally:
        """Deprived answers by village, class and indicator, and their sum."""
        return _tally(
            (
                village,
                [(f"{HOUSEHOLDS}.{of}:deprived:{code}", number), (f"{HOUSEHOLDS}.{of}:deprivations", number)],
            )
            for village, of, code, number in self._parts(Answer.objects.filter(is_deprived=True), "indicator__code")
        )

    @cached_property
    def causes(self) -> Tally:
        return _tally(
            (village, [(f"{HOUSEHOLDS}.{of}:cause:{cause}", number), (f"{HOUSEHOLDS}.listed:cause:{cause}", number)])
            for village, of, cause, number in self._parts(ReviewCause.objects.all(), "cause__number")
        )

    def _parts(self, parts: QuerySet[Any, Any], of_what: str) -> Iterable[tuple[int, str, Any, int]]:
        """Answers or causes counted by village, class and ``of_what``; official ones by what was recognised."""
        if self.is_official:
            with connection.cursor() as cursor:
                cursor.execute(OFFICIAL_PARTS[of_what], [self.round.pk, list(LISTED)])
                return cursor.fetchall()
        parts = parts.filter(review__in=self.reviews).order_by()
        return parts.values_list("review__village_id", "review__category", of_what).annotate(n=Count("pk"))

    # Tables 2, 3, 12

    @cached_property
    def passages(self) -> list[Passage]:
        """Household by household: recomputed, or as it was recognised."""
        if not self.is_official:
            return passages(self.round, self.line)
        rows = Recognised.objects.filter(round=self.round, is_current=True).order_by(
            "village__position", "village__sort_key", "head_sort_key", "pk"
        )
        return [Passage(**row) for row in rows.values(*PASSAGE_FIELDS)]

    @cached_property
    def flows(self) -> list[Flow]:
        if not self.is_official:
            return [passage.flow for passage in self.passages]
        return [_flow(row) for row in self._recognised_flows()]

    @cached_property
    def flows_by_group(self) -> list[tuple[Flow, frozenset[str]]]:
        """Flows with the groups their households belong to."""
        if not self.is_official:
            return [(passage.flow, groups_of(vars(passage))) for passage in self.passages]
        return [(_flow(row), groups_of(row)) for row in self._recognised_flows(*FLAGS.values())]

    def _recognised_flows(self, *flags: str) -> QuerySet[Any, Any]:
        stays = Q(category__in=LISTED, from_category__in=LISTED)
        keys = ("village_id", "from_village_id", "category", "from_category", "transition", *flags)
        rows = Recognised.objects.filter(round=self.round, is_current=True).exclude(transition="").order_by()
        return rows.values(*keys).annotate(
            n=Count("pk"),
            heads=Sum("persons"),
            from_heads=Sum("from_persons"),
            grown=Coalesce(Sum(Greatest(F("persons") - F("from_persons"), 0), filter=stays), 0),
            shrunk=Coalesce(Sum(Greatest(F("from_persons") - F("persons"), 0), filter=stays), 0),
        )

    @cached_property
    def movement(self) -> Tally:
        return _tally(
            (
                entry.village,
                [
                    (f"{HOUSEHOLDS}.{entry.table}:{entry.column}", entry.households),
                    (f"{PERSONS}.{entry.table}:{entry.column}", entry.persons),
                ],
            )
            for flow in self.flows
            for entry in entries(flow)
        )

    @cached_property
    def by_group(self) -> Tally:
        return _tally((flow.village, flow_groups(flow, groups)) for flow, groups in self.flows_by_group)

    # What the tables divide by, and their words

    @cached_property
    def denominators(self) -> dict[int, Denominator]:
        return denominators(unit=self.round.unit, day=self.day)

    @cached_property
    def average_rows(self) -> list[tuple[int, int, int]]:
        """Households «mức sống trung bình» decided and in force on the day, with village and persons; each once.

        What a predecessor decided counts for households that stand in the unit now.
        """
        still = Q(valid_to__isnull=True) | Q(valid_to__gte=self.day)
        ours = Q(unit=self.round.unit_id) | Q(household__unit=self.round.unit_id)
        rows = Status.objects.filter(
            still,
            ours,
            kind=StatusKind.AVERAGE_LIVING,
            state=StatusState.DECIDED,
            valid_from__lte=self.day,
            household__closed_on__isnull=True,
        )
        rows = rows.order_by("household_id", "-valid_from").distinct("household_id")
        found = rows.values_list("household_id", "unit_id", "village_id", "household__village_id", "persons")
        return [
            (household, village if unit == self.round.unit_id else present, persons)
            for household, unit, village, present, persons in found
        ]

    @cached_property
    def average_figures(self) -> Tally:
        return _tally(
            (village, [(f"{HOUSEHOLDS}.average", 1), (f"{PERSONS}.average", persons)])
            for _, village, persons in self.average_rows
        )

    def places(self, used: Iterable[int]) -> list[Place]:
        """The unit's villages on the day, then any other that has figures."""
        villages = list(self.villages)
        extra = set(used) - {village.pk for village in villages}
        if extra:
            villages += Area.objects.filter(pk__in=extra).order_by("position", "sort_key", "pk")
        return [Place(pk=village.pk, name=village.name, kind=village.kind) for village in villages]

    def words(self, number: int) -> Words:
        """What the headings of that table need."""
        if number in (4, 5, 6, 7):
            return self._indicators
        if number == 9:
            return self._ethnicities
        return self._causes if number == 10 else Words()

    @cached_property
    def _indicators(self) -> Words:
        rows = StandardIndicator.objects.filter(standard=self.round.standard_id).order_by("number")
        return Words(indicators=list(rows.values_list("indicator__code", "indicator__name")))

    @cached_property
    def _causes(self) -> Words:
        rows = Cause.objects.filter(standard=self.round.standard_id).order_by("number")
        return Words(causes=list(rows.values_list("number", "name")))

    @cached_property
    def _ethnicities(self) -> Words:
        """Minorities among the heads of the listed households, by name."""
        present = {group.ethnicity for group in self.groups if group.is_minority_head}
        names = Ethnicity.objects.filter(pk__in=present).order_by("code_121")
        return Words(
            ethnicities=list(names.values_list("pk", "name")),
            has_unknown_ethnicity=any(group.is_minority_head is None for group in self.groups),
        )


def group_of(row: dict[str, Any], households: int, persons: int, children: Iterable[int | None]) -> Group:
    counts = [count or 0 for count in children]
    return Group(
        village=row["village_id"],
        category=row["category"],
        is_minority=row["is_ethnic_minority"],
        has_no_labour=row["has_no_labour"],
        is_merit=row["is_merit"],
        ethnicity=row["ethnicity_id"] or 0,
        is_minority_head=row["ethnicity__is_minority"],
        households=households,
        persons=persons,
        children=counts[0],
        malnourished=counts[1],
        uninsured=counts[2],
        out_of_school=counts[3],
    )


def groups_of(row: dict[str, Any]) -> frozenset[str]:
    return frozenset(code for code, field in FLAGS.items() if row[field])


def flow_groups(flow: Flow, groups: Iterable[str]) -> Iterator[tuple[str, int]]:
    return transition_figures(
        flow.transition,
        households=flow.households,
        persons=flow.persons,
        from_persons=flow.from_persons,
        is_listed=flow.category in LISTED,
        groups=groups,
    )


def _flow(row: dict[str, Any]) -> Flow:
    return Flow(
        village=row["village_id"],
        from_village=row["from_village_id"],
        category=row["category"],
        from_category=row["from_category"],
        transition=row["transition"],
        households=row["n"],
        persons=row["heads"],
        from_persons=row["from_heads"],
        grown=row["grown"],
        shrunk=row["shrunk"],
    )


def _tally(parts: Iterable[tuple[int, Iterable[tuple[str, int]]]]) -> Tally:
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for village, figures in parts:
        row = found[village]
        for key, number in figures:
            row[key] += number
    return found
