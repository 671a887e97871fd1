"""The households' part of ``/api/v1/``."""

from django.urls import path

from households.api import members, registry, requests, reviews, rounds, summaries

urlpatterns = [
    path("households/", registry.HouseholdList.as_view(), name="households"),
    path("households/<int:pk>/", registry.HouseholdDetail.as_view(), name="household"),
    path("households/<int:pk>/move/", registry.HouseholdMove.as_view(), name="household-move"),
    path("households/<int:pk>/split/", registry.HouseholdSplit.as_view(), name="household-split"),
    path("households/<int:pk>/merge/", registry.HouseholdMerge.as_view(), name="household-merge"),
    path("households/<int:pk>/head/", registry.HouseholdHead.as_view(), name="household-head"),
    path("households/<int:pk>/close/", registry.HouseholdClose.as_view(), name="household-close"),
    path("households/<int:pk>/reopen/", registry.HouseholdReopen.as_view(), name="household-reopen"),
    path("households/<int:pk>/members/", members.MemberList.as_view(), name="members"),
    path("members/<int:pk>/", members.MemberDetail.as_view(), name="member"),
    path("members/<int:pk>/leave/", members.MemberLeave.as_view(), name="member-leave"),
    path("requests/", requests.RequestList.as_view(), name="requests"),
    path("requests/<int:pk>/", requests.RequestDetail.as_view(), name="request"),
    path("requests/<int:pk>/answer/", requests.RequestAnswer.as_view(), name="request-answer"),
    path("rounds/", rounds.RoundList.as_view(), name="rounds"),
    path("rounds/<int:pk>/", rounds.RoundDetail.as_view(), name="round"),
    path("rounds/<int:pk>/list-fill/", rounds.RoundFill.as_view(), name="round-fill"),
    path("rounds/<int:pk>/cancel/", rounds.RoundCancel.as_view(), name="round-cancel"),
    path("rounds/<int:pk>/recognise/", rounds.RoundRecognise.as_view(), name="round-recognise"),
    path("rounds/<int:pk>/steps/<str:step>/", rounds.StepDetail.as_view(), name="step"),
    path("rounds/<int:pk>/steps/<str:step>/finish/", rounds.StepFinish.as_view(), name="step-finish"),
    path("rounds/<int:pk>/steps/<str:step>/reopen/", rounds.StepReopen.as_view(), name="step-reopen"),
    path("rounds/<int:pk>/reviews/", reviews.ReviewList.as_view(), name="reviews"),
    path("rounds/<int:pk>/summaries/<int:number>/", summaries.Summary.as_view(), name="summary"),
    path("reviews/<int:pk>/", reviews.ReviewDetail.as_view(), name="review"),
    path("reviews/<int:pk>/screen/", reviews.ReviewScreen.as_view(), name="review-screen"),
    path("reviews/<int:pk>/drop/", reviews.ReviewDrop.as_view(), name="review-drop"),
]
