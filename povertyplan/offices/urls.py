from django.urls import path

from povertyplan.offices import views

app_name = "offices"
urlpatterns = [
    path("", views.index, name="index"),
    path("boards/<int:board_pk>/members/add/", views.member_add, name="member-add"),
    path("members/<int:pk>/edit/", views.member_edit, name="member-edit"),
    path("members/<int:pk>/remove/", views.member_remove, name="member-remove"),
    path("<slug:kind>/add/", views.add, name="add"),
    path("<slug:kind>/<int:pk>/edit/", views.edit, name="edit"),
    path("<slug:kind>/<int:pk>/remove/", views.remove, name="remove"),
    path("<slug:kind>/<int:pk>/end/", views.end, name="end"),
]
