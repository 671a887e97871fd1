"""A commune whose households may register to escape poverty, for tests."""

import datetime
from dataclasses import dataclass
from typing import Any

from households.choices import Category
from households.models import ExitDrive, ExitRegistration, Household
from households.services.exits import drive_open, registration_add
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from tests.factories import VillageFactory
from tests.households import build, years

OPENED = datetime.date(2023, 3, 1)
MARCH = datetime.date(2023, 3, 20)
JUNE = datetime.date(2023, 6, 1)
NUMBERS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám")


@dataclass(kw_only=True)
class Spring:
    """Two villages after the round of 2022; ``drive`` of 2023 is open since March."""

    unit: Area
    here: Area
    there: Area
    poor: list[Household]
    near_poor: list[Household]
    other: Household
    drive: ExitDrive

    def register(self, household: Household, on: datetime.date = MARCH, **fields: Any) -> ExitRegistration:
        return registration_add(by=None, drive=self.drive, household=household, on=on, **fields)


def spring(unit: Area, *, poor: int = 2, near_poor: int = 1) -> Spring:
    """``poor`` and ``near_poor`` households in the first village, as many in the second, and one that is neither."""
    here, there = VillageFactory(parent=unit, name="Đông"), VillageFactory(parent=unit, name="Tây")
    reach_rebuild()
    homes = {
        category: [
            build.household(unit, village, head=f"{word} {village.name} {number}")
            for village in (here, there)
            for number in NUMBERS[:count]
        ]
        for category, word, count in (
            (Category.POOR, "Nghèo", poor),
            (Category.NEAR_POOR, "Cận", near_poor),
        )
    }
    other = build.household(unit, here, head="Không Nghèo")
    years.past(unit, 2022, poor=homes[Category.POOR], near_poor=homes[Category.NEAR_POOR])
    drive = drive_open(by=None, unit=unit, year=2023, on=OPENED)
    return Spring(
        unit=unit,
        here=here,
        there=there,
        poor=homes[Category.POOR],
        near_poor=homes[Category.NEAR_POOR],
        other=other,
        drive=drive,
    )


def exit_given(household: Household, year: int) -> dict[str, dict[str, Any]]:
    """One registration of an open drive, and what the addresses of its pages need."""
    unit, day = household.unit, datetime.date(year, 3, 1)
    drive = ExitDrive.objects.create(unit=unit, year=year, opened_on=day)
    row = ExitRegistration.objects.create(
        unit=unit,
        drive=drive,
        household=household,
        village=household.village,
        category=Category.POOR,
        registered_on=day,
        signer="Nguyễn Văn A",
    )
    return {"exit": {"pk": row.pk}, "exit-village": {"village_pk": household.village_id}}
