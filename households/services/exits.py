"""Exit registration: households undertake to escape poverty within the year, before their village.

Done in spring, after the targets of the villages are assigned; no law prescribes it.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from households.choices import Need
from households.models import ExitDrive, ExitMeeting, ExitNeed, ExitRegistration, Household
from households.rules.exits import NeedNotes, read_needs, refusal
from households.selectors.exits import head_name, needs_before, needs_words
from households.selectors.rounds import official_list
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean
from povertyplan.core.versions import EditConflict, FieldConflict, last_author, lock_and_merge, save_changes
from povertyplan.papers.models import Paper

Errors = dict[str, list[str]]
ROW = ("household", "signer", "is_form_signed", "needs", "note")
UPDATABLE = ("registered_on", "signer", "is_form_signed", "note")


@transaction.atomic
def drive_open(
    *,
    by: User | None,
    unit: Area,
    year: int,
    on: datetime.date,
    closes_on: datetime.date | None = None,
    paper: Paper | None = None,
    note: str = "",
) -> ExitDrive:
    """Open the registration of a commune and year from the day ``on``; what is open already stays as it is.

    Called by the system (``by`` None) when the targets of the villages are approved; a person cannot open it. A plan
    that is written down only after its year opens the whole year. Raises PermissionDenied, ValidationError.
    """
    if by is not None:
        raise PermissionDenied
    if unit.level != Level.COMMUNE:
        raise ValidationError(f"{unit.title} không phải cấp xã nên không có đăng ký thoát nghèo.")
    Area.objects.select_for_update(no_key=True).get(pk=unit.pk)
    stored = ExitDrive.objects.select_related("unit").filter(unit=unit, year=year).first()
    if stored is not None:
        return stored
    opened_on = on if on.year <= year else datetime.date(year, 1, 1)
    values = {"opened_on": opened_on, "closes_on": closes_on, "paper": paper, "note": clean(note)}
    with acting(by=by, action="exit.open"):
        return save_changes(ExitDrive(unit=unit, year=year), values)


@transaction.atomic
def drive_update(
    *,
    by: User | None,
    drive: ExitDrive,
    version: int,
    closes_on: datetime.date | None,
    paper: Paper | None,
    note: str = "",
) -> ExitDrive:
    """The last day on which registrations are taken, not before one that was; the paper that assigned the targets.

    A paper of before the opening moves the opening back to its day, within the year: the targets were assigned then and
    approved in the software later. Raises PermissionDenied, EditConflict, ValidationError by field.
    """
    demand(can_enter, by, drive.unit)
    changes = {"closes_on": closes_on, "paper": paper, "note": clean(note)}
    with acting(by=by, action="exit.drive"):
        rows = ExitDrive.objects.select_related("unit")
        row, mine = lock_and_merge(rows, pk=drive.pk, version=version, changes=changes)
        errors: Errors = {}
        last = row.registrations.aggregate(day=Max("registered_on"))["day"]
        if closes_on and last and closes_on < last:
            errors["closes_on"] = [f"Đã có hộ đăng ký ngày {format_date(last)}; ngày cuối không trước ngày đó."]
        if closes_on and closes_on.year > row.year:
            errors["closes_on"] = [f"Đăng ký thoát nghèo trong năm {row.year}; ngày cuối không sau năm đó."]
        if paper is not None and paper.unit_id not in (None, row.unit_id):
            errors["paper"] = ["Chọn văn bản trong sổ của đơn vị."]
        if errors:
            raise ValidationError(errors)
        if paper is not None and paper.date:
            mine["opened_on"] = min(row.opened_on, max(paper.date, datetime.date(row.year, 1, 1)))
        return save_changes(row, mine)


def lock_drive(drive: ExitDrive) -> ExitDrive:
    """The drive as it is now; one writer of registrations at a time."""
    rows = ExitDrive.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    return rows.get(pk=drive.pk)


def day_errors(drive: ExitDrive, day: datetime.date | None, *, is_closing: bool = True) -> list[str]:
    """What is wrong with a day of the drive; ``is_closing``: registrations end on its last day."""
    if day is None:
        return ["Chưa ghi ngày."]
    today = timezone.localdate()
    if day > today:
        return [f"Hôm nay là {today:%d/%m/%Y}; không ghi ngày chưa đến."]
    if day < drive.opened_on:
        opened = f"Đăng ký mở từ ngày {format_date(drive.opened_on)}; không ghi ngày trước đó."
        return [f"{opened} Chỉ tiêu giao sớm hơn thì chọn văn bản giao chỉ tiêu ở mục «Thời hạn»."]
    if day.year > drive.year:
        return [f"Ngày phải trong năm {drive.year}."]
    if is_closing and drive.closes_on and day > drive.closes_on:
        return [f"Nhận đăng ký đến hết ngày {format_date(drive.closes_on)}; cần kéo dài thì sửa ngày cuối trước."]
    return []


# --- registrations ------------------------------------------------------------------------------------------------


def registration_add(
    *, by: User | None, drive: ExitDrive, household: Household, on: datetime.date, **fields: Any
) -> ExitRegistration:
    """One household registers; ``fields`` as a row of ``registrations_add``. Raises PermissionDenied,
    ValidationError by field."""
    return registrations_add(by=by, drive=drive, on=on, rows=[{"household": household, **fields}])[0]


@transaction.atomic
def registrations_add(
    *, by: User | None, drive: ExitDrive, on: datetime.date, rows: Sequence[Mapping[str, Any]]
) -> list[ExitRegistration]:
    """Households of the unit register on the day, all or none; the number of queries does not depend on how many.

    A row: ``household``, ``signer`` (the head unless said), ``is_form_signed``, ``needs`` (needs, or pairs of need and
    what exactly), ``note``. Only followed households on the poor or near-poor list of that day, each once a year;
    whoever withdrew may come again. Raises PermissionDenied, ValidationError: ``registered_on``, ``households``.
    """
    demand(can_enter, by, drive.unit)
    for row in rows:
        if unknown := set(row) - set(ROW):
            raise TypeError(f"no such fields of a registration: {sorted(unknown)}")
    with acting(by=by, action="exit.register"):
        stored = lock_drive(drive)
        if errors := day_errors(stored, on):
            raise ValidationError({"registered_on": errors})
        if not rows:
            raise ValidationError({"households": ["Chưa chọn hộ nào để ghi đăng ký."]})
        return _write(stored, on, rows)


def _write(drive: ExitDrive, on: datetime.date, rows: Sequence[Mapping[str, Any]]) -> list[ExitRegistration]:
    asked = [row["household"].pk for row in rows]
    found = (
        Household.objects.filter(pk__in=asked)
        .annotate(head_name=head_name())
        .select_for_update(of=("self",), no_key=True)
    )
    homes: dict[int, Any] = {home.pk: home for home in found.order_by("pk")}
    listed = dict(official_list(drive.unit, on).filter(household__in=asked).values_list("household", "category"))
    before = _earlier(drive, asked)
    meetings = dict(ExitMeeting.objects.filter(drive=drive).values_list("village", "pk"))
    made, needs, wrong = [], [], []
    for place, row in enumerate(rows):
        home = homes[row["household"].pk]
        standing, withdrawn_on = before.get(home.pk, (None, None))
        because = [
            refusal(
                is_here=home.unit_id == drive.unit_id,
                closed_on=home.closed_on,
                category=listed.get(home.pk, ""),
                on=on,
                registered_on=standing,
                withdrawn_on=withdrawn_on,
            )
        ]
        if home.pk in asked[:place]:
            because = ["chọn hai lần"]
        entry, faults = _entry(drive, on, home, row, listed.get(home.pk, ""), meetings)
        wanted, need_faults = read_needs(row.get("needs", ()))
        wrong += [f"Hộ {home.head_name or home.code}: {said}" for said in [*because, *faults, *need_faults] if said]
        made.append(entry)
        needs += [(entry, need, note) for need, note in wanted.items()]
    if wrong:
        raise ValidationError({"households": wrong})
    ExitRegistration.objects.bulk_create(made)
    ExitNeed.objects.bulk_create(
        ExitNeed(unit_id=drive.unit_id, registration=entry, need=need, note=note) for entry, need, note in needs
    )
    return made


def _earlier(drive: ExitDrive, households: Sequence[int]) -> dict[int, tuple[Any, Any]]:
    """Of each household: the day of its registration that stands, the last day it withdrew; in any unit."""
    rows = ExitRegistration.objects.filter(household__in=households, drive__year=drive.year).order_by("registered_on")
    found: dict[int, tuple[Any, Any]] = {}
    for pk, day, withdrawn in rows.values_list("household", "registered_on", "withdrawn_on"):
        standing, last = found.get(pk, (None, None))
        found[pk] = (standing, max(filter(None, (last, withdrawn)))) if withdrawn else (day, last)
    return found


def _entry(
    drive: ExitDrive,
    on: datetime.date,
    home: Any,
    row: Mapping[str, Any],
    category: str,
    meetings: Mapping[int, int],
) -> tuple[ExitRegistration, list[str]]:
    """The row to write and what is wrong with its texts."""
    entry = ExitRegistration(
        unit_id=drive.unit_id,
        drive=drive,
        household=home,
        village_id=home.village_id,
        meeting_id=meetings.get(home.village_id),
        category=category,
        registered_on=on,
        signer=clean(row.get("signer") or "") or home.head_name or "",
        is_form_signed=bool(row.get("is_form_signed")),
        note=clean(row.get("note") or ""),
    )
    left = [field.name for field in entry._meta.fields if field.name not in {"signer", "note"}]
    try:
        entry.clean_fields(exclude=left)
    except ValidationError as error:
        return entry, [
            "chưa ghi người ký đơn" if name == "signer" and not entry.signer else f"{name_of(name)}: {' '.join(said)}"
            for name, said in error.message_dict.items()
        ]
    return entry, []


def name_of(field: str) -> str:
    """The field of a registration in words."""
    return str(ExitRegistration._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


@transaction.atomic
def registration_update(
    *,
    by: User | None,
    registration: ExitRegistration,
    version: int,
    needs: Iterable[str | tuple[str, str]] | None = None,
    **changes: Any,
) -> ExitRegistration:
    """Correct the day, the signer, whether the signed form is there, the note and, where given, the needs.

    A changed day takes the category from the list of that day. Raises PermissionDenied, EditConflict, ValidationError
    by field.
    """
    demand(can_enter, by, registration.unit)
    if unknown := set(changes) - set(UPDATABLE):
        raise TypeError(f"no such fields of a registration: {sorted(unknown)}")
    tidy = {name: clean(value) if isinstance(value, str) else value for name, value in changes.items()}
    with acting(by=by, action="exit.update"):
        drive = lock_drive(registration.drive)
        row, mine, stored, wanted = _locked(registration, version, tidy, needs)
        if row.withdrawn_on:
            raise ValidationError(f"Hộ đã rút đăng ký ngày {format_date(row.withdrawn_on)}; muốn ghi lại thì ghi mới.")
        if "registered_on" in mine and mine["registered_on"] != row.registered_on:
            mine["category"] = _category_on(drive, row.household_id, mine["registered_on"])
        before = row.version
        saved = save_changes(row, mine)
        if wanted != stored:
            _replace_needs(saved, stored, wanted)
            if saved.version == before:
                ExitRegistration.objects.filter(pk=saved.pk).update(version=F("version") + 1)
                saved.refresh_from_db(fields=["version"])
    return saved


def _locked(
    registration: ExitRegistration, version: int, changes: dict[str, Any], needs: Iterable[str | tuple[str, str]] | None
) -> tuple[ExitRegistration, dict[str, Any], NeedNotes, NeedNotes]:
    """The row, its columns that are mine to write, its needs as stored and as they shall be. Raises EditConflict,
    also where both changed the needs: they are weighed as a whole."""
    rows = ExitRegistration.objects.select_related("unit", "drive", "household", "village")
    conflicts: list[FieldConflict] = []
    try:
        row, mine = lock_and_merge(rows, pk=registration.pk, version=version, changes=changes)
    except EditConflict as conflict:
        row, mine, conflicts = conflict.row, conflict.mine, conflict.fields  # type: ignore[assignment]
    stored = dict(row.needs.values_list("need", "note"))
    wanted, faults = (stored, []) if needs is None else read_needs(needs)
    if faults:
        raise ValidationError({"needs": faults})
    before = stored if row.version == version else needs_before(row, version)
    theirs_changed = before != stored and wanted != stored
    if theirs_changed and (wanted != before or conflicts):
        said = {"theirs": needs_words(stored), "mine": needs_words(wanted)}
        conflicts.append(FieldConflict(name="needs", label="Nhu cầu", **said))
    if conflicts:
        who, when = last_author(row)
        raise EditConflict(row=row, fields=conflicts, mine=mine, who=who, when=when)
    return row, mine, stored, stored if wanted == before else wanted


def _category_on(drive: ExitDrive, household: int, day: datetime.date) -> str:
    if errors := day_errors(drive, day):
        raise ValidationError({"registered_on": errors})
    found = official_list(drive.unit, day).filter(household=household).values_list("category", flat=True).first()
    if not found:
        said = f"Ngày {format_date(day)} hộ không có trong danh sách hộ nghèo, hộ cận nghèo."
        raise ValidationError({"registered_on": [said]})
    return found


def _replace_needs(row: ExitRegistration, stored: NeedNotes, wanted: NeedNotes) -> None:
    changed = [need for need, note in stored.items() if wanted.get(need) != note]
    row.needs.filter(need__in=changed).delete()
    ExitNeed.objects.bulk_create(
        ExitNeed(unit_id=row.unit_id, registration=row, need=Need(need), note=note)
        for need, note in wanted.items()
        if stored.get(need) != note
    )


@transaction.atomic
def registration_withdraw(
    *, by: User | None, registration: ExitRegistration, version: int, on: datetime.date, reason: str
) -> ExitRegistration:
    """The household takes its word back from the day on, with the reason; the row stays and it may register again.

    Raises PermissionDenied, EditConflict, ValidationError by field.
    """
    demand(can_enter, by, registration.unit)
    changes = {"withdrawn_on": on, "withdrawn_because": clean(reason)}
    with acting(by=by, action="exit.withdraw"):
        lock_drive(registration.drive)
        rows = ExitRegistration.objects.select_related("unit", "drive", "household", "village")
        row, mine = lock_and_merge(rows, pk=registration.pk, version=version, changes=changes)
        if row.withdrawn_on:
            raise ValidationError(f"Hộ đã rút đăng ký ngày {format_date(row.withdrawn_on)}.")
        errors: Errors = {}
        if said := day_errors(row.drive, on, is_closing=False):
            errors["on"] = said
        elif on < row.registered_on:
            errors["on"] = [f"Hộ đăng ký ngày {format_date(row.registered_on)}; ngày rút không trước ngày đó."]
        if not changes["withdrawn_because"]:
            errors["reason"] = ["Ghi lý do rút đăng ký."]
        if errors:
            raise ValidationError(errors)
        return save_changes(row, mine)
