"""The list with which a year started against that of a day of it, household by household, across mergers."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from typing import Any

from households.choices import LISTED, Category, RoundKind, RoundState
from households.models import Household, Recognised, ReviewRound
from households.rules.results import Counted, Part, Place, Step, fate_of_period, places, together
from households.rules.transitions import PENDING
from households.selectors.last_list import HOME, OF_HOME, home_of, village_of_list
from households.selectors.lineage import Lineage, lineage
from households.selectors.transitions import passages
from povertyplan.areas.models import Area

FIELDS = (
    "household_id",
    "round_id",
    "review_id",
    "unit_id",
    "village_id",
    "category",
    "transition",
    "reason",
    "head_name",
    "head_sort_key",
    *OF_HOME,
)


class Standing(StrEnum):
    """How sure the list of the end is. UNKNOWN: there is none."""

    RECOGNISED = "recognised"
    PRELIMINARY = "preliminary"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The round that says so, and the form of the household in it; a list recorded from paper has no forms."""

    round: ReviewRound
    review_id: int | None


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A household of the first or the last list: what it was, what it is, and the proof of either."""

    household_id: int
    head_name: str
    sort_key: str
    village_id: int
    from_village_id: int | None
    category: str
    from_category: str
    transition: str
    reason: str
    start: Proof | None
    end: Proof | None

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(
            places(
                village=self.village_id,
                from_village=self.from_village_id,
                category=self.category,
                from_category=self.from_category,
                transition=self.transition,
            )
        )


@dataclass(frozen=True, kw_only=True)
class Results:
    """From the start of ``year`` to ``until``. Without a recognised list of the start only that of the end is known.

    ``starts`` and ``ends`` are the rounds whose lists are compared, ``between`` the regular rounds that count.
    ``pending``: households that a round under way has not scored yet, which keep their last category.
    """

    unit: Area
    year: int
    until: datetime.date
    standing: Standing
    line: Lineage
    starts: tuple[ReviewRound, ...]
    between: tuple[ReviewRound, ...] = ()
    ends: tuple[ReviewRound, ...] = ()
    households: tuple[Passed, ...] = ()
    pending: int = 0

    @property
    def villages(self) -> tuple[Area, ...]:
        return self.line.villages

    @property
    def has_start(self) -> bool:
        return bool(self.starts)

    @property
    def has_end(self) -> bool:
        return self.standing is not Standing.UNKNOWN

    @property
    def as_of(self) -> datetime.date:
        """The day of the list of the end: of its decision where the year's round is recognised."""
        return max(_days(self.ends), default=self.until)

    @cached_property
    def counts(self) -> dict[int, dict[Category, Counted]]:
        """By village of the unit and list, every village with both."""
        found: dict[tuple[int, Category], Counter[Part]] = defaultdict(Counter)
        for household in self.households:
            for place in household.places:
                found[place.village, place.category][place.part] += 1
        keys = dict.fromkeys([*self.line.order, *(village for village, _ in found)])
        return {
            village: {
                category: Counted(parts=found.get((village, category), Counter())) for category in map(Category, LISTED)
            }
            for village in keys
        }

    def total(self, category: Category) -> Counted:
        return together(row[category] for row in self.counts.values())

    def opened(self, *, category: Category, parts: Iterable[Part], village: int | None = None) -> list[Passed]:
        """Households behind a number, by name; of the whole unit without a village."""
        wanted = set(parts)

        def counts(place: Place) -> bool:
            return place.category == category and place.part in wanted and village in (None, place.village)

        return [household for household in self.households if any(map(counts, household.places))]


