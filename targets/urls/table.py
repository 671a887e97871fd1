from django.urls import path

from targets.views import beside, history, movements, source, table

urlpatterns = [
    path("", table.table, name="table"),
    path("open/", table.open_plan, name="open"),
    path("history/", history.history, name="history"),
    path("beside/", beside.beside, name="beside"),
    path("source/", source.source, name="source"),
    path("source/take/", source.take_start, name="take-start"),
    path("source/typed/", source.type_start, name="type-start"),
    path("movements/", movements.movements, name="movements"),
]
