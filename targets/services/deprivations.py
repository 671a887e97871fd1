"""Who sees to a deprivation, how many households are to be freed of it this year, and which. Editable all year.

``by=None`` is the system.
"""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from households.models import Indicator
from households.selectors.deprived import DeprivedHouseholds, deprived_households
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.core.audit import acting
from povertyplan.core.numbers import format_count
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from targets.models import DeprivationHousehold, DeprivationOwner, TargetPlan
from targets.permissions import can_plan
from targets.rules.goal_checks import households_of
from targets.selectors.goals import table_of
from targets.services.goals import wrong_lead

FIELDS = ("lead_department", "lead_body", "to_resolve", "way")


@transaction.atomic
def owner_set(
    *, by: User | None, plan: TargetPlan, indicator: Indicator, version: int | None = None, **values: Any
) -> DeprivationOwner:
    """Write who leads, how many and how; ``values`` are FIELDS, ``version`` None where nothing was written before.

    Raises ValidationError by field (more to resolve than are deprived, another unit's office), EditConflict.
    """
    demand(can_plan, by, plan.unit)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    changes = {name: clean(value) if name == "way" else value for name, value in values.items()}
    with acting(by=by, action="deprivation_owner.set"):
        stored = _locked(plan).filter(indicator=indicator).first()
        if stored is None:
            row, mine = DeprivationOwner(plan=plan, unit=plan.unit, indicator=indicator), changes
        else:
            row, mine = lock_and_merge(_owners(), pk=stored.pk, version=version or 0, changes=changes)
        after: dict[str, Any] = {name: mine.get(name, getattr(row, name, None)) for name in FIELDS}
        errors = wrong_lead(plan.unit_id, after) | _wrong_number(plan, indicator, after["to_resolve"])
        if errors:
            raise ValidationError(errors)
        return save_changes(row, mine)


@transaction.atomic
def households_name(
    *, by: User | None, plan: TargetPlan, indicator: Indicator, add: Collection[int] = (), drop: Collection[int] = ()
) -> DeprivationOwner:
    """Add and take out households to be freed of the deprivation; others that were named meanwhile stay.

    Only listed households of the unit that are deprived in it can be added: ValidationError.
    """
    demand(can_plan, by, plan.unit)
    deprived = {row.household_id for row in _deprived(plan, indicator).households}
    if strangers := set(add) - deprived:
        count = format_count(len(strangers))
        raise ValidationError(f"{count} hộ đã chọn không thiếu hụt chỉ số này theo danh sách; tải lại trang rồi chọn.")
    with acting(by=by, action="deprivation_households.name"):
        owner = _locked(plan).filter(indicator=indicator).first() or save_changes(
            DeprivationOwner(plan=plan, unit=plan.unit, indicator=indicator), {"way": ""}
        )
        named = set(owner.households.values_list("household_id", flat=True))
        DeprivationHousehold.objects.filter(owner=owner, household__in=set(drop) & named).delete()
        DeprivationHousehold.objects.bulk_create(
            DeprivationHousehold(owner=owner, unit=plan.unit, household_id=pk) for pk in sorted(set(add) - named)
        )
    return owner


def _locked(plan: TargetPlan) -> Any:
    """Owners of the plan, of which nobody writes another one until the transaction ends."""
    TargetPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    return _owners().filter(plan=plan)


def _owners() -> Any:
    return DeprivationOwner.objects.select_related("unit", "plan", "indicator", "lead_department", "lead_body")


def _deprived(plan: TargetPlan, indicator: Indicator) -> DeprivedHouseholds:
    try:
        return deprived_households(unit=plan.unit, year=plan.year, indicator=indicator.pk)
    except KeyError as error:
        raise ValidationError(f"Chỉ số «{indicator}» không thuộc chuẩn nghèo của năm.") from error


def _wrong_number(plan: TargetPlan, indicator: Indicator, to_resolve: int | None) -> dict[str, list[str]]:
    """More than are deprived or may be; where no list says how many there are, more than live in the unit."""
    found = _deprived(plan, indicator)
    if found.year is None:
        figures = table_of(plan)
        most = households_of(figures) if figures else None
        words = f"{format_count(most)} hộ trong bảng chỉ tiêu"
    else:
        count, most = found.count, found.count.deprived + found.count.unknown
        unknown = f", {format_count(count.unknown)} hộ chưa trả lời" if count.unknown else ""
        words = f"{format_count(count.deprived)} hộ thiếu hụt{unknown}"
    if to_resolve is None or most is None or to_resolve <= most:
        return {}
    return {"to_resolve": [f"Chỉ có {words}; không ghi nhiều hơn."]}
