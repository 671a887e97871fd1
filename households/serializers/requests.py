"""The register of requests as the API shows and takes it."""

from typing import Any

from rest_framework import serializers

from households import choices
from households.models import Request
from povertyplan.accounts.api import UnitFields, UnitQuery
from povertyplan.core.api.fields import Body, Choice, Day, Id, Shown, Text


class RequestQuery(UnitQuery):
    state = Choice(
        [("open", "chưa trả kết quả"), ("answered", "đã trả kết quả"), ("all", "tất cả")],
        default="all",
        help_text="all when left out.",
    )
    kind = Choice(choices.RequestKind.choices, required=False)
    received_from = Day(required=False, help_text="First day of receipt.")
    received_to = Day(required=False, help_text="Last day of receipt.")


class RequestShown(Shown):
    unit_code = serializers.CharField(source="unit.code", read_only=True)
    village_name = serializers.CharField(source="village.name", read_only=True)

    class Meta:
        model = Request
        fields = (
            "id",
            "version",
            "unit",
            "unit_code",
            "village",
            "village_name",
            "household",
            "member",
            "kind",
            "channel",
            "file_number",
            "received_on",
            "due_on",
            "applicant",
            "reason",
            "round",
            "result",
            "result_on",
            "refusal_reason",
        )


class RequestFields(Body):
    kind = Choice(choices.RequestKind.choices)
    channel = Choice(choices.Channel.choices)
    received_on = Day()
    applicant = Text(max_length=100)
    village = Id(required=False, help_text="Id of the village; that of the household when one is given.")
    household = Id(required=False, allow_null=True, help_text="Id of a household of the unit.")
    member = Id(required=False, allow_null=True, help_text="Id of the worker, for a low-income request.")
    file_number = Text(required=False, allow_blank=True, max_length=60)
    reason = Text(required=False, allow_blank=True, max_length=500)
    due_on = Day(required=False, allow_null=True, help_text="By the law's days when left out.")


class RequestRegistered(UnitFields, RequestFields):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("village") and not attrs.get("household"):
            raise serializers.ValidationError({"village": ["Ghi thôn, hoặc hộ."]})
        return attrs


class RequestChanges(RequestFields):
    """Any of them, until it is answered."""


class RequestAnswered(Body):
    result = Choice(choices.RequestResult.choices)
    on = Day()
    reason = Text(required=False, allow_blank=True, max_length=500)
