"""Households and population of the villages: typed figures by cut-off day, and how the unit counts."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from households.choices import MinorityBasis
from households.forms.counts import CELL, VERSION, CountCells, CountingForm, CutOffForm, cells_again, read_counts
from households.models import RegistrySetting, VillageCount
from households.rules.counts import FIELDS
from households.selectors.counts import (
    cut_offs,
    denominators,
    last_day_shown,
    registry_setting,
    registry_totals,
    together,
    typed_counts,
)
from households.services import counts as services
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count
from povertyplan.core.pages import put_errors
from povertyplan.core.versions import EditConflict

LABELS = dict(
    zip(
        FIELDS,
        ("Tổng số hộ", "Nhân khẩu", "Hộ dân tộc thiểu số", "Khẩu dân tộc thiểu số"),
        strict=True,
    )
)

Known = dict[datetime.date, dict[int, VillageCount]]


@dataclass(frozen=True, kw_only=True)
class CountCell:
    name: str
    label: str
    text: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CountLine:
    village: Area
    version: int
    cells: tuple[CountCell, ...]


@require_http_methods(["GET", "POST"])
@unit_view
def counts(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The figures of one cut-off day, all days, and what the rates of the year divide by."""
    if request.method == "POST":
        require(can_enter, request.user, unit)
        return _save(request, unit, year)
    known = typed_counts(unit=unit)
    day = None if "new" in request.GET else _shown_day(request, known)
    stored = known.get(day, {}) if day else {}
    first = next(iter(stored.values()), None)
    initial = {"cut_off": day, "source": first.source if first else "", "paper": first.paper_id if first else None}
    return _page(request, unit, year, known, CutOffForm(unit=unit, initial=initial), _lines(unit, year, day, stored))


