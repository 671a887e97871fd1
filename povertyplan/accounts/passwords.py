"""Passwords: what is refused, in Vietnamese, and temporary ones that can be read out over the telephone."""

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from povertyplan.accounts.models import User

# No letter or figure that is taken for another: i l 1, o 0.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
SENTENCES = {
    "password_too_short": "Mật khẩu ngắn quá: cần ít nhất {min_length} ký tự.",
    "password_too_similar": "Mật khẩu gần giống {verbose_name}; hãy đặt mật khẩu khác hẳn.",
    "password_too_common": "Mật khẩu này nhiều người dùng, dễ bị đoán; hãy đặt mật khẩu khác.",
    "password_entirely_numeric": "Mật khẩu chỉ có chữ số; hãy thêm chữ.",
}


def temporary_password() -> str:
    """Sixteen random letters and figures in groups of four."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def check_password(password: str, user: "User") -> None:
    """Raise ValidationError with a sentence for everything that is wrong with the password."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise ValidationError([_said(reason) for reason in error.error_list]) from error


def _said(reason: ValidationError) -> ValidationError:
    """Django's catalogue leaves some reasons in English."""
    sentence = SENTENCES.get(reason.code or "")
    return ValidationError(sentence.format(**reason.params or {}), code=reason.code) if sentence else reason
