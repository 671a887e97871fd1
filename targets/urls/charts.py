from django.urls import path

from targets.views import charts as views

urlpatterns = [path("charts/", views.charts, name="charts")]
