"""What pages and documents read: the target table of a unit and year, as frozen figures."""

import datetime
from dataclasses import dataclass

from povertyplan.areas.models import Area
from povertyplan.papers.models import Paper
from targets.models import TargetPlan, VillageTarget
from targets.rules import COUNTS, Figures, total


@dataclass(frozen=True, kw_only=True)
class VillageRow:
    """One line of the table; ``pk`` and ``version`` are those of the stored row."""

    pk: int
    version: int
    village_id: int
    name: str
    kind: str
    remark: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class TargetTable:
    """The whole table with its totals. ``poor_persons`` is of the unit: summed over villages, or typed for it whole."""

    unit: Area
    year: int
    plan_id: int
    plan_version: int
    source_paper: Paper | None
    source_note: str
    cut_off: datetime.date | None
    poor_persons: int | None
    near_poor_persons: int | None
    rows: tuple[VillageRow, ...]
    total: Figures

    @property
    def village_word(self) -> str:
        """The local word for the village («thôn», «làng», «ấp»); «thôn» where villages differ."""
        kinds = {row.kind for row in self.rows}
        return kinds.pop() if len(kinds) == 1 else "thôn"


def target_table(*, unit: Area, year: int) -> TargetTable | None:
    """The stored table, villages in the unit's order; None while the unit has no plan for the year."""
    plan = TargetPlan.objects.for_page().filter(unit=unit, year=year).first()
    if plan is None:
        return None
    rows = tuple(_row(target) for target in VillageTarget.objects.filter(plan=plan).in_plan_order())
    sums = total(row.figures for row in rows)
    return TargetTable(
        unit=unit,
        year=year,
        plan_id=plan.pk,
        plan_version=plan.version,
        source_paper=plan.source_paper,
        source_note=plan.source_note,
        cut_off=plan.cut_off,
        poor_persons=sums.poor_persons if sums.poor_persons is not None else plan.poor_persons,
        near_poor_persons=sums.near_poor_persons if sums.near_poor_persons is not None else plan.near_poor_persons,
        rows=rows,
        total=sums,
    )


def _row(target: VillageTarget) -> VillageRow:
    return VillageRow(
        pk=target.pk,
        version=target.version,
        village_id=target.village_id,
        name=target.village.name,
        kind=target.village.kind,
        remark=target.remark,
        figures=Figures(**{name: getattr(target, name) for name in COUNTS}),
    )
