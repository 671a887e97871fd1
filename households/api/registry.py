"""Households: found, read, opened, corrected, and what happens to them as a whole."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.base import HouseholdApi, village_of, with_ethnicities
from households.models import Household, Member
from households.selectors.exchange import households_shown
from households.selectors.registry import households_found
from households.serializers import registry as shapes
from households.services import moves
from households.services import registry as services
from povertyplan.accounts.permissions import can_enter
from povertyplan.core.api.views import one_of

TAGS = ["households"]


class Households(HouseholdApi):
    """Addresses that answer with a household."""

    def household(self, pk: int) -> Household:
        return self.find(households_shown(), pk=pk)

    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = self.household(pk)
        return self.answer(row, shapes.HouseholdShown(row).data, code)

    def made(self, household: Household) -> Response:
        answer = self.now(household.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:household", args=[household.pk])
        return answer


class HouseholdList(Households):
    filters = shapes.HouseholdQuery

    @extend_schema(operation_id="households_list", tags=TAGS, responses=shapes.HouseholdShown(many=True))
    def get(self, request: Request) -> Response:
        """Households of a unit in the order of villages and codes."""
        asked = self.asked(shapes.HouseholdQuery)
        unit = self.unit(asked["unit"], asked.get("year"))
        found = households_found(
            unit=unit,
            words=asked.get("q", ""),
            village=village_of(unit, asked.get("village")),
            state=asked["state"],
        )
        return self.pages(households_shown(found.visible_to(self.user)), shapes.HouseholdShown)

    @extend_schema(
        operation_id="household_open",
        tags=TAGS,
        request=shapes.HouseholdOpened,
        responses={201: shapes.HouseholdShown},
    )
    def post(self, request: Request) -> Response:
        """Open a household with its members, exactly one of them head."""
        unit = self.unit_sent(can_enter)
        sent = self.without_unit(self.sent(shapes.HouseholdOpened))
        sent["village"] = village_of(unit, sent["village"])
        sent["members"] = with_ethnicities(sent["members"], place="members.{}.")
        household = services.household_open(by=self.user, unit=unit, **sent)
        return self.made(household)


class HouseholdAddress(Households):
    """One household, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int) -> Household:
        household = self.household(pk)
        self.may(can_enter, household.unit)
        self.demand_header()
        return household


class HouseholdDetail(HouseholdAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="household_read", tags=TAGS, responses=shapes.HouseholdShown)
    def get(self, request: Request, pk: int) -> Response:
        """One household; its members have their own address."""
        return self.now(pk)

    @extend_schema(
        operation_id="household_update",
        tags=TAGS,
        request=shapes.HouseholdChanges,
        responses=shapes.HouseholdShown,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct code, address, setting, phone or note."""
        household = self.to_change(pk)
        changes = self.sent(shapes.HouseholdChanges, partial=True)
        version = self.version(household, changes)
        services.household_update(by=self.user, household=household, version=version, **changes)
        return self.now(pk)


class HouseholdMove(HouseholdAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="household_move", tags=TAGS, request=shapes.Moved, responses={200: shapes.HouseholdShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """To another village of the unit."""
        household = self.to_change(pk)
        sent = self.sent(shapes.Moved)
        version = self.version(household, {"village": sent["village"]})
        sent["village"] = village_of(household.unit, sent["village"])
        moves.household_move(by=self.user, household=household, version=version, **sent)
        return self.now(pk)


class HouseholdSplit(HouseholdAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="household_split", tags=TAGS, request=shapes.Split, responses={201: shapes.HouseholdShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Some members become a household of their own, which is the answer."""
        household = self.to_change(pk)
        sent = {"relations": {}} | self.sent(shapes.Split)
        version = self.version(household)
        sent["village"] = village_of(household.unit, sent.get("village"))
        return self.made(moves.household_split(by=self.user, household=household, version=version, **sent))


class HouseholdMerge(HouseholdAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="household_merge", tags=TAGS, request=shapes.Merged, responses={200: shapes.HouseholdShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """All members go over to another household, which is the answer; this one is closed."""
        household = self.to_change(pk)
        sent: dict[str, Any] = {"relations": {}} | self.sent(shapes.Merged)
        version = self.version(household)
        seen = Household.objects.visible_to(self.user).select_related("unit", "village")
        sent["into"] = one_of(seen, sent["into"], field="into", sentence="Không có hộ mang mã này.")
        moves.household_merge(by=self.user, household=household, version=version, **sent)
        return self.now(sent["into"].pk)


class HouseholdHead(HouseholdAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="household_head", tags=TAGS, request=shapes.HeadChanged, responses={200: shapes.HouseholdShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Another member becomes head."""
        household = self.to_change(pk)
        sent: dict[str, Any] = {"relations": {}} | self.sent(shapes.HeadChanged)
        version = self.version(household)
        members = Member.objects.present().filter(household=household)
        sentence = "Không có người mang mã này trong hộ."
        sent["member"] = one_of(members, sent["member"], field="member", sentence=sentence)
        moves.head_change(by=self.user, household=household, version=version, **sent)
        return self.now(pk)


class HouseholdClose(HouseholdAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="household_close",
        tags=TAGS,
        request=shapes.HouseholdClosed,
        responses={200: shapes.HouseholdShown},
    )
    def post(self, request: Request, pk: int) -> Response:
        """No longer followed; its members leave with it."""
        household = self.to_change(pk)
        sent = self.sent(shapes.HouseholdClosed)
        version = self.version(household, {"closed_on": sent["on"], "closed_because": sent["because"]})
        services.household_close(by=self.user, household=household, version=version, **sent)
        return self.now(pk)


class HouseholdReopen(HouseholdAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="household_reopen",
        tags=TAGS,
        request=shapes.HouseholdReopened,
        responses={200: shapes.HouseholdShown},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Follow a closed household again, with those who left when it was closed."""
        household = self.to_change(pk)
        sent = self.sent(shapes.HouseholdReopened)
        version = self.version(household)
        services.household_reopen(by=self.user, household=household, version=version, **sent)
        return self.now(pk)
