"""Everything of a unit and a year: ``/u/CODE/YEAR/…``."""

from django.urls import include, path

from povertyplan.web import views

urlpatterns = [
    path("", views.unit_home, name="unit-home"),
    path("targets/", include("targets.urls")),
    path("documents/", include("reports.urls")),
    path("villages/", include("povertyplan.villages.urls")),
    path("papers/", include("povertyplan.papers.urls")),
    path("offices/", include("povertyplan.offices.urls")),
    path("people/", include("povertyplan.accounts.unit_urls")),
    path("jobs/", include("povertyplan.jobs.urls")),
]
