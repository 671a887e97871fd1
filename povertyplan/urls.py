"""All addresses. Apps are named by strings: this module is the composition root."""

from django.urls import include, path

urlpatterns = [
    path("", include("povertyplan.web.urls")),
    path("accounts/", include("povertyplan.accounts.urls")),
    path("api/v1/", include("povertyplan.web.api_urls")),
    path("u/<str:code>/<int:year>/", include("povertyplan.web.unit_urls")),
]
