"""What the audit knows, as people ask it: who changed which field from what to what, and when."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of one row; ``who`` is empty where the change came by no account (a command, raw SQL)."""

    row_id: int
    at: datetime.datetime
    who: str
    label: str
    old: Any
    new: Any


def changes(model: type[models.Model], *, row_ids: Iterable[int], fields: Sequence[str]) -> list[Change]:
    """Changes of these fields of these rows, newest first. Two queries, whatever the number of rows."""
    events = (
        apps.get_model(f"{model._meta.label}Event")
        .objects.filter(pgh_obj_id__in=list(row_ids))
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    found: list[tuple[Change, Any]] = []
    last: dict[int, Any] = {}
    for event in events:
        before = last.get(event.pgh_obj_id)
        last[event.pgh_obj_id] = event
        found += _differences(model, before, event, fields)
    names = _names({user for _, user in found if user})
    return [_signed(change, names.get(user, "")) for change, user in reversed(found)]


def _differences(
    model: type[models.Model], before: Any, event: Any, fields: Sequence[str]
) -> Iterable[tuple[Change, Any]]:
    user = (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None
    for name in fields:
        old, new = getattr(before, name, None), getattr(event, name)
        if old == new:
            continue
        label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        yield (
            Change(row_id=event.pgh_obj_id, at=event.pgh_created_at, who="", label=label, old=old, new=new),
            user,
        )


def _names(users: set[int]) -> dict[int, str]:
    rows = apps.get_model("accounts.User").objects.filter(pk__in=users).values_list("pk", "full_name")
    return dict(rows)


def _signed(change: Change, who: str) -> Change:
    return Change(row_id=change.row_id, at=change.at, who=who, label=change.label, old=change.old, new=change.new)
