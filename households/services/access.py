"""Reading or exporting citizen numbers leaves a line."""

from households.models import AccessLog
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area


def log_reading(*, by: User, unit: Area, what: str, count: int = 1) -> None:
    """``by`` saw ``count`` full citizen numbers of the unit; ``what`` says on which page or file."""
    AccessLog.objects.create(unit=unit, user=by, what=what[:200], rows=count)
