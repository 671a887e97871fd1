"""Goals beside the quota, and what was reported of each with its source."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.models import Dimension
from households.selectors.counts import last_day_shown
from targets.api.base import TAGS, PartAddress, PartApi, PartRemoval, TargetApi
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan
from targets.permissions import can_plan
from targets.selectors.goals import goal_table
from targets.serializers import goals as shapes
from targets.services import goals as services


class Goals(PartApi):
    rows = IndicatorTarget.objects.select_related("unit", "plan__unit", "lead_department", "lead_body")
    shown = shapes.GoalShown
    route = "goal"

    def body(self, shape: type[shapes.GoalChanges], plan: TargetPlan, *, partial: bool = False) -> dict[str, object]:
        """The body with its dimension and lead as rows."""
        sent = self.with_lead(self.sent(shape, partial=partial), plan.unit, plan.year)
        return self.with_row(sent, "dimension", Dimension.objects.all(), "Không có chiều thiếu hụt mang mã này.")


class GoalList(Goals):
    @extend_schema(operation_id="target_goals_list", tags=TAGS, responses=shapes.GoalShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The goals beside the quota, in their order."""
        return self.pages(self.rows.filter(plan=self.plan(pk)).order_by("position", "pk"), shapes.GoalShown)

    @extend_schema(
        operation_id="target_goal_add", tags=TAGS, request=shapes.GoalAdded, responses={201: shapes.GoalShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """A goal after the others, while the plan is open; without a text the sentence is made of its parts."""
        plan = self.plan(pk)
        self.may(can_plan, plan.unit)
        return self.made(services.goal_add(by=self.user, plan=plan, **self.body(shapes.GoalAdded, plan)))


class GoalsReached(TargetApi):
    @extend_schema(operation_id="target_goals_reached", tags=TAGS, responses=shapes.GoalLineShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What was reached of each goal by today, in a past year by its end."""
        plan = self.plan(pk)
        table = goal_table(unit=plan.unit, year=plan.year, day=last_day_shown(plan.unit, plan.year))
        return self.pages(table.lines, shapes.GoalLineShown)


class GoalDetail(Goals, PartAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="target_goal_read", tags=TAGS, responses=shapes.GoalShown)
    def get(self, request: Request, pk: int) -> Response:
        """One goal."""
        return self.now(pk)

    @extend_schema(operation_id="target_goal_update", tags=TAGS, request=shapes.GoalChanges, responses=shapes.GoalShown)
    def patch(self, request: Request, pk: int) -> Response:
        """Change a goal, while the plan is open; a sentence that was made of its parts is made anew."""
        row = self.to_change(pk)
        changes = self.body(shapes.GoalChanges, row.plan, partial=True)
        version = self.version(row, changes)
        services.goal_update(by=self.user, goal=row, version=version, **changes)
        return self.now(pk)


class GoalRemove(Goals, PartRemoval):
    @extend_schema(operation_id="target_goal_remove", tags=TAGS, request=None, responses={200: shapes.GoalShown})
    def post(self, request: Request, pk: int) -> Response:
        """Remove a goal with what was reported of it, while the plan is open; answers with what it was."""

        def remove(row: IndicatorTarget, version: int) -> None:
            services.goal_remove(by=self.user, goal=row, version=version)

        return self.removed(pk, remove)


class Actuals(PartApi):
    rows = IndicatorActual.objects.select_related("unit", "goal__plan")
    shown = shapes.ActualShown
    route = "actual"


class ActualList(Actuals):
    def goal(self, pk: int) -> IndicatorTarget:
        return self.find(Goals.rows.all(), pk=pk)

    @extend_schema(operation_id="target_actuals_list", tags=TAGS, responses=shapes.ActualShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What was reported of a goal, the newest day first; each report is cumulative, so none is added."""
        return self.pages(IndicatorActual.objects.filter(goal=self.goal(pk)).order_by("-on"), shapes.ActualShown)

    @extend_schema(
        operation_id="target_actual_add", tags=TAGS, request=shapes.ActualAdded, responses={201: shapes.ActualShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """What was reached by a day, with its source; after approval, too."""
        goal = self.goal(pk)
        self.may(can_plan, goal.unit)
        return self.made(services.actual_add(by=self.user, goal=goal, **self.sent(shapes.ActualAdded)))


class ActualDetail(Actuals, PartAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="target_actual_read", tags=TAGS, responses=shapes.ActualShown)
    def get(self, request: Request, pk: int) -> Response:
        """One report."""
        return self.now(pk)

    @extend_schema(
        operation_id="target_actual_update", tags=TAGS, request=shapes.ActualChanges, responses=shapes.ActualShown
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct what was reported."""
        row = self.to_change(pk)
        changes = self.sent(shapes.ActualChanges, partial=True)
        version = self.version(row, changes)
        services.actual_update(by=self.user, actual=row, version=version, **changes)
        return self.now(pk)


class ActualRemove(Actuals, PartRemoval):
    @extend_schema(operation_id="target_actual_remove", tags=TAGS, request=None, responses={200: shapes.ActualShown})
    def post(self, request: Request, pk: int) -> Response:
        """Remove a report entered by mistake; answers with what it was."""

        def remove(row: IndicatorActual, version: int) -> None:
            services.actual_remove(by=self.user, actual=row, version=version)

        return self.removed(pk, remove)
