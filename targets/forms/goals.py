"""Forms of a goal and of what was reached of it."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from households.models import Dimension
from households.selectors.law import standards_on
from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, DayField, Form, TextField
from povertyplan.core.numbers import NotACount, format_count, parse_count
from povertyplan.offices.models import Department, OutsideBody
from povertyplan.offices.selectors import in_order
from targets.choices import Comparison, GoalScope, GoalUnit, Measure
from targets.models import IndicatorActual, IndicatorTarget

WITH_DECIMALS = re.compile(r"^([0-9]{1,7})[.,]([0-9]{1,2})$")
MOST = 9_999_999


class ValueField(forms.Field):
    """A count or a figure of two decimals at most: ``20``, ``1.500``, ``11,91``. Decimal, never float."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        typed = "" if value is None else str(value).strip().removesuffix("%").strip()
        if not typed:
            return None
        if found := WITH_DECIMALS.match(typed):
            return Decimal(f"{found[1]}.{found[2]}")
        try:
            number = parse_count(typed)
        except NotACount as error:
            raise ValidationError(f"«{typed}»: ghi số, phần lẻ nhiều nhất hai chữ số; ví dụ 95 hoặc 11,91.") from error
        if number > MOST:
            raise ValidationError(f"«{typed}» lớn quá mức có thể.")
        return Decimal(number)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return format_count(int(value)) if value % 1 == 0 else f"{value:.2f}".replace(".", ",")


class LeadForm(Form):
    """Who leads: an office of the unit that is there in the year."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    lead_department = forms.ModelChoiceField(
        Department.objects.none(), required=False, label="Phòng, ban, công chức chủ trì", empty_label="Chưa chọn"
    )
    lead_body = forms.ModelChoiceField(
        OutsideBody.objects.none(),
        required=False,
        label="Hoặc cơ quan, đơn vị ngoài UBND chủ trì",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Cơ quan, cán bộ.",
    )

    def _offer(self, unit: Area, year: int) -> None:
        models: dict[str, type[Department] | type[OutsideBody]] = {
            "lead_department": Department,
            "lead_body": OutsideBody,
        }
        for name, model in models.items():
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = in_order(model.objects.filter(unit=unit).valid_in_year(year))

    def values(self) -> dict[str, Any]:
        """What the service takes beside the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class GoalForm(LeadForm):
    """A goal in the order in which plans say it."""

    text = TextField(
        label="Chỉ tiêu",
        required=False,
        max_length=300,
        help_text="Bỏ trống thì phần mềm đặt câu từ các ô dưới; muốn vậy phải chọn số thực hiện.",
    )
    measure = forms.ChoiceField(
        label="Số thực hiện phần mềm đếm",
        choices=[("", "Không đếm được, nhập kết quả"), *Measure.choices],
        required=False,
    )
    scope = forms.ChoiceField(
        label="Tính trên", choices=GoalScope.choices, help_text="Tỷ lệ nghèo, mức giảm: chọn toàn địa bàn."
    )
    comparison = forms.ChoiceField(label="So sánh", choices=Comparison.choices)
    value = ValueField(label="Mức phải đạt", help_text="Ví dụ 95 hoặc 11,91.")
    unit_of_value = forms.ChoiceField(label="Đơn vị tính", choices=GoalUnit.choices)
    dimension = forms.ModelChoiceField(
        Dimension.objects.none(), required=False, label="Chiều thiếu hụt", empty_label="Không thuộc chiều nào"
    )

    field_order = (
        "text",
        "measure",
        "scope",
        "comparison",
        "value",
        "unit_of_value",
        "dimension",
        "lead_department",
        "lead_body",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, unit: Area, year: int, goal: IndicatorTarget | None = None
    ) -> None:
        plain = {"scope": GoalScope.LISTED, "comparison": Comparison.AT_LEAST, "unit_of_value": GoalUnit.PERCENT}
        super().__init__(data, initial=_initial(goal, ("version", *GOAL_FIELDS)) if goal else plain)
        self._offer(unit, year)
        dimensions = cast("forms.ModelChoiceField[Dimension]", self.fields["dimension"])
        dimensions.queryset = _dimensions(unit, year, goal)


GOAL_FIELDS = (*GoalForm.field_order,)
RELATED = ("dimension", "lead_department", "lead_body")


def _initial(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, f"{name}_id" if name in RELATED else name) for name in names}


def _dimensions(unit: Area, year: int, goal: IndicatorTarget | None) -> QuerySet[Dimension]:
    """Of the standards in force when the year begins; and the one that the goal has."""
    standards = [row.pk for row in standards_on(datetime.date(year, 1, 1), unit)]
    offered = Dimension.objects.filter(standard__in=standards)
    if goal and goal.dimension_id:
        offered = offered | Dimension.objects.filter(pk=goal.dimension_id)
    return offered.order_by("standard", "position")


class ActualForm(Form):
    """What was reached by a day; a share by its two counts."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = DayField(label="Tính đến hết ngày", help_text="Kết quả cộng dồn từ đầu năm; năm lấy số của ngày mới nhất.")
    part = CountField(label="Số đạt", required=False)
    whole = CountField(label="Trên tổng số", required=False)
    value = ValueField(label="Kết quả", required=False)
    source = TextField(label="Nguồn", max_length=300, help_text="Nơi báo cáo, số văn bản.")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, goal: IndicatorTarget, actual: IndicatorActual | None = None
    ) -> None:
        names = ("version", "on", "part", "whole", "value", "source")
        super().__init__(data, initial=_initial(actual, names) if actual else None)
        is_share = goal.unit_of_value == GoalUnit.PERCENT
        for name in ("value",) if is_share else ("part", "whole"):
            del self.fields[name]
        if not is_share:
            self.fields["value"].label = f"Kết quả ({GoalUnit(goal.unit_of_value).label})"
            self.fields["value"].required = True

    def values(self) -> dict[str, Any]:
        """What the service takes beside the version; a box that does not fit the goal's unit is empty."""
        empty = {"part": None, "whole": None, "value": None}
        return empty | {name: value for name, value in self.cleaned_data.items() if name != "version"}
