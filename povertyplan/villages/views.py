"""The villages of a unit: list, add several, correct, order, end."""

from typing import Any

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
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count
from povertyplan.core.pages import form_answer, removal_answer
from povertyplan.villages import services
from povertyplan.villages.forms import LastDayForm, VillageForm, VillagesForm
from povertyplan.villages.rules import village_word

STEPS = {"up": -1, "down": 1}
WORDS = {"up": "lên trên", "down": "xuống dưới"}


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
    context = {
        "villages": rows,
        "word": village_word([row.kind for row in rows]),
        "has_villages": has_villages,
        "can_enter": may_enter,
    }
    return render(request, "villages/list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def village_add(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    kinds = list(Area.objects.villages_of(unit).values_list("kind", flat=True))
    initial = {"kind": kinds[-1] if kinds else "thôn", "valid_from": unit.valid_from}
    form = VillagesForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            added = services.villages_add(by=request.user, unit=unit, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("names", error.messages)
        else:
            messages.success(request, f"Đã thêm {format_count(len(added))} {form.cleaned_data['kind']}.")
            return redirect(_url(unit, year))
    return _form_page(request, "villages/add.html", form, unit, year, word=village_word(kinds))


@require_http_methods(["GET", "POST"])
@unit_view
def village_edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)
    form = VillageForm(request.POST or None, village=village)

    def write() -> str:
        return f"Đã lưu {services.village_update(by=request.user, village=village, **form.cleaned_data)}."

    return form_answer(request, form, write, back_url=_url(unit, year), template="villages/edit.html", village=village)


@require_http_methods(["GET", "POST"])
@unit_view
def village_end(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)
    form = LastDayForm(request.POST or None, version=village.version, last_day=village.valid_to or timezone.localdate())

    def write() -> str:
        stored = services.village_end(by=request.user, village=village, **form.cleaned_data)
        return f"Đã ghi ngày cuối của {stored}: {format_date(stored.valid_to)}."

    return form_answer(request, form, write, back_url=_url(unit, year), template="villages/end.html", village=village)


@require_POST
@unit_view
def village_move(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)
    to = request.POST.get("to", "")
    if to not in STEPS:
        return redirect(f"{_url(unit, year)}#village-{pk}")
    if services.village_move(by=request.user, village=village, step=STEPS[to], year=year):
        messages.success(request, f"Đã chuyển {village} {WORDS[to]}.")
    return redirect(f"{_url(unit, year)}#{_button_to_use_next(unit, year, village, to)}")


def _button_to_use_next(unit: Area, year: int, village: Area, to: str) -> str:
    """The browser puts the focus where the address points: the same arrow, or the other one at either end."""
    order = list(_villages(unit, year).values_list("pk", flat=True))
    ends = {"up": order[0], "down": order[-1]}
    arrow = next((way for way in (to, *STEPS) if ends[way] != village.pk), to)
    return f"village-{village.pk}-{arrow}"


@require_http_methods(["GET", "POST"])
@unit_view
def village_remove(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    village = get_object_or_404(_villages(unit, year), pk=pk)

    def write(version: int) -> str:
        services.village_remove(by=request.user, village=village, version=version)
        return f"Đã xóa {village}."

    context = {
        "title": f"Xóa {village}",
        "what": f"Xóa {village} khỏi danh sách của {unit}, ở mọi năm.",
        "reach": "Chỉ xóa được dòng ghi nhầm, chưa có trong bảng nào. Đã có số liệu thì chọn «Thôi dùng».",
        "undo": "Nhật ký vẫn giữ tên đã xóa; cần dùng lại thì thêm lần nữa.",
        "submit": f"Xóa {village}",
    }
    return removal_answer(request, village, write, back_url=_url(unit, year), **context)


def _form_page(
    request: SignedRequest, template: str, form: Form, unit: Area, year: int, **context: Any
) -> HttpResponse:
    context |= {"form": form, "back_url": _url(unit, year)}
    return render(request, template, context, status=422 if form.errors else 200)
