"""The village meeting on exit registration: minutes with who was there, and the registrations tied to them."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.models import ExitMeeting
from households.services.exit_meetings import meeting_correct, meeting_record
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory, user_with
from tests.households.exit_rows import MARCH, OPENED, Spring, spring

MINUTES: dict[str, Any] = {
    "held_on": MARCH,
    "place": "Nhà văn hóa thôn",
    "chair": "Trưởng thôn",
    "secretary": "Thư ký",
    "present": "các cán bộ phụ trách hộ",
    "participants": 40,
    "households_represented": 35,
}


@pytest.fixture
def world(commune: Area) -> Spring:
    return spring(commune)


def hold(world: Spring, **fields: Any) -> ExitMeeting:
    return meeting_record(by=None, drive=world.drive, village=world.here, **(MINUTES | fields))


def test_registrations_before_and_after_the_meeting_are_tied_to_it(world: Spring) -> None:
    before = world.register(world.poor[0])
    elsewhere = world.register(world.poor[2])

    meeting = hold(world)
    after = world.register(world.poor[1])

    before.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (before.meeting, after.meeting, elsewhere.meeting) == (meeting, meeting, None)
    assert meeting.present == "các cán bộ phụ trách hộ"


def test_a_village_meets_once_and_only_of_its_own_unit(world: Spring) -> None:
    hold(world)
    with pytest.raises(ValidationError, match="đã có biên bản họp"):
        hold(world)
    with pytest.raises(ValidationError, match="thuộc đơn vị khác"):
        meeting_record(by=None, drive=world.drive, village=VillageFactory(), **MINUTES)


@pytest.mark.parametrize("day", [OPENED - datetime.timedelta(days=1), datetime.date(2999, 1, 1), None])
def test_a_meeting_is_held_after_the_opening_and_not_in_the_future(world: Spring, day: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        hold(world, held_on=day)
    assert set(caught.value.message_dict) == {"held_on"}


def test_every_fault_of_the_minutes_is_said_at_once(world: Spring) -> None:
    with pytest.raises(ValidationError) as caught:
        hold(world, held_on=datetime.date(2023, 1, 1), place="", participants=3, households_represented=4)
    assert set(caught.value.message_dict) == {"held_on", "place", "households_represented"}
    with pytest.raises(ValidationError) as caught:
        hold(world, participants=0, households_represented=0)
    assert caught.value.message_dict == {"participants": ["Cuộc họp phải có người dự."]}


def test_minutes_are_corrected_on_their_version(world: Spring) -> None:
    meeting = hold(world)

    saved = meeting_correct(by=None, meeting=meeting, version=1, participants=42)
    assert (saved.participants, saved.version) == (42, 2)
    meeting_correct(by=None, meeting=meeting, version=1, place="Nhà rông")
    with pytest.raises(EditConflict):
        meeting_correct(by=None, meeting=meeting, version=1, participants=50)
    with pytest.raises(ValidationError, match="Số hộ có đại diện nhiều hơn"):
        meeting_correct(by=None, meeting=meeting, version=3, participants=1)
    with pytest.raises(TypeError):
        meeting_correct(by=None, meeting=meeting, version=3, village=world.there)


@pytest.mark.parametrize("role", [Role.LEADER, Role.REVIEWER])
def test_only_an_officer_writes_minutes(world: Spring, role: Role) -> None:
    user, meeting = user_with(role, world.unit), hold(world)
    with pytest.raises(PermissionDenied):
        meeting_record(by=user, drive=world.drive, village=world.there, **MINUTES)
    with pytest.raises(PermissionDenied):
        meeting_correct(by=user, meeting=meeting, version=1, participants=41)
