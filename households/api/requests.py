"""The register of requests: read, taken in, corrected, answered."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request as Call
from rest_framework.response import Response

from households.api.base import HouseholdApi, village_of
from households.models import Household, Member, Request
from households.selectors.exchange import requests_shown
from households.selectors.requests import narrowed
from households.serializers import requests as shapes
from households.services import requests as services
from povertyplan.accounts.permissions import can_enter
from povertyplan.areas.models import Area
from povertyplan.core.api.views import one_or_none

TAGS = ["requests"]


class Requests(HouseholdApi):
    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = self.find(requests_shown(), pk=pk)
        return self.answer(row, shapes.RequestShown(row).data, code)

    def with_rows(self, sent: Mapping[str, Any], unit: Area) -> dict[str, Any]:
        """Ids of the body as rows of the unit; the village is the household's where one is given."""
        values = dict(sent)
        if "household" in sent:
            rows = Household.objects.of_unit(unit).select_related("village")
            sentence = "Đơn vị không có hộ mang mã này."
            values["household"] = one_or_none(rows, sent["household"], field="household", sentence=sentence)
        if "member" in sent:
            members = Member.objects.filter(unit=unit)
            sentence = "Đơn vị không có người mang mã này."
            values["member"] = one_or_none(members, sent["member"], field="member", sentence=sentence)
        household = values.get("household")
        if "village" in sent or household is not None:
            values["village"] = household.village if household else village_of(unit, sent["village"])
        return values


class RequestList(Requests):
    filters = shapes.RequestQuery

    @extend_schema(operation_id="requests_list", tags=TAGS, responses=shapes.RequestShown(many=True))
    def get(self, request: Call) -> Response:
        """Requests, the last received first; of all units of the user, or of one."""
        asked = self.asked(shapes.RequestQuery)
        rows = narrowed(self.of_unit(requests_shown(), asked), state=asked["state"], kind=asked.get("kind", ""))
        if "received_from" in asked:
            rows = rows.filter(received_on__gte=asked["received_from"])
        if "received_to" in asked:
            rows = rows.filter(received_on__lte=asked["received_to"])
        return self.pages(rows, shapes.RequestShown)

    @extend_schema(
        operation_id="request_register",
        tags=TAGS,
        request=shapes.RequestRegistered,
        responses={201: shapes.RequestShown},
    )
    def post(self, request: Call) -> Response:
        """Take a request in; it joins the open round that fits."""
        unit = self.unit_sent(can_enter)
        sent = self.without_unit(self.sent(shapes.RequestRegistered))
        row = services.request_register(by=self.user, unit=unit, **self.with_rows(sent, unit))
        answer = self.now(row.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:request", args=[row.pk])
        return answer


class RequestAddress(Requests):
    """One request, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int) -> Request:
        row = self.find(Request.objects.select_related("unit", "village", "household", "round"), pk=pk)
        self.may(can_enter, row.unit)
        self.demand_header()
        return row


class RequestDetail(RequestAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="request_read", tags=TAGS, responses=shapes.RequestShown)
    def get(self, request: Call, pk: int) -> Response:
        """One request."""
        return self.now(pk)

    @extend_schema(
        operation_id="request_update", tags=TAGS, request=shapes.RequestChanges, responses=shapes.RequestShown
    )
    def patch(self, request: Call, pk: int) -> Response:
        """Correct a request that is not answered yet."""
        row = self.to_change(pk)
        sent = self.sent(shapes.RequestChanges, partial=True)
        version = self.version(row, sent)
        changes = self.with_rows(sent, row.unit)
        services.request_update(by=self.user, request=row, version=version, **changes)
        return self.now(pk)


class RequestAnswer(RequestAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="request_answer",
        tags=TAGS,
        request=shapes.RequestAnswered,
        responses={200: shapes.RequestShown},
    )
    def post(self, request: Call, pk: int) -> Response:
        """The result that the applicant was given; what a round reviews is answered by its recognition."""
        row = self.to_change(pk)
        sent = self.sent(shapes.RequestAnswered)
        version = self.version(row, {"result": sent["result"], "result_on": sent["on"]})
        services.request_answer(by=self.user, request=row, version=version, **sent)
        return self.now(pk)
