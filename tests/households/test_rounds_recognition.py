"""Recognition exactly once, by somebody who entered nothing, and the number of the decision."""

import datetime
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from households.choices import (
    Category,
    RecognitionKind,
    ReviewState,
    RoundState,
    Step,
    Transition,
)
from households.models import (
    Household,
    Recognised,
    Recognition,
    Review,
    ReviewRound,
)
from households.selectors.rounds import is_author, official_list, progress
from households.services import recognition, rounds, steps
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.offices.models import Officer
from tests.factories import START, CommuneFactory, user_with
from tests.households import build, walk


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


def test_recognition_writes_one_row_a_household_and_freezes(
    ready: ReviewRound, leader: User, decided: Recognition
) -> None:
    assert walk.rows_of(ready) == {
        walk.NAMES["poor"]: ("poor", "not_poor", Transition.POOR_TO_ABOVE),
        walk.NAMES["near_poor"]: ("near_poor", "near_poor", Transition.REMAINED_NEAR_POOR),
        walk.NAMES["not_poor"]: ("", "poor", Transition.NEWLY_POOR),
    }
    round = again(ready)
    assert (round.state, round.recognised_on) == (RoundState.RECOGNISED, walk.DECIDED_ON)
    assert (decided.by, decided.kind) == (leader, RecognitionKind.INITIAL)
    assert round.steps.get(step=Step.RECOGNITION).done_on == walk.DECIDED_ON
    assert set(round.reviews.values_list("state", "is_frozen")) == {(ReviewState.RECOGNISED, True)}
    assert official_list(round.unit, walk.DECIDED_ON).count() == 2
    assert official_list(round.unit, walk.DECIDED_ON - datetime.timedelta(days=1)).count() == 2  # of 2023
    now = progress(round, today=walk.TODAY).now
    assert now is not None
    assert (now.step, now.who) == (Step.CERTIFICATES, "Văn thư, Cán bộ nhập liệu")
    assert [finding.code for finding in now.blockers] == ["not-numbered"]


def test_the_second_recognition_is_refused(ready: ReviewRound, leader: User, decided: Recognition) -> None:
    with pytest.raises(ValidationError, match="đã công nhận"):
        walk.recognised(ready, by=leader)

    assert Recognition.objects.filter(round=ready).count() == 1
    assert Recognised.objects.filter(round=ready).count() == 3


def test_a_frozen_form_cannot_be_changed_in_any_way(ready: ReviewRound, decided: Recognition) -> None:
    review = ready.reviews.first()
    for change in ({"category": Category.POOR, "b1_score": 99}, {"is_frozen": False}):
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**change)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        Recognised.objects.filter(round=ready).update(category="")


def test_only_a_leader_and_never_the_system_recognises(ready: ReviewRound) -> None:
    for user in (
        None,
        user_with(Role.OFFICER, ready.unit),
        user_with(Role.REVIEWER, ready.unit.parent),
        user_with(Role.LEADER, CommuneFactory()),
    ):
        with pytest.raises(PermissionDenied):
            walk.recognised(ready, by=user)


def test_who_entered_cannot_recognise(unit: Area, ready: ReviewRound) -> None:
    for wrote in ("form", "opened", "minutes"):
        user = walk.also_leads(user_with(Role.OFFICER, unit))
        with transaction.atomic():
            if wrote == "form":
                Review.objects.filter(round=ready).update(authors=[user.pk])
            elif wrote == "opened":
                ReviewRound.objects.filter(pk=ready.pk).update(opened_by=user)
            else:
                posting = ready.postings.get()
                from households.services.steps import posting_update

                posting_update(by=user, posting=posting, version=posting.version, place="Trụ sở xã")
            with pytest.raises(ValidationError, match="không công nhận chính đợt đó"):
                walk.recognised(ready, by=user)
        assert is_author(user, again(ready))


