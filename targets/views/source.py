"""Where the start figures come from: a recognised round, or typed with their source."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import form_answer
from targets.choices import StartSource
from targets.forms.table import PlanSourceForm
from targets.models import TargetPlan
from targets.permissions import can_plan
from targets.selectors.tables import recognised_start, start_differences, target_table
from targets.services import start as start_services
from targets.services import tables as services
from targets.services.gate import HOW_TO_OPEN


@require_http_methods(["GET", "POST"])
@unit_view
def source(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """The source of the start figures, and how the table is printed."""
    require(can_plan, request.user, unit)
    plan = _plan(request, unit, year)
    form = PlanSourceForm(request.POST or None, plan=plan)

    def write() -> str:
        values = dict(form.cleaned_data)
        services.plan_describe(by=request.user, plan=plan, version=values.pop("version"), **values)
        return "Đã lưu nguồn số liệu."

    stored, recognised = target_table(unit=unit, year=year), recognised_start(unit=unit, year=year)
    return form_answer(
        request,
        form,
        write,
        back_url=reverse("targets:table", args=[unit.code, year]),
        template="targets/source.html",
        plan=plan,
        last_year=year - 1,
        is_recognised=recognised is not None,
        differing=start_differences(stored, recognised) if stored else [],
        from_round=plan.start_source == StartSource.RECOGNISED,
        how_to_open=HOW_TO_OPEN.get(plan.state, ""),
    )


@require_POST
@unit_view
def take_start(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Copy the start figures from the review recognised the year before, and keep to it."""

    def take(plan: TargetPlan) -> str:
        changed = start_services.start_take(by=request.user, plan=plan)
        return f"Đã lấy số đầu năm từ kết quả rà soát năm {year - 1}: {changed} dòng thay đổi."

    return _button(request, unit, year, take, then="targets:table")


@require_POST
@unit_view
def type_start(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Back to start figures typed by hand."""

    def release(plan: TargetPlan) -> str:
        start_services.start_typed(by=request.user, plan=plan)
        return "Số đầu năm từ nay gõ tay được; ghi nguồn của số mới ở đây."

    return _button(request, unit, year, release, then="targets:source")


def _button(
    request: UnitRequest, unit: Area, year: int, act: Callable[[TargetPlan], str], *, then: str
) -> HttpResponse:
    require(can_plan, request.user, unit)
    plan = _plan(request, unit, year)
    try:
        messages.success(request, act(plan))
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        then = "targets:source"
    return redirect(then, code=unit.code, year=year)


def _plan(request: UnitRequest, unit: Area, year: int) -> TargetPlan:
    plan: TargetPlan = get_object_or_404(TargetPlan.objects.visible_to(request.user).for_page(), unit=unit, year=year)
    return plan
