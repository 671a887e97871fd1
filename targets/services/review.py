"""The way of a table to the version in force: submitted, returned, approved, adjusted.

``plan_move`` is the only place where ``TargetPlan.state`` and ``PlanVersion.state`` change; what may follow what is
``targets.rules.review``. Every act carries the version of the plan that was seen: who decides, decides on that.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from households.services.exits import drive_open
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.findings import Severity
from povertyplan.core.text import clean_lines
from povertyplan.core.versions import save_changes
from povertyplan.papers.models import Paper
from targets.choices import PlanState, VersionState
from targets.models import PlanVersion, TargetPlan, TargetRow, VersionRow
from targets.permissions import can_approve, can_plan, can_review_below
from targets.rules.figures import COUNTS, FOR_THE_UNIT
from targets.rules.review import CHECKS, NEEDS_REASON, WHO, Act, Actor, NotNow, approval, move
from targets.selectors.findings import findings_of
from targets.selectors.tables import TargetTable, target_table
from targets.selectors.versions import (
    approval_above_needed,
    authors_of,
    changed_beside_rows,
    version_to_decide,
)
from targets.services.start import start_refresh

OWN_WORK = "Người nhập, phân bổ hoặc trình số liệu của bảng không duyệt chính bảng đó; người khác duyệt."
BOTH_LEVELS = "Lãnh đạo đã duyệt ở đơn vị không duyệt tiếp thay cấp trên; người khác duyệt."
NO_DECISION = (
    "Chọn quyết định điều chỉnh. Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn, rồi quay lại chọn và trình."
)
STALE = "Kế hoạch chỉ tiêu vừa có thay đổi từ khi mở trang này. Xem lại số liệu rồi làm lại."
KEPT = (*COUNTS, "remark")
PERMISSIONS: dict[Actor, Callable[[User, Area], bool]] = {
    Actor.KEEPER: can_plan,
    Actor.LEADER: can_approve,
    Actor.ABOVE: can_review_below,
}


def may(user: User, unit: Area, act: Act) -> bool:
    """The right to an act, whatever the state of the table."""
    return any(PERMISSIONS[actor](user, unit) for actor in WHO[act])


@transaction.atomic
def plan_submit(
    *, by: User | None, plan: TargetPlan, version: int, note: str = "", paper: Paper | None = None
) -> PlanVersion:
    """Freeze the table as a new version that waits for the leader; from here on nobody writes to it.

    Start figures kept to the recognised round are copied from it once more.
    ``paper`` is the decision that assigns or adjusts; an adjustment is never without. ValidationError lists everything
    that is lacking, or says that somebody else was first. Twice, also from two browsers, is once.
    """
    row = _locked(by, plan, Act.SUBMIT, version)
    start_refresh(by=by, plan=row)
    with acting(by=by, action="target_plan.submit"):
        table = target_table(unit=row.unit, year=row.year)
        lacking: dict[str, list[str]] = {NON_FIELD_ERRORS: _missing(table) if table else []}
        if row.adjusted_because and paper is None:
            lacking["paper"] = [NO_DECISION]
        if any(lacking.values()):
            raise ValidationError({field: sentences for field, sentences in lacking.items() if sentences})
        last = PlanVersion.objects.filter(plan=row).order_by("-number").first()
        submitted = PlanVersion(
            plan=row,
            unit=row.unit,
            number=last.number + 1 if last else 1,
            submitted_by=by,
            submit_note=clean_lines(note),
            paper=paper,
            adjusted_because=row.adjusted_because,
            **{name: getattr(row, name) for name in FOR_THE_UNIT},
        )
        plan_move(row, Act.SUBMIT, submitted)
        rows = TargetRow.objects.filter(plan=row)
        VersionRow.objects.bulk_create(
            VersionRow(
                unit=row.unit,
                version=submitted,
                place_id=line.place_id,
                **{name: getattr(line, name) for name in KEPT},
            )
            for line in rows
        )
    return submitted


@transaction.atomic
def plan_approve(*, by: User | None, plan: TargetPlan, version: int) -> PlanVersion:
    """The leader approves what was submitted, or the level above what was forwarded to it.

    Where the province asks for the level above, the leader's approval forwards. Never by the system, nor by who made
    any of the figures (ValidationError).
    """
    act = _act_of(by, plan, Act.APPROVE, Act.APPROVE_ABOVE)
    row = _locked(by, plan, act, version)
    waiting, today = _waiting(row), timezone.localdate()
    if act == Act.APPROVE:
        act = approval(above_is_asked=approval_above_needed(row.unit, today))
    if act != Act.FORWARD and row.unit.level == Level.COMMUNE:
        drive_open(by=None, unit=row.unit, year=row.year, on=today)
    signed = _signed("above" if act == Act.APPROVE_ABOVE else "decided", by)
    # Last, so that the audit of a request names who approved.
    with acting(by=by, action=f"target_plan.{act}"):
        plan_move(row, act, waiting, **signed)
    return waiting


@transaction.atomic
def plan_return(*, by: User | None, plan: TargetPlan, version: int, reason: str) -> PlanVersion:
    """Back to the unit, with the reason: by the leader what was submitted, by the level above what was forwarded.

    The level above also returns what is approved already: that version stays in force until a newer one is approved.
    """
    act = _act_of(by, plan, Act.RETURN, Act.RETURN_ABOVE)
    reason = _reason(act, reason)
    row = _locked(by, plan, act, version)
    decided = _in_force(row) if row.state == PlanState.APPROVED else _waiting(row)
    signed = _signed("above" if act == Act.RETURN_ABOVE else "decided", by) | {"returned_because": reason}
    with acting(by=by, action=f"target_plan.{act}"):
        plan_move(row, act, decided, **signed)
    return decided


@transaction.atomic
def plan_adjust(*, by: User | None, plan: TargetPlan, version: int, reason: str) -> TargetPlan:
    """Open the approved table again, for a reason; the version in force holds until the adjusted one is approved.

    The adjusted table is submitted with the decision that adjusts.
    """
    reason = _reason(Act.ADJUST, reason)
    row = _locked(by, plan, Act.ADJUST, version)
    with acting(by=by, action="target_plan.adjust"):
        plan_move(row, Act.ADJUST, None)
        return save_changes(row, {"adjusted_because": reason})


@transaction.atomic
def adjustment_drop(*, by: User | None, plan: TargetPlan, version: int) -> TargetPlan:
    """Take the adjustment back: the figures of the version in force again, approved as they were.

    ValidationError where the level above asked for the adjustment, or where parts were written of which a version
    keeps no copy: those need an approval.
    """
    row = _locked(by, plan, Act.DROP, version)
    in_force = _in_force(row)
    if in_force.returned_because:
        raise ValidationError(f"Cấp trên yêu cầu sửa bản đã duyệt: {in_force.returned_because}. Sửa rồi trình lại.")
    if changed := changed_beside_rows(row):
        raise ValidationError(f"Đã sửa {', '.join(changed)} trong lần điều chỉnh này; trình để lãnh đạo duyệt.")
    with acting(by=by, action="target_plan.drop"):
        _take_back(row, in_force)
        save_changes(row, {"adjusted_because": ""} | {name: getattr(in_force, name) for name in FOR_THE_UNIT})
        plan_move(row, Act.DROP, None)
    return row


def plan_move(plan: TargetPlan, act: Act, version: PlanVersion | None, **signed: Any) -> None:
    """Assign the states that follow on the act; ``signed`` is who decided, when and why. The plan must be locked.

    What becomes approved replaces the version in force. Raises ValidationError where the act does not follow.
    """
    try:
        found = move(PlanState(plan.state), act, has_version_in_force=plan.in_force_id is not None)
    except NotNow as error:
        raise ValidationError(str(error)) from error
    changes: dict[str, Any] = {"state": found.plan}
    if found.version == VersionState.APPROVED:
        if plan.in_force is not None:
            save_changes(plan.in_force, {"state": VersionState.REPLACED})
        changes |= {"in_force": version, "adjusted_because": ""}
    if version is not None:
        save_changes(version, signed | ({"state": found.version} if found.version else {}))
    save_changes(plan, changes)


def _locked(by: User | None, plan: TargetPlan, act: Act, version: int) -> TargetPlan:
    """The stored plan, locked, on which the person may do this now; else PermissionDenied or ValidationError."""
    if by is None and act not in {Act.SUBMIT, Act.ADJUST, Act.DROP}:
        raise PermissionDenied
    demand(lambda user, unit: may(user, unit, act), by, plan.unit)
    rows = TargetPlan.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "in_force")
    row = rows.get(pk=plan.pk)
    try:
        move(PlanState(row.state), act, has_version_in_force=row.in_force_id is not None)
    except NotNow as error:
        raise ValidationError(str(error)) from error
    if row.version != version:
        raise ValidationError(STALE)
    if act in CHECKS and by is not None:
        _refuse_own_work(by, row)
    return row


def _refuse_own_work(by: User, plan: TargetPlan) -> None:
    if by.pk in authors_of(plan):
        raise ValidationError(OWN_WORK)
    if plan.state == PlanState.FORWARDED and _waiting(plan).decided_by_id == by.pk:
        raise ValidationError(BOTH_LEVELS)


def _act_of(by: User | None, plan: TargetPlan, leaders: Act, above: Act) -> Act:
    """On whose behalf one decides: who holds both rights acts for the level that the table has come to."""
    if by is None or not can_review_below(by, plan.unit):
        return leaders
    has_left = TargetPlan.objects.filter(pk=plan.pk, state__in=(PlanState.FORWARDED, PlanState.APPROVED)).exists()
    return above if has_left or not can_approve(by, plan.unit) else leaders


def _in_force(plan: TargetPlan) -> PlanVersion:
    if plan.in_force is None:
        raise ValidationError("Chưa có bản nào được duyệt.")
    return plan.in_force


def _waiting(plan: TargetPlan) -> PlanVersion:
    waiting = version_to_decide(plan)
    if waiting is None:
        raise ValidationError("Không có bản nào chờ duyệt.")
    return waiting


def _reason(act: Act, typed: str) -> str:
    reason = clean_lines(typed)
    if act in NEEDS_REASON and not reason:
        raise ValidationError({"reason": "Ghi lý do."})
    return reason


def _signed(who: str, by: User | None) -> dict[str, Any]:
    return {f"{who}_by": by, f"{who}_at": timezone.now()}


def _missing(table: TargetTable) -> list[str]:
    """Sentences of what must be right before the table is submitted, each with its place."""
    return [
        f"{finding.place}: {finding.message}" if finding.place else finding.message
        for finding in findings_of(table, with_start=False)
        if finding.severity == Severity.ERROR
    ]


def _take_back(plan: TargetPlan, version: PlanVersion) -> None:
    """The rows as the version has them: a place it does not have goes, one that is gone comes back."""
    stored = {row.place_id: row for row in TargetRow.objects.filter(plan=plan)}
    frozen = {row.place_id: row for row in VersionRow.objects.filter(version=version)}
    TargetRow.objects.filter(plan=plan).exclude(place__in=frozen).delete()
    lost = [place for place in frozen if place not in stored]
    TargetRow.objects.bulk_create(
        TargetRow(plan=plan, unit_id=plan.unit_id, place_id=place, **_counts(frozen[place])) for place in lost
    )
    changed = []
    for place, row in stored.items():
        if place in frozen and _counts(row) != _counts(frozen[place]):
            for name, value in _counts(frozen[place]).items():
                setattr(row, name, value)
            changed.append(row)
    TargetRow.objects.bulk_update(changed, KEPT)


def _counts(row: TargetRow | VersionRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in KEPT}
