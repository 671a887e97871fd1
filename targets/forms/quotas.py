"""The form of an assigned quota, in the order in which decisions say it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, Form, TextField
from povertyplan.core.numbers import format_rate
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.models import Quota

RATE = re.compile(r"^([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?$")


class RateField(forms.Field):
    """A rate or a factor as people write it: ``11,91``. Two decimals at most; Decimal, never float."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        typed = "" if value is None else str(value).strip()
        if not typed:
            return None
        found = RATE.match(typed)
        if not found:
            raise ValidationError(f"«{typed}»: không phải số có nhiều nhất hai chữ số lẻ. Ghi như 11,91.")
        return Decimal(f"{found[1]}.{found[2] or '0'}")

    def prepare_value(self, value: Any) -> Any:
        return format_rate(value) if isinstance(value, Decimal) else value


class QuotaEntryForm(Form):
    """What one decision assigned: of whom, how it is said, and the number in the box that fits.

    Where styles can, only that box is shown; what stands in the other one is left aside.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    issuer = forms.ChoiceField(label="Cơ quan giao", choices=[("", "– Chọn –"), *QuotaIssuer.choices])
    paper = PaperChoice(
        Paper.objects.none(),
        required=False,
        label="Văn bản giao",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )
    subject = forms.ChoiceField(label="Đối tượng", choices=QuotaSubject.choices)
    form = forms.ChoiceField(label="Giao theo", choices=QuotaForm.choices)
    households = CountField(label="Số hộ", help_text="Chỉ ghi khi giao số hộ; ví dụ 170.")
    rate = RateField(
        label="Tỷ lệ hoặc số điểm (%)",
        help_text="Chỉ ghi khi giao tỷ lệ, số điểm, đúng như văn bản giao; ví dụ 11,91. Số này không tính lại.",
    )
    meaning = forms.ChoiceField(
        label="Cách hiểu số hộ",
        choices=Meaning.choices,
        help_text="Văn bản nói «số hộ thoát nghèo» thì chọn số hộ thoát. Tỷ lệ, số điểm luôn là giảm thực.",
    )
    note = TextField(label="Ghi chú", required=False, max_length=300)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, unit: Area, quota: Quota | None = None, **more: Any
    ) -> None:
        initial = {} if quota is None else {name: getattr(quota, name) for name in self.base_fields if name != "paper"}
        if quota is not None:
            initial["paper"] = quota.paper_id
        super().__init__(data, initial=initial, **more)
        cast(PaperChoice, self.fields["paper"]).queryset = Paper.objects.to_choose(unit)

    def clean(self) -> None:
        other = "rate" if self.cleaned_data.get("form") == QuotaForm.HOUSEHOLDS else "households"
        self.errors.pop(other, None)
        self.cleaned_data[other] = None

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
