"""No lost update: a change made on an older version goes through only where nobody touched the same fields."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import models

from povertyplan.core.models import Versioned

Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True, kw_only=True)
class FieldConflict:
    """One field that both changed: what it was stored as meanwhile and what was about to be written."""

    name: str
    label: str
    theirs: Any
    mine: Any


class EditConflict(Exception):  # noqa: N818 -- not an error of the program: two people edited one thing
    """Somebody saved other values meanwhile. Nothing was written."""

    def __init__(self, *, row: models.Model, fields: list[FieldConflict], who: str, when: datetime.datetime | None) -> None:
        self.row, self.fields, self.who, self.when = row, fields, who, when
        names = ", ".join(field.label for field in fields)
        super().__init__(f"{row}: {names} vừa được {who or 'người khác'} sửa. Chưa ghi gì.")


def lock_for_change(rows: models.QuerySet[Row], *, pk: Any, version: int, changes: Mapping[str, Any]) -> Row:
    """Lock the row and return it, ready for ``changes`` that were made on ``version``.

    Call inside a transaction. Raises ``rows.model.DoesNotExist``, or EditConflict when a field of ``changes`` got
    another value since ``version``; fields that others changed meanwhile and we do not touch are no conflict.
    """
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if row.version == version:
        return row
    touched = _touched_since(row, version)
    clashes = [
        FieldConflict(name=name, label=str(field.verbose_name), theirs=stored, mine=value)
        for name, value in changes.items()
        if (field := row._meta.get_field(name)) and name in touched and (stored := getattr(row, name)) != value
    ]
    if clashes:
        who, when = _last_author(row)
        raise EditConflict(row=row, fields=clashes, who=who, when=when)
    return row


def _events(row: Versioned) -> models.QuerySet:
    return apps.get_model(f"{row._meta.label}Event").objects.filter(pgh_obj_id=row.pk)


def _touched_since(row: Versioned, version: int) -> set[str]:
    """Names of fields whose value now differs from that version; all fields if the version is unknown."""
    before = _events(row).filter(version=version).order_by("-pgh_id").first()
    names = {field.name for field in row._meta.concrete_fields}
    if before is None:
        return names
    return {
        field.name
        for field in row._meta.concrete_fields
        if getattr(before, field.attname, None) != getattr(row, field.attname)
    }


def _last_author(row: Versioned) -> tuple[str, datetime.datetime | None]:
    """Name of who saved last, and when."""
    event = _events(row).select_related("pgh_context").order_by("-pgh_id").first()
    if event is None:
        return "", None
    user_id = (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None
    user = apps.get_model("accounts.User").objects.filter(pk=user_id).first() if user_id else None
    return str(user) if user else "", event.pgh_created_at
