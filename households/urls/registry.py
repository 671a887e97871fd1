from django.urls import path

from households.views import members, moves, registry

app_name = "households"
urlpatterns = [
    path("", registry.households, name="list"),
    path("add/", registry.household_add, name="add"),
    path("duplicates/", registry.duplicates, name="duplicates"),
    path("follow/", moves.follow, name="follow"),
    path("<int:pk>/", registry.household, name="detail"),
    path("<int:pk>/edit/", registry.household_edit, name="edit"),
    path("<int:pk>/close/", registry.household_close, name="close"),
    path("<int:pk>/reopen/", registry.household_reopen, name="reopen"),
    path("<int:pk>/move/", moves.household_move, name="move"),
    path("<int:pk>/split/", moves.household_split, name="split"),
    path("<int:pk>/merge/", moves.household_merge, name="merge"),
    path("<int:pk>/head/", moves.head_change, name="head"),
    path("<int:pk>/members/add/", members.member_add, name="member-add"),
    path("<int:pk>/members/<int:member_pk>/", members.member_edit, name="member-edit"),
    path("<int:pk>/members/<int:member_pk>/leave/", members.member_leave, name="member-leave"),
]
