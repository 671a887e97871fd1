from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("", views.table, name="table"),
    path("open/", views.open_plan, name="open"),
    path("history/", views.history, name="history"),
    path("source/", views.source, name="source"),
    path("source/take/", views.take_start, name="take-start"),
]
