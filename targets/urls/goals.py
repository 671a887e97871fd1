from django.urls import path

from targets.views import goals as views

urlpatterns = [
    path("goals/", views.goals, name="goals"),
    path("goals/check/", views.goal_check, name="goal-check"),
    path("goals/add/", views.goal_add, name="goal-add"),
    path("goals/<int:pk>/", views.goal_edit, name="goal-edit"),
    path("goals/<int:pk>/remove/", views.goal_remove, name="goal-remove"),
    path("goals/<int:pk>/move/", views.goal_move, name="goal-move"),
    path("goals/<int:pk>/households/", views.goal_households, name="goal-households"),
    path("goals/<int:pk>/actuals/", views.actuals, name="goal-actuals"),
    path("goals/actuals/<int:pk>/", views.actual_edit, name="goal-actual-edit"),
    path("goals/actuals/<int:pk>/remove/", views.actual_remove, name="goal-actual-remove"),
]
