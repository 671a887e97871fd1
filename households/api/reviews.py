"""Review forms of a round: listed, screened, filled in, taken off."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.base import HouseholdApi
from households.models import Household, Review
from households.selectors.exchange import review_whole, reviews_shown, rounds_shown
from households.serializers import reviews as shapes
from households.services import reviews as services
from households.services.rounds import review_add, review_drop
from povertyplan.accounts.permissions import can_enter
from povertyplan.core.api.versions import version_sent
from povertyplan.core.api.views import one_of

TAGS = ["reviews"]
# How the service names a spot of the form, and where it stands in the body.
PLACES = (
    (re.compile(r"^answer-(.+)$"), r"answers.\1"),
    (re.compile(r"^b1-(.+)$"), r"b1_answers.\1"),
    (re.compile(r"^(amount|earners)-(.+)$"), r"incomes.\2.\1"),
)


class Reviews(HouseholdApi):
    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = self.find(review_whole(), pk=pk)
        return self.answer(row, shapes.ReviewWhole(row).data, code)


class ReviewList(Reviews):
    filters = shapes.ReviewQuery

    @extend_schema(operation_id="reviews_list", tags=TAGS, responses=shapes.ReviewShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Current forms of a round, by village and name."""
        round = self.find(rounds_shown(), pk=pk)
        asked = self.asked(shapes.ReviewQuery)
        return self.pages(reviews_shown().current().filter(round=round, **asked), shapes.ReviewShown)

    @extend_schema(
        operation_id="review_add", tags=TAGS, request=shapes.ReviewAdded, responses={201: shapes.ReviewWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """One more household on the list of the round."""
        round = self.find(rounds_shown(), pk=pk)
        self.may(can_enter, round.unit)
        sent = self.sent(shapes.ReviewAdded)
        households = Household.objects.of_unit(round.unit)
        sentence = "Đơn vị không có hộ mang mã này."
        household = one_of(households, sent["household"], field="household", sentence=sentence)
        row = review_add(by=self.user, round=round, household=household)
        answer = self.now(row.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:review", args=[row.pk])
        return answer


class ReviewAddress(Reviews):
    """One form, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int) -> Review:
        row = self.find(Review.objects.select_related(*services.RELATED), pk=pk)
        self.may(can_enter, row.unit)
        self.demand_header()
        return row


class ReviewDetail(ReviewAddress):
    needs_version = frozenset({"PUT"})

    @extend_schema(operation_id="review_read", tags=TAGS, responses=shapes.ReviewWhole)
    def get(self, request: Request, pk: int) -> Response:
        """The whole form: facts, answers with what the facts say, scores, incomes, causes, needs."""
        return self.now(pk)

    @extend_schema(operation_id="review_save", tags=TAGS, request=shapes.ReviewSaved, responses=shapes.ReviewWhole)
    def put(self, request: Request, pk: int) -> Response:
        """Phiếu B whole: what is left out is emptied. The answer carries B1, B2 and the category with reasons."""
        row = self.to_change(pk)
        body = shapes.ReviewSaved(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            self._save(row, body.as_arguments())
        except ValidationError as error:
            raise _placed(error) from error
        return self.now(pk)

    def _save(self, row: Review, values: dict[str, Any]) -> None:
        """A form on an older version is refused as a whole: the service names what we both changed, of rows too."""
        version = version_sent(self.request)
        if version == row.version:
            services.review_save(by=self.user, review=row, version=version, **values)
            return
        try:
            with transaction.atomic():
                services.review_save(by=self.user, review=row, version=version, **values)
                transaction.set_rollback(True)
        except ValidationError:
            pass
        self.version(row, values["facts"] | {name: values[name] for name in ("surveyed_on", "surveyor", "b1_score")})


class ReviewScreen(ReviewAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="review_screen", tags=TAGS, request=shapes.Screened, responses={200: shapes.ReviewWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Phiếu A: go on to Phiếu B, or stop."""
        row = self.to_change(pk)
        sent = self.sent(shapes.Screened)
        version = self.version(row, {"screen_result": sent.get("result", "")})
        try:
            services.review_screen(by=self.user, review=row, version=version, **sent)
        except ValidationError as error:
            raise _placed(error) from error
        return self.now(pk)


class ReviewDrop(ReviewAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="review_drop", tags=TAGS, request=shapes.ReviewDropped, responses={200: shapes.ReviewWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take a household off the list; its form stays to read."""
        row = self.to_change(pk)
        sent = self.sent(shapes.ReviewDropped)
        version = self.version(row, {"dropped_because": sent["reason"]})
        review_drop(by=self.user, review=row, version=version, **sent)
        return self.now(pk)


def _placed(error: ValidationError) -> ValidationError:
    """The same sentences at the places of the body."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({_place(name): sentences for name, sentences in error.message_dict.items()})


def _place(name: str) -> str:
    for pattern, place in PLACES:
        if pattern.match(name):
            return pattern.sub(place, name)
    return name
