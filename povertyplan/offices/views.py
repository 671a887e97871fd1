"""Who carries the programme in a unit: departments, officers, boards, bodies outside the committee."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.forms import VersionForm
from povertyplan.core.pages import form_answer, removal_answer
from povertyplan.offices import services
from povertyplan.offices.forms import EndForm, MemberForm
from povertyplan.offices.kinds import kind_or_404
from povertyplan.offices.models import Board, BoardMember, Officer, OfficeRow
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

    def write() -> str:
        row = services.office_add(by=request.user, unit=unit, model=page.model, **form.values())
        return f"Đã thêm {_name(row)}."

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": f"Thêm {page.word}"})


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    page = kind_or_404(kind)
    row = get_object_or_404(page.model.objects.select_related("unit").filter(unit=unit), pk=pk)
    title = f"Sửa {row}"
    form = page.form(request.POST or None, unit=unit, instance=row)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        stored = services.office_update(by=request.user, row=row, version=version, **form.values())
        return f"Đã lưu {_name(stored)}."

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": title})


@require_http_methods(["GET", "POST"])
@unit_view
def end(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    page = kind_or_404(kind)
    row = get_object_or_404(page.model.objects.select_related("unit").filter(unit=unit), pk=pk)
    form = EndForm(request.POST or None, version=row.version, last_day=row.valid_to or timezone.localdate())

    def write() -> str:
        stored = services.office_end(by=request.user, row=row, **form.cleaned_data)
        return f"Đã ghi ngày cuối của {_name(stored)}: {format_date(stored.valid_to)}."

    return _answer(request, unit, year, form, write, "offices/end.html", {"title": f"Thôi dùng {row}", "row": row})


@require_http_methods(["GET", "POST"])
@unit_view
def remove(request: SignedRequest, unit: Area, year: int, kind: str, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    page = kind_or_404(kind)
    row = get_object_or_404(page.model.objects.select_related("unit").filter(unit=unit), pk=pk)
    back_url = reverse("offices:index", args=[unit.code, year])

    def write(version: int) -> str:
        services.office_remove(by=request.user, row=row, version=version)
        return f"Đã xóa {_name(row)}."

    context = {
        "title": f"Xóa {_name(row)}",
        "what": f"Xóa {page.word} «{row}» khỏi danh sách của {unit}, ở mọi năm.",
        "reach": "Chỉ xóa được dòng ghi nhầm, chưa nơi nào dùng. Đã dùng thì chọn «Thôi dùng».",
        "undo": "Nhật ký vẫn giữ nội dung đã xóa; cần dùng lại thì thêm lần nữa.",
        "submit": "Xóa",
    }
    return removal_answer(request, row, write, back_url=back_url, **context)


@require_http_methods(["GET", "POST"])
@unit_view
def member_add(request: SignedRequest, unit: Area, year: int, board_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    board = get_object_or_404(Board.objects.select_related("unit").filter(unit=unit), pk=board_pk)
    form = MemberForm(request.POST or None, unit=unit)

    def write() -> str:
        member = services.member_add(by=request.user, board=board, **form.values())
        return f"Đã thêm {_name(member.officer)} vào {board}."

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": f"Thêm thành viên {board}"})


@require_http_methods(["GET", "POST"])
@unit_view
def member_edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    member = _member(unit, pk)
    title = f"Sửa {member}"
    form = MemberForm(request.POST or None, unit=unit, instance=member)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        stored = services.member_update(by=request.user, member=member, version=version, **form.values())
        return f"Đã lưu {_name(stored.officer)} trong {stored.board}."

    return _answer(request, unit, year, form, write, "offices/form.html", {"title": title})


@require_http_methods(["GET", "POST"])
@unit_view
def member_remove(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    member = _member(unit, pk)
    form = VersionForm(request.POST or None, initial={"version": member.version})

    def write() -> str:
        services.member_remove(by=request.user, member=member, **form.cleaned_data)
        return f"Đã bỏ {_name(member.officer)} khỏi {member.board}."

    context = {"title": f"Bỏ {member}", "member": member}
    return _answer(request, unit, year, form, write, "offices/remove.html", context)


def _name(row: OfficeRow) -> str:
    """A person by the name alone."""
    return row.full_name if isinstance(row, Officer) else str(row)


def _member(unit: Area, pk: int) -> BoardMember:
    members = BoardMember.objects.select_related("board__unit", "officer").filter(board__unit=unit)
    return get_object_or_404(members, pk=pk)


def _answer(
    request: SignedRequest,
    unit: Area,
    year: int,
    form: BaseForm,
    write: Callable[[], str],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Back to the lists when it is done."""
    back_url = reverse("offices:index", args=[unit.code, year])
    return form_answer(request, form, write, back_url=back_url, template=template, **context)
