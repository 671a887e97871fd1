"""Chainable filters that know no domain word."""

import datetime
from typing import Self

from django.db import models


class DatedQuerySet(models.QuerySet):
    """Rows with ``valid_from`` and ``valid_to``, both days included."""

    def valid_on(self, day: datetime.date) -> Self:
        return self.valid_between(day, day)

    def valid_in_year(self, year: int) -> Self:
        """Valid on any day of the year."""
        return self.valid_between(datetime.date(year, 1, 1), datetime.date(year, 12, 31))

    def valid_between(self, first: datetime.date, last: datetime.date) -> Self:
        still = models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=first)
        return self.filter(still, valid_from__lte=last)
