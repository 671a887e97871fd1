"""What a review keeps of its household: the statement of the database agrees with the rules, for any household."""

import datetime
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.choices import (
    Disability,
    HealthCard,
    MinorityBasis,
    Nutrition,
    Relation,
    ReviewState,
    Schooling,
    Work,
)
from households.models import Household, Member, RegistrySetting, Review
from households.rules.indicators import compute, dwelling_of, facts_of
from households.rules.persons import CHILD_BELOW, Person, age_on, household_flags
from households.selectors.surveys import day_of, is_present
from households.services.snapshots import snapshots_refresh
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households import build
from tests.households.review_forms import listed, open_round

FLAGS = ("is_ethnic_minority", "is_merit", "has_no_labour", "is_female_head")


def any_of(words: Any, chance: random.Random) -> str:
    return str(chance.choice(["", *words]))


def random_members(chance: random.Random, day: datetime.date) -> None:
    """Every household's persons become anything the columns can hold."""
    groups = [build.ethnicity("Kinh"), build.ethnicity("Ba Na"), None]
    members = list(Member.objects.all())
    for member in members:
        born = day - datetime.timedelta(days=chance.randrange(0, 90 * 365))
        member.birth_date = chance.choice([born, None])
        member.birth_year = born.year if member.birth_date else chance.choice([born.year, None])
        member.sex = any_of(["male", "female"], chance)
        member.ethnicity = chance.choice(groups)
        member.work, member.disability = any_of(Work, chance), any_of(Disability, chance)
        member.schooling, member.nutrition = any_of(Schooling, chance), any_of(Nutrition, chance)
        member.health_card = any_of(HealthCard, chance)
        member.card_from, member.card_to = None, chance.choice([None, day, day - datetime.timedelta(days=1)])
        member.is_merit = chance.random() < 0.1
        if member.relation != Relation.HEAD and chance.random() < 0.2:
            member.left_on, member.left_because = chance.choice([day, day + datetime.timedelta(days=1)]), "died"
    names = [
        "birth_date",
        "birth_year",
        "sex",
        "ethnicity",
        "work",
        "disability",
        "schooling",
        "nutrition",
        "health_card",
    ]
    Member.objects.bulk_update(members, [*names, "card_from", "card_to", "is_merit", "left_on", "left_because"])


def by_rule(review: Review, basis: str) -> dict[str, Any]:
    day = day_of(review)
    members = review.household.members.select_related("ethnicity").order_by("position")
    present = [member for member in members if is_present(member, review.household, day)]
    persons = [
        Person(
            relation=member.relation,
            age=age_on(day, birth_date=member.birth_date, birth_year=member.birth_year),
            sex=member.sex,
            is_minority=member.ethnicity.is_minority if member.ethnicity else None,
            is_merit=member.is_merit,
            work=member.work,
            disability=member.disability,
        )
        for member in present
    ]
    flags = household_flags(persons, basis=basis)
    children = [facts for facts in (facts_of(member, day) for member in present) if is_child(facts.age)]

    def lacking(code: str) -> int:
        dwelling = dwelling_of(review)
        return sum(bool(compute(code, persons=[child], dwelling=dwelling, day=day).is_deprived) for child in children)

    return {name: getattr(flags, name) for name in FLAGS} | {
        "persons": len(present),
        "children": len(children),
        "children_malnourished": lacking("nutrition"),
        "children_uninsured": lacking("health_insurance"),
        "children_out_of_school": lacking("child_schooling"),
    }


def is_child(age: int | None) -> bool:
    return age is not None and age < CHILD_BELOW


@pytest.mark.parametrize("basis", MinorityBasis)
def test_the_database_and_the_rules_agree(commune: Area, basis: str) -> None:
    round, village = open_round(commune), VillageFactory(parent=commune)
    RegistrySetting.objects.create(unit=commune, minority_basis=basis, valid_from=datetime.date(2020, 1, 1))
    reviews = [listed(round, village=village, persons=1 + place % 6) for place in range(40)]
    random_members(random.Random(basis), day_of(reviews[0]))  # noqa: S311 -- made-up persons
    snapshots_refresh(household_ids=[review.household_id for review in reviews])
    for review in Review.objects.select_related("round", "household"):
        expected = by_rule(review, basis)
        assert {name: getattr(review, name) for name in expected} == expected


def test_one_statement_for_any_number_and_no_version_without_a_change(commune: Area) -> None:
    round, village = open_round(commune), VillageFactory(parent=commune)
    reviews = [listed(round, village=village) for _ in range(3)]
    with CaptureQueriesContext(connection) as queries:
        snapshots_refresh(household_ids=[review.household_id for review in reviews])
    assert len([query for query in queries if "UPDATE" in query["sql"]]) == 1
    assert [row.version for row in Review.objects.order_by("pk")] == [review.version for review in reviews]


def test_a_frozen_review_keeps_its_household_as_it_was(commune: Area) -> None:
    review = listed(open_round(commune))
    Review.objects.filter(pk=review.pk).update(
        is_frozen=True, state=ReviewState.RECOGNISED, category="poor", b1_score=100
    )
    Member.objects.filter(household=review.household, relation=Relation.HEAD).update(name="Tên Khác")
    snapshots_refresh(household_ids=[review.household_id])
    review.refresh_from_db()
    assert review.head_name == "Nguyễn Văn A"


def test_the_form_follows_its_household_to_another_village_of_the_unit(commune: Area) -> None:
    review = listed(open_round(commune))
    other = VillageFactory(parent=commune)
    Household.objects.filter(pk=review.household_id).update(village=other)
    snapshots_refresh(household_ids=[review.household_id])
    review.refresh_from_db()
    assert review.village == other


def test_no_household_asks_nothing(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        snapshots_refresh(household_ids=[])
