"""Between a table of units and those of the units: what it assigns to them, what they start from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery, Sum

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from targets.choices import QuotaIssuer
from targets.models import TargetRow, VersionRow
from targets.rules.figures import START_COUNTS, Figures

ISSUERS = {Level.PROVINCE: QuotaIssuer.PROVINCE, Level.DISTRICT: QuotaIssuer.DISTRICT}

NAMED = ("level", "kind", "name")


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """Net reductions of a unit in the table ``of``; ``is_approved``: as last approved there, else a draft that assigns
    nothing yet."""

    of: Area
    issuer: QuotaIssuer
    is_approved: bool
    poor_reduction: int | None
    near_poor_reduction: int | None

    def lacking(self, planned: Figures) -> dict[str, int]:
        """By category how many households ``planned`` reduces too few; nothing of a draft, which assigns nothing."""
        asked = {
            "hộ nghèo": (self.poor_reduction, planned.poor_reduction),
            "hộ cận nghèo": (self.near_poor_reduction, planned.near_poor_reduction),
        }
        gaps = {word: (most or 0) - (ours or 0) for word, (most, ours) in asked.items() if self.is_approved}
        return {word: gap for word, gap in gaps.items() if gap > 0}


def assigned_from_above(*, unit: Area, year: int) -> Assigned | None:
    """One query; None while no table above has a figure for the unit."""
    if unit.level == Level.PROVINCE:
        return None
    approved = VersionRow.objects.filter(version=OuterRef("plan__in_force"), place=OuterRef("place"))
    row = (
        TargetRow.objects.filter(place=unit, plan__year=year)
        .select_related("plan__unit")
        .only("poor_reduction", "near_poor_reduction", "plan__in_force", *(f"plan__unit__{name}" for name in NAMED))
        .annotate(
            approved_poor=Subquery(approved.values("poor_reduction")),
            approved_near_poor=Subquery(approved.values("near_poor_reduction")),
        )
        .first()
    )
    if row is None:
        return None
    is_approved = row.plan.in_force_id is not None
    poor, near_poor = (
        (row.approved_poor, row.approved_near_poor) if is_approved else (row.poor_reduction, row.near_poor_reduction)
    )
    if poor is None and near_poor is None:
        return None
    return Assigned(
        of=row.plan.unit,
        issuer=ISSUERS[Level(row.plan.unit.level)],
        is_approved=is_approved,
        poor_reduction=poor,
        near_poor_reduction=near_poor,
    )


def approved_starts(units: Iterable[int], year: int) -> dict[int, dict[str, int | None]]:
    """By unit the sums of the start in its own version in force; units without one are left out. One query."""
    rows = VersionRow.objects.filter(unit__in=list(units), version__plan__year=year)
    rows = rows.filter(version__plan__in_force=F("version"))
    added = {f"sum_{name}": Sum(name) for name in START_COUNTS}
    sums = rows.order_by().values_list("unit").annotate(**added)
    return {unit: dict(zip(START_COUNTS, counts, strict=True)) for unit, *counts in sums}
