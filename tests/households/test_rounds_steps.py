"""Order of the steps, village meetings, posting, complaints, the opinion of the level above."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from households.choices import Agreement, Category, ParameterCode, ReviewState, RoundKind, Step
from households.models import Opinion, Parameter, Review, ReviewRound
from households.rules.steps import is_agreed
from households.selectors.round_facts import facts_of
from households.selectors.rounds import progress
from households.services import rounds, steps
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory, user_with
from tests.households import build, walk

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2024, 12, 1)
NAMES = ("Nguyễn Văn Một", "Nguyễn Văn Hai", "Nguyễn Văn Ba", "Nguyễn Văn Bốn")


@pytest.fixture
def unit() -> Area:
    return walk.commune()


@pytest.fixture
def round(unit: Area) -> ReviewRound:
    return walk.opened(unit)


@pytest.fixture
def reviews(round: ReviewRound) -> list[Review]:
    """Two scored households of the one village."""
    forms = walk.added(round, *(build.household(round.unit, head=name) for name in NAMES[:2]))
    return [walk.scored(forms[0]), walk.scored(forms[1], Category.NEAR_POOR)]


@pytest.fixture
def reviewer(unit: Area) -> User:
    return user_with(Role.REVIEWER, unit.parent)


def again(review: Review) -> Review:
    review.refresh_from_db()
    return review


# Order


def test_a_step_out_of_order_lists_everything_that_is_missing(round: ReviewRound) -> None:
    VillageFactory(parent=round.unit)
    walk.added(round, build.household(round.unit))

    with pytest.raises(ValidationError) as caught:
        walk.done(round, Step.SURVEY, walk.SURVEYED_ON)

    village = Area.objects.villages_of(round.unit).first()
    assert caught.value.messages == [
        "Bước «Lập danh sách» chưa xong.",
        "Bước «Nhận dạng nhanh» chưa xong.",
        f"{village.title}: còn 1 hộ chưa có kết quả Phiếu A.",
    ]


def test_an_empty_list_is_not_done(round: ReviewRound) -> None:
    with pytest.raises(ValidationError, match="chưa có hộ nào"):
        walk.done(round, Step.LISTING, walk.LISTED_ON)


def test_days_of_steps_follow_each_other_and_are_not_to_come(round: ReviewRound, reviews: list[Review]) -> None:
    walk.done(round, Step.LISTING, walk.LISTED_ON)

    with pytest.raises(ValidationError, match="Không sớm hơn 10/09/2024"):
        walk.done(round, Step.QUICK_SCREEN, walk.LISTED_ON - datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="không ghi ngày chưa đến"):
        walk.done(round, Step.QUICK_SCREEN, datetime.date(2100, 1, 1))
    with pytest.raises(ValidationError, match="đã xong ngày 10/09/2024"):
        walk.done(round, Step.LISTING, walk.LISTED_ON)


def test_a_step_is_not_done_before_the_last_thing_in_it(round: ReviewRound, reviews: list[Review]) -> None:
    walk.done(round, Step.LISTING, walk.LISTED_ON)
    walk.done(round, Step.QUICK_SCREEN, walk.LISTED_ON)
    day = datetime.timedelta(days=1)

    with pytest.raises(ValidationError, match=r"Phiếu B sau cùng làm ngày 14/10/2024"):
        walk.done(round, Step.SURVEY, walk.SURVEYED_ON - day)
    walk.done(round, Step.SURVEY, walk.SURVEYED_ON)
    walk.met(round, *reviews)
    with pytest.raises(ValidationError, match=r"cuộc họp dân sau cùng ngày 21/10/2024"):
        walk.done(round, Step.VILLAGE_MEETING, walk.MET_ON - day)
    walk.done(round, Step.VILLAGE_MEETING, walk.MET_ON)


def test_a_household_that_left_blocks_until_it_is_dropped(round: ReviewRound, reviews: list[Review]) -> None:
    type(reviews[0].household).objects.filter(pk=reviews[0].household_id).update(
        closed_on=walk.SURVEYED_ON, closed_because="moved_out"
    )
    walk.done(round, Step.LISTING, walk.LISTED_ON)
    walk.done(round, Step.QUICK_SCREEN, walk.LISTED_ON)

    with pytest.raises(ValidationError, match="1 hộ có phiếu nhưng đã chuyển đi hoặc thôi theo dõi"):
        walk.done(round, Step.SURVEY, walk.SURVEYED_ON)

    rounds.review_drop(by=None, review=reviews[0], version=again(reviews[0]).version, reason="đã chuyển đi")
    walk.done(round, Step.SURVEY, walk.SURVEYED_ON)


def test_reopening_a_step_reopens_what_follows(round: ReviewRound, reviews: list[Review]) -> None:
    walk.surveyed(round)
    row = round.steps.get(step=Step.QUICK_SCREEN)

    with pytest.raises(ValidationError, match="Ghi lý do"):
        rounds.step_reopen(by=None, round=round, step=row.step, version=row.version, reason="")
    rounds.step_reopen(by=None, round=round, step=row.step, version=row.version, reason="sót hộ")

    done = round.steps.filter(done_on__isnull=False)
    assert [step.step for step in done] == [Step.LISTING]
    assert round.steps.get(step=Step.QUICK_SCREEN).note == "sót hộ"


def test_recognition_has_its_own_door(round: ReviewRound) -> None:
    with pytest.raises(ValidationError, match="khi lãnh đạo công nhận"):
        walk.done(round, Step.RECOGNITION, walk.DECIDED_ON)
    with pytest.raises(ValidationError, match="khi lãnh đạo công nhận"):
        rounds.step_reopen(by=None, round=round, step=Step.RECOGNITION, version=1, reason="x")


def test_a_step_marked_by_two_is_a_conflict(round: ReviewRound, reviews: list[Review]) -> None:
    walk.done(round, Step.LISTING, walk.LISTED_ON)

    with pytest.raises(EditConflict):
        rounds.step_finish(by=None, round=round, step=Step.LISTING, version=1, on=walk.SURVEYED_ON)


# Village meeting: Quyết định 24/2021, Điều 4 (regulations 3.3)


@pytest.mark.parametrize(
    ("agreed", "present", "is_enough"), [(10, 20, True), (9, 20, False), (11, 21, True), (10, 21, False), (0, 1, False)]
)
def test_exactly_half_is_enough(agreed: int, present: int, is_enough: bool) -> None:
    assert is_agreed(agreed, present, 50) is is_enough


def test_half_of_those_present_settle_a_household(round: ReviewRound, reviews: list[Review]) -> None:
    meeting = walk.met(round, *reviews, agreed=10)

    assert set(meeting.verdicts.values_list("result", flat=True)) == {Agreement.AGREED}
    assert (meeting.sitting, meeting.households_listed) == (1, 2)
    assert again(reviews[0]).state == ReviewState.SURVEYED


def test_less_than_half_sends_back_and_the_village_meets_again(round: ReviewRound, reviews: list[Review]) -> None:
    first, second = reviews
    verdicts = {first.pk: (9, "nhà mới xây"), second.pk: (20, "")}
    minutes = walk.MINUTES | {"held_on": walk.MET_ON}
    steps.meeting_record(by=None, round=round, village=first.village, verdicts=verdicts, **minutes)

    assert again(first).state == ReviewState.TO_SURVEY
    assert first.surveyed_on is None  # another survey has a day of its own
    assert first.redo_because == "Họp dân ngày 21/10/2024: 9/20 người thống nhất. nhà mới xây"
    assert again(second).state == ReviewState.SURVEYED
    with pytest.raises(ValidationError, match="còn 1 hộ chưa rà soát xong"):
        walk.met(round, first)

    walk.scored(first, Category.NEAR_POOR, on=walk.MET_ON)
    meeting = walk.met(round, first, on=walk.MET_ON + datetime.timedelta(days=2))

    assert meeting.sitting == 2
    assert progress(round, today=TODAY).villages[0].is_met


def test_a_form_scored_again_after_the_meeting_needs_another(round: ReviewRound, reviews: list[Review]) -> None:
    walk.surveyed(round)
    walk.met(round, *reviews)
    walk.scored(reviews[0], Category.POOR, on=walk.MET_ON + datetime.timedelta(days=1))

    with pytest.raises(ValidationError, match="1 hộ đã chấm điểm chưa được cuộc họp thống nhất"):
        walk.done(round, Step.VILLAGE_MEETING, walk.POSTED_TO)


def test_the_meeting_speaks_of_every_household(round: ReviewRound, reviews: list[Review]) -> None:
    with pytest.raises(ValidationError, match="chưa kết luận về hộ: Nguyễn Văn Hai"):
        walk.met(round, reviews[0])


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"households_represented": 3}, "households_represented", "nhiều hơn số hộ trong danh sách"),
        ({"participants": 0}, "participants", "phải có người dự"),
        ({"participants": 19}, "agreed", "từ 0 đến số người dự họp (19)"),
        ({"on": walk.SURVEYED_ON - datetime.timedelta(days=1)}, "held_on", "sau cùng ngày 14/10/2024"),
        ({"on": datetime.date(2100, 1, 1)}, "held_on", "chưa đến"),
        ({"place": ""}, "place", ""),
    ],
)
def test_impossible_minutes_are_refused_by_field(
    round: ReviewRound, reviews: list[Review], fields: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        walk.met(round, *reviews, **fields)

    errors = caught.value.message_dict
    key = f"agreed-{reviews[0].pk}" if field == "agreed" else field
    assert sentence in " ".join(errors[key])
    assert not round.meetings.exists()


def test_a_household_of_another_village_is_not_in_the_minutes(round: ReviewRound, reviews: list[Review]) -> None:
    other = VillageFactory(parent=round.unit)
    (foreign,) = walk.added(round, build.household(round.unit, other, head=NAMES[2]))
    walk.scored(foreign)

    with pytest.raises(ValidationError, match="không thuộc danh sách đã chấm điểm của thôn"):
        walk.met(round, *reviews, foreign)


def test_a_village_without_scored_households_does_not_meet(round: ReviewRound) -> None:
    (review,) = walk.added(round, build.household(round.unit))
    walk.screened_out(review)

    with pytest.raises(ValidationError, match="không có hộ nào đã chấm điểm"):
        walk.met(round, review)
    walk.surveyed(round)
    walk.done(round, Step.VILLAGE_MEETING, walk.MET_ON)


def test_without_the_share_in_law_no_verdict(round: ReviewRound, reviews: list[Review]) -> None:
    Parameter.objects.filter(code=ParameterCode.MEETING_AGREE_PERCENT).delete()

    with pytest.raises(ValidationError, match="Chưa có tỷ lệ"):
        walk.met(round, *reviews)


def test_a_meeting_marked_done_takes_no_more_minutes(round: ReviewRound, reviews: list[Review]) -> None:
    walk.surveyed(round)
    walk.met(round, *reviews)
    walk.done(round, Step.VILLAGE_MEETING, walk.MET_ON)

    with pytest.raises(ValidationError, match="mở lại bước này"):
        walk.met(round, *reviews)


# Progress


def test_progress_says_what_is_late_and_who_must_act(round: ReviewRound, reviews: list[Review]) -> None:
    found = progress(round, today=datetime.date(2024, 12, 5))

    assert [step.state for step in found.steps] == ["now", *["next"] * 8]
    assert [step.title for step in found.steps if step.is_late] == ["Rà soát, chấm điểm", "Họp dân"]
    assert [step.who for step in found.steps][6:] == ["Cán bộ nhập liệu", "Lãnh đạo", "Cán bộ nhập liệu"]
    assert (found.listed, found.surveyed, found.poor, found.near_poor) == (2, 2, 1, 1)
    village = found.villages[0]
    assert (village.listed, village.screened, village.surveyed, village.is_met, village.is_posted) == (
        2,
        2,
        2,
        False,
        False,
    )
    assert found.steps[1].detail == "chưa có hạn"
    assert found.steps[3].detail == "quá hạn 03/12/2024"


def test_the_level_above_must_act_once_it_is_asked(round: ReviewRound, reviews: list[Review]) -> None:
    walk.posted_round(round)
    steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)

    now = progress(round, today=TODAY).now

    assert now is not None
    assert (now.step, now.who) == (Step.OPINION, "Cán bộ cấp trên")
    assert [finding.anchor for finding in now.blockers] == ["opinion"]


@pytest.mark.parametrize("count", [1, 3])
def test_progress_asks_the_same_questions_for_one_and_three(count: int, django_assert_num_queries: Any) -> None:
    unit = walk.commune(villages=count)
    round = walk.opened(unit)
    for village in Area.objects.villages_of(unit):
        forms = walk.added(round, *(build.household(unit, village, head=name) for name in NAMES[:count]))
        walk.met(round, *(walk.scored(form) for form in forms))
        walk.posted(round, village)

    with django_assert_num_queries(4):  # steps, forms by village, villages, the last opinion
        found = progress(round, today=TODAY)

    assert len(found.villages) == count
    assert Opinion.objects.count() == 0


def test_minutes_are_corrected_around_their_verdicts(round: ReviewRound, reviews: list[Review]) -> None:
    meeting = walk.met(round, *reviews)

    corrected = steps.minutes_correct(
        by=None, meeting=meeting, version=meeting.version, chair="Lê Văn Trưởng", held_on=walk.SURVEYED_ON
    )
    assert (corrected.chair, corrected.held_on, corrected.participants) == ("Lê Văn Trưởng", walk.SURVEYED_ON, 20)
    assert corrected.verdicts.count() == 2
    with pytest.raises(EditConflict):
        steps.minutes_correct(by=None, meeting=meeting, version=1, chair="Người khác")
    with pytest.raises(TypeError):
        steps.minutes_correct(by=None, meeting=meeting, version=corrected.version, participants=30)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (walk.SURVEYED_ON - datetime.timedelta(days=1), "không sớm hơn"),
        (walk.POSTED_ON + datetime.timedelta(days=1), "không muộn hơn"),
        (datetime.date(2100, 1, 1), "không ghi ngày chưa đến"),
    ],
)
def test_a_meeting_stays_between_its_survey_and_its_posting(
    round: ReviewRound, reviews: list[Review], day: datetime.date, sentence: str
) -> None:
    meeting = walk.met(round, *reviews)
    walk.posted(round, reviews[0].village)

    with pytest.raises(ValidationError, match=sentence):
        steps.minutes_correct(by=None, meeting=meeting, version=meeting.version, held_on=day)


def test_a_monthly_round_shows_the_villages_of_its_forms(unit: Area) -> None:
    """Rà soát thường xuyên: one household is no reason to list every village."""
    VillageFactory(parent=unit)
    monthly = walk.opened(unit, kind=RoundKind.REGULAR, month=10)
    home = build.household(unit)
    walk.added(monthly, home)

    assert [village.pk for village in facts_of(monthly).villages] == [home.village_id]
