from django.urls import path

from targets.views import allocation as views

urlpatterns = [
    path("allocation/", views.allocation, name="allocation"),
    path("allocation/<str:method>/", views.one_method, name="allocation-method"),
]
