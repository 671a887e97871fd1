"""The pictures of a unit and year, each with its sentence and its table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from targets.selectors.charts import pictures


@require_safe
@unit_view
def charts(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    table, drawn = pictures(unit=unit, year=year, today=timezone.localdate())
    return render(request, "targets/charts.html", {"charts": drawn, "table": table})
