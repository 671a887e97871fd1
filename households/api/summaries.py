"""The summary tables 1–11 of a round."""

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.base import HouseholdApi
from households.choices import RoundState
from households.models import ReviewRound
from households.rules.summary_layouts import NUMBERS
from households.selectors.exchange import rounds_shown
from households.selectors.summaries import NotRecognised, summary
from households.serializers import summaries as shapes


class Summary(HouseholdApi):
    filters = shapes.SummaryQuery

    @extend_schema(operation_id="summary_read", tags=["summaries"], responses=shapes.SummaryShown)
    def get(self, request: Request, pk: int, number: int) -> Response:
        """One table by village with its total, as recognised or preliminary."""
        round: ReviewRound = self.find(rounds_shown(), pk=pk)
        if number not in NUMBERS:
            raise Http404
        is_official = self.asked(shapes.SummaryQuery).get("official", round.state == RoundState.RECOGNISED)
        try:
            table = summary(round=round, table=number, is_official=is_official)
        except NotRecognised as error:
            raise ValidationError({"official": str(error)}) from error
        return Response(shapes.SummaryShown(table).data)
