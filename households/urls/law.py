from django.urls import path

from households.views import comparison, law, sheets

app_name = "law"
urlpatterns = [
    path("", law.index, name="index"),
    path("procedure/", law.procedure, name="procedure"),
    path("parameters/add/", law.parameter, name="parameter"),
    path("windows/add/", law.window, name="window"),
    path("addressees/add/", law.addressee, name="addressee"),
    path("<str:kind>/<int:pk>/confirm/", law.confirm, name="confirm"),
    path("<str:kind>/<int:pk>/remove/", law.remove, name="remove"),
    path("sheets/", sheets.sheets, name="sheets"),
    path("sheets/template/", sheets.template, name="sheet-template"),
    path("sheets/add/", sheets.add, name="sheet-add"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/activate/", sheets.activate, name="sheet-activate"),
    path("sheets/<int:pk>/deactivate/", sheets.deactivate, name="sheet-deactivate"),
    path("sheets/<int:pk>/delete/", sheets.remove, name="sheet-remove"),
    path("compare/<int:pk>/", comparison.comparison, name="compare"),
]
