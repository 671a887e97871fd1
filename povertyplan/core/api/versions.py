"""Versions of rows as HTTP says them: ETag out, If-None-Match and If-Match in (RFC 9110, 13.1).

An ETag is ``"<version>-<digest>"``: the version is of the row, the digest of the whole answer, so that an answer with
rows beside it (the steps of a round) is not taken for unchanged. If-Match is compared by version.
"""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from povertyplan.core.models import Versioned
from povertyplan.core.versions import EditConflict, FieldConflict, last_author

# A compressed answer carries its ETag marked as weak; a client may send it back so.
TAG = re.compile(r'^(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"$')


class NoVersion(exceptions.APIException):
    """A change came without the version it was made on."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED


def version_sent(request: Request) -> int:
    """Version in If-Match. Raises NoVersion; ``*`` is none."""
    match = TAG.match(request.headers.get("If-Match", ""))
    if match is None:
        raise NoVersion
    return int(match[1])


def demand_version(request: Request, row: Versioned, changes: Mapping[str, Any] | None = None) -> int:
    """Version that the change was made on. Raises NoVersion, or EditConflict when the row went on.

    ``changes``: what is about to be written, to show beside what is stored. A change that comes between this look
    and the service is caught by the service itself.
    """
    version = version_sent(request)
    if version != row.version:
        raise _stale(row, dict(changes or {}))
    return version


def versioned_answer(request: Request, row: Versioned, data: Any, code: int = status.HTTP_200_OK) -> Response:
    """``data`` with the ETag of the row; 304 without a body when the client has this very answer."""
    tag = f'"{row.version}-{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:16]}"'
    known = {given.strip().removeprefix("W/") for given in request.headers.get("If-None-Match", "").split(",")}
    if request.method in {"GET", "HEAD"} and known & {tag, "*"}:
        return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
    return Response(data, status=code, headers={"ETag": tag})


def conflict_answer(conflict: EditConflict) -> dict[str, Any]:
    """Body of 412: who changed the row when, and every field as it is stored and as it was sent."""
    who = conflict.who or "Người khác"
    return {
        "errors": {"all": [f"{who} đã sửa sau khi dữ liệu được đọc. Chưa ghi gì."]},
        "conflict": {
            "version": conflict.row.version,
            "who": conflict.who,
            "when": timezone.localtime(conflict.when) if conflict.when else None,
            "fields": [
                {"name": field.name, "label": field.label, "theirs": _shown(field.theirs), "mine": _shown(field.mine)}
                for field in conflict.fields
            ],
        },
    }


def _stale(row: Versioned, changes: dict[str, Any]) -> EditConflict:
    columns = {field.name: field for field in row._meta.concrete_fields}
    fields = [
        FieldConflict(
            name=name, label=str(columns[name].verbose_name), theirs=getattr(row, columns[name].attname), mine=value
        )
        for name, value in changes.items()
        if name in columns and getattr(row, columns[name].attname) != _key(value)
    ]
    who, when = last_author(row)
    return EditConflict(row=row, fields=fields, mine=changes, who=who, when=when)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _shown(value: Any) -> Any:
    """As JSON can carry it; a related row as its key, an exact number as text like in answers."""
    return str(value) if isinstance(value, Decimal) else _key(value)
