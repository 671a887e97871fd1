"""Pages of targets, by subject; one namespace."""

from targets.urls import allocation, charts, consolidated, deprivations, goals, printed, quotas, results, review, table

app_name = "targets"
urlpatterns = [
    *table.urlpatterns,
    *review.urlpatterns,
    *quotas.urlpatterns,
    *allocation.urlpatterns,
    *consolidated.urlpatterns,
    *results.urlpatterns,
    *charts.urlpatterns,
    *goals.urlpatterns,
    *deprivations.urlpatterns,
    *printed.urlpatterns,
]
