"""The comparison of plan and result: counts and points, in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.rules.results import Counted, Part
from targets.choices import Period
from targets.rules.results import Change, Listing, Verdict, sentence, together, verdict


def listing(planned: int | None, start: int | None, end: int | None, **more: object) -> Listing:
    return Listing(planned=planned, result=Change(start=start, end=end, whole=100, whole_end=110), **more)


@pytest.mark.parametrize(
    ("planned", "end", "expected", "said"),
    [
        (3, 7, Verdict.MET, "Đạt: giảm 3 hộ, đúng kế hoạch 3 hộ."),
        (3, 5, Verdict.EXCEEDED, "Vượt 2 hộ: giảm 5 hộ, kế hoạch 3 hộ."),
        (3, 8, Verdict.SHORT, "Chưa đạt, còn thiếu 1 hộ so với kế hoạch: giảm 2 hộ, kế hoạch 3 hộ."),
        (3, 12, Verdict.SHORT, "Chưa đạt, còn thiếu 5 hộ so với kế hoạch: tăng 2 hộ, kế hoạch 3 hộ."),
        (0, 10, Verdict.MET, "Đạt: không giảm, đúng kế hoạch 0 hộ."),
        (None, 8, Verdict.OPEN, "giảm 2 hộ; chưa có kế hoạch."),
        (3, None, Verdict.OPEN, "Chưa có kết quả được công nhận."),
    ],
)
def test_at_the_end_of_the_year(planned: int | None, end: int | None, expected: Verdict, said: str) -> None:
    row = listing(planned, 10, end)
    assert verdict(row, period=Period.YEAR, is_final=True) is expected
    assert sentence(row, period=Period.YEAR, is_final=True) == said


def test_before_the_end_of_the_year_nothing_is_missed_yet() -> None:
    row = listing(3, 10, 8)
    assert verdict(row, period=Period.HALF, is_final=True) is Verdict.OPEN
    said = "Giảm 2 hộ, kế hoạch 3 hộ cả năm, còn thiếu 1 hộ so với kế hoạch."
    assert sentence(row, period=Period.HALF, is_final=True) == said
    assert sentence(row, period=Period.YEAR, is_final=False) == f"Sơ bộ: {said}"


def test_the_fall_in_points_is_rounded_once() -> None:
    """The rounded rates 3,33 and 3,23 of 1/30 and 1/31 would give 0,10, the rounded falls 3,33 and 0,11 give 3,22."""
    assert Change(start=1, whole=30, end=1, whole_end=31).points == Decimal("0.11")
    row = Listing(
        plan=Change(start=1, whole=30, end=1, whole_end=31), result=Change(start=1, whole=30, end=0, whole_end=31)
    )
    assert row.points_difference == Decimal("3.23")


@pytest.mark.parametrize(
    ("whole", "whole_end", "contradict"),
    [(100, 110, False), (100, 111, True), (100, 90, False), (100, 89, True), (59, 148, True), (None, 148, False)],
)
def test_rates_over_totals_that_a_year_does_not_explain_are_not_subtracted(
    whole: int | None, whole_end: int, *, contradict: bool
) -> None:
    """14 of 59 and 12 of 148 are no fall of 15,62 points; what fell is still counted."""
    plan = Change(start=14, whole=100, end=12, whole_end=100)
    row = Listing(planned=3, plan=plan, result=Change(start=14, whole=whole, end=12, whole_end=whole_end))
    assert row.result.has_two_totals is contradict
    is_known = whole is not None and not contradict
    assert [value is not None for value in (row.result.points, row.points_difference)] == [is_known] * 2
    assert (row.reached, row.difference) == (2, -1)


def test_points_are_unknown_while_a_count_is() -> None:
    assert Change(start=1, whole=3, end=1).points is None
    assert Change(start=1, whole=0, end=1, whole_end=0).points is None
    assert Listing().points_difference is None


def test_the_unit_is_summed_from_counts_and_no_rate_is_averaged() -> None:
    """50 % of 2 and 10 % of 100 are 10,78 % of all, not 30 %."""
    small = Listing(planned=1, result=Change(start=1, whole=2, end=0, whole_end=2), registered=1)
    large = Listing(planned=2, result=Change(start=10, whole=100, end=10, whole_end=100), registered=None)
    unit = together([small, large])
    assert (unit.planned, unit.registered, unit.reached) == (3, 1, 1)
    assert unit.result.points == Decimal("0.98")


def test_a_village_without_its_list_leaves_the_unit_unknown() -> None:
    assert together([listing(1, 5, 4), listing(1, 5, None)]).reached is None
    assert together([]).reached is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_reductions_of_villages_add_up_to_that_of_the_unit(rows: list[tuple[int, int]]) -> None:
    listings = [
        listing(1, start, end, counted=Counted(parts={Part.START: start, Part.END: end})) for start, end in rows
    ]
    unit = together(listings)
    assert unit.reached == sum(start - end for start, end in rows)
    assert unit.counted is not None
    assert unit.counted.net_reduction == unit.reached
