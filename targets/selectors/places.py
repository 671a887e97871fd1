"""Of what the rows of a unit's table are: its villages, or one level up the units right below it."""

import datetime
from collections import Counter
from collections.abc import Iterable

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.querysets import AreaQuerySet

WORDS = {Level.COMMUNE: "thôn", Level.DISTRICT: "xã, thị trấn", Level.PROVINCE: "xã, phường"}


def last_day(unit: Area, year: int) -> datetime.date:
    """The last day of the year that the unit saw."""
    return min(datetime.date(year, 12, 31), unit.valid_to or datetime.date.max)


def places_of(unit: Area, year: int) -> AreaQuerySet:
    """The places that have a row in the table of the year, in their order.

    Of a commune the villages of any day of the year. One level up the units right below it on its last day of the
    year: a district's communes; a province's districts, since districts ended on 30/06/2025 its communes.
    """
    if unit.level == Level.COMMUNE:
        return Area.objects.villages_of(unit).valid_in_year(year)
    below = Area.objects.units().filter(parent=unit).valid_on(last_day(unit, year))
    return below.order_by("position", "sort_key", "pk")


def place_word(unit: Area, kinds: Iterable[str]) -> str:
    """What the rows are called: the one local word; where they differ «thôn», one level up the words themselves."""
    counted = Counter(kinds)
    if len(counted) == 1:
        return next(iter(counted))
    if unit.level == Level.COMMUNE or not counted:
        return WORDS.get(Level(unit.level), "thôn")
    return ", ".join(kind for kind, _ in counted.most_common())
