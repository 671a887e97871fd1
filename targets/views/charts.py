"""The pictures of a unit and year, each with its sentence and its table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from targets.choices import Period
from targets.selectors.charts import bars_of, progress_of, trend_of
from targets.selectors.results import plan_results, planned_table


@require_safe
@unit_view
def charts(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Rates by village, trend, progress to the quota; above the communes the rates by unit and the trend of plans."""
    if unit.level != Level.COMMUNE:
        table, pictures = planned_table(unit=unit, year=year), [trend_of(unit, None)]
    else:
        found = plan_results(unit=unit, year=year, period=Period.YEAR, today=timezone.localdate())
        table, pictures = found.table, [trend_of(unit, found.results.line), *progress_of(found)]
    first = [bars_of(table)] if table and table.rows else []
    context = {"charts": [*first, *pictures], "table": table}
    return render(request, "targets/charts.html", context)
