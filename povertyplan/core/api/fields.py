"""Fields of what a client sends: the same cleaning and the same kind of sentences as the forms have."""

from typing import Any

from django.core.exceptions import ValidationError as Refused
from rest_framework import serializers

from povertyplan.core.forms import LinesField, TextField

REQUIRED = {"required": "Thiếu trường này.", "null": "Trường này không được để trống."}
BOUNDS = {
    "min_value": "Phải từ {min_value} trở lên.",
    "max_value": "Không được quá {max_value}.",
    "max_string_length": "Số quá dài.",
}


class Text(serializers.CharField):
    """One line of Unicode text."""

    default_error_messages = REQUIRED | {
        "invalid": "Phải là chữ.",
        "blank": "Trường này không được để trống.",
        "max_length": "Không được quá {max_length} chữ.",
        "min_length": "Phải có ít nhất {min_length} chữ.",
    }
    form_field = TextField

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        try:
            return self.form_field().to_python(typed)
        except Refused as error:
            raise serializers.ValidationError(error.messages) from error


class Lines(Text):
    """Text of several lines."""

    form_field = LinesField


class Whole(serializers.IntegerField):
    """Whole number; a decimal point or a fraction is refused."""

    default_error_messages = REQUIRED | BOUNDS | {"invalid": "Phải là số nguyên."}


class Count(Whole):
    """Whole number of zero or more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 2_147_483_647} | options)


class Id(Whole):
    """Key of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 9_223_372_036_854_775_807} | options)


class Exact(serializers.DecimalField):
    """Decimal number."""

    default_error_messages = (
        REQUIRED
        | BOUNDS
        | {
            "invalid": "Phải là số.",
            "max_digits": "Không được quá {max_digits} chữ số.",
            "max_decimal_places": "Không được quá {max_decimal_places} chữ số lẻ.",
            "max_whole_digits": "Không được quá {max_whole_digits} chữ số trước dấu phẩy.",
        }
    )


class Day(serializers.DateField):
    """A day as ``2026-11-05``."""

    default_error_messages = REQUIRED | {
        "invalid": "Phải là ngày dạng 2026-11-05.",
        "datetime": "Phải là ngày, không kèm giờ.",
    }


class YesNo(serializers.BooleanField):
    default_error_messages = REQUIRED | {"invalid": "Phải là true hoặc false."}


class Choice(serializers.ChoiceField):
    default_error_messages = REQUIRED | {"invalid_choice": "«{input}» không có trong các giá trị được nhận."}


class Items(serializers.ListField):
    default_error_messages = REQUIRED | {
        "not_a_list": "Phải là danh sách.",
        "empty": "Danh sách không được rỗng.",
        "min_length": "Phải có ít nhất {min_length} mục.",
        "max_length": "Không được quá {max_length} mục.",
    }


class Table(serializers.DictField):
    """Values by key."""

    default_error_messages = REQUIRED | {
        "not_a_dict": "Phải là đối tượng JSON.",
        "empty": "Không được rỗng.",
    }


class Bodies(serializers.ListSerializer):
    default_error_messages = Items.default_error_messages


class Body(serializers.Serializer):
    """What a client sends; a field that we do not know is refused by name, not dropped in silence."""

    default_error_messages = REQUIRED | {"invalid": "Phải là đối tượng JSON."}

    class Meta:
        list_serializer_class = Bodies

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["Không có trường này."] for name in unknown})
        return super().to_internal_value(data)


class Shown(serializers.ModelSerializer):
    """A row as it is answered; nothing of it is written through here."""

    def get_extra_kwargs(self) -> dict[str, Any]:
        return {name: {"read_only": True} for name in self.Meta.fields}

    def get_fields(self) -> dict[str, Any]:
        """A choice that may be empty stays so in the schema, also where it is only read."""
        fields = super().get_fields()
        for column in self.Meta.model._meta.concrete_fields:
            if column.choices and column.blank and column.name in fields:
                fields[column.name].allow_blank = column.empty_strings_allowed
        return fields
