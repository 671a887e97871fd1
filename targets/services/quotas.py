"""Writes of assigned quotas, while the plan is open. ``by=None`` is the system."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from targets.choices import Meaning, QuotaForm
from targets.models import Quota, TargetPlan
from targets.services.gate import lock_open
from targets.services.tables import plan_open

FIELDS = ("issuer", "paper", "subject", "form", "meaning", "households", "rate", "note")
CHANGED_MEANWHILE = "Chỉ tiêu này vừa được sửa: {quota}. Xem lại rồi xóa."


@transaction.atomic
def quota_add(*, by: User | None, plan: TargetPlan, **values: Any) -> Quota:
    """Keep a number as assigned; ``values`` are FIELDS. ValidationError by field, or while the plan is closed."""
    stored = lock_open(by=by, plan=plan)
    with acting(by=by, action="quota.add"):
        return _save(Quota(plan=stored, unit=stored.unit), _known(values))


@transaction.atomic
def quota_add_in_year(*, by: User | None, unit: Area, year: int, **values: Any) -> Quota:
    """The same for a unit that may know its quota before anything else: the first one opens the plan of the year."""
    plan = TargetPlan.objects.filter(unit=unit, year=year).first() or plan_open(by=by, unit=unit, year=year)
    return quota_add(by=by, plan=plan, **values)


@transaction.atomic
def quota_update(*, by: User | None, quota: Quota, version: int, **values: Any) -> Quota:
    """Change what was written down. Raises EditConflict, or ValidationError as ``quota_add``."""
    lock_open(by=by, plan=quota.plan)
    with acting(by=by, action="quota.update"):
        row, mine = lock_and_merge(_quotas(), pk=quota.pk, version=version, changes=_known(values))
        return _save(row, mine)


@transaction.atomic
def quota_remove(*, by: User | None, quota: Quota, version: int) -> None:
    """Remove a number written down by mistake; the audit keeps it. ValidationError where it was changed meanwhile."""
    lock_open(by=by, plan=quota.plan)
    with acting(by=by, action="quota.remove"):
        row, _ = lock_and_merge(_quotas(), pk=quota.pk, version=version, changes={})
        if row.version != version:
            raise ValidationError(CHANGED_MEANWHILE.format(quota=row))
        row.delete()


def _quotas() -> Any:
    return Quota.objects.select_related("unit", "plan", "paper")


def _known(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a quota: {sorted(unknown)}")
    return {name: clean(value) if name == "note" else value for name, value in values.items()}


def _save(quota: Quota, changes: dict[str, Any]) -> Quota:
    """A rate or points are always of the net reduction, whatever else is said. ValidationError by field."""
    after = {name: changes.get(name, getattr(quota, name, None)) for name in FIELDS}
    if after["form"] in (QuotaForm.END_RATE, QuotaForm.POINTS):
        changes = changes | {"meaning": Meaning.NET}
    errors = {}
    paper = after["paper"]
    if paper is not None and paper.unit_id not in (None, quota.unit_id):
        errors["paper"] = "Văn bản này của đơn vị khác."
    if after["form"] == QuotaForm.HOUSEHOLDS:
        if after["households"] is None:
            errors["households"] = "Giao số hộ thì ghi số hộ."
        if after["rate"] is not None:
            errors["rate"] = "Giao số hộ thì bỏ trống tỷ lệ, số điểm."
    elif after["form"]:
        if after["rate"] is None:
            errors["rate"] = "Giao tỷ lệ hoặc số điểm thì ghi tỷ lệ, số điểm."
        if after["households"] is not None:
            errors["households"] = "Giao tỷ lệ hoặc số điểm thì bỏ trống số hộ."
    if errors:
        raise ValidationError(errors)
    return save_changes(quota, changes)
