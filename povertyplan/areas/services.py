"""The writes of the area tree that administrators and commands do; villages are in ``povertyplan.villages``.

An area row is never rewritten when the real unit changes: the row ends and another opens (``unit_rename``,
``unit_merge``), so that what was recorded under it stays true.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from povertyplan.areas.choices import CODE_LENGTHS, KINDS, Flag, Level, Setting
from povertyplan.areas.models import Area, AreaFlag, Succession
from povertyplan.areas.reach import reach_extend, reach_rebuild
from povertyplan.areas.rules import default_setting, level_of_code
from povertyplan.core.audit import acting
from povertyplan.core.text import clean, sort_key

__all__ = [
    "area_end",
    "area_save",
    "flag_set",
    "reach_rebuild",
    "sample_mark",
    "unit_create",
    "unit_end",
    "unit_merge",
    "unit_rename",
]

Actor = models.Model | None
ONE_DAY = datetime.timedelta(days=1)
PARENT_LEVELS = {
    Level.PROVINCE: (),
    Level.DISTRICT: (Level.PROVINCE,),
    Level.COMMUNE: (Level.PROVINCE, Level.DISTRICT),
    Level.VILLAGE: (Level.COMMUNE,),
}


# Units with a code


@transaction.atomic
def unit_create(
    *,
    by: Actor,
    level: str,
    code: str,
    name: str,
    kind: str,
    parent_code: str | None = None,
    valid_from: datetime.date | None = None,
) -> Area:
    """A province, district or commune from a day on, by default 1 January of this year.

    Raises ValidationError with Vietnamese sentences.
    """
    unit_level = _level(level)
    first_day = valid_from or timezone.localdate().replace(month=1, day=1)
    if len(code) != CODE_LENGTHS[unit_level] or level_of_code(code) is None:
        raise ValidationError(f"Mã {unit_level.label} gồm đúng {CODE_LENGTHS[unit_level]} chữ số, đang là «{code}».")
    parent = _parent(unit_level, parent_code, first_day) if parent_code else None
    unit = Area(level=unit_level, code=code, name=name, kind=kind, parent=parent, valid_from=first_day)
    with acting(by=by, action="area.create"):
        area_save(unit)
        reach_extend([unit])
    return unit


@transaction.atomic
def unit_end(*, by: Actor, unit: Area, last_day: datetime.date) -> Area:
    """The unit and its villages exist until ``last_day``; units below it are ended one by one."""
    with acting(by=by, action="area.end"):
        return area_end(unit, last_day)


@transaction.atomic
def unit_rename(
    *, by: Actor, unit: Area, from_day: datetime.date, name: str, kind: str = "", paper: Any = None
) -> Area:
    """The unit bears another name or kind from a day on; villages go over to the new row."""
    with acting(by=by, action="area.rename"):
        return _succeed([unit], from_day, paper, code=unit.code, name=name, kind=kind or unit.kind, parent=unit.parent)


@transaction.atomic
def unit_merge(
    *,
    by: Actor,
    units: Sequence[Area],
    from_day: datetime.date,
    code: str,
    name: str,
    kind: str,
    parent: Area | None,
    paper: Any = None,
    village_names: Mapping[int, str] | None = None,
) -> Area:
    """``units`` become one from a day on; their villages go over in the given order of units.

    Villages of the same name must be told apart: ``village_names`` gives the new name by the village's key.
    """
    with acting(by=by, action="area.merge"):
        return _succeed(units, from_day, paper, village_names or {}, code=code, name=name, kind=kind, parent=parent)


@transaction.atomic
def flag_set(
    *,
    by: Actor,
    area: Area,
    flag: Flag,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    value: str = "",
    paper: Any = None,
) -> AreaFlag:
    """A dated status of an area, for example «đặc biệt khó khăn», with the decision that lists it."""
    row = AreaFlag(area=area, flag=flag, value=value, paper=paper, valid_from=valid_from, valid_to=valid_to)
    with acting(by=by, action="area.flag"):
        row.full_clean()
        row.save()
    return row


@transaction.atomic
def sample_mark(*, by: Actor, unit: Area) -> None:
    """Say that the unit's data are a demonstration: its printed pages say so too."""
    with acting(by=by, action="area.mark_sample"):
        Area.objects.filter(pk=unit.pk, is_sample=False).update(is_sample=True)
    unit.is_sample = True


