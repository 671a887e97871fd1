from django.urls import path

from targets.views import result_households, results

urlpatterns = [
    path("results/", results.results, name="results"),
    path("results/<slug:category>/<slug:part>/", result_households.households, name="result-households"),
]
