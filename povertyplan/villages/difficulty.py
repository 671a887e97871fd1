"""Villages that a decision lists as extremely difficult: the only writes, and what a year's list is.

«Đặc biệt khó khăn» is a dated status; it weighs in the allocation of reductions.
"""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Flag, Level
from povertyplan.areas.models import Area, AreaFlag
from povertyplan.areas.services import flag_set
from povertyplan.core.audit import acting
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.models import Paper


def difficult_in(unit: Area, year: int) -> QuerySet[AreaFlag]:
    """The statuses of the unit's villages that hold on any day of the year, in the order of the villages. One query."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    order = ("area__position", "area__sort_key", "valid_from", "pk")
    return _flags(unit).filter(lasting, valid_from__lte=last).select_related("area", "paper").order_by(*order)


@transaction.atomic
def difficult_mark(
    *,
    by: User | None,
    unit: Area,
    villages: Iterable[Area],
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    paper: Paper | None = None,
) -> list[AreaFlag]:
    """Several villages by one decision, all or none: ValidationError names each that cannot be taken."""
    demand(can_enter, by, unit)
    errors: list[str] = []
    flags: list[AreaFlag] = []
    for village in villages:
        if village.parent_id != unit.pk or village.level != Level.VILLAGE:
            raise ValidationError(f"{village.title} không thuộc {unit}.")
        try:
            flags.append(
                flag_set(
                    by=by, area=village, flag=Flag.EXTREMELY_DIFFICULT,
                    valid_from=valid_from, valid_to=valid_to, paper=paper,
                )
            )  # fmt: skip
        except ValidationError as error:
            errors.append(f"{village.title}: {' '.join(error.messages)}")
    if errors:
        raise ValidationError(errors)
    return flags


@transaction.atomic
def difficult_end(*, by: User | None, unit: Area, flag: AreaFlag, version: int, last_day: datetime.date) -> AreaFlag:
    """The village is listed until ``last_day``. Raises EditConflict."""
    demand(can_enter, by, unit)
    with acting(by=by, action="area.flag_end"):
        row, mine = lock_and_merge(_flags(unit), pk=flag.pk, version=version, changes={"valid_to": last_day})
        save_changes(row, mine)
    return row


@transaction.atomic
def difficult_remove(*, by: User | None, unit: Area, flag: AreaFlag, version: int) -> None:
    """Remove what was written by mistake; the audit keeps it. ValidationError where it was changed meanwhile."""
    demand(can_enter, by, unit)
    with acting(by=by, action="area.flag_remove"):
        row, _ = lock_and_merge(_flags(unit), pk=flag.pk, version=version, changes={})
        if row.version != version:
            raise ValidationError(f"{row.area.title} vừa được người khác sửa trong danh sách. Chưa xóa gì.")
        row.delete()


def _flags(unit: Area) -> QuerySet[AreaFlag]:
    return AreaFlag.objects.filter(area__parent=unit, area__level=Level.VILLAGE, flag=Flag.EXTREMELY_DIFFICULT)
