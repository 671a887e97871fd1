"""Forms of logging in, passwords, accounts and grants."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.querysets import AreaQuerySet
from povertyplan.core.forms import DayField, TextField

NEW_HELP = "Ít nhất 10 ký tự; không chỉ gồm chữ số, không giống tên đăng nhập, không phải mật khẩu nhiều người dùng."


class PasswordField(forms.CharField):
    """A password as typed, in one form of Unicode whatever the input method sends."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        options.setdefault("widget", forms.PasswordInput(attrs={"autocomplete": autocomplete}))
        super().__init__(strip=False, max_length=200, **options)
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]
        self.validators.append(ProhibitNullCharactersValidator(message="Mật khẩu có ký tự không dùng được."))

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value) or "")


class LoginForm(AuthenticationForm):
    """One answer for an unknown name, a wrong password and a closed account."""

    username = TextField(
        label="Tên đăng nhập",
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = PasswordField(label="Mật khẩu", autocomplete="current-password")

    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng. "
            "Hãy kiểm tra phím Caps Lock và tắt bộ gõ tiếng Việt khi gõ mật khẩu."
        ),
        "inactive": "Tên đăng nhập hoặc mật khẩu không đúng.",
    }


class PasswordChangeForm(forms.Form):
    old_password = PasswordField(label="Mật khẩu đang dùng", autocomplete="current-password")
    password = PasswordField(label="Mật khẩu mới", autocomplete="new-password", help_text=NEW_HELP)
    repeated = PasswordField(label="Nhập lại mật khẩu mới", autocomplete="new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        typed = self.cleaned_data["old_password"]
        if not self.user.check_password(typed):
            raise ValidationError("Mật khẩu đang dùng không đúng; hãy nhập lại.")
        return typed

    def clean_repeated(self) -> str:
        typed = self.cleaned_data["repeated"]
        if "password" in self.cleaned_data and typed != self.cleaned_data["password"]:
            raise ValidationError("Hai lần nhập mật khẩu mới không giống nhau.")
        return typed


class AreaField(forms.ModelChoiceField):
    """Choice among areas, by their names as printed."""

    default_error_messages = {"invalid_choice": "Nơi này không thuộc đơn vị hoặc không còn nữa; hãy chọn lại."}

    def label_from_instance(self, obj: Area) -> str:
        return obj.title


class GrantForm(forms.Form):
    """A role from a day to a day, on the unit or one of its villages."""

    role = forms.ChoiceField(
        label="Vai trò",
        choices=[("", "– Chọn vai trò –"), *Role.choices],
        help_text="Người nhập liệu không đồng thời là lãnh đạo duyệt. Trưởng thôn giao trên từng thôn.",
        error_messages={"invalid_choice": "Không có vai trò này; hãy chọn lại."},
    )
    area = AreaField(queryset=Area.objects.none())
    valid_from = DayField(label="Từ ngày", initial=timezone.localdate)
    valid_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu chưa biết ngày kết thúc.")

    def __init__(self, *args: Any, areas: AreaQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaField(label="Nơi có quyền", queryset=areas, empty_label=None)

    def grant(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("role", "area", "valid_from", "valid_to")}


USERNAME = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})


class PersonForm(GrantForm):
    """A new account with its first role."""

    username = TextField(
        label="Tên đăng nhập", max_length=60, widget=USERNAME, help_text="Chữ không dấu và chữ số, ví dụ: nguyenvana."
    )
    full_name = TextField(label="Họ và tên", max_length=100)
    title = TextField(label="Chức danh", max_length=100, required=False, help_text="Ví dụ: Công chức Phòng Kinh tế.")

    field_order = ["full_name", "title", "username", "role", "area", "valid_from", "valid_to"]


class AssignForm(GrantForm):
    """A role for somebody who has an account elsewhere."""

    username = TextField(label="Tên đăng nhập của người đó", max_length=60, widget=USERNAME)

    field_order = ["username", "role", "area", "valid_from", "valid_to"]

    def clean_username(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["username"].lower(), is_active=True).first()
        if user is None:
            raise ValidationError("Không có tài khoản đang dùng nào mang tên đăng nhập này.")
        return user

    def holder(self) -> User:
        return self.cleaned_data["username"]


class AccountForm(forms.Form):
    """Change an account; ``version`` is the state the form was filled from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    full_name = TextField(label="Họ và tên", max_length=100)
    title = TextField(label="Chức danh", max_length=100, required=False)
    is_active = forms.BooleanField(
        label="Tài khoản đang dùng",
        required=False,
        help_text="Bỏ chọn để khóa: người này không đăng nhập được nữa, mọi việc đã ghi vẫn còn. Chọn lại để mở.",
    )


class EndForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label="Ngày cuối còn quyền", initial=timezone.localdate)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused at the fields it names, the rest above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, reasons in error.error_dict.items():
        form.add_error(name if name in form.fields else None, reasons)
