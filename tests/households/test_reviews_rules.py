"""What is suspicious in a form, and how two people's changes are merged."""

import pytest

from households.rules.merging import merge
from households.rules.suspicions import FormFacts, suspicions

SOUND = {
    "name": "hộ Thử", "category": "poor", "last_category": "poor", "b1": 120, "last_b1": 118, "b1_line": 140,
    "deprived": frozenset({"a", "b", "c"}), "last_deprived": frozenset({"a", "b", "c"}), "is_scored": True,
    "persons": 4, "able": 2, "sources": 2, "earners": 2, "head_age": 40,
}  # fmt: skip


def codes(**changes: object) -> list[str]:
    return [finding.code for finding in suspicions(FormFacts(**SOUND | changes))]


def test_a_sound_form_says_nothing() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category": "not_poor"}, "jumped"),
        ({"category": "poor", "last_category": "not_poor"}, "jumped"),
        ({"b1": 78}, "b1-far"),
        ({"sources": 6, "persons": 1, "able": 1, "earners": 1}, "many-incomes"),
        ({"earners": 3}, "many-earners"),
        ({"deprived": frozenset(), "last_deprived": None, "b1": 70, "last_b1": None}, "low-b1-no-lack"),
        ({"overridden": ("Nhà tiêu",)}, "overridden"),
        ({"last_deprived": frozenset("abcdefg")}, "vanished"),
        ({"has_head": False, "head_age": None}, "no-head"),
        ({"head_age": 15}, "child-head"),
        ({"persons": 0}, "no-members"),
        ({"without_birth": ("Nguyễn Con",)}, "no-birth"),
        ({"lacks_cause": True}, "no-cause"),
        ({"lacks_cause": True, "category": "near_poor"}, "no-cause"),
    ],
)
def test_each_suspicion_has_place_reason_and_remedy(changes: dict[str, object], code: str) -> None:
    found = suspicions(FormFacts(**SOUND | changes))
    assert [finding.code for finding in found] == [code]
    assert found[0].place == "hộ Thử"
    assert found[0].message.endswith(".")
    assert found[0].remedy.endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "near_poor"}, {"b1": 157}, {"sources": 6}, {"sources": 5, "persons": 1, "able": 1, "earners": 1},
        {"head_age": 16}, {"last_deprived": frozenset("abcdef")},
        {"category": "not_poor", "last_category": "", "lacks_cause": True}, {"lacks_cause": True, "is_scored": False},
        {"category": "not_poor", "is_scored": False}, {"last_category": "", "category": "not_poor"},
    ],
)  # fmt: skip
def test_just_within_the_limits_nothing_is_said(changes: dict[str, object]) -> None:
    assert codes(**changes) == []


@pytest.mark.parametrize(
    ("before", "theirs", "mine", "merged", "clashes"),
    [
        ({}, {}, {}, {}, []),
        ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}, []),
        ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, []),
        ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}, []),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 3}, ["a"]),
        ({}, {"a": 1}, {"b": 2}, {"a": 1, "b": 2}, []),
        ({"a": 1, "b": 2}, {"b": 2}, {"a": 1}, {}, []),
        ({"a": 1}, {}, {"a": 2}, {"a": 2}, ["a"]),
        ({"a": 1}, {"a": 2}, {}, {}, ["a"]),
        ({}, {"a": False}, {"a": True}, {"a": True}, ["a"]),
    ],
)
def test_what_i_left_as_it_was_is_no_change_of_mine(
    before: dict[str, int], theirs: dict[str, int], mine: dict[str, int], merged: dict[str, int], clashes: list[str]
) -> None:
    assert merge(before=before, theirs=theirs, mine=mine) == (merged, clashes)
