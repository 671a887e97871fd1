"""Working days, and until when each step of a round is done (Quyết định 24/2021/QĐ-TTg, Điều 4 and 6).

Working days are Monday to Friday. Public holidays are decided each year by the Government and are no data here: whoever
knows them passes them as ``holidays``. Which clause gives a day, and how sure it is: ``docs/rules/review-round.md``.
"""

import datetime
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from households.choices import ParameterCode, RoundKind, Step

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5
NO_HOLIDAYS: Collection[datetime.date] = frozenset()

PERIODIC_STEPS = tuple(Step)
REGULAR_STEPS = tuple(step for step in Step if step != Step.OPINION)
# Who must act for a step to be done; the reply to an opinion waits for the level above instead.
OFFICER, LEADER, CLERK, UPPER = "officer", "leader", "registry_clerk", "reviewer"


class Window(Protocol):
    """Between which days of the year a step (or the whole round) may be done; no first day: from the start."""

    @property
    def first(self) -> datetime.date | None: ...

    @property
    def last(self) -> datetime.date: ...


@dataclass(frozen=True, kw_only=True)
class StepDays:
    """From when and until when a step is done; None where neither a window nor a parameter says."""

    starts_on: datetime.date | None
    due_on: datetime.date | None


def is_working_day(day: datetime.date, holidays: Collection[datetime.date] = NO_HOLIDAYS) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(day: datetime.date, days: int, holidays: Collection[datetime.date] = NO_HOLIDAYS) -> datetime.date:
    """The last of ``days`` working days after ``day``, which itself does not count (Bộ luật Dân sự, Điều 147)."""
    while days > 0:
        day += ONE_DAY
        days -= is_working_day(day, holidays)
    return day


def take_working_days(
    day: datetime.date, days: int, holidays: Collection[datetime.date] = NO_HOLIDAYS
) -> datetime.date:
    """The latest working day from which ``days`` working days still pass until ``day``."""
    while days > 0:
        days -= is_working_day(day, holidays)
        day -= ONE_DAY
    while not is_working_day(day, holidays):
        day -= ONE_DAY
    return day


def working_days(first: datetime.date, last: datetime.date, holidays: Collection[datetime.date] = NO_HOLIDAYS) -> int:
    """How many working days lie from ``first`` to ``last``, both included."""
    span = (last - first).days + 1
    return sum(is_working_day(first + ONE_DAY * passed, holidays) for passed in range(span))


def earliest_end(first: datetime.date, days: int, holidays: Collection[datetime.date] = NO_HOLIDAYS) -> datetime.date:
    """The day on which something posted from ``first`` on has hung for ``days`` working days, ``first`` included."""
    return add_working_days(first - ONE_DAY, days, holidays)


def steps_of(kind: str) -> tuple[Step, ...]:
    """The steps of a round in their order; a regular one asks no opinion (regulations 3.4)."""
    return REGULAR_STEPS if kind == RoundKind.REGULAR else PERIODIC_STEPS


def round_days(
    *,
    kind: str,
    year: int,
    month: int,
    windows: Mapping[str, Window],
    parameters: Mapping[ParameterCode, int],
) -> StepDays:
    """First and last day of a round by the law; None where it does not say.

    Periodic: the window of the whole round (1 September – 14 December unless the province has its own). Regular: from
    the 15th of the month, decided within 15 days from then.
    """
    if kind == RoundKind.PERIODIC:
        whole = windows.get("")
        if whole is None:
            return StepDays(starts_on=None, due_on=None)
        return StepDays(starts_on=whole.first, due_on=whole.last)
    start_day, days = (parameters.get(code) for code in (ParameterCode.REGULAR_START_DAY, ParameterCode.REQUEST_DAYS))
    starts_on = _day_in_month(year, month, start_day) if start_day else None
    return StepDays(starts_on=starts_on, due_on=starts_on + ONE_DAY * days if starts_on and days else None)


def _day_in_month(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, min(day, monthrange(year, month)[1]))


def step_days(
    *,
    kind: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    windows: Mapping[str, Window],
    parameters: Mapping[ParameterCode, int],
    holidays: Collection[datetime.date] = NO_HOLIDAYS,
) -> dict[Step, StepDays]:
    """Until when each step of the round is done: its own window, else the latest day that leaves time for what follows.

    Recognition ends the round; the opinion takes its working days before it, the posting its own before that. Where a
    parameter is not known, what depends on it has no due day.
    """
    latest = _latest(kind, ends_on, parameters, holidays)
    days: dict[Step, StepDays] = {}
    for step in steps_of(kind):
        window = windows.get(step)
        first = window.first if window else None
        last = window.last if window else latest.get(step)
        days[step] = StepDays(starts_on=first or (starts_on if step == Step.LISTING else None), due_on=last)
    return days


def _latest(
    kind: str, ends_on: datetime.date, parameters: Mapping[ParameterCode, int], holidays: Collection[datetime.date]
) -> dict[Step, datetime.date | None]:
    recheck: datetime.date | None = ends_on
    opinion_days = parameters.get(ParameterCode.OPINION_DAYS)
    if kind == RoundKind.PERIODIC:
        recheck = take_working_days(ends_on, opinion_days, holidays) if opinion_days else None
    posting_days = parameters.get(ParameterCode.POSTING_DAYS)
    meeting = take_working_days(recheck, posting_days, holidays) if recheck and posting_days else None
    return {
        Step.SURVEY: meeting,
        Step.VILLAGE_MEETING: meeting,
        Step.POSTING: recheck,
        Step.RECHECK: recheck,
        Step.OPINION: ends_on,
        Step.RECOGNITION: ends_on,
    }


def who_acts(step: str, *, is_opinion_asked: bool = False, is_numbered: bool = True) -> tuple[str, ...]:
    """Roles that must act on a step now; before certificates are printed văn thư numbers the decision."""
    if step == Step.RECOGNITION:
        return (LEADER,)
    if step == Step.OPINION and is_opinion_asked:
        return (UPPER,)
    if step == Step.CERTIFICATES and not is_numbered:
        return (CLERK, OFFICER)
    return (OFFICER,)


def is_late(due_on: datetime.date | None, *, done_on: datetime.date | None, today: datetime.date) -> bool:
    """Not done when its day is over, or done after it."""
    return due_on is not None and (done_on or today) > due_on
