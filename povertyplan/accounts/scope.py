"""From an address to a unit that the user may see: outside the area 404, inside without the right 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.selectors import UnknownUnit, unit_in_year


class SignedRequest(HttpRequest):
    """A request as views behind the login get it; for the checker of types only."""

    user: User
    htmx: HtmxDetails


class UnitRequest(SignedRequest):
    """The same in a page of a unit."""

    unit: Area
    year: int


View = Callable[..., HttpResponseBase]
Permission = Callable[[User, Area], bool]


def unit_view(view: View) -> View:
    """Turn ``(request, code, year, …)`` of the address into ``(request, unit, year, …)`` of the view.

    ``request.unit`` and ``request.year`` serve the frame of the page.
    """

    @wraps(view)
    def wrapped(request: UnitRequest, code: str, year: int, **kwargs: Any) -> HttpResponseBase:
        try:
            unit = unit_in_year(code, year, among=Area.objects.visible_to(request.user))
        except UnknownUnit as error:
            raise Http404(str(error)) from error
        request.unit, request.year = unit, year
        return view(request, unit, year, **kwargs)

    return wrapped


def require(permission: Permission, user: User, unit: Area) -> None:
    """Raise PermissionDenied (403) without the right."""
    if not permission(user, unit):
        raise PermissionDenied
