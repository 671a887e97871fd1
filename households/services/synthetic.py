"""Writes invented households through the same services as real ones: for benchmarks and demonstrations."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Right

from households.choices import Category
from households.models import Ethnicity, Household, Member
from households.rules.synthetic import NO_PROVINCE, SERIAL_DIGITS, Invented, Inventor, Names
from households.services.registry import households_open
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting

NAMES = Path(settings.BASE_DIR) / "fixtures" / "names" / "people.json"
BATCH = 2000
# Shares of a made-up registry: one household in ten poor, one in eight near-poor.
SHARES = {Category.POOR: 10, Category.NEAR_POOR: 12, Category.NOT_POOR: 78}
ETHNIC_SHARES = {"Ba Na": 45, "Gia Rai": 25, "Kinh": 30}
B1_LIMIT = 140


def people_names() -> Names:
    """Names by ethnic group, from the fixture."""
    names: Names = json.loads(NAMES.read_text(encoding="utf-8"))
    return names


def next_serial() -> int:
    """Citizen numbers of invented people go on from here, so that two registries never meet."""
    invented = Member.objects.filter(citizen_id__startswith=NO_PROVINCE)
    return int(invented.aggregate(last=Max(Right("citizen_id", SERIAL_DIGITS)))["last"] or 0)


@transaction.atomic
def households_make(*, unit: Area, count: int, seed: int = 1, day: datetime.date) -> list[Household]:
    """``count`` invented households, spread over the unit's villages; the same seed makes the same people."""
    villages = list(Area.objects.villages_of(unit).valid_on(day))
    if not villages:
        raise ValidationError(f"{unit.title} chưa có thôn nào. Thêm thôn trước.")
    inventor = Inventor(
        names=people_names(),
        seed=seed,
        day=day,
        first_serial=next_serial(),
        cards_until=datetime.date(day.year + 1, 12, 31),
    )
    ethnicities = {ethnicity.name: ethnicity for ethnicity in Ethnicity.objects.all()}
    made: list[Household] = []
    with acting(by=None, action="household.make"):
        for first in range(0, count, BATCH):
            invented = [_any(inventor) for _ in range(min(BATCH, count - first))]
            rows = [
                opening(one, villages[(first + place) % len(villages)], ethnicities, opened_on=day)
                for place, one in enumerate(invented)
            ]
            made += households_open(by=None, unit=unit, rows=rows)
    return made


def _any(inventor: Inventor) -> Invented:
    category = inventor.random.choices(list(SHARES), list(SHARES.values()))[0]
    ethnicity = inventor.random.choices(list(ETHNIC_SHARES), list(ETHNIC_SHARES.values()))[0]
    return inventor.household(category, ethnicity=ethnicity, b1_limit=B1_LIMIT)


def opening(invented: Invented, village: Area, ethnicities: Mapping[str, Ethnicity], **fields: Any) -> dict[str, Any]:
    """What ``households_open`` takes for an invented household."""
    members = [person | {"ethnicity": ethnicities[person["ethnicity"]]} for person in invented.members]
    return {"village": village, "members": members} | fields
