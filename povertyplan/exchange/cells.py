"""A workbook from outside: opened with care, its table found by the texts of its headers, every fault at its cell."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from povertyplan.core.text import clean, plain

MOST_BYTES, MOST_UNPACKED = 10_000_000, 200_000_000
HEADER_WITHIN, MOST_ROWS, MOST_COLUMNS = 20, 20_000, 100
# The two words that are names without their accents («Cống», «Cổng») count only with them.
TOTAL_WORDS = frozenset({"tổng", "cộng", "tong so", "tong cong", "toan xa", "toan huyen", "toan tinh"})


@dataclass(frozen=True, kw_only=True)
class CellError:
    """What is wrong in a cell of a workbook; ``cell`` is empty where it is about the sheet or the file."""

    sheet: str
    cell: str
    message: str

    @property
    def place(self) -> tuple[int, int]:
        """Row and column, to be listed as the sheet is read; what has no cell comes first."""
        return coordinate_to_tuple(self.cell) if self.cell else (0, 0)

    def __str__(self) -> str:
        return f"{self.cell}: {self.message}" if self.cell else self.message


class WorkbookRefused(ValueError):
    """Nothing was read; ``errors`` are all of them at once."""

    def __init__(self, errors: list[CellError]) -> None:
        self.errors = errors
        super().__init__("; ".join(str(error) for error in errors))


def refused(message: str, *, sheet: str = "") -> WorkbookRefused:
    return WorkbookRefused([CellError(sheet=sheet, cell="", message=message)])


def open_book(file: BinaryIO, *, most: int = MOST_BYTES, unpacked: int = MOST_UNPACKED, **options: Any) -> Any:
    """The workbook without links, values instead of formulas; WorkbookRefused when it is too big or none.

    ``options`` go to ``openpyxl.load_workbook``.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise refused(f"Tệp lớn hơn {most // 1_000_000} MB. Chỉ để lại trang cần nạp rồi nạp lại.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > unpacked:
                raise refused("Nội dung của tệp quá lớn so với một bảng số liệu.")
        return load_workbook(io.BytesIO(data), **{"read_only": True, "data_only": True, "keep_links": False, **options})
    except WorkbookRefused:
        raise
    except Exception as error:  # a broken workbook fails in many ways deep inside the reader
        raise refused("Không đọc được tệp. Lưu lại ở dạng Excel (.xlsx) rồi nạp lại.") from error


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """``number`` is Excel's own; ``values`` by the header as the kind spells it, as the cells hold them."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The table of a workbook. ``columns`` are the letters of the headers found; ``ignored`` headers nobody knows."""

    title: str
    columns: dict[str, str]
    ignored: tuple[str, ...] = ()
    rows: tuple[SheetRow, ...] = field(default=(), repr=False)

    def cell(self, row: int, header: str) -> str:
        """Address of a cell; of the first column for a header that the sheet does not have."""
        return f"{self.columns.get(header) or next(iter(self.columns.values()))}{row}"


def read_sheet(
    book: Any, *, headers: Sequence[str], required: Sequence[str], title: str, aliases: Mapping[str, str] | None = None
) -> Sheet:
    """The first sheet with all ``required`` headers, one called ``title`` before the others.

    ``aliases`` are other texts of a header. Rows without a single value and lines of totals are left out.
    Raises WorkbookRefused.
    """
    pages = sorted(book.worksheets, key=lambda page: plain(page.title) != plain(title))
    wanted = {plain(alias): name for alias, name in (aliases or {}).items()} | {plain(name): name for name in headers}
    best: list[str] = list(required)
    for page in pages:
        lines = [
            list(line)
            for line in page.iter_rows(max_row=MOST_ROWS + HEADER_WITHIN + 1, max_col=MOST_COLUMNS, values_only=True)
        ]
        place, found = max(
            ((place, _headers(line, wanted)) for place, line in enumerate(lines[:HEADER_WITHIN])),
            key=lambda one: len(one[1]),
            default=(0, {}),
        )
        absent = [name for name in required if name not in found]
        if not absent:
            return _sheet(page.title, lines, place, found)
        best = min(best, absent, key=len)
    raise refused(
        f"Không thấy bảng có đủ các cột. Thiếu cột: {', '.join(best)}. "
        "Dòng tiêu đề phải ghi đúng tên cột, trong 20 dòng đầu của trang."
    )


def formulas_without_value(book: Any, sheet: Sheet) -> list[CellError]:
    """Cells of the table whose formula no program has worked out: they would read as blank.

    ``book`` is the same workbook, opened for its formulas.
    """
    blank = {row.number: [name for name, value in row.values.items() if value is None] for row in sheet.rows}
    places = {name: column_index_from_string(letter) - 1 for name, letter in sheet.columns.items()}
    found = []
    # Both bounds are given, or the reader would believe what the file says of its own size.
    lines = book[sheet.title].iter_rows(max_row=max(blank, default=1), max_col=MOST_COLUMNS, values_only=True)
    for number, line in enumerate(lines, start=1):
        for name in blank.get(number, ()):
            value = line[places[name]] if places[name] < len(line) else None
            if isinstance(value, str) and value.startswith("="):
                message = "Công thức chưa có kết quả. Mở bằng Excel, lưu lại rồi nạp; hoặc ghi thẳng số."
                found.append(CellError(sheet=sheet.title, cell=sheet.cell(number, name), message=message))
    return found


def _headers(line: Iterable[Any], wanted: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, value in enumerate(line):
        name = wanted.get(plain(str(value)).strip(" *:")) if value is not None else None
        if name and name not in found:
            found[name] = at
    return found


def _sheet(title: str, lines: list[list[Any]], place: int, found: dict[str, int]) -> Sheet:
    first = min(found, key=lambda name: found[name])
    rows = []
    for number, line in enumerate(lines[place + 1 :], start=place + 2):
        values = {name: _value(line[at]) if at < len(line) else None for name, at in found.items()}
        if any(value is not None for value in values.values()) and not _is_total(line, values[first]):
            rows.append(SheetRow(number=number, values=values))
    if len(rows) > MOST_ROWS:
        raise refused(f"Bảng dài quá {MOST_ROWS} dòng.", sheet=title)
    known = set(found.values())
    ignored = [clean(str(value)) for at, value in enumerate(lines[place]) if value is not None and at not in known]
    return Sheet(
        title=title,
        columns={name: get_column_letter(at + 1) for name, at in found.items()},
        ignored=tuple(name for name in ignored if plain(name) not in {"tt", "stt"}),
        rows=tuple(rows),
    )


def _value(value: Any) -> Any:
    """Text is taken as typed but for blank cells; the widget of its column cleans it."""
    return None if isinstance(value, str) and not value.strip() else value


def _is_total(line: Sequence[Any], name: Any) -> bool:
    """«Tổng cộng» under the names, or in the column of numbers before an empty name."""
    texts = [name] if name is not None else [value for value in line if isinstance(value, str)][:1]
    words = {read(str(text)).strip(" :") for text in texts for read in (plain, _small)}
    return not words.isdisjoint(TOTAL_WORDS)


def _small(text: str) -> str:
    return clean(text).lower()
