"""The rules of exit registration as pure functions."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.choices import LISTED, Category, Need
from households.rules.exits import LONGEST_NOTE, read_needs, refusal

DAYS = st.dates(min_value=datetime.date(2023, 1, 1), max_value=datetime.date(2023, 12, 31))
NOTES = st.text(alphabet="aăâ ợộ12", max_size=30)


@given(
    is_here=st.booleans(),
    closed_on=st.none() | DAYS,
    category=st.sampled_from(["", *Category]),
    on=DAYS,
    registered_on=st.none() | DAYS,
    withdrawn_on=st.none() | DAYS,
)
def test_a_household_registers_exactly_when_nothing_speaks_against_it(
    is_here: bool,
    closed_on: datetime.date | None,
    category: str,
    on: datetime.date,
    registered_on: datetime.date | None,
    withdrawn_on: datetime.date | None,
) -> None:
    may = (
        is_here
        and closed_on is None
        and registered_on is None
        and category in LISTED
        and (withdrawn_on is None or withdrawn_on <= on)
    )
    said = refusal(
        is_here=is_here,
        closed_on=closed_on,
        category=category,
        on=on,
        registered_on=registered_on,
        withdrawn_on=withdrawn_on,
    )
    assert (said == "") == may


@given(st.dictionaries(st.sampled_from(list(Need)), NOTES))
def test_needs_come_back_in_the_order_of_the_catalogue_whatever_the_order_typed(needs: dict[Need, str]) -> None:
    forward, _ = read_needs(list(needs.items()))
    backward, faults = read_needs(list(reversed(list(needs.items()))))

    assert faults == []
    assert list(forward.items()) == list(backward.items())
    assert list(forward) == [need.value for need in Need if need in needs]
    assert read_needs(list(forward.items()))[0] == forward


@pytest.mark.parametrize(
    ("given_needs", "fault"),
    [
        (["đất"], "không có trong danh mục"),
        (["credit", ("credit", "50 triệu đồng")], "ghi hai lần"),
        ([("credit", "x" * (LONGEST_NOTE + 1))], f"dài quá {LONGEST_NOTE} ký tự"),
    ],
)
def test_a_wrong_need_is_named(given_needs: list[str | tuple[str, str]], fault: str) -> None:
    assert fault in " ".join(read_needs(given_needs)[1])
