"""A quota spread over the places of a plan: methods side by side, one taken."""

from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from povertyplan.core.api.schema import Conflict
from targets.api.base import TAGS
from targets.api.plans import Plans
from targets.choices import QuotaSubject
from targets.models import TargetPlan
from targets.permissions import can_plan
from targets.rules.allocation import Terms
from targets.selectors.allocation import KINDS, asked_for, compared, places_for, usual_number
from targets.selectors.tables import TargetTable, target_table
from targets.serializers import allocation as shapes
from targets.serializers.plans import PlanWhole
from targets.services.allocation import allocation_take


class PlanAllocation(Plans):
    filters = shapes.AllocationQuery

    @extend_schema(operation_id="target_allocation_compare", tags=TAGS, responses=shapes.AllocationShown)
    def get(self, request: Request, pk: int) -> Response:
        """What every computed method gives each place, and why; nothing is written."""
        plan = self.plan(pk)
        asked = self.asked(shapes.AllocationQuery)
        table = target_table(unit=plan.unit, year=plan.year)
        if table is None:
            raise Http404
        return Response(shapes.AllocationShown(_compared(table, plan, asked)).data)

    @extend_schema(
        operation_id="target_allocation_take",
        tags=TAGS,
        request=shapes.AllocationTaken,
        responses={200: PlanWhole, 412: Conflict},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the shares of a method as the reductions of all rows, as they were seen: each with its row's version.

        What the method would give otherwise by now is refused, a row changed since is a conflict; nothing is written.
        """
        plan = self.plan(pk)
        self.may(can_plan, plan.unit)
        sent = self.sent(shapes.AllocationTaken)
        shares = sent.pop("shares")
        places = [share["place"] for share in shares]
        if len(set(places)) < len(places):
            raise ValidationError({"shares": "Mỗi nơi một dòng."})
        allocation_take(
            by=self.user,
            plan=plan,
            method=sent["method"],
            kind=QuotaSubject(sent["kind"]),
            quota=sent["households"],
            weight=Fraction(sent["weight"]),
            shares={share["place"]: share["households"] for share in shares},
            versions={share["place"]: share["version"] for share in shares},
        )
        return self.now(pk)


def _compared(table: TargetTable, plan: TargetPlan, asked: dict[str, Any]) -> dict[str, Any]:
    kind = KINDS[QuotaSubject(asked["kind"])]
    requirement = asked_for(plan, table.total, kind)
    number = asked.get("households", usual_number(table, kind, requirement))
    terms = Terms(word=kind.word, weight=Fraction(asked["weight"]))
    found = None if number is None else compared(table, kind, places_for(table, kind), number, terms)
    return asked | {
        "households": number,
        "asked_for": requirement.sentence if requirement else "",
        "rows": [
            {"place": row.place_id, "version": row.version, "stored": getattr(row.figures, kind.reduction)}
            for row in table.rows
        ],
        "methods": found.columns if found else (),
        "refused": [{"method": method, "because": why} for method, why in found.refused] if found else (),
    }
