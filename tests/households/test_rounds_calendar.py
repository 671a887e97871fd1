"""Working days and due days of the steps: Quyết định 24/2021, Điều 4 and 6 (regulations 3.1, 3.2)."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.choices import ParameterCode, RoundKind, Step
from households.rules import calendar

DAYS = {
    ParameterCode.POSTING_DAYS: 3,
    ParameterCode.OPINION_DAYS: 5,
    ParameterCode.REGULAR_START_DAY: 15,
    ParameterCode.REQUEST_DAYS: 15,
}
WHOLE = SimpleNamespace(first=datetime.date(2024, 9, 1), last=datetime.date(2024, 12, 14))
FRIDAY = datetime.date(2024, 11, 29)


def test_working_days_pass_over_the_weekend_and_the_end_of_a_month() -> None:
    assert calendar.add_working_days(FRIDAY, 3) == datetime.date(2024, 12, 4)  # Mon 2, Tue 3, Wed 4 December


def test_a_holiday_that_is_known_does_not_count() -> None:
    holidays = {datetime.date(2024, 12, 3)}

    assert calendar.add_working_days(FRIDAY, 3, holidays) == datetime.date(2024, 12, 5)
    assert calendar.working_days(FRIDAY, datetime.date(2024, 12, 3), holidays) == 2


def test_a_posting_counts_its_first_day() -> None:
    assert calendar.earliest_end(FRIDAY, 3) == datetime.date(2024, 12, 3)
    assert calendar.earliest_end(datetime.date(2024, 11, 30), 3) == datetime.date(2024, 12, 4)  # from a Saturday


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 1, 1)), st.integers(1, 30))
def test_what_is_taken_off_is_what_was_added(day: datetime.date, days: int) -> None:
    start = calendar.take_working_days(day, days)

    assert calendar.add_working_days(start, days) <= day
    assert calendar.add_working_days(start + calendar.ONE_DAY * 3, days) > day
    assert calendar.working_days(start + calendar.ONE_DAY, day) >= days


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 1, 1)), st.integers(1, 30))
def test_a_posting_hangs_exactly_as_long_as_asked(day: datetime.date, days: int) -> None:
    assert calendar.working_days(day, calendar.earliest_end(day, days)) == days


def test_a_periodic_round_has_the_days_of_the_law() -> None:
    days = calendar.round_days(kind=RoundKind.PERIODIC, year=2024, month=0, windows={"": WHOLE}, parameters=DAYS)

    assert (days.starts_on, days.due_on) == (WHOLE.first, WHOLE.last)


def test_a_regular_round_starts_on_the_15th_and_ends_within_15_days() -> None:
    days = calendar.round_days(kind=RoundKind.REGULAR, year=2024, month=2, windows={}, parameters=DAYS)

    assert (days.starts_on, days.due_on) == (datetime.date(2024, 2, 15), datetime.date(2024, 3, 1))


@pytest.mark.parametrize("kind", RoundKind.values)
def test_what_the_law_does_not_say_has_no_day(kind: str) -> None:
    days = calendar.round_days(kind=kind, year=2024, month=2, windows={}, parameters={})

    assert (days.starts_on, days.due_on) == (None, None)


def test_a_start_day_that_the_month_does_not_have_is_its_last() -> None:
    parameters = DAYS | {ParameterCode.REGULAR_START_DAY: 31}

    days = calendar.round_days(kind=RoundKind.REGULAR, year=2024, month=2, windows={}, parameters=parameters)

    assert days.starts_on == datetime.date(2024, 2, 29)


def periodic(**changes: object) -> dict[Step, calendar.StepDays]:
    given: dict = {"windows": {}, "parameters": DAYS} | changes
    return calendar.step_days(kind=RoundKind.PERIODIC, starts_on=WHOLE.first, ends_on=WHOLE.last, **given)


def test_steps_leave_time_for_what_follows() -> None:
    days = periodic()

    assert days[Step.RECOGNITION].due_on == datetime.date(2024, 12, 14)  # a Saturday
    assert days[Step.RECHECK].due_on == datetime.date(2024, 12, 6)  # 5 working days before
    assert days[Step.VILLAGE_MEETING].due_on == datetime.date(2024, 12, 3)  # 3 more for the posting
    assert days[Step.LISTING].due_on is None


def test_a_window_of_the_province_goes_before() -> None:
    window = SimpleNamespace(first=datetime.date(2024, 10, 1), last=datetime.date(2024, 11, 5))

    days = periodic(windows={Step.SURVEY: window})

    assert (days[Step.SURVEY].starts_on, days[Step.SURVEY].due_on) == (window.first, window.last)


def test_without_a_parameter_there_is_no_due_day() -> None:
    days = periodic(parameters={ParameterCode.POSTING_DAYS: 3})

    assert days[Step.RECHECK].due_on is None
    assert days[Step.VILLAGE_MEETING].due_on is None
    assert days[Step.RECOGNITION].due_on == WHOLE.last


def test_a_regular_round_asks_no_opinion() -> None:
    assert Step.OPINION not in calendar.steps_of(RoundKind.REGULAR)
    assert list(calendar.steps_of(RoundKind.PERIODIC)) == list(Step)


@pytest.mark.parametrize(
    ("step", "asked", "who"),
    [
        (Step.SURVEY, False, "officer"),
        (Step.OPINION, False, "officer"),
        (Step.OPINION, True, "reviewer"),
        (Step.RECOGNITION, False, "leader"),
        (Step.CERTIFICATES, False, "officer"),
    ],
)
def test_each_step_waits_for_somebody(step: Step, asked: bool, who: str) -> None:
    assert calendar.who_acts(step, is_opinion_asked=asked) == (who,)


def test_the_clerk_numbers_before_certificates() -> None:
    assert calendar.who_acts(Step.CERTIFICATES, is_numbered=False) == ("registry_clerk", "officer")


def test_a_step_is_late_on_the_day_after() -> None:
    due = datetime.date(2024, 12, 14)

    assert not calendar.is_late(due, done_on=None, today=due)
    assert calendar.is_late(due, done_on=None, today=due + calendar.ONE_DAY)
    assert not calendar.is_late(None, done_on=None, today=due)
