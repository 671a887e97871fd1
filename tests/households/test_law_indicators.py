"""Each indicator at the edge of its threshold (Nghị định 07/2021, Annex); status as in ``docs/rules/indicators.md``."""

import datetime
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from households.choices import Device, HealthCard, Latrine, Nutrition, Qualification, Schooling, Water, Work
from households.rules.indicators import (
    LONGEST,
    RULES,
    Computed,
    DwellingFacts,
    PersonFacts,
    compute,
    dwelling_of,
    facts_of,
)

DAY = datetime.date(2026, 10, 15)
NOTHING = DwellingFacts()


def person(age: int | None = 40, **facts: Any) -> PersonFacts:
    return PersonFacts(name=facts.pop("name", "Lò A"), age=age, **facts)


def answer(code: str, *persons: PersonFacts, dwelling: DwellingFacts = NOTHING) -> Computed:
    return compute(code, persons=persons or (person(),), dwelling=dwelling, day=DAY)


@pytest.mark.parametrize(
    ("age", "work", "deprived"),
    [
        (30, Work.SEEKING, True),
        (30, Work.NO_CONTRACT, True),
        (30, Work.CONTRACT, False),
        (30, Work.SELF_EMPLOYED, False),
        (30, Work.NOT_SEEKING, False),
        (30, Work.UNABLE, False),
        (14, Work.SEEKING, False),
        (15, Work.SEEKING, True),
        (54, Work.NO_CONTRACT, True),
        (55, Work.NO_CONTRACT, None),
        (61, Work.SEEKING, None),
        (62, Work.SEEKING, False),
        (30, "", None),
        (None, Work.SEEKING, None),
        (None, Work.CONTRACT, False),
        (10, "", False),
    ],
)
def test_employment(age: int | None, work: str, deprived: bool | None) -> None:
    """Indicator 1: no regular work READ-3P, the contract READ-DRAFT; the ends of working age RECALLED."""
    assert answer("employment", person(age, work=work)).is_deprived is deprived


@pytest.mark.parametrize(
    ("children", "others", "deprived"),
    [(1, 1, False), (2, 2, False), (3, 2, True), (2, 3, False), (0, 4, False), (1, 0, True)],
)
def test_dependants_are_more_than_half(children: int, others: int, deprived: bool) -> None:
    """Indicator 2 (READ-3P): exactly 50 % is not deprived."""
    persons = [person(15)] * children + [person(40, has_social_allowance=False)] * others
    assert answer("dependants", *persons).is_deprived is deprived


def test_the_reason_shows_the_division() -> None:
    persons = [person(8)] * 3 + [person(40, has_social_allowance=False)] * 2
    assert answer("dependants", *persons).why == "3 trẻ em dưới 16 tuổi / 5 người = 60,00 %, quá một nửa."


@pytest.mark.parametrize(
    ("facts", "deprived"),
    [
        ({"age": 15}, True),
        ({"age": 16, "has_social_allowance": False}, False),
        ({"age": 60, "has_social_allowance": True}, True),
        ({"age": 59, "has_social_allowance": True, "disability": "none"}, False),
        ({"age": 59, "has_social_allowance": True, "disability": "severe"}, True),
        ({"age": 59, "has_social_allowance": True}, None),
        ({"age": 80, "has_social_allowance": False}, False),
        ({"age": 80}, None),
        ({"age": None, "has_social_allowance": True}, None),
    ],
)
def test_who_is_a_dependant(facts: dict[str, Any], deprived: bool | None) -> None:
    """READ-DRAFT: children under 16; elderly or disabled persons with monthly social allowance."""
    assert answer("dependants", person(**facts)).is_deprived is deprived


def test_what_is_missing_of_dependants_matters_only_where_it_could_decide() -> None:
    sure = [person(8)] * 3 + [person(70)]
    assert answer("dependants", *sure).is_deprived is True
    open_case = answer("dependants", person(8), person(70, name="Lò Bà"))
    assert open_case == Computed(is_deprived=None, why="Còn thiếu: trợ cấp xã hội của Lò Bà (70 tuổi).")


@pytest.mark.parametrize(
    ("age", "nutrition", "deprived"),
    [
        (15, Nutrition.STUNTED, True),
        (15, Nutrition.UNDERWEIGHT, True),
        (15, Nutrition.NORMAL, False),
        (16, Nutrition.STUNTED, False),
        (15, "", None),
        (40, "", False),
        (None, "", None),
    ],
)
def test_nutrition(age: int | None, nutrition: str, deprived: bool | None) -> None:
    """Indicator 3: child under 16 READ-3P, the two measures READ-DRAFT."""
    assert answer("nutrition", person(age, nutrition=nutrition)).is_deprived is deprived


