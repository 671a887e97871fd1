"""The sample units' rounds say what the plan says, and come from answers through the services of the review."""

import datetime
import json

import pytest
from django.conf import settings
from django.db.models import Count, Q, Sum

from households.choices import Category, RecognitionKind, ReviewState, RoundState, Step
from households.models import (
    Certificate,
    Complaint,
    Household,
    Member,
    Recognition,
    ReviewRound,
    VillageCount,
)
from households.selectors.rounds import progress
from povertyplan.areas.models import Area
from povertyplan.areas.selectors import unit_in_year

TODAY = datetime.date(2026, 11, 22)
REAL_VILLAGES = {"Bờ-Chư pâu": 42, "Mơ Tôn": 33, "Dơng": 12, "Mơhra-Đáp": 58, "Mơhven-Ôr": 39}


@pytest.fixture
def finished(demo: None) -> ReviewRound:
    return ReviewRound.objects.get(unit=unit_in_year("23668", 2022), year=2022)


@pytest.fixture
def under_way(demo: None) -> ReviewRound:
    return ReviewRound.objects.get(unit=unit_in_year("23818", 2026), year=2026)


def test_the_plan_of_2023_stands_on_the_recognised_round_of_2022(finished: ReviewRound) -> None:
    recognised = finished.recognised.filter(is_current=True, category=Category.POOR)

    assert finished.state == RoundState.RECOGNISED
    assert recognised.count() == 242
    assert recognised.filter(is_ethnic_minority=True).count() == 233
    by_village = dict(recognised.values_list("village__name").annotate(n=Count("pk")))
    assert {name: by_village[name] for name in REAL_VILLAGES} == REAL_VILLAGES
    assert by_village.keys() - REAL_VILLAGES == {f"{name} (số liệu mô phỏng)" for name in ("Một", "Hai", "Ba")}


def test_denominators_are_those_of_the_plan(finished: ReviewRound) -> None:
    counts = VillageCount.objects.filter(unit=finished.unit)
    sums = counts.aggregate(households=Sum("households"), minority=Sum("minority_households"))

    assert sums == {"households": 1160, "minority": 914}
    assert all("số liệu mô phỏng" in count.source for count in counts)


def test_no_near_poor_household_is_placed_in_a_village_of_the_plan(finished: ReviewRound) -> None:
    near_poor = finished.recognised.filter(is_current=True, category=Category.NEAR_POOR)

    assert near_poor.count() == 96
    assert all("số liệu mô phỏng" in row.village.name for row in near_poor.select_related("village"))


def test_every_category_follows_from_stored_answers(finished: ReviewRound) -> None:
    poor = Count("answers", filter=Q(answers__is_deprived=True))

    for review in finished.reviews.annotate(deprived=poor, answered=Count("answers")):
        expected = (
            Category.NOT_POOR
            if review.b1_score > 140
            else Category.POOR
            if review.deprived >= 3
            else Category.NEAR_POOR
        )
        assert (review.category, review.answered, review.b2_score) == (expected, 12, review.deprived * 10)


def test_who_entered_did_not_recognise_and_the_clerk_numbered(finished: ReviewRound) -> None:
    decision = Recognition.objects.get(round=finished)

    assert decision.kind == RecognitionKind.INITIAL
    assert decision.by.username == "leader-23668"
    assert decision.by.pk not in {author for review in finished.reviews.all() for author in review.authors}
    assert decision.paper.full_number == "112/QĐ-UBND"
    assert Certificate.objects.filter(unit=finished.unit).count() == 242 + 96


def test_the_round_of_2023_is_half_way(demo: None) -> None:
    half = ReviewRound.objects.get(unit=unit_in_year("23668", 2023), year=2023)
    states = dict(half.reviews.values_list("state").annotate(n=Count("pk")))

    assert half.state == RoundState.OPEN
    assert half.reviews.count() == 242 + 96
    assert states.keys() == {ReviewState.SURVEYED, ReviewState.TO_SURVEY}


def test_the_round_of_2026_is_late_and_has_a_complaint(under_way: ReviewRound) -> None:
    steps = {step.step: step for step in under_way.steps.all()}

    assert under_way.state == RoundState.OPEN
    assert Complaint.objects.get(round=under_way).result == ""
    late = {name for name, step in steps.items() if not step.done_on and step.due_on and step.due_on < TODAY}
    assert late == {Step.SURVEY, Step.VILLAGE_MEETING, Step.POSTING, Step.RECHECK}
    assert progress(under_way, today=TODAY).is_late


def test_the_people_are_invented(demo: None) -> None:
    names = json.loads((settings.BASE_DIR / "fixtures" / "names" / "people.json").read_text(encoding="utf-8"))

    assert not Member.objects.exclude(citizen_id="").exclude(citizen_id__startswith="000").exists()
    for group in ("Ba Na", "Kinh"):
        families = tuple(names[group]["family"])
        assert all(
            name.startswith(families)
            for name in Member.objects.filter(ethnicity__name=group).values_list("name", flat=True)
        )


def test_ethnicity_fits_the_village(finished: ReviewRound) -> None:
    real = Area.objects.villages_of(finished.unit).filter(name__in=REAL_VILLAGES)

    assert set(Member.objects.filter(household__village__in=real).values_list("ethnicity__name", flat=True)) == {
        "Ba Na"
    }
    assert Household.objects.filter(unit=finished.unit).count() == 242 + 96 + 45
