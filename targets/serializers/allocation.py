"""The allocation of a quota as the API shows and takes it."""

from decimal import Decimal

from rest_framework import serializers

from povertyplan.core.api.fields import Body, Choice, Count, Exact, Id
from targets.choices import Method, QuotaSubject
from targets.rules.allocation import USUAL_WEIGHT
from targets.selectors.allocation import KINDS

ALLOCATED = [(subject.value, subject.label) for subject in KINDS]
WEIGHT = Decimal(USUAL_WEIGHT.numerator) / USUAL_WEIGHT.denominator


class Question(Body):
    """Of which households, and how often a household of an extremely difficult place counts."""

    kind = Choice(ALLOCATED, default=QuotaSubject.POOR.value)
    weight = Exact(default=WEIGHT, max_digits=5, decimal_places=2, min_value=1, help_text="Of the method weighted.")


class AllocationQuery(Question):
    """``households`` to spread: what the strictest quota asks for when left out, else what the table has."""

    households = Count(required=False)


class AllocatedShown(serializers.Serializer):
    """What a place takes, with its arithmetic in words and the end rate it leaves."""

    place = serializers.IntegerField(source="place.key", read_only=True)
    name = serializers.CharField(source="place.name", read_only=True)
    households = serializers.IntegerField(read_only=True)
    change = serializers.IntegerField(read_only=True, help_text="Against the table; a blank cell counts as none.")
    end_rate = serializers.DecimalField(max_digits=9, decimal_places=2, read_only=True, allow_null=True)
    sentence = serializers.CharField(read_only=True)


class MethodShown(serializers.Serializer):
    """Shares that add up to the number exactly; ``note`` says what they have in common."""

    method = serializers.ChoiceField(Method.choices, read_only=True)
    note = serializers.CharField(source="allocation.note", read_only=True)
    lowest_end_rate = serializers.DecimalField(
        source="lowest", max_digits=9, decimal_places=2, read_only=True, allow_null=True
    )
    highest_end_rate = serializers.DecimalField(
        source="highest", max_digits=9, decimal_places=2, read_only=True, allow_null=True
    )
    shares = AllocatedShown(source="cells", many=True, read_only=True)


class RefusedShown(serializers.Serializer):
    method = serializers.ChoiceField(Method.choices, read_only=True)
    because = serializers.CharField(read_only=True)


class StoredShown(serializers.Serializer):
    """A row as the shares were worked out from it; its version goes back with its share."""

    place = serializers.IntegerField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    stored = serializers.IntegerField(read_only=True, allow_null=True, help_text="Reduction in the table.")


class AllocationShown(serializers.Serializer):
    """Methods side by side; none while ``households`` is null, because nothing says how many."""

    kind = serializers.ChoiceField(ALLOCATED, read_only=True)
    households = serializers.IntegerField(read_only=True, allow_null=True)
    weight = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)
    asked_for = serializers.CharField(read_only=True, allow_blank=True, help_text="How the strictest quota is met.")
    rows = StoredShown(many=True, read_only=True)
    methods = MethodShown(many=True, read_only=True)
    refused = RefusedShown(many=True, read_only=True)


class ShareTaken(Body):
    place = Id()
    version = Count(help_text="Of the row, as it was seen.")
    households = Count()


class AllocationTaken(Question):
    """A share for every row of the plan; together ``households``. By hand they are whatever adds up."""

    method = Choice(Method.choices)
    households = Count()
    shares = ShareTaken(many=True)
