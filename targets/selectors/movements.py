"""What became of listed households in the year before a plan: as recognised, or as typed with its source."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from households.choices import Transition
from households.selectors.summaries import transition_counts
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity
from targets.choices import StartSource
from targets.models import Movement, TargetPlan
from targets.rules.figures import Figures
from targets.rules.movements import Ends, end_gaps, falls, gaps, gross_escapes, near_poor_fallen, new_cases
from targets.selectors.tables import TargetTable, VillageRow, stored_table

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
    """``unit_lines`` are of the unit: sums over places once all of them are known, else as typed for it whole.

    ``is_by_place``: the sums; ``typed_unit_lines`` is then only compared with them. ``known_places``: how many have a
    figure.
    """

    places: tuple[tuple[VillageRow, tuple[MovementLine, ...]], ...]
    unit_lines: tuple[MovementLine, ...]
    typed_unit_lines: tuple[MovementLine, ...]
    is_by_place: bool
    known_places: int = 0

    @property
    def is_typed_for_the_unit(self) -> bool:
        return any(line.version for line in self.typed_unit_lines)

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

    @property
    def near_poor_fallen(self) -> int | None:
        return near_poor_fallen(self.moves)


def movement_table(table: TargetTable) -> MovementTable:
    """Movements of the plan behind the table; one query."""
    stored: dict[int | None, dict[str, Movement]] = defaultdict(dict)
    if table.plan is not None:
        for row in Movement.objects.filter(plan=table.plan):
            stored[row.place_id][row.transition] = row
    places = tuple((row, _lines(stored.get(row.place_id, {}))) for row in table.rows)
    typed = _lines(stored.get(OF_THE_UNIT, {}))
    known = sum(row.place_id in stored for row in table.rows)
    is_copied = table.plan is not None and table.plan.start_source == StartSource.RECOGNISED
    is_by_place = bool(known) and (is_copied or known == len(places))
    return MovementTable(
        places=places,
        unit_lines=_sums(lines for _, lines in places) if is_by_place else typed,
        typed_unit_lines=typed,
        is_by_place=is_by_place,
        known_places=known,
    )


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
    """Where last year's movements contradict themselves, this year's start, or the start of the year before.

    Last year's start is that of the target plan of the year before. Place by place where movements are known so; each
    leads to the form of its place, as an address on the page of movements.
    One query, two where that plan has no rows; none while no movement is known.
    """
    places = [(f"{row.kind} {row.name}", row, lines) for row, lines in movements.places if _is_known(lines)]
    if not places and not movements.is_known:
        return []
    before = stored_table(unit=table.unit, year=table.year - 1)
    earlier = {row.place_id: row.figures for row in before.rows} if before else {}
    found = (
        []
        if movements.is_by_place
        else _findings_of(str(table.unit), movements.unit_lines, before.total if before else None, table.total)
    )
    for name, row, lines in places:
        findings = _findings_of(name, lines, earlier.get(row.place_id), row.figures)
        found += [replace(finding, anchor=f"?place={row.place_id}") for finding in findings]
    if movements.is_by_place:
        found += _differing(str(table.unit), movements)
    return found


def _is_known(lines: Iterable[MovementLine]) -> bool:
    return any(line.households is not None or line.persons is not None for line in lines)


def _findings_of(place: str, lines: tuple[MovementLine, ...], start: Figures | None, end: Figures) -> list[Finding]:
    """Of one place: fewer persons than households, and lists that do not follow from the movements."""
    few = [
        f"{line.label}: {line.persons} khẩu ít hơn {line.households} hộ; mỗi hộ có ít nhất một khẩu."
        for line in lines
        if line.households is not None and line.persons is not None and line.persons < line.households
    ]
    moves: dict[str, int | None] = {line.transition: line.households for line in lines}
    return [_finding(place, "movements-persons", sentence) for sentence in few] + [
        _finding(place, "movements-do-not-add-up", sentence) for sentence in _gap_sentences(moves, start, end)
    ]


def _gap_sentences(moves: dict[str, int | None], start: Figures | None, end: Figures) -> list[str]:
    """By both ends of the year where the earlier one is known, else by the later one alone."""
    if end.poor_households is None or end.near_poor_households is None:
        return []
    at_end = end_gaps(moves, poor_end=end.poor_households, near_poor_end=end.near_poor_households)
    if at_end or start is None or start.poor_households is None or start.near_poor_households is None:
        return [gap.sentence for gap in at_end]
    ends = Ends(
        poor_start=start.poor_households,
        poor_end=end.poor_households,
        near_poor_start=start.near_poor_households,
        near_poor_end=end.near_poor_households,
    )
    return [gap.sentence for gap in gaps(moves, ends)]


def _differing(unit: str, movements: MovementTable) -> list[Finding]:
    """Figures typed for the unit that the sums over its places contradict."""
    return [
        _finding(unit, "movements-sum", f"{typed.label}: ghi {theirs} {word}, tổng từng nơi là {ours} {word}.")
        for typed, summed in zip(movements.typed_unit_lines, movements.unit_lines, strict=True)
        for word, theirs, ours in (
            ("hộ", typed.households, summed.households),
            ("khẩu", typed.persons, summed.persons),
        )
        if theirs is not None and ours is not None and theirs != ours
    ]


def _finding(place: str, code: str, message: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code=code,
        place=place,
        anchor="#movements",
        remedy="Xem diễn biến",
        message=message,
    )
