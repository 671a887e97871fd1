"""Who does what with a target plan. One level up, the staff that reviews communes keeps the table of its own area."""

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_decide, can_enter, can_review
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area

__all__ = ["can_approve", "can_plan", "can_review_below"]


def can_plan(user: User, unit: Area) -> bool:
    """Type figures, quotas and goals, and submit: officers; for a district or province also its reviewers."""
    return can_enter(user, unit) or (unit.level != Level.COMMUNE and can_review(user, unit))


def can_approve(user: User, unit: Area) -> bool:
    """Approve or return what was submitted; never one's own work, which the service checks."""
    return can_decide(user, unit)


def can_review_below(user: User, unit: Area) -> bool:
    """Act as the level above a commune: comment, return, approve where its approval is asked for."""
    return unit.level == Level.COMMUNE and can_review(user, unit)
