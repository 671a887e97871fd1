"""A sample unit's goals beside the quota and who sees to each deprivation, as its plan states them."""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from households.models import Dimension, Indicator
from households.selectors.law import standards_on
from povertyplan.areas.models import Area
from povertyplan.offices.models import Department, OutsideBody
from targets.choices import OPEN_STATES, Comparison, GoalScope, GoalUnit
from targets.models import TargetPlan
from targets.services.deprivations import owner_set
from targets.services.goals import goal_add
from targets.services.tables import plan_open

Facts = dict[str, Any]


def has_goals(unit: Area) -> bool:
    """The unit has goals or owners already, or its plan is closed so that none can be added."""
    there = Q(goals__isnull=False) | Q(deprivations__isnull=False) | ~Q(state__in=OPEN_STATES)
    return TargetPlan.objects.filter(there, unit=unit).exists()


def load_goals(unit: Area, facts: Facts) -> None:
    """The plan of the year, opened where there is none; its goals in their order; a lead for each indicator named."""
    stated = facts["goals"]
    plan = plan_open(by=None, unit=unit, year=stated["year"])
    dimensions = _dimensions(unit, stated["year"])
    for row in stated.get("rows", ()):
        goal_add(by=None, plan=plan, **_parts(unit, row), dimension=dimensions[row["of"]] if "of" in row else None)
    for code, lead, *way in stated.get("deprivations", ()):
        indicator = Indicator.objects.get(code=code)
        owner_set(by=None, plan=plan, indicator=indicator, to_resolve=None, way=" ".join(way), **_lead(unit, lead))


def _dimensions(unit: Area, year: int) -> dict[str, Dimension]:
    """Of the standard in force when the year begins, by name."""
    standards = standards_on(datetime.date(year, 1, 1), unit)
    return {row.name: row for row in Dimension.objects.filter(standard__in=[row.pk for row in standards])}


def _parts(unit: Area, row: Facts) -> dict[str, Any]:
    """``row`` leaves out what is usual: at least so many percent of poor and near-poor households."""
    return {
        "text": row.get("text", ""),
        "measure": row.get("measure", ""),
        "scope": row.get("scope", GoalScope.LISTED),
        "unit_of_value": row.get("unit", GoalUnit.PERCENT),
        "comparison": row.get("comparison", Comparison.AT_LEAST),
        "value": Decimal(str(row["value"])),
        **_lead(unit, row.get("lead", "")),
    }


def _lead(unit: Area, name: str) -> dict[str, Any]:
    """The department of that name, else the body outside the committee; nobody where the plan names none."""
    if not name:
        return {"lead_department": None, "lead_body": None}
    department = Department.objects.filter(unit=unit, name=name).first()
    body = None if department else OutsideBody.objects.get(unit=unit, name=name)
    return {"lead_department": department, "lead_body": body}
