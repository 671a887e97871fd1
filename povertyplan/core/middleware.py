"""Tell the audit who is behind the writes of a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from povertyplan.core.audit import acting

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def audit_actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in WRITES or not request.user.is_authenticated:
            return get_response(request)
        with acting(by=request.user, action=f"{request.method} {request.path}"):
            return get_response(request)

    return middleware
