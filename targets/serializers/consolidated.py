"""What the level above reads: its units in one table, and who registered to escape poverty."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from households.models import ExitRegistration
from povertyplan.accounts.api import UnitFields
from povertyplan.core.api.fields import Shown
from targets.choices import PlanState, QuotaSubject
from targets.rules.consolidated import Line
from targets.serializers.plans import FiguresShown


class ConsolidatedQuery(UnitFields):
    """A district or a province; ``year`` is also that of the plans."""


class AskedShown(serializers.Serializer):
    """The strictest of what the level above asks of one subject, beside the plan."""

    subject = serializers.ChoiceField(QuotaSubject.choices, read_only=True)
    households = serializers.IntegerField(read_only=True, allow_null=True, help_text="Net reduction asked for.")
    beyond = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Planned minus asked; below zero the plan is short."
    )


class UnitLineShown(serializers.Serializer):
    """A unit; ``figures`` of the version in force, else as they stand, null without a plan."""

    unit = serializers.IntegerField(source="pk", read_only=True)
    code = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    above = serializers.CharField(read_only=True, allow_blank=True, help_text="The unit between, if there is one.")
    plan = serializers.IntegerField(read_only=True, allow_null=True)
    state = serializers.ChoiceField(
        PlanState.choices, read_only=True, allow_blank=True, help_text="Empty without a plan."
    )
    version_in_force = serializers.IntegerField(source="number", read_only=True, allow_null=True)
    is_missing = serializers.BooleanField(read_only=True, help_text="Nothing was submitted yet.")
    is_adjusting = serializers.BooleanField(read_only=True)
    villages = serializers.IntegerField(read_only=True)
    incomplete = serializers.IntegerField(read_only=True, help_text="Villages that lack a count of the start.")
    open_comments = serializers.IntegerField(source="comments", read_only=True)
    figures = FiguresShown(read_only=True, allow_null=True)
    before = FiguresShown(read_only=True, allow_null=True, help_text="The same of the year before.")
    asked = serializers.SerializerMethodField()

    @extend_schema_field(AskedShown(many=True))
    def get_asked(self, line: Line) -> Any:
        return AskedShown(
            [
                {"subject": subject, "households": line.asked_of(subject), "beyond": line.beyond(subject)}
                for subject in line.asked
            ],
            many=True,
        ).data


class ConsolidatedShown(serializers.Serializer):
    """Every unit that the area has on ``day``, with a plan or without; the total adds units whose villages all have
    their start."""

    unit = serializers.IntegerField(source="area.pk", read_only=True)
    year = serializers.IntegerField(read_only=True)
    day = serializers.DateField(read_only=True)
    lines = UnitLineShown(many=True, read_only=True)
    total = FiguresShown(read_only=True, allow_null=True)


class ExitQuery(UnitFields):
    """``year`` is also that of the registration."""


class ExitShown(Shown):
    """A household that undertook to escape poverty in the year, also where it withdrew."""

    head = serializers.CharField(source="head_name", read_only=True, allow_null=True)

    class Meta:
        model = ExitRegistration
        fields = (
            "id",
            "version",
            "unit",
            "village",
            "household",
            "head",
            "category",
            "registered_on",
            "signer",
            "is_form_signed",
            "note",
            "withdrawn_on",
            "withdrawn_because",
        )
