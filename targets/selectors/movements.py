"""What became of listed households in the year before a plan: as recognised, or as typed with its source."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from households.choices import Transition
from households.selectors.summaries import transition_counts
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity
from targets.choices import StartSource
from targets.models import Movement, TargetPlan
from targets.rules.figures import Figures
from targets.rules.movements import Ends, falls, gaps, gross_escapes, new_cases
from targets.selectors.tables import TargetTable, VillageRow, target_table

OF_THE_UNIT = None
"""The key of movements known for the unit as a whole only."""


class Moves(NamedTuple):
    households: int | None
    persons: int | None


Known = dict[int | None, dict[Transition, Moves]]


@dataclass(frozen=True, kw_only=True)
class MovementLine:
    """One transition of a place, or of the unit; ``version`` is 0 where nothing is stored."""

    transition: Transition
    households: int | None
    persons: int | None
    version: int = 0

    @property
    def label(self) -> str:
        return str(self.transition.label)


@dataclass(frozen=True, kw_only=True)
class MovementTable:
    """``unit_lines`` are of the unit: sums over places where these are known, else as typed for it whole.

    ``is_by_place``: the sums; then the unit's own row is not used.
    """

    places: tuple[tuple[VillageRow, tuple[MovementLine, ...]], ...]
    unit_lines: tuple[MovementLine, ...]
    typed_unit_lines: tuple[MovementLine, ...]
    is_by_place: bool

    @property
    def moves(self) -> dict[str, int | None]:
        """Households by transition, for the unit."""
        return {line.transition: line.households for line in self.unit_lines}

    @property
    def is_known(self) -> bool:
        return any(line.households is not None for line in self.unit_lines)

    @property
    def gross_escapes(self) -> int | None:
        return gross_escapes(self.moves)

    @property
    def falls(self) -> int | None:
        return falls(self.moves)

    @property
    def new_cases(self) -> int | None:
        return new_cases(self.moves)


def movement_table(table: TargetTable) -> MovementTable:
    """Movements of the plan behind the table; one query."""
    stored: dict[int | None, dict[str, Movement]] = defaultdict(dict)
    if table.plan is not None:
        for row in Movement.objects.filter(plan=table.plan):
            stored[row.place_id][row.transition] = row
    places = tuple((row, _lines(stored.get(row.place_id, {}))) for row in table.rows)
    typed = _lines(stored.get(OF_THE_UNIT, {}))
    is_by_place = any(place is not OF_THE_UNIT for place in stored)
    sums = _sums(lines for _, lines in places) if is_by_place else typed
    return MovementTable(places=places, unit_lines=sums, typed_unit_lines=typed, is_by_place=is_by_place)


def _lines(stored: Mapping[str, Movement]) -> tuple[MovementLine, ...]:
    return tuple(
        MovementLine(
            transition=transition,
            households=stored[transition].households if transition in stored else None,
            persons=stored[transition].persons if transition in stored else None,
            version=stored[transition].version if transition in stored else 0,
        )
        for transition in Transition
    )


def _sums(places: Iterable[tuple[MovementLine, ...]]) -> tuple[MovementLine, ...]:
    return tuple(
        MovementLine(
            transition=column[0].transition,
            households=_sum(line.households for line in column),
            persons=_sum(line.persons for line in column),
        )
        for column in zip(*places, strict=True)
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def recognised_movements(*, unit: Area, year: int) -> Known | None:
    """By place what the round of the year before recognised; None where it knows no transitions, or one level up."""
    if unit.level != Level.COMMUNE:
        return None
    counts = transition_counts(unit=unit, year=year - 1)
    if counts is None:
        return None
    return {
        village: {name: Moves(moved.households, moved.persons) for name, moved in found.items()}
        for village, found in counts.items()
    }


def is_from_the_round(plan: TargetPlan) -> bool:
    """Whether the round behind the plan knows the movements: then they are copied and not typed."""
    return (
        plan.start_source == StartSource.RECOGNISED and recognised_movements(unit=plan.unit, year=plan.year) is not None
    )


def movement_findings(table: TargetTable, movements: MovementTable) -> list[Finding]:
    """Where start of last year, movements and start of this year do not add up; nothing while one is unknown.

    Last year's start is that of the target plan of the year before. Place by place where movements are known so.
    """
    if not movements.is_known or (before := target_table(unit=table.unit, year=table.year - 1)) is None:
        return []
    if not movements.is_by_place:
        return _gaps_of(str(table.unit), movements.unit_lines, before.total, table.total)
    earlier = {row.place_id: row.figures for row in before.rows}
    return [
        finding
        for row, lines in movements.places
        if row.place_id in earlier
        for finding in _gaps_of(f"{row.kind} {row.name}", lines, earlier[row.place_id], row.figures)
    ]


def _gaps_of(place: str, lines: tuple[MovementLine, ...], start: Figures, end: Figures) -> list[Finding]:
    counts = (start.poor_households, end.poor_households, start.near_poor_households, end.near_poor_households)
    if None in counts:
        return []
    names = ("poor_start", "poor_end", "near_poor_start", "near_poor_end")
    ends = Ends(**dict(zip(names, counts, strict=True)))  # type: ignore[arg-type]
    return [
        Finding(
            severity=Severity.WARNING,
            code="movements-do-not-add-up",
            place=place,
            anchor="#movements",
            remedy="Xem diễn biến",
            message=gap.sentence,
        )
        for gap in gaps({line.transition: line.households for line in lines}, ends)
    ]
