"""What the printed paper says, as it is pasted or typed."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from povertyplan.core.forms import Form
from povertyplan.core.text import legacy_encoding
from targets.choices import LayoutName
from targets.rules.printed import SAID

SAID_PREFIX = "said_"
LONGEST = 200_000  # letters; a table of several hundred villages


class PastedField(forms.CharField):
    """A table from Word or Excel: tabs and line ends stay as they are, letters become NFC."""

    widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "pasted"})

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, max_length=LONGEST, **options)

    def to_python(self, value: Any) -> str:
        text = (
            unicodedata.normalize("NFC", super().to_python(value) or "").replace("\u00a0", " ").replace("\u202f", " ")
        )
        encoding = legacy_encoding(text)
        if encoding:
            raise ValidationError(
                f"Chữ trong bảng theo bảng mã {encoding}, không phải Unicode. Đổi phông rồi chép lại."
            )
        return text if text.strip() else ""


class PrintedForm(Form):
    """The table in one of the layouts, and rates that the text of the paper says; at least one of both."""

    layout = forms.ChoiceField(label="Mẫu bảng của bản giấy", choices=LayoutName.choices)
    text = PastedField(
        label="Bảng trên bản giấy",
        required=False,
        help_text="Chép cả bảng từ Word hoặc Excel rồi dán vào đây. Mỗi dòng: số thứ tự (có thể bỏ), tên, rồi các cột "
        "số theo đúng thứ tự của mẫu. Gõ tay thì cách nhau bằng dấu cách.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, layout: LayoutName) -> None:
        super().__init__(data, initial={"layout": layout})
        for name, label in SAID.items():
            self.fields[f"{SAID_PREFIX}{name}"] = forms.CharField(
                label=f"{label} (%)" if name.endswith("rate") else f"{label} (điểm %)", required=False, max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text") and not any(self.said.values()):
            self.add_error("text", "Chưa dán bảng, cũng chưa ghi số nào trong lời văn.")
        return cleaned

    @property
    def said(self) -> dict[str, str]:
        """Rates in the text of the paper by name, as typed."""
        return {name: self.cleaned_data.get(f"{SAID_PREFIX}{name}", "") for name in SAID}

    @property
    def said_fields(self) -> list[forms.BoundField]:
        return [self[f"{SAID_PREFIX}{name}"] for name in SAID]
