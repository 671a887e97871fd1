"""Goals and what was reported of them, as the API shows and takes them."""

from rest_framework import serializers

from povertyplan.core.api.fields import Body, Choice, Count, Day, Exact, Id, Shown, Text
from targets import choices
from targets.models import IndicatorActual, IndicatorTarget


class LedBody(Body):
    """Who leads: a department or a body outside the committee, never both."""

    lead_department = Id(required=False, allow_null=True, help_text="Id of a department of the unit.")
    lead_body = Id(required=False, allow_null=True, help_text="Id of a body outside the committee.")


class GoalShown(Shown):
    """A goal in words and number; ``measure`` is empty where the result is reported by hand."""

    lead = serializers.CharField(read_only=True, allow_blank=True)

    class Meta:
        model = IndicatorTarget
        fields = (
            "id",
            "version",
            "plan",
            "unit",
            "position",
            "text",
            "dimension",
            "measure",
            "scope",
            "unit_of_value",
            "comparison",
            "value",
            "lead_department",
            "lead_body",
            "lead",
        )


class ReachedShown(serializers.Serializer):
    """A figure as people read it, the counts behind it, and what it does not know."""

    figure = serializers.CharField(read_only=True, allow_blank=True)
    counts = serializers.CharField(read_only=True, allow_blank=True)
    on = serializers.DateField(read_only=True)
    source = serializers.CharField(read_only=True)
    unknown = serializers.CharField(read_only=True, allow_blank=True)
    is_preliminary = serializers.BooleanField(read_only=True)


class GoalLineShown(serializers.Serializer):
    """A goal with what was reached of it: counted where the registry can, else as reported; null: ``why`` says why."""

    goal = serializers.IntegerField(source="goal.pk", read_only=True)
    text = serializers.CharField(source="goal.text", read_only=True)
    target = serializers.CharField(read_only=True)
    reached = ReachedShown(read_only=True, allow_null=True)
    verdict = serializers.CharField(read_only=True, help_text="reached, missed, or open while something is unknown.")
    why = serializers.CharField(read_only=True, allow_blank=True)


class GoalChanges(LedBody):
    """``measure`` empty: the result is reported by hand, and the text has to be given."""

    text = Text(required=False, allow_blank=True, max_length=300)
    dimension = Id(required=False, allow_null=True, help_text="Id of a dimension of the year's standard.")
    measure = Choice(choices.Measure.choices, required=False, allow_blank=True)
    scope = Choice(choices.GoalScope.choices, required=False)
    unit_of_value = Choice(choices.GoalUnit.choices, required=False)
    comparison = Choice(choices.Comparison.choices, required=False)
    value = Exact(required=False, max_digits=9, decimal_places=2, min_value=0)


class GoalAdded(GoalChanges):
    text = Text(default="", allow_blank=True, max_length=300)
    measure = Choice(choices.Measure.choices, default="", allow_blank=True)
    scope = Choice(choices.GoalScope.choices)
    unit_of_value = Choice(choices.GoalUnit.choices)
    comparison = Choice(choices.Comparison.choices)
    value = Exact(max_digits=9, decimal_places=2, min_value=0)


class ActualShown(Shown):
    """What was reached from the year's first day to ``on``: a share by its two counts, anything else by its value."""

    class Meta:
        model = IndicatorActual
        fields = ("id", "version", "goal", "unit", "on", "part", "whole", "value", "source")


class ActualChanges(Body):
    on = Day(required=False)
    part = Count(required=False, allow_null=True, help_text="Of a goal in percent, with whole.")
    whole = Count(required=False, allow_null=True)
    value = Exact(required=False, allow_null=True, max_digits=9, decimal_places=2, min_value=0)
    source = Text(required=False, max_length=300)


class ActualAdded(ActualChanges):
    on = Day()
    source = Text(max_length=300)
