"""The law as data: standards and procedure with their sources, confirmed by administrators, set by provinces."""

import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.choices import ParameterCode
from households.forms.law import AddresseeForm, ConfirmForm, ParameterForm, PlaceForm, WindowForm
from households.models import Cause, OpinionAddressee, Parameter, Standard, StandardIndicator, StepWindow
from households.models.law import LegalRow
from households.permissions import can_set_law
from households.selectors.law import provinces_of
from households.services import law as services
from households.views.round_answers import form_answer
from povertyplan.accounts.models import User
from povertyplan.accounts.scope import SignedRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.forms import VersionForm
from povertyplan.papers.models import Paper

ROWS: dict[str, type[LegalRow]] = {
    "standards": Standard,
    "indicators": StandardIndicator,
    "causes": Cause,
    "parameters": Parameter,
    "windows": StepWindow,
    "addressees": OpinionAddressee,
}
OWN_ROWS = ("parameters", "windows", "addressees")


def province_of(unit: Area) -> Area | None:
    """The province above the unit, or itself; the unit of a page comes with two parents."""
    above = [unit, unit.parent, unit.parent.parent if unit.parent else None]
    return next((area for area in above if area and area.level == Level.PROVINCE), None)


def page_url(name: str, unit: Area, year: int, *rest: Any) -> str:
    return reverse(f"law:{name}", args=[unit.code, year, *rest])


def rights(user: User, unit: Area) -> dict[str, Any]:
    """What the user may set from pages of the unit; nobody who may set nothing gets to a form."""
    province = province_of(unit)
    return {
        "province": province if province and can_set_law(user, province) else None,
        "is_nation": can_set_law(user, None),
    }


def demand_some_right(user: User, unit: Area) -> dict[str, Any]:
    found = rights(user, unit)
    if not found["province"] and not found["is_nation"]:
        raise PermissionDenied
    return found


def papers_for(unit: Area) -> QuerySet[Paper]:
    """What a legal fact may cite: national papers and those kept by the province."""
    return Paper.objects.to_choose(province_of(unit))


def seen_from(rows: QuerySet[Any], unit: Area) -> QuerySet[Any]:
    """National rows and those of the unit's province."""
    return rows.filter(Q(area__isnull=True) | Q(area__in=provinces_of(unit).values("pk")))


