"""Pages of targets, by subject; one namespace."""

from targets.urls import table

app_name = "targets"
urlpatterns = [*table.urlpatterns]
