from django.urls import path

from targets.views import table as views

urlpatterns = [
    path("", views.table, name="table"),
    path("open/", views.open_plan, name="open"),
    path("history/", views.history, name="history"),
    path("source/", views.source, name="source"),
    path("source/take/", views.take_start, name="take-start"),
]
