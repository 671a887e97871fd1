"""Who changed what in the target plan."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from targets.selectors.history import table_history

PER_PAGE = 50


@require_GET
@unit_view
def history(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Who changed which figure of the table from what to what."""
    lines = table_history(unit=unit, year=year)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "targets/history.html", {"page_of_changes": page})
