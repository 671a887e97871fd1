"""Where a target table is on its way: steps done, now and next, by whom."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from povertyplan.core.dates import format_date
from targets.choices import OPEN_STATES, PlanState, VersionState
from targets.models import PlanVersion, TargetPlan


@dataclass(frozen=True, kw_only=True)
class WayStep:
    """``state`` is done, now or next; ``detail`` says who did it and when, or whose turn it is and how far it is."""

    number: int
    title: str
    state: str
    detail: str


def way_steps(plan: TargetPlan, versions: Sequence[PlanVersion], *, errors: int, is_above_asked: bool) -> list[WayStep]:
    """The bar of steps; ``versions`` newest first, ``errors`` what still keeps the table from being submitted.

    No law sets a day for any of them.
    """
    last = versions[0] if versions else None
    is_open = plan.state in OPEN_STATES
    titles = {
        "draw": ("Lập bảng", "cán bộ nhập liệu"),
        "submit": ("Trình", "cán bộ nhập liệu"),
        "leader": ("Lãnh đạo duyệt", "lãnh đạo đơn vị"),
        "above": ("Cấp trên duyệt", "cán bộ cấp trên"),
        "force": ("Có hiệu lực", "in, ban hành được"),
    }
    if not is_above_asked and plan.state != PlanState.FORWARDED and not _passed_above(last, plan):
        del titles["above"]
    now = _now(plan, errors, is_open=is_open)
    steps, state = [], "done"
    for number, (name, (title, who)) in enumerate(titles.items(), start=1):
        state = "now" if name == now else "done" if state == "done" else "next"
        said = _detail(name, plan, last, errors) if state != "next" else ""
        detail = f"{who}: {said}" if said and state == "now" else said or who
        steps.append(WayStep(number=number, title=title, state=state, detail=detail))
        state = "done" if state == "done" else "next"
    return steps


def _now(plan: TargetPlan, errors: int, *, is_open: bool) -> str:
    """The step that is due; empty when all are done."""
    if is_open:
        return "draw" if errors else "submit"
    return {PlanState.SUBMITTED: "leader", PlanState.FORWARDED: "above"}.get(PlanState(plan.state), "")


def _passed_above(last: PlanVersion | None, plan: TargetPlan) -> bool:
    return plan.state == PlanState.APPROVED and last is not None and last.above_by_id is not None


def _detail(name: str, plan: TargetPlan, last: PlanVersion | None, errors: int) -> str:
    if name == "draw":
        return f"còn {errors} điều phải sửa" if errors else "đủ số liệu"
    if name == "submit" and plan.state in OPEN_STATES:
        is_returned = plan.state == PlanState.RETURNED
        return "sửa rồi trình lại" if is_returned else "trình được"
    if last is None:
        return ""
    if name == "submit":
        return f"bản {last.number}, {_by(last.submitted_by, last.submitted_at)}"
    if name == "leader" and last.decided_at and last.state != VersionState.RETURNED:
        return _by(last.decided_by, last.decided_at)
    if name == "above" and last.above_at and plan.state == PlanState.APPROVED:
        return _by(last.above_by, last.above_at)
    if name == "force" and plan.in_force is not None:
        return f"bản {plan.in_force.number}"
    return ""


def _by(who: object, at: datetime.datetime) -> str:
    """«Nguyễn Văn A, 05/11/2026»; the system has no name."""
    day = format_date(timezone.localtime(at).date())
    return f"{who}, {day}" if who else day
