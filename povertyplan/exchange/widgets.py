"""How a cell of a column is read and written; ValueError is the sentence for its cell."""

import datetime
from typing import Any

from import_export.widgets import Widget
from openpyxl.cell.cell import ERROR_CODES

from povertyplan.core.numbers import NotACount, parse_count
from povertyplan.core.text import clean, legacy_encoding, plain


def refuse_excel_error(value: Any) -> None:
    """A cell whose formula went wrong holds the name of the fault as its value."""
    if value in ERROR_CODES:
        raise ValueError(f"Công thức trong ô bị lỗi {value}. Sửa công thức hoặc ghi thẳng vào ô.")


class TextWidget(Widget):
    """One line of Unicode text; a whole number that Excel made of it stays without «.0»."""

    def __init__(self, *, most: int = 300) -> None:
        super().__init__()
        self.most = most

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        refuse_excel_error(value)
        if isinstance(value, datetime.date | datetime.time):
            raise ValueError("Excel đã đổi chữ này thành ngày giờ. Đặt ô ở dạng Text rồi gõ lại.")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else clean(str(value))
        if encoding := legacy_encoding(text):
            raise ValueError(f"Chữ gõ bằng bảng mã {encoding}, không phải Unicode.")
        if len(text) > self.most:
            raise ValueError(f"Dài quá {self.most} ký tự.")
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""


class CountWidget(Widget):
    """A whole number of zero or more, as a number or as people write it; blank is unknown."""

    def __init__(self, *, most: int = 1_000_000) -> None:
        super().__init__()
        self.most = most

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        refuse_excel_error(value)
        if value is None or (isinstance(value, str) and not clean(value)):
            return None
        number = self._number(value)
        if number > self.most:
            raise ValueError(f"«{clean(str(value))}» lớn quá mức có thể.")
        return number

    def _number(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(f"«{value}» không phải số nguyên. Ghi 1433 hoặc 1.433.")
        if isinstance(value, float):
            value = str(int(value)) if value.is_integer() else str(value).replace(".", ",")
        try:
            return parse_count(str(value))
        except NotACount as error:
            raise ValueError(str(error)) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> int | None:
        return value


class ChoiceWidget(Widget):
    """One of a few words, told apart without accents or capitals; blank is unknown."""

    def __init__(self, choices: dict[Any, str]) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        refuse_excel_error(value)
        text = "" if value is None else clean(str(value))
        if not text:
            return None
        for key, label in self.choices.items():
            if plain(label) == plain(text):
                return key
        raise ValueError(f"«{text}»: ghi {' hoặc '.join(self.choices.values())}.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.choices.get(value, "")
