"""Statuses beside the category: their lists, and the steps from a request to the decision."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from households.choices import StatusKind
from households.forms.requests import (
    AssessForm,
    DecideForm,
    EndForm,
    NumberForm,
    PostForm,
    RefuseForm,
    StatusFilterForm,
)
from households.models import Member, Request, Status
from households.selectors.requests import STATUS_OF, in_force, not_over, on_the_way, statuses_of
from households.services import statuses as services
from households.views.round_answers import form_answer
from povertyplan.accounts.permissions import can_decide, can_enter, can_number
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.text import first_upper

PER_PAGE = 50
FORM = "requests/form.html"


@require_GET
@unit_view
def statuses(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Statuses of one kind, those on their way first; only these, only those in force today, or all."""
    form = StatusFilterForm(request.GET)
    kind, show = form.chosen()
    rows, today = statuses_of(unit=unit, kind=kind), timezone.localdate()
    if show == "way":
        rows = on_the_way(rows)
    elif show != "all":
        rows = in_force(rows, today) if show == "force" else not_over(rows, today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter_form": StatusFilterForm({"kind": kind, "show": show}),
        "kind": StatusKind(kind).label,
        "is_person": kind == StatusKind.LOW_INCOME_WORKER,
        "page": page,
        "can_enter": can_enter(request.user, unit),
    }
    return render(request, "requests/statuses.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def assess(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Find out by the income; ``pk`` of the request."""
    require(can_enter, request.user, unit)
    rows = Request.objects.select_related("unit", "household__village", "household__unit", "member", "round")
    row = get_object_or_404(rows.filter(unit=unit, kind__in=STATUS_OF), pk=pk)
    status = Status.objects.filter(request=row).first()
    persons = Member.objects.present().filter(household=row.household_id).count() if row.household_id else 1
    form = AssessForm(request.POST or None, request=row, status=status, persons=max(persons, 1))

    def write() -> str:
        found = services.status_assess(by=request.user, request=row, **form.cleaned_data)
        return f"{'Đủ điều kiện' if found.is_eligible else 'Không đủ điều kiện'}: {found.verdict}"

    back_url = _request_url(unit, year, row.pk)
    context = {"title": "Xác định thu nhập", "submit": "Xác định", "subtitle": f"{row} · {row.get_kind_display()}"}
    if status and status.posted_from:
        context["note"] = "Xác định lại thì phải niêm yết lại: lần niêm yết trước không còn tính."
    return form_answer(request, form, write, back_url=back_url, template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def post(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    status = _status_or_404(unit, pk)
    initial = {"version": status.version, "posted_at": status.posted_at, "posted_from": timezone.localdate()}
    form = PostForm(request.POST or None, initial=initial)

    def write() -> str:
        stored = services.status_post(by=request.user, status=status, **form.cleaned_data)
        return f"Đã ghi niêm yết đến hết ngày {stored.posted_to:%d/%m/%Y}."

    return _answer(request, unit, year, status, form, write, title="Niêm yết", submit="Ghi niêm yết")


@require_http_methods(["GET", "POST"])
@unit_view
def decide(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_decide, request.user, unit)
    status = _status_or_404(unit, pk)
    initial = {"version": status.version, "on": timezone.localdate()}
    form = DecideForm(request.POST or None, status=status, initial=initial)

    def write() -> str:
        stored = services.status_decide(by=request.user, status=status, **form.cleaned_data)
        return f"Đã công nhận {stored} từ ngày {stored.valid_from:%d/%m/%Y}."

    return _answer(request, unit, year, status, form, write, title=f"Công nhận {status}", submit="Công nhận")


@require_http_methods(["GET", "POST"])
@unit_view
def number(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Văn thư gives number and date to a decision that was taken."""
    require(can_number, request.user, unit)
    status = _status_or_404(unit, pk)
    form = NumberForm(request.POST or None, initial={"version": status.version, "date": status.valid_from})

    def write() -> str:
        stored = services.status_number(by=request.user, status=status, **form.cleaned_data)
        return f"Đã ghi {stored.decision}."

    note = "Một quyết định công nhận nhiều hộ, nhiều người thì ghi cùng số, ký hiệu, ngày ở từng giấy."
    title = f"Số, ngày quyết định công nhận {status}"
    return _answer(request, unit, year, status, form, write, title=title, submit="Ghi số", note=note)


@require_http_methods(["GET", "POST"])
@unit_view
def refuse(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_decide, request.user, unit)
    status = _status_or_404(unit, pk)
    initial = {"version": status.version, "on": timezone.localdate()}
    form = RefuseForm(request.POST or None, initial=initial)

    def write() -> str:
        services.status_refuse(by=request.user, status=status, **form.cleaned_data)
        return f"Đã ghi không công nhận {status}."

    title = f"Không công nhận {status}"
    return _answer(request, unit, year, status, form, write, title=title, submit="Không công nhận")


@require_http_methods(["GET", "POST"])
@unit_view
def end(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_decide, request.user, unit)
    status = _status_or_404(unit, pk)
    initial = {"version": status.version, "valid_to": status.valid_to, "because": status.ended_because}
    form = EndForm(request.POST or None, initial=initial)

    def write() -> str:
        stored = services.status_end(by=request.user, status=status, **form.cleaned_data)
        return f"Đã ghi ngày cuối: {stored.valid_to:%d/%m/%Y}."

    note = "Sau ngày này không còn trong danh sách. Những ngày trước giữ nguyên; ghi nhầm thì sửa lại ngày cuối."
    return _answer(request, unit, year, status, form, write, title=f"Thôi {status}", submit="Ghi ngày cuối", note=note)


def _answer(
    request: SignedRequest, unit: Area, year: int, status: Status, form: Any, write: Any, **context: Any
) -> HttpResponse:
    """``pk`` of the status in the address; back to its request, which shows every step."""
    context["title"] = first_upper(context["title"])
    context |= {"subtitle": str(status.request), "verdict": status.verdict}
    back_url = _request_url(unit, year, status.request_id)
    return form_answer(request, form, write, back_url=back_url, template=FORM, **context)


def _status_or_404(unit: Area, pk: int) -> Status:
    rows = Status.objects.select_related("unit", "request", "household", "member")
    return get_object_or_404(rows.filter(unit=unit), pk=pk)


def _request_url(unit: Area, year: int, pk: int) -> str:
    return reverse("requests:detail", args=[unit.code, year, pk])
