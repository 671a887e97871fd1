"""The other side of the page: the same rows and cells in a template that knows nothing else, no rights, no frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from povertyplan.areas.selectors import unit_in_year
from povertyplan.urls import urlpatterns as product
from targets.layouts import MORE, STANDARD
from targets.selectors import target_table
from targets.tables import lines


def rows(request: HttpRequest, code: str, year: int) -> HttpResponse:
    table = target_table(unit=unit_in_year(code, year), year=year)
    assert table is not None
    return render(
        request, "bare.html", {"grids": [lines(table.rows, layout, can_type=True) for layout in (STANDARD, MORE)]}
    )


urlpatterns = [*product, path("bare/<str:code>/<int:year>/", rows)]
