"""Goals beside the quota: what is to be reached, what was reached, and the households behind it."""

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.selectors.counts import last_day_shown
from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import button_answer, form_answer, removal_answer
from targets.choices import GoalScope
from targets.forms.goals import ActualForm, GoalForm
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan
from targets.permissions import can_plan
from targets.selectors.goals import findings_beside, goal_table, opened_goal, reports_of
from targets.selectors.tables import target_table
from targets.services import goals as services

FORM = "targets/goal_form.html"
PER_PAGE = 50


@require_GET
@unit_view
def goals(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    day = last_day_shown(unit, year)
    table = goal_table(unit=unit, year=year, day=day)
    plan, may = table.plan, can_plan(request.user, unit)
    context = {
        "plan": plan,
        "day": day,
        "goals": table,
        "can_change": may and plan is not None and plan.is_open,
        "can_report": may and plan is not None,
    }
    return render(request, "targets/goals.html", context)


@require_GET
@unit_view
def goal_check(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """What is wrong with goals and owners of deprivations: the page of the table's way asks after it is shown."""
    table = target_table(unit=unit, year=year)
    if table is None:
        raise Http404("Năm này chưa có bảng chỉ tiêu.")
    return render(request, "targets/goal_check.html", {"findings": findings_beside(table)})


@require_http_methods(["GET", "POST"])
@unit_view
def goal_add(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    plan = get_object_or_404(TargetPlan.objects.select_related("unit"), unit=unit, year=year)
    form = GoalForm(request.POST or None, unit=unit, year=year)

    def write() -> str:
        return f"Đã thêm chỉ tiêu «{services.goal_add(by=request.user, plan=plan, **form.values())}»."

    context = {"title": "Thêm chỉ tiêu", "submit": "Thêm chỉ tiêu"}
    return form_answer(request, form, write, back_url=_goals_url(unit, year), template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def goal_edit(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    goal = _goal_or_404(unit, year, pk)
    form = GoalForm(request.POST or None, unit=unit, year=year, goal=goal)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        saved = services.goal_update(by=request.user, goal=goal, version=version, **form.values())
        return f"Đã lưu chỉ tiêu «{saved}»."

    context = {"title": "Sửa chỉ tiêu", "submit": "Lưu", "goal": goal}
    return form_answer(request, form, write, back_url=_goals_url(unit, year), template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def goal_remove(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    goal = _goal_or_404(unit, year, pk)

    def remove(version: int) -> str:
        services.goal_remove(by=request.user, goal=goal, version=version)
        return f"Đã xóa chỉ tiêu «{goal}»."

    reported = goal.actuals.count()
    context = {
        "title": "Xóa chỉ tiêu",
        "what": f"Xóa chỉ tiêu «{goal}».",
        "reach": f"Xóa cả {reported} kết quả đã nhập của chỉ tiêu này."
        if reported
        else "Chưa có kết quả nào được nhập.",
        "undo": "Nhật ký vẫn giữ nội dung đã xóa; cần lại thì thêm chỉ tiêu lần nữa.",
        "submit": "Xóa chỉ tiêu",
    }
    return removal_answer(request, goal, remove, back_url=_goals_url(unit, year), **context)


@require_POST
@unit_view
def goal_move(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """One place up, or down with ``down`` in the body."""
    require(can_plan, request.user, unit)
    goal = _goal_or_404(unit, year, pk)

    def write() -> str:
        services.goal_move(by=request.user, goal=goal, is_up="down" not in request.POST)
        return "Đã xếp lại thứ tự các chỉ tiêu."

    return button_answer(request, forms.Form(request.POST), write, back_url=_goals_url(unit, year))


@require_GET
@unit_view
def goal_households(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """The households that a counted figure counts: those that bring it down first."""
    opened = opened_goal(unit=unit, year=year, pk=pk, day=last_day_shown(unit, year))
    if opened is None:
        raise Http404("Không có chỉ tiêu này.")
    goal = opened.line.goal
    page = Paginator(opened.households, PER_PAGE).get_page(request.GET.get("page"))
    context = {"opened": opened, "goal": goal, "page": page, "scope": GoalScope(goal.scope).label}
    return render(request, "targets/goal_households.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def actuals(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """What was reported of a goal, and another report."""
    require(can_plan, request.user, unit)
    goal = _goal_or_404(unit, year, pk)
    form = ActualForm(request.POST or None, goal=goal)

    def write() -> str:
        saved = services.actual_add(by=request.user, goal=goal, **form.values())
        return f"Đã nhập kết quả đến ngày {saved.on:%d/%m/%Y}."

    context = {
        "title": "Kết quả của chỉ tiêu",
        "submit": "Nhập kết quả",
        "goal": goal,
        "reports": reports_of(goal),
    }
    return form_answer(
        request, form, write, back_url=_goals_url(unit, year), template="targets/goal_actuals.html", **context
    )


@require_http_methods(["GET", "POST"])
@unit_view
def actual_edit(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    actual = _actual_or_404(unit, year, pk)
    form = ActualForm(request.POST or None, goal=actual.goal, actual=actual)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        saved = services.actual_update(by=request.user, actual=actual, version=version, **form.values())
        return f"Đã lưu kết quả đến ngày {saved.on:%d/%m/%Y}."

    back_url = reverse("targets:goal-actuals", args=[unit.code, year, actual.goal_id])
    context = {"title": "Sửa kết quả", "submit": "Lưu", "goal": actual.goal, "actual": actual}
    return form_answer(request, form, write, back_url=back_url, template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def actual_remove(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    actual = _actual_or_404(unit, year, pk)

    def remove(version: int) -> str:
        services.actual_remove(by=request.user, actual=actual, version=version)
        return f"Đã xóa kết quả đến ngày {actual.on:%d/%m/%Y}."

    context = {
        "title": "Xóa kết quả",
        "what": f"Xóa kết quả đến ngày {actual.on:%d/%m/%Y} của chỉ tiêu «{actual.goal}».",
        "reach": "Năm lấy kết quả của ngày mới nhất còn lại.",
        "undo": "Nhật ký vẫn giữ nội dung đã xóa; cần lại thì nhập lần nữa.",
        "submit": "Xóa kết quả",
    }
    back_url = reverse("targets:goal-actuals", args=[unit.code, year, actual.goal_id])
    return removal_answer(request, actual, remove, back_url=back_url, **context)


def _goal_or_404(unit: Area, year: int, pk: int) -> IndicatorTarget:
    rows = IndicatorTarget.objects.select_related("plan__unit", "unit", "dimension", "lead_department", "lead_body")
    return get_object_or_404(rows.filter(unit=unit, plan__year=year), pk=pk)


def _actual_or_404(unit: Area, year: int, pk: int) -> IndicatorActual:
    rows = IndicatorActual.objects.select_related("goal__plan", "unit")
    return get_object_or_404(rows.filter(unit=unit, goal__plan__year=year), pk=pk)


def _goals_url(unit: Area, year: int) -> str:
    return reverse("targets:goals", args=[unit.code, year])
