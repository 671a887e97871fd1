"""Remarks of the leader and of the level above on a cell, a line or the whole table; the unit answers them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.text import clean_lines
from povertyplan.core.versions import lock_and_merge, save_changes
from targets.models import Comment, TargetPlan, TargetRow
from targets.permissions import can_approve, can_plan, can_review_below
from targets.rules.figures import COUNTS


def can_comment(user: User, unit: Area) -> bool:
    """The leader of the unit and the level above; at any time, whatever the state of the table."""
    return can_approve(user, unit) or can_review_below(user, unit)


@transaction.atomic
def comment_add(*, by: User, plan: TargetPlan, text: str, row: TargetRow | None = None, column: str = "") -> Comment:
    """Say something of a cell (``row`` and ``column``, a name of ``COUNTS``), a line, or the table (neither)."""
    demand(can_comment, by, plan.unit)
    errors = {}
    if not clean_lines(text):
        errors["text"] = "Ghi nội dung góp ý."
    if row is not None and row.plan_id != plan.pk:
        errors["row"] = "Dòng này không thuộc bảng."
    if column and (row is None or column not in COUNTS):
        errors["column"] = "Chọn dòng của ô được góp ý."
    if errors:
        raise ValidationError(errors)
    with acting(by=by, action="target_comment.add"):
        return save_changes(
            Comment(plan=plan, unit=plan.unit, by=by), {"row": row, "column": column, "text": clean_lines(text)}
        )


@transaction.atomic
def comment_close(*, by: User | None, comment: Comment, version: int, answer: str) -> Comment:
    """The unit has dealt with the remark and says how: what it changed, or why it keeps it. Raises EditConflict."""
    demand(can_plan, by, comment.unit)
    if not clean_lines(answer):
        raise ValidationError({"answer": "Ghi trả lời: đã sửa gì, hoặc vì sao giữ."})
    changes = {"answer": clean_lines(answer), "closed_by": by, "closed_at": timezone.now()}
    with acting(by=by, action="target_comment.close"):
        row, mine = lock_and_merge(
            Comment.objects.select_related("unit"), pk=comment.pk, version=version, changes=changes
        )
        if row.closed_at is not None:
            raise ValidationError("Góp ý này đã xử lý.")
        return save_changes(row, mine)
