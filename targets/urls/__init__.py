"""Pages of targets, by subject; one namespace."""

from targets.urls import consolidated, quotas, table

app_name = "targets"
urlpatterns = [*table.urlpatterns, *quotas.urlpatterns, *consolidated.urlpatterns]
