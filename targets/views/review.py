"""The way of a target table: steps, versions, submission, decision, adjustment."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from povertyplan.accounts.models import User
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity
from povertyplan.core.forms import VersionForm
from povertyplan.core.pages import form_answer, removal_answer
from targets.choices import PlanState
from targets.forms.review import APPROVE, AdjustForm, DecideForm, SubmitForm
from targets.models import PlanVersion, TargetPlan
from targets.permissions import can_approve, can_plan, can_review_below
from targets.rules.review import Act
from targets.selectors.decision import quota_marks
from targets.selectors.findings import findings_of
from targets.selectors.quotas import quotas_of
from targets.selectors.tables import TargetTable, target_table, version_table
from targets.selectors.versions import (
    CommentLine,
    approval_above_needed,
    authors_of,
    changes_between,
    last_return,
    names_of,
    open_comments,
    version_to_judge,
    versions_of,
)
from targets.selectors.way import way_steps
from targets.services import review as services
from targets.services.comments import can_comment
from targets.tables import Typing, grids


@require_GET
@unit_view
def versions(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """How far the table is, what to do next and why not yet; everything that was submitted."""
    table = target_table(unit=unit, year=year)
    if table is None or table.plan is None:
        return render(request, "targets/versions.html", {"plan": None})
    plan = table.plan
    plan.unit = unit
    rows = list(versions_of(plan))
    wrong = _errors(_findings(table)) if plan.is_open else []
    is_asked = approval_above_needed(unit, timezone.localdate())
    context = {
        "plan": plan,
        "versions": rows,
        "steps": way_steps(plan, rows, errors=len(wrong), is_above_asked=is_asked),
        "wrong": wrong if can_plan(request.user, unit) else [],
        "comments": open_comments(plan),
        "returned": _returned(plan, rows),
        "version": plan.version,
        **_rights(request.user, unit, plan),
    }
    return render(request, "targets/versions.html", context)


def _returned(plan: TargetPlan, rows: list[PlanVersion]) -> PlanVersion | None:
    """The version whose reason the officer has to answer."""
    if plan.state != PlanState.RETURNED:
        return None
    return next((row for row in rows if row.returned_because), None)


def _rights(user: User, unit: Area, plan: TargetPlan) -> dict[str, bool]:
    """Which buttons the person gets."""
    is_above, state = can_review_below(user, unit), plan.state
    keeps, leads = can_plan(user, unit), can_approve(user, unit)
    return {
        "can_submit": keeps and plan.is_open,
        "can_decide": (leads and state == PlanState.SUBMITTED) or (is_above and state == PlanState.FORWARDED),
        "can_return": is_above and state == PlanState.APPROVED,
        "can_adjust": (keeps or leads) and state == PlanState.APPROVED,
        "can_drop": (keeps or leads) and plan.is_open and plan.in_force_id is not None,
        "can_answer": keeps,
        "can_comment": can_comment(user, unit),
    }


def _errors(findings: list[Finding]) -> list[Finding]:
    """What keeps the table from being submitted."""
    return [finding for finding in findings if finding.severity == Severity.ERROR]


def _findings(table: TargetTable) -> list[Finding]:
    """What the table itself says, as another page shows it: a spot of the table becomes an address."""
    address = reverse("targets:table", args=[table.unit.code, table.year])
    return [
        replace(finding, anchor=f"{address}{finding.anchor}") if finding.anchor.startswith("#") else finding
        for finding in findings_of(table, with_start=False)
    ]


@require_GET
@unit_view
def version(request: SignedRequest, unit: Area, year: int, number: int) -> HttpResponse:
    """One version as it was submitted, and what changed against the one before; the page prints."""
    people = ("plan__in_force", "submitted_by", "decided_by", "above_by", "paper")
    rows = PlanVersion.objects.filter(unit=unit, plan__year=year, number__lte=number).select_related(*people)
    found = list(rows.order_by("-number")[:2])
    if not found or found[0].number != number:
        raise Http404("Không có bản này.")
    shown, before = found[0], found[1] if len(found) > 1 else None
    context = _frozen(shown, unit) | {"before": before, "changes": changes_between(before, shown)}
    return render(request, "targets/version_detail.html", context)


def _frozen(shown: PlanVersion, unit: Area) -> dict[str, Any]:
    shown.plan.unit = unit
    table = version_table(shown)
    return {"shown": shown, "plan": shown.plan, "table": table, "grids": grids(table, Typing())}


@require_http_methods(["GET", "POST"])
@unit_view
def submit(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """What the leader will get, what is still wrong, and the button.

    What is only to be thought of (the year before, goals, deprivations) is asked for after the page is shown.
    """
    require(can_plan, request.user, unit)
    table = target_table(unit=unit, year=year)
    if table is None or table.plan is None:
        raise Http404("Năm này chưa có bảng chỉ tiêu.")
    plan = table.plan
    plan.unit = unit
    returned = last_return(plan) if plan.state == PlanState.RETURNED else None
    form = SubmitForm(request.POST or None, plan=plan, returned=returned)

    def write() -> str:
        seen = _seen(form, plan)
        sent = services.plan_submit(by=request.user, plan=plan, version=seen, **form.values())
        return f"Đã trình bản {sent.number}; bảng chỉ tiêu khóa đến khi lãnh đạo quyết định."

    findings = _findings(table) if plan.is_open else []
    errors = _errors(findings)
    context = {
        "table": table,
        "errors": errors,
        "warnings": [*_remarks(open_comments(plan), unit, year), *(row for row in findings if row not in errors)],
        "last_year": year - 1,
        "returned": returned,
    }
    return _answer(request, form, write, plan, "targets/submit.html", **context)


def _remarks(comments: list[CommentLine], unit: Area, year: int) -> list[Finding]:
    """Remarks that nobody has answered, among the warnings of a submission."""
    address = reverse("targets:comments", args=[unit.code, year])
    return [
        Finding(
            severity=Severity.WARNING,
            code="open-comment",
            place=comment.where,
            message=f"Góp ý của {comment.by} chưa trả lời: {comment.text}",
            anchor=f"{address}#comment-{comment.pk}",
            remedy="Trả lời",
        )
        for comment in comments
    ]


@require_http_methods(["GET", "POST"])
@unit_view
def decide(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The leader, or the level above, on the version that waits: its figures, what changed, who made it.

    How it meets the quotas and what the checks say is asked for after the page is shown: ``check``.
    """
    if not any(services.may(request.user, unit, act) for act in (Act.APPROVE, Act.RETURN_ABOVE)):
        raise PermissionDenied
    shown = version_to_judge(unit=unit, year=year)
    plan = shown.plan if shown else _plan_or_404(unit, year)
    plan.unit = unit
    form = DecideForm(request.POST or None, plan=plan)

    def write() -> str:
        seen = _seen(form, plan)
        if form.cleaned_data["act"] == APPROVE:
            decided = services.plan_approve(by=request.user, plan=plan, version=seen)
            return f"Bản {decided.number} {decided.get_state_display()}."
        reason = form.cleaned_data["reason"]
        returned = services.plan_return(by=request.user, plan=plan, version=seen, reason=reason)
        return f"Đã trả lại bản {returned.number} để sửa."

    comments = open_comments(plan)
    context: dict[str, Any] = {"shown": shown, "comments": comments, "last_year": year - 1}
    context |= _rights(request.user, unit, plan)
    if shown is not None and (context["can_decide"] or context["can_return"]):
        makers = authors_of(plan)
        context |= _frozen(shown, unit) | {
            "changes": changes_between(plan.in_force, shown) if shown != plan.in_force else (),
            "before": plan.in_force,
            "makers": names_of(makers),
            "is_maker": request.user.pk in makers,
            "unanswered": sorted({comment.by for comment in comments if comment.by_id != request.user.pk}),
            "is_above_asked": approval_above_needed(unit, timezone.localdate()),
        }
    return _answer(request, form, write, plan, "targets/decide.html", **context)


