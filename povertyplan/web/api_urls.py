"""``/api/v1/``: the data apps' addresses, composed by name."""

from django.urls import include, path

from povertyplan.web import api

app_name = "api"
urlpatterns = [
    path("schema/", api.Schema.as_view(), name="schema"),
    path("units/", api.UnitList.as_view(), name="units"),
    path("units/<int:pk>/", api.UnitDetail.as_view(), name="unit"),
    path("", include("households.api_urls")),
    path("", include("targets.api_urls")),
    path("<path:rest>", api.Nowhere.as_view(), name="nowhere"),
]
