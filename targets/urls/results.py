from django.urls import path

from targets.views import results as views

urlpatterns = [
    path("results/", views.results, name="results"),
    path("results/<slug:category>/<slug:part>/", views.households, name="result-households"),
]
