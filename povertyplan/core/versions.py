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


class EditConflict(Exception):
    """Somebody saved other values meanwhile. Nothing was written.

    ``fields`` are those we both changed; ``mine`` is all that I changed in the row, to write again on its version now.
    """

    def __init__(
        self,
        *,
        row: Versioned,
        fields: list[FieldConflict],
        mine: dict[str, Any],
        who: str,
        when: datetime.datetime | None,
    ) -> None:
        self.row, self.fields, self.mine, self.who, self.when = row, fields, mine, who, when
        names = ", ".join(field.label for field in fields)
        super().__init__(f"{row}: {names} vừa được {who or 'người khác'} sửa. Chưa ghi gì.")


def lock_and_merge(
    rows: models.QuerySet[Row], *, pk: Any, version: int, changes: Mapping[str, Any]
) -> tuple[Row, dict[str, Any]]:
    """Lock the row; return it with those of ``changes`` that are really mine to write.

    ``changes`` were made on ``version``. A value that I left as it was then is not a change of mine, so what somebody
    else wrote there since stands. Raises ``rows.model.DoesNotExist``, or EditConflict when we both changed a field
    to different values. Call inside a transaction.
    """
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if row.version == version:
        return row, dict(changes)
    before = _events(row).filter(version=version).order_by("-pgh_id").first()
    mine = {name: value for name, value in changes.items() if before is None or _stored(before, name) != _plain(value)}
    clashes = [name for name, value in mine.items() if _stored(row, name) not in (_plain(value), _then(before, name))]
    if clashes:
        raise _conflict(row, clashes, mine)
    return row, mine


def save_changes(row: Row, changes: Mapping[str, Any]) -> Row:
    """Set, check and save; nothing is written (and no version raised) when nothing differs. Raises ValidationError."""
    if row.pk and all(getattr(row, name) == value for name, value in changes.items()):
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    row.refresh_from_db(fields=["version"])
    return row


_UNKNOWN = object()


def _plain(value: Any) -> Any:
    """A related row counts as its key."""
    return value.pk if isinstance(value, models.Model) else value


def _stored(row: models.Model, name: str) -> Any:
    return getattr(row, _field(row, name).attname)


def _field(row: models.Model, name: str) -> models.Field[Any, Any]:
    return next(field for field in row._meta.concrete_fields if field.name == name)


def _then(before: models.Model | None, name: str) -> Any:
    return _UNKNOWN if before is None else _stored(before, name)


def _conflict(row: Versioned, clashes: list[str], mine: dict[str, Any]) -> EditConflict:
    fields = [
        FieldConflict(name=name, label=str(_field(row, name).verbose_name), theirs=getattr(row, name), mine=mine[name])
        for name in clashes
    ]
    who, when = last_author(row)
    return EditConflict(row=row, fields=fields, mine=mine, who=who, when=when)


def _events(row: Versioned) -> models.QuerySet:
    return apps.get_model(f"{row._meta.label}Event").objects.filter(pgh_obj_id=row.pk)


def last_author(row: Versioned) -> tuple[str, datetime.datetime | None]:
    """Name of who saved last, and when."""
    event = _events(row).select_related("pgh_context").order_by("-pgh_id").first()
    if event is None:
        return "", None
    user_id = (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None
    user = apps.get_model("accounts.User").objects.filter(pk=user_id).first() if user_id else None
    return str(user) if user else "", event.pgh_created_at
