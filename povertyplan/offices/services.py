"""The only writes of offices. ``by=None`` is the system.

Departments, bodies, officers and boards are alike: a unit, a span of time, a place in the list. One set of services
takes the model; what a row points to must belong to the same unit.
"""

import datetime
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.areas.uses import refuse_if_used
from povertyplan.core.audit import acting
from povertyplan.core.models import Versioned
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.offices.models import Board, BoardMember, Department, Officer, OfficeRow, OutsideBody

Row = TypeVar("Row", bound=OfficeRow)
Stored = TypeVar("Stored", bound=Versioned)

FIELDS: dict[type[OfficeRow], tuple[str, ...]] = {
    Department: ("name", "abbreviation", "valid_from", "valid_to", "position"),
    OutsideBody: ("name", "kind", "valid_from", "valid_to", "position"),
    Officer: ("full_name", "title", "department", "body", "user", "valid_from", "valid_to", "position"),
    Board: ("kind", "name", "paper", "valid_from", "valid_to", "position"),
}
MEMBER_FIELDS = ("officer", "role", "duty", "position")


@transaction.atomic
def office_add(*, by: User | None, unit: Area, model: type[Row], **fields: Any) -> Row:
    """One more row at the end of its list; from the first day of the unit where no day is given."""
    demand(can_enter, by, unit)
    _known(fields, FIELDS[model])
    fields.setdefault("position", _next_position(model.objects.filter(unit=unit)))
    fields["valid_from"] = fields.get("valid_from") or unit.valid_from
    with acting(by=by, action=f"{model._meta.model_name}.add"):
        return _save(model(unit=unit), fields, unit_id=unit.pk)


@transaction.atomic
def office_update(*, by: User | None, row: Row, version: int, **changes: Any) -> Row:
    """Correct a row. Raises EditConflict."""
    demand(can_enter, by, row.unit)
    _known(changes, FIELDS[type(row)])
    return _change(by, row, version, changes, "update")


@transaction.atomic
def office_end(*, by: User | None, row: Row, version: int, last_day: datetime.date) -> Row:
    """The row holds until ``last_day``; papers of that time still show it. Raises EditConflict."""
    demand(can_enter, by, row.unit)
    return _change(by, row, version, {"valid_to": last_day}, "end")


@transaction.atomic
def office_remove(*, by: User | None, row: OfficeRow, version: int) -> None:
    """Remove a row written by mistake, while nothing points to it; the audit keeps it."""
    demand(can_enter, by, row.unit)
    with acting(by=by, action=f"{row._meta.model_name}.remove"):
        stored, _ = lock_and_merge(type(row).objects.all(), pk=row.pk, version=version, changes={})
        refuse_if_used(stored)
        stored.delete()


def _change(by: User | None, row: Row, version: int, changes: dict[str, Any], action: str) -> Row:
    rows = cast(QuerySet[Row], type(row).objects.select_related("unit"))
    with acting(by=by, action=f"{row._meta.model_name}.{action}"):
        stored, mine = lock_and_merge(rows, pk=row.pk, version=version, changes=changes)
        first, last = mine.get("valid_from", stored.valid_from), mine.get("valid_to", stored.valid_to)
        if last is not None and last < first:
            raise ValidationError({"valid_to": f"Ngày cuối không được trước ngày đầu ({first:%d/%m/%Y})."})
        return _save(stored, mine, unit_id=row.unit_id)


@transaction.atomic
def member_add(*, by: User | None, board: Board, **fields: Any) -> BoardMember:
    """One more member at the end of the board's list."""
    demand(can_enter, by, board.unit)
    _known(fields, MEMBER_FIELDS)
    fields.setdefault("position", _next_position(board.members.all()))
    with acting(by=by, action="boardmember.add"):
        return _save(BoardMember(board=board), fields, unit_id=board.unit_id)


@transaction.atomic
def member_update(*, by: User | None, member: BoardMember, version: int, **changes: Any) -> BoardMember:
    """Correct role and duty of a member. Raises EditConflict."""
    demand(can_enter, by, member.board.unit)
    _known(changes, MEMBER_FIELDS)
    rows = BoardMember.objects.select_related("board__unit")
    with acting(by=by, action="boardmember.update"):
        row, mine = lock_and_merge(rows, pk=member.pk, version=version, changes=changes)
        return _save(row, mine, unit_id=row.board.unit_id)


@transaction.atomic
def member_remove(*, by: User | None, member: BoardMember, version: int) -> None:
    """Take a member off the list; the audit keeps who it was. Raises EditConflict."""
    demand(can_enter, by, member.board.unit)
    with acting(by=by, action="boardmember.remove"):
        row, _ = lock_and_merge(BoardMember.objects.all(), pk=member.pk, version=version, changes={})
        row.delete()


def _known(fields: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")


def _next_position(rows: QuerySet[Any]) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _save(row: Stored, changes: dict[str, Any], *, unit_id: int) -> Stored:
    _refuse_strangers(changes, unit_id)
    return save_changes(
        row, {name: clean(value) if isinstance(value, str) else value for name, value in changes.items()}
    )


def _refuse_strangers(changes: dict[str, Any], unit_id: int) -> None:
    """Departments, bodies, officers and papers of another unit cannot be pointed to; national papers can."""
    for name in ("department", "body", "officer", "paper"):
        other = changes.get(name)
        if other is not None and other.unit_id != unit_id and not (name == "paper" and other.unit_id is None):
            raise ValidationError({name: f"«{other}» không thuộc đơn vị này."})
