"""The targets' part of ``/api/v1/``."""

from django.urls import path

from targets.api import consolidated, parts, plans

urlpatterns = [
    path("target-plans/", plans.PlanList.as_view(), name="plans"),
    path("target-plans/<int:pk>/", plans.PlanDetail.as_view(), name="plan"),
    path("target-plans/<int:pk>/submit/", plans.PlanSubmit.as_view(), name="plan-submit"),
    path("target-plans/<int:pk>/return/", plans.PlanReturn.as_view(), name="plan-return"),
    path("target-plans/<int:pk>/approve/", plans.PlanApprove.as_view(), name="plan-approve"),
    path("target-plans/<int:pk>/adjust/", plans.PlanAdjust.as_view(), name="plan-adjust"),
    path("target-plans/<int:pk>/quotas/", parts.QuotaList.as_view(), name="plan-quotas"),
    path("target-plans/<int:pk>/versions/", parts.VersionList.as_view(), name="plan-versions"),
    path("target-plans/<int:pk>/goals/", parts.GoalList.as_view(), name="plan-goals"),
    path("target-rows/<int:pk>/", plans.RowDetail.as_view(), name="row"),
    path("target-quotas/<int:pk>/", parts.QuotaDetail.as_view(), name="quota"),
    path("target-quotas/<int:pk>/remove/", parts.QuotaRemove.as_view(), name="quota-remove"),
    path("target-versions/<int:pk>/", parts.VersionDetail.as_view(), name="version"),
    path("consolidated/", consolidated.Consolidated.as_view(), name="consolidated"),
    path("exit-registrations/", consolidated.ExitList.as_view(), name="exits"),
]
