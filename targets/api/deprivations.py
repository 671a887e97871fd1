"""Who sees to each deprivation of a plan, how many households are to be freed of it this year, and which."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.models import Indicator
from targets.api.base import TAGS, TargetApi
from targets.models import DeprivationOwner, TargetPlan
from targets.permissions import can_plan
from targets.selectors.deprivations import OpenedIndicator, opened_indicator, owned_table
from targets.serializers import deprivations as shapes
from targets.services import deprivations as services


class DeprivationList(TargetApi):
    @extend_schema(operation_id="target_deprivations_list", tags=TAGS, responses=shapes.OwnedTableShown)
    def get(self, request: Request, pk: int) -> Response:
        """Every indicator of the standard with the households deprived in it and with its owner."""
        plan = self.plan(pk)
        return Response(shapes.OwnedTableShown(owned_table(unit=plan.unit, year=plan.year, plan=plan)).data)


class DeprivationApi(TargetApi):
    """One indicator of a plan."""

    def opened(self, plan: TargetPlan, indicator: int) -> OpenedIndicator:
        try:
            return opened_indicator(unit=plan.unit, year=plan.year, plan=plan, indicator=indicator)
        except KeyError as error:
            raise Http404 from error

    def now(self, plan: TargetPlan, indicator: int) -> Response:
        line = self.opened(plan, indicator).owned
        return self.answer(_row(line.owner), shapes.OwnedShown(line).data)


class Deprivation(DeprivationApi):
    has_etag = True
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="target_deprivation_read", tags=TAGS, responses=shapes.OwnedShown)
    def get(self, request: Request, pk: int, indicator: int) -> Response:
        """One indicator with its owner."""
        return self.now(self.plan(pk), indicator)

    @extend_schema(
        operation_id="target_deprivation_update", tags=TAGS, request=shapes.OwnerChanges, responses=shapes.OwnedShown
    )
    def patch(self, request: Request, pk: int, indicator: int) -> Response:
        """Who leads, how many households this year and how; all year, whatever the state of the plan."""
        plan = self.plan(pk)
        self.may(can_plan, plan.unit)
        self.demand_header()
        owner = self.opened(plan, indicator).owned.owner
        changes = self.with_lead(self.sent(shapes.OwnerChanges, partial=True), plan.unit, plan.year)
        version = self.version(_row(owner), changes)
        services.owner_set(
            by=self.user, plan=plan, indicator=Indicator.objects.get(pk=indicator), version=version, **changes
        )
        return self.now(plan, indicator)


class DeprivationHouseholds(DeprivationApi):
    @extend_schema(operation_id="target_deprived_list", tags=TAGS, responses=shapes.DeprivedShown(many=True))
    def get(self, request: Request, pk: int, indicator: int) -> Response:
        """The households deprived in the indicator, by village and head; those to be freed of it are named."""
        return self.pages(self.opened(self.plan(pk), indicator).lines, shapes.DeprivedShown)

    @extend_schema(
        operation_id="target_deprived_name", tags=TAGS, request=shapes.NamedChanges, responses={200: shapes.OwnedShown}
    )
    def post(self, request: Request, pk: int, indicator: int) -> Response:
        """Name households to be freed of the deprivation, or take some out; only deprived ones can be named."""
        plan = self.plan(pk)
        self.may(can_plan, plan.unit)
        self.opened(plan, indicator)
        sent = self.sent(shapes.NamedChanges)
        services.households_name(by=self.user, plan=plan, indicator=Indicator.objects.get(pk=indicator), **sent)
        return self.now(plan, indicator)


def _row(owner: DeprivationOwner | None) -> DeprivationOwner:
    """What carries the version: 0 while nobody wrote anything."""
    return owner or DeprivationOwner(version=0)
