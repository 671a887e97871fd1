"""What the addresses of a plan share."""

from typing import Any

from povertyplan.accounts.api import UnitApi
from povertyplan.areas.models import Area
from povertyplan.core.api.views import one_or_none
from povertyplan.papers.models import Paper
from targets.models import TargetPlan

TAGS = ["targets"]


class TargetApi(UnitApi):
    def plan(self, pk: int) -> TargetPlan:
        return self.find(TargetPlan.objects.select_related("unit", "source_paper", "in_force"), pk=pk)

    @staticmethod
    def with_paper(sent: dict[str, Any], unit: Area, name: str = "paper") -> dict[str, Any]:
        """The key of a paper as its row, one that the unit may name."""
        if name not in sent:
            return sent
        papers = Paper.objects.of_unit(unit)
        paper = one_or_none(papers, sent[name], field=name, sentence="Không có văn bản mang mã này.")
        return sent | {name: paper}
