"""The villages of a unit: list, add several, correct, order, end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict
from povertyplan.villages import services
from povertyplan.villages.forms import LastDayForm, VillageForm, VillagesForm

STEPS = {"up": -1, "down": 1}


def _villages(unit: Area, year: int) -> QuerySet[Area]:
    return Area.objects.villages_of(unit).valid_in_year(year).select_related("parent")


def _url(unit: Area, year: int) -> str:
    return reverse("villages:list", args=[unit.code, year])


@require_GET
@unit_view
def villages(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    rows = list(_villages(unit, year))
    has_villages = unit.level == Level.COMMUNE
    may_enter = has_villages and can_enter(request.user, unit)
    return render(
        request, "villages/list.html", {"villages": rows, "has_villages": has_villages, "can_enter": may_enter}
    )


@require_http_methods(["GET", "POST"])
@unit_view
def village_add(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    kind = Area.objects.villages_of(unit).values_list("kind", flat=True).last() or "thôn"
    form = VillagesForm(request.POST or None, initial={"kind": kind, "valid_from": unit.valid_from})
    if form.is_valid():
        try:
            added = services.villages_add(by=request.user, unit=unit, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("names", error.messages)
        else:
            messages.success(request, f"Đã thêm {format_count(len(added))} {form.cleaned_data['kind']}.")
            return redirect(_url(unit, year))
    return _form_page(request, "villages/add.html", form, unit, year)


@require_http_methods(["GET", "POST"])
@unit_view
def village_edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)
    form = VillageForm(request.POST or None, village=village)
    if form.is_valid():
        try:
            services.village_update(by=request.user, village=village, **form.cleaned_data)
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=_url(unit, year))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"Đã lưu {village.kind} {form.cleaned_data['name']}.")
            return redirect(_url(unit, year))
    return _form_page(request, "villages/edit.html", form, unit, year, village)


@require_http_methods(["GET", "POST"])
@unit_view
def village_end(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)
    form = LastDayForm(request.POST or None, version=village.version, last_day=village.valid_to or timezone.localdate())
    if form.is_valid():
        try:
            services.village_end(by=request.user, village=village, **form.cleaned_data)
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=_url(unit, year))
        except ValidationError as error:
            form.add_error("last_day", error.messages)
        else:
            messages.success(request, f"Đã ghi ngày cuối của {village}.")
            return redirect(_url(unit, year))
    return _form_page(request, "villages/end.html", form, unit, year, village)


@require_POST
@unit_view
def village_move(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)
    step = STEPS.get(request.POST.get("to", ""))
    if step:
        services.village_move(by=request.user, village=village, step=step, year=year)
    return redirect(f"{_url(unit, year)}#village-{pk}")


def _form_page(
    request: SignedRequest, template: str, form: Form, unit: Area, year: int, village: Area | None = None
) -> HttpResponse:
    context = {"form": form, "village": village, "back_url": _url(unit, year)}
    return render(request, template, context, status=422 if form.errors else 200)
