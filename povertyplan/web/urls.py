"""Pages outside a unit."""

from django.urls import path

from povertyplan.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
]
