"""Posting of results, complaints and their recheck; who may write any of the steps."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import Category, ComplaintResult, ParameterCode, Step
from households.models import Complaint, Review, ReviewRound
from households.selectors.round_facts import facts_of
from households.services import steps
from households.services.law import parameter_set
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, VillageFactory, user_with
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


def test_a_posting_hangs_three_working_days_across_the_end_of_a_month(
    round: ReviewRound, reviews: list[Review]
) -> None:
    walk.met(round, *reviews)
    friday = datetime.date(2024, 11, 29)

    with pytest.raises(ValidationError, match="03 ngày làm việc thì sớm nhất đến hết ngày 03/12/2024"):
        walk.posted(round, reviews[0].village, friday, ends_on=datetime.date(2024, 12, 2))

    assert walk.posted(round, reviews[0].village, friday).ends_on == datetime.date(2024, 12, 3)


def test_no_posting_before_every_household_is_settled(round: ReviewRound, reviews: list[Review]) -> None:
    village = reviews[0].village
    with pytest.raises(ValidationError, match="chưa họp dân"):
        walk.posted(round, village)
    walk.met(round, *reviews, agreed=9)
    with pytest.raises(ValidationError, match="còn 2 hộ chưa được cuộc họp thống nhất"):
        walk.posted(round, village)


def test_a_posting_before_its_meeting_is_refused(round: ReviewRound, reviews: list[Review]) -> None:
    walk.met(round, *reviews)

    with pytest.raises(ValidationError, match="họp ngày 21/10/2024; niêm yết sau cuộc họp"):
        walk.posted(round, reviews[0].village, walk.MET_ON - datetime.timedelta(days=1))


def test_a_village_is_posted_once_and_may_be_corrected(round: ReviewRound, reviews: list[Review]) -> None:
    walk.met(round, *reviews)
    posting = walk.posted(round, reviews[0].village)
    with pytest.raises(ValidationError, match=f"{reviews[0].village.title} đã niêm yết từ ngày 22/10/2024"):
        walk.posted(round, reviews[0].village)

    with pytest.raises(ValidationError, match="sớm nhất đến hết ngày 25/10/2024"):
        steps.posting_update(by=None, posting=posting, version=1, starts_on=datetime.date(2024, 10, 23))
    moved = steps.posting_update(
        by=None,
        posting=posting,
        version=1,
        starts_on=datetime.date(2024, 10, 23),
        ends_on=datetime.date(2024, 10, 25),
    )
    assert moved.ends_on == datetime.date(2024, 10, 25)


def test_the_step_waits_for_the_last_day_of_every_posting(round: ReviewRound, reviews: list[Review]) -> None:
    walk.surveyed(round)
    walk.met(round, *reviews)
    walk.done(round, Step.VILLAGE_MEETING, walk.MET_ON)
    with pytest.raises(ValidationError, match="chưa niêm yết kết quả"):
        walk.done(round, Step.POSTING, walk.POSTED_TO)
    walk.posted(round, reviews[0].village)

    with pytest.raises(ValidationError, match="còn niêm yết đến hết ngày 24/10/2024"):
        walk.done(round, Step.POSTING, walk.POSTED_TO - datetime.timedelta(days=1))
    walk.done(round, Step.POSTING, walk.POSTED_TO)


@pytest.fixture
def complaint(round: ReviewRound, reviews: list[Review]) -> Complaint:
    walk.met(round, *reviews)
    walk.posted(round, reviews[0].village)
    return steps.complaint_add(
        by=None,
        round=round,
        village=reviews[0].village,
        review=reviews[0],
        complainant="Lê Văn Kiện",
        content="Hộ này không nghèo",
        received_on=walk.POSTED_TO,
    )


def answered(complaint: Complaint, result: str, on: datetime.date = datetime.date(2024, 10, 28)) -> Complaint:
    return steps.complaint_answer(
        by=None, complaint=complaint, version=complaint.version, rechecked_on=on, result=result, answer="Đã phúc tra"
    )


def to_recheck(round: ReviewRound) -> None:
    walk.surveyed(round)
    walk.done(round, Step.VILLAGE_MEETING, walk.MET_ON)
    walk.done(round, Step.POSTING, walk.POSTED_TO)


def test_a_complaint_is_due_in_three_working_days_and_blocks(round: ReviewRound, complaint: Complaint) -> None:
    assert complaint.due_on == datetime.date(2024, 10, 29)  # from Thursday the 24th
    to_recheck(round)
    with pytest.raises(ValidationError, match="còn khiếu nại chưa phúc tra"):
        walk.done(round, Step.RECHECK, walk.SENT_ON)

    answered(complaint, ComplaintResult.KEPT)
    walk.done(round, Step.RECHECK, walk.SENT_ON)


def test_a_changed_result_is_posted_again(round: ReviewRound, reviews: list[Review], complaint: Complaint) -> None:
    to_recheck(round)
    recheck = datetime.date(2024, 10, 28)
    walk.scored(reviews[0], Category.NOT_POOR, on=recheck)
    answered(complaint, ComplaintResult.CHANGED, recheck)

    with pytest.raises(ValidationError, match="chưa niêm yết kết quả phúc tra"):
        walk.done(round, Step.RECHECK, recheck)
    with pytest.raises(ValidationError, match="phúc tra ngày 28/10/2024"):
        walk.posted(round, reviews[0].village, walk.POSTED_TO, is_recheck=True)
    walk.posted(round, reviews[0].village, recheck, is_recheck=True)
    with pytest.raises(ValidationError, match="còn niêm yết kết quả phúc tra đến hết ngày 30/10/2024"):
        walk.done(round, Step.RECHECK, recheck)
    walk.done(round, Step.RECHECK, datetime.date(2024, 10, 30))


def test_a_recheck_hangs_as_long_as_its_own_figure_says(
    round: ReviewRound, reviews: list[Review], complaint: Complaint
) -> None:
    start = datetime.date(2024, 1, 1)
    parameter_set(by=None, area=None, code=ParameterCode.RECHECK_POSTING_DAYS, value=5, valid_from=start)
    recheck = datetime.date(2024, 10, 28)
    walk.scored(reviews[0], Category.NOT_POOR, on=recheck)
    answered(complaint, ComplaintResult.CHANGED, recheck)

    posting = walk.posted(round, reviews[0].village, recheck, is_recheck=True)

    assert posting.ends_on == datetime.date(2024, 11, 1)


def test_a_recheck_that_changed_nothing_is_not_a_change(
    round: ReviewRound, reviews: list[Review], complaint: Complaint
) -> None:
    with pytest.raises(ValidationError, match=r"vẫn là hộ nghèo như họp dân đã thống nhất"):
        answered(complaint, ComplaintResult.CHANGED)

    walk.scored(reviews[0], Category.NEAR_POOR)
    assert answered(complaint, ComplaintResult.CHANGED).category == Category.NEAR_POOR


def test_what_changes_after_the_recheck_needs_another_meeting(
    round: ReviewRound, reviews: list[Review], complaint: Complaint
) -> None:
    walk.scored(reviews[0], Category.NEAR_POOR)
    answered(complaint, ComplaintResult.CHANGED)
    assert [village.unsettled for village in facts_of(round).villages] == [0]

    walk.scored(reviews[0], Category.NOT_POOR)
    assert [village.unsettled for village in facts_of(round).villages] == [1]


def test_nothing_is_posted_again_without_a_change(
    round: ReviewRound, reviews: list[Review], complaint: Complaint
) -> None:
    with pytest.raises(ValidationError, match="không có kết quả nào thay đổi"):
        walk.posted(round, reviews[0].village, walk.POSTED_TO, is_recheck=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rechecked_on": datetime.date(2024, 10, 23)}, "phúc tra không trước ngày đó"),
        ({"answer": " "}, "nội dung trả lời"),
        ({"result": "maybe"}, "Chọn kết quả"),
        ({"rechecked_on": datetime.date(2100, 1, 1)}, "chưa đến"),
    ],
)
def test_a_wrong_answer_to_a_complaint_is_refused(complaint: Complaint, changes: dict[str, Any], sentence: str) -> None:
    given = {"rechecked_on": walk.SENT_ON, "result": ComplaintResult.KEPT, "answer": "Giữ nguyên"} | changes

    with pytest.raises(ValidationError, match=sentence):
        steps.complaint_answer(by=None, complaint=complaint, version=1, **given)


def test_a_complaint_comes_after_the_posting(round: ReviewRound, reviews: list[Review]) -> None:
    fields = {"by": None, "round": round, "complainant": "Lê Văn Kiện", "content": "x", "received_on": walk.MET_ON}
    with pytest.raises(ValidationError, match="chưa niêm yết kết quả"):
        steps.complaint_add(village=reviews[0].village, **fields)
    walk.met(round, *reviews)
    walk.posted(round, reviews[0].village)

    with pytest.raises(ValidationError, match="niêm yết từ 22/10/2024"):
        steps.complaint_add(village=reviews[0].village, **fields)
    with pytest.raises(ValidationError, match="không thuộc danh sách"):
        steps.complaint_add(village=VillageFactory(parent=round.unit), review=reviews[0], **fields)


def test_each_write_of_a_step_asks_who(round: ReviewRound, reviews: list[Review], complaint: Complaint) -> None:
    village = reviews[0].village
    posting = round.postings.get()
    for user in (user_with(Role.LEADER, round.unit), user_with(Role.OFFICER, CommuneFactory())):
        for call in (
            lambda by: steps.meeting_record(by=by, round=round, village=village, verdicts={}),
            lambda by: steps.posting_record(by=by, round=round, village=village, place="x", starts_on=walk.POSTED_ON),
            lambda by: steps.posting_update(by=by, posting=posting, version=1),
            lambda by: steps.complaint_add(
                by=by, round=round, village=village, complainant="x", content="x", received_on=walk.POSTED_TO
            ),
            lambda by: steps.complaint_answer(
                by=by, complaint=complaint, version=1, rechecked_on=walk.SENT_ON, result="kept", answer="x"
            ),
            lambda by: steps.opinion_ask(by=by, round=round, sent_on=walk.SENT_ON),
        ):
            with pytest.raises(PermissionDenied):
                call(user)
