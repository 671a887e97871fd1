"""Goals in words and their verdict: pure functions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.choices import Comparison, GoalScope, GoalUnit, Measure
from targets.rules.goals import (
    Bounds,
    Verdict,
    exactly,
    said,
    scopes_of,
    sentence,
    share_bounds,
    target_words,
    units_of,
    verdict,
)

AT_LEAST, MORE_THAN, AT_MOST, EXACTLY = (
    Comparison.AT_LEAST,
    Comparison.MORE_THAN,
    Comparison.AT_MOST,
    Comparison.EXACTLY,
)
COMPARISONS = list(Comparison)


@pytest.mark.parametrize(
    ("measure", "scope", "unit", "comparison", "value", "expected"),
    [
        ("insured", "listed", "percent", AT_LEAST, 100, "100 % người thuộc hộ nghèo, hộ cận nghèo có bảo hiểm y tế"),
        ("latrine", "listed", "percent", AT_LEAST, 95, "Ít nhất 95 % hộ nghèo, hộ cận nghèo có nhà tiêu hợp vệ sinh"),
        (
            "schooling",
            "listed",
            "percent",
            EXACTLY,
            100,
            "100 % trẻ em thuộc hộ nghèo, hộ cận nghèo đi học đúng độ tuổi",
        ),
        ("minority_poor_fall", "unit", "points", MORE_THAN, 3, "Tỷ lệ hộ nghèo dân tộc thiểu số giảm trên 3 điểm %"),
        ("party_member", "near_poor", "households", EXACTLY, 0, "Không còn hộ cận nghèo có đảng viên"),
        ("party_member", "poor", "households", AT_MOST, 2, "Không quá 2 hộ nghèo có đảng viên"),
        ("poor_rate", "unit", "percent", AT_MOST, "11.91", "Tỷ lệ hộ nghèo cuối năm không quá 11,91 %"),
        ("near_poor_fall", "unit", "households", AT_LEAST, 1349, "Hộ cận nghèo giảm ít nhất 1.349 hộ"),
        ("insured", "poor", "persons", AT_LEAST, 20, "Ít nhất 20 người thuộc hộ nghèo có bảo hiểm y tế"),
        ("", "listed", "persons", AT_LEAST, 20, ""),
    ],
)
def test_a_goal_says_in_words_what_its_parts_say(
    measure: str, scope: str, unit: str, comparison: str, value: int | str, expected: str
) -> None:
    assert sentence(measure=measure, scope=scope, unit=unit, comparison=comparison, value=Decimal(value)) == expected


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("comparison", Comparison)
def test_every_measure_makes_a_sentence_in_every_unit_and_scope_it_has(
    measure: Measure, comparison: Comparison
) -> None:
    for unit in units_of(measure):
        for scope in scopes_of(measure):
            text = sentence(measure=measure, scope=scope, unit=unit, comparison=comparison, value=Decimal("7.5"))
            assert not text[0].islower()
            assert "7,5" in text
            assert len(text) <= 300


def test_a_goal_without_a_measure_has_any_unit_and_scope() -> None:
    assert units_of("") == tuple(GoalUnit)
    assert scopes_of("") == tuple(GoalScope)
    assert target_words(AT_LEAST, Decimal(3), "times") == "ít nhất 3 lần"


@pytest.mark.parametrize(
    ("comparison", "value", "figure", "expected"),
    [
        (AT_LEAST, 95, Fraction(95), Verdict.REACHED),
        (AT_LEAST, 95, Fraction(94994, 1000), Verdict.MISSED),
        (MORE_THAN, 3, Fraction(3), Verdict.MISSED),
        (MORE_THAN, 3, Fraction(301, 100), Verdict.REACHED),
        (AT_MOST, "11.91", Fraction(11914, 1000), Verdict.REACHED),
        (AT_MOST, "11.91", Fraction(11915, 1000), Verdict.MISSED),
        (EXACTLY, "10.09", Fraction(256 * 100, 2538), Verdict.REACHED),
        (EXACTLY, 0, Fraction(0), Verdict.REACHED),
        (EXACTLY, 0, Fraction(1), Verdict.MISSED),
    ],
)
def test_a_figure_is_compared_as_it_is_read(
    comparison: str, value: int | str, figure: Fraction, expected: Verdict
) -> None:
    assert verdict(comparison, Decimal(value), exactly(figure)) is expected


def test_one_of_thirty_thousand_is_not_everybody() -> None:
    """99,997 % is read as 100,00 %, but somebody is missing."""
    bounds = share_bounds(part=29_999, whole=30_000, unknown=0, unit="percent")

    assert verdict(AT_LEAST, Decimal(100), bounds) is Verdict.MISSED


def test_what_is_unknown_leaves_a_goal_open_only_where_it_could_decide() -> None:
    def judged(part: int, unknown: int) -> Verdict:
        return verdict(AT_LEAST, Decimal(95), share_bounds(part=part, whole=100, unknown=unknown, unit="percent"))

    assert judged(95, 5) is Verdict.REACHED
    assert judged(93, 3) is Verdict.OPEN
    assert judged(90, 3) is Verdict.MISSED
    assert verdict(AT_LEAST, Decimal(95), None) is Verdict.OPEN
    assert share_bounds(part=0, whole=0, unknown=0, unit="percent") is None


@given(
    st.sampled_from(COMPARISONS),
    st.integers(0, 100),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_a_verdict_stands_however_the_unknown_turns_out(
    comparison: str, value: int, part: int, unknown: int, rest: int
) -> None:
    whole = part + unknown + rest
    bounds = share_bounds(part=part, whole=whole, unknown=unknown, unit="percent")
    judged = verdict(comparison, Decimal(value), bounds)
    if whole:
        possible = {
            verdict(comparison, Decimal(value), exactly(Fraction((part + more) * 100, whole)))
            for more in range(unknown + 1)
        }
        assert judged is Verdict.OPEN or possible == {judged}


@given(st.sampled_from(COMPARISONS), st.integers(0, 40), st.integers(0, 40))
def test_a_known_figure_is_never_open(comparison: str, value: int, part: int) -> None:
    bounds = share_bounds(part=part, whole=40, unknown=0, unit="households")

    assert verdict(comparison, Decimal(value), bounds) is not Verdict.OPEN


def test_an_exact_figure_is_rounded_where_it_is_said() -> None:
    assert said(Fraction(100, 6), "points") == "16,67 điểm %"
    assert said(Fraction(1349), "households") == "1.349 hộ"


def test_bounds_of_a_count_are_counts() -> None:
    assert share_bounds(part=2, whole=9, unknown=3, unit="households") == Bounds(low=Fraction(2), high=Fraction(5))
