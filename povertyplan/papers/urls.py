from django.urls import path

from povertyplan.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.index, name="list"),
    path("add/", views.add, name="add"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/replace/", views.replace, name="replace"),
]