@pytest.mark.parametrize("wrote", ["minutes", "complaint", "answer"])
def test_who_wrote_minutes_or_a_complaint_of_the_round_is_its_author(unit: Area, wrote: str) -> None:
    writer = user_with(Role.OFFICER, unit)
    round = walk.opened(unit)
    review = walk.scored(walk.added(round, build.household(unit, head=walk.NAMES["poor"]))[0])
    walk.surveyed(round)
    village, verdicts = review.village, {review.pk: (20, "")}
    about = {"round": round, "village": village, "complainant": "Lê Văn Kiện", "content": "Hộ này không nghèo"}
    steps.meeting_record(
        by=writer if wrote == "minutes" else None,
        round=round,
        village=village,
        verdicts=verdicts,
        held_on=walk.MET_ON,
        **walk.MINUTES,
    )
    walk.posted(round, village)
    complaint = steps.complaint_add(by=writer if wrote == "complaint" else None, received_on=walk.POSTED_TO, **about)
    steps.complaint_answer(
        by=writer if wrote == "answer" else None,
        complaint=complaint,
        version=complaint.version,
        rechecked_on=walk.SENT_ON,
        result="kept",
        answer="Giữ nguyên",
    )

    assert is_author(writer, round)
    assert not is_author(user_with(Role.OFFICER, unit), round)


def test_whether_somebody_wrote_in_the_round_is_one_question(
    ready: ReviewRound, leader: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert not is_author(leader, ready)


def test_recognition_asks_everything_again(unit: Area, ready: ReviewRound, leader: User) -> None:
    Review.objects.filter(round=ready, head_name=walk.NAMES["poor"]).update(state=ReviewState.TO_SURVEY)
    with pytest.raises(ValidationError, match="còn 1 hộ chưa chấm điểm Phiếu B"):
        walk.recognised(ready, by=leader)
    Review.objects.filter(round=ready, head_name=walk.NAMES["poor"]).update(
        state=ReviewState.SURVEYED, surveyed_on=walk.DECIDED_ON
    )
    with pytest.raises(ValidationError, match="chưa được cuộc họp thống nhất"):
        walk.recognised(ready, by=leader)
    assert not Recognition.objects.filter(round=ready).exists()


def test_a_round_is_not_recognised_before_its_steps(unit: Area, homes: dict[str, Any], leader: User) -> None:
    round = walk.opened(unit)
    rounds.round_list_fill(by=None, round=round)

    with pytest.raises(ValidationError) as caught:
        walk.recognised(round, by=leader)

    assert "Bước «Xin ý kiến cấp trên» chưa xong." in caught.value.messages
    assert "Chưa gửi kết quả sơ bộ xin ý kiến cấp trên." in caught.value.messages


@pytest.mark.parametrize(
    ("on", "sentence"), [(walk.SENT_ON, "Cấp trên trả lời ngày 31/10/2024"), (datetime.date(2100, 1, 1), "chưa đến")]
)
def test_the_day_of_the_decision_follows_the_steps(
    ready: ReviewRound, leader: User, on: datetime.date, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        walk.recognised(ready, by=leader, on=on)


def test_nobody_of_the_list_is_forgotten(unit: Area, homes: dict[str, Any], leader: User) -> None:
    """Quyết định 24/2021, Điều 4: everybody on the list now is reviewed."""
    round = walk.opened(unit)
    walk.added(round, homes["poor"])

    with pytest.raises(ValidationError, match="Còn 1 hộ đang trong danh sách nghèo, cận nghèo chưa có phiếu"):
        walk.done(round, Step.LISTING, walk.LISTED_ON)


def test_a_household_that_left_is_other_decrease(unit: Area, homes: dict[str, Any], leader: User) -> None:
    round = walk.opened(unit)
    rounds.round_list_fill(by=None, round=round)
    walk.scored(Review.objects.get(round=round, household=homes["poor"]))
    gone = Review.objects.get(round=round, household=homes["near_poor"])
    rounds.review_drop(by=None, review=gone, version=gone.version, reason="chuyển vào miền Nam")
    walk.agreed_round(round, reviewer=user_with(Role.REVIEWER, unit.parent))
    walk.recognised(round, by=leader)

    assert walk.rows_of(round)[walk.NAMES["near_poor"]] == ("near_poor", "", Transition.OTHER_DECREASE)
    assert (again(gone).state, gone.is_frozen) == (ReviewState.DROPPED, True)


@pytest.mark.parametrize("count", [1, 3])
def test_recognition_asks_the_same_questions_for_one_and_three(
    unit: Area, homes: dict[str, Any], leader: User, count: int, django_assert_num_queries: Any
) -> None:
    for name in ("Một", "Hai", "Ba")[:count]:
        homes[name] = build.household(unit, head=f"Trần Văn {name}")
    results = {"poor": "poor", "near_poor": "near_poor"} | dict.fromkeys(("Một", "Hai", "Ba")[:count], "poor")
    round = walk.to_decide(unit, homes, results)

    with django_assert_num_queries(59):
        recognition.round_recognise(by=leader, round=round, version=round.version, on=walk.DECIDED_ON)


# Number of the decision


def test_the_clerk_numbers_the_decision(decided: Recognition) -> None:
    clerk = user_with(Role.REGISTRY_CLERK, decided.unit)
    signer = Officer.objects.create(unit=decided.unit, full_name="Trần Văn Ký", title="Chủ tịch", valid_from=START)
    given = {"by": clerk, "version": 1, "number": "087", "date": datetime.date(2024, 11, 5), "signer": signer}

    numbered = recognition.decision_number(recognition=decided, **given)

    assert str(numbered.paper) == "Quyết định số 87/QĐ-UBND"
    assert numbered.paper.subject.endswith("hộ thoát cận nghèo năm 2024")
    assert (numbered.paper.is_own, numbered.signer) == (True, signer)
    with pytest.raises(ValidationError, match="vừa được người khác ghi số"):
        recognition.decision_number(recognition=decided, **given)
    other = recognition.decision_number(recognition=numbered, **given | {"version": numbered.version, "number": "88"})
    assert (other.paper.pk, other.paper.number) == (numbered.paper.pk, "88")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": " "}, "Ghi số của quyết định"),
        ({"date": datetime.date(2024, 11, 3)}, "không trước ngày đó"),
        ({"date": datetime.date(2100, 1, 1)}, "chưa đến"),
    ],
)
def test_a_wrong_number_is_refused(decided: Recognition, changes: dict[str, Any], sentence: str) -> None:
    given = {"number": "87", "date": datetime.date(2024, 11, 5)} | changes
    with pytest.raises(ValidationError, match=sentence):
        recognition.decision_number(by=None, recognition=decided, version=1, **given)
    with pytest.raises(PermissionDenied):
        recognition.decision_number(by=decided.by, recognition=decided, version=1, **given)


