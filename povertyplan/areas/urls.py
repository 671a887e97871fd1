from django.urls import path

from povertyplan.areas import views

app_name = "areas"
urlpatterns = [
    path("", views.villages, name="villages"),
    path("add/", views.village_add, name="village-add"),
    path("<int:pk>/edit/", views.village_edit, name="village-edit"),
    path("<int:pk>/end/", views.village_end, name="village-end"),
    path("<int:pk>/move/", views.village_move, name="village-move"),
]
