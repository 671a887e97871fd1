"""Who sets the law: national facts the administrator of the installation, a province's own its administrators."""

from django.core.exceptions import PermissionDenied

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_administer
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area


def can_set_law(user: User, area: Area | None) -> bool:
    """``area`` None: a national fact. A commune or a village sets none."""
    if area is None:
        return user.is_active and user.is_superuser
    return area.level == Level.PROVINCE and can_administer(user, area)


def demand_law(by: User | None, area: Area | None) -> None:
    """Raises PermissionDenied; the system (None) may set what a source says."""
    if by is not None and not can_set_law(by, area):
        raise PermissionDenied
