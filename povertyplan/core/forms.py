"""Form fields that read what people write in Vietnam, and one way to draw a form."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from povertyplan.core import dates, numbers, text


class Renderer(TemplatesSetting):
    """Forms are drawn by ``templates/ui``."""

    form_template_name = "ui/form_fields.html"
    field_template_name = "ui/field.html"


class TextField(forms.CharField):
    """One line of text: NFC, single spaces; text typed in an old font encoding is refused by name."""

    lines = False

    def to_python(self, value: Any) -> str:
        typed = str(value or "")
        cleaned = text.clean_lines(typed) if self.lines else text.clean(typed)
        encoding = text.legacy_encoding(typed)
        if encoding:
            raise ValidationError(
                f"Chữ gõ bằng bảng mã {encoding}, không phải Unicode: «{cleaned}». Đổi bộ gõ sang Unicode rồi gõ lại."
            )
        return cleaned


class LinesField(TextField):
    """Several lines of text."""

    widget = forms.Textarea
    lines = True


class CountField(forms.Field):
    """Whole number of zero or more: ``1433`` or ``1.433``."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return numbers.parse_count(str(value))
        except numbers.NotACount as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return numbers.format_count(value) if isinstance(value, int) else value


class DayField(forms.Field):
    """A day: ``05/11/2026``."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, datetime.date):
            return value
        try:
            return dates.parse_date(str(value))
        except dates.NotADate as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return dates.format_date(value) if isinstance(value, datetime.date) else value
