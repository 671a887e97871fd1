"""Both lists of units at the ends of years, as counts; of a unit that followed others the sums of theirs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from households.choices import Category, RoundKind
from households.models import ReviewRound


@dataclass(frozen=True, kw_only=True)
class YearCounts:
    """Both lists at the end of a year and all households then; None is not known."""

    poor: int | None = None
    near_poor: int | None = None
    whole: int | None = None


ByYear = dict[int, dict[int, YearCounts]]


def recognised_lists(units: Any, years: Collection[int] | None = None) -> ByYear:
    """Households of the lists that periodic rounds recognised, by year and unit; of all years unless some are named.

    ``units``: keys or a query of them. One query.
    """
    rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, unit__in=units).order_by()
    if years is not None:
        rounds = rounds.filter(year__in=years)
    current = Q(recognised__is_current=True)
    counted = rounds.annotate(
        poor=Count("recognised", filter=current & Q(recognised__category=Category.POOR)),
        near_poor=Count("recognised", filter=current & Q(recognised__category=Category.NEAR_POOR)),
    )
    by_year: ByYear = defaultdict(dict)
    for year, pk, poor, near_poor in counted.values_list("year", "unit_id", "poor", "near_poor"):
        by_year[year][pk] = YearCounts(poor=poor, near_poor=near_poor)
    return by_year


def whole(
    unit: int, known: Mapping[int, YearCounts], predecessors: Mapping[int, Iterable[int]], divided: Collection[int]
) -> YearCounts | None:
    """The unit's own; else the sum of all whom it followed. None where one of them is unknown or was divided."""
    if unit in known:
        return known[unit]
    parts = [
        None if older in divided else whole(older, known, predecessors, divided) for older in predecessors.get(unit, ())
    ]
    found = [part for part in parts if part]
    if not found or len(found) < len(parts):
        return None
    return YearCounts(
        poor=every(part.poor for part in found),
        near_poor=every(part.near_poor for part in found),
        whole=every(part.whole for part in found),
    )


def every(values: Iterable[int | None]) -> int | None:
    """The sum; None as soon as one of them is not known."""
    counts = list(values)
    known = [value for value in counts if value is not None]
    return sum(known) if len(known) == len(counts) else None
