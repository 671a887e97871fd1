import datetime

import pytest

from povertyplan.core.dates import NotADate, official_date, parse_date


@pytest.mark.parametrize("typed", ["5/11/2026", "05/11/2026", "05-11-2026", "5.11.2026", "2026-11-05", " 05/11/2026 "])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert parse_date(typed) == datetime.date(2026, 11, 5)


@pytest.mark.parametrize("typed", ["11/2026", "31/02/2026", "hôm nay", "5/13/2026", "05/11/26"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(NotADate):
        parse_date(typed)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (datetime.date(2024, 2, 5), "ngày 05 tháng 02 năm 2024"),
        (datetime.date(2026, 9, 5), "ngày 05 tháng 9 năm 2026"),
        (datetime.date(2023, 12, 22), "ngày 22 tháng 12 năm 2023"),
        (datetime.date(2024, 1, 10), "ngày 10 tháng 01 năm 2024"),
    ],
)
def test_leading_zeros_follow_the_decree(day: datetime.date, text: str) -> None:
    """Nghị định 30/2020, Phụ lục I: days below ten and months one and two."""
    assert official_date(day) == text
