"""Rounds, their progress and their decisions as the API shows and takes them."""

from rest_framework import serializers

from households import choices
from households.models import Recognition, ReviewRound, RoundStep
from povertyplan.accounts.api import FIRST_YEAR, LAST_YEAR, UnitFields, UnitQuery
from povertyplan.core.api.fields import Body, Choice, Count, Day, Id, Shown, Text, Whole


class RoundQuery(UnitQuery):
    """``year`` is the round's."""

    kind = Choice(choices.RoundKind.choices, required=False)
    state = Choice(choices.RoundState.choices, required=False)


class RoundShown(Shown):
    unit_code = serializers.CharField(source="unit.code", read_only=True)
    standard = serializers.CharField(source="standard.code", read_only=True)

    class Meta:
        model = ReviewRound
        fields: tuple[str, ...] = (
            "id",
            "version",
            "unit",
            "unit_code",
            "year",
            "kind",
            "month",
            "standard",
            "state",
            "starts_on",
            "ends_on",
            "board",
            "team",
            "plan_paper",
            "recognised_on",
            "cancelled_because",
        )


class FindingShown(serializers.Serializer):
    severity = serializers.CharField(read_only=True, help_text="error, warning, hint or ok")
    code = serializers.CharField(read_only=True)
    message = serializers.CharField(read_only=True)


class StepShown(Shown):
    class Meta:
        model = RoundStep
        fields = ("id", "version", "round", "step", "position", "starts_on", "due_on", "done_on", "note")


class StepProgressShown(serializers.Serializer):
    """``state`` is done, now or next; ``blockers`` keep the step that is now from being done."""

    step = serializers.ChoiceField(choices.Step.choices, read_only=True)
    version = serializers.IntegerField(read_only=True)
    title = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    detail = serializers.CharField(read_only=True)
    starts_on = serializers.DateField(read_only=True, allow_null=True)
    due_on = serializers.DateField(read_only=True, allow_null=True)
    done_on = serializers.DateField(read_only=True, allow_null=True)
    is_late = serializers.BooleanField(read_only=True)
    who = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)
    blockers = FindingShown(many=True, read_only=True)


class VillageProgressShown(serializers.Serializer):
    """Forms of a village: on the list, past Phiếu A, still to do, scored."""

    village = serializers.IntegerField(source="pk", read_only=True)
    name = serializers.CharField(read_only=True)
    listed = serializers.IntegerField(read_only=True)
    screened = serializers.IntegerField(read_only=True)
    to_do = serializers.IntegerField(read_only=True)
    surveyed = serializers.IntegerField(read_only=True)
    is_met = serializers.BooleanField(read_only=True)
    is_posted = serializers.BooleanField(read_only=True)


class ProgressShown(serializers.Serializer):
    is_late = serializers.BooleanField(read_only=True)
    listed = serializers.IntegerField(read_only=True)
    surveyed = serializers.IntegerField(read_only=True)
    poor = serializers.IntegerField(read_only=True)
    near_poor = serializers.IntegerField(read_only=True)
    steps = StepProgressShown(many=True, read_only=True)
    villages = VillageProgressShown(many=True, read_only=True)


class RoundWhole(RoundShown):
    """A round with how far it is."""

    progress = ProgressShown(read_only=True)

    class Meta(RoundShown.Meta):
        fields: tuple[str, ...] = (*RoundShown.Meta.fields, "progress")


class RoundChanges(Body):
    standard = Text(required=False, max_length=30, help_text="Code of the standard, 2022_2025.")
    starts_on = Day(required=False, help_text="By the calendar of the province or the law when left out.")
    ends_on = Day(required=False, help_text="By the calendar of the province or the law when left out.")
    board = Id(required=False, allow_null=True, help_text="Id of the review board.")
    team = Id(required=False, allow_null=True, help_text="Id of the survey team.")
    plan_paper = Id(required=False, allow_null=True, help_text="Id of the unit's plan of the review.")


class RoundOpened(UnitFields, RoundChanges):
    """``year`` is the round's, and the one in which the unit bears the code."""

    year = Whole(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = Choice(choices.RoundKind.choices)
    month = Count(required=False, max_value=12, help_text="Of a regular round.")
    standard = Text(max_length=30, help_text="Code of the standard, 2022_2025.")


class RoundCancelled(Body):
    reason = Text(max_length=300)


class RoundFilled(serializers.Serializer):
    added = serializers.IntegerField(read_only=True, help_text="Households that came new on the list.")


class StepFinished(Body):
    on = Day()


class StepReopened(Body):
    reason = Text(max_length=300)


class RoundRecognised(Body):
    on = Day()


class RecognitionShown(Shown):
    households = serializers.IntegerField(
        source="decided", read_only=True, help_text="Households that the decision speaks of."
    )

    class Meta:
        model = Recognition
        fields = ("id", "version", "unit", "round", "kind", "on", "paper", "reason", "households")
