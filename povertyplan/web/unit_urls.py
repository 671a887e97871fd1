"""Everything of a unit and a year: ``/u/CODE/YEAR/…``."""

from django.urls import include, path

from povertyplan.web import views

urlpatterns = [
    path("", views.unit_home, name="unit-home"),
    path("households/", include("households.urls.registry")),
    path("requests/", include("households.urls.requests")),
    path("review/", include("households.urls.rounds")),
    path("review/forms/", include("households.urls.reviews")),
    path("review/summaries/", include("households.urls.summaries")),
    path("law/", include("households.urls.law")),
    path("targets/", include("targets.urls")),
    path("exits/", include("households.urls.exits")),
    path("documents/", include("reports.urls")),
    path("exchange/", include("povertyplan.exchange.urls")),
    path("villages/", include("povertyplan.villages.urls")),
    path("papers/", include("povertyplan.papers.urls")),
    path("offices/", include("povertyplan.offices.urls")),
    path("people/", include("povertyplan.accounts.unit_urls")),
    path("jobs/", include("povertyplan.jobs.urls")),
]
