"""The other side of pages: the same rows and fields in a template that knows nothing else, no rights, no frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from households.models import Review, ReviewRound
from households.selectors.reviews import form_page, village_page
from households.views.review_form import stored_assessment, survey_form
from povertyplan.accounts.scope import SignedRequest
from povertyplan.areas.models import Area
from povertyplan.areas.selectors import unit_in_year
from povertyplan.urls import urlpatterns as product
from targets.selectors.tables import target_table
from targets.tables import lines, screen


def rows(request: HttpRequest, code: str, year: int) -> HttpResponse:
    table = target_table(unit=unit_in_year(code, year), year=year)
    assert table is not None
    first, more = screen(table.layout)
    grids = [
        lines(table.rows, first, can_type=True),
        lines(table.rows, more, can_type=True, with_remark=True),
    ]
    return render(request, "bare.html", {"grids": grids})


def form(request: SignedRequest, code: str, year: int, pk: int) -> HttpResponse:
    page = form_page(Review.objects.filter(unit=unit_in_year(code, year)), pk=pk, user=request.user)
    return render(request, "bare_form.html", {"form": survey_form(page, stored_assessment(page))})


def village(request: HttpRequest, code: str, year: int, pk: int, village_pk: int) -> HttpResponse:
    round = ReviewRound.objects.select_related("unit", "standard").get(pk=pk)
    page = village_page(round=round, village=Area.objects.get(pk=village_pk))
    return render(request, "bare_village.html", {"page": page})


urlpatterns = [
    *product,
    path("bare/<str:code>/<int:year>/", rows),
    path("bare/<str:code>/<int:year>/review/forms/household/<int:pk>/", form),
    path("bare/<str:code>/<int:year>/review/forms/<int:pk>/<int:village_pk>/", village),
]
