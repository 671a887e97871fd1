"""What became of a household between the last recognised list and a round, and how it counts in tables 2 and 3.

Words of the summary tables of Thông tư 07/2021 (Phụ lục VII, Mẫu 7.2 and 7.3): each household of either list has
exactly one transition. Pure; no clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from households.choices import Category, ReviewState, Transition

POOR, NEAR_POOR, NOT_POOR = Category.POOR, Category.NEAR_POOR, Category.NOT_POOR

# Category before → category now, for households of the last list.
STAYED = {
    (POOR, POOR): Transition.REMAINED_POOR,
    (POOR, NEAR_POOR): Transition.POOR_TO_NEAR_POOR,
    (POOR, NOT_POOR): Transition.POOR_TO_ABOVE,
    (NEAR_POOR, POOR): Transition.NEAR_POOR_TO_POOR,
    (NEAR_POOR, NEAR_POOR): Transition.REMAINED_NEAR_POOR,
    (NEAR_POOR, NOT_POOR): Transition.ESCAPED_NEAR_POVERTY,
}

ESCAPED = (Transition.POOR_TO_NEAR_POOR, Transition.POOR_TO_ABOVE)
"""«Thoát nghèo»: became near-poor, or rose above the near-poor line."""

NOT_REVIEWED = "không được rà soát trong đợt này"
PENDING = "chưa chấm điểm, tạm giữ phân loại kỳ trước"


class Presence(StrEnum):
    """How a household stands in the round."""

    REVIEWED = "reviewed"
    PENDING = "pending"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a household is in the round: its category when reviewed, the reason when gone."""

    presence: Presence
    category: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Fate:
    """Category now (empty: gone or not known yet), transition (empty: outside both lists) and its reason."""

    category: str
    transition: str
    reason: str = ""


def standing(state: str, category: str, *, gone: str = "", dropped: str = "") -> Standing:
    """Of a household with a form in ``state``; no form at all is the state "".

    ``gone`` says why it is no longer in the unit; it goes before any form. Phiếu A «không rà soát» counts as not poor.
    """
    if gone:
        return Standing(presence=Presence.GONE, reason=gone)
    if state in (ReviewState.SURVEYED, ReviewState.RECOGNISED):
        return Standing(presence=Presence.REVIEWED, category=category)
    if state == ReviewState.SCREENED_OUT:
        return Standing(presence=Presence.REVIEWED, category=NOT_POOR)
    if state == ReviewState.DROPPED:
        return Standing(presence=Presence.GONE, reason=dropped or NOT_REVIEWED)
    if not state:
        return Standing(presence=Presence.GONE, reason=NOT_REVIEWED)
    return Standing(presence=Presence.PENDING)


def decide(
    *, before: str, now: Standing, arrival: str = "", was_poor: bool = False, was_near_poor: bool = False
) -> Fate:
    """The one transition of a household.

    ``before``: category on the last list, empty when on none. ``arrival``: why it came to the list otherwise than by
    falling into poverty (moved in, split off from a listed household …), empty when not. ``was_…``: ever recognised
    as such before this round. A listed household whose form is not scored yet keeps its last category, which only
    preliminary tables ever show. «Tái cận nghèo» is read as: was on either list before, is near-poor again; the
    forms do not define it.
    """
    if before not in (POOR, NEAR_POOR):
        return _came(now, arrival, was_poor=was_poor, was_listed=was_poor or was_near_poor)
    if now.presence is Presence.GONE:
        return Fate(category="", transition=Transition.OTHER_DECREASE, reason=now.reason)
    if now.presence is Presence.PENDING:
        return Fate(category=before, transition=STAYED[Category(before), Category(before)], reason=PENDING)
    return Fate(category=now.category, transition=STAYED[Category(before), Category(now.category)])


def _came(now: Standing, arrival: str, *, was_poor: bool, was_listed: bool) -> Fate:
    if now.category not in (POOR, NEAR_POOR):
        return Fate(category=now.category, transition="", reason=now.reason)
    if arrival:
        return Fate(category=now.category, transition=Transition.OTHER_INCREASE, reason=arrival)
    if now.category == POOR:
        back = was_poor
        transition = Transition.FELL_BACK if back else Transition.NEWLY_POOR
    else:
        back = was_listed
        transition = Transition.FELL_BACK_NEAR_POOR if back else Transition.NEWLY_NEAR_POOR
    return Fate(category=now.category, transition=transition)


# Villages


