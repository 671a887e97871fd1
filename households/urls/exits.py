"""Exit registration of a unit and year."""

from django.urls import path

from households.views import exits

app_name = "exits"
urlpatterns = [
    path("", exits.index, name="list"),
    path("drive/", exits.drive, name="drive"),
    path("households/", exits.households, name="households"),
    path("villages/<int:village_pk>/", exits.households, name="village"),
    path("villages/<int:village_pk>/add/", exits.add, name="add"),
    path("villages/<int:village_pk>/meeting/", exits.meeting, name="meeting"),
    path("villages/<int:village_pk>/minutes/", exits.minutes, name="minutes"),
    path("villages/<int:village_pk>/forms/", exits.paper_forms, name="forms"),
    path("<int:pk>/edit/", exits.edit, name="edit"),
    path("<int:pk>/withdraw/", exits.withdraw, name="withdraw"),
]
