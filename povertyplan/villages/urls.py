from django.urls import path

from povertyplan.villages import views

app_name = "villages"
urlpatterns = [
    path("", views.villages, name="list"),
    path("add/", views.village_add, name="add"),
    path("<int:pk>/edit/", views.village_edit, name="edit"),
    path("<int:pk>/end/", views.village_end, name="end"),
    path("<int:pk>/remove/", views.village_remove, name="remove"),
    path("<int:pk>/move/", views.village_move, name="move"),
]
