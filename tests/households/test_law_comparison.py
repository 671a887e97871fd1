"""Two standards side by side: the same answers, who changes, why, and who cannot be decided."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import Category, IncomeSource, ListedBecause, ReviewState, RoundKind
from households.models import Answer, Household, Indicator, Review, ReviewIncome, ReviewRound
from households.selectors.comparison import Cell, Compared, compare
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households.build import standard

POOR, NEAR, NOT = Category.POOR, Category.NEAR_POOR, Category.NOT_POOR
NOW, NEXT, BEFORE = "2022_2025", "2027_2030", "2016_2020"
ASKED = (
    "employment",
    "dependants",
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
YEAR = 2026


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return ReviewRound.objects.create(
        unit=commune,
        year=YEAR,
        kind=RoundKind.PERIODIC,
        standard=standard(NOW),
        starts_on=datetime.date(YEAR, 9, 1),
        ends_on=datetime.date(YEAR, 12, 14),
    )


def scored(
    round: ReviewRound,
    village: Area,
    *,
    category: Category,
    b1: int,
    lacks: tuple[str, ...] = (),
    income: int | None = None,
    persons: int = 2,
    **fields: Any,
) -> Review:
    """A scored form with all twelve answers; ``income`` is of twelve months, all persons."""
    number = Household.objects.count() + 1
    home = Household.objects.create(
        unit=round.unit,
        village=village,
        code=f"H{number}",
        opened_on=datetime.date(2020, 1, 1),
        setting=fields.pop("setting", ""),
    )
    review = Review.objects.create(
        unit=round.unit,
        round=round,
        household=home,
        village=village,
        listed_because=ListedBecause.ADDED,
        state=ReviewState.SURVEYED,
        category=category,
        b1_score=b1,
        b2_score=10 * len(lacks),
        persons=persons,
        head_name=f"Chủ Hộ {number}",
        head_sort_key=f"{number:03d}",
        **fields,
    )
    codes = {indicator.code: indicator for indicator in Indicator.objects.all()}
    Answer.objects.bulk_create(
        Answer(unit=round.unit, review=review, indicator=codes[code], is_deprived=code in lacks) for code in ASKED
    )
    if income is not None:
        ReviewIncome.objects.create(unit=round.unit, review=review, source=IncomeSource.CROPS, amount=income)
    return review


def verdict(round: ReviewRound, other: str) -> Compared:
    [row] = compare(round, standard(other)).rows
    return row


THREE = ("employment", "water", "latrine")
WITH_MEANS = ("employment", "water", "information_means")


@pytest.mark.parametrize(
    ("category", "b1", "lacks", "income", "expected"),
    [
        (POOR, 140, THREE, None, POOR),  # B1 ≤ 140 stands for ≤ 1,5 million, which is under 2,2 million
        (POOR, 140, WITH_MEANS, None, None),  # means of information are no indicator any more; waste is not answered
        (NEAR, 140, ("water",), None, NEAR),  # with waste it would be two
        (NEAR, 140, ("water", "latrine"), None, None),  # waste could be the third
        (NOT, 141, THREE, None, None),  # more than 1,5 million says nothing on 2,2 million
        (NOT, 150, THREE, 2 * 12 * 2_200_000, POOR),
        (NOT, 150, (), 2 * 12 * 2_200_000, NEAR),
        (NOT, 150, THREE, 2 * 12 * 2_200_000 + 1, NOT),
    ],
)
def test_the_round_of_2026_under_the_standard_of_2027(
    round: ReviewRound,
    village: Area,
    category: Category,
    b1: int,
    lacks: tuple[str, ...],
    income: int | None,
    expected: Category | None,
) -> None:
    """Nghị định 351/2025 (READ): 2.200.000 rural, three indicators; 140 points stand for 1.500.000 (READ)."""
    scored(round, village, category=category, b1=b1, lacks=lacks, income=income)
    row = verdict(round, NEXT)
    assert row.other == expected
    assert row.is_open is (expected is None)
    assert row.is_changed is (expected not in {None, category})


def test_the_urban_line_counts_in_an_urban_household(round: ReviewRound, village: Area) -> None:
    scored(round, village, category=NOT, b1=200, lacks=THREE, income=2 * 12 * 2_800_000, setting="urban")
    assert verdict(round, NEXT).other == POOR


@pytest.mark.parametrize(
    ("b1", "income", "expected"),
    [
        (141, None, NOT),  # above 1,5 million is above 1.000.000
        (140, None, None),
        (140, 2 * 12 * 700_000, POOR),
        (140, 2 * 12 * 700_000 + 1, None),  # between the lines B2 of that standard is needed, which nobody scored
        (140, 2 * 12 * 1_000_000 + 1, NOT),
    ],
)
def test_the_same_round_under_the_standard_of_2016(
    round: ReviewRound, village: Area, b1: int, income: int | None, expected: Category | None
) -> None:
    """Quyết định 59/2015 (READ): 700.000 and 1.000.000 rural; its points are of another form and are not read."""
    scored(round, village, category=POOR if b1 == 140 else NOT, b1=b1, lacks=THREE, income=income)
    row = verdict(round, BEFORE)
    assert row.other == expected
    assert row.verdict.reasons


def test_the_same_standard_changes_nobody(round: ReviewRound, village: Area) -> None:
    scored(round, village, category=POOR, b1=140, lacks=THREE)
    scored(round, village, category=NEAR, b1=140, lacks=THREE[:2])
    scored(round, village, category=NOT, b1=141, lacks=THREE)
    found = compare(round, standard(NOW))
    assert found.changed == []
    assert found.undecided == []


def test_the_reason_says_what_decided(round: ReviewRound, village: Area) -> None:
    scored(round, village, category=NEAR, b1=140, lacks=("water", "latrine"))
    reasons = verdict(round, NEXT).verdict.reasons
    assert "ứng với thu nhập không quá 1.500.000 đồng" in reasons[0]
    assert reasons[1] == "Thiếu hụt 2 chỉ số, còn 1 chỉ số chưa trả lời: chưa biết có đủ 3."


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (BEFORE, ("khác thang", "mốc điểm B1 nông thôn của chuẩn để so chưa có", "các chỉ số thiếu hụt của chuẩn")),
        (NEXT, ("khác thang", "mốc điểm B1 nông thôn, thành thị của chuẩn để so chưa có")),
        (NOW, ()),
    ],
)
def test_one_sentence_says_what_the_other_standard_cannot_read(
    officer_client: Client, round: ReviewRound, village: Area, other: str, said: tuple[str, ...]
) -> None:
    scored(round, village, category=POOR, b1=140)

    limits = compare(round, standard(other)).limits

    assert [part for part in said if part not in limits] == []
    assert bool(limits) is bool(said)
    if other != NOW:
        page = officer_client.get(address(round, standard=other, show="open")).content.decode()
        assert limits in page
        assert village.title in page


def test_the_matrix_counts_households_and_persons(round: ReviewRound, village: Area) -> None:
    scored(round, village, category=POOR, b1=140, lacks=THREE, persons=5)
    scored(round, village, category=POOR, b1=140, lacks=WITH_MEANS, persons=3)
    scored(round, village, category=NOT, b1=150, lacks=THREE, income=12, persons=1)
    found = compare(round, standard(NEXT))
    none = Cell(households=0, persons=0)
    assert [line.cells for line in found.lines] == [
        (Cell(households=1, persons=5), none, none, Cell(households=1, persons=3)),
        (none, none, none, none),
        (Cell(households=1, persons=1), none, none, none),
    ]
    assert found.totals[-1] == Cell(households=3, persons=9)


def test_forms_that_are_not_scored_or_were_replaced_do_not_count(round: ReviewRound, village: Area) -> None:
    old = scored(round, village, category=POOR, b1=140, is_current=False)
    open_form = scored(round, village, category=POOR, b1=140)
    Review.objects.filter(pk=open_form.pk).update(state=ReviewState.TO_SURVEY)
    assert compare(round, standard(NEXT)).rows == ()
    assert old.pk != open_form.pk


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_is_three_questions(
    round: ReviewRound, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        scored(round, village, category=POOR, b1=140, lacks=THREE, income=12)
    other = standard(NEXT)
    with django_assert_num_queries(3):
        compare(round, other)


def address(round: ReviewRound, **query: Any) -> str:
    url = reverse("law:compare", kwargs={"code": round.unit.code, "year": round.year, "pk": round.pk})
    return url + "?" + "&".join(f"{name}={value}" for name, value in query.items())


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_questions_for_one_and_three(
    officer_client: Client, round: ReviewRound, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        scored(round, village, category=POOR, b1=140, lacks=WITH_MEANS)
    with django_assert_num_queries(11):
        officer_client.get(address(round, show="open"))


def test_the_page_shows_who_is_open_and_who_changes(
    officer_client: Client, round: ReviewRound, village: Area, commune: Area
) -> None:
    other_village = VillageFactory(parent=commune)
    opened = scored(round, village, category=POOR, b1=140, lacks=WITH_MEANS)
    changed = scored(round, other_village, category=NOT, b1=150, lacks=THREE, income=12)

    def names(**query: Any) -> list[str]:
        page = officer_client.get(address(round, standard=NEXT, **query))
        return [row.head_name for row in page.context["page"]]

    assert names() == [changed.head_name]
    assert names(show="open") == [opened.head_name]
    assert names(show="all", village=village.pk) == [opened.head_name]
    page = officer_client.get(address(round, standard=NEXT)).content.decode()
    assert "còn tạm thời" in page


def test_without_a_choice_the_page_takes_the_newest_other_standard(officer_client: Client, round: ReviewRound) -> None:
    page = officer_client.get(address(round, standard="nothing"))
    assert page.context["found"].other.code == NEXT
    assert "chưa có phiếu nào chấm xong" in page.content.decode()


def test_a_round_of_another_commune_is_not_found(stranger: User, round: ReviewRound) -> None:
    client = Client()
    client.force_login(stranger)
    own = stranger.grants.get().area
    assert client.get(address(round)).status_code == 404
    url = reverse("law:compare", kwargs={"code": own.code, "year": YEAR, "pk": round.pk})
    assert client.get(url).status_code == 404
