from typing import Self

from povertyplan.accounts.querysets import UnitScopedQuerySet


class TargetPlanQuerySet(UnitScopedQuerySet):
    def for_page(self) -> Self:
        return self.select_related("unit", "source_paper")


class VillageTargetQuerySet(UnitScopedQuerySet):
    def in_plan_order(self) -> Self:
        return self.select_related("village").order_by("village__position", "village__sort_key", "pk")
