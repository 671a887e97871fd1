from django.urls import path

from povertyplan.villages import difficulty_views, views

app_name = "villages"
urlpatterns = [
    path("", views.villages, name="list"),
    path("add/", views.village_add, name="add"),
    path("difficult/", difficulty_views.difficult, name="difficult"),
    path("difficult/<int:pk>/end/", difficulty_views.difficult_end, name="difficult-end"),
    path("difficult/<int:pk>/remove/", difficulty_views.difficult_remove, name="difficult-remove"),
    path("<int:pk>/edit/", views.village_edit, name="edit"),
    path("<int:pk>/end/", views.village_end, name="end"),
    path("<int:pk>/remove/", views.village_remove, name="remove"),
    path("<int:pk>/move/", views.village_move, name="move"),
]
