"""Dates as people write them in Vietnam: day/month/year."""

import datetime
import re

DATE = re.compile(r"^([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})$")
ISO = re.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})$")


class NotADate(ValueError):
    """The text is not a day; the message is a Vietnamese sentence for the person who typed it."""


def parse_date(text: str) -> datetime.date:
    """``5/11/2026``, ``05-11-2026``, ``05.11.2026`` or ``2026-11-05``. Raises NotADate."""
    typed = text.strip()
    if match := DATE.match(typed):
        day, month, year = (int(part) for part in match.groups())
    elif match := ISO.match(typed):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise NotADate(f"«{typed}» không phải ngày. Ví dụ cách ghi đúng: 05/11/2026.")
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise NotADate(f"Không có ngày «{typed}» trong lịch.") from error


def format_date(day: datetime.date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"


def official_day(number: int | None) -> str:
    """Day of a document's date line: below ten with a leading zero."""
    return "" if number is None else f"{number:02d}"


def official_month(number: int | None) -> str:
    """Month of a document's date line: a leading zero for January and February only (Nghị định 30/2020)."""
    return "" if number is None else f"{number:02d}" if number <= 2 else str(number)


def official_date(day: datetime.date) -> str:
    """``ngày 05 tháng 9 năm 2026``"""
    return f"ngày {official_day(day.day)} tháng {official_month(day.month)} năm {day.year}"
