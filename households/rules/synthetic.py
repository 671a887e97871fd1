"""Invented households for demonstrations and benchmarks: the same seed gives the same people, who belong to no one.

A household is built from what it shall lack: its facts are such that the rules of the review find exactly that, so a
category always comes from answers, never from a label.
"""

import datetime
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from households.choices import (
    Category,
    Device,
    Disability,
    HealthCard,
    IncomeSource,
    Latrine,
    Need,
    Nutrition,
    Qualification,
    Relation,
    Schooling,
    Sex,
    Water,
    Work,
)

Names = Mapping[str, Mapping[str, Sequence[str]]]

# Lacks that any household can be given; «dependants» follows from who lives there.
FREE = (
    "employment",
    "nutrition",
    "health_insurance",
    "adult_education",
    "child_schooling",
    "housing_quality",
    "housing_area",
    "water",
    "latrine",
    "telecom",
    "information_means",
)
OF_CHILDREN = frozenset({"nutrition", "child_schooling"})
DEPRIVED_COUNT = {Category.POOR: (3, 6), Category.NEAR_POOR: (0, 2), Category.NOT_POOR: (0, 2)}
SERIAL_DIGITS = 6
GROWN_CHILD_FROM = 42
INHERITING = frozenset({"Kinh"})  # children bear their father's family name; others' customs differ
NO_PROVINCE = "000"  # citizen numbers begin with the code of a province, from 001: nobody bears these


@dataclass(kw_only=True)
class Invented:
    """One household: members and dwelling as the services take them, the B1 total, and what it was made to be."""

    members: list[dict[str, Any]]
    dwelling: dict[str, Any]
    b1_score: int
    category: Category
    lacks: frozenset[str]
    causes: tuple[int, ...] = ()
    needs: tuple[Need, ...] = ()
    incomes: dict[IncomeSource, tuple[int, int]] = field(default_factory=dict)


