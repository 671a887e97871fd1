"""Accounts and roles of a unit, for those who administer it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from povertyplan.accounts import services
from povertyplan.accounts.forms import AccountForm, AssignForm, EndForm, GrantForm, PersonForm, add_errors
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_administer, can_manage
from povertyplan.accounts.scope import UnitRequest, View, require, unit_view
from povertyplan.accounts.selectors import accounts_of, areas_to_grant_on, grants_of, people_of, state_of
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.versions import EditConflict


def administrators_only(view: View) -> View:
    """A page of the unit for its administrators; never kept by the browser."""

    @wraps(view)
    def checked(request: UnitRequest, unit: Area, year: int, **kwargs: Any) -> HttpResponseBase:
        require(can_administer, request.user, unit)
        return view(request, unit, year, **kwargs)

    return never_cache(unit_view(checked))


@require_safe
@administrators_only
def people(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    people_here = people_of(unit, reader=request.user)
    return render(request, "accounts/people.html", {"people": people_here, "unit": unit, "year": year})


@require_http_methods(["GET", "POST"])
@administrators_only
def add(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """A new account with its first role. The answer shows the temporary password, which is kept nowhere."""
    form = PersonForm(request.POST or None, areas=areas_to_grant_on(unit))
    if made := _try(form, lambda: services.person_add(by=request.user, **form.cleaned_data)):
        return _issued_page(request, *made, is_new=True)
    return _form_page(request, form, heading="Thêm tài khoản", button="Thêm tài khoản", note="accounts/note_add.html")


@require_http_methods(["GET", "POST"])
@administrators_only
def assign(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Give a role to somebody whose account was made elsewhere."""
    form = AssignForm(request.POST or None, areas=areas_to_grant_on(unit))
    if given := _try(form, lambda: services.grant_give(by=request.user, user=form.holder(), **form.grant())):
        return _done(request, f"Đã giao cho {given.user} vai trò {_words(given)}.")
    return _form_page(request, form, heading="Giao vai trò cho tài khoản đã có", button="Giao vai trò")


@require_http_methods(["GET", "POST"])
@administrators_only
def grant(request: UnitRequest, unit: Area, year: int, *, pk: int) -> HttpResponse:
    """Give another role to somebody of the unit."""
    account = get_object_or_404(accounts_of(unit, reader=request.user), pk=pk)
    form = GrantForm(request.POST or None, areas=areas_to_grant_on(unit))
    if given := _try(form, lambda: services.grant_give(by=request.user, user=account, **form.grant())):
        return _done(request, f"Đã giao cho {account} vai trò {_words(given)}.")
    return _form_page(request, form, heading=f"Giao vai trò cho {account}", button="Giao vai trò")


@require_http_methods(["GET", "POST"])
@administrators_only
def edit(request: UnitRequest, unit: Area, year: int, *, pk: int) -> HttpResponse:
    account = _managed(request, unit, pk)
    form = AccountForm(request.POST or None, initial={name: getattr(account, name) for name in AccountForm.base_fields})
    try:
        saved = _try(form, lambda: services.user_update(by=request.user, pk=account.pk, **form.cleaned_data))
    except EditConflict as conflict:
        now = {name: getattr(conflict.row, name) for name in ("full_name", "title", "is_active")}
        return _conflict_page(request, conflict, now | conflict.mine)
    if saved:
        return _done(request, f"Đã lưu tài khoản {saved}.")
    return _form_page(request, form, heading=f"Sửa tài khoản {account.username}", button="Lưu")


@require_http_methods(["GET", "POST"])
@administrators_only
def password(request: UnitRequest, unit: Area, year: int, *, pk: int) -> HttpResponse:
    """Ask, then set a temporary password and show it once, in the answer itself: it is kept nowhere."""
    account = _managed(request, unit, pk)
    if account == request.user:
        return redirect("accounts:password-change")
    if request.method != "POST":
        return _ask_page(request, account)
    temporary = services.temporary_password()
    services.password_set(by=request.user, user=account, password=temporary, must_change=True)
    return _issued_page(request, account, temporary, is_new=False)


