"""Forms of villages."""

import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from povertyplan.areas.choices import KINDS, Level, Setting
from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, LinesField, TextField
from povertyplan.core.text import clean, first_upper
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.villages.rules import bare_name, village_word

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


class DifficultForm(Form):
    """Villages that one decision lists as extremely difficult. ``word`` is what they are called here."""

    villages = forms.ModelMultipleChoiceField(
        Area.objects.none(), label="Thôn trong danh sách", widget=forms.CheckboxSelectMultiple
    )
    paper = PaperChoice(
        Paper.objects.none(),
        required=False,
        label="Quyết định",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )
    valid_from = DayField(label="Từ ngày")
    valid_to = DayField(label="Đến ngày", required=False, help_text="Bỏ trống khi quyết định chưa ghi ngày cuối.")

    def __init__(self, *args: Any, unit: Area, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Area.objects.villages_of(unit).valid_in_year(year)
        self.word = village_word([village.kind for village in villages])
        field = cast(forms.ModelMultipleChoiceField, self.fields["villages"])
        field.queryset = villages
        field.label = f"{first_upper(self.word)} trong danh sách"
        cast(PaperChoice, self.fields["paper"]).queryset = Paper.objects.to_choose(unit)
