"""Persons and the flags of their household: pure rules."""

import datetime
from types import SimpleNamespace

import pytest

from households.choices import Disability, MinorityBasis, Relation, Sex, Work
from households.rules.persons import (
    HouseholdFlags,
    Person,
    age_on,
    bare_digits,
    bare_phone,
    household_flags,
    is_child,
    is_same_person,
    masked,
    relation_after,
)

DAY = datetime.date(2026, 11, 22)


def grown(relation: str = Relation.HEAD, age: int | None = 40, **fields: object) -> Person:
    return Person(relation=relation, age=age, **({"sex": Sex.MALE} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("birth_date", "birth_year", "age"),
    [
        (datetime.date(2010, 11, 22), None, 16),
        (datetime.date(2010, 11, 23), None, 15),
        (datetime.date(2008, 2, 29), None, 18),
        (None, 2010, 16),
        (None, None, None),
    ],
)
def test_age_is_of_completed_years_or_by_the_year_alone(
    birth_date: datetime.date | None, birth_year: int | None, age: int | None
) -> None:
    assert age_on(DAY, birth_date=birth_date, birth_year=birth_year) == age


@pytest.mark.parametrize(("age", "verdict"), [(15, True), (16, False), (0, True), (None, False)])
def test_a_child_is_under_sixteen(age: int | None, verdict: bool) -> None:
    """Luật Trẻ em 2016, Điều 1."""
    assert is_child(age) is verdict


@pytest.mark.parametrize(
    ("person", "has_no_labour"),
    [
        (grown(age=15), False),
        (grown(age=14), True),
        (grown(age=61), False),
        (grown(age=62), True),
        (grown(age=59, sex=Sex.FEMALE), False),
        (grown(age=60, sex=Sex.FEMALE), True),
        (grown(work=Work.UNABLE), True),
        (grown(disability=Disability.MILD), False),
        (grown(disability=Disability.SEVERE), True),
        (grown(disability=Disability.EXTREME), True),
        (grown(age=None), False),
    ],
)
def test_no_labour_means_nobody_of_working_age_who_is_able(person: Person, has_no_labour: bool) -> None:
    """RECALLED (low): no text that defines it was found."""
    assert household_flags([person]).has_no_labour is has_no_labour


def test_an_able_child_of_working_age_is_labour_beside_an_old_head() -> None:
    assert not household_flags([grown(age=70), grown(Relation.CHILD, age=20)]).has_no_labour


def test_nobody_makes_no_flags() -> None:
    assert household_flags([]) == HouseholdFlags(
        is_ethnic_minority=False, is_merit=False, has_no_labour=False, is_female_head=False
    )


@pytest.mark.parametrize(
    ("basis", "minorities", "verdict"),
    [
        (MinorityBasis.HEAD, (True, False, False), True),
        (MinorityBasis.HEAD, (False, True, True), False),
        (MinorityBasis.HEAD, (None, True, True), False),
        (MinorityBasis.MAJORITY, (False, True, True), True),
        (MinorityBasis.MAJORITY, (True, False), False),
        (MinorityBasis.ANY, (False, False, True), True),
        (MinorityBasis.ANY, (False, None), False),
    ],
)
def test_an_ethnic_minority_household_is_one_by_the_basis_of_the_unit(
    basis: MinorityBasis, minorities: tuple[bool | None, ...], verdict: bool
) -> None:
    persons = [
        grown(Relation.HEAD if place == 0 else Relation.CHILD, is_minority=is_minority)
        for place, is_minority in enumerate(minorities)
    ]
    assert household_flags(persons, basis=basis).is_ethnic_minority is verdict


def test_merit_is_of_anybody_and_the_female_flag_of_the_head() -> None:
    flags = household_flags([grown(sex=Sex.FEMALE), grown(Relation.PARENT, is_merit=True)])
    assert flags.is_merit
    assert flags.is_female_head
    assert not household_flags([grown(), grown(Relation.SPOUSE, sex=Sex.FEMALE)]).is_female_head


def test_numbers_lose_what_is_only_of_their_writing() -> None:
    assert bare_digits("064 012.345-612") == "064012345612"
    assert bare_digits("064\u00a0012") == "064012"
    assert bare_phone("+84 912.345.678") == "0912345678"


def test_a_masked_number_keeps_the_first_four_and_the_last_two() -> None:
    assert masked("064012345612") == "0640••••••12"
    assert masked("") == ""


@pytest.mark.parametrize(
    ("relation", "new_head", "after"),
    [
        (Relation.HEAD, Relation.SPOUSE, Relation.SPOUSE),
        (Relation.CHILD, Relation.SPOUSE, Relation.CHILD),
        (Relation.HEAD, Relation.CHILD, Relation.PARENT),
        (Relation.CHILD, Relation.CHILD, Relation.SIBLING),
        (Relation.GRANDCHILD, Relation.CHILD, Relation.OTHER),
    ],
)
def test_relations_follow_a_change_of_head_where_they_can_be_known(
    relation: Relation, new_head: Relation, after: Relation
) -> None:
    assert relation_after(relation, new_head=new_head) == after


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"citizen_id": ""}, True),
        ({"search_key": "nguyen van b"}, True),
        ({"citizen_id": "064000000002"}, False),
        ({"citizen_id": "", "search_key": "nguyen van b"}, False),
        ({"citizen_id": "", "birth_year": 1981}, False),
    ],
)
def test_who_came_back_is_told_by_the_number_or_by_name_and_year(changes: dict[str, object], is_same: bool) -> None:
    known = {"citizen_id": "064000000001", "search_key": "nguyen van a", "birth_year": 1980}
    assert is_same_person(SimpleNamespace(**known), SimpleNamespace(**known | changes)) == is_same