@pytest.mark.parametrize(
    ("age", "card", "to", "deprived"),
    [
        (6, HealthCard.NO, None, True),
        (5, HealthCard.NO, None, False),
        (6, HealthCard.YES, None, False),
        (6, HealthCard.YES, DAY, False),
        (6, HealthCard.YES, DAY - datetime.timedelta(days=1), True),
        (6, "", None, None),
        (5, "", None, False),
        (None, HealthCard.NO, None, None),
        (None, HealthCard.YES, None, False),
    ],
)
def test_health_insurance(age: int | None, card: str, to: datetime.date | None, deprived: bool | None) -> None:
    """Indicator 4 (RECALLED high): members from 6 years of age; a card whose term ended counts as none."""
    assert answer("health_insurance", person(age, health_card=card, card_to=to)).is_deprived is deprived


def test_the_reason_names_the_day_a_card_ended() -> None:
    why = answer("health_insurance", person(40, health_card="yes", card_to=datetime.date(2026, 9, 30))).why
    assert why == "Lò A (40 tuổi) thẻ bảo hiểm y tế hết hạn ngày 30/09/2026."


LOWER, UPPER = Qualification.LOWER_SECONDARY, Qualification.UPPER_SECONDARY


@pytest.mark.parametrize(
    ("age", "schooling", "qualification", "deprived"),
    [
        (15, "none", "none", False),
        (16, "none", "primary", True),
        (16, "none", LOWER, False),
        (17, "none", LOWER, False),
        (18, "none", LOWER, True),
        (18, "none", UPPER, False),
        (18, "none", Qualification.ELEMENTARY_TRADE, False),
        (18, "none", Qualification.INTERMEDIATE, False),
        (18, "vocational", "primary", False),
        (30, "none", LOWER, True),
        (30, "none", UPPER, False),
        (31, "none", "none", False),
        (20, "none", "", None),
        (20, "", LOWER, None),
        (None, "none", LOWER, None),
        (None, "none", UPPER, False),
    ],
)
def test_adult_education(age: int | None, schooling: str, qualification: str, deprived: bool | None) -> None:
    """Indicator 5 (READ-3P): 16 to under 18 THCS, 18 to 30 THPT or a trade."""
    facts = person(age, schooling=schooling, qualification=qualification, is_trained_on_job=False)
    assert answer("adult_education", facts).is_deprived is deprived


@pytest.mark.parametrize(("trained", "deprived"), [(True, False), (False, True), (None, None)])
def test_training_on_the_job_counts(trained: bool | None, deprived: bool | None) -> None:
    facts = person(25, schooling="none", qualification="primary", is_trained_on_job=trained)
    assert answer("adult_education", facts).is_deprived is deprived


@pytest.mark.parametrize(
    ("age", "schooling", "deprived"),
    [
        (2, "none", False),
        (3, "none", True),
        (3, Schooling.PRESCHOOL, False),
        (5, Schooling.PRESCHOOL, False),
        (5, Schooling.PRIMARY, False),
        (6, Schooling.PRESCHOOL, True),
        (6, Schooling.PRIMARY, False),
        (11, Schooling.PRIMARY, False),
        (11, Schooling.LOWER_SECONDARY, False),
        (12, Schooling.PRIMARY, True),
        (12, Schooling.LOWER_SECONDARY, False),
        (15, Schooling.LOWER_SECONDARY, False),
        (15, Schooling.UPPER_SECONDARY, False),
        (15, "none", True),
        (16, "none", False),
        (8, "", None),
        (None, "none", None),
    ],
)
def test_child_schooling(age: int | None, schooling: str, deprived: bool | None) -> None:
    """Indicator 6: 3 to under 16 READ-3P, the split of ages RECALLED high; a higher level than needed is no lack."""
    assert answer("child_schooling", person(age, schooling=schooling)).is_deprived is deprived


@pytest.mark.parametrize(
    ("wall", "column", "roof", "deprived"),
    [
        (True, True, True, False),
        (False, True, True, False),
        (False, False, True, True),
        (False, False, None, True),
        (False, None, True, None),
        (True, True, None, False),
        (None, None, None, None),
        (False, False, False, True),
    ],
)
def test_housing_quality(wall: bool | None, column: bool | None, roof: bool | None, deprived: bool | None) -> None:
    """Indicator 7 (READ-3P): two of wall, column, roof of non-durable material."""
    dwelling = DwellingFacts(is_wall_durable=wall, is_column_durable=column, is_roof_durable=roof)
    assert answer("housing_quality", dwelling=dwelling).is_deprived is deprived


@pytest.mark.parametrize(
    ("area", "persons", "deprived", "why"),
    [
        ("40.0", 5, False, "40 m² / 5 người = 8,00 m², từ 8 m² trở lên."),
        ("39.9", 5, True, "39,9 m² / 5 người = 7,98 m², dưới 8 m²."),
        ("7.9", 1, True, "7,9 m² / 1 người = 7,90 m², dưới 8 m²."),
        ("8.0", 1, False, "8 m² / 1 người = 8,00 m², từ 8 m² trở lên."),
        ("159.9", 20, True, "159,9 m² / 20 người = 7,99 m², dưới 8 m²."),
    ],
)
def test_housing_area(area: str, persons: int, deprived: bool, why: str) -> None:
    """Indicator 8 (READ-3P): less than 8 m² a person; the area shown is never rounded up to the threshold."""
    dwelling = DwellingFacts(floor_area=Decimal(area))
    assert answer("housing_area", *[person()] * persons, dwelling=dwelling) == Computed(is_deprived=deprived, why=why)


