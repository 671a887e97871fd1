"""The registration opens with the targets of the villages, once, and not by hand."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.models import ExitDrive
from households.selectors.exits import drive_of, registered_counts
from households.services.exits import drive_open, drive_update
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, PaperFactory, ProvinceFactory, user_with

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


@pytest.mark.parametrize(
    ("dated", "opened"),
    [
        (datetime.date(2023, 2, 15), datetime.date(2023, 2, 15)),
        (datetime.date(2022, 12, 20), datetime.date(2023, 1, 1)),
        (datetime.date(2023, 5, 1), MARCH),
        (None, MARCH),
    ],
)
def test_a_paper_of_before_moves_the_opening_back_within_the_year(
    commune: Area, dated: datetime.date | None, opened: datetime.date
) -> None:
    drive = drive_open(by=None, unit=commune, year=2023, on=MARCH)
    paper = PaperFactory(unit=commune, date=dated)

    saved = drive_update(by=None, drive=drive, version=1, closes_on=None, paper=paper)

    assert (saved.opened_on, saved.paper) == (opened, paper)


def test_a_paper_of_another_unit_and_a_last_day_after_the_year_are_refused(commune: Area) -> None:
    drive = drive_open(by=None, unit=commune, year=2023, on=MARCH)
    paper = PaperFactory(unit=CommuneFactory())

    with pytest.raises(ValidationError) as caught:
        drive_update(by=None, drive=drive, version=1, closes_on=datetime.date(2024, 1, 1), paper=paper)
    assert set(caught.value.message_dict) == {"closes_on", "paper"}


def test_only_a_commune_registers(db: None) -> None:
    with pytest.raises(ValidationError, match="không phải cấp xã"):
        drive_open(by=None, unit=ProvinceFactory(), year=2023, on=MARCH)
