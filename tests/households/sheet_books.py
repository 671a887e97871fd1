"""Score sheets as workbooks and as rows, their questions made up."""

import datetime
import io
from typing import Any

from openpyxl import Workbook

from households.choices import ItemKind, SheetPurpose
from households.models import ScoreSheet
from households.resources import HEADERS
from households.rules.scoring import SheetItem, SheetOption
from households.selectors.sheets import sheet_in_use
from households.services import sheets
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.households.build import standard

B1, SCREEN = SheetPurpose.B1, SheetPurpose.QUICK_SCREEN
TITLES = list(HEADERS.values())
GOOD = [
    ["1", "Nhà ở", "Mái nhà", "chọn một", "A", "Ngói", None, None, 5, None],
    [None, None, None, None, "B", "Lá", None, None, -3, None],
    ["2", "Tài sản", "Số trâu, bò", "Đếm", "A", "Mỗi con", None, 5, 4, None],
    ["3", "Đất", "Diện tích (ha)", "khoảng", "A", "Ít", None, 0.5, 0, None],
    [3, None, None, None, "B", "Nhiều", "0,51", None, 7, None],
]
DAY = datetime.date(2026, 10, 1)


def workbook(*rows: list[Any], titles: list[str] = TITLES, above: int = 0) -> io.BytesIO:
    book = Workbook()
    page = book.active
    for _ in range(above):
        page.append(["Bảng bịa để thử"])
    page.append(titles)
    for row in rows:
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


ITEMS = (
    SheetItem(code="1", label="Câu", kind=ItemKind.SINGLE, options=(SheetOption(code="A", label="Có", points=1),)),
)


def add(by: User | None = None, **fields: Any) -> ScoreSheet:
    given = {"name": "Bảng bịa", "purpose": B1, "items": ITEMS, "valid_from": datetime.date(2026, 1, 1)}
    return sheets.sheet_add(by=by, standard=standard(), **(given | fields))


def activate(sheet: ScoreSheet, valid_from: datetime.date = datetime.date(2026, 1, 1), **fields: Any) -> ScoreSheet:
    return sheets.sheet_activate(by=None, sheet=sheet, version=sheet.version, valid_from=valid_from, **fields)


def found_for(commune: Area, setting: str = "rural", day: datetime.date = DAY) -> ScoreSheet | None:
    found = sheet_in_use(standard=standard().pk, purpose=B1, setting=setting, unit=commune, day=day)
    return found.sheet if found else None
