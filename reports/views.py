"""Documents of a unit and year: what is missing, look, print; the frame of the plan and its number."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povertyplan.accounts.permissions import can_enter, can_number
from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding, Severity
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict
from povertyplan.jobs.services import job_start
from reports import catalogue, check, html, services
from reports.datasets import MissingData
from reports.forms import FrameForm, NumberClearForm, NumberForm
from reports.models import AnnualPlan
from reports.tasks import render_document_task
from targets.choices import LayoutName, PlanState
from targets.models import TargetPlan
from targets.selectors.tables import TargetTable, target_table
from targets.selectors.versions import table_to_approve

PAGES = {check.TARGETS: "targets:table", check.WAY: "targets:versions", check.FRAME: "reports:frame"}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One document on the page and whether it can be printed."""

    kind: catalogue.Kind
    is_ready: bool


def _plan(request: UnitRequest, unit: Area, year: int) -> AnnualPlan | None:
    plans = AnnualPlan.objects.visible_to(request.user).select_related("signer", "drafted_by")
    return plans.filter(unit=unit, year=year).first()


def _kind(key: str) -> catalogue.Kind:
    try:
        return catalogue.kind_of(key)
    except catalogue.UnknownKind as error:
        raise Http404(str(error)) from error


@require_GET
@unit_view
def index(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    plan = _plan(request, unit, year)
    table = target_table(unit=unit, year=year)
    findings = (*check.table_findings(table), *check.frame_findings(plan))
    is_ready = not any(finding.severity == Severity.ERROR for finding in findings)
    may_enter = can_enter(request.user, unit)
    closed = {check.FRAME} if plan and plan.number else set()
    context = {
        "plan": plan,
        "in_force": _holding_meanwhile(table),
        "can_enter": may_enter,
        "can_number": can_number(request.user, unit),
        "shelves": [Shelf(kind=kind, is_ready=is_ready) for kind in catalogue.KINDS.values() if not kind.is_of_round],
        "findings": [
            _with_link(found, unit, year, may_follow=may_enter and found.anchor not in closed) for found in findings
        ],
    }
    return render(request, "reports/index.html", context)


def _holding_meanwhile(table: TargetTable | None) -> int | None:
    """Number of the version in force while the table is being adjusted: it still prints."""
    if table is None or table.plan is None or table.plan.in_force is None or table.state == PlanState.APPROVED:
        return None
    return table.plan.in_force.number


def _with_link(finding: Finding, unit: Area, year: int, *, may_follow: bool) -> Finding:
    """The page where it is put right, for who may; for others the sentence alone."""
    if not may_follow:
        return replace(finding, anchor="", remedy="")
    return replace(finding, anchor=reverse(PAGES[finding.anchor], args=[unit.code, year]))


@require_GET
@unit_view
def preview(request: UnitRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    """The same tree and style sheet as the PDF."""
    shelf = _kind(kind)
    options = _options(request.GET, shelf)
    try:
        document = catalogue.tree(kind, unit=unit, year=year, **options)
    except catalogue.UnknownKind as error:
        raise Http404(str(error)) from error
    except MissingData as error:
        if shelf.is_of_round or catalogue.EDITION in options:
            raise Http404(str(error)) from error
        messages.error(request, "Chưa lập được văn bản; điều phải sửa ghi dưới đây.")
        return redirect("reports:index", code=unit.code, year=year)
    context = {"kind": shelf, "document": html.fragment(document), "is_draft": document.is_draft, "options": options}
    if catalogue.LAYOUT in shelf.options:
        plan = TargetPlan.objects.visible_to(request.user).filter(unit=unit, year=year).first()
        context |= {"layouts": LayoutName.choices, "layout": options.get(catalogue.LAYOUT) or (plan and plan.layout)}
    return render(request, "reports/preview.html", context)


@require_POST
@unit_view
def pdf(request: UnitRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    return _start(request, unit, year, kind, catalogue.PDF)


@require_POST
@unit_view
def xlsx(request: UnitRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    return _start(request, unit, year, kind, catalogue.XLSX)


def _start(request: UnitRequest, unit: Area, year: int, kind: str, format: str) -> HttpResponse:
    """Put the file in the queue; a format that the document does not have is no address."""
    shelf = _kind(kind)
    if format not in shelf.formats:
        raise Http404(f"«{shelf.label}» không có dạng {format}.")
    job = job_start(
        by=request.user,
        unit=unit,
        title=f"{shelf.label}, {unit}, {year}",
        task=render_document_task,
        kind=kind,
        unit_id=unit.pk,
        year=year,
        format=format,
        **_options(request.POST, shelf),
    )
    return redirect("jobs:detail", code=unit.code, year=year, pk=job.pk)


def _options(given: QueryDict, kind: catalogue.Kind) -> dict[str, str]:
    return {name: str(given[name]) for name in kind.options if given.get(name)}


@require_http_methods(["GET", "POST"])
@unit_view
def frame(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    back = reverse("reports:index", args=[unit.code, year])
    plan = _plan(request, unit, year)
    if plan and plan.number:
        notice = {"closed": services.closed_sentence(plan), "back_url": back}
        return render(request, "reports/frame.html", notice, status=409 if request.method == "POST" else 200)
    form = FrameForm(request.POST or None, unit=unit, year=year, plan=plan)
    if form.is_valid():
        try:
            services.frame_save(by=request.user, unit=unit, year=year, **form.values())
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=request.path)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "Đã lưu phần chung của kế hoạch.")
            return redirect(back)
    context = {"form": form, "back_url": back}
    return render(request, "reports/frame.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@unit_view
def number(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    require(can_number, request.user, unit)
    back = reverse("reports:index", args=[unit.code, year])
    plan = _plan(request, unit, year) or AnnualPlan(unit=unit, year=year)
    is_clearing = "clear" in request.POST
    table = None if is_clearing else table_to_approve(unit=unit, year=year)
    if table is not None:
        notice = {"plan": plan, "waiting": services.unapproved_sentence(table)}
        return render(request, "reports/number.html", notice, status=409 if request.method == "POST" else 200)
    form = NumberClearForm(request.POST) if is_clearing else NumberForm(request.POST or None, plan=plan)
    if form.is_valid():
        given = {"number": None, "issued_on": None} | form.cleaned_data
        try:
            stored = services.plan_for_number(by=request.user, unit=unit, year=year)
            services.number_give(by=request.user, plan=stored, **given)
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=request.path)
        except ValidationError as error:
            put_errors(form, error)
        else:
            done = "Đã bỏ số, ngày ban hành." if is_clearing else "Đã lưu số và ngày ban hành."
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "plan": plan, "back_url": back}
    return render(request, "reports/number.html", context, status=422 if form.errors else 200)
