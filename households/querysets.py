"""Reads of one model each, scope first."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from households.choices import ReviewState, RoundState
from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.querysets import DatedQuerySet
from povertyplan.core.text import plain

if TYPE_CHECKING:
    from povertyplan.areas.models import Area


class UnitDatedQuerySet(UnitScopedQuerySet, DatedQuerySet):  # type: ignore[override]
    """Rows of a unit that hold from a day to a day."""


class LawQuerySet(models.QuerySet):
    """Dated national rows, which a province may override with its own."""

    def in_force(self, day: datetime.date, provinces: "tuple[int, ...]" = ()) -> Self:
        """National rows and those of the given areas, in force on the day."""
        still = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(still, Q(area__isnull=True) | Q(area__in=provinces), valid_from__lte=day)


class HouseholdQuerySet(UnitScopedQuerySet):
    def of_unit(self, unit: "Area") -> Self:
        return self.filter(unit=unit)

    def followed(self) -> Self:
        """Households still in the registry."""
        return self.filter(closed_on__isnull=True)


class MemberQuerySet(UnitScopedQuerySet):
    def present(self) -> Self:
        """Persons who are members now."""
        return self.filter(left_on__isnull=True)

    def present_on(self, day: datetime.date) -> Self:
        return self.filter(
            Q(left_on__isnull=True) | Q(left_on__gt=day), Q(joined_on__isnull=True) | Q(joined_on__lte=day)
        )

    def named(self, words: str) -> Self:
        """Name holds every word, accents and case left aside, in any order."""
        found = self
        for word in plain(words).split():
            found = found.filter(search_key__contains=word)
        return found


class RoundQuerySet(UnitScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state=RoundState.OPEN)

    def recognised(self) -> Self:
        return self.filter(state=RoundState.RECOGNISED)


class ReviewQuerySet(UnitScopedQuerySet):
    def current(self) -> Self:
        """Without those that a correction replaced."""
        return self.filter(is_current=True)

    def counted(self) -> Self:
        """Current and scored: what the summary tables count."""
        return self.current().filter(state__in=[ReviewState.SURVEYED, ReviewState.RECOGNISED])
