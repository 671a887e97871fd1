"""Refusals of the API as Vietnamese sentences in JSON.

A refusal is always ``{"errors": {place: [sentence, …]}}``; ``place`` is a field of what was sent (``members.0.name``)
or ``all``.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Refused
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from povertyplan.core.api.access import CSRF, CsrfFailed, TooLong
from povertyplan.core.api.versions import NoVersion, conflict_answer
from povertyplan.core.versions import EditConflict

ALL = "all"
SENTENCES = {
    status.HTTP_401_UNAUTHORIZED: "Chưa đăng nhập.",
    status.HTTP_403_FORBIDDEN: "Tài khoản này không có quyền làm việc đó ở đơn vị.",
    status.HTTP_404_NOT_FOUND: "Không tìm thấy trong phạm vi được xem.",
    status.HTTP_405_METHOD_NOT_ALLOWED: "Địa chỉ này không nhận cách gọi đó.",
    status.HTTP_406_NOT_ACCEPTABLE: "Chỉ trả lời bằng JSON (application/json).",
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "Nội dung gửi lên quá dài.",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "Chỉ nhận JSON (application/json).",
    status.HTTP_428_PRECONDITION_REQUIRED: (
        "Thiếu phiên bản: đọc lại dữ liệu rồi gửi ETag của nó trong If-Match, để không ghi đè sửa đổi của người khác."
    ),
    status.HTTP_429_TOO_MANY_REQUESTS: "Gọi quá nhiều lần trong một phút. Đợi một lát rồi gọi lại.",
}
# Services name a field of one of several rows as forms do: ``members-0-name``.
OF_A_ROW = re.compile(r"-([0-9]+)-")
NOT_JSON = "Nội dung gửi lên không phải JSON đúng."


def refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer of the API to what a view or a service raised; None for an error of ours (500)."""
    if isinstance(error, EditConflict):
        return Response(conflict_answer(error), status=status.HTTP_412_PRECONDITION_FAILED)
    if isinstance(error, Refused):
        return _answer(dict(sentences_of(error)), status.HTTP_400_BAD_REQUEST)
    response = exception_handler(TooLong() if isinstance(error, RequestDataTooBig) else error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"errors": _by_place(error.detail)}
    else:
        response.data = {"errors": {ALL: [_sentence(error, response.status_code)]}}
    return response


def sentences_of(error: Refused) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a service, by the field they speak of."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in by_field.items():
        place = OF_A_ROW.sub(r".\1.", field)
        yield (ALL if field in {"", NON_FIELD_ERRORS} else place), list(sentences)


def _answer(errors: dict[str, list[str]], code: int) -> Response:
    return Response({"errors": errors}, status=code)


def _sentence(error: Exception, code: int) -> str:
    if isinstance(error, CsrfFailed):
        return CSRF
    if isinstance(error, PermissionDenied) and str(error):
        return str(error)
    if isinstance(error, exceptions.ParseError):
        return NOT_JSON
    if isinstance(error, NoVersion):
        return SENTENCES[status.HTTP_428_PRECONDITION_REQUIRED]
    return SENTENCES.get(code, str(error))


def _by_place(detail: Any, place: str = "") -> dict[str, list[str]]:
    """Nested answers of serializers as one level: ``members.0.name``."""
    errors: dict[str, list[str]] = {}
    entries = detail.items() if isinstance(detail, dict) else enumerate(detail)
    for key, value in entries:
        if isinstance(value, dict | list):
            inner = place if key == api_settings.NON_FIELD_ERRORS_KEY else f"{place}.{key}".lstrip(".")
            for deeper, sentences in _by_place(value, inner).items():
                errors.setdefault(deeper, []).extend(sentences)
        else:
            errors.setdefault(place or ALL, []).append(str(value))
    return errors