@require_http_methods(["GET", "POST"])
@administrators_only
def end_grant(request: UnitRequest, unit: Area, year: int, *, pk: int) -> HttpResponse:
    """Say what will end, then end it on a day."""
    held = get_object_or_404(grants_of(unit, reader=request.user).select_related("user", "area"), pk=pk)
    form = EndForm(request.POST or None, initial={"version": held.version})
    try:
        ended = _try(form, lambda: services.grant_end(by=request.user, pk=held.pk, **form.cleaned_data))
    except EditConflict as conflict:
        return _conflict_page(request, conflict, {"on": format_date(form.cleaned_data["on"])})
    if ended:
        return _done(request, f"{ended.user} giữ vai trò {_words(ended)}.")
    context = {"held": held, "state": state_of(held, timezone.localdate()), "note": "accounts/note_end.html"}
    heading = f"Thôi vai trò của {held.user}"
    return _form_page(request, form, heading=heading, button="Thôi vai trò", danger=True, **context)


def _managed(request: UnitRequest, unit: Area, pk: int) -> User:
    """An account of the unit that the reader may change; 404 outside the unit, 403 where other units count on it."""
    account = get_object_or_404(accounts_of(unit, reader=request.user), pk=pk)
    require(lambda user, _: can_manage(user, account), request.user, unit)
    return account


def _try(form: forms.Form, service: Callable[[], Any]) -> Any:
    """What the service returns, or None with the reasons in the form."""
    if not form.is_valid():
        return None
    try:
        return service()
    except ValidationError as error:
        add_errors(form, error)
        return None


def _words(grant: Any) -> str:
    until = f" đến hết ngày {format_date(grant.valid_to)}" if grant.valid_to else ""
    return f"{grant.get_role_display().lower()} ở {grant.area} từ ngày {format_date(grant.valid_from)}{until}"


def _list_url(request: UnitRequest) -> str:
    return reverse("people:list", kwargs={"code": request.unit.code, "year": request.year})


def _done(request: UnitRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(_list_url(request))


def _ask_page(request: UnitRequest, account: User) -> HttpResponse:
    context = {
        "title": "Đặt lại mật khẩu",
        "what": f"Đặt mật khẩu tạm cho {account} ({account.username}); người này phải đổi khi đăng nhập.",
        "reach": "Mọi máy đang đăng nhập bằng tài khoản này phải đăng nhập lại.",
        "undo": "Mật khẩu cũ không lấy lại được; có thể đặt lại lần nữa.",
        "action": request.path,
        "submit": "Đặt lại mật khẩu",
        "back_url": _list_url(request),
    }
    return render(request, "ui/confirm.html", context)


def _issued_page(request: UnitRequest, account: User, temporary: str, *, is_new: bool) -> HttpResponse:
    context = {"account": account, "password": temporary, "is_new": is_new, "back_url": _list_url(request)}
    return render(request, "accounts/password_issued.html", context)


def _form_page(request: UnitRequest, form: forms.Form, *, heading: str, button: str, **context: Any) -> HttpResponse:
    context |= {"form": form, "heading": heading, "button": button, "back_url": _list_url(request)}
    return render(request, "accounts/form.html", context, status=422 if form.errors else 200)


def _conflict_page(request: UnitRequest, conflict: EditConflict, mine: dict[str, Any]) -> HttpResponse:
    """What both changed, with my values ready to be written on the version of now."""
    hidden = [("version", conflict.row.version), *((name, value) for name, value in mine.items() if value is not False)]
    context = {"conflict": conflict, "hidden": hidden, "action": request.path, "back_url": _list_url(request)}
    return render(request, "ui/conflict.html", context, status=409)