@pytest.mark.parametrize("water", Water)
def test_water(water: Water) -> None:
    """Indicator 9 (READ-3P): tap, drilled, protected well or spring, rain, bottled are clean."""
    dirty = {Water.UNPROTECTED_WELL, Water.UNPROTECTED_SPRING, Water.SURFACE, Water.OTHER}
    assert answer("water", dwelling=DwellingFacts(water=water)).is_deprived is (water in dirty)


@pytest.mark.parametrize("latrine", Latrine)
def test_latrine(latrine: Latrine) -> None:
    """Indicator 10: the first two kinds READ-3P, VIP and two vaults RECALLED high."""
    expected = latrine in {Latrine.OTHER, Latrine.NONE}
    assert answer("latrine", dwelling=DwellingFacts(latrine=latrine)).is_deprived is expected


@pytest.mark.parametrize(
    ("uses", "deprived"),
    [((False, False), True), ((True, False), False), ((True, None), False), ((False, None), None)],
)
def test_telecom(uses: tuple[bool | None, ...], deprived: bool | None) -> None:
    """Indicator 11 (RECALLED high): no member uses the internet."""
    assert answer("telecom", *[person(uses_internet=one) for one in uses]).is_deprived is deprived


@pytest.mark.parametrize(
    ("devices", "deprived"),
    [([], True), ([Device.RADIO], False), ([Device.SMARTPHONE], False), (None, None)],
)
def test_information_means(devices: list[str] | None, deprived: bool | None) -> None:
    """Indicator 12 (RECALLED high): none of the shared or personal means."""
    assert answer("information_means", dwelling=DwellingFacts(devices=devices)).is_deprived is deprived


def test_waste_has_no_threshold_yet_and_is_answered() -> None:
    """Nghị định 351/2025: threshold NOT FOUND."""
    assert answer("waste").is_deprived is None
    assert "rà soát viên trả lời" in answer("waste").why


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_household_nothing_is_known_of_has_no_answer_but_what_is_missing(code: str) -> None:
    unknown = compute(code, persons=[PersonFacts(name="Lò A")], dwelling=NOTHING, day=DAY)
    assert unknown.is_deprived is None
    assert unknown.why.startswith("Còn thiếu:")


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_household_of_nobody_has_no_answer(code: str) -> None:
    assert compute(code, persons=[], dwelling=NOTHING, day=DAY).is_deprived is None


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_reason_fits_its_column_however_many_persons(code: str) -> None:
    long = replace(person(20, name="Nguyễn Phúc " * 8), work=Work.SEEKING, schooling="none", qualification="none")
    assert len(answer(code, *[replace(long, is_trained_on_job=False)] * 15).why) <= LONGEST


def test_many_persons_are_counted_after_the_third() -> None:
    why = answer("employment", *[person(30, name=f"Lò {n}", work=Work.SEEKING) for n in range(5)]).why
    assert why.endswith("và 2 người khác.")


MEMBER = dict.fromkeys(
    ("sex", "schooling", "qualification", "work", "disability", "health_card", "nutrition"), ""
) | dict.fromkeys(("card_to", "uses_internet", "is_trained_on_job", "has_social_allowance"))


@pytest.mark.parametrize(
    ("birth_date", "birth_year", "age", "is_by_year"),
    [
        (datetime.date(2010, 10, 15), 2010, 16, False),
        (datetime.date(2010, 10, 16), 2010, 15, False),
        (None, 2010, 16, True),
        (None, None, None, False),
    ],
)
def test_age_in_completed_years_on_the_day(
    birth_date: datetime.date | None, birth_year: int | None, age: int | None, is_by_year: bool
) -> None:
    row = SimpleNamespace(name="Lò A", birth_date=birth_date, birth_year=birth_year, **MEMBER)
    facts = facts_of(row, DAY)
    assert (facts.age, facts.is_age_by_year) == (age, is_by_year)


def test_an_age_from_the_year_alone_is_said() -> None:
    facts = person(10, is_age_by_year=True, schooling="none")
    assert "(10 tuổi, chỉ biết năm sinh)" in answer("child_schooling", facts).why


def test_facts_of_the_dwelling_come_from_the_form() -> None:
    form = SimpleNamespace(
        is_wall_durable=True,
        is_column_durable=None,
        is_roof_durable=False,
        floor_area=Decimal("40.0"),
        water="tap",
        latrine="",
        devices=None,
    )
    assert dwelling_of(form) == DwellingFacts(
        is_wall_durable=True, is_roof_durable=False, floor_area=Decimal("40.0"), water="tap"
    )
