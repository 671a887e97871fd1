"""What the level above assigns to a unit in its own table: a hint, and the ground of a quota."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from targets.choices import QuotaIssuer
from targets.models import TargetRow, VersionRow

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
