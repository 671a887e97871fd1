"""A password that somebody else knows opens one page only: the one that changes it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from povertyplan.accounts.scope import SignedRequest

OPEN = frozenset({"accounts:login", "accounts:logout", "accounts:password-change", "web:healthz"})


class ForcedPasswordChange:
    """Send every page to the change of the password while ``must_change_password``; static files never come here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: SignedRequest, *_view: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        is_open = request.resolver_match is not None and request.resolver_match.view_name in OPEN
        return None if is_open else redirect("accounts:password-change")


forced_password_change = ForcedPasswordChange
