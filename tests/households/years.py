"""Rounds, reviews and recognitions written row by row, for tests of what stands on them."""

import datetime
from itertools import count
from typing import Any

from households.choices import (
    ChangeKind,
    HouseholdClosed,
    ListedBecause,
    RecognitionKind,
    ReviewState,
    RoundKind,
    RoundState,
)
from households.models import Household, HouseholdChange, Recognised, Recognition, Review, ReviewRound, Standard
from households.selectors.transitions import Passage, passages
from povertyplan.areas.models import Area

_codes = count(1)


def poverty_standard() -> Standard:
    """A standard without indicators and causes."""
    found = Standard.objects.filter(code="thử").first()
    return found or Standard.objects.create(code="thử", name="Chuẩn thử", valid_from=datetime.date(2016, 1, 1))


def family(village: Area, **fields: Any) -> Household:
    return Household.objects.create(
        unit=village.parent, village=village, code=f"H{next(_codes):05d}", opened_on=village.valid_from, **fields
    )


def periodic(unit: Area, year: int, **fields: Any) -> ReviewRound:
    return _round(unit, year, RoundKind.PERIODIC, datetime.date(year, 9, 1), datetime.date(year, 12, 14), **fields)


def regular(unit: Area, year: int, month: int) -> ReviewRound:
    start = datetime.date(year, month, 15)
    return _round(unit, year, RoundKind.REGULAR, start, start + datetime.timedelta(days=14), month=month)


def _round(
    unit: Area, year: int, kind: RoundKind, starts_on: datetime.date, ends_on: datetime.date, **fields: Any
) -> ReviewRound:
    standard = fields.pop("standard", None) or poverty_standard()
    return ReviewRound.objects.create(
        unit=unit, year=year, kind=kind, starts_on=starts_on, ends_on=ends_on, standard=standard, **fields
    )


def reviewed(
    round: ReviewRound,
    household: Household,
    category: str = "",
    *,
    state: str = "",
    persons: int = 4,
    **fields: Any,
) -> Review:
    """A form with its result; without a category it is not scored yet."""
    state = state or (ReviewState.SURVEYED if category else ReviewState.TO_SURVEY)
    return Review.objects.create(
        unit=round.unit,
        round=round,
        household=household,
        village=fields.pop("village", household.village),
        listed_because=ListedBecause.ON_LIST,
        state=state,
        category=category,
        persons=persons,
        head_name=fields.pop("head_name", f"Chủ hộ {household.code}"),
        **fields,
    )


def recognise(round: ReviewRound, on: datetime.date | None = None) -> Recognition:
    """Every passage becomes a recognised row; the forms are frozen."""
    on = on or round.ends_on
    rows = passages(round)
    recognition = Recognition.objects.create(unit=round.unit, round=round, kind=RecognitionKind.INITIAL, on=on)
    Recognised.objects.bulk_create(
        Recognised(unit=round.unit, recognition=recognition, round=round, year=round.year, **vars(row)) for row in rows
    )
    scored = Review.objects.filter(round=round, state=ReviewState.SURVEYED)
    scored.update(state=ReviewState.RECOGNISED, is_frozen=True)
    ReviewRound.objects.filter(pk=round.pk).update(state=RoundState.RECOGNISED, recognised_on=on)
    round.refresh_from_db()
    return recognition


def past(unit: Area, year: int, **categories: Any) -> ReviewRound:
    """A recognised round; ``categories`` are lists of households by category, each with 4 persons."""
    round = periodic(unit, year)
    for category, households in categories.items():
        for household in households:
            reviewed(round, household, category)
    recognise(round)
    return round


def close(household: Household, on: datetime.date, because: str = HouseholdClosed.MOVED_OUT) -> None:
    household.refresh_from_db()
    household.closed_on, household.closed_because = on, because
    household.save()


def happened(household: Household, kind: ChangeKind, on: datetime.date, **fields: Any) -> HouseholdChange:
    return HouseholdChange.objects.create(unit=household.unit, household=household, kind=kind, on=on, **fields)


def by_household(round: ReviewRound) -> dict[int, Passage]:
    found = passages(round)
    assert len({row.household_id for row in found}) == len(found), "a household has more than one passage"
    return {row.household_id: row for row in found}
