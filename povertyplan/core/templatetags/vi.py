"""Vietnamese writing of figures and days, built into every template."""

import datetime
from decimal import Decimal

from django import template

from povertyplan.core import dates, numbers, text

register = template.Library()


@register.filter
def count(value: int | None) -> str:
    return numbers.format_count(value)


@register.filter
def rate(value: Decimal | None) -> str:
    return numbers.format_rate(value)


@register.filter
def day(value: datetime.date | None) -> str:
    return dates.format_date(value)


@register.filter
def opening(value: object) -> str:
    """The text with a capital first letter."""
    return text.first_upper(str(value))
