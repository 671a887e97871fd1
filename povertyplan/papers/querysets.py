from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from povertyplan.accounts.models import User
    from povertyplan.areas.models import Area


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """National papers for every active user; a unit's papers where a grant reaches the unit."""
        if not user.is_active or not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(unit__isnull=True) | Q(unit_id__in=user.reached_area_ids()))

    def of_unit(self, unit: "Area") -> Self:
        """What the unit may cite: its own file and the national papers."""
        return self.filter(Q(unit=unit) | Q(unit__isnull=True))

    def to_choose(self, unit: "Area | None") -> Self:
        """What the unit may cite, its own file first, the newest first in each; None: national papers only."""
        newest = F("date").desc(nulls_last=True)
        citable = self.of_unit(unit) if unit else self.filter(unit__isnull=True)
        return citable.order_by(F("unit").asc(nulls_last=True), newest, "pk")

    def for_list(self) -> Self:
        return self.select_related("unit", "replaced_by").order_by("-date", "pk")
