import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from povertyplan.areas.choices import Level
from povertyplan.core.querysets import DatedQuerySet

if TYPE_CHECKING:
    from povertyplan.accounts.models import User
    from povertyplan.areas.models import Area


class UnitScopedQuerySet(models.QuerySet):
    """Rows that carry their ``unit``: visible where a grant in force today reaches it; no grant, no rows."""

    def visible_to(self, user: "User") -> Self:
        if not user.is_active or not user.is_authenticated:
            return self.none()
        return self if user.is_superuser else self.filter(unit_id__in=user.reached_area_ids())


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Accounts with a grant, past or present, on an area the user reaches; and one's own."""
        if not user.is_active or not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        within = models.Q(grants__area__reached_from__area__in=user.granted_area_ids())
        return self.filter(within | models.Q(pk=user.pk)).distinct()


class GrantQuerySet(DatedQuerySet):
    def not_ended(self, today: datetime.date) -> Self:
        """In force today or later."""
        return self.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=today))

    def in_unit(self, unit: "Area") -> Self:
        """On the unit, its villages, and the same of its predecessors; also on who took the unit over."""
        levels = [unit.level, Level.VILLAGE] if unit.level == Level.COMMUNE else [unit.level]
        below = models.Q(area__reached_from__area=unit, area__level__in=levels)
        after = models.Q(area__reaches__reached=unit, area__level=unit.level)
        return self.filter(pk__in=self.model._default_manager.filter(below | after).values("pk"))

    def visible_to(self, user: "User") -> Self:
        if not user.is_active or not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(area__reached_from__area__in=user.granted_area_ids()).distinct()
