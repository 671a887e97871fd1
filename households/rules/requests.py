"""Until when a request is answered (Quyết định 24/2021/QĐ-TTg, regular review: from the 15th, within 15 days).

Reading: a request that comes in on or before the start day of a month belongs to the review of that month, a later one
to the next; the days run from the start day, which itself does not count. Days are calendar days.
"""

import calendar
import datetime


def review_start(received_on: datetime.date, *, start_day: int) -> datetime.date:
    """First day of the monthly review that takes the request; the last day of a month too short for ``start_day``."""
    this = _day(received_on.year, received_on.month, start_day)
    if received_on <= this:
        return this
    after = received_on.replace(day=1) + datetime.timedelta(days=31)
    return _day(after.year, after.month, start_day)


def due_day(received_on: datetime.date, *, start_day: int, days: int) -> datetime.date:
    """The last day on which the answer is in time."""
    return review_start(received_on, start_day=start_day) + datetime.timedelta(days=days)


def days_late(due_on: datetime.date, *, answered_on: datetime.date | None, today: datetime.date) -> int:
    """Calendar days past the due day, of the answer or so far; 0 in time."""
    return max(0, ((answered_on or today) - due_on).days)


def _day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))
