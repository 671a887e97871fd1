"""«Đối chiếu bản giấy»: a printed table and the rates in its text against what is stored. Nothing is written."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from targets.choices import LayoutName
from targets.forms.printed import PrintedForm
from targets.layouts import LAYOUTS
from targets.rules.pasted import read
from targets.rules.printed import Place, compare, said
from targets.selectors.tables import TargetTable, target_table


@require_http_methods(["GET", "POST"])
@unit_view
def printed(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """A paste is too long for an address, so it is posted; whoever reads the table may compare."""
    stored = target_table(unit=unit, year=year)
    if stored is None or not stored.rows:
        return render(request, "targets/printed_empty.html")
    form = PrintedForm(request.POST or None, layout=stored.layout)
    context: dict[str, Any] = {
        "form": form,
        "layouts": [(name.label, LAYOUTS[name].columns) for name in LayoutName],
        "table": stored,
    }
    if form.is_valid():
        context |= _compared(form, stored)
    return render(request, "targets/printed.html", context, status=422 if form.errors else 200)


def _compared(form: PrintedForm, stored: TargetTable) -> dict[str, Any]:
    layout = LAYOUTS[LayoutName(form.cleaned_data["layout"])]
    in_text = said(stored.total, form.said)
    if not form.cleaned_data["text"]:
        return {"is_compared": True, "differences": in_text}
    places = [Place(name=row.name, kind=row.kind, figures=row.figures) for row in stored.rows]
    comparison = compare(read(form.cleaned_data["text"], layout, unit=str(stored.unit)), layout, places)
    return {
        "is_compared": True,
        "comparison": comparison,
        "differences": (*comparison.differences, *in_text),
        "remarks": comparison.remarks,
    }
