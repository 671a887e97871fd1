"""The opinion of the level above: who is asked by the day, who may answer, what a return means."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import Category, RoundKind, Step
from households.models import MeetingVerdict, Review, ReviewRound
from households.selectors.rounds import opinion_queue, progress
from households.services import steps
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from tests.factories import AreaFactory, CommuneFactory, VillageFactory, user_with
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


def test_the_province_answers_within_five_working_days(
    round: ReviewRound, reviews: list[Review], reviewer: User
) -> None:
    walk.posted_round(round)
    opinion = steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)

    assert (opinion.poor, opinion.near_poor) == (1, 1)
    assert opinion.due_on == datetime.date(2024, 11, 4)
    assert opinion.asked_of == round.unit.parent
    assert list(opinion_queue(reviewer)) == [opinion]
    with pytest.raises(ValidationError, match=r"chưa trả lời. Hạn trả lời 04/11/2024"):
        walk.done(round, Step.OPINION, walk.REPLIED_ON)
    with pytest.raises(ValidationError, match="chưa trả lời lần xin ý kiến trước"):
        steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)

    steps.opinion_reply(by=reviewer, opinion=opinion, version=1, reply="agreed", number="12/SNN", on=walk.REPLIED_ON)
    walk.done(round, Step.OPINION, walk.REPLIED_ON)
    assert list(opinion_queue(reviewer)) == []


def test_until_30_06_2025_the_district_is_asked() -> None:
    """Quyết định 24/2021, Điều 4 step 5; a unit without a district asks its province."""
    province = AreaFactory(level=Level.PROVINCE, kind="tỉnh", code="99", name="Thử")
    district = AreaFactory(level=Level.DISTRICT, kind="huyện", code="991", name="Thử", parent=province)
    unit = CommuneFactory(parent=district)
    VillageFactory(parent=unit)
    reach_rebuild()
    old, new = walk.opened(unit), walk.opened(unit, year=2025)
    forms = [walk.scored(*walk.added(round, build.household(unit)), on=round.starts_on) for round in (old, new)]
    walk.posted_round(old)
    walk.met(new, forms[1], on=datetime.date(2025, 10, 20))
    walk.posted(new, forms[1].village, on=datetime.date(2025, 10, 21))
    for step in new.steps.filter(position__lt=7):
        type(step).objects.filter(pk=step.pk).update(done_on=new.starts_on)

    first = steps.opinion_ask(by=None, round=old, sent_on=walk.SENT_ON)
    second = steps.opinion_ask(by=None, round=new, sent_on=datetime.date(2025, 10, 28))

    assert (first.asked_of, first.addressee) == (district, "Chủ tịch UBND cấp huyện")
    assert (second.asked_of, second.via) == (province, "Sở Nông nghiệp và Môi trường")
    assert list(opinion_queue(user_with(Role.REVIEWER, district))) == [first]
    assert list(opinion_queue(user_with(Role.REVIEWER, province))) == [first, second]
    assert list(opinion_queue(user_with(Role.OFFICER, unit))) == []


def test_only_the_level_above_answers(round: ReviewRound, reviews: list[Review], reviewer: User) -> None:
    walk.posted_round(round)
    opinion = steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)
    reply = {"opinion": opinion, "version": 1, "reply": "agreed", "on": walk.REPLIED_ON}

    for user in (
        None,
        user_with(Role.LEADER, round.unit),
        user_with(Role.REVIEWER, round.unit),  # the commune itself is not the level above
        user_with(Role.REVIEWER, CommuneFactory().parent),
        user_with(Role.REVIEWER, round.unit.parent, valid_to=datetime.date(2025, 1, 1)),
    ):
        with pytest.raises(PermissionDenied):
            steps.opinion_reply(by=user, **reply)

    Area.objects.filter(pk=round.unit.parent_id).update(valid_to=datetime.date(2025, 6, 30))
    with pytest.raises(PermissionDenied):  # after its end a unit above only reads
        steps.opinion_reply(by=User.objects.get(pk=reviewer.pk), **reply)


def test_who_typed_the_forms_does_not_answer_for_the_level_above(
    round: ReviewRound, reviews: list[Review], reviewer: User
) -> None:
    walk.scored(reviews[0], author=reviewer)
    walk.posted_round(round)
    opinion = steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)

    with pytest.raises(ValidationError, match="không trả lời thay cấp trên"):
        steps.opinion_reply(by=reviewer, opinion=opinion, version=1, reply="agreed", on=walk.REPLIED_ON)


def test_a_returned_result_is_worked_on_and_asked_again(
    round: ReviewRound, reviews: list[Review], reviewer: User
) -> None:
    walk.posted_round(round)
    first = steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)
    reply = {"by": reviewer, "opinion": first, "version": 1, "reply": "returned", "on": walk.REPLIED_ON}
    with pytest.raises(ValidationError, match="ghi rõ xem lại điều gì"):
        steps.opinion_reply(**reply)
    steps.opinion_reply(**reply, text="Xem lại thôn Một")

    with pytest.raises(ValidationError, match="đề nghị xem lại: Xem lại thôn Một"):
        walk.done(round, Step.OPINION, walk.REPLIED_ON)
    second = steps.opinion_ask(by=None, round=round, sent_on=walk.REPLIED_ON)
    steps.opinion_reply(by=reviewer, opinion=second, version=1, reply="agreed", on=walk.REPLIED_ON)
    walk.done(round, Step.OPINION, walk.REPLIED_ON)


def test_an_opinion_on_other_numbers_does_not_count(round: ReviewRound, reviews: list[Review], reviewer: User) -> None:
    walk.agreed_round(round, reviewer=reviewer)
    Review.objects.filter(pk=reviews[1].pk).update(category=Category.POOR)

    found = progress(round, today=TODAY).now
    assert found is not None
    assert [finding.code for finding in found.blockers] == ["not-agreed", "opinion-outdated"]


def test_an_opinion_on_other_households_of_the_same_number_does_not_count(
    round: ReviewRound, reviews: list[Review], reviewer: User
) -> None:
    walk.agreed_round(round, reviewer=reviewer)
    for review, category in zip(reviews, (Category.NEAR_POOR, Category.POOR), strict=True):
        Review.objects.filter(pk=review.pk).update(category=category)
        MeetingVerdict.objects.filter(review=review).update(category=category)

    found = progress(round, today=TODAY).now
    assert found is not None
    assert [finding.code for finding in found.blockers] == ["opinion-outdated"]


def test_a_result_changed_after_the_meeting_is_not_sent_up(round: ReviewRound, reviews: list[Review]) -> None:
    """Quyết định 24/2021, Điều 4: the village meets about the results that are posted and sent."""
    walk.posted_round(round)
    walk.scored(reviews[0], Category.NOT_POOR)

    with pytest.raises(ValidationError, match="1 hộ đã chấm điểm chưa được cuộc họp thống nhất"):
        steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)
    walk.scored(reviews[0], Category.POOR)
    assert steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON).poor == 1


def test_an_opinion_is_asked_in_its_turn(round: ReviewRound, reviews: list[Review]) -> None:
    with pytest.raises(ValidationError, match="Bước «Khiếu nại, phúc tra» chưa xong"):
        steps.opinion_ask(by=None, round=round, sent_on=walk.SENT_ON)
    walk.posted_round(round)
    with pytest.raises(ValidationError, match="còn niêm yết đến hết ngày"):
        steps.opinion_ask(by=None, round=round, sent_on=walk.POSTED_ON)
    round.steps.filter(step=Step.RECHECK).update(done_on=walk.SENT_ON)
    with pytest.raises(ValidationError, match="không gửi trước ngày đó"):
        steps.opinion_ask(by=None, round=round, sent_on=walk.POSTED_TO)


def test_a_regular_round_asks_nobody(unit: Area) -> None:
    regular = walk.opened(unit, kind=RoundKind.REGULAR, month=3)

    with pytest.raises(ValidationError, match="không xin ý kiến cấp trên"):
        steps.opinion_ask(by=None, round=regular, sent_on=walk.SENT_ON)
