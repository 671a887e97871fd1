"""Who carries the programme in a unit: departments, officers, boards, bodies outside the committee."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict
from povertyplan.offices import services
from povertyplan.offices.forms import EndForm, MemberForm, RemoveForm
from povertyplan.offices.kinds import kind_or_404
from povertyplan.offices.models import Board, BoardMember
from povertyplan.offices.selectors import offices_in_year


@require_GET
@unit_view
def index(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    context = {"offices": offices_in_year(unit, year), "can_enter": can_enter(request.user, unit)}
    return render(request, "offices/index.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: SignedRequest, unit: Area, year: int, kind: str) -> HttpResponse:
    require(can_enter, request.user, unit)
    page = kind_or_404(kind)
    form = page.form(request.POST or None, unit=unit)

    def write() -> None:
        services.office_add(by=request.user, unit=unit, model=page.model, **form.values())

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": f"Thêm {page.word}"})


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    page = kind_or_404(kind)
    row = get_object_or_404(page.model.objects.select_related("unit").filter(unit=unit), pk=pk)
    title = f"Sửa {row}"
    form = page.form(request.POST or None, unit=unit, instance=row)

    def write() -> None:
        services.office_update(by=request.user, row=row, version=form.cleaned_data["version"] or 0, **form.values())

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": title})


@require_http_methods(["GET", "POST"])
@unit_view
def end(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    page = kind_or_404(kind)
    row = get_object_or_404(page.model.objects.select_related("unit").filter(unit=unit), pk=pk)
    form = EndForm(request.POST or None, version=row.version, last_day=row.valid_to or timezone.localdate())

    def write() -> None:
        services.office_end(by=request.user, row=row, **form.cleaned_data)

    return _answer(request, unit, year, form, write, "offices/end.html", {"title": f"Thôi dùng {row}", "row": row})


@require_http_methods(["GET", "POST"])
@unit_view
def member_add(request: SignedRequest, unit: Area, year: int, board_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    board = get_object_or_404(Board.objects.select_related("unit").filter(unit=unit), pk=board_pk)
    form = MemberForm(request.POST or None, unit=unit)

    def write() -> None:
        services.member_add(by=request.user, board=board, **form.values())

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": f"Thêm thành viên {board}"})


@require_http_methods(["GET", "POST"])
@unit_view
def member_edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    member = _member(unit, pk)
    title = f"Sửa {member}"
    form = MemberForm(request.POST or None, unit=unit, instance=member)

    def write() -> None:
        services.member_update(
            by=request.user, member=member, version=form.cleaned_data["version"] or 0, **form.values()
        )

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": title})


@require_http_methods(["GET", "POST"])
@unit_view
def member_remove(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    member = _member(unit, pk)
    form = RemoveForm(request.POST or None, initial={"version": member.version})

    def write() -> None:
        services.member_remove(by=request.user, member=member, **form.cleaned_data)

    context = {"title": f"Bỏ {member}", "member": member}
    return _answer(request, unit, year, form, write, "offices/remove.html", context)


def _member(unit: Area, pk: int) -> BoardMember:
    members = BoardMember.objects.select_related("board__unit", "officer").filter(board__unit=unit)
    return get_object_or_404(members, pk=pk)


def _answer(
    request: SignedRequest,
    unit: Area,
    year: int,
    form: BaseForm,
    write: Callable[[], None],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Write what a valid form says and go back to the lists; else the form again, with its errors."""
    back_url = reverse("offices:index", args=[unit.code, year])
    if form.is_valid():
        try:
            write()
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=back_url)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect(back_url)
    page = {"form": form, "back_url": back_url, **context}
    return render(request, template, page, status=422 if form.errors else 200)
