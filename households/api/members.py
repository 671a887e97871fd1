"""Persons of households. Whole numbers go only to who enters in the unit, and every such reading is logged."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.base import HouseholdApi, with_ethnicities
from households.models import Household, Member
from households.selectors.exchange import members_shown
from households.serializers import registry as shapes
from households.services import members as services
from households.services.access import conflicts_logged, log_reading
from povertyplan.accounts.permissions import can_enter
from povertyplan.areas.models import Area

TAGS = ["members"]
WHAT = "API, hộ {code}"


class Members(HouseholdApi):
    """Addresses that answer with persons."""

    def shown(self, members: Sequence[Member], unit: Area) -> list[dict[str, Any]]:
        return shapes.MemberShown(members, many=True, context={"shows_ids": can_enter(self.user, unit)}).data

    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = self.find(members_shown(), pk=pk)
        answer = self.answer(row, self.shown([row], row.unit)[0], code)
        if answer.status_code != status.HTTP_304_NOT_MODIFIED:
            self.log([row], row.household)
        return answer

    def log(self, members: Sequence[Member], household: Household) -> None:
        numbers = sum(bool(member.citizen_id or member.insurance_number) for member in members)
        if numbers and can_enter(self.user, household.unit):
            log_reading(by=self.user, unit=household.unit, what=WHAT.format(code=household.code), count=numbers)


class MemberList(Members):
    pagination_class = None
    filters = shapes.MemberQuery

    def household(self, pk: int) -> Household:
        return self.find(Household.objects.select_related("unit"), pk=pk)

    @extend_schema(operation_id="members_list", tags=TAGS, responses=shapes.MemberShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Persons of a household in the order of its list; those who left only when asked for."""
        household = self.household(pk)
        rows = members_shown().filter(household=household)
        if not self.asked(shapes.MemberQuery)["left"]:
            rows = rows.filter(left_on__isnull=True)
        members = list(rows)
        self.log(members, household)
        return Response(self.shown(members, household.unit))

    @extend_schema(
        operation_id="member_add", tags=TAGS, request=shapes.MemberOpened, responses={201: shapes.MemberShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """One more person, at the end of the list."""
        household = self.household(pk)
        self.may(can_enter, household.unit)
        fields = with_ethnicities([self.sent(shapes.MemberOpened)])[0]
        member = services.member_add(by=self.user, household=household, **fields)
        answer = self.now(member.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:member", args=[member.pk])
        return answer


class MemberAddress(Members):
    """One person, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int) -> Member:
        member = self.find(Member.objects.select_related("household__unit", "unit", "ethnicity"), pk=pk)
        self.may(can_enter, member.unit)
        self.demand_header()
        return member


class MemberDetail(MemberAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="member_read", tags=TAGS, responses=shapes.MemberShown)
    def get(self, request: Request, pk: int) -> Response:
        """One person."""
        return self.now(pk)

    @extend_schema(operation_id="member_update", tags=TAGS, request=shapes.MemberChanges, responses=shapes.MemberShown)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct what is written about a person; who is head changes at the household."""
        member = self.to_change(pk)
        changes = with_ethnicities([self.sent(shapes.MemberChanges, partial=True)])[0]
        what = WHAT.format(code=member.household.code)
        with conflicts_logged(by=self.user, unit=member.unit, what=what):
            version = self.version(member, changes)
            services.member_update(by=self.user, member=member, version=version, **changes)
        return self.now(pk)


class MemberLeave(MemberAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="member_leave", tags=TAGS, request=shapes.MemberLeft, responses={200: shapes.MemberShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Moved out, died, or written by mistake."""
        member = self.to_change(pk)
        sent = self.sent(shapes.MemberLeft)
        version = self.version(member, {"left_on": sent["on"], "left_because": sent["because"]})
        services.member_leave(by=self.user, member=member, version=version, **sent)
        return self.now(pk)
