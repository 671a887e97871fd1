"""One transition for each household of either list (Thông tư 07/2021, Mẫu 7.2 and 7.3; glossary)."""

import datetime

import pytest

from households.choices import Category, ReviewState, Transition
from households.rules.transitions import NOT_REVIEWED, Presence, carried, decide, standing
from households.selectors.escaped import months_before

POOR, NEAR, NOT = Category.POOR, Category.NEAR_POOR, Category.NOT_POOR


@pytest.mark.parametrize(
    ("before", "now", "transition"),
    [
        (POOR, POOR, "remained_poor"),
        (POOR, NEAR, "poor_to_near_poor"),
        (POOR, NOT, "poor_to_above"),
        (NEAR, POOR, "near_poor_to_poor"),
        (NEAR, NEAR, "remained_near_poor"),
        (NEAR, NOT, "escaped_near_poverty"),
        ("", POOR, "newly_poor"),
        ("", NEAR, "newly_near_poor"),
        ("", NOT, ""),
    ],
)
def test_category_before_and_now_decide(before: str, now: str, transition: str) -> None:
    fate = decide(before=before, now=standing(ReviewState.SURVEYED, now))
    assert (fate.category, fate.transition) == (now, transition)


@pytest.mark.parametrize(
    ("now", "was_poor", "was_near_poor", "transition"),
    [
        (POOR, True, False, "fell_back"),
        (POOR, False, True, "newly_poor"),
        (NEAR, False, True, "fell_back_near_poor"),
        (NEAR, True, False, "fell_back_near_poor"),
    ],
)
def test_who_was_listed_before_falls_back(now: str, was_poor: bool, was_near_poor: bool, transition: str) -> None:
    fate = decide(before="", now=standing(ReviewState.SURVEYED, now), was_poor=was_poor, was_near_poor=was_near_poor)
    assert fate.transition == transition


def test_an_arrival_goes_before_falling_back() -> None:
    fate = decide(before="", now=standing("surveyed", POOR), arrival="tách từ hộ nghèo", was_poor=True)
    assert (fate.transition, fate.reason) == (Transition.OTHER_INCREASE, "tách từ hộ nghèo")


def test_an_arrival_that_is_not_poor_is_in_no_list() -> None:
    assert decide(before="", now=standing("surveyed", NOT), arrival="chuyển đến").transition == ""


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (standing("surveyed", POOR, gone="chuyển khỏi địa bàn"), "chuyển khỏi địa bàn"),
        (standing("dropped", "", dropped="trùng hộ"), "trùng hộ"),
        (standing("dropped", ""), NOT_REVIEWED),
        (standing("", ""), NOT_REVIEWED),
    ],
)
def test_who_is_gone_or_not_reviewed_decreases_otherwise(now: object, reason: str) -> None:
    fate = decide(before=POOR, now=now)  # type: ignore[arg-type]
    assert (fate.category, fate.transition, fate.reason) == ("", Transition.OTHER_DECREASE, reason)


def test_screened_out_counts_as_not_poor() -> None:
    assert decide(before=POOR, now=standing("screened_out", "")).transition == Transition.POOR_TO_ABOVE


@pytest.mark.parametrize("state", ["listed", "to_survey"])
def test_a_form_without_score_keeps_the_last_category_for_the_time_being(state: str) -> None:
    now = standing(state, "")
    assert now.presence is Presence.PENDING
    assert decide(before=NEAR, now=now).transition == Transition.REMAINED_NEAR_POOR
    assert decide(before="", now=now).transition == ""


def test_a_village_is_followed_over_generations() -> None:
    successors = {1: [2], 2: [3], 10: [3], 20: [4, 5]}
    villages = {3: 0, 4: 1, 5: 2}
    assert carried(1, present=99, successors=successors, villages=villages) == 3
    assert carried(10, present=99, successors=successors, villages=villages) == 3
    assert carried(3, present=99, successors=successors, villages=villages) == 3


def test_a_divided_village_goes_where_the_household_lives_now() -> None:
    successors, villages = {20: [4, 5]}, {4: 1, 5: 0}
    assert carried(20, present=4, successors=successors, villages=villages) == 4
    assert carried(20, present=99, successors=successors, villages=villages) == 5
    assert carried(20, present=4, successors={20: [7]}, villages=villages) is None


def test_months_are_counted_back_to_the_same_day() -> None:
    assert months_before(datetime.date(2026, 3, 31), 1) == datetime.date(2026, 2, 28)
    assert months_before(datetime.date(2026, 12, 1), 36) == datetime.date(2023, 12, 1)
    assert months_before(datetime.date(2026, 1, 15), 1) == datetime.date(2025, 12, 15)
