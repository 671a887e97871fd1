"""Who changed what in a target plan, newest first."""

from dataclasses import dataclass

from povertyplan.areas.models import Area
from povertyplan.core.history import Change, changes
from targets.models import TargetRow
from targets.rules.figures import COUNTS


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    place: str
    change: Change


def table_history(*, unit: Area, year: int) -> list[HistoryLine]:
    """Every change of a count in the table, newest first, by whom."""
    rows = TargetRow.objects.filter(unit=unit, plan__year=year).select_related("place")
    places = {row.pk: str(row.place) for row in rows}
    found = changes(TargetRow, row_ids=places, fields=COUNTS)
    return [HistoryLine(place=places[change.row_id], change=change) for change in found]
