"""What the addresses of a plan share."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import status
from rest_framework.response import Response

from povertyplan.accounts.api import UnitApi
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.api.fields import Shown
from povertyplan.core.api.views import one_or_none
from povertyplan.offices.models import Department, OutsideBody
from povertyplan.papers.models import Paper
from targets.models import TargetPlan
from targets.models.plans import PlanPart
from targets.permissions import can_plan

TAGS = ["targets"]


class TargetApi(UnitApi):
    def plan(self, pk: int) -> TargetPlan:
        return self.find(TargetPlan.objects.select_related("unit", "source_paper", "in_force"), pk=pk)

    @staticmethod
    def with_row(sent: dict[str, Any], name: str, rows: QuerySet[Any], sentence: str) -> dict[str, Any]:
        """The key that a field of the body names as its row; the sentence where ``rows`` has none."""
        return sent | {name: one_or_none(rows, sent[name], field=name, sentence=sentence)} if name in sent else sent

    def with_paper(self, sent: dict[str, Any], unit: Area, name: str = "paper") -> dict[str, Any]:
        """The key of a paper as its row, one that the unit may name."""
        return self.with_row(sent, name, Paper.objects.of_unit(unit), "Không có văn bản mang mã này.")

    def with_lead(self, sent: dict[str, Any], unit: Area, year: int) -> dict[str, Any]:
        """Keys of who leads as their rows: offices of the unit that are there in the year."""
        departments = Department.objects.filter(unit=unit).valid_in_year(year)
        bodies = OutsideBody.objects.filter(unit=unit).valid_in_year(year)
        sent = self.with_row(sent, "lead_department", departments, "Năm đó đơn vị không có phòng, ban mang mã này.")
        return self.with_row(sent, "lead_body", bodies, "Năm đó đơn vị không có cơ quan ngoài mang mã này.")


class PartApi(TargetApi):
    """Rows that belong to a plan and have addresses of their own; ``route`` names that of one row."""

    rows: ClassVar[QuerySet[Any]]
    shown: ClassVar[type[Shown]]
    route: ClassVar[str]

    def row(self, pk: int) -> Any:
        return self.find(self.rows.all(), pk=pk)

    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = self.row(pk)
        return self.answer(row, self.shown(row).data, code)

    def made(self, row: PlanPart) -> Response:
        answer = self.now(row.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse(f"api:{self.route}", args=[row.pk])
        return answer


class PartAddress(PartApi):
    """One row, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int, permission: Callable[[User, Area], bool] = can_plan) -> Any:
        """The right first, then the version."""
        row = self.row(pk)
        self.may(permission, row.unit)
        self.demand_header()
        return row


class PartRemoval(PartAddress):
    """A row entered by mistake is removed; the answer is what it was."""

    has_etag = False
    needs_version = frozenset({"POST"})

    def removed(self, pk: int, remove: Callable[[Any, int], None]) -> Response:
        """``remove`` calls one service with the row and the version that was seen."""
        row = self.to_change(pk)
        version = self.version(row)
        gone = self.shown(row).data
        remove(row, version)
        return Response(gone)
