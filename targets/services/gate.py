"""What every write to a target plan passes."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.areas.models import Area
from targets.models import TargetPlan
from targets.permissions import can_plan


def lock_open(*, by: User | None, plan: TargetPlan, permission: Callable[[User, Area], bool] = can_plan) -> TargetPlan:
    """The stored plan, locked against a change of its state until the transaction ends.

    Raises PermissionDenied, or ValidationError while the plan is submitted or approved.
    """
    demand(permission, by, plan.unit)
    row = TargetPlan.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=plan.pk)
    if not row.is_open:
        raise ValidationError(f"Bảng chỉ tiêu {row.get_state_display()} nên không sửa được. {HOW_TO_OPEN[row.state]}")
    return row


HOW_TO_OPEN = {
    "submitted": "Muốn sửa thì đề nghị lãnh đạo trả lại.",
    "forwarded": "Muốn sửa thì đề nghị cấp trên trả lại.",
    "approved": "Muốn sửa thì mở điều chỉnh.",
}
