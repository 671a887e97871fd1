"""Which units and villages a unit goes back to: mergers and divisions over any number of generations."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from households.rules.transitions import carried
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area

EDGES = """
WITH RECURSIVE back (id) AS (
    SELECT id FROM areas_area WHERE id = %(unit)s OR parent_id = %(unit)s
    UNION
    SELECT edge.predecessor_id FROM areas_succession edge JOIN back ON edge.successor_id = back.id
), onward (id) AS (
    SELECT %(unit)s::bigint
    UNION
    SELECT edge.successor_id FROM areas_succession edge JOIN onward ON edge.predecessor_id = onward.id
)
SELECT edge.predecessor_id, edge.successor_id, edge.on, area.level,
    edge.successor_id IN (SELECT id FROM back), edge.predecessor_id IN (SELECT id FROM onward)
FROM areas_succession edge JOIN areas_area area ON area.id = edge.predecessor_id
WHERE edge.successor_id IN (SELECT id FROM back) OR edge.predecessor_id IN (SELECT id FROM onward)
    OR edge.predecessor_id IN (SELECT id FROM back)
"""


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """A unit on a day with whom it follows: ``units`` itself and its predecessors, ``after`` its successors.

    ``villages`` are the unit's own on the day, in their order; ``predecessors`` and ``successors`` the steps of units
    back and of villages onward; ``divided`` the predecessors of which other units took a part.
    """

    unit: Area
    villages: tuple[Area, ...]
    units: frozenset[int]
    after: frozenset[int]
    divided: frozenset[int]
    predecessors: dict[int, list[int]]
    successors: dict[int, list[int]]

    @cached_property
    def order(self) -> dict[int, int]:
        return {village.pk: number for number, village in enumerate(self.villages)}

    def village_today(self, village: int, present: int) -> int | None:
        """What ``village`` has become in the unit; see ``rules.transitions.carried``."""
        if village in self.order:
            return village
        return carried(village, present, self.successors, self.order)


def villages_on(unit: Area, day: datetime.date) -> tuple[Area, ...]:
    """The unit's villages in their order; for a day outside the unit's life, of its first or last one."""
    return tuple(Area.objects.villages_of(unit).valid_on(_within(unit, day)))


def _within(unit: Area, day: datetime.date) -> datetime.date:
    return max(min(day, unit.valid_to or day), unit.valid_from)


def lineage(unit: Area, day: datetime.date, villages: tuple[Area, ...] | None = None) -> Lineage:
    """Two queries, whatever the number of generations; one where the ``villages`` on the day are known already."""
    day = _within(unit, day)
    with connection.cursor() as cursor:
        cursor.execute(EDGES, {"unit": unit.pk})
        edges = cursor.fetchall()
    predecessors: dict[int, list[int]] = defaultdict(list)
    successors: dict[int, list[int]] = defaultdict(list)
    after, divided = set(), set()
    for old, new, on, level, is_back, is_onward in edges:
        if level == Level.VILLAGE:
            if on <= day:
                successors[old].append(new)
        elif is_back:
            predecessors[new].append(old)
        elif is_onward:
            after.add(new)
        else:
            divided.add(old)
    villages = villages_on(unit, day) if villages is None else villages
    return Lineage(
        unit=unit,
        villages=villages,
        units=frozenset(_back(unit.pk, predecessors)),
        after=frozenset(after),
        divided=frozenset(divided),
        predecessors=dict(predecessors),
        successors=dict(successors),
    )


def _back(unit: int, predecessors: dict[int, list[int]]) -> set[int]:
    found, waiting = {unit}, [unit]
    while waiting:
        for older in predecessors.get(waiting.pop(), ()):
            if older not in found:
                found.add(older)
                waiting.append(older)
    return found