class Inventor:
    """Makes households, one after the other, from a seed and lists of names by ethnic group."""

    def __init__(
        self, *, names: Names, seed: int, day: datetime.date, cards_until: datetime.date, first_serial: int = 0
    ) -> None:
        self.names, self.day, self.cards_until, self.serial = names, day, cards_until, first_serial
        self.used: set[str] = set()
        self.random = random.Random(seed)  # noqa: S311 -- invented people, nothing to guard

    def households(self, category: Category, count: int, *, ethnicity: str, b1_limit: int) -> Iterator[Invented]:
        for _ in range(count):
            yield self.household(category, ethnicity=ethnicity, b1_limit=b1_limit)

    def household(self, category: Category, *, ethnicity: str, b1_limit: int) -> Invented:
        """``b1_limit`` is the cut-off that applies: at or below it for the poor and near-poor, above for the others."""
        low, high = DEPRIVED_COUNT[category]
        lacks = frozenset(self.random.sample(FREE, self.random.randint(low, high)))
        self.used = set()
        members = self._people(ethnicity, with_child=bool(lacks & OF_CHILDREN))
        self._lack_among_people(members, lacks)
        listed = category != Category.NOT_POOR
        return Invented(
            members=members,
            dwelling=self._dwelling(len(members), lacks),
            b1_score=self.random.randint(70, b1_limit) if listed else self.random.randint(b1_limit + 1, b1_limit + 80),
            category=category,
            lacks=lacks,
            causes=tuple(sorted(self.random.sample(range(1, 9), self.random.randint(1, 3)))) if listed else (),
            needs=tuple(self.random.sample(list(Need)[:5], self.random.randint(1, 2))) if listed else (),
            incomes=self._incomes(members, listed=listed),
        )

    def _people(self, ethnicity: str, *, with_child: bool) -> list[dict[str, Any]]:
        """A couple or a single head, never more children than grown-ups: dependants stay at half or below."""
        head_age = self.random.randint(32, 58)
        head_sex = self.random.choices((Sex.MALE, Sex.FEMALE), (7, 3))[0]
        people = [self._person(Relation.HEAD, head_sex, head_age, ethnicity)]
        if head_sex == Sex.MALE or with_child or self.random.random() < 0.4:
            other = Sex.FEMALE if head_sex == Sex.MALE else Sex.MALE
            people.append(self._person(Relation.SPOUSE, other, head_age - self.random.randint(0, 4), ethnicity))
        children = self.random.randint(1 if with_child else 0, len(people))
        for number in range(children):
            sex = self.random.choice((Sex.MALE, Sex.FEMALE))
            age = self.random.randint(6, 15) if number == 0 and with_child else self.random.randint(1, 15)
            people.append(self._person(Relation.CHILD, sex, age, ethnicity, family=_family_of(people)))
        if self.random.random() < 0.3:
            parent = self.random.choice((Sex.MALE, Sex.FEMALE))
            family = people[0]["name"].split()[0] if parent == Sex.MALE else ""
            people.append(self._person(Relation.PARENT, parent, min(head_age + 24, 88), ethnicity, family=family))
        if self.random.random() < 0.35:
            people.append(self._youth(people))
        return people

    def _youth(self, people: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """A grown child, or a younger brother or sister of a head too young to have one."""
        head = people[0]
        head_age, ethnicity = _age(head, self.day), head["ethnicity"]
        relation = Relation.CHILD if head_age >= GROWN_CHILD_FROM else Relation.SIBLING
        sex = self.random.choice((Sex.MALE, Sex.FEMALE))
        family = _family_of(people) if relation == Relation.CHILD else head["name"].split()[0]
        return self._person(relation, sex, self.random.randint(17, 21), ethnicity, family=family)

    def _person(self, relation: Relation, sex: Sex, age: int, ethnicity: str, *, family: str = "") -> dict[str, Any]:
        born = self._birthday(age)
        self.serial += 1
        return {
            "name": self._name(ethnicity, sex, family if ethnicity in INHERITING else ""),
            "sex": sex,
            "birth_date": born,
            "ethnicity": ethnicity,
            "citizen_id": self._citizen_id(sex, born) if age >= 14 else "",
            "relation": relation,
            "health_card": HealthCard.YES,
            "card_to": self.cards_until,
            "schooling": _school_of(age),
            "qualification": _qualification_of(age),
            "work": _work_of(age),
            "disability": Disability.NONE,
            "nutrition": Nutrition.NORMAL if age < 16 else "",
            "uses_internet": relation == Relation.HEAD,
            "is_trained_on_job": False,
            "is_merit": age > 60 and self.random.random() < 0.1,
        }

    def _birthday(self, age: int) -> datetime.date:
        """Born so that the person is ``age`` on the day; before September, so that an autumn changes nothing."""
        month, day = self.random.randint(1, 8), self.random.randint(1, 28)
        is_still_to_come = (month, day) > (self.day.month, self.day.day)
        return datetime.date(self.day.year - age - is_still_to_come, month, day)

    def _citizen_id(self, sex: Sex, born: datetime.date) -> str:
        century = (0 if born.year < 2000 else 2) + (sex == Sex.FEMALE)
        return f"{NO_PROVINCE}{century}{born.year % 100:02d}{self.serial:0{SERIAL_DIGITS}d}"

    def _name(self, ethnicity: str, sex: Sex, family: str) -> str:
        """A name that nobody else of the household bears; of that family where it is given."""
        name = self._any_name(ethnicity, sex, family)
        while name in self.used:
            name = self._any_name(ethnicity, sex, family)
        self.used.add(name)
        return name

    def _any_name(self, ethnicity: str, sex: Sex, family: str) -> str:
        lists = self.names[ethnicity]
        middle = self.random.choice(lists["male_middle" if sex == Sex.MALE else "female_middle"])
        given = self.random.choice(lists["male" if sex == Sex.MALE else "female"])
        own = f"{middle}{given}" if middle.endswith("’") else f"{middle} {given}"
        drawn = self.random.choice(lists["family"])  # also where it is given: the same seed makes the same households
        return f"{family or drawn} {own.strip()}"

    def _lack_among_people(self, members: list[dict[str, Any]], lacks: frozenset[str]) -> None:
        head = members[0]
        if "employment" in lacks:
            head["work"] = self.random.choice((Work.NO_CONTRACT, Work.SEEKING))
        if "health_insurance" in lacks:
            head |= {"health_card": HealthCard.NO, "card_to": None}
        if "telecom" in lacks:
            head["uses_internet"] = False
        if "adult_education" in lacks:
            self._leave_school(members)
        children = [person for person in members if _age(person, self.day) < 16]
        if "nutrition" in lacks:
            self.random.choice(children)["nutrition"] = self.random.choice((Nutrition.STUNTED, Nutrition.UNDERWEIGHT))
        if "child_schooling" in lacks:
            next(child for child in children if _age(child, self.day) >= 6)["schooling"] = Schooling.NONE

    def _leave_school(self, members: list[dict[str, Any]]) -> None:
        young = [person for person in members if 17 <= _age(person, self.day) <= 29]
        if not young:
            young = [self._youth(members)]
            members.extend(young)
        young[0] |= {"qualification": Qualification.PRIMARY, "schooling": Schooling.NONE}

    def _dwelling(self, persons: int, lacks: frozenset[str]) -> dict[str, Any]:
        is_weak = "housing_quality" in lacks
        per_person = Decimal("6.5") if "housing_area" in lacks else Decimal(self.random.randint(9, 16))
        return {
            "is_wall_durable": not is_weak,
            "is_column_durable": True,
            "is_roof_durable": not is_weak,
            "floor_area": persons * per_person,
            "water": Water.SURFACE if "water" in lacks else self.random.choice((Water.DRILLED_WELL, Water.TAP)),
            "latrine": Latrine.NONE if "latrine" in lacks else self.random.choice((Latrine.SEPTIC, Latrine.TWO_VAULT)),
            "devices": [] if "information_means" in lacks else [Device.TELEVISION, Device.TELEPHONE],
        }

    def _incomes(self, members: list[dict[str, Any]], *, listed: bool) -> dict[IncomeSource, tuple[int, int]]:
        """Twelve months by source: how many earn it, and how much, in đồng."""
        earners = sum(16 <= _age(person, self.day) < 65 for person in members)
        monthly = self.random.randint(700_000, 1_400_000) if listed else self.random.randint(2_400_000, 4_500_000)
        year = monthly * 12 * len(members) // 1000 * 1000
        crops = year * self.random.randint(5, 9) // 10
        return {IncomeSource.CROPS: (max(earners, 1), crops), IncomeSource.WAGE: (1, year - crops)}


def _family_of(people: Sequence[Mapping[str, Any]]) -> str:
    """The family name that children bear: the father's, the mother's where there is none."""
    parents = [person for person in people if person["relation"] in {Relation.HEAD, Relation.SPOUSE}]
    father = next((person for person in parents if person["sex"] == Sex.MALE), parents[0])
    return str(father["name"]).split()[0]


def _age(person: Mapping[str, Any], day: datetime.date) -> int:
    born: datetime.date = person["birth_date"]
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _school_of(age: int) -> Schooling:
    steps = ((3, Schooling.NONE), (6, Schooling.PRESCHOOL), (12, Schooling.PRIMARY), (16, Schooling.LOWER_SECONDARY))
    return next(
        (level for below, level in steps if age < below), Schooling.UPPER_SECONDARY if age < 18 else Schooling.NONE
    )


def _qualification_of(age: int) -> Qualification:
    if age < 12:
        return Qualification.NONE
    return (
        Qualification.PRIMARY
        if age < 16
        else Qualification.LOWER_SECONDARY
        if age < 18 or age > 35
        else Qualification.UPPER_SECONDARY
    )


def _work_of(age: int) -> Work:
    if age < 16:
        return Work.TOO_YOUNG if age < 6 else Work.STUDYING
    if age < 18:
        return Work.STUDYING
    return Work.UNABLE if age >= 75 else Work.SELF_EMPLOYED
