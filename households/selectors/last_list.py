"""The poor and near-poor list before a round: who is on it, from which units, in today's villages."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from households.choices import LISTED, HouseholdClosed, RoundKind
from households.models import Recognised, ReviewRound
from households.selectors.lineage import Lineage, lineage

ELSEWHERE = "chuyển sang đơn vị khác"
SNAPSHOT = (
    "head_name",
    "head_sort_key",
    "ethnicity_id",
    "is_ethnic_minority",
    "is_merit",
    "has_no_labour",
    "is_female_head",
)
HOME = ("unit_id", "village_id", "closed_on", "closed_because")
OF_HOME = tuple(f"household__{name}" for name in HOME)
LIST_FIELDS = (
    *("household_id", "category", "persons", "village_id", "round__recognised_on", "unit_id"),
    *(*OF_HOME, *SNAPSHOT),
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A household as the last list has it: ``village_id`` in today's villages of the unit."""

    household_id: int
    category: str
    persons: int
    village_id: int
    snapshot: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class LastList:
    """The list before a round: ``on_list`` by household; ``recorded`` when each household was last decided on.

    ``since`` is the day of the last periodic list, None where none is recorded; ``known`` the units that have one;
    ``households`` where those households are in the registry now.
    """

    on_list: dict[int, Listed]
    recorded: dict[int, datetime.date]
    since: datetime.date | None
    known: frozenset[int]
    households: dict[int, dict[str, Any]]


def day_of(round: ReviewRound) -> datetime.date:
    """The day whose villages and figures the round shows: of recognition, else its last planned day."""
    return round.recognised_on or round.ends_on


def last_list(round: ReviewRound) -> LastList:
    """Who was on the poor or near-poor list before the round; four queries."""
    return list_before(round, lineage(round.unit, day_of(round)))


def list_before(round: ReviewRound, line: Lineage) -> LastList:
    """The same where the lineage of the unit is known already; two queries."""
    rounds = (
        ReviewRound.objects.recognised().filter(unit_id__in=line.units).exclude(pk=round.pk).order_by("recognised_on")
    )
    earlier = [row for row in rounds if _is_before(row, round)]
    relevant, bases = _relevant(round.unit_id, earlier, line)
    rows = Recognised.objects.filter(round__in=[row.pk for row in relevant])
    if round.recognised_on:
        rows = rows.filter(recognition__on__lte=round.recognised_on)
    rows = rows.order_by("round__recognised_on", "round_id", "recognition__on", "recognition_id")
    latest = {row["household_id"]: row for row in rows.values(*LIST_FIELDS)}
    on_list = {pk: row for pk, row in latest.items() if row["category"] in LISTED}
    present = {pk: home_of(row) for pk, row in on_list.items()}
    listed = {}
    for pk, row in on_list.items():
        village = village_of_list(row, present[pk], line)
        if village is not None:
            listed[pk] = Listed(
                household_id=pk,
                category=row["category"],
                persons=row["persons"],
                village_id=village,
                snapshot={name: row[name] for name in SNAPSHOT},
            )
    return LastList(
        on_list=listed,
        recorded={pk: row["round__recognised_on"] for pk, row in latest.items()},
        since=min((base.recognised_on for base in bases if base.recognised_on), default=None),
        known=frozenset(base.unit_id for base in bases),
        households=present,
    )


def _is_before(other: ReviewRound, round: ReviewRound) -> bool:
    """Recognised before this one; a periodic round follows only on periodic rounds of earlier years."""
    if round.kind == RoundKind.PERIODIC and other.kind == RoundKind.PERIODIC and other.year >= round.year:
        return False
    if round.recognised_on is None or other.recognised_on is None:
        return True
    return (other.recognised_on, other.pk) < (round.recognised_on, round.pk)


def _relevant(unit: int, earlier: list[ReviewRound], line: Lineage) -> tuple[list[ReviewRound], list[ReviewRound]]:
    """The last periodic round of the unit and the regular ones after it; without one, those of its predecessors too."""
    own = [row for row in earlier if row.unit_id == unit]
    base = max((row for row in own if row.kind == RoundKind.PERIODIC), key=_sequence, default=None)
    if base:
        later = [row for row in own if row.kind == RoundKind.REGULAR and _sequence(row) > _sequence(base)]
        return [base, *later], [base]
    rounds, bases = list(own), []
    for predecessor in line.predecessors.get(unit, ()):
        older, older_bases = _relevant(predecessor, earlier, line)
        rounds += older
        bases += older_bases
    return rounds, bases


def _sequence(round: ReviewRound) -> tuple[datetime.date, int]:
    return round.recognised_on or datetime.date.max, round.pk


def village_of_list(row: Mapping[str, Any], household: Mapping[str, Any], line: Lineage) -> int | None:
    """The village of the list as it is called now; None for a household that another unit took over."""
    village = line.village_today(row["village_id"], household["village_id"])
    if village is not None:
        return village
    if household["unit_id"] == line.unit.pk and household["village_id"] in line.order:
        return household["village_id"]
    if row["unit_id"] in line.divided:
        return None
    return row["village_id"]


def home_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Where the household of a row that brought ``OF_HOME`` is in the registry now, and when and why it was closed."""
    return {"id": row["household_id"], **{name: row[f"household__{name}"] for name in HOME}}


def gone(household: Mapping[str, Any], line: Lineage, until: datetime.date | None) -> str:
    """Why the household is no longer in the unit (closed by ``until``, or of another unit); empty when it is."""
    closed_on = household["closed_on"]
    if closed_on and (until is None or closed_on <= until):
        return f"{HouseholdClosed(household['closed_because']).label} từ {closed_on:%d/%m/%Y}"
    if household["unit_id"] not in line.units and household["unit_id"] not in line.after:
        return ELSEWHERE
    return ""
