"""Phiếu A and Phiếu B through the services: what is refused, what follows from facts, two officers at once."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from households.choices import (
    B1Source,
    Category,
    HouseholdClosed,
    ReviewState,
    ScreenResult,
    SheetPurpose,
)
from households.models import (
    Answer,
    Review,
    ReviewIncome,
    ReviewRound,
    ReviewScore,
)
from households.services import reviews as services
from households.services.registry import household_close
from households.services.rounds import review_add
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory
from tests.households import build
from tests.households.review_forms import BY_HAND, DAY, FACTS, YEAR, errors_of, listed, open_round, save, sheet, typed


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return open_round(commune)


@pytest.fixture
def review(round: ReviewRound) -> Review:
    return listed(round)


def test_a_finished_form_has_answers_scores_category_and_reasons(review: Review, officer: User) -> None:
    saved = save(review, by=officer)
    answers = {answer.indicator.code: answer for answer in Answer.objects.select_related("indicator")}
    assert len(answers) == 12
    assert answers["latrine"].is_deprived is True
    assert "không có nhà tiêu" in answers["latrine"].why
    assert (saved.b1_score, saved.b2_score, saved.category) == (128, 30, Category.POOR)
    assert saved.reasons == ["B1 = 128, không quá 140 (nông thôn).", "B2 = 30, từ 30 trở lên."]
    assert (saved.state, saved.b1_source, saved.authors) == (ReviewState.SURVEYED, B1Source.ENTERED, [officer.pk])
    assert (saved.head_name, saved.persons) == ("Nguyễn Văn A", 4)


@pytest.mark.parametrize(
    ("b1", "lacking", "category"),
    [
        (140, 3, Category.POOR),
        (140, 2, Category.NEAR_POOR),
        (141, 3, Category.NOT_POOR),
        (140, 0, Category.NEAR_POOR),
    ],
)
def test_category_at_the_edges_of_circular_07_2021(review: Review, b1: int, lacking: int, category: str) -> None:
    """Thông tư 07/2021: nông thôn B1 ≤ 140, nghèo khi B2 ≥ 30, cận nghèo khi B2 < 30."""
    answers = {code: (place < lacking, "khai") for place, code in enumerate(BY_HAND)}
    saved = save(review, b1_score=b1, answers=answers, facts=FACTS | {"latrine": "septic"})
    assert (saved.b2_score, saved.category) == (10 * lacking, category)


def test_the_setting_of_the_household_goes_before_its_village_and_unit(review: Review) -> None:
    type(review.household).objects.filter(pk=review.household_id).update(setting="urban")
    assert save(review, b1_score=175).category == Category.POOR


def test_who_may_not_enter_is_refused(review: Review, leader: User, stranger: User) -> None:
    for user in (leader, stranger):
        with pytest.raises(PermissionDenied):
            save(review, by=user)
        with pytest.raises(PermissionDenied):
            services.review_screen(by=user, review=review, version=1, result=ScreenResult.STOP)
        with pytest.raises(PermissionDenied):
            services.draft_save(by=user, review=review, base_version=1, data={})
        with pytest.raises(PermissionDenied):
            services.draft_drop(by=user, review=review)
        with pytest.raises(PermissionDenied):
            services.reviews_save(by=user, rows=[{"review": review} | typed()])


def test_everything_missing_is_said_at_once_by_field(review: Review) -> None:
    errors = errors_of(review, answers={}, b1_score=None, surveyed_on=None, surveyor="", facts={})
    assert {"answer-latrine", "answer-employment", "b1_score", "surveyed_on", "surveyor"} <= set(errors)
    assert errors["answer-latrine"] == ["Chưa trả lời chỉ số «Nhà tiêu hợp vệ sinh»: Còn thiếu: loại nhà tiêu."]


def test_a_form_that_is_not_finished_is_kept_and_stays_to_survey(review: Review) -> None:
    saved = save(review, answers={}, b1_score=None, surveyor="", is_complete=False)
    assert (saved.state, saved.category, saved.b2_score) == (ReviewState.TO_SURVEY, "", None)
    assert Answer.objects.get(review=review, indicator__code="latrine").is_deprived is True


def test_a_finished_form_stays_finished(review: Review) -> None:
    saved = save(review)
    assert "answer-employment" in errors_of(saved, answers={}, is_complete=False)


def test_an_answer_against_the_facts_needs_its_reason_and_keeps_it(review: Review) -> None:
    answers = typed()["answers"]
    errors = errors_of(review, answers=answers | {"latrine": (False, "")})
    assert errors["reason-latrine"][0].startswith("Khác với tự tính (Nhà tiêu: không có nhà tiêu")
    saved = save(review, answers=answers | {"latrine": (False, "dùng chung với hộ liền kề")})
    answer = Answer.objects.get(review=saved, indicator__code="latrine")
    assert (answer.is_deprived, answer.computed, answer.override_reason) == (False, True, "dùng chung với hộ liền kề")


def test_an_answer_that_follows_the_facts_changes_with_them(review: Review) -> None:
    saved = save(save(review), facts=FACTS | {"latrine": "septic"})
    assert (saved.b2_score, saved.category) == (20, Category.NEAR_POOR)


def test_days_that_cannot_be_are_refused(review: Review) -> None:
    future = timezone.localdate() + datetime.timedelta(days=1)
    assert "tương lai" in errors_of(review, surveyed_on=future)["surveyed_on"][0]
    early = datetime.date(YEAR, 8, 31)
    assert "trước khi đợt rà soát bắt đầu" in errors_of(review, surveyed_on=early)["surveyed_on"][0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"facts": FACTS | {"floor_area": Decimal("-1")}}, "floor_area"),
        ({"facts": FACTS | {"water": "sea"}}, "water"),
        ({"facts": FACTS | {"devices": ["fax"]}}, "devices"),
        ({"b1_score": -1}, "b1_score"),
        ({"b1_score": 40000}, "b1_score"),
        ({"causes": [9]}, "causes"),
        ({"needs": ["gold"]}, "needs"),
        ({"answers": {"luck": (True, "")}}, "answer-luck"),
        ({"incomes": [("crops", 0, 100)]}, "earners-crops"),
        ({"incomes": [("crops", 1, -100)]}, "amount-crops"),
        ({"incomes": [("gold", 1, 100)]}, "incomes"),
        ({"incomes": [("crops", 1, 100), ("crops", 1, 100)]}, "amount-crops"),
        ({"b1_answers": {"1": "a"}}, "b1_score"),
    ],
)
def test_values_out_of_range_are_refused_at_their_field(review: Review, change: dict[str, Any], field: str) -> None:
    assert field in errors_of(review, **change)


def test_phieu_a_comes_before_phieu_b(round: ReviewRound, officer: User) -> None:
    household = build.household(round.unit)
    review = review_add(by=None, round=round, household=household)
    assert "Phiếu A" in errors_of(review)[""][0]
    stopped = services.review_screen(
        by=officer, review=review, version=review.version, result=ScreenResult.STOP, on=DAY
    )
    assert stopped.state == ReviewState.SCREENED_OUT
    assert "không rà soát tiếp" in errors_of(stopped)[""][0]
    on = services.review_screen(by=officer, review=stopped, version=stopped.version, result="continue", on=DAY)
    assert (on.state, on.screened_on, on.authors) == (ReviewState.TO_SURVEY, DAY, [officer.pk])
    done = save(on)
    with pytest.raises(ValidationError, match="đã làm Phiếu B"):
        services.review_screen(by=officer, review=done, version=done.version, result="stop", on=DAY)


def test_phieu_a_without_a_result_is_refused(review: Review) -> None:
    with pytest.raises(ValidationError, match="Chưa chọn kết quả"):
        services.review_screen(by=None, review=review, version=review.version, result="", on=DAY)


def test_a_household_that_left_is_not_reviewed(review: Review, round: ReviewRound) -> None:
    household_close(
        by=None, household=review.household, version=review.household.version, on=DAY, because=HouseholdClosed.MOVED_OUT
    )
    assert "thôi theo dõi" in errors_of(review)[""][0]


def test_a_household_that_moved_to_another_unit_is_not_reviewed(review: Review) -> None:
    village = VillageFactory()
    type(review.household).objects.filter(pk=review.household_id).update(unit=village.parent, village=village)
    assert "chuyển sang đơn vị khác" in errors_of(review)[""][0]


def test_a_dropped_form_and_a_closed_round_are_refused(review: Review, round: ReviewRound) -> None:
    Review.objects.filter(pk=review.pk).update(state=ReviewState.DROPPED, dropped_because="ghi nhầm")
    assert "đưa ra khỏi danh sách" in errors_of(review, version=review.version + 1)[""][0]
    ReviewRound.objects.filter(pk=round.pk).update(state="cancelled", cancelled_because="thử")
    assert "Phiếu đã khóa" in errors_of(review, version=review.version + 1)[""][0]


def test_a_frozen_form_is_refused(review: Review) -> None:
    saved = save(review)
    Review.objects.filter(pk=review.pk).update(is_frozen=True)
    assert "Phiếu đã khóa" in errors_of(saved, version=saved.version + 1)[""][0]


# --- two officers -------------------------------------------------------------------------------------------------


def test_changes_of_different_answers_are_both_kept(review: Review) -> None:
    first = save(review)
    answers = typed()["answers"]
    save(first, answers=answers | {"nutrition": (True, "")})
    merged = save(first, version=first.version, answers=answers | {"health_insurance": (True, "")}, b1_score=130)
    assert (merged.b2_score, merged.b1_score) == (50, 130)


def test_the_same_answer_changed_by_both_is_a_conflict_with_both_values(review: Review, officer: User) -> None:
    first = save(review, answers={}, is_complete=False)
    other = save(first, by=officer, answers={"nutrition": (True, "")}, is_complete=False)
    with pytest.raises(EditConflict) as caught:
        save(first, version=first.version, answers={"nutrition": (False, "")}, is_complete=False)
    conflict = caught.value
    assert [(field.label, field.theirs, field.mine) for field in conflict.fields] == [
        ("Dinh dưỡng", "thiếu hụt", "không thiếu hụt")
    ]
    assert conflict.who == str(officer)
    mine = save(
        first, version=first.version, answers={"nutrition": (False, "")}, is_complete=False, overrule=other.version
    )
    assert Answer.objects.get(review=mine, indicator__code="nutrition").is_deprived is False


def test_a_save_of_answers_alone_raises_the_version(review: Review) -> None:
    first = save(review)
    answers = typed()["answers"] | {"employment": (False, ""), "nutrition": (True, "")}
    assert save(first, answers=answers).version > first.version


def test_saving_the_same_again_raises_nothing(review: Review, officer: User) -> None:
    first = save(review, by=officer)
    assert save(first, by=officer).version == first.version


def test_a_column_changed_by_both_is_a_conflict(review: Review) -> None:
    first = save(review)
    save(first, b1_score=131)
    with pytest.raises(EditConflict, match="điểm B1"):
        save(first, version=first.version, b1_score=132)


def test_causes_of_both_are_kept_and_incomes_clash_by_source(review: Review) -> None:
    first = save(review)
    save(first, causes=[1], incomes=[("crops", 1, 100)])
    merged = save(first, version=first.version, causes=[2], incomes=[("wage", 1, 50)])
    assert sorted(row.cause.number for row in merged.causes.select_related("cause")) == [1, 2]
    assert dict(merged.incomes.values_list("source", "amount")) == {"crops": 100, "wage": 50}
    with pytest.raises(EditConflict, match="trồng trọt"):
        save(first, version=first.version, incomes=[("crops", 1, 200)])


def test_rows_that_are_no_longer_typed_go(review: Review) -> None:
    first = save(review, causes=[1, 2], needs=["credit", ("other", "giống cây")], incomes=[("crops", 1, 100)])
    second = save(first, causes=[2], needs=[("other", "giống")], incomes=[])
    assert [row.cause.number for row in second.causes.select_related("cause")] == [2]
    assert list(second.needs.values_list("need", "note")) == [("other", "giống")]
    assert not ReviewIncome.objects.exists()


def test_b1_is_the_sum_of_the_sheet_where_one_is_loaded(review: Review) -> None:
    loaded = sheet()
    saved = save(review, b1_score=None, b1_answers={"1": "a", "2": Decimal(4)})
    assert (saved.b1_score, saved.b1_source, saved.b1_sheet) == (130, B1Source.COMPUTED, loaded)
    assert sorted(ReviewScore.objects.values_list("points", flat=True)) == [30, 100]
    again = save(saved, b1_score=None, b1_answers={"1": "b", "2": Decimal(0)})
    assert again.b1_score == 20


def test_an_open_question_of_the_sheet_is_said_at_its_field(review: Review) -> None:
    sheet()
    errors = errors_of(review, b1_score=None, b1_answers={"1": "z"})
    assert "không có phương án" in errors["b1-1"][0]
    errors = errors_of(review, b1_score=None, b1_answers={"1": "a"})
    assert list(errors) == ["b1-2"]


def test_a_total_may_be_entered_beside_a_loaded_sheet(review: Review) -> None:
    sheet()
    computed = save(review, b1_score=None, b1_answers={"1": "a", "2": Decimal(1)})
    entered = save(computed, b1_score=99)
    assert (entered.b1_score, entered.b1_source, entered.b1_sheet) == (99, B1Source.ENTERED, None)
    assert not ReviewScore.objects.exists()


def test_phieu_a_is_judged_by_its_questions(round: ReviewRound) -> None:
    sheet(SheetPurpose.QUICK_SCREEN)
    review = review_add(by=None, round=round, household=build.household(round.unit))
    stopped = services.review_screen(by=None, review=review, version=review.version, answers={"1": "a"}, on=DAY)
    assert stopped.state == ReviewState.SCREENED_OUT
    with pytest.raises(ValidationError, match="chưa trả lời"):
        services.review_screen(by=None, review=stopped, version=stopped.version, answers={"1": "b"}, on=DAY)
    with pytest.raises(ValidationError, match="Câu trả lời dẫn đến"):
        services.review_screen(
            by=None, review=stopped, version=stopped.version, answers={"1": "a"}, result="continue", on=DAY
        )
