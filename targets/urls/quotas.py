from django.urls import path

from targets.views import quotas as views

urlpatterns = [
    path("quotas/", views.quotas, name="quotas"),
    path("quotas/add/", views.add, name="quota-add"),
    path("quotas/<int:pk>/", views.edit, name="quota-edit"),
    path("quotas/<int:pk>/remove/", views.remove, name="quota-remove"),
]
