from django.urls import path

from povertyplan.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.staged, name="upload"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<slug:kind>/template/", views.template, name="template"),
    path("<slug:kind>/export/", views.export, name="export"),
    path("<slug:kind>/add/", views.upload, name="add"),
]