def is_in_force(row: Any, day: datetime.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


@require_safe
@unit_view
def index(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Standards, those in force first, then newest first, with lines, cut-offs, indicators and causes."""
    indicators = StandardIndicator.objects.select_related("indicator", "dimension", "paper")
    rows = seen_from(Standard.objects.select_related("paper", "area"), unit).order_by("-valid_from", "pk")
    parts = (Prefetch("indicators", indicators), Prefetch("causes", Cause.objects.select_related("paper")))
    today = timezone.localdate()
    standards = sorted(rows.prefetch_related(*parts), key=lambda row: not is_in_force(row, today))
    context = {"standards": standards, "today": today}
    return render(request, "law/index.html", context | {"rights": rights(request.user, unit), "tab": "index"})


@require_safe
@unit_view
def procedure(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Figures, calendar and addressees, in force and of other times; a province's own are marked."""
    order = (F("area").asc(nulls_first=True), "-valid_from")
    found: dict[str, list[Any]] = {}
    for kind in OWN_ROWS:
        rows: QuerySet[Any] = ROWS[kind]._default_manager.all()
        found[kind] = list(seen_from(rows, unit).select_related("paper", "area").order_by(*order))
    for row in found["windows"]:
        row.first_shown, row.last_shown = (_day_month(text) for text in (row.first, row.last))
    found["parameters"].sort(key=lambda row: ParameterCode.values.index(row.code))
    context = found | {"today": timezone.localdate(), "rights": rights(request.user, unit), "tab": "procedure"}
    return render(request, "law/procedure.html", context)


def _day_month(text: str) -> str:
    """``09-01`` as ``01/09``."""
    return "/".join(reversed(text.split("-")))


def _row_or_404(unit: Area, kind: str, pk: int) -> LegalRow:
    model = ROWS.get(kind)
    if model is None:
        raise Http404(kind)
    rows: QuerySet[Any] = model._default_manager.all()
    if model in {StandardIndicator, Cause}:
        seen = seen_from(Standard.objects.all(), unit).values("pk")
        return cast(LegalRow, get_object_or_404(rows.select_related("standard__area").filter(standard__in=seen), pk=pk))
    return cast(LegalRow, get_object_or_404(seen_from(rows, unit).select_related("area"), pk=pk))


def _list_url(kind: str, unit: Area, year: int) -> str:
    return page_url("procedure" if kind in OWN_ROWS else "index", unit, year)


@require_http_methods(["GET", "POST"])
@unit_view
def confirm(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    """An administrator compared the fact with the text of the law."""
    row = _row_or_404(unit, kind, pk)
    if not can_set_law(request.user, services.area_of_row(row)):
        raise PermissionDenied
    form = ConfirmForm(request.POST or None, row=row, papers=papers_for(unit))

    def write() -> str:
        cited = {name: form.cleaned_data[name] for name in ("version", "paper", "source")}
        stored = services.legal_fact_confirm(by=request.user, row=row, **cited, **form.figures())
        return f"Đã ghi «{stored}» là đã đối chiếu văn bản."

    return form_answer(
        request,
        form,
        write,
        back_url=_list_url(kind, unit, year),
        template="law/form.html",
        title="Xác nhận đã đối chiếu văn bản",
        subtitle=str(row),
        notice="So từng ô với văn bản gốc, sửa chỗ khác, rồi chọn văn bản và ghi điều, khoản đã đối chiếu. "
        f"Kết quả đã công nhận không thay đổi.{_said_so_far(row)}",
        submit="Xác nhận",
    )


def _said_so_far(row: LegalRow) -> str:
    said = ". ".join(filter(None, (row.paper.short_citation if row.paper else "", row.source.rstrip("."))))
    return f" Đang ghi: {said} ({row.get_certainty_display()})." if said else ""


@require_http_methods(["GET", "POST"])
@unit_view
def parameter(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    initial = {"code": request.GET.get("code", "")}
    form = ParameterForm(
        request.POST or None, initial=initial, papers=papers_for(unit), **demand_some_right(request.user, unit)
    )

    def write() -> str:
        row = services.parameter_set(by=request.user, **form.values())
        return f"Đã đặt {row.get_code_display()}."

    return _set_page(request, unit, year, form, write, "Đặt giá trị tham số")


@require_http_methods(["GET", "POST"])
@unit_view
def window(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    form = WindowForm(request.POST or None, papers=papers_for(unit), **demand_some_right(request.user, unit))

    def write() -> str:
        services.window_set(by=request.user, year=year, **form.values())
        return f"Đã đặt lịch rà soát năm {year}."

    return _set_page(request, unit, year, form, write, f"Đặt lịch rà soát năm {year}")


@require_http_methods(["GET", "POST"])
@unit_view
def addressee(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    form = AddresseeForm(request.POST or None, papers=papers_for(unit), **demand_some_right(request.user, unit))

    def write() -> str:
        row = services.addressee_set(by=request.user, **form.values())
        return f"Đã đặt nơi cho ý kiến: {row}."

    return _set_page(request, unit, year, form, write, "Đặt nơi cho ý kiến trước khi công nhận")


def _set_page(request: SignedRequest, unit: Area, year: int, form: PlaceForm, write: Any, title: str) -> HttpResponse:
    return form_answer(
        request,
        form,
        write,
        back_url=page_url("procedure", unit, year),
        template="law/form.html",
        title=title,
        notice="Giá trị của tỉnh đi trước giá trị chung cả nước, ở mọi xã của tỉnh. "
        "Không ghi đủ văn bản và nguồn thì dòng này mang chữ «chưa đối chiếu văn bản».",
        submit="Lưu",
    )


@require_http_methods(["GET", "POST"])
@unit_view
def remove(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    """Take back a province's own value."""
    row = _row_or_404(unit, kind, pk) if kind in OWN_ROWS else None
    if row is None:
        raise Http404(kind)
    area = services.area_of_row(row)
    if area is None or not can_set_law(request.user, area):
        raise PermissionDenied
    form = VersionForm(request.POST or None, initial={"version": row.version})

    def write() -> str:
        services.law_row_remove(by=request.user, row=cast(Parameter, row), **form.cleaned_data)
        return f"Đã bỏ giá trị riêng của {area}."

    return form_answer(
        request,
        form,
        write,
        back_url=_list_url(kind, unit, year),
        template="law/form.html",
        title="Bỏ giá trị riêng của tỉnh",
        subtitle=str(row),
        notice=f"Mọi xã của {area} dùng lại giá trị chung cả nước. Nhật ký giữ giá trị đã bỏ; cần thì đặt lại.",
        submit="Bỏ giá trị này",
        danger=True,
    )
