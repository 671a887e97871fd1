"""What the demonstration's plans were assigned, what the year before brought, and how far their tables have come."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from households.selectors.exits import registered_counts
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from reports.models import AnnualPlan
from reports.services import number_give
from targets.choices import QuotaForm
from targets.models import Movement, PlanVersion, Quota, TargetPlan
from targets.services.movements import Key, movements_set
from targets.services.quotas import quota_add
from targets.services.review import plan_approve, plan_submit
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
    if "way" in stated:
        _go(plan, stated["way"])


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


def _go(plan: TargetPlan, way: dict[str, Any]) -> None:
    """Submitted and, where the file says so, approved and its plan numbered: by which account, on which day."""
    who, day = way["submitted"]
    version = plan_submit(by=_user(who), plan=plan, version=_version(plan))
    days = {"submitted_at": _noon(day)}
    if "approved" in way:
        who, day = way["approved"]
        plan_approve(by=_user(who), plan=plan, version=_version(plan))
        days["decided_at"] = _noon(day)
    PlanVersion.objects.filter(pk=version.pk).update(**days)
    if "numbered" in way:
        who, day, number = way["numbered"]
        paper = AnnualPlan.objects.get(unit=plan.unit, year=plan.year)
        issued_on = datetime.date.fromisoformat(day)
        number_give(by=_user(who), plan=paper, version=paper.version, number=number, issued_on=issued_on)


def _user(username: str) -> User:
    return User.objects.get(username=username)


def _version(plan: TargetPlan) -> int:
    plan.refresh_from_db(fields=["version"])
    return plan.version


def _noon(day: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T12:00"))
