"""Exit registration on the screen: villages with their counts, the households behind them, meeting, registrations."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from households.choices import Category, Need
from households.forms.exits import AddForm, DriveForm, EditForm, MeetingForm, WithdrawForm
from households.forms.rounds import day_or
from households.models import ExitDrive, ExitRegistration, Household
from households.selectors.exit_pages import Entry, Listed, Overview, findings, overview
from households.selectors.exits import drive_of, head_name, with_needs
from households.services import exit_meetings, exits
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding
from povertyplan.core.pages import form_answer
from povertyplan.villages.rules import village_word

PER_PAGE = 500
FORM = "exits/form.html"
NOT_OPEN = "Đăng ký thoát nghèo của năm này chưa mở."


@dataclass(frozen=True, kw_only=True)
class Show:
    """One way to look at the households: which registrations, or which households of the list."""

    code: str
    label: str
    entry: Callable[[Entry], bool] | None = None
    listed: Callable[[Listed], bool] | None = None

    def rows(self, shown: Overview) -> list[Any]:
        if self.entry is not None:
            return [row for row in shown.entries if self.entry(row)]
        return [row for row in shown.listed if self.listed is None or self.listed(row)]


def _stands(category: str) -> Callable[[Entry], bool]:
    return lambda row: not row.is_withdrawn and row.row.category == category


SHOWS = (
    Show(code="registered", label="Đã đăng ký", entry=lambda row: not row.is_withdrawn),
    Show(code="registered-poor", label="Đăng ký, hộ nghèo", entry=_stands(Category.POOR)),
    Show(code="registered-near-poor", label="Đăng ký, hộ cận nghèo", entry=_stands(Category.NEAR_POOR)),
    Show(code="unsigned", label="Chưa có đơn ký", entry=lambda row: row.is_unsigned),
    Show(code="off", label="Không còn trong danh sách", entry=lambda row: row.is_off and not row.is_withdrawn),
    Show(code="withdrawn", label="Đã rút", entry=lambda row: row.is_withdrawn),
    Show(code="poor", label="Hộ nghèo", listed=lambda row: row.category == Category.POOR),
    Show(code="near-poor", label="Hộ cận nghèo", listed=lambda row: row.category == Category.NEAR_POOR),
)


@require_GET
@unit_view
def index(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Villages with what registered, withdrew, is missing; every number opens its households."""
    if unit.level != Level.COMMUNE:
        return render(request, "exits/not_here.html")
    shown = overview(unit=unit, year=year, today=timezone.localdate())
    may_enter = can_enter(request.user, unit) and shown.drive is not None
    context = {
        "shown": shown,
        "word": _word(shown.villages),
        "can_enter": may_enter,
        "findings": [_linked(one, unit, year, may_enter=may_enter) for one in findings(shown)],
    }
    return render(request, "exits/index.html", context)


def _word(villages: Iterable[Area]) -> str:
    return village_word([village.kind for village in villages])


def _linked(finding: Finding, unit: Area, year: int, *, may_enter: bool) -> Finding:
    """The anchor as the address of the page where it is put right."""
    kind, _, village = finding.anchor.partition(":")
    if kind == "meeting" and may_enter:
        return replace(finding, anchor=_url("meeting", unit, year, village))
    url = _url("village", unit, year, village)
    if kind == "meeting":
        return replace(finding, anchor=url, remedy=f"Xem {finding.place[:1].lower()}{finding.place[1:]}")
    return replace(finding, anchor=f"{url}?show={kind}")


def _url(name: str, unit: Area, year: int, *rest: Any) -> str:
    return reverse(f"exits:{name}", args=[unit.code, year, *rest])


@require_GET
@unit_view
def households(request: UnitRequest, unit: Area, year: int, village_pk: int | None = None) -> HttpResponse:
    """Registrations or listed households of all villages or of one: ``?show=``; the list that a plan attaches."""
    every = overview(unit=unit, year=year, today=timezone.localdate())
    if every.is_empty:
        raise Http404(NOT_OPEN)
    village = _among(every, village_pk) if village_pk else None
    shown = every.within(village)
    show = next((one for one in SHOWS if one.code == request.GET.get("show")), SHOWS[0])
    rows = show.rows(shown)
    context = {
        "shown": shown,
        "village": village,
        "line": shown.line(village),
        "meeting": shown.meetings.get(village.pk) if village else None,
        "word": _word(every.villages),
        "shows": [(one.code, one.label, len(one.rows(shown))) for one in SHOWS],
        "show": show.code,
        "show_label": show.label,
        "is_listed": show.entry is None,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "can_enter": can_enter(request.user, unit) and shown.drive is not None,
    }
    return render(request, "exits/households.html", context)


@require_GET
@unit_view
def paper_forms(request: UnitRequest, unit: Area, year: int, village_pk: int) -> HttpResponse:
    """The household's form to sign, filled in as far as the registry knows; of one (``?household=``) or of all."""
    every = overview(unit=unit, year=year, today=timezone.localdate())
    village = _among(every, village_pk)
    shown = every.within(village)
    asked = request.GET.get("household", "")
    signed = {entry.row.household_id for entry in shown.entries if not entry.is_withdrawn and not entry.is_unsigned}
    rows = [row for row in shown.listed if (str(row.household) == asked if asked else row.household not in signed)]
    context = {"village": village, "rows": rows, "needs": Need.choices, "day": shown.day, "drive": shown.drive}
    return render(request, "exits/paper.html", context)


@require_GET
@unit_view
def minutes(request: UnitRequest, unit: Area, year: int, village_pk: int) -> HttpResponse:
    """Minutes of the village meeting on paper, with who registered; to be filled in by hand while none are recorded."""
    every = overview(unit=unit, year=year, today=timezone.localdate())
    village = _among(every, village_pk)
    shown = every.within(village)
    context = {
        "village": village,
        "meeting": shown.meetings.get(village.pk),
        "line": shown.line(village),
        "entries": [entry for entry in shown.entries if not entry.is_withdrawn],
    }
    return render(request, "exits/minutes.html", context)


