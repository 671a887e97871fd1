"""Pages of villages listed as extremely difficult: the list of a year with its form, the last day, the removal."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count
from povertyplan.core.pages import form_answer, removal_answer
from povertyplan.villages import difficulty
from povertyplan.villages.forms import DifficultForm, LastDayForm


def _url(unit: Area, year: int) -> str:
    return reverse("villages:difficult", args=[unit.code, year])


@require_http_methods(["GET", "POST"])
@unit_view
def difficult(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Who is listed in the year; who enters adds to it."""
    may_enter = unit.level == Level.COMMUNE and can_enter(request.user, unit)
    form = DifficultForm(request.POST or None, unit=unit, year=year)
    if request.method == "POST":
        require(can_enter, request.user, unit)
        if form.is_valid():
            try:
                marked = difficulty.difficult_mark(by=request.user, unit=unit, **form.cleaned_data)
            except ValidationError as error:
                form.add_error("villages", error.messages)
            else:
                messages.success(request, f"Đã ghi {format_count(len(marked))} {form.word} đặc biệt khó khăn.")
                return redirect(_url(unit, year))
    context = {
        "form": form,
        "flags": list(difficulty.difficult_in(unit, year)),
        "word": form.word,
        "can_enter": may_enter,
        "back_url": reverse("villages:list", args=[unit.code, year]),
    }
    return render(request, "villages/difficult.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@unit_view
def difficult_end(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    flag = get_object_or_404(difficulty.difficult_in(unit, year), pk=pk)
    form = LastDayForm(request.POST or None, version=flag.version, last_day=flag.valid_to or timezone.localdate())

    def write() -> str:
        stored = difficulty.difficult_end(by=request.user, unit=unit, flag=flag, **form.cleaned_data)
        return f"Đã ghi ngày cuối của {flag.area}: {format_date(stored.valid_to)}."

    return form_answer(
        request, form, write, back_url=_url(unit, year), template="villages/difficult_end.html", village=flag.area
    )


@require_http_methods(["GET", "POST"])
@unit_view
def difficult_remove(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    flag = get_object_or_404(difficulty.difficult_in(unit, year), pk=pk)

    def write(version: int) -> str:
        difficulty.difficult_remove(by=request.user, unit=unit, flag=flag, version=version)
        return f"Đã xóa {flag.area} khỏi danh sách đặc biệt khó khăn."

    context = {
        "title": f"Xóa {flag.area} khỏi danh sách đặc biệt khó khăn",
        "what": f"Xóa tình trạng đặc biệt khó khăn của {flag.area} từ {format_date(flag.valid_from)}, ở mọi năm.",
        "reach": "Chỉ xóa khi ghi nhầm. Có quyết định đưa ra khỏi danh sách thì ghi «Ngày cuối».",
        "undo": "Nhật ký vẫn giữ; cần dùng lại thì ghi lần nữa.",
        "submit": "Xóa khỏi danh sách",
    }
    return removal_answer(request, flag, write, back_url=_url(unit, year), **context)
