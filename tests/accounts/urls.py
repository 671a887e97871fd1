"""The addresses of accounts alone, with a home and a page for every role."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from povertyplan.accounts.scope import unit_view


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


@unit_view
def unit_home(request: HttpRequest, unit: object, year: int) -> HttpResponse:
    return HttpResponse(str(unit))


web = ([path("", home, name="home"), path("healthz", home, name="healthz")], "web")
urlpatterns = [
    path("", include(web)),
    path("accounts/", include("povertyplan.accounts.urls")),
    path("u/<str:code>/<int:year>/people/", include("povertyplan.accounts.unit_urls")),
    path("u/<str:code>/<int:year>/", unit_home, name="unit-home"),
]
