"""Workbooks as people make them: by hand, without our marks."""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook, load_workbook

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.exchange.kinds import kind_of
from povertyplan.exchange.models import Upload
from povertyplan.exchange.services import upload_stage

HEADERS = (
    "Thôn",
    "Tổng số hộ",
    "Nhân khẩu",
    "Hộ nghèo đầu năm",
    "Hộ cận nghèo đầu năm",
    "Tổng số hộ cuối năm",
    "Số hộ nghèo giảm",
    "Số hộ cận nghèo giảm",
)


def book(
    rows: Iterable[Iterable[Any]], *, headers: Iterable[str] = HEADERS, above: int = 0, sheet: str = "Sheet1"
) -> io.BytesIO:
    """A workbook with ``above`` lines of title before the headers."""
    made = Workbook()
    page = made.active
    page.title = sheet
    for number in range(above):
        page.append([f"Dòng tiêu đề {number}"])
    page.append(list(headers))
    for row in rows:
        page.append(list(row))
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    return file


def cells(content: bytes, sheet: str) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)]


def staged(*, by: User, unit: Area, year: int, rows: Iterable[Iterable[Any]] = ()) -> Upload:
    """A workbook of the target table that waits to be written."""
    file = book(rows or [("Chưa có", 1, 1, 0, 0, None, 0, 0)])
    kind = kind_of("targets", unit=unit)
    return upload_stage(by=by, kind=kind, unit=unit, year=year, name="chi-tieu.xlsx", file=file)
