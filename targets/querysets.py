from typing import Self

from povertyplan.accounts.querysets import UnitScopedQuerySet


class TargetPlanQuerySet(UnitScopedQuerySet):
    def for_page(self) -> Self:
        return self.select_related("unit", "source_paper")


class TargetRowQuerySet(UnitScopedQuerySet):
    def for_table(self) -> Self:
        """Rows of a table in its order, with the plan they belong to."""
        return self.select_related("place", "plan__source_paper").order_by("place__position", "place__sort_key", "pk")
