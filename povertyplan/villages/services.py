"""The only writes of villages: by who enters in the unit, or by the system (``by=None``)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.reach import reach_extend
from povertyplan.areas.services import area_end, area_save
from povertyplan.areas.uses import refuse_if_used
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge
from povertyplan.villages.rules import bare_name

VILLAGE_FIELDS = ("name", "kind", "setting", "valid_from")


@transaction.atomic
def village_add(
    *, by: User | None, unit: Area, name: str, kind: str = "thôn", valid_from: datetime.date | None = None
) -> Area:
    """One more village at the end of the list; from the first day of the unit where no day is given."""
    return villages_add(by=by, unit=unit, names=[name], kind=kind, valid_from=valid_from)[0]


@transaction.atomic
def villages_add(
    *, by: User | None, unit: Area, names: Iterable[str], kind: str, valid_from: datetime.date | None = None
) -> list[Area]:
    """Several villages of one kind, all or none: ValidationError names every line that cannot be taken."""
    demand(can_enter, by, unit)
    if unit.level != Level.COMMUNE:
        raise ValidationError(f"{unit.title} không phải cấp xã nên không có thôn.")
    errors: list[str] = []
    villages: list[Area] = []
    last = Area.objects.villages_of(unit).aggregate(last=Max("position"))["last"] or 0
    with acting(by=by, action="village.add"):
        for position, name in enumerate(names, start=last + 1):
            village = Area(
                level=Level.VILLAGE,
                name=bare_name(name, kind),
                kind=kind,
                parent=unit,
                position=position,
                valid_to=unit.valid_to,
                valid_from=valid_from or unit.valid_from,
                is_sample=unit.is_sample,
            )
            try:
                villages.append(area_save(village))
            except ValidationError as error:
                errors.append(f"{clean(name)}: {' '.join(error.messages)}")
        if errors:
            raise ValidationError(errors)
        reach_extend(villages)
    return villages


@transaction.atomic
def village_update(*, by: User | None, village: Area, version: int, **changes: Any) -> Area:
    """Correct what is written about a village. Raises EditConflict."""
    demand(can_enter, by, village.parent)
    unknown = set(changes) - set(VILLAGE_FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a village: {sorted(unknown)}")
    if "name" in changes:
        changes["name"] = bare_name(changes["name"], changes.get("kind", village.kind))
    with acting(by=by, action="village.update"):
        row, mine = lock_and_merge(_villages(village), pk=village.pk, version=version, changes=changes)
        for field, value in mine.items():
            setattr(row, field, value)
        return area_save(row)


@transaction.atomic
def village_end(*, by: User | None, village: Area, version: int, last_day: datetime.date) -> Area:
    """The village exists until ``last_day``; its figures of earlier years stay. Raises EditConflict."""
    demand(can_enter, by, village.parent)
    with acting(by=by, action="village.end"):
        row, _ = lock_and_merge(_villages(village), pk=village.pk, version=version, changes={"valid_to": last_day})
        return area_end(row, last_day)


@transaction.atomic
def village_remove(*, by: User | None, village: Area, version: int) -> None:
    """Remove a village written by mistake, while nothing refers to it; the audit keeps it."""
    demand(can_enter, by, village.parent)
    with acting(by=by, action="village.remove"):
        row, _ = lock_and_merge(_villages(village), pk=village.pk, version=version, changes={})
        refuse_if_used(row)
        row.delete()


@transaction.atomic
def village_move(*, by: User | None, village: Area, step: int, year: int) -> bool:
    """Up (-1) or down (+1) among the villages of the year; at either end nothing happens, and that is False."""
    demand(can_enter, by, village.parent)
    with acting(by=by, action="village.move"):
        rows = list(Area.objects.villages_of(village.parent).select_for_update(of=("self",)))
        shown = [row.pk for row in rows if _is_valid_in(row, year)]
        place = shown.index(village.pk)
        if not 0 <= place + step < len(shown):
            return False
        other = shown[place + step]
        order = [row.pk for row in rows]
        here, there = order.index(village.pk), order.index(other)
        order[here], order[there] = order[there], order[here]
        for position, row in enumerate(sorted(rows, key=lambda row: order.index(row.pk)), start=1):
            if row.position != position:
                row.position = position
                row.save(update_fields=["position"])
    return True


def _villages(village: Area) -> models.QuerySet[Area]:
    return Area.objects.filter(level=Level.VILLAGE, parent=village.parent_id)


def _is_valid_in(area: Area, year: int) -> bool:
    return area.valid_from.year <= year and (area.valid_to is None or area.valid_to.year >= year)