def results(*, unit: Area, year: int, to: datetime.date, today: datetime.date) -> Results:
    """What the year changed up to ``to``: half of it, 30/06, or the whole, 31/12.

    The start is the list of the periodic round of the year before, with its corrections. On a day within the year
    the end is the list in force then, which regular rounds change; at the end of the year it is that of the year's
    periodic round with its corrections, or of its forms while the round is under way. Before ``to`` the list of
    ``today`` stands in, preliminary. Five queries; of a round under way those of ``passages`` and one more.
    """
    line = lineage(unit, datetime.date(year, 12, 31))
    rounds = _rounds(line, year)
    periodic = [row for row in rounds if row.kind == RoundKind.PERIODIC]
    starts = _own_or_older(unit, [row for row in periodic if row.year == year - 1 and _is_recognised(row)])
    is_whole = to >= datetime.date(year, 12, 31)
    ends = _own_or_older(unit, [row for row in periodic if row.year == year]) if is_whole else []
    recognised = [row for row in ends if _is_recognised(row)]
    open_round = next((row for row in ends if not _is_recognised(row) and row.unit_id == unit.pk), None)
    until = min(to, today)
    compare = partial(_compared, unit=unit, year=year, until=until, line=line, starts=starts)
    if recognised and not open_round:
        regular = _regular(rounds, starts, max(_days(recognised)))
        return compare(standing=Standing.RECOGNISED, between=regular, ends=recognised)
    if open_round:
        regular = _regular(rounds, starts, today)
        return compare(standing=Standing.PRELIMINARY, between=regular, ends=[open_round])
    if is_whole or not starts or until < datetime.date(year, 1, 1):
        return compare(standing=Standing.UNKNOWN, between=[], ends=[])
    standing = Standing.RECOGNISED if to <= today else Standing.PRELIMINARY
    return compare(standing=standing, between=_regular(rounds, starts, until), ends=[])


def _is_recognised(round: ReviewRound) -> bool:
    return round.state == RoundState.RECOGNISED


def _days(rounds: Iterable[ReviewRound]) -> Iterator[datetime.date]:
    return (round.recognised_on for round in rounds if round.recognised_on)


def _rounds(line: Lineage, year: int) -> list[ReviewRound]:
    """Rounds of the year and of the one before, of the unit and whom it follows, as they were recognised."""
    rounds = ReviewRound.objects.exclude(state=RoundState.CANCELLED).select_related("unit")
    return list(rounds.filter(unit__in=line.units, year__in=(year - 1, year)).order_by("recognised_on", "pk"))


def _own_or_older(unit: Area, rounds: list[ReviewRound]) -> list[ReviewRound]:
    """The unit's own; before a merger those of whom it follows."""
    return [row for row in rounds if row.unit_id == unit.pk] or rounds


def _regular(rounds: list[ReviewRound], starts: list[ReviewRound], until: datetime.date) -> list[ReviewRound]:
    """Recognised regular rounds after the list of the start of their unit, up to the day."""
    since = {row.unit_id: day for row in starts if (day := row.recognised_on)}
    first = min(since.values(), default=until)
    return [
        row
        for row in rounds
        if row.kind == RoundKind.REGULAR
        and _is_recognised(row)
        and row.recognised_on
        and since.get(row.unit_id, first) < row.recognised_on <= until
    ]


def _compared(
    *,
    unit: Area,
    year: int,
    until: datetime.date,
    line: Lineage,
    standing: Standing,
    starts: Iterable[ReviewRound],
    between: Iterable[ReviewRound],
    ends: Iterable[ReviewRound],
) -> Results:
    starts, between, ends = tuple(starts), tuple(between), tuple(ends)
    found = Results(
        unit=unit, year=year, until=until, standing=standing, line=line, starts=starts, between=between, ends=ends
    )
    if not found.has_end:
        return found
    rows = _rows(found)
    households, pending = _households(found, rows)
    return Results(**{**vars(found), "households": households, "pending": pending})


def _rows(found: Results) -> dict[int, list[dict[str, Any]]]:
    """What each list says of each household, in the order of the lists."""
    lists = [*found.starts, *found.between, *found.ends]
    order = {round.pk: place for place, round in enumerate(lists)}
    stored = Recognised.objects.filter(round__in=order, is_current=True).values(*FIELDS)
    rows = [dict(row) for row in stored]
    for round in found.ends:
        if not _is_recognised(round):
            rows += _of_forms(round, found.line)
    by_household: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: order[row["round_id"]]):
        by_household[row["household_id"]].append(row)
    return by_household


