"""Plans and their rows: opened, described, typed cell by cell, submitted, returned, approved."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from targets.api.base import TAGS, TargetApi
from targets.models import TargetPlan, TargetRow
from targets.permissions import can_plan
from targets.rules.review import Act
from targets.selectors.tables import VillageRow, figures_of, target_table
from targets.serializers import plans as shapes
from targets.services import review
from targets.services import tables as services


class Plans(TargetApi):
    """Addresses that answer with a plan."""

    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = cast(Any, self.plan(pk))
        row.table = target_table(unit=row.unit, year=row.year)
        return self.answer(row, shapes.PlanWhole(row).data, code)


class PlanList(Plans):
    filters = shapes.PlanQuery

    @extend_schema(operation_id="target_plans_list", tags=TAGS, responses=shapes.PlanShown(many=True))
    def get(self, request: Request) -> Response:
        """Plans, the last year first; of all units of the user, or of one. Their tables have their own address."""
        asked = self.asked(shapes.PlanQuery)
        exact = {name: asked[name] for name in ("year", "state") if name in asked}
        rows = self.of_unit(TargetPlan.objects.select_related("unit"), asked).filter(**exact)
        return self.pages(rows.order_by("-year", "unit__sort_key", "pk"), shapes.PlanShown)

    @extend_schema(
        operation_id="target_plan_open", tags=TAGS, request=shapes.PlanOpened, responses={201: shapes.PlanWhole}
    )
    def post(self, request: Request) -> Response:
        """Open the year's plan with a row for each place; twice is once, and adds the places that came later."""
        unit = self.unit_sent(can_plan)
        year = self.sent(shapes.PlanOpened).get("year") or self.this_year()
        plan = services.plan_open(by=self.user, unit=unit, year=year)
        answer = self.now(plan.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:plan", args=[plan.pk])
        return answer


class PlanAddress(Plans):
    """One plan, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int, *acts: Act) -> TargetPlan:
        """The right first, then the version; without acts the right is to keep the table."""
        row = self.plan(pk)
        self.may(lambda user, unit: any(review.may(user, unit, act) for act in acts or (Act.SUBMIT,)), row.unit)
        self.demand_header()
        return row


class PlanDetail(PlanAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="target_plan_read", tags=TAGS, responses=shapes.PlanWhole)
    def get(self, request: Request, pk: int) -> Response:
        """A plan with its table: rows, totals, and rates from counts."""
        return self.now(pk)

    @extend_schema(operation_id="target_plan_update", tags=TAGS, request=shapes.PlanChanges, responses=shapes.PlanWhole)
    def patch(self, request: Request, pk: int) -> Response:
        """Where the start figures come from, counts known for the unit only, how the table is printed."""
        row = self.to_change(pk)
        sent = self.sent(shapes.PlanChanges, partial=True)
        changes = self.with_paper(sent, row.unit, "source_paper")
        version = self.version(row, changes)
        services.plan_describe(by=self.user, plan=row, version=version, **changes)
        return self.now(pk)


class PlanSubmit(PlanAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="target_plan_submit", tags=TAGS, request=shapes.PlanSubmitted, responses={200: shapes.PlanWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Freeze the table as a new version that waits for the leader; refused with everything the table lacks."""
        row = self.to_change(pk, Act.SUBMIT)
        sent = self.with_paper(self.sent(shapes.PlanSubmitted), row.unit)
        version = self.version(row)
        review.plan_submit(by=self.user, plan=row, version=version, **sent)
        return self.now(pk)


class PlanReturn(PlanAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="target_plan_return", tags=TAGS, request=shapes.PlanReturned, responses={200: shapes.PlanWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Back to the unit with the reason: by the leader, or by the level above what has come to it."""
        row = self.to_change(pk, Act.RETURN, Act.RETURN_ABOVE)
        sent = self.sent(shapes.PlanReturned)
        version = self.version(row)
        review.plan_return(by=self.user, plan=row, version=version, **sent)
        return self.now(pk)


class PlanApprove(PlanAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(operation_id="target_plan_approve", tags=TAGS, request=None, responses={200: shapes.PlanWhole})
    def post(self, request: Request, pk: int) -> Response:
        """Approve what was submitted, or what was forwarded to the level above. Who made figures never approves."""
        row = self.to_change(pk, Act.APPROVE, Act.APPROVE_ABOVE)
        version = self.version(row)
        review.plan_approve(by=self.user, plan=row, version=version)
        return self.now(pk)


class PlanAdjust(PlanAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="target_plan_adjust", tags=TAGS, request=shapes.PlanAdjusted, responses={200: shapes.PlanWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Open the approved table again, for a reason; the version in force holds until the next is approved."""
        row = self.to_change(pk, Act.ADJUST)
        sent = self.sent(shapes.PlanAdjusted)
        version = self.version(row)
        review.plan_adjust(by=self.user, plan=row, version=version, **sent)
        return self.now(pk)


class PlanDropAdjustment(PlanAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="target_plan_drop_adjustment", tags=TAGS, request=None, responses={200: shapes.PlanWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take the adjustment back: the figures of the version in force again, approved as they were."""
        row = self.to_change(pk, Act.DROP)
        version = self.version(row)
        review.adjustment_drop(by=self.user, plan=row, version=version)
        return self.now(pk)


class RowDetail(TargetApi):
    """A row of a plan, which has a version of its own: two people write to two villages at once."""

    has_etag = True
    needs_version = frozenset({"PATCH"})

    def row(self, pk: int) -> TargetRow:
        return self.find(TargetRow.objects.select_related("plan__unit", "unit", "place"), pk=pk)

    def now(self, pk: int) -> Response:
        row = self.row(pk)
        shown = VillageRow(
            pk=row.pk,
            version=row.version,
            place_id=row.place_id,
            name=row.place.name,
            kind=row.place.kind,
            figures=figures_of(row),
            remark=row.remark,
            code=row.place.code,
        )
        return self.answer(row, shapes.TargetRowShown(shown).data)

    @extend_schema(operation_id="target_row_read", tags=TAGS, responses=shapes.TargetRowShown)
    def get(self, request: Request, pk: int) -> Response:
        """One row with what follows from its counts."""
        return self.now(pk)

    @extend_schema(
        operation_id="target_row_update", tags=TAGS, request=shapes.RowChanges, responses=shapes.TargetRowShown
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Write cells of the row, while the plan is open."""
        row = self.row(pk)
        self.may(can_plan, row.unit)
        self.demand_header()
        changes = self.sent(shapes.RowChanges, partial=True)
        version = self.version(row, changes)
        try:
            services.cells_change(by=self.user, plan=row.plan, changes={row.pk: (version, changes)})
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                raise
            said = {key.removeprefix(f"{row.pk}."): sentences for key, sentences in error.message_dict.items()}
            raise ValidationError(said) from error
        return self.now(pk)
