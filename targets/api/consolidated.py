"""What stands over several plans: the consolidated table, and the households that registered to escape poverty."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.selectors.exits import registrations_of
from targets.api.base import TAGS, TargetApi
from targets.rules.consolidated import totals
from targets.selectors.consolidated import consolidated
from targets.serializers import consolidated as shapes


class Consolidated(TargetApi):
    filters = shapes.ConsolidatedQuery

    @extend_schema(operation_id="consolidated_read", tags=TAGS, responses=shapes.ConsolidatedShown)
    def get(self, request: Request) -> Response:
        """Units of a district or a province with the sums of their tables; a commune has no units below."""
        asked = self.asked(shapes.ConsolidatedQuery)
        area = self.unit(asked["unit"], asked.get("year"))
        found = consolidated(area=area, year=asked.get("year") or self.this_year(), user=self.user)
        shown = {name: getattr(found, name) for name in ("area", "year", "day", "lines")}
        return Response(shapes.ConsolidatedShown(shown | {"total": totals(found.lines).figures}).data)


class ExitList(TargetApi):
    filters = shapes.ExitQuery

    @extend_schema(operation_id="exit_registrations_list", tags=["exits"], responses=shapes.ExitShown(many=True))
    def get(self, request: Request) -> Response:
        """Registrations of a unit in a year by village and head, withdrawn ones included."""
        asked = self.asked(shapes.ExitQuery)
        unit = self.unit(asked["unit"], asked.get("year"))
        rows = registrations_of(unit=unit, year=asked.get("year") or self.this_year())
        return self.pages(rows, shapes.ExitShown)