# Parts of the above


def _level(level: str) -> Level:
    if level not in CODE_LENGTHS:
        raise ValidationError(f"Cấp «{level}» không đúng: chọn {', '.join(CODE_LENGTHS)}.")
    return Level(level)


def _parent(level: Level, code: str, day: datetime.date) -> Area:
    """The bearer of the code on the day, or the first after it where the register does not reach back so far."""
    parent_level = level_of_code(code)
    if parent_level not in PARENT_LEVELS[level]:
        above = " hoặc ".join(allowed.label for allowed in PARENT_LEVELS[level])
        raise ValidationError(
            f"Cấp {level.label} trực thuộc {above}; «{code}» không phải mã cấp đó."
            if above
            else f"Cấp {level.label} không trực thuộc đơn vị nào khác."
        )
    bearers = Area.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), level=parent_level, code=code)
    parent = bearers.order_by("valid_from").first()
    if parent is None:
        raise ValidationError(f"Không có đơn vị cấp trên nào mang mã {code} vào ngày {day:%d/%m/%Y}.")
    return parent


def prepare(area: Area) -> Area:
    """Names in one form of Unicode, the key of order, the default of the setting; the kind fits the level."""
    area.name, area.kind = clean(area.name), clean(area.kind).lower()
    area.sort_key = sort_key(area.name)
    kinds = KINDS[Level(area.level)]
    if area.kind not in kinds:
        raise ValidationError(
            {"kind": f"Loại «{area.kind}» không hợp với cấp {Level(area.level).label}: chọn {', '.join(kinds)}."}
        )
    if not area.setting:
        above = Setting(area.parent.setting) if area.parent and area.parent.setting else None
        area.setting = default_setting(Level(area.level), area.kind, above) or ""
    return area


def area_save(area: Area) -> Area:
    """Check and store; for services that have opened their own act."""
    prepare(area).full_clean()
    area.save()
    area.refresh_from_db(fields=["version"])
    return area


def area_end(area: Area, last_day: datetime.date) -> Area:
    """End the area and its villages; for services that have opened their own act."""
    if last_day < area.valid_from:
        raise ValidationError(
            {"valid_to": f"Ngày cuối không được trước ngày đầu ({area.valid_from:%d/%m/%Y}) của {area}."}
        )
    for row in [area, *Area.objects.villages_of(area).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day))]:
        row.valid_to = last_day
        area_save(row)
    return area


def _succeed(
    units: Sequence[Area],
    from_day: datetime.date,
    paper: Any,
    village_names: Mapping[int, str] | None = None,
    **identity: Any,
) -> Area:
    """End the units on the day before and open the one that follows them, with their villages."""
    villages = [village for unit in units for village in Area.objects.villages_of(unit).valid_on(from_day)]
    for unit in units:
        area_end(unit, from_day - ONE_DAY)
    successor = area_save(Area(level=units[0].level, valid_from=from_day, is_sample=units[0].is_sample, **identity))
    for unit in units:
        Succession.objects.create(predecessor=unit, successor=successor, on=from_day, paper=paper)
    for position, village in enumerate(villages, start=1):
        _carry_over(village, successor, from_day, position, (village_names or {}).get(village.pk, village.name))
    reach_rebuild()
    return successor


def _carry_over(village: Area, unit: Area, from_day: datetime.date, position: int, name: str) -> None:
    copy = Area(
        level=Level.VILLAGE,
        name=name,
        kind=village.kind,
        parent=unit,
        setting=village.setting,
        position=position,
        valid_from=from_day,
        is_sample=village.is_sample,
    )
    Succession.objects.create(predecessor=village, successor=area_save(copy), on=from_day)
