from django.urls import path

from targets.views import printed as views

urlpatterns = [path("printed/", views.printed, name="printed")]
