"""Pages outside a unit."""

from django.urls import path

from povertyplan.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("units/", views.unit_list, name="units"),
    path("switch/", views.switch, name="switch"),
    path("density/", views.density, name="density"),
    path("healthz", views.healthz, name="healthz"),
    path("u/<str:code>/<int:year>/search/", views.search, name="search"),
]
