"""Reads of plans."""

from povertyplan.areas.models import Area
from reports.models import AnnualPlan


def issued_plan(*, unit: Area, year: int) -> AnnualPlan | None:
    """The unit's plan of the year when it has its number and day of issue."""
    return AnnualPlan.objects.filter(unit=unit, year=year, number__isnull=False).first()
