from decimal import Decimal
from fractions import Fraction

import pytest

from povertyplan.core.numbers import (
    NotACount,
    exact_points,
    format_count,
    format_prose_count,
    format_rate,
    parse_count,
    points,
    rate,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1433", 1433), ("1.433", 1433), (" 1 433 ", 1433), ("11.898.000", 11898000), ("0", 0), ("05", 5)],
)
def test_a_count_is_read_as_people_write_it(typed: str, value: int) -> None:
    assert parse_count(typed) == value


@pytest.mark.parametrize("typed", ["-1", "1,5", "1.43", "1.4333", "mười", "1.433 hộ", "", "1e3", "٣"])
def test_what_is_no_count_is_refused_in_words(typed: str) -> None:
    with pytest.raises(NotACount, match=r"(không được âm|dấu phẩy|chỉ ghi số|không phải số nguyên)"):
        parse_count(typed)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(11, 3022, "0.36"), (9, 3022, "0.30"), (12, 510, "2.35"), (1, 800, "0.13"), (0, 360, "0.00")],
)
def test_a_rate_has_two_decimals_half_up(part: int, whole: int, expected: str) -> None:
    assert rate(part, whole) == Decimal(expected)


@pytest.mark.parametrize(("part", "whole"), [(None, 10), (1, None), (1, 0)])
def test_a_rate_of_nothing_is_unknown(part: int | None, whole: int | None) -> None:
    assert rate(part, whole) is None


def test_points_are_rounded_once_from_counts() -> None:
    # 3,08 - 2,48 from rounded rates; 18/3022 itself is 0,5956…
    assert points((93, 3022), (75, 3022)) == Decimal("0.60")


def test_points_that_stand_on_the_half_are_not_lost_to_the_digits_of_two_divisions() -> None:
    # 10,001333… − 9,996333… is 0,005 exactly, which reads 0,01.
    assert points((7501, 75000), (29989, 300000)) == Decimal("0.01")


def test_an_exact_fall_is_kept_for_what_is_compared() -> None:
    assert exact_points((1, 3), (1, 6)) == Fraction(100, 6)
    assert exact_points((1, 0), (1, 6)) is None


def test_figures_are_written_the_vietnamese_way() -> None:
    assert (format_count(11898), format_count(None), format_rate(Decimal("0.30")), format_rate(None)) == (
        "11.898",
        "",
        "0,30",
        "",
    )


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (2, "02"), (9, "09"), (10, "10"), (1433, "1.433")])
def test_prose_gives_small_counts_a_leading_zero(value: int, text: str) -> None:
    assert format_prose_count(value) == text
