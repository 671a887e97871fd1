"""Score sheets as workbooks: what an administrator fills in, read with every error at its cell, and the empty one."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from households.choices import ItemKind, ScreenResult, SheetPurpose
from households.rules.scoring import SheetItem, SheetOption, gaps, overlaps
from povertyplan.core.text import clean, legacy_encoding, plain
from povertyplan.exchange.cells import CellError, WorkbookRefused, open_book

HEADERS = {
    "item": "Mã",
    "group": "Nhóm",
    "question": "Câu hỏi",
    "kind": "Cách trả lời",
    "option": "Mã phương án",
    "answer": "Phương án",
    "minimum": "Từ",
    "maximum": "Đến",
    "points": "Điểm",
    "outcome": "Kết quả Phiếu A",
}
LENGTHS = {"item": 20, "group": 200, "question": 300, "option": 20, "answer": 300}
NEEDED = ("item", "question", "kind", "option", "answer")
KINDS = {plain(kind.label): kind for kind in ItemKind}
OUTCOMES = {plain(result.label): result for result in ScreenResult} | {
    "dung": ScreenResult.STOP,
    "tiep tuc": ScreenResult.CONTINUE,
}
SHEET_TITLE = "Bảng điểm"
HEADER_WITHIN, MOST_ROWS, MOST_COLUMNS = 20, 3000, 40
MOST_BYTES, MOST_UNPACKED = 2_000_000, 60_000_000
POINTS = 32_767
EXPLAINED = (
    ("Mã", "Mã của câu hỏi, ví dụ 1, 2a. Các phương án của một câu viết ở các dòng liền nhau; dòng sau để trống mã."),
    ("Nhóm", "Tên nhóm câu hỏi trong phiếu; có thể để trống."),
    ("Câu hỏi", "Chép đúng như trong văn bản."),
    ("Cách trả lời", "Một trong: chọn một, chọn nhiều, đếm, khoảng."),
    ("Mã phương án", "Mã của phương án trong câu, ví dụ A, B, C."),
    ("Phương án", "Chép đúng như trong văn bản."),
    (
        "Từ",
        "Chỉ với «khoảng»: số nhỏ nhất, tính cả số đó; để trống là không có giới hạn dưới. "
        "Các khoảng của một câu nối liền nhau: hết 5 thì khoảng sau từ 6; có số lẻ thì hết 0,5, khoảng sau từ 0,51.",
    ),
    ("Đến", "Với «khoảng»: số lớn nhất, tính cả số đó. Với «đếm»: đếm nhiều nhất bao nhiêu."),
    ("Điểm", "Số nguyên, có thể âm. Với «đếm»: điểm của mỗi đơn vị đếm được. Phiếu A không cần điểm."),
    ("Kết quả Phiếu A", "Chỉ với Phiếu A: ghi «không rà soát» ở phương án làm dừng, còn lại để trống."),
)


def read_sheet(file: BinaryIO, *, purpose: str) -> list[SheetItem]:
    """Questions of the first sheet of a workbook. Raises WorkbookRefused."""
    book = open_book(file, most=MOST_BYTES, unpacked=MOST_UNPACKED)
    try:
        page = book.worksheets[0]
        rows = [
            list(row)
            for row in page.iter_rows(max_row=MOST_ROWS + HEADER_WITHIN, max_col=MOST_COLUMNS, values_only=True)
        ]
        reader = _Reader(page.title, purpose)
        return reader.read(rows)
    finally:
        book.close()


@dataclass(frozen=True, kw_only=True)
class _Row:
    number: int
    values: dict[str, Any]

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else clean(str(value))


class _Reader:
    def __init__(self, sheet: str, purpose: str) -> None:
        self.sheet, self.purpose = sheet, purpose
        self.errors: list[CellError] = []
        self.columns: dict[str, int] = {}

    def read(self, rows: list[list[Any]]) -> list[SheetItem]:
        start = self._header(rows)
        items = [self._item(group) for group in self._groups(rows, start)] if self.columns else []
        if not items and not self.errors:
            self._error(None, "", "Bảng chưa có câu hỏi nào dưới dòng tiêu đề.")
        if self.errors:
            raise WorkbookRefused(self.errors)
        return [item for item in items if item]

    def _error(self, row: _Row | None, name: str, message: str) -> None:
        cell = f"{get_column_letter(self.columns[name] + 1)}{row.number}" if row and name in self.columns else ""
        self.errors.append(CellError(sheet=self.sheet, cell=cell, message=message))

    def _header(self, rows: list[list[Any]]) -> int:
        """Place of the header line; its columns are found by their texts, in any order."""
        wanted = {plain(title): name for name, title in HEADERS.items()}
        for place, row in enumerate(rows[:HEADER_WITHIN]):
            found = {wanted[plain(str(value))]: at for at, value in enumerate(row) if plain(str(value)) in wanted}
            if {"item", "question", "answer"} <= set(found):
                self.columns = found
                needed = [*NEEDED, "points"] if self.purpose == SheetPurpose.B1 else [*NEEDED, "outcome"]
                absent = [HEADERS[name] for name in needed if name not in found]
                if absent:
                    self._error(None, "", f"Thiếu cột: {', '.join(absent)}.")
                return place + 1
        self._error(None, "", f"Không thấy dòng tiêu đề có các cột {', '.join(HEADERS[name] for name in NEEDED)}.")
        return 0

    def _groups(self, rows: list[list[Any]], start: int) -> Iterator[list[_Row]]:
        """Lines of one question after another: a line without a code goes on with the question above."""
        group: list[_Row] = []
        seen: set[str] = set()
        for number, line in enumerate(rows[start:], start=start + 1):
            values = {name: line[at] for name, at in self.columns.items() if at < len(line)}
            row = _Row(number=number, values=values)
            if not any(row.text(name) for name in values):
                continue
            if number > MOST_ROWS:
                self._error(row, "item", f"Bảng dài quá {MOST_ROWS} dòng.")
                break
            code = row.text("item")
            if group and code in {"", group[0].text("item")}:
                group.append(row)
                continue
            if group:
                yield group
            group = [row]
            if not code:
                self._error(row, "item", "Dòng đầu của câu hỏi phải có mã.")
            elif code in seen:
                self._error(row, "item", f"Mã «{code}» đã dùng cho câu hỏi ở trên.")
            seen.add(code)
        if group:
            yield group

    def _item(self, group: list[_Row]) -> SheetItem | None:
        first = group[0]
        for name in ("question", "kind"):
            if not first.text(name):
                self._error(first, name, f"Chưa ghi {HEADERS[name].lower()}.")
        for row in group:
            for name, length in LENGTHS.items():
                self._check_text(row, name, length)
        kind = KINDS.get(plain(first.text("kind")))
        if kind is None:
            if first.text("kind"):
                self._error(first, "kind", f"«{first.text('kind')}»: ghi chọn một, chọn nhiều, đếm hoặc khoảng.")
            return None
        options = [self._option(row, kind) for row in group]
        self._check_options(group, kind, options)
        return SheetItem(
            code=first.text("item"),
            group=first.text("group"),
            label=first.text("question"),
            kind=kind,
            options=tuple(options),
        )

    def _check_text(self, row: _Row, name: str, length: int) -> None:
        text = row.text(name)
        if len(text) > length:
            self._error(row, name, f"Dài quá {length} ký tự.")
        encoding = legacy_encoding(text)
        if encoding:
            self._error(row, name, f"Chữ gõ bằng bảng mã {encoding}, không phải Unicode.")

    def _option(self, row: _Row, kind: str) -> SheetOption:
        for name in ("option", "answer"):
            if not row.text(name):
                self._error(row, name, f"Chưa ghi {HEADERS[name].lower()}.")
        option = SheetOption(
            code=row.text("option"),
            label=row.text("answer"),
            points=self._points(row),
            minimum=self._number(row, "minimum"),
            maximum=self._number(row, "maximum"),
            outcome=self._outcome(row),
        )
        if kind not in {ItemKind.RANGE, ItemKind.COUNT} and (option.minimum, option.maximum) != (None, None):
            self._error(row, "minimum", "Chỉ câu «khoảng» hoặc «đếm» mới ghi từ, đến.")
            return replace(option, minimum=None, maximum=None)
        return option

    def _points(self, row: _Row) -> int:
        points = self._number(row, "points")
        if points is None:
            if self.purpose == SheetPurpose.B1 and not row.text("points"):
                self._error(row, "points", "Chưa ghi điểm.")
            return 0
        if points != points.to_integral_value() or abs(points) > POINTS:
            self._error(row, "points", "Điểm phải là số nguyên.")
            return 0
        return int(points)

    def _number(self, row: _Row, name: str) -> Decimal | None:
        typed = row.text(name)
        if not typed:
            return None
        try:
            number = Decimal(typed.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 10 or number != round(number, 2):
            self._error(row, name, f"«{typed}» không phải số. Ghi số, nhiều nhất hai chữ số lẻ, ví dụ 12 hoặc 0,5.")
            return None
        return number

    def _outcome(self, row: _Row) -> str:
        typed = row.text("outcome")
        if not typed:
            return ""
        if self.purpose == SheetPurpose.B1:
            self._error(row, "outcome", "Cột này chỉ dùng cho Phiếu A.")
            return ""
        outcome = OUTCOMES.get(plain(typed))
        if outcome is None:
            self._error(row, "outcome", f"«{typed}»: ghi «không rà soát», «tiếp tục rà soát» hoặc để trống.")
        return outcome or ""

    def _check_options(self, group: list[_Row], kind: str, options: list[SheetOption]) -> None:
        codes = [option.code for option in options]
        for place, (row, code) in enumerate(zip(group, codes, strict=True)):
            if code and code in codes[:place]:
                self._error(row, "option", f"Mã phương án «{code}» đã có trong câu này.")
        if kind == ItemKind.COUNT and len(options) > 1:
            self._error(group[1], "option", "Câu «đếm» chỉ có một dòng: điểm của mỗi đơn vị.")
        if kind != ItemKind.RANGE:
            return
        known = len(self.errors)
        for row, option in zip(group, options, strict=True):
            if option.minimum is not None and option.maximum is not None and option.maximum < option.minimum:
                self._error(row, "maximum", "Số «đến» nhỏ hơn số «từ».")
        for earlier, later in overlaps(options):
            self._error(group[later], "minimum", f"Khoảng này chồng lên khoảng ở dòng {group[earlier].number}.")
        if len(self.errors) > known:
            return
        for lower, upper in gaps(options):
            told = f"Giữa khoảng này và khoảng ở dòng {group[lower].number} còn những số không thuộc khoảng nào."
            self._error(group[upper], "minimum", told)


def sheet_template() -> bytes:
    """The empty workbook: the headers, and a page that explains each column."""
    book = Workbook()
    page = book.active
    page.title = SHEET_TITLE
    page.append(list(HEADERS.values()))
    page.freeze_panes = "A2"
    help_page = book.create_sheet("Cách điền")
    help_page.append(["Cột", "Cách điền"])
    for row in EXPLAINED:
        help_page.append(list(row))
    for sheet, widths in ((page, (8, 20, 40, 14, 14, 40, 10, 10, 8, 18)), (help_page, (20, 100))):
        for at, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
