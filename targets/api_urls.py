"""The targets' part of ``/api/v1/``."""

from django.urls import path

from targets.api import allocation, comments, consolidated, deprivations, goals, parts, plans

urlpatterns = [
    path("target-plans/", plans.PlanList.as_view(), name="plans"),
    path("target-plans/<int:pk>/", plans.PlanDetail.as_view(), name="plan"),
    path("target-plans/<int:pk>/submit/", plans.PlanSubmit.as_view(), name="plan-submit"),
    path("target-plans/<int:pk>/return/", plans.PlanReturn.as_view(), name="plan-return"),
    path("target-plans/<int:pk>/approve/", plans.PlanApprove.as_view(), name="plan-approve"),
    path("target-plans/<int:pk>/adjust/", plans.PlanAdjust.as_view(), name="plan-adjust"),
    path("target-plans/<int:pk>/drop-adjustment/", plans.PlanDropAdjustment.as_view(), name="plan-drop-adjustment"),
    path("target-plans/<int:pk>/allocation/", allocation.PlanAllocation.as_view(), name="plan-allocation"),
    path("target-plans/<int:pk>/comments/", comments.CommentList.as_view(), name="plan-comments"),
    path("target-plans/<int:pk>/quotas/", parts.QuotaList.as_view(), name="plan-quotas"),
    path("target-plans/<int:pk>/versions/", parts.VersionList.as_view(), name="plan-versions"),
    path("target-plans/<int:pk>/goals/", goals.GoalList.as_view(), name="plan-goals"),
    path("target-plans/<int:pk>/goals/reached/", goals.GoalsReached.as_view(), name="plan-goals-reached"),
    path("target-plans/<int:pk>/deprivations/", deprivations.DeprivationList.as_view(), name="plan-deprivations"),
    path("target-plans/<int:pk>/deprivations/<int:indicator>/", deprivations.Deprivation.as_view(), name="deprivation"),
    path(
        "target-plans/<int:pk>/deprivations/<int:indicator>/households/",
        deprivations.DeprivationHouseholds.as_view(),
        name="deprivation-households",
    ),
    path("target-rows/<int:pk>/", plans.RowDetail.as_view(), name="row"),
    path("target-quotas/<int:pk>/", parts.QuotaDetail.as_view(), name="quota"),
    path("target-quotas/<int:pk>/remove/", parts.QuotaRemove.as_view(), name="quota-remove"),
    path("target-versions/<int:pk>/", parts.VersionDetail.as_view(), name="version"),
    path("target-comments/<int:pk>/", comments.CommentDetail.as_view(), name="comment"),
    path("target-comments/<int:pk>/close/", comments.CommentClose.as_view(), name="comment-close"),
    path("target-goals/<int:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("target-goals/<int:pk>/remove/", goals.GoalRemove.as_view(), name="goal-remove"),
    path("target-goals/<int:pk>/actuals/", goals.ActualList.as_view(), name="goal-actuals"),
    path("target-actuals/<int:pk>/", goals.ActualDetail.as_view(), name="actual"),
    path("target-actuals/<int:pk>/remove/", goals.ActualRemove.as_view(), name="actual-remove"),
    path("consolidated/", consolidated.Consolidated.as_view(), name="consolidated"),
    path("exit-registrations/", consolidated.ExitList.as_view(), name="exits"),
]
