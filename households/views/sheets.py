"""Score sheets: the list, loading a workbook, what a sheet holds, using it from a day on."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from households.forms.law import ActivateForm, SheetForm
from households.models import ScoreItem, ScoreSheet, Standard
from households.permissions import can_set_law
from households.resources import WorkbookRefused, read_sheet, sheet_template
from households.services import sheets as services
from households.views.law import demand_some_right, page_url, papers_for, rights, seen_from
from households.views.round_answers import form_answer
from povertyplan.accounts.scope import SignedRequest, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.forms import VersionForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 100


def _sheet_or_404(unit: Area, pk: int) -> ScoreSheet:
    rows = seen_from(ScoreSheet.objects.select_related("standard", "area", "paper"), unit)
    sheet: ScoreSheet = get_object_or_404(rows, pk=pk)
    return sheet


def _mine_or_refused(request: SignedRequest, unit: Area, pk: int) -> ScoreSheet:
    sheet = _sheet_or_404(unit, pk)
    if not can_set_law(request.user, sheet.area):
        raise PermissionDenied
    return sheet


@require_safe
@unit_view
def sheets(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    rows = seen_from(ScoreSheet.objects.select_related("standard", "area"), unit)
    rows = rows.annotate(questions=Count("items")).order_by("-standard__valid_from", "purpose", "setting", "-number")
    context = {"sheets": list(rows), "rights": rights(request.user, unit), "tab": "sheets"}
    return render(request, "law/sheets.html", context)


@require_safe
@unit_view
def template(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The empty workbook to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="bang-diem-trong.xlsx"'}
    return HttpResponse(sheet_template(), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    found = demand_some_right(request.user, unit)
    standards = list(seen_from(Standard.objects.all(), unit))
    form = SheetForm(request.POST or None, request.FILES or None, standards=standards, papers=papers_for(unit), **found)

    def write() -> str:
        values = form.values()
        items = _items(values.pop("file"), values["purpose"])
        sheet = services.sheet_add(by=request.user, items=items, **values)
        return f"Đã nạp {sheet}: {len(items)} câu hỏi. Xem lại rồi chọn «Đưa vào dùng»."

    return form_answer(
        request,
        form,
        write,
        back_url=page_url("sheets", unit, year),
        template="law/sheet_form.html",
        title="Nạp bảng điểm",
        submit="Nạp bảng điểm",
    )


def _items(file: Any, purpose: str) -> Any:
    try:
        return read_sheet(file, purpose=purpose)
    except WorkbookRefused as error:
        sentences = [str(cell) for cell in error.errors[:MOST_SHOWN]]
        more = len(error.errors) - MOST_SHOWN
        raise ValidationError({"file": sentences + ([f"… và {more} lỗi nữa."] if more > 0 else [])}) from error


@require_safe
@unit_view
def sheet(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    found = _sheet_or_404(unit, pk)
    items = ScoreItem.objects.filter(sheet=found).prefetch_related(Prefetch("options"))
    context = {
        "sheet": found,
        "items": list(items),
        "may_set": can_set_law(request.user, found.area),
        "is_used": services.sheet_is_used(found),
        "tab": "sheets",
    }
    return render(request, "law/sheet.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def activate(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    found = _mine_or_refused(request, unit, pk)
    initial = {"version": found.version, "valid_from": found.valid_from, "valid_to": found.valid_to}
    form = ActivateForm(request.POST or None, initial=initial)

    def write() -> str:
        services.sheet_activate(by=request.user, sheet=found, **form.cleaned_data)
        return f"Đã đưa {found} vào dùng."

    return form_answer(
        request,
        form,
        write,
        back_url=page_url("sheet", unit, year, pk),
        template="law/form.html",
        title="Đưa bảng điểm vào dùng",
        subtitle=str(found),
        notice="Phiếu lập từ ngày này chấm theo bảng này. Phiếu đã chấm theo bảng khác giữ nguyên điểm.",
        submit="Đưa vào dùng",
    )


@require_http_methods(["GET", "POST"])
@unit_view
def deactivate(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    found = _mine_or_refused(request, unit, pk)
    form = VersionForm(request.POST or None, initial={"version": found.version})

    def write() -> str:
        services.sheet_deactivate(by=request.user, sheet=found, **form.cleaned_data)
        return f"Đã thôi dùng {found}."

    return form_answer(
        request,
        form,
        write,
        back_url=page_url("sheet", unit, year, pk),
        template="law/form.html",
        title="Thôi dùng bảng điểm",
        subtitle=str(found),
        notice="Phiếu mới không chấm theo bảng này nữa. Phiếu đã chấm giữ nguyên điểm. Cần thì đưa vào dùng lại.",
        submit="Thôi dùng",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@unit_view
def remove(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    found = _mine_or_refused(request, unit, pk)
    form = VersionForm(request.POST or None, initial={"version": found.version})

    def write() -> str:
        services.sheet_remove(by=request.user, sheet=found, **form.cleaned_data)
        return f"Đã xóa {found}."

    return form_answer(
        request,
        form,
        write,
        back_url=page_url("sheets", unit, year),
        template="law/form.html",
        title="Xóa bảng điểm",
        subtitle=str(found),
        notice="Chỉ xóa được bảng nạp nhầm, chưa phiếu nào dùng. Nhật ký giữ nội dung; cần thì nạp lại tệp.",
        submit="Xóa bảng điểm",
        danger=True,
    )
