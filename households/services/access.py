"""Reading or exporting citizen numbers leaves a line."""

from collections.abc import Iterator
from contextlib import contextmanager

from households.models import AccessLog
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict

NUMBERS = frozenset({"citizen_id", "insurance_number"})


def log_reading(*, by: User, unit: Area, what: str, count: int = 1) -> None:
    """``by`` saw ``count`` full citizen numbers of the unit; ``what`` says on which page or file."""
    AccessLog.objects.create(unit=unit, user=by, what=what[:200], rows=count)


@contextmanager
def conflicts_logged(*, by: User, unit: Area, what: str) -> Iterator[None]:
    """An EditConflict that is about to show a number as somebody else stored it is a reading too."""
    try:
        yield
    except EditConflict as conflict:
        if any(field.name in NUMBERS and field.theirs for field in conflict.fields):
            log_reading(by=by, unit=unit, what=what)
        raise
