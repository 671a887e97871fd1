"""Forms of villages."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from povertyplan.areas.choices import KINDS, Level, Setting
from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, LinesField, TextField
from povertyplan.core.text import clean
from povertyplan.villages.rules import bare_name

MOST_AT_ONCE = 200
NAME_LENGTH = 100
VILLAGE_KINDS = [(kind, kind) for kind in KINDS[Level.VILLAGE]]


class VillagesForm(Form):
    """Several villages of one kind, one a line."""

    kind = forms.ChoiceField(label="Loại", choices=VILLAGE_KINDS, help_text="Văn bản in đúng chữ này: thôn, làng, ấp …")
    names = LinesField(
        label="Tên, mỗi dòng một tên",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Không ghi kèm chữ chỉ loại. Thứ tự các dòng là thứ tự in trong bảng.",
    )
    valid_from = DayField(label="Có từ ngày", help_text="Thôn đã có từ trước thì để nguyên ngày đầu của đơn vị.")

    def clean_names(self) -> list[str]:
        kind = self.cleaned_data.get("kind", "")
        names = [bare_name(line, kind) for line in self.cleaned_data["names"].splitlines() if clean(line)]
        if len(names) > MOST_AT_ONCE:
            raise ValidationError(f"Mỗi lần thêm nhiều nhất {MOST_AT_ONCE} dòng, đang có {len(names)}.")
        long = [name for name in names if len(name) > NAME_LENGTH]
        if long:
            raise ValidationError([f"Tên dài quá {NAME_LENGTH} ký tự: {name[:40]}…" for name in long])
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValidationError(f"Tên ghi hai lần: {', '.join(twice)}.")
        return names


class VillageForm(Form):
    """Correct one village."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Loại", choices=VILLAGE_KINDS)
    name = TextField(label="Tên", max_length=NAME_LENGTH, help_text="Không ghi kèm chữ chỉ loại.")
    setting = forms.ChoiceField(
        label="Khu vực", choices=Setting, help_text="Chọn mức thu nhập và ngưỡng điểm B1 khi rà soát."
    )
    valid_from = DayField(label="Có từ ngày")

    def __init__(self, *args: Any, village: Area, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(village, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        return bare_name(self.cleaned_data["name"], self.cleaned_data.get("kind", ""))


class LastDayForm(Form):
    """The last day of a row."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    last_day = DayField(label="Ngày cuối cùng", help_text="Từ ngày hôm sau không còn trong danh sách.")

    def __init__(self, *args: Any, version: int, last_day: datetime.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version, "last_day": last_day}
        super().__init__(*args, **kwargs)
