"""The arithmetic of the table on the two real tables and on any counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.layouts import STANDARD, TWO_BLOCKS
from targets.rules.figures import Figures, table_total, total
from targets.tables import heads

# Counts of xã Đại Lãnh's table of 2024: households, population, poor, near-poor, reductions.
DAI_LANH = {
    "Đông Nam": (360, 1433, 0, 6, 0, 1),
    "Đông Bắc": (426, 1639, 3, 8, 1, 2),
    "Tây Bắc 1": (485, 1975, 2, 19, 1, 5),
    "Tây Bắc 2": (551, 2117, 1, 14, 0, 2),
    "Tây Nam 1": (690, 2794, 0, 20, 0, 3),
    "Tây Nam 2": (510, 1940, 5, 15, 0, 3),
}
# Its printed cells, columns 1-14, with the arithmetic where the paper misprints: 12 of the total (paper 0,29), 14 of
# Tây Nam 2 (paper 2,16).
PRINTED = {
    "Đông Nam": "360 1433 0 0.00 6 1.67 0 0.00 1 0.28 0 0.00 5 1.39",
    "Đông Bắc": "426 1639 3 0.70 8 1.88 1 0.23 2 0.47 2 0.47 6 1.41",
    "Tây Bắc 1": "485 1975 2 0.41 19 3.92 1 0.21 5 1.03 1 0.21 14 2.89",
    "Tây Bắc 2": "551 2117 1 0.18 14 2.54 0 0.00 2 0.36 1 0.18 12 2.18",
    "Tây Nam 1": "690 2794 0 0.00 20 2.90 0 0.00 3 0.43 0 0.00 17 2.46",
    "Tây Nam 2": "510 1940 5 0.98 15 2.94 0 0.00 3 0.59 5 0.98 12 2.35",
    "Tổng cộng": "3022 11898 11 0.36 82 2.71 2 0.07 16 0.53 9 0.30 66 2.18",
}
ORDER = ("households", "population", "poor_households", "near_poor_households", "poor_reduction", "near_poor_reduction")
VILLAGES = {name: Figures(**dict(zip(ORDER, counts, strict=True))) for name, counts in DAI_LANH.items()}


@pytest.mark.parametrize("name", PRINTED)
def test_every_cell_of_the_real_table_follows_from_its_counts(name: str) -> None:
    figures = VILLAGES.get(name) or total(VILLAGES.values())
    assert [str(column.value(figures)) for column in STANDARD] == PRINTED[name].split()


def test_the_combined_reduction_comes_from_counts() -> None:
    """The paper prints 0,63; two rounded rates would give 0,60 or 0,61; 18 of 3.022 households is 0,60."""
    assert total(VILLAGES.values()).multidimensional_points == Decimal("0.60")


def test_end_rates_outside_the_layout_stand_over_expected_households() -> None:
    figures = Figures(households=475, poor_households=58, poor_reduction=23, expected_households=483)
    assert (figures.poor_end, figures.poor_end_rate, figures.poor_end_rate_on_start) == (
        35, Decimal("7.25"), Decimal("7.37"),
    )  # fmt: skip


def test_expected_households_default_to_those_of_the_start_in_the_total() -> None:
    rows = [Figures(households=100, expected_households=110), Figures(households=50)]
    assert total(rows).expected_households == 160


def test_a_total_makes_no_rate_of_some_villages_over_others() -> None:
    """The end rate stands again where the households of the end are known for all."""
    whole = Figures(households=100, poor_households=10, near_poor_households=5, poor_reduction=2, minority_households=9)
    lacking = Figures(poor_households=3, near_poor_households=8, expected_households=60, minority_poor_households=1)
    sums = table_total([whole, lacking])
    assert (sums.poor_households, sums.poor_end, sums.households) == (13, 11, 100)
    assert (sums.poor_rate, sums.multidimensional_rate, sums.poor_points, sums.minority_poor_rate) == (None,) * 4
    assert (sums.poor_reduction_rate, sums.poor_end_rate_on_start, sums.multidimensional_points) == (None,) * 3
    assert sums.poor_end_rate == Decimal("6.88")
    assert table_total([whole, Figures(households=60, poor_households=0)]).near_poor_rate is None


def test_a_reduction_that_is_not_typed_yet_is_none() -> None:
    rows = [Figures(households=100, poor_households=10, poor_reduction=2), Figures(households=100, poor_households=1)]
    sums = table_total(rows)
    assert (sums.poor_reduction_rate, sums.poor_end_rate, sums.poor_points) == (
        Decimal("1.00"), Decimal("4.50"), Decimal("1.00"),
    )  # fmt: skip


def test_points_differ_from_two_rounded_rates_or_do_not() -> None:
    """Of 197 households: 10,15 % less 9,14 % are 1,01; two households are 1,02 points."""
    assert not Figures(households=100, poor_households=10, poor_reduction=1).has_rounded_points
    assert Figures(households=197, poor_households=20, poor_reduction=2).has_rounded_points
    assert not Figures(households=197).has_rounded_points


def test_unknown_is_not_zero() -> None:
    empty = Figures()
    assert {column.value(empty) for column in STANDARD} == {None}
    assert total([empty, empty]) == empty


def test_the_header_of_the_layout_groups_its_columns() -> None:
    upper, lower = heads(STANDARD)
    assert [head.columns for head in upper] == [2] * 7
    assert len(lower) == 14
    assert [[head.columns for head in row] for row in heads(TWO_BLOCKS)] == [[6, 8], [1, 2, 1, 2, *[1] * 6, 2], [1] * 6]


counts = st.integers(min_value=0, max_value=50_000)


@st.composite
def villages(draw: st.DrawFn) -> Figures:
    poor, near = draw(counts), draw(counts)
    return Figures(
        households=poor + near + draw(counts),
        poor_households=poor,
        near_poor_households=near,
        poor_reduction=draw(st.integers(0, poor)),
        near_poor_reduction=draw(st.integers(0, near)),
    )


@given(st.lists(villages(), min_size=1, max_size=30))
def test_totals_add_up_and_ends_are_starts_less_reductions(rows: list[Figures]) -> None:
    sums = total(rows)
    assert sums.poor_end == sum(row.poor_end or 0 for row in rows)
    assert sums.listed_end == (sums.listed or 0) - (sums.poor_reduction or 0) - (sums.near_poor_reduction or 0)
    if sums.multidimensional_points is not None:
        assert sums.multidimensional_points >= 0


def test_a_count_known_for_the_unit_whole_makes_its_rate_whatever_the_rows_know() -> None:
    """Two villages of three say how many households are of a minority; the paper states 80, of which 20 are poor."""
    rows = [Figures(minority_households=count, minority_poor_households=count) for count in (10, 30, None)]
    assert table_total(rows).minority_poor_rate is None
    known = table_total(rows, {"minority_households": 80, "minority_poor_households": 20})
    assert known.minority_poor_rate == Decimal("25.00")
    assert table_total(rows, {"minority_households": 80, "minority_poor_households": None}).minority_poor_rate is None