def test_a_decision_is_signed_by_somebody_of_the_unit(decided: Recognition) -> None:
    elsewhere = Officer.objects.create(unit=CommuneFactory(), full_name="Lê Văn Xa", title="Chủ tịch", valid_from=START)
    given = {"number": "87", "date": datetime.date(2024, 11, 5), "signer": elsewhere}

    with pytest.raises(ValidationError) as refused:
        recognition.decision_number(by=None, recognition=decided, version=1, **given)

    assert refused.value.message_dict == {"signer": [f"«{elsewhere}» không thuộc đơn vị này."]}


# Two browsers at once


@pytest.fixture
def committed(transactional_db: None) -> Iterator[tuple[ReviewRound, User]]:
    """A round ready to decide on, really in the database, and a leader."""
    unit = walk.commune()
    round = walk.opened(unit)
    for name in ("Một", "Hai", "Ba"):
        walk.scored(walk.added(round, build.household(unit, head=f"Nguyễn Văn {name}"))[0])
    walk.agreed_round(round, reviewer=user_with(Role.REVIEWER, unit.parent))
    round.refresh_from_db()
    yield round, user_with(Role.LEADER, unit)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_recognise_once(committed: tuple[ReviewRound, User]) -> None:
    round, leader = committed
    start = threading.Barrier(2)
    said: list[str] = []

    def press() -> None:
        start.wait()
        try:
            recognition.round_recognise(by=leader, round=round, version=round.version, on=walk.DECIDED_ON)
            said.append("recognised")
        except ValidationError as error:
            said.append(" ".join(error.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["Rà soát định kỳ năm 2024 đã công nhận nên không ghi thêm được.", "recognised"]
    assert Recognition.objects.filter(round=round).count() == 1
    assert Recognised.objects.filter(round=round).count() == 3
