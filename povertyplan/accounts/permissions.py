"""What a user may do in a unit. A role counts through a grant in force today whose area reaches the unit.

| Right | Role | Beyond the role |
|---|---|---|
| ``can_enter`` | officer | |
| ``can_decide`` | leader | |
| ``can_number`` | registry clerk | |
| ``can_review`` | reviewer | the area of the grant itself still exists: a district after its end only reads |
| ``can_administer`` | administrator, superuser | |
| ``can_manage`` | as ``can_administer`` | every role of the other person lies where one administers |

Reading needs no role beyond a grant that reaches the unit: that is the scope (``visible_to``).
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.accounts.selectors import manageable_by
from povertyplan.areas.models import Area


def has_role(user: User, unit: Area, *roles: Role) -> bool:
    return bool(user.roles_on(unit).intersection(roles))


def can_enter(user: User, unit: Area) -> bool:
    """Type figures, villages, papers, offices and the frame of the plan."""
    return has_role(user, unit, Role.OFFICER)


def can_decide(user: User, unit: Area) -> bool:
    """Recognise results of a review, decide statuses and, later, approve and issue."""
    return has_role(user, unit, Role.LEADER)


def can_number(user: User, unit: Area) -> bool:
    """Give number and date to a document."""
    return has_role(user, unit, Role.REGISTRY_CLERK)


def can_review(user: User, unit: Area) -> bool:
    """Act as the level above: demands that the granting area exists today."""
    today = timezone.localdate()
    return any(
        grant.role == Role.REVIEWER and (grant.area.valid_to is None or grant.area.valid_to >= today)
        for grant in user.grants_reaching(unit)
    )


def can_administer(user: User, unit: Area) -> bool:
    """Make accounts and grants in the unit."""
    return has_role(user, unit, Role.ADMINISTRATOR)


def can_administer_somewhere(user: User) -> bool:
    return user.is_superuser or any(grant.role == Role.ADMINISTRATOR for grant in user.grants_today)


def can_manage(user: User, other: User) -> bool:
    """Change the account of another and reset its password.

    A role elsewhere takes the account out of reach: who resets a password can act as its owner.
    """
    return user.is_active and manageable_by(user).filter(pk=other.pk).exists()


def demand(permission: Callable[[User, Area], bool], by: User | None, unit: Area | None) -> None:
    """The gate of services: PermissionDenied unless ``by`` has the right in the unit.

    ``by=None`` is the system, which needs none. A row of no unit (a national paper) is the system's alone.
    """
    if by is not None and (unit is None or not permission(by, unit)):
        raise PermissionDenied
