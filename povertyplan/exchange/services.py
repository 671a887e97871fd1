"""The door of workbooks: a kind's own service writes, all rows or none."""

from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.areas.models import Area
from povertyplan.core.text import clean
from povertyplan.core.versions import EditConflict
from povertyplan.exchange.cells import MOST_BYTES, WorkbookRefused
from povertyplan.exchange.check import Checked, check
from povertyplan.exchange.choices import UploadState
from povertyplan.exchange.kinds import Kind
from povertyplan.exchange.models import Upload
from povertyplan.exchange.resources import RowsRefused, SheetResource


class Changed(Exception):
    """What would be written is no longer what was shown."""


class _Undone(Exception):
    """Ends a trial: the transaction goes back."""


def workbook_try(
    *, by: User | None, kind: Kind, unit: Area, year: int, file: BinaryIO, keep_blanks: bool = False
) -> Checked:
    """What the workbook would do, also by the word of the service that would write it; nothing is written.

    Raises WorkbookRefused, PermissionDenied.
    """
    demand(kind.permission, by, unit)
    try:
        with transaction.atomic():
            checked = _written(by=by, kind=kind, unit=unit, year=year, file=file, keep_blanks=keep_blanks)
            raise _Undone
    except _Undone:
        return checked


@transaction.atomic
def workbook_write(
    *,
    by: User | None,
    kind: Kind,
    unit: Area,
    year: int,
    file: BinaryIO,
    fingerprint: str = "",
    keep_blanks: bool = False,
) -> Checked:
    """Write what the workbook says; with a single error nothing, and ``errors`` say what.

    A blank cell forgets what is stored, or with ``keep_blanks`` leaves it alone.
    Raises Changed where the difference is not the one of ``fingerprint``, WorkbookRefused, PermissionDenied.
    """
    demand(kind.permission, by, unit)
    checked = _written(by=by, kind=kind, unit=unit, year=year, file=file, keep_blanks=keep_blanks)
    if fingerprint and checked.fingerprint != fingerprint:
        transaction.set_rollback(True)
        raise Changed
    if checked.errors:
        transaction.set_rollback(True)
    return checked


def _written(*, by: User | None, kind: Kind, unit: Area, year: int, file: BinaryIO, keep_blanks: bool) -> Checked:
    """Checked, and written where its service agrees; the caller keeps it or takes it back."""
    resource = kind.resource(unit=unit, year=year, by=by)
    checked = check(file, kind=kind.key, resource=resource, keep_blanks=keep_blanks)
    if checked.lines:
        _write(checked, resource)
    checked.errors.sort(key=lambda error: error.place)
    return checked


def _write(checked: Checked, resource: SheetResource) -> None:
    try:
        with transaction.atomic():
            resource.write(checked.lines)
    except RowsRefused as refusal:
        checked.add_row_errors(refusal.by_row, resource)
    except ValidationError as error:
        for sentence in error.messages:
            checked.add_error(sentence)
    except EditConflict as conflict:
        checked.add_error(str(conflict))


@transaction.atomic
def upload_stage(*, by: User, kind: Kind, unit: Area, year: int, name: str, file: BinaryIO) -> Upload:
    """Keep a workbook until somebody has looked at its difference. Raises WorkbookRefused for no workbook at all."""
    demand(kind.permission, by, unit)
    data = file.read(MOST_BYTES + 1)
    check(BytesIO(data), kind=kind.key, resource=kind.resource(unit=unit, year=year, by=by))
    upload = Upload(unit=unit, year=year, kind=kind.key, name=clean(name)[:200] or "tep.xlsx", by=by)
    upload.full_clean()
    upload.file.save(f"{kind.slug}-{unit.code or unit.pk}-{year}.xlsx", ContentFile(data), save=False)
    upload.save()
    return upload


@transaction.atomic
def upload_write(*, by: User, upload: Upload, kind: Kind, fingerprint: str, keep_blanks: bool) -> Checked:
    """Write a staged workbook as it was shown; once. Raises Changed, WorkbookRefused, ValidationError."""
    row = _waiting(upload)
    with row.file.open("rb") as file:
        checked = workbook_write(
            by=by,
            kind=kind,
            unit=row.unit,
            year=row.year,
            file=BytesIO(file.read()),
            fingerprint=fingerprint,
            keep_blanks=keep_blanks,
        )
    if checked.errors:
        raise WorkbookRefused(checked.errors)
    if not checked.lines:
        raise ValidationError("Chưa ghi gì: không ô nào khác số đã lưu, ngoài các ô để trống được giữ nguyên.")
    row.state, row.ended_at = UploadState.WRITTEN, timezone.now()
    row.new, row.changed = checked.counts["new"], checked.counts["changed"]
    row.save()
    return checked


@transaction.atomic
def upload_drop(*, by: User, upload: Upload, kind: Kind) -> Upload:
    """Leave it: nothing is written and the file goes."""
    demand(kind.permission, by, upload.unit)
    row = _waiting(upload)
    row.state, row.ended_at = UploadState.DROPPED, timezone.now()
    storage, name = row.file.storage, row.file.name or ""
    row.file = ""
    row.save()
    transaction.on_commit(lambda: storage.delete(name))
    return row


def _waiting(upload: Upload) -> Upload:
    row = Upload.objects.select_for_update(of=("self",)).select_related("unit").get(pk=upload.pk)
    if row.state != UploadState.WAITING:
        raise ValidationError(f"Tệp này {row.get_state_display()}.")
    return row
