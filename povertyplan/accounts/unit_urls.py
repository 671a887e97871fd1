"""Accounts and roles of a unit, at ``/u/CODE/YEAR/people/``."""

from django.urls import path

from povertyplan.accounts import unit_views as views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("add/", views.add, name="add"),
    path("assign/", views.assign, name="assign"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/grant/", views.grant, name="grant"),
    path("<int:pk>/password/", views.password, name="password"),
    path("grants/<int:pk>/end/", views.end_grant, name="end-grant"),
]
