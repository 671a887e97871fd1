"""Who changed what in the target plan."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from targets.selectors.history import plan_history

LAST_PAGE = 100_000


@require_GET
@unit_view
def history(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Who changed which figure of the table, its quotas and its movements from what to what."""
    asked = request.GET.get("page", "")
    number = min(int(asked), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    page = plan_history(unit=unit, year=year, number=number)
    return render(request, "targets/history.html", {"history": page})
