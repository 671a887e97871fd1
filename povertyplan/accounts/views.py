"""Logging in and out, the own password, and the page of a locked login."""

import math
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from povertyplan.accounts.forms import LoginForm, PasswordChangeForm, add_errors
from povertyplan.accounts.scope import SignedRequest
from povertyplan.accounts.selectors import locked_until
from povertyplan.accounts.services import password_set
from povertyplan.accounts.typed import fields_of

HOURS = settings.SESSION_COOKIE_AGE // 3600


class LoginView(auth.LoginView):
    """The login page; with ``next`` it says why it stands in the way."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if request.htmx:
            return _leave_page(request, settings.LOGIN_URL)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        fields = fields_of(self.request.POST.get("typed", ""))
        if not fields:
            return super().form_valid(form)
        login(self.request, form.get_user())
        return render(self.request, "accounts/send_again.html", {"action": self.get_success_url(), "fields": fields})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.get_redirect_url()
        return super().get_context_data(
            **kwargs,
            typed=self.request.POST.get("typed", ""),
            is_interrupted=bool(wanted) and wanted != resolve_url(settings.LOGIN_REDIRECT_URL),
            hours=HOURS,
        )


@sensitive_post_parameters()
@never_cache
def login_first(request: HttpRequest, typed: str) -> HttpResponse:
    """The login in place of the answer to a form; ``typed`` is what the form held."""
    context = {
        "form": LoginForm(request),
        "next": request.get_full_path(),
        "typed": typed,
        "has_files": bool(request.FILES),
        "hours": HOURS,
    }
    return render(request, "accounts/login.html", context, status=401)


@method_decorator(login_not_required, name="dispatch")
class LogoutView(auth.LogoutView):
    """POST only. A session that has already ended is no reason to ask for a login first."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, "Bạn đã đăng xuất.")
        return response


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password_change(request: SignedRequest) -> HttpResponse:
    """Change the own password; this session goes on, the user's other sessions end."""
    if request.htmx:
        return _leave_page(request, "accounts:password-change")
    form = PasswordChangeForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            password_set(by=request.user, user=request.user, password=form.cleaned_data["password"], must_change=False)
        except ValidationError as error:
            add_errors(form, error)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "Đã đổi mật khẩu. Các phiên làm việc khác của bạn đã kết thúc.")
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "is_forced": request.user.must_change_password}
    return render(request, "accounts/password_change.html", context, status=422 if form.errors else 200)


def locked_out(request: HttpRequest, _page: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Too many wrong passwords: when to try again. The same answer for names that exist and names that do not."""
    until = locked_until(request, (credentials or {}).get("username", ""))
    seconds = max(0, math.ceil((until - timezone.now()).total_seconds()))
    context = {"until": until, "minutes": max(1, math.ceil(seconds / 60)), "limit": settings.AXES_FAILURE_LIMIT}
    page = render(request, "accounts/locked_out.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page


def _leave_page(request: SignedRequest, page: str) -> HttpResponse:
    """A fragment was asked for: take the whole browser to ``page``, and back to where it was afterwards."""
    back = request.htmx.current_url_abs_path
    query = {"next": back} if back else None
    return HttpResponseClientRedirect(resolve_url(page) + (f"?{urlencode(query)}" if query else ""))
