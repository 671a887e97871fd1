"""What a period changed: two lists compared household by household, so that nothing counts twice.

A household that escaped in March and fell back in autumn is poor at both ends: it neither escaped nor fell back. The
words and the villages are those of tables 2 and 3 (Thông tư 07/2021, Phụ lục VII). Pure; no clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from households.choices import LISTED, Category, Transition
from households.rules.transitions import (
    ABOVE,
    BACK,
    DOWN_OR_UP,
    END,
    FROM_OTHER_LIST,
    NEW,
    NOT_REVIEWED,
    OTHER_LESS,
    OTHER_MORE,
    START,
    TABLES,
    Fate,
    Flow,
    Presence,
    Standing,
    decide,
    entries,
)


class Part(StrEnum):
    """What a number of a village counts, of the poor or of the near-poor list."""

    START = "start"
    ESCAPED = "escaped"
    BECAME_POOR = "became_poor"
    OTHER_LESS = "other_less"
    FROM_OTHER_LIST = "from_other_list"
    BACK = "back"
    NEW = "new"
    OTHER_MORE = "other_more"
    END = "end"


# Columns of tables 2 and 3. Becoming near-poor is an escape from poverty; becoming poor is none from near-poverty.
PARTS = {
    START: Part.START,
    ABOVE: Part.ESCAPED,
    OTHER_LESS: Part.OTHER_LESS,
    FROM_OTHER_LIST: Part.FROM_OTHER_LIST,
    BACK: Part.BACK,
    NEW: Part.NEW,
    OTHER_MORE: Part.OTHER_MORE,
    END: Part.END,
}
DOWN = {Category.POOR: Part.ESCAPED, Category.NEAR_POOR: Part.BECAME_POOR}
LEAVING = (Part.ESCAPED, Part.BECAME_POOR, Part.OTHER_LESS)
COMING = (Part.FROM_OTHER_LIST, Part.BACK, Part.NEW, Part.OTHER_MORE)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one round of the period recognised of a household; an empty category: it is gone."""

    category: str
    transition: str
    reason: str = ""


def fate_of_period(
    before: str, steps: Sequence[Step], *, is_reviewed: bool, was_poor: bool = False, was_near_poor: bool = False
) -> Fate:
    """The one transition of a household from the list of the start to that of the end, whatever lies between.

    ``before``: category at the start, empty when on no list. ``steps``: what the rounds of the period say of it, in
    their order. ``is_reviewed``: the list of the end speaks of it, or goes on without speaking of everybody; else a
    listed household is gone. ``was_…``: ever recognised as such before the start.
    """
    last = steps[-1] if steps else None
    if last is None and is_reviewed:
        now = Standing(presence=Presence.REVIEWED, category=before)
    elif last is None or (not is_reviewed and last.category in LISTED):
        now = Standing(presence=Presence.GONE, reason=NOT_REVIEWED)
    elif last.category:
        now = Standing(presence=Presence.REVIEWED, category=last.category)
    else:
        now = Standing(presence=Presence.GONE, reason=last.reason)
    fate = decide(before=before, now=now, arrival=_arrival(steps), was_poor=was_poor, was_near_poor=was_near_poor)
    reason = last.reason if last and not fate.reason and last.transition == fate.transition else fate.reason
    return Fate(category=fate.category, transition=fate.transition, reason=reason)


def _arrival(steps: Sequence[Step]) -> str:
    """Why it first came to a list in the period, where that was otherwise than by falling into poverty."""
    first = next((step for step in steps if step.category in LISTED), None)
    if first is None or first.transition != Transition.OTHER_INCREASE:
        return ""
    return first.reason or Transition.OTHER_INCREASE.label


@dataclass(frozen=True, kw_only=True)
class Place:
    """One number that a household belongs to."""

    category: Category
    part: Part
    village: int


def places(
    *, village: int, from_village: int | None, category: str, from_category: str, transition: str
) -> Iterator[Place]:
    """Every number that a household counts in; see ``rules.transitions.entries``."""
    flow = Flow(
        village=village,
        from_village=from_village,
        category=category,
        from_category=from_category,
        transition=transition,
        households=1,
        persons=0,
        from_persons=0,
        grown=0,
        shrunk=0,
    )
    tables = {table: category for category, table in TABLES.items()}
    for entry in entries(flow):
        of = tables[entry.table]
        part = DOWN[of] if entry.column == DOWN_OR_UP else PARTS[entry.column]
        yield Place(category=of, part=part, village=entry.village)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Households of one list in a village, or summed over villages, by part."""

    parts: Mapping[Part, int] = field(default_factory=dict)

    def of(self, part: Part) -> int:
        return self.parts.get(part, 0)

    @property
    def start(self) -> int:
        return self.of(Part.START)

    @property
    def end(self) -> int:
        return self.of(Part.END)

    @property
    def net_reduction(self) -> int:
        """Start minus end; below zero they became more."""
        return self.start - self.end

    @property
    def explained(self) -> int:
        """The same from what left and what came: whoever left minus whoever came."""
        return sum(map(self.of, LEAVING)) - sum(map(self.of, COMING))


def together(counted: Iterable[Counted]) -> Counted:
    """Sums of households, part by part."""
    sums: Counter[Part] = Counter()
    for one in counted:
        sums.update(one.parts)
    return Counted(parts=sums)
