"""Points of a sheet and the outcome of Phiếu A. The sheets are invented: no real one ships."""

from decimal import Decimal
from typing import Any

import pytest

from households.choices import ItemKind, ScreenResult
from households.rules.scoring import SheetItem, SheetOption, overlaps, screen, total


def option(code: str, points: int = 0, **fields: Any) -> SheetOption:
    return SheetOption(code=code, label=f"Phương án {code}", points=points, **fields)


def item(code: str, kind: str, *options: SheetOption) -> SheetItem:
    return SheetItem(code=code, label=f"Câu {code}", kind=kind, options=options)


ROOF = item("1", ItemKind.SINGLE, option("A", 5), option("B", -3))
THINGS = item("2", ItemKind.MULTI, option("A", 10), option("B", 20), option("C", 1))
COWS = item("3", ItemKind.COUNT, option("A", 4, maximum=Decimal(5)))
LAND = item(
    "4",
    ItemKind.RANGE,
    option("A", 0, maximum=Decimal("0.5")),
    option("B", 7, minimum=Decimal("0.51"), maximum=Decimal(10)),
    option("C", 9, minimum=Decimal(11)),
)
SHEET = (ROOF, THINGS, COWS, LAND)


def test_points_are_added() -> None:
    result = total(SHEET, {"1": "B", "2": ["A", "B"], "3": Decimal(2), "4": Decimal("0.51")})
    assert (result.points, result.is_complete) == (-3 + 30 + 8 + 7, True)
    assert [(line.item, line.option, line.points) for line in result.lines] == [
        ("1", "B", -3),
        ("2", "A", 10),
        ("2", "B", 20),
        ("3", "A", 8),
        ("4", "B", 7),
    ]


@pytest.mark.parametrize(("counted", "points"), [(0, 0), (5, 20), (6, 20), (1000, 20)])
def test_a_count_stops_at_its_most(counted: int, points: int) -> None:
    assert total([COWS], {"3": counted}).points == points


@pytest.mark.parametrize(("size", "points"), [("0", 0), ("0.5", 0), ("0.51", 7), ("10", 7), ("11", 9), ("999", 9)])
def test_both_ends_of_a_range_belong_to_it(size: str, points: int) -> None:
    assert total([LAND], {"4": Decimal(size)}).points == points


def test_a_question_of_several_answers_may_have_none() -> None:
    assert total([THINGS], {}).is_complete
    assert total([THINGS], {"2": ["A", "A"]}).points == 10


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Câu 1 Câu 1: chưa trả lời."),
        ({"1": "X"}, "không có phương án «X»"),
        ({"1": ""}, "chưa trả lời"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named(answers: dict[str, Any], said: str) -> None:
    result = total([ROOF], answers)
    assert not result.is_complete
    assert said in result.missing[0]


@pytest.mark.parametrize(
    ("sheet_item", "given", "said"),
    [
        (COWS, Decimal("1.5"), "số nguyên"),
        (COWS, Decimal(-1), "số nguyên"),
        (COWS, "ba", "trả lời bằng số"),
        (LAND, Decimal("10.5"), "10,5 không thuộc khoảng nào"),
        (LAND, "A", "trả lời bằng số"),
    ],
)
def test_numbers_that_do_not_fit(sheet_item: SheetItem, given: Any, said: str) -> None:
    assert said in total([sheet_item], {sheet_item.code: given}).missing[0]


CAR = item("1", ItemKind.SINGLE, option("C", outcome=ScreenResult.STOP), option("K"))
SHOP = item("2", ItemKind.SINGLE, option("C", outcome=ScreenResult.STOP), option("K"))


def test_one_answer_that_stops_is_enough() -> None:
    found = screen((CAR, SHOP), {"1": "C"})
    assert found is not None
    assert (found.result, found.reason) == (ScreenResult.STOP, "Dừng vì: Câu 1.")


def test_the_review_goes_on_when_nothing_stops() -> None:
    found = screen((CAR, SHOP), {"1": "K", "2": "K"})
    assert found is not None
    assert found.result == ScreenResult.CONTINUE


def test_open_questions_leave_phieu_a_open() -> None:
    assert screen((CAR, SHOP), {"1": "K"}) is None


def test_overlapping_ranges_are_found() -> None:
    assert overlaps(LAND.options) == []
    assert overlaps((option("A", maximum=Decimal(5)), option("B", minimum=Decimal(5)))) == [(0, 1)]
    assert overlaps((option("A"), option("B", minimum=Decimal(5), maximum=Decimal(6)))) == [(0, 1)]
