"""The figures with which a year starts, as the review of the year before recognised them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, Sum

from households.choices import LISTED, Category, RoundKind
from households.models import Recognised, ReviewRound
from households.selectors.counts import denominators
from households.selectors.summaries import StartFigures, start_figures
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach
from targets.selectors.places import places_of

Start = dict[int, dict[str, int]]

# What the list itself knows, and what the counts of the village add.
OF_THE_LIST = (
    "poor_households",
    "near_poor_households",
    "poor_persons",
    "near_poor_persons",
    "minority_poor_households",
    "minority_near_poor_households",
)
OF_THE_VILLAGE = ("households", "population", "minority_households")
START_FIELDS = (*OF_THE_VILLAGE, *OF_THE_LIST)


def recognised_start(*, unit: Area, year: int) -> Start | None:
    """What the review of the year before recognised, by place: the figures with which ``year`` starts.

    Households, population and ethnic-minority households come from the counts at hand at the end of that year. One
    level up only the list is known, and only of places all of whose communes recognised theirs. None while nothing
    is recognised.
    """
    if unit.level != Level.COMMUNE:
        return _start_of_units(unit, year)
    recognised = start_figures(unit=unit, year=year - 1)
    if recognised is None:
        return None
    figures = {village: _of_list(row) for village, row in recognised.items()}
    for village, count in denominators(unit=unit, day=datetime.date(year - 1, 12, 31)).items():
        known = {name: getattr(count, name) for name in OF_THE_VILLAGE if getattr(count, name) is not None}
        figures.setdefault(village, {}).update(known)
    return figures


def recognised_round(*, unit: Area, year: int) -> ReviewRound | None:
    """The unit's own recognised round behind the start of ``year``; None where its predecessors reviewed."""
    rounds = ReviewRound.objects.recognised().filter(unit=unit, kind=RoundKind.PERIODIC, year=year - 1)
    return rounds.first()


def _of_list(row: StartFigures) -> dict[str, int]:
    """Minority households only where the ethnicity of every listed household is known."""
    found = {name: getattr(row, name) for name in OF_THE_LIST[:4]}
    if not row.unknown_ethnicity:
        found["minority_poor_households"] = row.poor_minority_households
        found["minority_near_poor_households"] = row.near_poor_minority_households
    return found


def _start_of_units(unit: Area, year: int) -> Start | None:
    """By place below a district or province; three queries, however many communes."""
    parts = _communes_of(places_of(unit, year), datetime.date(year - 1, 12, 31))
    wanted = {commune for communes in parts.values() for commune in communes}
    rounds = ReviewRound.objects.recognised().filter(kind=RoundKind.PERIODIC, year=year - 1, unit__in=wanted)
    lists = _lists_of(rounds.values_list("pk", "unit_id"))
    found = {
        place: _of_list(_together(lists[commune] for commune in communes))
        for place, communes in parts.items()
        if communes and communes <= lists.keys()
    }
    return found or None


def _communes_of(places: Iterable[Area], day: datetime.date) -> dict[int, set[int]]:
    """The communes of the day behind each place: itself, below it or before it. One that was divided is nobody's."""
    rows = Reach.objects.filter(area__in=[place.pk for place in places], reached__level=Level.COMMUNE)
    still = Q(reached__valid_to=None) | Q(reached__valid_to__gte=day)
    pairs = list(rows.filter(still, reached__valid_from__lte=day).values_list("area_id", "reached_id"))
    bearers: dict[int, set[int]] = defaultdict(set)
    for place, commune in pairs:
        bearers[commune].add(place)
    divided = {place for places in bearers.values() if len(places) > 1 for place in places}
    found: dict[int, set[int]] = defaultdict(set)
    for place, commune in pairs:
        found[place].add(commune)
    return {place: communes for place, communes in found.items() if place not in divided}


def _lists_of(rounds: Iterable[tuple[int, int]]) -> dict[int, StartFigures]:
    """The recognised list of each unit; a unit that recognised that nobody is poor has one of zeros."""
    units = dict(rounds)
    found = {unit: StartFigures() for unit in units.values()}
    rows = Recognised.objects.filter(round__in=units, is_current=True, category__in=LISTED).order_by()
    unknown = Count("pk", filter=Q(ethnicity=None, is_ethnic_minority=False))
    grouped = rows.values("round_id", "category", "is_ethnic_minority")
    for row in grouped.annotate(n=Count("pk"), heads=Sum("persons"), unknown=unknown):
        prefix = "poor" if row["category"] == Category.POOR else "near_poor"
        more = {f"{prefix}_households": row["n"], f"{prefix}_persons": row["heads"]}
        if row["is_ethnic_minority"]:
            more[f"{prefix}_minority_households"] = row["n"]
        _add(found[units[row["round_id"]]], more | {"unknown_ethnicity": row["unknown"]})
    return found


def _together(lists: Iterable[StartFigures]) -> StartFigures:
    total = StartFigures()
    for figures in lists:
        _add(total, vars(figures))
    return total


def _add(figures: StartFigures, more: Mapping[str, int]) -> None:
    for name, number in more.items():
        setattr(figures, name, getattr(figures, name) + number)
