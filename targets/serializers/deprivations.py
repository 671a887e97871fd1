"""Who sees to a deprivation and for which households, as the API shows and takes it."""

from typing import Any

from rest_framework import serializers

from povertyplan.core.api.fields import Body, Count, Id, Items, Text
from targets.serializers.goals import LedBody


class OwnedShown(serializers.Serializer):
    """An indicator with its owner; ``version`` is 0 while nobody wrote one.

    ``unknown`` households have no form or no answer; ``resolved`` of those named, by the review of the year.
    """

    indicator = serializers.IntegerField(source="count.indicator_id", read_only=True)
    version = serializers.SerializerMethodField()
    name = serializers.CharField(source="count.name", read_only=True)
    dimension = serializers.CharField(source="count.dimension", read_only=True)
    poor = serializers.IntegerField(source="count.poor", read_only=True)
    near_poor = serializers.IntegerField(source="count.near_poor", read_only=True)
    unknown = serializers.IntegerField(source="count.unknown", read_only=True)
    lead_department = serializers.IntegerField(
        source="owner.lead_department_id", read_only=True, allow_null=True, default=None
    )
    lead_body = serializers.IntegerField(source="owner.lead_body_id", read_only=True, allow_null=True, default=None)
    lead = serializers.CharField(read_only=True, allow_blank=True)
    to_resolve = serializers.IntegerField(read_only=True, allow_null=True)
    way = serializers.CharField(source="owner.way", read_only=True, allow_blank=True, default="")
    named = serializers.IntegerField(read_only=True)
    resolved = serializers.IntegerField(read_only=True)

    def get_version(self, line: Any) -> int:
        return line.owner.version if line.owner else 0


class OwnedTableShown(serializers.Serializer):
    """Every indicator of the standard, counted over the list recognised last; ``list_year`` null: no list yet."""

    list_year = serializers.IntegerField(source="counts.year", read_only=True, allow_null=True)
    listed = serializers.IntegerField(source="counts.listed", read_only=True)
    has_review = serializers.BooleanField(read_only=True, help_text="A review of the year says what became of them.")
    is_preliminary = serializers.BooleanField(read_only=True)
    lines = OwnedShown(many=True, read_only=True)


class OwnerChanges(LedBody):
    to_resolve = Count(required=False, allow_null=True, help_text="Households to be freed of it this year.")
    way = Text(required=False, allow_blank=True, max_length=500)


class DeprivedShown(serializers.Serializer):
    """A listed household deprived in the indicator; ``result`` is what the review of the year says."""

    household = serializers.IntegerField(source="household.household_id", read_only=True)
    code = serializers.CharField(source="household.code", read_only=True)
    head = serializers.CharField(source="household.head_name", read_only=True)
    village = serializers.IntegerField(source="household.village_id", read_only=True)
    category = serializers.CharField(source="household.category", read_only=True)
    is_named = serializers.BooleanField(read_only=True)
    result = serializers.CharField(source="outcome.result", read_only=True, allow_null=True, default=None)


class NamedChanges(Body):
    """Households to name and to take out; others that were named meanwhile stay."""

    add = Items(child=Id(), required=False, max_length=1000, default=list)
    drop = Items(child=Id(), required=False, max_length=1000, default=list)
