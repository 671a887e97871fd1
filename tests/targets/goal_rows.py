"""A goal with a report and an indicator of the law: for pages that only have to open, and for tests of goals."""

import datetime
from typing import Any

from households.models import Standard
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan
from tests.households.answers import indicators


def goal(plan: TargetPlan, **fields: Any) -> IndicatorTarget:
    """«At least 95 % of listed households with a latrine», unless told otherwise; written straight into the table."""
    values = {"text": "Nhà tiêu hợp vệ sinh", "comparison": "at_least", "value": 95} | fields
    return IndicatorTarget.objects.create(plan=plan, unit=plan.unit, **values)


def goal_rows(plan: TargetPlan) -> dict[str, dict[str, Any]]:
    """What fills the addresses of the pages of goals and deprivations."""
    row = goal(plan)
    actual = IndicatorActual.objects.create(
        goal=row, unit=plan.unit, on=datetime.date(plan.year, 1, 31), part=1, whole=2, source="Trạm Y tế"
    )
    for standard in Standard.objects.all():
        found = indicators("water", standard=standard)
    return {"goal": {"pk": row.pk}, "goal-actual": {"pk": actual.pk}, "indicator": {"indicator_pk": found["water"].pk}}
