"""What stands beside the target table and changes with none of its cells: the year before, and the level above."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from targets.permissions import can_plan
from targets.selectors.above import assigned_from_above
from targets.selectors.findings import start_findings
from targets.selectors.movements import movement_table
from targets.selectors.tables import target_table


@require_GET
@unit_view
def beside(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Last year's movements, where the start differs from what they lead to or from what was recognised, and what is
    assigned from above. The table page asks for it once, after it is shown.
    """
    stored = target_table(unit=unit, year=year)
    if stored is None:
        raise Http404("Năm này chưa có bảng chỉ tiêu.")
    movements = movement_table(stored)
    assigned = assigned_from_above(unit=unit, year=year)
    findings = start_findings(stored, movements)
    can_type = can_plan(request.user, unit) and stored.is_open
    context = {
        "table": stored,
        "movements": movements,
        "assigned": assigned,
        "lacking": assigned.lacking(stored.total) if assigned else {},
        "findings": findings,
        "can_type": can_type,
        "can_take": can_type and any(finding.code == "start-blank" for finding in findings),
        "last_year": year - 1,
    }
    return render(request, "targets/beside.html", context)
