"""The other side of the page: the same rows, read by one query, in a template that knows nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from povertyplan.core.numbers import format_count, format_rate
from povertyplan.urls import urlpatterns as product
from targets.layouts import MORE, STANDARD, Kind
from targets.models import VillageTarget
from targets.rules import COUNTS, Figures


def rows(request: HttpRequest, code: str, year: int) -> HttpResponse:
    targets = VillageTarget.objects.filter(unit__code=code, plan__year=year).in_plan_order()
    lines = [
        {
            "name": target.village.name,
            "values": [
                (format_rate if column.kind == Kind.RATE else format_count)(column.value(figures))
                for figures in [Figures(**{name: getattr(target, name) for name in COUNTS})]
                for column in STANDARD + MORE
            ],
        }
        for target in targets
    ]
    return render(request, "bare.html", {"rows": lines})


urlpatterns = [*product, path("bare/<str:code>/<int:year>/", rows)]
