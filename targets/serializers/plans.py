"""Plans, their rows, quotas and versions as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from povertyplan.accounts.api import UnitFields, UnitQuery
from povertyplan.core.api.fields import Body, Choice, Count, Day, Exact, Id, Shown, Text
from targets import choices
from targets.models import PlanVersion, Quota, TargetPlan
from targets.rules.figures import COUNTS, FOR_THE_UNIT
from targets.rules.rows import LONGEST_REMARK, MOST

COMPUTED = ("households_end", "poor_end", "near_poor_end", "listed", "listed_end", "poor_escapes", "near_poor_escapes")
RATES = (
    "poor_rate",
    "near_poor_rate",
    "poor_end_rate",
    "near_poor_end_rate",
    "multidimensional_rate",
    "multidimensional_end_rate",
    "minority_poor_rate",
    "poor_points",
    "near_poor_points",
    "multidimensional_points",
)


class FiguresShown(serializers.Serializer):
    """Counts, what follows from them, and rates in percent from these counts; null is unknown, which is not zero.

    End rates stand over the households expected at the end.
    """

    def get_fields(self) -> dict[str, Any]:
        counts = {name: serializers.IntegerField(read_only=True, allow_null=True) for name in (*COUNTS, *COMPUTED)}
        rates = {
            name: serializers.DecimalField(max_digits=9, decimal_places=2, read_only=True, allow_null=True)
            for name in RATES
        }
        return counts | rates


class TargetRowShown(serializers.Serializer):
    """A village of the plan; one level up a unit. ``version`` is 0 in a submitted version, which never changes."""

    id = serializers.IntegerField(source="pk", read_only=True)
    version = serializers.IntegerField(read_only=True)
    place = serializers.IntegerField(source="place_id", read_only=True)
    code = serializers.CharField(read_only=True, allow_blank=True)
    name = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    remark = serializers.CharField(read_only=True, allow_blank=True)
    figures = FiguresShown(read_only=True)


class RowChanges(Body):
    """Cells to write; what is left out stays, null empties."""

    def get_fields(self) -> dict[str, Any]:
        counts = {name: Count(required=False, allow_null=True, max_value=MOST) for name in COUNTS}
        return counts | {"remark": Text(required=False, allow_blank=True, max_length=LONGEST_REMARK)}


class PlanQuery(UnitQuery):
    """``year`` is the plan's."""

    state = Choice(choices.PlanState.choices, required=False)


class PlanShown(Shown):
    unit_code = serializers.CharField(source="unit.code", read_only=True)

    class Meta:
        model = TargetPlan
        fields: tuple[str, ...] = (
            "id",
            "version",
            "unit",
            "unit_code",
            "year",
            "state",
            "in_force",
            "adjusted_because",
            "layout",
            "start_source",
            "source_paper",
            "source_note",
            "cut_off",
            *FOR_THE_UNIT,
        )


class TableShown(serializers.Serializer):
    """The table with its total, which divides total counts."""

    rows = TargetRowShown(many=True, read_only=True)
    total = FiguresShown(read_only=True)
    unlisted = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Places of the unit that the table does not have."
    )


class PlanWhole(PlanShown):
    """A plan with its table."""

    table = TableShown(read_only=True)

    class Meta(PlanShown.Meta):
        fields: tuple[str, ...] = (*PlanShown.Meta.fields, "table")


class PlanOpened(UnitFields):
    """``year`` is the plan's, and the one in which the unit bears the code; this year when left out."""


class PlanChanges(Body):
    layout = Choice(choices.LayoutName.choices, required=False)
    source_paper = Id(required=False, allow_null=True, help_text="Id of a paper of the unit.")
    source_note = Text(required=False, allow_blank=True, max_length=300)
    cut_off = Day(required=False, allow_null=True)
    poor_persons = Count(required=False, allow_null=True, max_value=MOST, help_text="Known for the unit as a whole.")
    near_poor_persons = Count(required=False, allow_null=True, max_value=MOST)
    minority_households = Count(required=False, allow_null=True, max_value=MOST)
    minority_poor_households = Count(required=False, allow_null=True, max_value=MOST)
    minority_near_poor_households = Count(required=False, allow_null=True, max_value=MOST)


class PlanSubmitted(Body):
    note = Text(required=False, allow_blank=True, max_length=500)
    paper = Id(required=False, allow_null=True, help_text="Id of the decision that assigns or adjusts.")


class PlanReturned(Body):
    reason = Text(max_length=500)


class PlanAdjusted(Body):
    reason = Text(max_length=500)


class QuotaShown(Shown):
    """A number as it was assigned; a rate is never turned into households here."""

    class Meta:
        model = Quota
        fields = (
            "id",
            "version",
            "plan",
            "unit",
            "issuer",
            "paper",
            "subject",
            "form",
            "meaning",
            "households",
            "rate",
            "note",
        )


class QuotaChanges(Body):
    """``households`` goes with the form households, ``rate`` with the others."""

    issuer = Choice(choices.QuotaIssuer.choices, required=False)
    subject = Choice(choices.QuotaSubject.choices, required=False)
    form = Choice(choices.QuotaForm.choices, required=False)
    meaning = Choice(choices.Meaning.choices, required=False)
    households = Count(required=False, allow_null=True)
    rate = Exact(required=False, allow_null=True, max_digits=5, decimal_places=2, min_value=0, max_value=100)
    paper = Id(required=False, allow_null=True, help_text="Id of a paper of the unit.")
    note = Text(required=False, allow_blank=True, max_length=300)


class QuotaAdded(QuotaChanges):
    issuer = Choice(choices.QuotaIssuer.choices)
    subject = Choice(choices.QuotaSubject.choices)
    form = Choice(choices.QuotaForm.choices)


class VersionShown(Shown):
    """What was submitted, and what became of it."""

    submitter = serializers.CharField(source="submitted_by", read_only=True, allow_null=True)
    decider = serializers.CharField(source="decided_by", read_only=True, allow_null=True)
    decider_above = serializers.CharField(source="above_by", read_only=True, allow_null=True)

    class Meta:
        model = PlanVersion
        fields: tuple[str, ...] = (
            "id",
            "version",
            "plan",
            "unit",
            "number",
            "state",
            "submitter",
            "submitted_at",
            "submit_note",
            "decider",
            "decided_at",
            "decider_above",
            "above_at",
            "returned_because",
            "adjusted_because",
            "paper",
        )


class VersionWhole(VersionShown):
    """A version with its table, frozen when it was submitted."""

    table = TableShown(read_only=True)

    class Meta(VersionShown.Meta):
        fields: tuple[str, ...] = (*VersionShown.Meta.fields, "table")
