"""What became of each household of the last recognised list and of a round, across mergers of units and villages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from households.choices import LISTED, Category, ReviewState, RoundKind
from households.models import Review, ReviewRound
from households.rules.transitions import Fate, Flow, Presence, Standing, decide, standing
from households.selectors.arrivals import arrivals, ever_listed
from households.selectors.last_list import (
    OF_HOME,
    SNAPSHOT,
    LastList,
    Listed,
    day_of,
    gone,
    home_of,
    last_list,
    list_before,
)
from households.selectors.lineage import Lineage, lineage

__all__ = ["LastList", "Listed", "Passage", "day_of", "last_list", "passages"]

REVIEW_FIELDS = (
    *("household_id", "id", "state", "category", "persons", "village_id", "dropped_because"),
    *(*OF_HOME, *SNAPSHOT),
)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A household of the last list or of the round, with where it was, where it is and its one transition.

    ``category`` is empty for a household that is gone or not scored yet, ``transition`` for one outside both lists.
    Villages are those of the unit on the day of the round; persons are 0 where the household was not or is not.
    """

    household_id: int
    review_id: int | None
    village_id: int
    from_village_id: int | None
    category: str
    from_category: str
    persons: int
    from_persons: int
    transition: str
    reason: str
    head_name: str
    head_sort_key: str
    ethnicity_id: int | None
    is_ethnic_minority: bool
    is_merit: bool
    has_no_labour: bool
    is_female_head: bool

    @property
    def flow(self) -> Flow:
        stays = self.category in LISTED and self.from_category in LISTED
        change = self.persons - self.from_persons if stays else 0
        return Flow(
            village=self.village_id,
            from_village=self.from_village_id,
            category=self.category,
            from_category=self.from_category,
            transition=self.transition,
            households=1,
            persons=self.persons,
            from_persons=self.from_persons,
            grown=max(change, 0),
            shrunk=max(-change, 0),
        )


def passages(round: ReviewRound, line: Lineage | None = None) -> list[Passage]:
    """Every household of the last list or of the round exactly once, by village and head; seven queries at most.

    A regular round decides only on its own households; a periodic one on the whole list.
    """
    line = line or lineage(round.unit, day_of(round))
    rows = Review.objects.current().filter(round=round).values(*REVIEW_FIELDS)
    reviews = {row["household_id"]: row for row in rows}
    before = list_before(round, line)
    households = {**before.households, **{pk: home_of(row) for pk, row in reviews.items()}}
    ids = dict.fromkeys([*reviews, *(before.on_list if round.kind == RoundKind.PERIODIC else ())])
    standings = {pk: _standing(reviews.get(pk), households[pk], line, round) for pk in ids}
    fates = _fates(standings, before, line, round)
    found = [
        _passage(reviews.get(pk), before.on_list.get(pk), households[pk], line, standings[pk], fates[pk])
        for pk in ids
        if _belongs(standings[pk], reviews.get(pk), before.on_list.get(pk), round)
    ]
    order, last = line.order, len(line.order)
    return sorted(
        found, key=lambda row: (order.get(row.village_id, last), row.village_id, row.head_sort_key, row.household_id)
    )


def _standing(
    review: Mapping[str, Any] | None, household: Mapping[str, Any], line: Lineage, round: ReviewRound
) -> Standing:
    review = review or {"state": "", "category": "", "dropped_because": ""}
    return standing(
        review["state"],
        review["category"],
        gone=gone(household, line, round.recognised_on),
        dropped=review["dropped_because"],
    )


def _fates(standings: Mapping[int, Standing], before: LastList, line: Lineage, round: ReviewRound) -> dict[int, Fate]:
    new = [pk for pk, now in standings.items() if pk not in before.on_list and now.category in LISTED]
    was = ever_listed(new, round)
    came = arrivals(new, before, line)
    fates = {}
    for pk, now in standings.items():
        ever = was.get(pk, set())
        fates[pk] = decide(
            before=before.on_list[pk].category if pk in before.on_list else "",
            now=now,
            arrival=came.get(pk, ""),
            was_poor=Category.POOR in ever,
            was_near_poor=Category.NEAR_POOR in ever,
        )
    return fates


def _belongs(now: Standing, review: Mapping[str, Any] | None, before: Listed | None, round: ReviewRound) -> bool:
    """Dropped or gone without ever being listed: in no list, in no table. A regular round drops nobody."""
    if now.presence is not Presence.GONE:
        return True
    if round.kind == RoundKind.REGULAR and review and review["state"] == ReviewState.DROPPED:
        return False
    return before is not None


def _passage(
    review: Mapping[str, Any] | None,
    before: Listed | None,
    household: Mapping[str, Any],
    line: Lineage,
    now: Standing,
    fate: Fate,
) -> Passage:
    from_persons = before.persons if before else 0
    is_gone = now.presence is Presence.GONE
    return Passage(
        household_id=household["id"],
        review_id=review["id"] if review else None,
        village_id=before.village_id if is_gone and before else _village_now(review, household, line),
        from_village_id=before.village_id if before else None,
        category=fate.category,
        from_category=before.category if before else "",
        persons=0 if is_gone else (review["persons"] if review else 0) or from_persons,
        from_persons=from_persons,
        transition=fate.transition,
        reason=fate.reason[:300],
        **_snapshot(review, before),
    )


def _village_now(review: Mapping[str, Any] | None, household: Mapping[str, Any], line: Lineage) -> int:
    village = review["village_id"] if review else household["village_id"]
    return line.village_today(village, household["village_id"]) or village


def _snapshot(review: Mapping[str, Any] | None, before: Listed | None) -> dict[str, Any]:
    """The form's; the last list's where there is no form or nothing was filled in yet."""
    if review and (review["head_name"] or before is None):
        return {name: review[name] for name in SNAPSHOT}
    return before.snapshot if before else {}
