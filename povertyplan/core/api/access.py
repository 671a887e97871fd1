"""Who asks, what may be sent, and how many rows at once. Imported by the framework while its views are being made."""

import io
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.conf import settings
from django.http import HttpRequest
from rest_framework import exceptions, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser

CSRF = "Thiếu mã chống giả mạo: gửi cookie csrftoken lại trong tiêu đề X-CSRFToken."


class CsrfFailed(exceptions.PermissionDenied):
    default_detail = CSRF


class SessionLogin(SessionAuthentication):
    """The login of the pages; a request without one is answered 401, not 403."""

    def authenticate_header(self, request: HttpRequest) -> str:
        return "Session"

    def enforce_csrf(self, request: HttpRequest) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise CsrfFailed from error


class TooLong(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class Json(JSONParser):
    """JSON no longer than any other request may be, that can be stored and answered as UTF-8."""

    def parse(
        self, stream: BinaryIO, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLong
        try:
            sent = super().parse(io.BytesIO(body), media_type, parser_context)
            if b"\\u" in body:  # half of a pair of escapes is no character
                json.dumps(sent, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as error:
            raise exceptions.ParseError from error
        return sent


class Pages(PageNumberPagination):
    """50 rows at once; up to 200 when asked."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    page_size_query_description = "Số dòng một trang, nhiều nhất 200."
    page_query_description = "Trang thứ mấy, từ 1."
