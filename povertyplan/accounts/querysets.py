from typing import TYPE_CHECKING, Self

from django.db import models

from povertyplan.core.querysets import DatedQuerySet

if TYPE_CHECKING:
    from povertyplan.accounts.models import User


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
    def visible_to(self, user: "User") -> Self:
        if not user.is_active or not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(area__reached_from__area__in=user.granted_area_ids()).distinct()
