"""Reads of the area tree, scope first."""

from typing import TYPE_CHECKING, Self

from povertyplan.areas.choices import Level
from povertyplan.core.querysets import DatedQuerySet

if TYPE_CHECKING:
    from povertyplan.accounts.models import User


class AreaQuerySet(DatedQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Areas that a grant of the user reaches today; none without a grant."""
        if not user.is_active or not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(pk__in=user.reached_area_ids())

    def units(self) -> Self:
        """Provinces, districts and communes: what bears an official code and issues plans."""
        return self.exclude(level=Level.VILLAGE)

    def villages_of(self, unit: object) -> Self:
        return self.filter(level=Level.VILLAGE, parent=unit).order_by("position", "sort_key", "pk")
