"""Exit registration: households undertake to escape poverty within the year, before their village.

Done in spring, after the targets of the villages are assigned; no law prescribes it.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from households.models import ExitDrive
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import save_changes
from povertyplan.papers.models import Paper


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
