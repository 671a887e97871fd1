"""Households that have recently left poverty: who keeps the support meant for them."""

import datetime
from dataclasses import dataclass
from typing import Any

from households.choices import Category, ParameterCode
from households.models import Recognised
from households.rules.transitions import ESCAPED
from households.selectors.last_list import LIST_FIELDS, gone, home_of, village_of_list
from households.selectors.law import parameters
from households.selectors.lineage import lineage
from povertyplan.areas.models import Area


@dataclass(frozen=True, kw_only=True)
class Escaped:
    """A household that left poverty on ``on`` (day of the decision) and has not fallen back since."""

    household_id: int
    village_id: int
    head_name: str
    on: datetime.date
    category: str


def recently_escaped(unit: Area, day: datetime.date) -> list[Escaped]:
    """«Hộ mới thoát nghèo» of the unit on a day: escaped within the months of the dated parameter, not poor again.

    Decisions of predecessor units count; the time runs from the decision that recognised the escape. Nobody where the
    parameter is not set.
    """
    months = parameters(unit=unit, day=day).get(ParameterCode.RECENTLY_ESCAPED_MONTHS)
    if not months:
        return []
    line = lineage(unit, day)
    rows = (
        Recognised.objects.filter(
            unit_id__in=line.units, is_current=True, round__recognised_on__gt=months_before(day, months)
        )
        .filter(round__recognised_on__lte=day)
        .order_by("round__recognised_on", "round_id")
    )
    escaped: dict[int, dict[str, Any]] = {}
    for row in rows.values(*LIST_FIELDS, "transition"):
        pk = row["household_id"]
        if row["transition"] in ESCAPED:
            escaped[pk] = row
        elif pk in escaped and row["category"] == Category.POOR:
            del escaped[pk]
        elif pk in escaped:
            escaped[pk] = {**escaped[pk], "category": row["category"] or escaped[pk]["category"]}
    found = []
    for pk, row in escaped.items():
        household = home_of(row)
        village = village_of_list(row, household, line)
        if village is not None and not gone(household, line, day):
            found.append(
                Escaped(
                    household_id=pk,
                    village_id=village,
                    head_name=row["head_name"],
                    on=row["round__recognised_on"],
                    category=row["category"],
                )
            )
    return found


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day ``months`` earlier, the last of the month where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = datetime.date(year, month + 1, 1)
    following = (first + datetime.timedelta(days=31)).replace(day=1)
    return min(first.replace(day=1) + datetime.timedelta(days=day.day - 1), following - datetime.timedelta(days=1))
