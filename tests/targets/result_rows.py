"""A commune with a plan of 2026 and the lists of 2025 and 2026 behind it, for tests of results and pictures."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from households.models import Household, VillageCount
from povertyplan.areas.models import Area
from targets.models import TargetPlan
from targets.services import tables
from tests.factories import VillageFactory
from tests.households.years import family, past, recognise, regular, reviewed

YEAR = 2026
TODAY = datetime.date(2027, 2, 1)


@dataclass(kw_only=True)
class Year:
    """Of every village three poor households and one near-poor; the first poor one is ``first``."""

    unit: Area
    villages: list[Area]
    plan: TargetPlan
    poor: list[list[Household]]
    near_poor: list[Household]

    def recognise(self, **lists: Sequence[Household]) -> None:
        """The round of the year's end."""
        past(self.unit, YEAR, **lists)

    def monthly(self, month: int, categories: dict[Household, str]) -> None:
        round = regular(self.unit, YEAR, month)
        for household, category in categories.items():
            reviewed(round, household, category)
        recognise(round)


def counted(village: Area, year: int, households: int) -> VillageCount:
    return VillageCount.objects.create(
        unit=village.parent,
        village=village,
        cut_off=datetime.date(year, 12, 31),
        source="Công an xã",
        households=households,
        population=households * 4,
    )


def year(unit: Area, villages: int = 1, **reductions: Any) -> Year:
    """The plan takes on two poor households and one near-poor one in every village, of 100 households each."""
    places = [VillageFactory(parent=unit, name=f"Xóm {number + 1}", position=number) for number in range(villages)]
    poor = [[family(place) for _ in range(3)] for place in places]
    near_poor = [family(place) for place in places]
    past(unit, YEAR - 1, poor=[home for homes in poor for home in homes], near_poor=near_poor)
    plan = tables.plan_open(by=None, unit=unit, year=YEAR)
    figures = {"households": 100, "population": 400, "poor_households": 3, "near_poor_households": 1}
    for place in places:
        counted(place, YEAR - 1, 100)
        tables.row_set(by=None, plan=plan, place=place, **figures, poor_reduction=2, near_poor_reduction=1)
    return Year(unit=unit, villages=places, plan=plan, poor=poor, near_poor=near_poor)
