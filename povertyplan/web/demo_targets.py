"""What the demonstration's plans were assigned and what the year before brought, as their papers say."""

from decimal import Decimal
from typing import Any

from households.selectors.exits import registered_counts
from povertyplan.areas.models import Area
from targets.choices import QuotaForm
from targets.models import Movement, Quota, TargetPlan
from targets.services.movements import Key, movements_set
from targets.services.quotas import quota_add
from targets.services.start import start_take
from targets.services.tables import plan_describe, plan_open, rows_set

SIMULATED = "Số giảm theo số hộ đăng ký thoát nghèo, số liệu mô phỏng."


def has_assigned(unit: Area) -> bool:
    of_unit = (model.objects.filter(unit=unit) for model in (Quota, Movement))
    return any(rows.exists() for rows in of_unit)


def load_assigned(unit: Area, facts: dict[str, Any]) -> None:
    stated = facts["assigned"]
    plan = plan_open(by=None, unit=unit, year=stated["year"])
    if "layout" in stated:
        plan = plan_describe(by=None, plan=plan, version=plan.version, layout=stated["layout"])
    for issuer, subject, form, number in stated.get("quotas", ()):
        is_count = form == QuotaForm.HOUSEHOLDS
        value = {"households": int(number)} if is_count else {"rate": Decimal(number)}
        quota_add(by=None, plan=plan, issuer=issuer, subject=subject, form=form, **value)
    moved = stated.get("movements", {})
    if moved:
        rows: dict[Key, dict[str, int | None]] = {
            (None, name): {"households": homes, "persons": heads} for name, (homes, heads) in moved.items()
        }
        movements_set(by=None, plan=plan, rows=rows)
    if stated.get("start_of_review"):
        _follow_the_review(plan)


def _follow_the_review(plan: TargetPlan) -> None:
    """Start figures of the recognised round; every village takes on as many as have registered to escape."""
    start_take(by=None, plan=plan)
    registered = registered_counts(unit=plan.unit, year=plan.year)
    rows = {
        place: {
            "poor_reduction": registered[place].poor if place in registered else 0,
            "near_poor_reduction": registered[place].near_poor if place in registered else 0,
            "remark": SIMULATED,
        }
        for place in plan.rows.values_list("place_id", flat=True)
    }
    rows_set(by=None, plan=plan, rows=rows)
