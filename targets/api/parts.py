"""What belongs to a plan: quotas as they were assigned, versions as they were submitted, goals."""

from typing import Any, cast

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from targets.api.base import TAGS, TargetApi
from targets.models import IndicatorTarget, PlanVersion, Quota
from targets.permissions import can_plan
from targets.selectors.tables import version_table
from targets.selectors.versions import versions_of
from targets.serializers import plans as shapes
from targets.services import quotas as services


class Quotas(TargetApi):
    def quota(self, pk: int) -> Quota:
        return self.find(Quota.objects.select_related("unit", "plan", "paper"), pk=pk)

    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = self.quota(pk)
        return self.answer(row, shapes.QuotaShown(row).data, code)


class QuotaList(Quotas):
    @extend_schema(operation_id="target_quotas_list", tags=TAGS, responses=shapes.QuotaShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What the levels above assigned to the plan, each number as assigned."""
        return self.pages(Quota.objects.filter(plan=self.plan(pk)).order_by("subject", "pk"), shapes.QuotaShown)

    @extend_schema(
        operation_id="target_quota_add", tags=TAGS, request=shapes.QuotaAdded, responses={201: shapes.QuotaShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Keep a number of a decision, while the plan is open."""
        plan = self.plan(pk)
        self.may(can_plan, plan.unit)
        sent = self.with_paper(self.sent(shapes.QuotaAdded), plan.unit)
        quota = services.quota_add(by=self.user, plan=plan, **sent)
        answer = self.now(quota.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:quota", args=[quota.pk])
        return answer


class QuotaAddress(Quotas):
    has_etag = True

    def to_change(self, pk: int) -> Quota:
        row = self.quota(pk)
        self.may(can_plan, row.unit)
        self.demand_header()
        return row


class QuotaDetail(QuotaAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="target_quota_read", tags=TAGS, responses=shapes.QuotaShown)
    def get(self, request: Request, pk: int) -> Response:
        """One quota."""
        return self.now(pk)

    @extend_schema(
        operation_id="target_quota_update", tags=TAGS, request=shapes.QuotaChanges, responses=shapes.QuotaShown
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct what was written down, while the plan is open."""
        row = self.to_change(pk)
        changes = self.with_paper(self.sent(shapes.QuotaChanges, partial=True), row.unit)
        version = self.version(row, changes)
        services.quota_update(by=self.user, quota=row, version=version, **changes)
        return self.now(pk)


class QuotaRemove(QuotaAddress):
    has_etag = False
    needs_version = frozenset({"POST"})

    @extend_schema(operation_id="target_quota_remove", tags=TAGS, request=None, responses={200: shapes.QuotaShown})
    def post(self, request: Request, pk: int) -> Response:
        """Remove a number written down by mistake; answers with what it was."""
        row = self.to_change(pk)
        version = self.version(row)
        gone = shapes.QuotaShown(row).data
        services.quota_remove(by=self.user, quota=row, version=version)
        return Response(gone)


class VersionList(TargetApi):
    @extend_schema(operation_id="target_versions_list", tags=TAGS, responses=shapes.VersionShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Everything that was submitted, the newest first."""
        return self.pages(versions_of(self.plan(pk)), shapes.VersionShown)


class VersionDetail(TargetApi):
    has_etag = True

    @extend_schema(operation_id="target_version_read", tags=TAGS, responses=shapes.VersionWhole)
    def get(self, request: Request, pk: int) -> Response:
        """A version with its table as it was submitted."""
        people = ("submitted_by", "decided_by", "above_by", "plan__unit", "plan__source_paper")
        row = cast(Any, self.find(PlanVersion.objects.select_related(*people), pk=pk))
        row.table = version_table(row)
        return self.answer(row, shapes.VersionWhole(row).data)


class GoalList(TargetApi):
    @extend_schema(operation_id="target_goals_list", tags=TAGS, responses=shapes.GoalShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The goals beside the quota, in their order."""
        goals = IndicatorTarget.objects.filter(plan=self.plan(pk)).select_related("lead_department", "lead_body")
        return self.pages(goals.order_by("position", "pk"), shapes.GoalShown)
