"""Workbooks in the browser: take the form, bring it back, look at the difference, write."""

from collections.abc import Callable
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.exchange import services, writer
from povertyplan.exchange.cells import CellError, WorkbookRefused
from povertyplan.exchange.check import Checked
from povertyplan.exchange.choices import UploadState
from povertyplan.exchange.forms import UploadForm, WriteForm
from povertyplan.exchange.kinds import Kind, UnknownKind, kind_of, kinds_of, label_of
from povertyplan.exchange.models import Upload
from povertyplan.exchange.resources import SheetResource
from povertyplan.exchange.selectors import uploads_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST, MOST_ERRORS, MOST_ROWS = 20, 200, 500


def _kind(key: str, unit: Area) -> Kind:
    try:
        return kind_of(key, unit=unit)
    except UnknownKind as error:
        raise Http404(str(error)) from error


@require_GET
@unit_view
def index(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Which workbooks there are, and what was brought in last."""
    rows = [{"kind": kind, "can_write": kind.permission(request.user, unit)} for kind in kinds_of(unit)]
    uploads = [{"row": row, "label": label_of(row.kind)} for row in uploads_of(unit=unit, year=year)[:LAST]]
    return render(request, "exchange/index.html", {"rows": rows, "uploads": uploads})


@require_safe
@unit_view
def template(request: SignedRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    return _workbook(request, unit, year, _kind(kind, unit), writer.template, "mau-")


@require_safe
@unit_view
def export(request: SignedRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    return _workbook(request, unit, year, _kind(kind, unit), writer.export, "")


def _workbook(
    request: SignedRequest,
    unit: Area,
    year: int,
    kind: Kind,
    write: Callable[[Kind, SheetResource], bytes],
    prefix: str,
) -> HttpResponse:
    content = write(kind, kind.resource(unit=unit, year=year, by=request.user))
    name = f"{prefix}{kind.slug}-{unit.code or unit.pk}-{year}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_http_methods(["GET", "POST"])
@unit_view
def upload(request: SignedRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    """Bring a workbook in: nothing is written before its difference was looked at."""
    found = _kind(kind, unit)
    require(found.permission, request.user, unit)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    back = reverse("exchange:index", args=[unit.code, year])
    if not form.is_valid():
        context = {"form": form, "kind": found, "back_url": back}
        return render(request, "exchange/upload.html", context, status=422 if form.errors else 200)
    file = form.cleaned_data["file"]
    try:
        row = services.upload_stage(by=request.user, kind=found, unit=unit, year=year, name=file.name, file=file)
    except WorkbookRefused as refusal:
        for error in refusal.errors:
            form.add_error("file", str(error))
        return render(request, "exchange/upload.html", {"form": form, "kind": found, "back_url": back}, status=422)
    return redirect("exchange:upload", code=unit.code, year=year, pk=row.pk)


@require_http_methods(["GET", "POST"])
@unit_view
def staged(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """The difference that a workbook would make now; the button under it writes exactly that."""
    row = _upload(unit, year, pk)
    kind = _kind(row.kind, unit)
    require(kind.permission, request.user, unit)
    if row.state != UploadState.WAITING:
        return render(request, "exchange/ended.html", {"upload": row, "kind": kind})
    form = WriteForm(request.POST)
    if request.method == "POST" and form.is_valid():
        return _write(request, row, kind, **form.cleaned_data)
    return _difference(request, row, kind)


def _write(request: SignedRequest, row: Upload, kind: Kind, *, fingerprint: str, is_emptying: bool) -> HttpResponse:
    try:
        checked = services.upload_write(
            by=request.user, upload=row, kind=kind, fingerprint=fingerprint, keep_blanks=not is_emptying
        )
    except services.Changed:
        messages.warning(request, "Số liệu trong phần mềm vừa thay đổi nên chưa ghi gì. Xem lại chênh lệch ở dưới.")
        return _difference(request, row, kind, status=409)
    except WorkbookRefused:
        return _difference(request, row, kind, is_emptying=is_emptying, status=422)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _difference(request, row, kind, status=422)
    counts = checked.counts
    messages.success(request, f"Đã ghi từ tệp {row.name}: {counts['new']} dòng mới, {counts['changed']} dòng thay đổi.")
    return redirect("exchange:index", code=row.unit.code, year=row.year)


def _difference(
    request: SignedRequest, row: Upload, kind: Kind, *, is_emptying: bool = False, status: int = 200
) -> HttpResponse:
    checked: Checked | None = None
    errors: list[CellError]
    try:
        checked = _tried(request, row, kind, keep_blanks=not is_emptying)
        errors = checked.errors
    except WorkbookRefused as refusal:
        errors = refusal.errors
    differing = [line for line in checked.rows if line.changes] if checked else []
    can_write = bool(differing) and not errors
    if checked and checked.emptied and errors:  # what is refused one way may be right the other way
        can_write = not _tried(request, row, kind, keep_blanks=is_emptying).errors
    context = {
        "upload": row,
        "kind": kind,
        "checked": checked,
        "errors": errors[:MOST_ERRORS],
        "more_errors": max(len(errors) - MOST_ERRORS, 0),
        "rows": differing[:MOST_ROWS],
        "more_rows": max(len(differing) - MOST_ROWS, 0),
        "can_write": can_write,
        "form": WriteForm(initial={"is_emptying": is_emptying}),
    }
    return render(request, "exchange/difference.html", context, status=status)


def _tried(request: SignedRequest, row: Upload, kind: Kind, *, keep_blanks: bool) -> Checked:
    with row.file.open("rb") as file:
        data = BytesIO(file.read())
    return services.workbook_try(
        by=request.user, kind=kind, unit=row.unit, year=row.year, file=data, keep_blanks=keep_blanks
    )


@require_POST
@unit_view
def drop(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    row = _upload(unit, year, pk)
    kind = _kind(row.kind, unit)
    require(kind.permission, request.user, unit)
    try:
        services.upload_drop(by=request.user, upload=row, kind=kind)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Đã bỏ tệp {row.name}, không ghi gì.")
    return redirect("exchange:index", code=unit.code, year=year)


def _upload(unit: Area, year: int, pk: int) -> Upload:
    return get_object_or_404(Upload.objects.filter(unit=unit, year=year).select_related("unit", "by"), pk=pk)