@require_GET
@unit_view
def check(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Beside the decision: how the table meets each quota, and what the checks say of it.

    The figures are those of the version that waits or is in force: nobody writes to the table meanwhile.
    """
    table = target_table(unit=unit, year=year)
    if table is None or table.plan is None:
        raise Http404("Năm này chưa có bảng chỉ tiêu.")
    findings = _findings(table)
    marks = quota_marks(quotas_of(table.plan), table.total, findings)
    return render(request, "targets/version_check.html", {"marks": marks, "findings": findings})


@require_http_methods(["GET", "POST"])
@unit_view
def adjust(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Open the approved table again by a new decision."""
    if not services.may(request.user, unit, Act.ADJUST):
        raise PermissionDenied
    plan = _plan_or_404(unit, year)
    form = AdjustForm(request.POST or None, initial={"version": plan.version})

    def write() -> str:
        seen = _seen(form, plan)
        services.plan_adjust(by=request.user, plan=plan, version=seen, reason=form.cleaned_data["reason"])
        return "Đã mở điều chỉnh. Bản đã duyệt vẫn có hiệu lực đến khi bản điều chỉnh được duyệt."

    return _answer(request, form, write, plan, "targets/adjust.html")


@require_http_methods(["GET", "POST"])
@unit_view
def drop(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Back to the figures of the version in force, after saying what goes."""
    if not services.may(request.user, unit, Act.DROP):
        raise PermissionDenied
    plan = _plan_or_404(unit, year)

    def write(version: int) -> str:
        services.adjustment_drop(by=request.user, plan=plan, version=version)
        return "Đã bỏ điều chỉnh; bảng chỉ tiêu trở về bản đang có hiệu lực."

    context = {
        "title": "Bỏ điều chỉnh",
        "what": f"Bảng chỉ tiêu trở về {plan.in_force or 'bản'} đang có hiệu lực.",
        "reach": "Mọi số liệu đã sửa từ khi mở điều chỉnh không còn trong bảng.",
        "undo": "Mở điều chỉnh lần nữa và nhập lại; nhật ký vẫn giữ số đã sửa.",
        "submit": "Bỏ điều chỉnh",
    }
    return removal_answer(request, plan, write, back_url=_back(unit, year), **context)


def _plan_or_404(unit: Area, year: int) -> TargetPlan:
    plan = get_object_or_404(TargetPlan.objects.select_related("in_force"), unit=unit, year=year)
    plan.unit = unit
    return plan


def _back(unit: Area, year: int) -> str:
    return reverse("targets:versions", args=[unit.code, year])


def _seen(form: VersionForm, plan: TargetPlan) -> int:
    """The version that was decided on. A refused form is shown again with the version of now, beside what is now."""
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(plan.version)
    form.data = data
    return int(form.cleaned_data["version"])


def _answer(
    request: SignedRequest,
    form: VersionForm,
    write: Callable[[], str],
    plan: TargetPlan,
    template: str,
    /,
    **context: Any,
) -> HttpResponse:
    context["plan"] = plan
    return form_answer(request, form, write, back_url=_back(plan.unit, plan.year), template=template, **context)
