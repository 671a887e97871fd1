"""Corrections of single households of a recognised round."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    Category,
    RecognitionKind,
    ReviewState,
    RoundState,
    Transition,
)
from households.models import (
    Answer,
    Household,
    Indicator,
    Recognised,
    Recognition,
    Review,
    ReviewCause,
    ReviewIncome,
    ReviewNeed,
    ReviewRound,
)
from households.selectors.rounds import official_list
from households.services import recognition, rounds
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import user_with
from tests.households import walk


@pytest.fixture
def unit(db: None) -> Area:
    return walk.commune()


@pytest.fixture
def leader(unit: Area) -> User:
    return user_with(Role.LEADER, unit)


@pytest.fixture
def homes(unit: Area) -> dict[str, Household]:
    return walk.listed_homes(unit)


@pytest.fixture
def ready(unit: Area, homes: dict[str, Household]) -> ReviewRound:
    return walk.ready_round(unit, homes)


@pytest.fixture
def decided(ready: ReviewRound, leader: User) -> Recognition:
    return walk.recognised(ready, by=leader)


def again(row: Any) -> Any:
    row.refresh_from_db()
    return row


def test_a_correction_is_a_new_decision_from_the_same_place(
    ready: ReviewRound, decided: Recognition, leader: User
) -> None:
    first = walk.review_of(ready, "poor")
    correction = walk.opened_correction(ready, "poor")
    assert walk.rows_of(ready)[walk.NAMES["poor"]][1] == "not_poor"  # the first result counts until the decision
    assert walk.review_of(ready, "poor") == first
    walk.scored(correction, Category.NEAR_POOR)

    decision = walk.corrected(correction, leader)

    assert (decision.kind, decision.reason) == (RecognitionKind.CORRECTION, "chấm sai B2")
    assert walk.rows_of(ready)[walk.NAMES["poor"]] == ("poor", "near_poor", Transition.POOR_TO_NEAR_POOR)
    assert Recognised.objects.filter(round=ready, household=first.household).count() == 2
    assert walk.review_of(ready, "poor") == correction
    assert (again(correction).state, correction.is_frozen) == (ReviewState.RECOGNISED, True)
    assert (again(first).is_current, first.category) == (False, Category.NOT_POOR)


def test_a_correction_of_who_was_on_no_list(ready: ReviewRound, decided: Recognition, leader: User) -> None:
    correction = walk.scored(walk.opened_correction(ready, "not_poor"), Category.NOT_POOR)
    walk.corrected(correction, leader)
    assert walk.rows_of(ready)[walk.NAMES["not_poor"]] == ("", "not_poor", "")

    back = walk.scored(walk.opened_correction(ready, "not_poor"), Category.NEAR_POOR)
    walk.corrected(back, leader)
    assert walk.rows_of(ready)[walk.NAMES["not_poor"]] == ("", "near_poor", Transition.NEWLY_NEAR_POOR)
    assert official_list(ready.unit, walk.TODAY).count() == 2


def test_a_correction_copies_every_part_of_the_form(unit: Area, homes: dict[str, Any], leader: User) -> None:
    round = walk.opened(unit)
    rounds.round_list_fill(by=None, round=round)
    for name in ("poor", "near_poor"):
        walk.scored(Review.objects.get(round=round, household=homes[name]), name)
    form = Review.objects.get(round=round, household=homes["poor"])
    part = {"unit": unit, "review": form}
    Answer.objects.create(indicator=Indicator.objects.first(), is_deprived=True, **part)
    ReviewIncome.objects.create(source="wage", amount=12_000_000, **part)
    ReviewCause.objects.create(cause=round.standard.causes.first(), **part)
    ReviewNeed.objects.create(need="housing", **part)
    walk.agreed_round(round, reviewer=user_with(Role.REVIEWER, unit.parent))
    walk.recognised(round, by=leader)

    correction = walk.opened_correction(round, "poor")

    for related in ("answers", "incomes", "causes", "needs"):
        assert getattr(correction, related).count() == getattr(form, related).count() == 1
    assert (correction.b1_score, correction.category) == (100, Category.POOR)


def test_who_changed_the_correction_does_not_decide_on_it(
    ready: ReviewRound, decided: Recognition, leader: User
) -> None:
    both = walk.also_leads(user_with(Role.OFFICER, ready.unit))
    correction = walk.opened_correction(ready, "poor", by=both)

    with pytest.raises(ValidationError, match="không công nhận chính phiếu đó"):
        walk.corrected(correction, both)
    for user in (None, user_with(Role.OFFICER, ready.unit)):
        with pytest.raises(PermissionDenied):
            walk.corrected(correction, user)
    with pytest.raises(PermissionDenied):
        walk.opened_correction(ready, "near_poor", by=leader)


def test_one_correction_at_a_time_which_may_be_taken_back(ready: ReviewRound, decided: Recognition) -> None:
    correction = walk.opened_correction(ready, "poor")
    with pytest.raises(ValidationError, match="đang có một phiếu điều chỉnh"):
        walk.opened_correction(ready, "poor")

    recognition.correction_withdraw(by=None, review=correction, version=correction.version)

    assert walk.opened_correction(ready, "poor").pk


def test_a_correction_is_scored_and_not_before_the_round(
    ready: ReviewRound, decided: Recognition, leader: User
) -> None:
    correction = walk.opened_correction(ready, "poor")
    with pytest.raises(ValidationError, match="không trước ngày đó"):
        walk.corrected(correction, leader, on=walk.SENT_ON)
    Review.objects.filter(pk=correction.pk).update(state=ReviewState.TO_SURVEY)
    with pytest.raises(ValidationError, match="chưa chấm điểm xong"):
        walk.corrected(correction, leader)


def test_what_a_later_round_rests_on_is_corrected_there(
    unit: Area, homes: dict[str, Any], ready: ReviewRound, decided: Recognition
) -> None:
    later = walk.opened(unit, year=2025)
    ReviewRound.objects.filter(pk=later.pk).update(state=RoundState.RECOGNISED, recognised_on=later.ends_on)

    with pytest.raises(ValidationError, match="điều chỉnh ở đợt đó"):
        walk.opened_correction(ready, "poor")


def test_an_open_round_needs_no_correction(ready: ReviewRound) -> None:
    with pytest.raises(ValidationError, match="đang rà soát nên không ghi thêm được"):
        walk.opened_correction(ready, "poor")
