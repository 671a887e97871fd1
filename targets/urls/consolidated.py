from django.urls import path

from targets.views import consolidated as views

urlpatterns = [path("units/", views.table, name="consolidated")]
