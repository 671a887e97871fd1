"""Forms of papers."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, ModelForm, TextField
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from povertyplan.papers.services import COMPARED

TEXTS = ("number", "notation", "issuer", "subject")
DAYS = ("date", "in_force_from", "in_force_to")


class PaperForm(ModelForm):
    """A document of the unit's file, in the order of a citation."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Paper
        fields = (
            "type",
            "system",
            "number",
            "notation",
            "date",
            "issuer",
            "subject",
            "in_force_from",
            "in_force_to",
            "is_own",
        )
        field_classes = dict.fromkeys(TEXTS, TextField) | dict.fromkeys(DAYS, DayField)
        widgets = dict.fromkeys(DAYS, DayField.widget)
        help_texts = {
            "number": "Có thể dán cả số và ký hiệu: 123/QĐ-UBND.",
            "notation": "Ví dụ QĐ-UBND; văn bản của Đảng ghi CT/TW, NQ/TU.",
            "issuer": "Ví dụ UBND huyện …, Thủ tướng Chính phủ.",
            "subject": "Viết thường chữ đầu, như khi viện dẫn: về việc …, phê duyệt …",
        }

    def __init__(self, *args: Any, unit: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.unit = unit
        self.fields["version"].initial = self.instance.version if self.instance.pk else None

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReplaceForm(Form):
    """Which paper took the place of this one."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    replaced_by = PaperChoice(Paper.objects.none(), label="Văn bản thay thế", empty_label="– Chọn –")
    in_force_to = DayField(
        label="Hết hiệu lực từ ngày", required=False, help_text="Bỏ trống để lấy ngày hiệu lực của văn bản thay thế."
    )

    def __init__(self, *args: Any, paper: Paper, papers: QuerySet[Paper], **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": paper.version,
            "replaced_by": paper.replaced_by_id,
            "in_force_to": paper.in_force_to,
        }
        super().__init__(*args, **kwargs)
        cast(PaperChoice, self.fields["replaced_by"]).queryset = papers.exclude(pk=paper.pk)


class ConfirmForm(ModelForm):
    """A national paper beside its text: what to put right, and where the text was found."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    source = TextField(
        label="Nguồn đã đối chiếu",
        max_length=300,
        help_text="Nơi đã đọc bản gốc: số Công báo, cơ sở dữ liệu văn bản, bản giấy lưu tại …",
    )

    class Meta:
        model = Paper
        fields = COMPARED
        field_classes = dict.fromkeys(("issuer", "subject"), TextField) | dict.fromkeys(DAYS, DayField)
        widgets = dict.fromkeys(DAYS, DayField.widget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(version=self.instance.version, source=self.instance.source)
