"""The register of requests: list, take in, correct, answer, hand to a round."""

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.choices import ListedBecause, StatusState
from households.forms.requests import AnswerForm, FilterForm, RequestForm
from households.models import Household, Request, Status
from households.selectors.requests import (
    FOR_ROUNDS,
    STATUS_OF,
    facts_of,
    found_households,
    lines,
    narrowed,
    open_rounds,
    requests_of,
)
from households.services import requests as services
from households.services.round_list import review_add
from households.views.round_answers import button_answer, form_answer, is_number
from povertyplan.accounts.permissions import can_decide, can_enter, can_number
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.forms import VersionForm

PER_PAGE = 50


@require_GET
@unit_view
def register(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The register of the year, late ones first."""
    today = timezone.localdate()
    form = FilterForm(request.GET)
    chosen = form.chosen()
    rows = narrowed(
        requests_of(unit=unit, year=year),
        state=chosen["state"],
        kind=chosen["kind"],
        late_on=today if chosen["late"] else None,
        words=chosen["q"],
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter_form": form,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "kind", "late")),
        "page": page,
        "lines": lines(list(page.object_list), today=today),
        "can_enter": unit.level == Level.COMMUNE and can_enter(request.user, unit),
    }
    return render(request, "requests/list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    household = _chosen_household(request, unit, None)
    initial = {"received_on": timezone.localdate(), "kind": request.GET.get("kind", "")}
    form = RequestForm(request.POST or None, unit=unit, household=household, initial=initial)

    def write() -> str:
        made = services.request_register(by=request.user, unit=unit, **form.values())
        return f"Đã nhận {made}, hạn trả kết quả {made.due_on:%d/%m/%Y}."

    context = _choosing(request, unit, household) | {"title": "Nhận giấy đề nghị", "submit": "Ghi vào sổ"}
    return form_answer(request, form, write, back_url=_list_url(unit, year), template="requests/entry.html", **context)


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = _request_or_404(unit, pk)
    household = _chosen_household(request, unit, row.household)
    form = RequestForm(request.POST or None, unit=unit, household=household, request=row)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        stored = services.request_update(by=request.user, request=row, version=version, **form.values())
        return f"Đã lưu {stored}."

    context = _choosing(request, unit, household) | {"title": f"Sửa {row}", "submit": "Lưu"}
    back_url = _url("detail", unit, year, pk)
    return form_answer(request, form, write, back_url=back_url, template="requests/entry.html", **context)


@require_GET
@unit_view
def detail(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    row = _request_or_404(unit, pk)
    today = timezone.localdate()
    status = Status.objects.filter(request=row).select_related("decision", "decided_by", "entered_by").first()
    rounds = list(open_rounds(unit=unit))
    decidable_from = _decidable_from(status)
    may_enter, may_decide = can_enter(request.user, unit), can_decide(request.user, unit)
    context = {
        "line": lines([row], today=today)[0],
        "row": row,
        "status": status,
        "is_for_status": row.kind in STATUS_OF,
        "rounds": rounds if may_enter and _waits_for_a_round(row) else [],
        "findings": facts_of(row, day=today, rounds=rounds),
        "can_enter": may_enter,
        "can_decide": may_decide and (status is None or status.entered_by_id != request.user.pk),
        "is_own": may_decide and status is not None and status.entered_by_id == request.user.pk,
        "can_number": status is not None and _waits_for_number(status) and can_number(request.user, unit),
        "decidable_from": decidable_from,
        "is_decidable": decidable_from is not None and decidable_from <= today,
        "can_reopen": may_enter and bool(row.result) and status is None,
    }
    return render(request, "requests/detail.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def answer(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = _request_or_404(unit, pk)
    form = AnswerForm(request.POST or None, initial={"version": row.version, "on": timezone.localdate()})

    def write() -> str:
        stored = services.request_answer(by=request.user, request=row, **form.cleaned_data)
        return f"Đã ghi kết quả {stored}: {stored.get_result_display()}."

    context = {"title": f"Trả kết quả {row}", "submit": "Ghi kết quả", "subtitle": row.get_kind_display()}
    return form_answer(
        request, form, write, back_url=_url("detail", unit, year, pk), template="requests/form.html", **context
    )


@require_POST
@unit_view
def reopen(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Take back a result written by mistake."""
    require(can_enter, request.user, unit)
    row = _request_or_404(unit, pk)
    form = VersionForm(request.POST)

    def write() -> str:
        stored = services.request_reopen(by=request.user, request=row, **form.cleaned_data)
        return f"Đã mở lại {stored}."

    return button_answer(request, form, write, back_url=_url("detail", unit, year, pk))


@require_POST
@unit_view
def to_round(request: SignedRequest, unit: Area, year: int, pk: int, round_pk: int) -> HttpResponse:
    """Put the household on the list of an open round, because of this request."""
    require(can_enter, request.user, unit)
    row = _request_or_404(unit, pk)
    round = get_object_or_404(open_rounds(unit=unit), pk=round_pk)
    household = get_object_or_404(Household.objects.of_unit(unit), pk=row.household_id)

    def write() -> str:
        review_add(by=request.user, round=round, household=household, because=ListedBecause.REQUEST, request=row)
        return f"Đã đưa {household} vào {round}."

    form = VersionForm({"version": row.version})
    return button_answer(request, form, write, back_url=_url("detail", unit, year, pk))


def _decidable_from(status: Status | None) -> datetime.date | None:
    """The first day on which what is posted may be decided."""
    if status is None or status.posted_to is None or status.state != StatusState.POSTED:
        return None
    return status.posted_to + datetime.timedelta(days=1)


def _waits_for_number(status: Status) -> bool:
    return status.valid_from is not None and status.decision_id is None


def _waits_for_a_round(row: Request) -> bool:
    return not row.result and row.kind in FOR_ROUNDS and row.household is not None and not row.reviews.exists()


def _chosen_household(request: SignedRequest, unit: Area, stored: Household | None) -> Household | None:
    """The one in the address (0: none); else the one of the row."""
    typed = request.GET.get("household", "")
    if not is_number(typed):
        return stored
    if typed == "0":
        return None
    return get_object_or_404(_households(unit), pk=int(typed))


def _households(unit: Area) -> QuerySet[Household]:
    return Household.objects.of_unit(unit).select_related("village", "unit")


def _choosing(request: SignedRequest, unit: Area, household: Household | None) -> dict[str, Any]:
    words = request.GET.get("q", "")
    return {
        "household": household,
        "words": words,
        "found": found_households(unit=unit, words=words) if words else [],
    }


def _request_or_404(unit: Area, pk: int) -> Request:
    rows = Request.objects.select_related("unit", "village", "household__village", "household__unit", "member", "round")
    return get_object_or_404(rows.filter(unit=unit), pk=pk)


def _url(name: str, unit: Area, year: int, *rest: Any) -> str:
    return reverse(f"requests:{name}", args=[unit.code, year, *rest])


def _list_url(unit: Area, year: int) -> str:
    return _url("list", unit, year)
