"""The village meeting on who registers to escape poverty: one a village and year, corrected in place."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from households.models import ExitDrive, ExitMeeting, ExitRegistration
from households.services.exits import day_errors, lock_drive
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.text import clean, clean_lines
from povertyplan.core.versions import lock_and_merge, save_changes

MINUTES = (
    "held_on",
    "place",
    "chair",
    "secretary",
    "present",
    "participants",
    "households_represented",
    "opinions",
)


@transaction.atomic
def meeting_record(*, by: User | None, drive: ExitDrive, village: Area, **fields: Any) -> ExitMeeting:
    """Minutes of a village; its registrations of the year, those before the meeting too, are tied to it.

    Raises PermissionDenied, ValidationError by field.
    """
    demand(can_enter, by, drive.unit)
    values = _tidy(fields)
    with acting(by=by, action="exit.meeting"):
        stored = lock_drive(drive)
        errors = _errors(stored, values)
        if village.parent_id != stored.unit_id:
            errors["village"] = [f"{village.title} thuộc đơn vị khác."]
        elif ExitMeeting.objects.filter(drive=stored, village=village).exists():
            errors["village"] = [f"{village.title} đã có biên bản họp đăng ký; mở biên bản đó để sửa."]
        if errors:
            raise ValidationError(errors)
        meeting = save_changes(ExitMeeting(unit=stored.unit, drive=stored, village=village), values)
        waiting = ExitRegistration.objects.filter(drive=stored, village=village, meeting__isnull=True)
        waiting.update(meeting=meeting)
    return meeting


@transaction.atomic
def meeting_correct(*, by: User | None, meeting: ExitMeeting, version: int, **changes: Any) -> ExitMeeting:
    """Correct what the minutes say. Raises PermissionDenied, EditConflict, ValidationError by field."""
    demand(can_enter, by, meeting.unit)
    with acting(by=by, action="exit.meeting-correct"):
        drive = lock_drive(meeting.drive)
        rows = ExitMeeting.objects.select_related("unit", "drive", "village")
        row, mine = lock_and_merge(rows, pk=meeting.pk, version=version, changes=_tidy(changes))
        values = {name: mine.get(name, getattr(row, name)) for name in MINUTES}
        if errors := _errors(drive, values):
            raise ValidationError(errors)
        return save_changes(row, mine)


def _tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(MINUTES):
        raise TypeError(f"no such fields of the minutes: {sorted(unknown)}")
    return {
        name: (clean_lines if name == "opinions" else clean)(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _errors(drive: ExitDrive, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every fault of the minutes at once; texts too long or missing are said by the model."""
    errors: dict[str, list[str]] = {}
    if wrong := day_errors(drive, values.get("held_on"), is_closing=False):
        errors["held_on"] = wrong
    people, homes = values.get("participants"), values.get("households_represented")
    if not people:
        errors["participants"] = ["Cuộc họp phải có người dự."]
    elif homes is not None and homes > people:
        errors["households_represented"] = ["Số hộ có đại diện nhiều hơn số người dự họp."]
    try:
        ExitMeeting(**values).clean_fields(exclude=["unit", "drive", "village", *errors])
    except ValidationError as error:
        errors |= error.message_dict
    return errors
