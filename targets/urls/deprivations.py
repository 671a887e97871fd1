from django.urls import path

from targets.views import deprivations as views

urlpatterns = [
    path("deprivations/", views.deprivations, name="deprivations"),
    path("deprivations/<int:indicator_pk>/", views.households, name="deprivation"),
    path("deprivations/<int:indicator_pk>/owner/", views.owner, name="deprivation-owner"),
]
