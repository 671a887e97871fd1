"""Quotas that the levels above assigned: as assigned, what each asks for, what the table has of it."""

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding
from povertyplan.core.pages import form_answer, removal_answer
from targets.forms.quotas import QuotaEntryForm
from targets.models import Quota, TargetPlan
from targets.permissions import can_plan
from targets.rules.figures import Figures
from targets.rules.quotas import QuotaLine, Requirement, check_quotas, planned, required, strictest
from targets.selectors.quotas import quotas_of
from targets.selectors.tables import target_table
from targets.services import quotas as services
from targets.services.gate import HOW_TO_OPEN

FORM = "targets/quota_form.html"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A quota as the page shows it; ``is_strictest`` of those on the same subject."""

    quota: QuotaLine
    requirement: Requirement
    planned: int | None
    is_strictest: bool


@require_GET
@unit_view
def quotas(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    table = target_table(unit=unit, year=year)
    plan, figures = (table.plan, table.total) if table else (None, Figures())
    assigned = quotas_of(plan) if plan else ()
    context = {
        "lines": _lines(assigned, figures),
        "findings": [_with_way_out(finding, unit, year) for finding in check_quotas(assigned, figures)],
        "can_write": can_plan(request.user, unit) and (plan is None or plan.is_open),
        "plan": plan,
        "how_to_open": HOW_TO_OPEN.get(plan.state, "") if plan else "",
    }
    return render(request, "targets/quotas.html", context)


def _with_way_out(finding: Finding, unit: Area, year: int) -> Finding:
    """What the table misses is mended in the table; the quotas themselves stand on this page."""
    if finding.code != "quota-missed":
        return finding
    return replace(finding, anchor=reverse("targets:table", args=[unit.code, year]), remedy="Mở bảng chỉ tiêu")


def _lines(assigned: tuple[QuotaLine, ...], figures: Figures) -> list[Line]:
    strict = strictest(assigned, figures)
    return [
        Line(
            quota=quota,
            requirement=required(quota, figures),
            planned=planned(quota, figures),
            is_strictest=quota.subject in strict and strict[quota.subject].quota == quota,
        )
        for quota in assigned
    ]


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    if _is_only_read(request, TargetPlan.objects.filter(unit=unit, year=year).first()):
        return redirect(_url(unit, year))
    form = QuotaEntryForm(request.POST or None, unit=unit)

    def write() -> str:
        added = services.quota_add_in_year(by=request.user, unit=unit, year=year, **form.values())
        return f"Đã thêm chỉ tiêu: {added}."

    context = {"title": "Thêm chỉ tiêu được giao", "submit": "Thêm chỉ tiêu"}
    return form_answer(request, form, write, back_url=_url(unit, year), template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    quota = _quota_or_404(unit, year, pk)
    if _is_only_read(request, quota.plan):
        return redirect(_url(unit, year))
    form = QuotaEntryForm(request.POST or None, unit=unit, quota=quota)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        saved = services.quota_update(by=request.user, quota=quota, version=version, **form.values())
        return f"Đã lưu chỉ tiêu: {saved}."

    context = {"title": "Sửa chỉ tiêu được giao", "submit": "Lưu", "quota": quota}
    return form_answer(request, form, write, back_url=_url(unit, year), template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def remove(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    quota = _quota_or_404(unit, year, pk)
    if _is_only_read(request, quota.plan):
        return redirect(_url(unit, year))

    def write(version: int) -> str:
        services.quota_remove(by=request.user, quota=quota, version=version)
        return f"Đã xóa chỉ tiêu: {quota}."

    context = {
        "title": "Xóa chỉ tiêu được giao",
        "what": f"Xóa chỉ tiêu {quota}.",
        "reach": "Bảng chỉ tiêu không còn được so với số này; số trong bảng giữ nguyên.",
        "undo": "Nhật ký vẫn giữ nội dung đã xóa; cần lại thì thêm chỉ tiêu lần nữa.",
        "submit": "Xóa chỉ tiêu",
    }
    return removal_answer(request, quota, write, back_url=_url(unit, year), **context)


def _is_only_read(request: UnitRequest, plan: TargetPlan | None) -> bool:
    """Nobody fills in a form that will be refused; the list says why nothing can be written."""
    return request.method == "GET" and plan is not None and not plan.is_open


def _quota_or_404(unit: Area, year: int, pk: int) -> Quota:
    return get_object_or_404(
        Quota.objects.select_related("plan__unit", "paper").filter(unit=unit, plan__year=year), pk=pk
    )


def _url(unit: Area, year: int) -> str:
    return reverse("targets:quotas", args=[unit.code, year])