# --- writing ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@unit_view
def drive(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = _drive(unit, year)
    form = DriveForm(request.POST or None, drive=row, unit=unit)

    def write() -> str:
        exits.drive_update(by=request.user, drive=row, **form.cleaned_data)
        return "Đã lưu thời hạn đăng ký thoát nghèo."

    context = {"title": f"Thời hạn đăng ký thoát nghèo năm {year}", "back_url": _url("list", unit, year)}
    return form_answer(request, form, write, template=FORM, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: UnitRequest, unit: Area, year: int, village_pk: int) -> HttpResponse:
    """Check boxes of the poor and near-poor households of a village that have not registered."""
    require(can_enter, request.user, unit)
    today = timezone.localdate()
    every = overview(unit=unit, year=year, today=today)
    village, row = _among(every, village_pk), every.drive
    if row is None:
        raise Http404(NOT_OPEN)
    shown = every.within(village)
    held = shown.meetings.get(village.pk)
    form = AddForm(request.POST or None, listed=shown.listed, day=held.held_on if held else _day(row, today))

    def write() -> str:
        chosen = form.rows()
        homes = Household.objects.of_unit(unit).in_bulk([pk for pk, _ in chosen])
        rows = [{"household": homes[pk], **rest} for pk, rest in chosen if pk in homes]
        made = exits.registrations_add(by=request.user, drive=row, on=form.cleaned_data["registered_on"], rows=rows)
        return f"Đã ghi {len(made)} hộ đăng ký thoát nghèo."

    back_url = _url("village", unit, year, village.pk)
    context = {"village": village, "needs": Need.choices, "day": shown.day}
    return form_answer(request, form, write, back_url=back_url, template="exits/add.html", **context)


@require_http_methods(["GET", "POST"])
@unit_view
def meeting(request: UnitRequest, unit: Area, year: int, village_pk: int) -> HttpResponse:
    """Record the minutes of a village, or correct them."""
    require(can_enter, request.user, unit)
    village, row = _village(unit, village_pk), _drive(unit, year)
    stored = row.meetings.filter(village=village).first()
    form = MeetingForm(request.POST or None, meeting=stored, day=_day(row, timezone.localdate()))

    def write() -> str:
        if stored is None:
            exit_meetings.meeting_record(by=request.user, drive=row, village=village, **form.values())
            return f"Đã ghi biên bản họp của {village}."
        version = form.cleaned_data["version"] or 0
        exit_meetings.meeting_correct(by=request.user, meeting=stored, version=version, **form.values())
        return f"Đã sửa biên bản họp của {village}."

    title = f"{'Sửa biên bản' if stored else 'Biên bản'} họp đăng ký thoát nghèo: {village}"
    return form_answer(
        request, form, write, back_url=_url("village", unit, year, village.pk), template=FORM, title=title
    )


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = _registration(unit, year, pk)
    form = EditForm(request.POST or None, registration=row)

    def write() -> str:
        version = form.cleaned_data["version"]
        exits.registration_update(by=request.user, registration=row, version=version, **form.values())
        return f"Đã lưu đăng ký của hộ {_named(row)}."

    back_url = _url("village", unit, year, row.village_id)
    return form_answer(request, form, write, back_url=back_url, template="exits/edit.html", row=row, named=_named(row))


@require_http_methods(["GET", "POST"])
@unit_view
def withdraw(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = _registration(unit, year, pk)
    initial = {"version": row.version, "on": day_or(timezone.localdate(), row.registered_on, _year_end(year))}
    form = WithdrawForm(request.POST or None, initial=initial)

    def write() -> str:
        exits.registration_withdraw(by=request.user, registration=row, **form.cleaned_data)
        return f"Đã ghi hộ {_named(row)} rút đăng ký."

    context = {
        "title": f"Rút đăng ký: hộ {_named(row)}",
        "subtitle": f"{row.village.title} · {row}",
        "submit": "Ghi rút đăng ký",
        "what": "Hộ không còn tính trong số hộ đăng ký thoát nghèo của năm.",
        "undo": "Dòng đăng ký vẫn giữ ở mục «Đã rút»; hộ đổi ý thì ghi đăng ký mới.",
    }
    back_url = _url("village", unit, year, row.village_id)
    return form_answer(request, form, write, back_url=back_url, template=FORM, **context)


def _among(shown: Overview, village: int) -> Area:
    found = next((row for row in shown.villages if row.pk == village), None)
    if found is None:
        raise Http404("Không có thôn này trong đơn vị.")
    return found


def _village(unit: Area, pk: int) -> Area:
    return get_object_or_404(Area.objects.villages_of(unit), pk=pk)


def _drive(unit: Area, year: int) -> ExitDrive:
    row = drive_of(unit=unit, year=year)
    if row is None:
        raise Http404(NOT_OPEN)
    return row


def _registration(unit: Area, year: int, pk: int) -> Any:
    rows = with_needs(ExitRegistration.objects.filter(unit=unit, drive__year=year))
    return get_object_or_404(rows.annotate(head_name=head_name("household")), pk=pk)


def _named(registration: Any) -> str:
    """The household; many heads of a village have the same name, so its code follows."""
    return f"{registration.head_name or registration.signer}, mã {registration.household.code}"


def _day(row: ExitDrive, today: datetime.date) -> datetime.date:
    """What a form proposes: today, brought into the time of the drive."""
    return day_or(today, row.opened_on, row.closes_on or _year_end(row.year))


def _year_end(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)
