"""Requests, statuses beside the category, counts of villages and the list recorded from paper."""

from django.urls import path

from households.views import counts, past, requests, statuses

app_name = "requests"
urlpatterns = [
    path("", requests.register, name="list"),
    path("add/", requests.add, name="add"),
    path("<int:pk>/", requests.detail, name="detail"),
    path("<int:pk>/edit/", requests.edit, name="edit"),
    path("<int:pk>/answer/", requests.answer, name="answer"),
    path("<int:pk>/reopen/", requests.reopen, name="reopen"),
    path("<int:pk>/to-round/<int:round_pk>/", requests.to_round, name="to-round"),
    path("<int:pk>/assess/", statuses.assess, name="assess"),
    path("statuses/", statuses.statuses, name="statuses"),
    path("statuses/<int:pk>/post/", statuses.post, name="post"),
    path("statuses/<int:pk>/decide/", statuses.decide, name="decide"),
    path("statuses/<int:pk>/number/", statuses.number, name="number"),
    path("statuses/<int:pk>/refuse/", statuses.refuse, name="refuse"),
    path("statuses/<int:pk>/end/", statuses.end, name="end"),
    path("counts/", counts.counts, name="counts"),
    path("counts/setting/", counts.counting, name="counting"),
    path("counts/<slug:day>/remove/", counts.counts_remove, name="counts-remove"),
    path("past-list/", past.past_list, name="past"),
]
