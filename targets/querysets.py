"""Reads of plans and rows, scope first."""

from typing import Self

from povertyplan.accounts.querysets import UnitScopedQuerySet


class TargetPlanQuerySet(UnitScopedQuerySet):
    def for_page(self) -> Self:
        return self.select_related("unit", "source_paper", "in_force")


class TargetRowQuerySet(UnitScopedQuerySet):
    def for_table(self) -> Self:
        """Rows of a table in its order, with the plan they belong to."""
        related = ("place", "plan__source_paper", "plan__in_force")
        return self.select_related(*related).order_by("place__position", "place__sort_key", "pk")