def _save(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The whole table or nothing."""
    form = CutOffForm(request.POST, unit=unit)
    form.is_valid()
    day = form.cleaned_data.get("cut_off")
    cells = read_counts(request.POST, _villages(unit, year, day))
    errors = dict(cells.errors)
    if form.is_valid() and not errors:
        try:
            services.counts_set(
                by=request.user, unit=unit, rows=cells.rows, versions=cells.versions, **form.cleaned_data
            )
        except EditConflict as conflict:
            return _conflict(request, unit, year, cells, conflict)
        except ValidationError as error:
            errors = error.message_dict
            put_errors(form, ValidationError({name: errors[name] for name in errors if name in form.fields}))
        else:
            messages.success(request, f"Đã lưu số dân cư chốt ngày {format_date(day)}.")
            return redirect(f"{_url(unit, year)}?cut_off={day}")
    known = typed_counts(unit=unit)
    lines = _lines(unit, year, day, known.get(day, {}) if day else {}, cells=cells, errors=errors)
    return _page(request, unit, year, known, form, lines, status=422)


def _page(
    request: SignedRequest,
    unit: Area,
    year: int,
    known: Known,
    form: CutOffForm,
    lines: list[CountLine],
    *,
    status: int = 200,
) -> HttpResponse:
    used_on = last_day_shown(unit, year)
    used = denominators(unit=unit, day=used_on)
    is_commune = unit.level == Level.COMMUNE
    context = {
        "form": form,
        "labels": LABELS.values(),
        "lines": lines,
        "cut_offs": cut_offs(known),
        "used_on": used_on,
        "used": together(used.values()),
        "sources": sorted({(row.source, row.cut_off) for row in used.values() if not row.is_counted}),
        "is_counted": any(row.is_counted for row in used.values()),
        "missing": [line.village for line in lines if line.village.pk not in used],
        "setting": registry_setting(unit=unit, day=used_on),
        "has_errors": status != 200,
        "is_commune": is_commune,
        "can_enter": is_commune and can_enter(request.user, unit),
    }
    return render(request, "requests/counts.html", context, status=status)


def _conflict(request: SignedRequest, unit: Area, year: int, cells: CountCells, conflict: EditConflict) -> HttpResponse:
    row: Any = conflict.row
    whole = [("cut_off", request.POST.get("cut_off", ""))]
    whole += [(name, request.POST.get(name, "")) for name in ("source", "paper")]
    context = {
        "conflict": conflict,
        "hidden": [*whole, *cells_again(cells, row, conflict.mine)],
        "action": _url(unit, year),
        "back_url": f"{_url(unit, year)}?cut_off={row.cut_off}",
    }
    return render(request, "ui/conflict.html", context, status=409)


@require_http_methods(["GET", "POST"])
@unit_view
def counts_remove(request: SignedRequest, unit: Area, year: int, day: str) -> HttpResponse:
    """Take away the figures of a day that was mistyped."""
    require(can_enter, request.user, unit)
    cut_off = _day(day)
    stored = typed_counts(unit=unit).get(cut_off, {})
    if request.method == "POST":
        versions = {pk: _number(request.POST.get(f"{VERSION}{pk}", "")) for pk in stored}
        try:
            removed = services.counts_remove(by=request.user, unit=unit, cut_off=cut_off, versions=versions)
        except EditConflict as conflict:
            messages.error(request, f"{conflict} Mở số liệu ngày này xem lại.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Đã xóa số của {format_count(removed)} thôn chốt ngày {format_date(cut_off)}.")
        return redirect(_url(unit, year))
    context = {
        "title": f"Xóa số dân cư chốt ngày {format_date(cut_off)}",
        "what": f"Xóa số đã nhập của {format_count(len(stored))} thôn chốt ngày {format_date(cut_off)}.",
        "reach": "Các tỷ lệ từ ngày này sẽ chia cho số chốt lần trước; không có lần trước thì không tính được.",
        "undo": "Nhật ký vẫn giữ số đã xóa; cần dùng lại thì nhập lần nữa.",
        "action": request.path,
        "submit": "Xóa số của ngày này",
        "back_url": _url(unit, year),
        "hidden": [(f"{VERSION}{pk}", row.version) for pk, row in stored.items()],
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def counting(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """How the unit counts from a day on: asked, then said what changes, then written."""
    require(can_enter, request.user, unit)
    last = RegistrySetting.objects.filter(unit=unit).order_by("-valid_from").first()
    form = CountingForm(request.POST or None, setting=last, today=timezone.localdate())
    if form.is_valid():
        if "confirmed" not in request.POST:
            return _ask(request, unit, year, form.cleaned_data)
        try:
            services.registry_setting_set(by=request.user, unit=unit, **form.cleaned_data)
        except EditConflict:
            form.add_error(None, "Có người vừa đổi cách tính. Mở lại trang này rồi chọn lại.")
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"Đã đặt cách tính từ ngày {format_date(form.cleaned_data['valid_from'])}.")
            return redirect(_url(unit, year))
    context = {"title": "Cách tính của đơn vị", "submit": "Xem thay đổi", "form": form, "back_url": _url(unit, year)}
    return render(request, "requests/form.html", context, status=422 if form.errors else 200)


def _ask(request: SignedRequest, unit: Area, year: int, values: dict[str, Any]) -> HttpResponse:
    day = format_date(values["valid_from"])
    basis = MinorityBasis(values["minority_basis"]).label
    context = {
        "title": f"Đổi cách tính từ ngày {day}",
        "what": f"Từ ngày {day}: hộ dân tộc thiểu số {basis}; {_source_words(unit, values)}",
        "reach": "Mọi tỷ lệ và bảng tổng hợp tính vào ngày đó hoặc sau đó. Số đã công nhận, văn bản đã lập giữ nguyên.",
        "undo": "Mở lại trang này, chọn cách tính khác với cùng ngày hoặc ngày sau.",
        "action": request.path,
        "submit": "Đổi cách tính",
        "back_url": reverse("requests:counting", args=[unit.code, year]),
        "hidden": _hidden(values),
    }
    return render(request, "ui/confirm.html", context)


def _hidden(values: dict[str, Any]) -> list[tuple[str, Any]]:
    pairs = [
        ("confirmed", "1"),
        ("valid_from", format_date(values["valid_from"])),
        ("minority_basis", values["minority_basis"]),
    ]
    pairs += [("is_complete", "on")] if values["is_complete"] else []
    return pairs + ([("version", values["version"])] if values["version"] else [])


def _source_words(unit: Area, values: dict[str, Any]) -> str:
    """Which figures rates will divide by, with both sums to compare."""
    day = min(timezone.localdate(), values["valid_from"])
    held = registry_totals(unit=unit, day=day)
    in_registry = f"{format_count(held['households'] or 0)} hộ, {format_count(held['population'] or 0)} khẩu"
    if values["is_complete"]:
        return f"tổng số hộ, nhân khẩu đếm từ sổ hộ (nay có {in_registry}), không lấy số nhập."
    return f"tổng số hộ, nhân khẩu lấy số nhập theo ngày chốt, không đếm từ sổ hộ (nay có {in_registry})."


def _shown_day(request: SignedRequest, known: Known) -> datetime.date | None:
    if "cut_off" in request.GET:
        return _day(request.GET["cut_off"])
    return next(iter(known), None)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise Http404(f"Không có ngày «{text}».") from error


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _villages(unit: Area, year: int, day: datetime.date | None) -> list[Area]:
    villages = Area.objects.villages_of(unit)
    return list(villages.valid_on(day) if day else villages.valid_in_year(year))


def _lines(
    unit: Area,
    year: int,
    day: datetime.date | None,
    stored: dict[int, VillageCount],
    *,
    cells: CountCells | None = None,
    errors: dict[str, list[str]] | None = None,
) -> list[CountLine]:
    """What was typed stands in its cell; the version is the one that the typed cells were read at."""
    lines = []
    for village in _villages(unit, year, day):
        row = stored.get(village.pk)
        version = row.version if row else 0
        lines.append(
            CountLine(
                village=village,
                version=cells.versions.get(village.pk, version) if cells else version,
                cells=tuple(_cell(village, name, row, cells, errors or {}) for name in FIELDS),
            )
        )
    return lines


def _cell(
    village: Area, name: str, row: VillageCount | None, cells: CountCells | None, errors: dict[str, list[str]]
) -> CountCell:
    key = f"{village.pk}.{name}"
    stored = format_count(getattr(row, name)) if row else ""
    return CountCell(
        name=f"{CELL}{village.pk}-{name}",
        label=f"{village.title}: {LABELS[name]}",
        text=cells.typed.get(key, stored) if cells else stored,
        errors=tuple(errors.get(key, ())),
    )


def _url(unit: Area, year: int) -> str:
    return reverse("requests:counts", args=[unit.code, year])
