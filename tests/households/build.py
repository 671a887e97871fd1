"""Households and the law for tests: made through the services, by the system."""

import datetime
import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from django.conf import settings

from households.models import Ethnicity, Household, Member, Standard
from households.services.law import law_load
from households.services.registry import household_open
from povertyplan.areas.models import Area
from tests.factories import START, CommuneFactory, VillageFactory

GIVEN_NAMES = ("Bình", "Cúc", "Dũng", "Em", "Giang", "Hoa", "Khánh", "Lan", "Minh", "Nga")
_ids = count(1)


def citizen_id() -> str:
    """A number that no other test person bears."""
    return f"064{next(_ids):09d}"


def ethnicity(name: str = "Kinh") -> Ethnicity:
    """An ethnic group as the law's fixture has it, without loading the rest of the law."""
    known = Ethnicity.objects.filter(name=name).first()
    if known:
        return known
    groups = json.loads((settings.BASE_DIR / "fixtures/law/ethnicities.json").read_text(encoding="utf-8"))
    row = next((group for group in groups if name in (group["name"], *group["aliases"])), None)
    if row is None:
        raise LookupError(name)
    codes = {key: row[key] for key in ("code_121", "code_1019", "is_minority")}
    return Ethnicity.objects.get_or_create(name=row["name"], defaults=codes)[0]


def person(name: str, relation: str = "other", **fields: Any) -> dict[str, Any]:
    """A grown man of whom little is known, unless ``fields`` say otherwise."""
    return {"name": name, "relation": relation, "sex": "male", "birth_year": 1985} | fields


def people(head: str, persons: int, group: Ethnicity) -> list[dict[str, Any]]:
    """A head of 46 in 2026, then a wife, then children."""
    rows = [person(head, "head", birth_year=1980, ethnicity=group)]
    if persons > 1:
        rows.append(person("Trần Thị Vợ", "spouse", sex="female", birth_year=1982, ethnicity=group))
    for place in range(persons - 2):
        sex = "female" if place % 2 else "male"
        name = f"Nguyễn {GIVEN_NAMES[place % len(GIVEN_NAMES)]}"
        rows.append(person(name, "child", sex=sex, birth_year=2010 + place, ethnicity=group))
    return rows


def household(
    unit: Area | None = None,
    village: Area | None = None,
    *,
    persons: int = 4,
    ethnicity: str | Ethnicity = "Kinh",
    head: str = "Nguyễn Văn A",
    members: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Household:
    """A household followed since 2020 (or its village's first day), in the first village of the unit."""
    group = ethnicity if isinstance(ethnicity, Ethnicity) else _group(ethnicity)
    if unit is None:
        unit = village.parent if village else CommuneFactory()
    place = village or Area.objects.villages_of(unit).first() or VillageFactory(parent=unit, valid_from=unit.valid_from)
    opened_on = fields.pop("opened_on", max(START, place.valid_from, datetime.date(2020, 1, 1)))
    rows = people(head, persons, group) if members is None else members
    return household_open(by=None, unit=unit, village=place, members=rows, opened_on=opened_on, **fields)


_group = ethnicity


def head_of(household: Household) -> Member:
    return household.members.present().get(relation="head")


def standard(code: str = "2022_2025") -> Standard:
    """A standard of the law as it is delivered; the law is loaded once."""
    if not Standard.objects.filter(code=code).exists():
        law_load()
    return Standard.objects.get(code=code)
