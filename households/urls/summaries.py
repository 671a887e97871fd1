from django.urls import path

from households.views import summaries

app_name = "summaries"
urlpatterns = [
    path("<int:pk>/", summaries.index, name="index"),
    path("<int:pk>/<int:number>/", summaries.table, name="table"),
    path("<int:pk>/<int:number>/<int:column>/<slug:layer>/<int:village>/", summaries.cell, name="cell"),
]
