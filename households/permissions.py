"""Who sets the law: national facts the administrator of the installation, a province's own its administrators."""

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_administer
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area


def can_set_law(user: User, area: Area | None) -> bool:
    """``area`` None: a national fact. A commune or a village sets none."""
    if area is None:
        return user.is_active and user.is_superuser
    return area.level == Level.PROVINCE and can_administer(user, area)
