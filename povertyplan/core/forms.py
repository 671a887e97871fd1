"""Form fields that read what people write in Vietnam, and one way to draw a form."""

import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting

from povertyplan.core import dates, numbers, text

EMPTY_CHOICE = "– Chọn –"


class Renderer(TemplatesSetting):
    """Forms are drawn by ``templates/ui``."""

    form_template_name = "ui/form_fields.html"
    field_template_name = "ui/field.html"


class Form(forms.Form):
    """A form whose sentences name what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_what_is_missing(self)


class VersionForm(Form):
    """A form of a row: the version of what was shown travels along."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ModelForm(forms.ModelForm):
    """A form of a model whose sentences name what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_what_is_missing(self)

    def add_error(self, field: str | None, error: Any) -> None:
        """What the model says of a field that the form does not show stands above the form."""
        if field is not None or not hasattr(error, "error_dict"):
            return super().add_error(field, error)
        for name, sentences in error.error_dict.items():
            super().add_error(name if name in self.fields else None, sentences)
        return None


def name_what_is_missing(form: forms.BaseForm) -> None:
    """«Chưa ghi trích yếu.» for an empty field, «– Chọn –» for an empty choice; a form's own words stay."""
    for name, field in form.fields.items():
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _missing(field, str(field.label or name))
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = EMPTY_CHOICE if field.empty_label == BLANK_CHOICE_DASH[0][1] else field.empty_label
        elif isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", EMPTY_CHOICE) if pair == BLANK_CHOICE_DASH[0] else pair for pair in cast(Any, field.choices)
            ]


def _missing(field: forms.Field, label: str) -> str:
    """A label goes on in small letters unless it is an abbreviation; «Từ ngày» is named as the box it stands over."""
    thing = label if label[:2].isupper() else label[:1].lower() + label[1:]
    if isinstance(field, DayField) and not thing.startswith("ngày"):
        return f"Chưa ghi ngày ở ô «{text.first_upper(label)}»."
    return f"Chưa {'chọn' if isinstance(field, forms.ChoiceField) else 'ghi'} {thing}."


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

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm", "autocomplete": "off"})

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
