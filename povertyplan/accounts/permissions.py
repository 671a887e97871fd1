"""What a user may do in a unit. A role counts through a grant in force today whose area reaches the unit."""

from typing import TYPE_CHECKING

from povertyplan.accounts.choices import Role

if TYPE_CHECKING:
    from povertyplan.accounts.models import User
    from povertyplan.areas.models import Area


def has_role(user: "User", unit: "Area", *roles: Role) -> bool:
    return bool(user.roles_on(unit).intersection(roles))


def can_enter(user: "User", unit: "Area") -> bool:
    """Type figures, villages, papers, offices and the frame of the plan."""
    return has_role(user, unit, Role.OFFICER)


def can_number(user: "User", unit: "Area") -> bool:
    """Give number and date to a document."""
    return has_role(user, unit, Role.REGISTRY_CLERK)


def can_administer(user: "User", unit: "Area") -> bool:
    """Make accounts and grants in the unit."""
    return has_role(user, unit, Role.ADMINISTRATOR)
