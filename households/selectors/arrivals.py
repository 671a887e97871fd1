"""Households that were not on the last list: what brought them there, and whether they were ever listed before."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from households.choices import LISTED, Category, ChangeKind, RoundState
from households.models import HouseholdChange, Recognised, ReviewRound
from households.selectors.last_list import LastList
from households.selectors.lineage import Lineage

ARRIVALS = (ChangeKind.MOVED_IN, ChangeKind.SPLIT, ChangeKind.MERGED, ChangeKind.REORGANISED)


def ever_listed(ids: list[int], round: ReviewRound) -> dict[int, set[str]]:
    """The categories under which each household was ever recognised before the round, in any unit."""
    rows = Recognised.objects.filter(
        household__in=ids, is_current=True, category__in=LISTED, round__state=RoundState.RECOGNISED
    ).exclude(round=round)
    if round.recognised_on:
        rows = rows.filter(round__recognised_on__lte=round.recognised_on)
    found: dict[int, set[str]] = defaultdict(set)
    for household, category in rows.values_list("household_id", "category").distinct():
        found[household].add(category)
    return found


def arrivals(ids: list[int], before: LastList, line: Lineage) -> dict[int, str]:
    """Why a household came to the list otherwise than by falling into poverty, where it did."""
    if before.since is None:
        return {}
    changes = HouseholdChange.objects.filter(unit_id__in=line.units, kind__in=ARRIVALS, on__gt=before.since)
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in changes.order_by("on", "pk").values("household_id", "kind", "on", "other_id", "from_village__parent_id"):
        if row["on"] > before.recorded.get(row["household_id"], before.since):
            rows[row["household_id"]].append(dict(row))
    return {pk: reason for pk in ids if (reason := _arrival(pk, rows, before, frozenset()))}


def _arrival(pk: int, rows: Mapping[int, list[dict[str, Any]]], before: LastList, seen: frozenset[int]) -> str:
    for row in rows.get(pk, ()):
        kind, other = row["kind"], row["other_id"]
        if kind == ChangeKind.MOVED_IN:
            return f"chuyển đến từ {row['on']:%d/%m/%Y}"
        if kind == ChangeKind.REORGANISED and row["from_village__parent_id"] not in before.known:
            return "sang đơn vị mới do sắp xếp"
        if kind not in (ChangeKind.SPLIT, ChangeKind.MERGED) or other is None or other in seen:
            continue
        verb = "tách từ" if kind == ChangeKind.SPLIT else "nhập với"
        if other in before.on_list:
            return f"{verb} {Category(before.on_list[other].category).label}"
        if kind == ChangeKind.SPLIT and (reason := _arrival(other, rows, before, seen | {pk})):
            return reason
    return ""
