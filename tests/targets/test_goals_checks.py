"""What is wrong with goals, alone, beside the table and beside what is reported: pure functions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from povertyplan.core.findings import Severity
from targets.choices import Comparison
from targets.rules.figures import Figures
from targets.rules.goal_checks import Goal, check_goals, fall_of, known, planned, possible

AT_LEAST, AT_MOST = Comparison.AT_LEAST, Comparison.AT_MOST


TABLE = Figures(
    households=2497,
    poor_households=349,
    near_poor_households=426,
    poor_reduction=170,
    near_poor_reduction=349,
    expected_households=2538,
)


def a_goal(measure: str, value: str, comparison: str = AT_MOST, unit: str = "percent", **facts: Any) -> Goal:
    usual = {"text": "Chỉ tiêu", "anchor": "#goal-1", "scope": "unit", "lead": "Phòng Kinh tế"}
    return Goal(measure=measure, comparison=comparison, value=Decimal(value), unit=unit, **usual | facts)


@pytest.mark.parametrize(
    ("measure", "unit", "expected"),
    [
        ("poor_rate", "percent", Fraction(17900, 2538)),
        ("multidimensional_rate", "percent", Fraction(25600, 2538)),
        ("near_poor_fall", "households", Fraction(349)),
        ("poor_fall", "points", Fraction(34900, 2497) - Fraction(17900, 2538)),
        ("minority_poor_fall", "points", None),
        ("insured", "percent", None),
    ],
)
def test_the_table_plans_rates_and_falls(measure: str, unit: str, expected: Fraction | None) -> None:
    row = a_goal(measure, "1", unit=unit)
    assert planned(row, TABLE) == expected
    assert planned(row, Figures()) is None


def test_a_goal_that_the_table_misses_is_a_finding() -> None:
    goals = [
        a_goal("multidimensional_rate", "10.08"),
        a_goal("multidimensional_rate", "10.09"),
        a_goal("near_poor_fall", "349", AT_LEAST, "households"),
    ]

    (finding,) = check_goals(goals, TABLE)

    assert (finding.severity, finding.code) == (Severity.WARNING, "goal-against-table")
    assert finding.message == "Khác bảng chỉ tiêu: chỉ tiêu là không quá 10,08 %, còn bảng chỉ tiêu dự kiến 10,09 %."


def test_a_goal_that_nobody_leads_is_a_finding() -> None:
    (finding,) = check_goals([a_goal("insured", "100", lead="")], None)

    assert (finding.code, finding.anchor) == ("goal-no-lead", "#goal-1")


@pytest.mark.parametrize(
    ("measure", "unit", "value", "text", "expected"),
    [
        ("poor_fall", "households", "150", "Chỉ tiêu", "ít nhất 150 hộ, bảng dự kiến giảm 170 hộ"),
        ("near_poor_fall", "points", "14", "Chỉ tiêu", "ít nhất 14 điểm %, bảng dự kiến giảm 14,03 điểm %"),
        ("", "points", "20", "Mức giảm tỷ lệ nghèo đa chiều", "ít nhất 20 điểm %, bảng dự kiến giảm 20,95 điểm %"),
        ("", "households", "500", "Giảm số hộ nghèo đa chiều", "ít nhất 500 hộ, bảng dự kiến giảm 519 hộ"),
    ],
)
def test_a_fall_that_is_not_that_of_the_table_is_a_finding_though_the_table_reaches_it(
    measure: str, unit: str, value: str, text: str, expected: str
) -> None:
    (finding,) = check_goals([a_goal(measure, value, AT_LEAST, unit, text=text)], TABLE)

    assert (finding.severity, finding.code) == (Severity.WARNING, "goal-beside-table")
    assert finding.message == f"Khác bảng chỉ tiêu: ở đây ghi {expected}."


def test_a_fall_that_the_table_misses_is_called_another_than_the_table() -> None:
    (finding,) = check_goals([a_goal("poor_fall", "171", AT_LEAST, "households")], TABLE)

    assert finding.code == "goal-against-table"
    assert finding.message == ("Khác bảng chỉ tiêu: chỉ tiêu là ít nhất 171 hộ, còn bảng chỉ tiêu dự kiến 170 hộ.")


def test_while_no_reduction_is_typed_no_fall_is_compared() -> None:
    start = Figures(households=100, poor_households=20, near_poor_households=5)

    assert check_goals([a_goal("poor_fall", "2", AT_LEAST, unit) for unit in ("households", "points")], start) == ()


@pytest.mark.parametrize(
    ("text", "scope", "unit", "expected"),
    [
        ("Mức giảm tỷ lệ nghèo đa chiều", "unit", "points", "multidimensional"),
        ("Giảm ít nhất 0,63 điểm % tỷ lệ hộ nghèo đa chiều trong năm 2024.", "unit", "points", "multidimensional"),
        ("Hộ cận nghèo giảm 1.349 hộ", "unit", "households", "near_poor"),
        ("Giảm số hộ nghèo", "unit", "households", "poor"),
        ("Giảm số hộ nghèo", "poor", "households", None),
        ("Giảm tỷ lệ hộ nghèo", "unit", "percent", None),
        ("Giảm tỷ lệ hộ nghèo dân tộc thiểu số", "unit", "points", None),
        ("Hộ nghèo giảm thiếu hụt nước sạch", "unit", "households", None),
        ("Số hộ thoát nghèo", "unit", "households", None),
    ],
)
def test_a_typed_goal_says_in_words_of_whom_there_will_be_fewer(
    text: str, scope: str, unit: str, expected: str | None
) -> None:
    assert fall_of("", scope, unit, text) == expected


def test_a_goal_written_twice_is_a_finding_at_the_second() -> None:
    twice = [a_goal("insured", "95", AT_LEAST, anchor=f"#goal-{pk}") for pk in (1, 2)]
    others = [
        a_goal("insured", "95", AT_MOST),
        a_goal("insured", "96", AT_LEAST),
        a_goal("latrine", "95", AT_LEAST),
        a_goal("insured", "95", AT_LEAST, scope="poor"),
    ]
    typed = [a_goal("", "20", text=text, anchor=text) for text in ("Việc làm", "Học nghề", "việc  làm")]

    found = check_goals([*twice, *others, *typed], None)

    assert [(finding.code, finding.anchor) for finding in found] == [
        ("goal-twice", "#goal-2"),
        ("goal-twice", "việc  làm"),
    ]


def test_without_a_complete_table_what_would_be_compared_is_said_not_to_be() -> None:
    (finding,) = check_goals([a_goal("poor_rate", "10"), a_goal("insured", "95")], None)

    assert (finding.severity, finding.code) == (Severity.HINT, "goals-not-compared")
    assert check_goals([a_goal("insured", "95"), a_goal("minority_poor_fall", "3", unit="points")], None) == ()
    assert known([TABLE, Figures(households=3)], {}) is None
    assert known([], {}) is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"measure": "poor_fall", "unit": "households"}, "349 hộ nghèo đầu năm"),
        ({"measure": "poor_fall", "unit": "points"}, "13,98 % hộ nghèo đầu năm"),
        ({"measure": "", "unit": "households", "text": "Giảm hộ nghèo đa chiều"}, "775 hộ nghèo, hộ cận nghèo đầu năm"),
        ({"measure": "", "unit": "households"}, "2.538 hộ trong bảng chỉ tiêu"),
        ({"measure": "latrine", "unit": "percent", "scope": "listed"}, "2.538 hộ trong bảng chỉ tiêu"),
        ({"measure": "", "unit": "persons"}, "9.000 nhân khẩu trong bảng chỉ tiêu"),
        ({"measure": "insured", "unit": "percent"}, "9.000 nhân khẩu trong bảng chỉ tiêu"),
        ({"measure": "", "unit": "times"}, None),
        ({"measure": "", "unit": "percent"}, None),
        ({"measure": "minority_poor_fall", "unit": "points"}, None),
    ],
)
def test_the_table_limits_what_can_be_reached(facts: dict[str, str], words: str | None) -> None:
    limit = possible(a_goal(value="1", **facts), replace(TABLE, population=9000))

    assert (limit and limit.words) == words


def test_persons_that_only_some_places_state_limit_nothing() -> None:
    figures = known([TABLE, replace(TABLE, population=10)], {})

    assert figures
    assert possible(a_goal("", "1", unit="persons"), figures) is None


def test_a_result_larger_than_the_list_or_less_than_before_is_a_finding() -> None:
    def codes(**facts: Any) -> list[tuple[str, str]]:
        row = a_goal("latrine", "95", AT_LEAST, "households", **facts)
        return [(finding.code, finding.message) for finding in check_goals([row], TABLE)]

    assert codes(scope="poor", reported=Decimal(349), reported_before=Decimal(349)) == []
    assert codes(scope="poor", reported=Decimal(350)) == [
        ("goal-reported-too-many", "Kết quả 350 hộ, nhiều hơn 349 hộ nghèo đầu năm.")
    ]
    assert codes(scope="listed", reported=Decimal(1350), reported_before=Decimal(1400))[1:] == [
        ("goal-reported-less", "Kết quả cộng dồn 1.350 hộ, ít hơn 1.400 hộ của lần nhập trước.")
    ]


def test_minority_households_of_some_rows_limit_nothing_and_those_typed_for_the_unit_do() -> None:
    """One village of two says that 3 of its poor households are of a minority; the paper says 12 for the commune."""
    rows = [replace(TABLE, minority_poor_households=3), TABLE]
    goal = a_goal("minority_poor_fall", "5", AT_LEAST, unit="households")
    some, whole = known(rows, {"minority_poor_households": None}), known(rows, {"minority_poor_households": 12})
    assert some is not None
    assert whole is not None
    assert possible(goal, some) is None
    limit = possible(goal, whole)
    assert limit is not None
    assert limit.most == 12
