"""The summary tables of a round as the API shows them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from povertyplan.core.api.fields import Body, YesNo


class SummaryQuery(Body):
    official = YesNo(
        required=False,
        help_text="true: as recognised; false: from the forms as they stand. As recognised where there is a decision.",
    )


class ColumnShown(serializers.Serializer):
    number = serializers.IntegerField(read_only=True)
    group = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    is_rate = serializers.BooleanField(read_only=True)


class CellShown(serializers.Serializer):
    """A count; of a rate ``value`` and ``whole`` are what it divides, and ``rate`` percent with two decimals."""

    column = serializers.IntegerField(source="column.number", read_only=True)
    value = serializers.IntegerField(read_only=True, allow_null=True)
    whole = serializers.IntegerField(read_only=True, allow_null=True)
    rate = serializers.SerializerMethodField()

    def get_rate(self, cell: Any) -> Decimal | None:
        return cell.rate if cell.column.is_rate else None


class LineShown(serializers.Serializer):
    layer = serializers.CharField(source="layer.code", read_only=True)
    title = serializers.CharField(source="layer.title", read_only=True)
    cells = CellShown(many=True, read_only=True)


class RowShown(serializers.Serializer):
    village = serializers.IntegerField(source="place.pk", read_only=True, default=None, allow_null=True)
    name = serializers.SerializerMethodField()
    lines = LineShown(many=True, read_only=True)

    def get_name(self, row: Any) -> str:
        return f"{row.place.kind} {row.place.name}" if row.place else "Tổng cộng"


class SummaryShown(serializers.Serializer):
    """One of the tables 1–11: a row a village, and the total."""

    number = serializers.IntegerField(source="layout.number", read_only=True)
    title = serializers.CharField(read_only=True)
    is_official = serializers.BooleanField(read_only=True)
    columns = ColumnShown(source="layout.columns", many=True, read_only=True)
    rows = RowShown(many=True, read_only=True)
    total = RowShown(read_only=True)