def carried(
    village: int, present: int, successors: Mapping[int, Iterable[int]], villages: Mapping[int, int]
) -> int | None:
    """The village of the unit that ``village`` has become: itself, or who followed it over any number of generations.

    Where it was divided, the household's own ``present`` village decides, else the first by ``villages`` (key → order
    in the unit). None when nothing of it lies in the unit.
    """
    found = {area for area in _closure(village, successors) if area in villages}
    if not found:
        return None
    if present in found:
        return present
    return min(found, key=lambda area: (villages[area], area))


def _closure(village: int, successors: Mapping[int, Iterable[int]]) -> Iterator[int]:
    """The last ones that follow ``village``; itself when nobody does."""
    seen, waiting = {village}, [village]
    while waiting:
        area = waiting.pop()
        following = list(successors.get(area, ()))
        if not following:
            yield area
        for next_area in following:
            if next_area not in seen:
                seen.add(next_area)
                waiting.append(next_area)


# Tables 2 and 3


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Households that share where they were, where they are and what became of them; one household is a flow of 1.

    ``grown`` and ``shrunk`` are the gains and losses of head count, each summed over the single households.
    """

    village: int
    from_village: int | None
    category: str
    from_category: str
    transition: str
    households: int
    persons: int
    from_persons: int
    grown: int
    shrunk: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a flow adds to a column of table 2 (poor) or 3 (near-poor) in the row of a village."""

    table: int
    column: int
    village: int
    households: int
    persons: int


TABLES = {POOR: 2, NEAR_POOR: 3}
START, DOWN_OR_UP, ABOVE, OTHER_LESS, FROM_OTHER_LIST, BACK, NEW, OTHER_MORE, END = range(1, 10)
SIGNS = {
    START: 1,
    DOWN_OR_UP: -1,
    ABOVE: -1,
    OTHER_LESS: -1,
    FROM_OTHER_LIST: 1,
    BACK: 1,
    NEW: 1,
    OTHER_MORE: 1,
}
"""Column 9 = 1 − 2 − 3 − 4 + 5 + 6 + 7 + 8 (formula row of the forms)."""

LEAVING = {
    Transition.POOR_TO_NEAR_POOR: DOWN_OR_UP,
    Transition.NEAR_POOR_TO_POOR: DOWN_OR_UP,
    Transition.POOR_TO_ABOVE: ABOVE,
    Transition.ESCAPED_NEAR_POVERTY: ABOVE,
    Transition.OTHER_DECREASE: OTHER_LESS,
}
COMING = {
    Transition.FELL_BACK: BACK,
    Transition.FELL_BACK_NEAR_POOR: BACK,
    Transition.NEWLY_POOR: NEW,
    Transition.NEWLY_NEAR_POOR: NEW,
    Transition.OTHER_INCREASE: OTHER_MORE,
}


def entries(flow: Flow) -> Iterator[Entry]:
    """Every cell of tables 2 and 3 that the flow adds to, column 9 included.

    A household that moved between villages leaves the old one by «khác giảm» and enters the new one by «khác tăng»,
    with the persons it had; what became of it counts in the new one. Who goes from one list to the other goes with
    the persons it had; a change of head count goes to «khác tăng», «khác giảm» of the list it is on now.
    """
    if not flow.transition:
        return
    before, now = TABLES.get(flow.from_category), TABLES.get(flow.category)  # type: ignore[call-overload]
    if before:
        yield from _out(before, flow, stays=before == now)
    if now and before:
        yield from _in_from_a_list(now, flow, changed=before != now)
    elif now:
        yield _entry(now, COMING[Transition(flow.transition)], flow.village, flow.households, flow.persons)
    if now:
        yield _entry(now, END, flow.village, flow.households, flow.persons)


def _out(table: int, flow: Flow, *, stays: bool) -> Iterator[Entry]:
    households, persons = flow.households, flow.from_persons
    old = flow.village if flow.from_village is None else flow.from_village
    yield _entry(table, START, old, households, persons)
    if old != flow.village:
        yield _entry(table, OTHER_LESS, old, households, persons)
        yield _entry(table, OTHER_MORE, flow.village, households, persons)
    if not stays:
        yield _entry(table, LEAVING[Transition(flow.transition)], flow.village, households, persons)


def _in_from_a_list(table: int, flow: Flow, *, changed: bool) -> Iterator[Entry]:
    if changed:
        yield _entry(table, FROM_OTHER_LIST, flow.village, flow.households, flow.from_persons)
    if flow.grown:
        yield _entry(table, OTHER_MORE, flow.village, 0, flow.grown)
    if flow.shrunk:
        yield _entry(table, OTHER_LESS, flow.village, 0, flow.shrunk)


def _entry(table: int, column: int, village: int, households: int, persons: int) -> Entry:
    return Entry(table=table, column=column, village=village, households=households, persons=persons)
