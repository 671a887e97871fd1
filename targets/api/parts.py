"""What belongs to a plan: quotas as they were assigned, versions as they were submitted."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from targets.api.base import TAGS, PartAddress, PartApi, PartRemoval, TargetApi
from targets.models import PlanVersion, Quota
from targets.permissions import can_plan
from targets.selectors.tables import version_table
from targets.selectors.versions import versions_of
from targets.serializers import plans as shapes
from targets.services import quotas as services


class Quotas(PartApi):
    rows = Quota.objects.select_related("unit", "plan__unit", "paper")
    shown = shapes.QuotaShown
    route = "quota"


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
        return self.made(services.quota_add(by=self.user, plan=plan, **sent))


class QuotaDetail(Quotas, PartAddress):
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


class QuotaRemove(Quotas, PartRemoval):
    @extend_schema(operation_id="target_quota_remove", tags=TAGS, request=None, responses={200: shapes.QuotaShown})
    def post(self, request: Request, pk: int) -> Response:
        """Remove a number written down by mistake; answers with what it was."""

        def remove(row: Quota, version: int) -> None:
            services.quota_remove(by=self.user, quota=row, version=version)

        return self.removed(pk, remove)


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
