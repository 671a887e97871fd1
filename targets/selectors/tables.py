"""What pages and documents read: the target table of a unit and year, as frozen figures."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.papers.models import Paper
from targets.choices import LayoutName, PlanState, StartSource
from targets.models import Counts, PlanVersion, TargetPlan, TargetRow
from targets.rules.figures import COUNTS, FOR_THE_UNIT, Figures, table_total
from targets.selectors.places import place_word, places_of
from targets.selectors.start import START_FIELDS, recognised_start

__all__ = [
    "StartDifference",
    "TargetTable",
    "VillageRow",
    "recognised_start",
    "start_differences",
    "stored_table",
    "target_table",
    "version_table",
]


@dataclass(frozen=True, kw_only=True)
class VillageRow:
    """One line of the table: of a village, one level up of a unit with its ``code``.

    ``pk`` and ``version`` are those of the stored row.
    """

    pk: int
    version: int
    place_id: int
    name: str
    kind: str
    figures: Figures
    remark: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class TargetTable:
    """The whole table with its total, in which counts of ``FOR_THE_UNIT`` may be those typed for the unit whole.

    ``unlisted`` names places of the unit in that year that the table does not have. ``version_number`` is that of the
    submitted version it shows, of the live table while nothing changed since its approval; None otherwise.
    """

    unit: Area
    year: int
    source_paper: Paper | None
    source_note: str
    cut_off: datetime.date | None
    rows: tuple[VillageRow, ...]
    total: Figures
    unlisted: tuple[str, ...] = ()
    plan: TargetPlan | None = None
    version_number: int | None = None

    @property
    def poor_persons(self) -> int | None:
        return self.total.poor_persons

    @property
    def near_poor_persons(self) -> int | None:
        return self.total.near_poor_persons

    @property
    def state(self) -> PlanState:
        return PlanState(self.plan.state) if self.plan else PlanState.DRAFT

    @property
    def layout(self) -> LayoutName:
        return LayoutName(self.plan.layout) if self.plan else LayoutName.STANDARD

    @property
    def start_source(self) -> StartSource:
        return StartSource(self.plan.start_source) if self.plan else StartSource.TYPED

    @property
    def is_open(self) -> bool:
        """Figures may be typed."""
        return self.plan is None or self.plan.is_open

    @property
    def is_of_units(self) -> bool:
        """The table one level up: its rows are units."""
        return self.unit.level != Level.COMMUNE

    @property
    def village_word(self) -> str:
        """What its rows are called («thôn», «làng», «ấp»; «xã, phường»); «thôn» where villages differ."""
        return place_word(self.unit, (row.kind for row in self.rows))


def target_table(*, unit: Area, year: int) -> TargetTable | None:
    """The stored table, places in the unit's order; None while the unit has no plan for the year."""
    table = stored_table(unit=unit, year=year)
    if table is None:
        return None
    missing = places_of(unit, year).exclude(pk__in=[row.place_id for row in table.rows])
    return replace(table, unlisted=tuple(str(place) for place in missing))


def stored_table(*, unit: Area, year: int) -> TargetTable | None:
    """The same without a look for places that it lacks. One query, two while it has no rows."""
    targets = list(TargetRow.objects.filter(unit=unit, plan__year=year).for_table())
    plan = targets[0].plan if targets else TargetPlan.objects.for_page().filter(unit=unit, year=year).first()
    if plan is None:
        return None
    in_force = plan.in_force if plan.state == PlanState.APPROVED else None
    return _table(
        unit,
        plan,
        targets,
        typed=plan,
        version_number=in_force.number if in_force else None,
    )


def version_table(version: PlanVersion) -> TargetTable:
    """The same as it was submitted; the source is that of the plan now. Two queries where the plan is at hand."""
    rows = version.rows.select_related("place").order_by("place__position", "place__sort_key", "pk")
    return _table(
        version.plan.unit,
        version.plan,
        rows,
        typed=version,
        version_number=version.number,
    )


def _table(
    unit: Area,
    plan: TargetPlan,
    stored: Iterable[Any],
    *,
    typed: TargetPlan | PlanVersion,
    version_number: int | None = None,
) -> TargetTable:
    rows = tuple(_row(row) for row in stored)
    return TargetTable(
        unit=unit,
        year=plan.year,
        plan=plan,
        source_paper=plan.source_paper,
        source_note=plan.source_note,
        cut_off=plan.cut_off,
        rows=rows,
        total=table_total((row.figures for row in rows), typed_of(typed)),
        version_number=version_number,
    )


def typed_of(plan: TargetPlan | PlanVersion) -> dict[str, int | None]:
    """Counts of ``FOR_THE_UNIT`` as written for the unit whole."""
    return {name: getattr(plan, name) for name in FOR_THE_UNIT}


def _row(row: Any) -> VillageRow:
    return VillageRow(
        pk=row.pk,
        version=row.version if isinstance(row, TargetRow) else 0,
        place_id=row.place_id,
        name=row.place.name,
        kind=row.place.kind,
        figures=figures_of(row),
        remark=row.remark,
        code=row.place.code,
    )


def figures_of(row: Counts) -> Figures:
    """The counts of a stored row, of the plan or of a version."""
    return Figures(**{name: getattr(row, name) for name in COUNTS})


@dataclass(frozen=True, kw_only=True)
class StartDifference:
    """A start count that is not what the round recognised: ``stored`` in the table, ``recognised`` there."""

    row_pk: int
    place: str
    field: str
    label: str
    stored: int | None
    recognised: int


def start_differences(table: TargetTable, recognised: Mapping[int, Mapping[str, int]] | None) -> list[StartDifference]:
    """Every start count that differs from what is recognised now, row by row; none while nothing is."""
    known = recognised or {}
    return [
        StartDifference(
            row_pk=row.pk,
            place=f"{row.kind} {row.name}",
            field=name,
            label=str(Counts._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            stored=getattr(row.figures, name),
            recognised=known[row.place_id][name],
        )
        for row in table.rows
        for name in START_FIELDS
        if name in known.get(row.place_id, {}) and getattr(row.figures, name) != known[row.place_id][name]
    ]
