"""Invented people: the same again from the same seed, belonging to no one, and lacking exactly what they shall."""

import datetime
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from households.choices import Category, Relation, Sex
from households.models import Household, Member
from households.rules.indicators import compute, dwelling_of, facts_of
from households.rules.synthetic import FREE, Invented, Inventor
from households.services.law import law_load
from households.services.synthetic import households_make, people_names
from povertyplan.areas.models import Area
from tests.factories import VillageFactory

DAY = datetime.date(2026, 10, 20)
LIMIT = 140


def inventor(seed: int = 7) -> Inventor:
    return Inventor(names=people_names(), seed=seed, day=DAY, cards_until=datetime.date(2027, 12, 31))


def some(category: Category, count: int = 60) -> list[Invented]:
    group = inventor()
    return [group.household(category, ethnicity="Ba Na", b1_limit=LIMIT) for _ in range(count)]


def found_lacking(one: Invented) -> set[str]:
    persons = [facts_of(SimpleNamespace(**_member(person)), DAY) for person in one.members]
    dwelling = dwelling_of(SimpleNamespace(**one.dwelling))
    answers = {code: compute(code, persons=persons, dwelling=dwelling, day=DAY) for code in (*FREE, "dependants")}
    open_questions = {code for code, answer in answers.items() if answer.is_deprived is None}
    assert open_questions <= {"employment"}  # past 55 only the surveyor says who is of working age
    return {code for code, answer in answers.items() if answer.is_deprived} | (open_questions & one.lacks)


def _member(person: dict[str, object]) -> dict[str, object]:
    blank = {field.name: field.get_default() for field in Member._meta.concrete_fields}
    return blank | {"birth_year": None, "ethnicity": None} | person


@pytest.mark.parametrize("category", Category)
def test_the_rules_find_exactly_what_a_household_was_made_to_lack(category: Category) -> None:
    for one in some(category):
        assert found_lacking(one) == one.lacks
        assert (one.b1_score <= LIMIT) == (category != Category.NOT_POOR)
        assert (len(one.lacks) >= 3) == (category == Category.POOR)


def test_the_same_seed_makes_the_same_people() -> None:
    assert [one.members for one in some(Category.POOR)] == [one.members for one in some(Category.POOR)]
    other = inventor(seed=8).household(Category.POOR, ethnicity="Ba Na", b1_limit=LIMIT)
    assert other.members != some(Category.POOR, 1)[0].members


def test_a_household_has_one_head_and_no_two_people_of_one_name() -> None:
    for one in some(Category.NEAR_POOR):
        assert [person["relation"] for person in one.members].count(Relation.HEAD) == 1
        names = [person["name"] for person in one.members]
        assert len(set(names)) == len(names)


def test_kinh_children_bear_their_fathers_family_name_brothers_and_grandfathers_the_heads() -> None:
    seen = set()
    for one in inventor().households(Category.POOR, 200, ethnicity="Kinh", b1_limit=LIMIT):
        head = one.members[0]
        couple = [person for person in one.members if person["relation"] in {Relation.HEAD, Relation.SPOUSE}]
        father = next((person for person in couple if person["sex"] == Sex.MALE), head)
        for person in one.members:
            relation, sex = person["relation"], person["sex"]
            if relation == Relation.CHILD:
                assert family(person) == family(father)
                seen.add((relation, head["sex"], len(couple)))
            elif relation == Relation.SIBLING or (relation == Relation.PARENT and sex == Sex.MALE):
                assert family(person) == family(head)
                seen.add(relation)
    assert seen >= {Relation.SIBLING, Relation.PARENT, (Relation.CHILD, Sex.FEMALE, 2), (Relation.CHILD, Sex.FEMALE, 1)}


def family(person: dict[str, object]) -> str:
    return str(person["name"]).split()[0]


def test_citizen_numbers_are_of_no_province_and_borne_once() -> None:
    numbers = [person["citizen_id"] for one in some(Category.POOR) for person in one.members if person["citizen_id"]]
    assert all(number.startswith("000") and len(number) == 12 for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_a_registry_of_any_size_goes_through_the_services(commune: Area) -> None:
    villages = [VillageFactory(parent=commune) for _ in range(3)]
    law_load()

    first = households_make(unit=commune, count=5, seed=1, day=DAY)
    more = households_make(unit=commune, count=4, seed=1, day=DAY)

    assert Household.objects.filter(unit=commune).count() == len(first) + len(more) == 9
    assert {home.village_id for home in first} == {village.pk for village in villages}
    taken = [number for number in Member.objects.values_list("citizen_id", flat=True) if number]
    assert len(set(taken)) == len(taken)


def test_the_command_says_what_is_wrong(commune: Area) -> None:
    with pytest.raises(CommandError, match="chưa có thôn nào"):
        call_command("make_households", unit=commune.code, count=3)
    with pytest.raises(CommandError, match="từ 1 trở lên"):
        call_command("make_households", unit=commune.code, count=0)
    with pytest.raises(CommandError, match="00000"):
        call_command("make_households", unit="00000", count=3)


def test_the_command_makes_households(commune: Area) -> None:
    VillageFactory(parent=commune)
    out = StringIO()

    call_command("make_households", unit=commune.code, count=3, seed=2, stdout=out)

    assert out.getvalue() == f"Đã tạo 3 hộ ở {commune}.\n"
    assert Household.objects.filter(unit=commune).count() == 3
