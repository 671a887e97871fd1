"""Abstract ground of stored rows."""

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Value


def raise_version(*, but_for: tuple[str, ...] = ()) -> pgtrigger.Trigger:
    """Trigger that counts every change of a row; changes of the fields ``but_for`` alone do not count."""
    return pgtrigger.Trigger(
        name="raise_version",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange(exclude=list(but_for)) if but_for else pgtrigger.AnyChange(),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )


class Versioned(models.Model):
    """A row with a version that the database raises at every change, also by raw SQL.

    An edit form carries the version it was filled from; a service refuses a change made on an older one.
    """

    version = models.PositiveIntegerField("phiên bản", default=1, editable=False)

    class Meta:
        abstract = True
        triggers = [raise_version()]


# The days of a Dated row as a range, for exclusion constraints.
SPAN = Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange", output_field=DateRangeField())


class Dated(models.Model):
    """A row that holds from a day to a day, both included; no end means still."""

    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Said before the database builds a span of the two days, which it cannot from reversed ones."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "Ngày cuối không được trước ngày đầu."})
