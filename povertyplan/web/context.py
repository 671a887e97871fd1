"""What the frame of every page shows: where one is, where one can go, as whom."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.accounts.scope import UnitRequest
from povertyplan.web import navigation, units

DENSITIES = ("comfortable", "dense")


def density_of(request: HttpRequest) -> str:
    wanted = request.COOKIES.get("density", "")
    return wanted if wanted in DENSITIES else DENSITIES[0]


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of ``base.html``. On a page of a unit at most two queries beyond the user's grants and roles."""
    context: dict[str, Any] = {"density": density_of(request), "unit": None, "year": None, "nav": []}
    unit, user = getattr(request, "unit", None), getattr(request, "user", None)
    is_fragment = getattr(request, "htmx", False)
    if unit is None or user is None or not user.is_authenticated:
        return context
    context |= {"unit": unit, "year": cast(UnitRequest, request).year, "is_sample": unit.is_sample}
    return context if is_fragment else context | _frame(cast(UnitRequest, request))


def _frame(request: UnitRequest) -> dict[str, Any]:
    unit, year, user = request.unit, request.year, request.user
    roles = user.roles_on(unit)
    view = request.resolver_match.view_name if request.resolver_match else ""
    nav = navigation.items(code=unit.code, year=year, roles=roles, view=view)
    current = next((item for item in nav if item.is_current), None)
    return {
        "nav": nav,
        "nav_first": nav[: navigation.ON_PHONE],
        "nav_more": nav[navigation.ON_PHONE :],
        "section": current.view if current else navigation.HOME.view,
        "units": units.switcher(user, unit),
        "years": units.years_of(user, unit, year=year, today=timezone.localdate()),
        "roles": [role.label for role in Role if role in roles],
    }
