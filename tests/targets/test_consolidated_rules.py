"""Lines of the consolidated table: who is missing, who is short, order and filters."""

from decimal import Decimal
from typing import Any

import pytest

from targets.choices import Meaning, PlanState, QuotaForm, QuotaIssuer, QuotaSubject
from targets.rules.consolidated import (
    ASSIGNED,
    COMPARISON,
    PLANNED,
    Cover,
    Line,
    TrendYear,
    alike,
    comparable,
    cover,
    filtered,
    ordered,
    total_values,
)
from targets.rules.figures import Figures
from targets.rules.quotas import QuotaLine

FIGURES = Figures(households=100, poor_households=20, poor_reduction=5, near_poor_households=10, near_poor_reduction=2)


def line(name: str = "Một", figures: Figures | None = FIGURES, **facts: Any) -> Line:
    return Line(pk=1, code="90001", name=name, kind="xã", order=name, figures=figures, **facts)


def quota(subject: QuotaSubject, households: int, meaning: Meaning = Meaning.NET) -> QuotaLine:
    return QuotaLine(
        issuer=QuotaIssuer.PROVINCE,
        subject=subject,
        form=QuotaForm.HOUSEHOLDS,
        meaning=meaning,
        households=households,
    )


def values(columns: Any, lines: list[Line]) -> dict[str, Any]:
    return {column.key: value for column, value in zip(columns, total_values(columns, lines), strict=True)}


@pytest.mark.parametrize(
    ("state", "number", "missing", "adjusting"),
    [
        ("", None, True, False),
        (PlanState.DRAFT, None, True, False),
        (PlanState.RETURNED, None, True, False),
        (PlanState.SUBMITTED, None, False, False),
        (PlanState.FORWARDED, None, False, False),
        (PlanState.APPROVED, 1, False, False),
        (PlanState.DRAFT, 1, False, True),
        (PlanState.SUBMITTED, 1, False, True),
    ],
)
def test_missing_is_who_has_submitted_nothing(state: str, number: int | None, missing: bool, adjusting: bool) -> None:
    one = line(state=state, number=number)
    assert (one.is_missing, one.is_adjusting) == (missing, adjusting)


def test_a_plan_is_short_of_any_subject_that_it_reduces() -> None:
    one = line(
        quotas=(
            quota(QuotaSubject.POOR, 5),
            quota(QuotaSubject.MULTIDIMENSIONAL, 8),
        )
    )
    assert (one.beyond(QuotaSubject.POOR), one.beyond(QuotaSubject.MULTIDIMENSIONAL)) == (0, -1)
    assert one.missed == (QuotaSubject.MULTIDIMENSIONAL,)


def test_a_gross_quota_is_compared_by_the_net_reduction_that_it_asks_for() -> None:
    """Seven escapes with three expected to become poor are a net reduction of four."""
    figures = Figures(households=100, poor_households=20, poor_reduction=5, poor_increase=3)
    one = line(figures=figures, quotas=(quota(QuotaSubject.POOR, 7, Meaning.GROSS),))
    assert (one.asked_of(QuotaSubject.POOR), one.beyond(QuotaSubject.POOR)) == (4, 1)


def test_without_a_plan_nobody_is_short_and_minorities_are_not_compared() -> None:
    assert line(figures=None, quotas=(quota(QuotaSubject.POOR, 5),)).missed == ()
    minority = line(quotas=(quota(QuotaSubject.MINORITY_POOR, 5),))
    assert (minority.asked_of(QuotaSubject.MINORITY_POOR), minority.missed) == (5, ())


def test_what_is_asked_adds_up_over_the_units_of_which_something_is_asked() -> None:
    lines = [
        line(quotas=(quota(QuotaSubject.POOR, 7),)),
        line("Hai"),
        line("Ba", None, quotas=(quota(QuotaSubject.POOR, 3),)),
    ]
    sums = values(ASSIGNED, lines)
    assert (sums["poor_reduction"], sums["poor_asked"], sums["poor_beyond"]) == (10, 10, -2)


def test_years_are_compared_over_the_units_that_have_both() -> None:
    before = Figures(households=50, poor_households=15)
    lines = [line(before=before), line("Hai"), line("Ba", None, before=before)]
    sums = values(COMPARISON, comparable(lines))
    assert (sums["poor_households_before"], sums["poor_households"]) == (15, 20)
    assert (sums["poor_households_change"], sums["poor_rate_change"]) == (5, Decimal("-10.00"))


def test_the_sum_of_no_figures_is_unknown_not_zero() -> None:
    assert set(values(PLANNED, [line(figures=None)]).values()) == {None}


def test_equal_figures_stand_in_the_order_of_names_both_ways() -> None:
    lines = [line("B"), line("A"), line("C", None)]
    for key in ("poor_households", "-poor_households"):
        assert [one.name for one in ordered(lines, PLANNED, key)] == ["A", "B", "C"]


def test_filters_hold_together() -> None:
    lines = [line("Đak Pơ", above="huyện Đông"), line("Đak Đoa", above="huyện Tây"), line("An Khê", above="huyện Đông")]
    assert [one.name for one in filtered(lines, words="dak", above="huyện Đông")] == ["Đak Pơ"]
    assert [one.name for one in filtered(lines, words="90001 khe")] == ["An Khê"]
    assert filtered(lines, is_short=True) == []


def test_a_unit_with_a_village_that_lacks_its_start_has_no_rates_and_is_not_added() -> None:
    half = line("Nửa", incomplete=1, before=FIGURES)
    columns = {column.key: column.value(half) for column in (*PLANNED, *COMPARISON)}
    assert (columns["poor_households"], columns["poor_rate"], columns["poor_end_rate"]) == (20, None, None)
    assert (columns["poor_households_change"], columns["poor_rate_change"]) == (None, None)
    assert values(PLANNED, [half, line()]) == values(PLANNED, [line()])
    assert comparable([half]) == []


def test_a_sum_says_over_how_many_units_it_goes_and_what_was_not_submitted() -> None:
    lines = [line(state=PlanState.APPROVED, number=1), line("Hai", state=PlanState.DRAFT), line("Ba", None)]
    assert cover(lines, whole=3) == Cover(units=2, whole=3, unsent=1)
    assert not cover(lines, whole=3).is_whole


def trend_year(year: int, units: set[int], whole: set[int]) -> TrendYear:
    return TrendYear(year=year, units=frozenset(units), unsent=0, whole=frozenset(whole), figures=FIGURES)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([{1, 2}, {3}, {3}], [2025, 2026]),  # the same part of the area
        ([{1}, {2}, {3}], [2026]),  # different communes: nothing to compare
        ([{1, 2}, {1}, {1, 2}], [2024, 2026]),  # the whole area
        ([{1, 2}, {1, 2}, {1}], [2024, 2025]),
        ([], []),
    ],
)
def test_years_are_alike_when_they_cover_the_same_units(units: list[set[int]], expected: list[int]) -> None:
    years = [trend_year(2024 + number, found, {1, 2}) for number, found in enumerate(units)]
    assert [row.year for row in alike(years)] == expected


def test_a_merger_keeps_a_whole_area_whole() -> None:
    years = [trend_year(2024, {1, 2}, {1, 2}), trend_year(2026, {3}, {3})]
    assert [row.year for row in alike(years)] == [2024, 2026]
