"""What pages and documents read: the target table of a unit and year, as frozen figures."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from households.selectors.counts import denominators
from households.selectors.summaries import start_figures
from povertyplan.areas.models import Area
from povertyplan.core.history import Change, changes
from povertyplan.papers.models import Paper
from targets.models import TargetPlan, TargetRow
from targets.rules.figures import COUNTS, Figures, total


@dataclass(frozen=True, kw_only=True)
class VillageRow:
    """One line of the table; ``pk`` and ``version`` are those of the stored row."""

    pk: int
    version: int
    place_id: int
    name: str
    kind: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class TargetTable:
    """The whole table with its totals. ``poor_persons`` is of the unit: summed over villages, or typed for it whole.

    ``unlisted`` names villages of the unit in that year that the table does not have.
    """

    unit: Area
    year: int
    source_paper: Paper | None
    source_note: str
    cut_off: datetime.date | None
    poor_persons: int | None
    near_poor_persons: int | None
    rows: tuple[VillageRow, ...]
    total: Figures
    unlisted: tuple[str, ...] = ()

    @property
    def village_word(self) -> str:
        """The local word for the village («thôn», «làng», «ấp»); «thôn» where villages differ."""
        kinds = {row.kind for row in self.rows}
        return kinds.pop() if len(kinds) == 1 else "thôn"


def target_table(*, unit: Area, year: int) -> TargetTable | None:
    """The stored table, villages in the unit's order; None while the unit has no plan for the year."""
    targets = list(TargetRow.objects.filter(unit=unit, plan__year=year).for_table())
    plan = targets[0].plan if targets else TargetPlan.objects.for_page().filter(unit=unit, year=year).first()
    if plan is None:
        return None
    rows = tuple(_row(target) for target in targets)
    sums = total(row.figures for row in rows)
    return TargetTable(
        unit=unit,
        year=year,
        source_paper=plan.source_paper,
        source_note=plan.source_note,
        cut_off=plan.cut_off,
        poor_persons=_persons(rows, "poor_persons", plan.poor_persons),
        near_poor_persons=_persons(rows, "near_poor_persons", plan.near_poor_persons),
        rows=rows,
        total=sums,
        unlisted=_unlisted(unit, year, {row.place_id for row in rows}),
    )


def _persons(rows: tuple[VillageRow, ...], name: str, typed: int | None) -> int | None:
    """Persons of the unit: the sum where every village has its figure, else what is typed for the unit as a whole."""
    known = [getattr(row.figures, name) for row in rows]
    return sum(known) if known and None not in known else typed


def _unlisted(unit: Area, year: int, listed: set[int]) -> tuple[str, ...]:
    villages = Area.objects.villages_of(unit).valid_in_year(year).exclude(pk__in=listed)
    return tuple(str(village) for village in villages)


def _row(target: TargetRow) -> VillageRow:
    return VillageRow(
        pk=target.pk,
        version=target.version,
        place_id=target.place_id,
        name=target.place.name,
        kind=target.place.kind,
        figures=Figures(**{name: getattr(target, name) for name in COUNTS}),
    )


# Start figures that the review of the year before knows: of the list, and of the village as a whole.
OF_THE_LIST = ("poor_households", "near_poor_households", "poor_persons", "near_poor_persons")
OF_THE_VILLAGE = ("households", "population")


def recognised_start(*, unit: Area, year: int) -> dict[int, dict[str, int]] | None:
    """What the review of the year before recognised, by village: the figures with which ``year`` starts.

    Households and population come from the counts at hand at the end of that year. None while nothing is recognised.
    """
    recognised = start_figures(unit=unit, year=year - 1)
    if recognised is None:
        return None
    counts = denominators(unit=unit, day=datetime.date(year - 1, 12, 31))
    figures = {village: {name: getattr(row, name) for name in OF_THE_LIST} for village, row in recognised.items()}
    for village, count in counts.items():
        known = {name: getattr(count, name) for name in OF_THE_VILLAGE if getattr(count, name) is not None}
        figures.setdefault(village, {}).update(known)
    return figures


def start_differences(table: TargetTable, recognised: Mapping[int, Mapping[str, int]] | None) -> list[str]:
    """Names of villages whose listed households differ from what was recognised; none while nothing is."""
    if recognised is None:
        return []
    return [
        row.name
        for row in table.rows
        if any(
            name in recognised.get(row.place_id, {}) and getattr(row.figures, name) != recognised[row.place_id][name]
            for name in ("poor_households", "near_poor_households")
        )
    ]


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    place: str
    change: Change


def table_history(*, unit: Area, year: int) -> list[HistoryLine]:
    """Every change of a count in the table, newest first, by whom."""
    rows = TargetRow.objects.filter(unit=unit, plan__year=year).select_related("place")
    places = {row.pk: str(row.place) for row in rows}
    found = changes(TargetRow, row_ids=places, fields=COUNTS)
    return [HistoryLine(place=places[change.row_id], change=change) for change in found]
