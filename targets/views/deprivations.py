"""Deprivations and who sees to them: by indicator, and the households behind each figure."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from households.models import Indicator
from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import button_answer, form_answer
from povertyplan.core.text import plain
from targets.forms.deprivations import HouseholdFilterForm, NamedForm, OwnerForm
from targets.models import DeprivationOwner, TargetPlan
from targets.permissions import can_plan
from targets.selectors.deprivations import DeprivedLine, opened_indicator, owned_table
from targets.services import deprivations as services

# All households of a commune at once, so that none that was ticked is left behind; each sends two fields at most, of
# those that a request may have (DATA_UPLOAD_MAX_NUMBER_FIELDS).
PER_PAGE = 2000


@require_GET
@unit_view
def deprivations(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    plan = _plan(unit, year)
    context = {
        "table": owned_table(unit=unit, year=year, plan=plan),
        "plan": plan,
        "can_change": plan is not None and can_plan(request.user, unit),
    }
    return render(request, "targets/deprivations.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def owner(request: UnitRequest, unit: Area, year: int, indicator_pk: int) -> HttpResponse:
    """Who leads, how many households this year, and how."""
    require(can_plan, request.user, unit)
    plan = get_object_or_404(TargetPlan.objects.select_related("unit"), unit=unit, year=year)
    indicator = get_object_or_404(Indicator, pk=indicator_pk)
    stored = DeprivationOwner.objects.filter(plan=plan, indicator=indicator).first()
    form = OwnerForm(request.POST or None, unit=unit, year=year, owner=stored)

    def write() -> str:
        version = form.cleaned_data["version"]
        services.owner_set(by=request.user, plan=plan, indicator=indicator, version=version, **form.values())
        return f"Đã lưu phân công chỉ số «{indicator}»."

    context = {"title": f"Phân công: {indicator}", "submit": "Lưu"}
    back_url = reverse("targets:deprivations", args=[unit.code, year])
    return form_answer(request, form, write, back_url=back_url, template="targets/deprivation_form.html", **context)


@require_http_methods(["GET", "POST"])
@unit_view
def households(request: UnitRequest, unit: Area, year: int, indicator_pk: int) -> HttpResponse:
    """The households deprived in one indicator, by village; those to be freed of it this year are checked."""
    plan = _plan(unit, year)
    if request.method == "POST":
        require(can_plan, request.user, unit)
        return _name(request, unit, year, plan, get_object_or_404(Indicator, pk=indicator_pk))
    try:
        opened = opened_indicator(unit=unit, year=year, plan=plan, indicator=indicator_pk)
    except KeyError as error:
        raise Http404("Chuẩn nghèo của năm không có chỉ số này.") from error
    chosen = HouseholdFilterForm(request.GET).chosen()
    lines = list(_filtered(opened.lines, chosen))
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "opened": opened,
        "owned": opened.owned,
        "page": page,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "can_change": plan is not None and can_plan(request.user, unit),
    }
    return render(request, "targets/deprivation_households.html", context)


def _filtered(lines: Iterable[DeprivedLine], chosen: dict[str, Any]) -> Iterable[DeprivedLine]:
    words = plain(chosen["q"]).split()
    for line in lines:
        home = line.household
        if chosen["village"] and home.village_id != chosen["village"]:
            continue
        if chosen["category"] and home.category != chosen["category"]:
            continue
        if chosen["show"] and line.is_named != (chosen["show"] == "named"):
            continue
        if all(word in plain(f"{home.head_name} {home.code}") for word in words):
            yield line


def _name(request: UnitRequest, unit: Area, year: int, plan: TargetPlan | None, indicator: Indicator) -> HttpResponse:
    """Only what was checked or unchecked on the page changes; the page comes back as it was filtered."""
    form = NamedForm(request.POST)

    def write() -> str:
        if plan is None:
            raise ValidationError("Chưa lập bảng chỉ tiêu của năm.")
        services.households_name(by=request.user, plan=plan, indicator=indicator, add=form.add, drop=form.drop)
        return f"Đã thêm {len(form.add)} hộ, bỏ {len(form.drop)} hộ."

    query = request.GET.urlencode()
    address = reverse("targets:deprivation", args=[unit.code, year, indicator.pk])
    back_url = f"{address}?{query}" if query else address
    if not form.add and not form.drop:
        return redirect(back_url)
    return button_answer(request, form, write, back_url=back_url)


def _plan(unit: Area, year: int) -> TargetPlan | None:
    return TargetPlan.objects.select_related("unit").filter(unit=unit, year=year).first()
