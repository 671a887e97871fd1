"""Who is not logged in logs in first, losing nothing typed; a password that somebody else knows opens one page only."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from povertyplan.accounts.scope import SignedRequest
from povertyplan.accounts.typed import typed_of
from povertyplan.accounts.views import login_first

OPEN = frozenset({"accounts:login", "accounts:logout", "accounts:password-change", "web:healthz"})
API = "api"
CHANGE_FIRST = "Phải đổi mật khẩu trước: đăng nhập trên trình duyệt rồi đổi."


class LoginRequired(LoginRequiredMiddleware):
    """Pages want a login. A form that was sent after the session ended goes along to the login and from there on.

    What a script sends is redirected like any other page: it keeps what it has and sends it again.
    """

    def handle_no_permission(  # type: ignore[override]  # the library's typing knows redirects only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        typed = "" if request.headers.get("HX-Request") else typed_of(request)
        return login_first(request, typed) if typed else super().handle_no_permission(request, view_func)


class ForcedPasswordChange:
    """Send every page to the change of the password while ``must_change_password``; static files never come here.

    A program behind the API cannot follow a page: it is refused in words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: SignedRequest, *_view: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN:
            return None
        if match is not None and API in match.namespaces:
            return JsonResponse({"errors": {"all": [CHANGE_FIRST]}}, status=403)
        return redirect("accounts:password-change")


forced_password_change = ForcedPasswordChange
