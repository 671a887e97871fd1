"""Figures as people write them in Vietnam: ``1.433`` is a thousand and more, ``0,36`` is a fraction.

Counts are stored, rates are computed here from counts: Decimal, half up, two decimals.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

HUNDREDTH = Decimal("0.01")
COUNT = re.compile(r"^[0-9]+$|^[0-9]{1,3}([. \u00a0\u202f])[0-9]{3}(\1[0-9]{3})*$")


class NotACount(ValueError):
    """The text is not a whole number; the message is a Vietnamese sentence for the person who typed it."""


def parse_count(text: str) -> int:
    """Whole number of zero or more: ``1433``, ``1.433``, ``1 433``. Raises NotACount."""
    typed = text.strip()
    if not COUNT.match(typed):
        raise NotACount(f"«{typed}»: {_why_no_count(typed)} Ghi 1433 hoặc 1.433.")
    return int(re.sub(r"\D", "", typed))


def _why_no_count(typed: str) -> str:
    if typed.startswith(("-", "−")):
        return "số đếm không được âm."
    if re.search("[0-9],[0-9]", typed):
        return "dấu phẩy là phần lẻ, ở đây chỉ ghi số nguyên."
    if re.match("[0-9.]+ ?[^0-9. ]", typed):
        return "chỉ ghi số, không ghi kèm chữ."
    return "không phải số nguyên."


def format_count(value: int | None) -> str:
    """``1433`` as ``1.433``; nothing for an unknown."""
    return "" if value is None else f"{value:,}".replace(",", ".")


def format_prose_count(value: int) -> str:
    """A count inside a sentence: below ten it carries a leading zero («02 hộ»)."""
    return f"{value:02d}" if 0 < value < 10 else format_count(value)


def rate(part: int | None, whole: int | None) -> Decimal | None:
    """``part`` of ``whole`` in percent, two decimals, half up; None when unknown or of nothing."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(HUNDREDTH, ROUND_HALF_UP)


def points(before: tuple[int, int], after: tuple[int, int]) -> Decimal | None:
    """Difference of two rates in percentage points, each given as (part, whole), rounded once at the end."""
    exact = exact_points(before, after)
    return None if exact is None else hundredths(exact)


def exact_points(before: tuple[int, int], after: tuple[int, int]) -> Fraction | None:
    """The same before rounding, for what is compared or subtracted further; None where a whole is nothing."""
    if not before[1] or not after[1]:
        return None
    return Fraction(100 * before[0], before[1]) - Fraction(100 * after[0], after[1])


def hundredths(exact: Fraction) -> Decimal:
    """Two decimals, half up, as people read a rate."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def format_rate(value: Decimal | None) -> str:
    """``Decimal("0.30")`` as ``0,30``; nothing for an unknown."""
    return "" if value is None else f"{value:.2f}".replace(".", ",")
