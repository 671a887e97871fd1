"""The registration opens with the targets of the villages, once, and not by hand."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.models import ExitDrive
from households.selectors.exits import drive_of, registered_counts
from households.services.exits import drive_open
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from tests.factories import ProvinceFactory, user_with

MARCH = datetime.date(2023, 3, 1)


def test_it_opens_once_and_the_second_call_changes_nothing(commune: Area) -> None:
    first = drive_open(by=None, unit=commune, year=2023, on=MARCH, note="theo chỉ tiêu")
    second = drive_open(by=None, unit=commune, year=2023, on=datetime.date(2023, 6, 1), note="khác")

    assert second == first
    assert ExitDrive.objects.get().opened_on == MARCH
    assert drive_of(unit=commune, year=2023) == first
    assert drive_of(unit=commune, year=2024) is None
    assert registered_counts(unit=commune, year=2023) == {}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER])
def test_a_person_cannot_open_it(commune: Area, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        drive_open(by=user_with(role, commune), unit=commune, year=2023, on=MARCH)


def test_a_plan_written_down_after_its_year_opens_the_whole_year(commune: Area) -> None:
    drive = drive_open(by=None, unit=commune, year=2023, on=datetime.date(2026, 11, 2))

    assert drive.opened_on == datetime.date(2023, 1, 1)


def test_only_a_commune_registers(db: None) -> None:
    with pytest.raises(ValidationError, match="không phải cấp xã"):
        drive_open(by=None, unit=ProvinceFactory(), year=2023, on=MARCH)