def _of_forms(round: ReviewRound, line: Lineage) -> Iterator[dict[str, Any]]:
    """The same of a round under way, as its preliminary tables have it."""
    found = passages(round, line)
    rows = Household.objects.filter(pk__in=[passage.household_id for passage in found])
    homes = {pk: dict(zip(OF_HOME, home, strict=True)) for pk, *home in rows.values_list("pk", *HOME)}
    for passage in found:
        known = {name: getattr(passage, name, None) for name in FIELDS}
        yield known | homes[passage.household_id] | {"round_id": round.pk, "unit_id": round.unit_id}


def _households(found: Results, rows: Mapping[int, list[dict[str, Any]]]) -> tuple[tuple[Passed, ...], int]:
    starts = {round.pk for round in found.starts}
    listed = {pk: lists for pk, lists in rows.items() if any(row["category"] in LISTED for row in lists)}
    came = [pk for pk, lists in listed.items() if not _start(lists, starts)]
    ever = _ever_listed(came, min(_days(found.starts), default=datetime.date.min))
    rounds = {round.pk: round for round in (*found.starts, *found.between, *found.ends)}
    passed = [
        one for pk, lists in listed.items() if (one := _passed(found, rounds, starts, lists, ever.get(pk, frozenset())))
    ]
    order, last = found.line.order, len(found.line.order)
    passed.sort(key=lambda one: (order.get(one.village_id, last), one.sort_key, one.household_id))
    pending = sum(lists[-1]["reason"] == PENDING for lists in listed.values())
    return tuple(passed), pending


def _start(lists: list[dict[str, Any]], starts: set[int]) -> dict[str, Any] | None:
    """The row of the list of the start, where the household was on it."""
    found = [row for row in lists if row["round_id"] in starts]
    return found[-1] if found and found[-1]["category"] in LISTED else None


def _ever_listed(ids: list[int], since: datetime.date) -> dict[int, frozenset[str]]:
    """The categories under which each household was recognised before the list of the start, in any unit."""
    rows = Recognised.objects.filter(
        household__in=ids, is_current=True, category__in=LISTED, round__recognised_on__lt=since
    )
    found: dict[int, set[str]] = defaultdict(set)
    for household, category in rows.values_list("household_id", "category").distinct():
        found[household].add(category)
    return {pk: frozenset(categories) for pk, categories in found.items()}


def _passed(
    found: Results,
    rounds: Mapping[int, ReviewRound],
    starts: set[int],
    lists: list[dict[str, Any]],
    ever: frozenset[str],
) -> Passed | None:
    """None for a household of neither list, or one that lies in a part of a divided unit that went elsewhere."""
    start = _start(lists, starts)
    later = [row for row in lists if row["round_id"] not in starts]
    steps = [Step(category=row["category"], transition=row["transition"], reason=row["reason"]) for row in later]
    ends = {round.pk for round in found.ends}
    fate = fate_of_period(
        start["category"] if start else "",
        steps,
        is_reviewed=not ends or bool(later and later[-1]["round_id"] in ends),
        was_poor=Category.POOR in ever,
        was_near_poor=Category.NEAR_POOR in ever,
    )
    from_village = village_of_list(start, home_of(start), found.line) if start else None
    last = later[-1] if later else start
    village = village_of_list(last, home_of(last), found.line) if last else None
    if last is None or village is None or not fate.transition or (start and from_village is None):
        return None
    if not fate.category and from_village is not None:
        village = from_village
    return Passed(
        household_id=last["household_id"],
        head_name=last["head_name"],
        sort_key=last["head_sort_key"],
        village_id=village,
        from_village_id=from_village,
        category=fate.category,
        from_category=start["category"] if start else "",
        transition=fate.transition,
        reason=fate.reason,
        start=_proof(rounds, start) if start else None,
        end=_proof(rounds, later[-1]) if later else None,
    )


def _proof(rounds: Mapping[int, ReviewRound], row: Mapping[str, Any]) -> Proof:
    return Proof(round=rounds[row["round_id"]], review_id=row["review_id"])
