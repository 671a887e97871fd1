"""Statuses beside the category: by income of twelve months, never from B1 and B2."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    RequestResult,
    StatusState,
)
from households.models import Household, Request, Standard, Status
from households.selectors.requests import in_force, on_the_way, statuses_of
from households.services.requests import request_answer
from households.services.statuses import (
    status_decide,
    status_end,
    status_number,
    status_post,
    status_refuse,
)
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper
from tests.factories import PaperFactory, VillageFactory, user_with
from tests.households.build import household, standard
from tests.households.status_rows import AVERAGE, asked, assessed

POSTED = datetime.date(2025, 3, 17)  # a Monday; five working days end on Friday 21
DECIDED = datetime.date(2025, 3, 24)


@pytest.fixture
def law(db: None) -> Standard:
    return standard()


@pytest.fixture
def home(law: Standard, commune: Area) -> Household:
    return household(commune, VillageFactory(parent=commune))


@pytest.fixture
def request_(home: Household) -> Request:
    return asked(home)


def posted(request_: Request, by: User | None = None) -> Status:
    status = assessed(request_, by)
    return status_post(by=by, status=status, version=status.version, posted_at="Nhà văn hóa thôn", posted_from=POSTED)


def own_decision(issuing: Area, **changes: Any) -> Paper:
    values = {"unit": issuing, "is_own": True, "date": DECIDED, "issuer": f"Chủ tịch Ủy ban nhân dân {issuing}"}
    return PaperFactory(**(values | changes))


def decide(status: Status, by: User | None, on: datetime.date = DECIDED, **changes: Any) -> Status:
    values = {"decision": own_decision(status.unit)} | changes
    return status_decide(by=by, status=status, version=status.version, on=on, **values)


def test_posting_takes_the_working_days_of_the_procedure(request_: Request) -> None:
    """Thủ tục 1.011609: niêm yết 05 ngày làm việc."""
    status = posted(request_)

    assert (status.state, status.posted_to) == (StatusState.POSTED, datetime.date(2025, 3, 21))


def test_a_short_posting_is_refused(request_: Request) -> None:
    status = assessed(request_)

    with pytest.raises(ValidationError) as refused:
        status_post(
            by=None,
            status=status,
            version=status.version,
            posted_at="",
            posted_from=POSTED,
            posted_to=datetime.date(2025, 3, 20),
        )

    assert refused.value.message_dict == {
        "posted_at": ["Chưa ghi nơi niêm yết."],
        "posted_to": ["Niêm yết ít nhất 5 ngày làm việc: đến hết ngày 21/03/2025."],
    }


def test_what_does_not_fit_is_not_posted(request_: Request) -> None:
    status = assessed(request_, income=1)

    with pytest.raises(ValidationError, match="Không đủ điều kiện"):
        status_post(by=None, status=status, version=status.version, posted_at="x", posted_from=POSTED)


def test_found_again_it_is_posted_again(request_: Request) -> None:
    status = posted(request_)

    again = assessed(request_, income=AVERAGE + 1, version=status.version)

    assert (again.pk, again.state, again.posted_to) == (status.pk, StatusState.ASSESSED, None)


def test_finding_on_an_old_version_is_a_conflict(request_: Request) -> None:
    status = assessed(request_)
    assessed(request_, income=AVERAGE + 1, version=status.version)

    with pytest.raises(EditConflict):
        assessed(request_, income=AVERAGE + 2, version=status.version)


def test_the_leader_decides_and_the_request_is_answered(
    request_: Request, officer: User, leader: User, commune: Area
) -> None:
    status = decide(posted(request_, officer), leader)

    assert (status.state, status.valid_from, status.decided_by) == (StatusState.DECIDED, DECIDED, leader)
    answered = Request.objects.get()
    assert (answered.result, answered.result_on) == (RequestResult.ACCEPTED, DECIDED)
    rows = statuses_of(unit=commune, kind=status.kind)
    assert list(in_force(rows, DECIDED)) == [status]
    assert not in_force(rows, DECIDED - datetime.timedelta(days=1)).exists()
    assert not on_the_way(rows).exists()


@pytest.mark.parametrize("who", ["system", "officer", "both roles"])
def test_who_found_it_does_not_decide(request_: Request, officer: User, commune: Area, who: str) -> None:
    both = user_with(Role.LEADER, commune)
    both.grants.create(role=Role.OFFICER, area=commune, valid_from=commune.valid_from)
    both = User.objects.get(pk=both.pk)
    status = posted(request_, both if who == "both roles" else officer)
    decider = {"system": None, "officer": officer, "both roles": both}[who]

    with pytest.raises(PermissionDenied):
        decide(status, decider)
    with pytest.raises(PermissionDenied):
        status_refuse(by=decider, status=status, version=status.version, on=DECIDED, reason="x")


@pytest.mark.parametrize("on", [datetime.date(2025, 3, 21), datetime.date(2999, 1, 1)])
def test_a_decision_waits_for_the_posting(request_: Request, leader: User, on: datetime.date) -> None:
    status = posted(request_)

    with pytest.raises(ValidationError) as refused:
        decide(status, leader, on)

    assert set(refused.value.message_dict) == {"on"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_own": False}, "do đơn vị ban hành"),
        ({"unit": None}, "do đơn vị ban hành"),
        ({"type": PaperType.REPORT}, "do đơn vị ban hành"),
        ({"date": datetime.date(2025, 3, 21)}, "sau ngày hết niêm yết (21/03/2025)"),
        ({"date": None}, "sau ngày hết niêm yết (21/03/2025)"),
    ],
    ids=["received", "national", "no decision", "while posted", "without a day"],
)
def test_only_a_decision_of_the_unit_after_the_posting_recognises(
    request_: Request, leader: User, changes: dict[str, Any], said: str
) -> None:
    status = posted(request_)

    with pytest.raises(ValidationError) as refused:
        decide(status, leader, decision=own_decision(status.unit, **changes))

    [sentence] = refused.value.message_dict["decision"]
    assert said in sentence


def test_the_clerk_numbers_what_the_leader_decided(
    home: Household, request_: Request, leader: User, officer: User, commune: Area
) -> None:
    clerk = user_with(Role.REGISTRY_CLERK, commune)
    typed: dict[str, Any] = {"number": "41", "date": DECIDED}
    status = posted(request_, officer)
    with pytest.raises(ValidationError, match="Chưa được công nhận"):
        status_number(by=clerk, status=status, version=status.version, **typed)
    status = decide(status, leader, decision=None)
    assert (status.state, status.decision) == (StatusState.DECIDED, None)

    with pytest.raises(PermissionDenied):
        status_number(by=leader, status=status, version=status.version, **typed)
    with pytest.raises(ValidationError) as refused:
        status_number(by=clerk, status=status, version=status.version, number="", date=POSTED)
    assert set(refused.value.message_dict) == {"number", "date"}
    with pytest.raises(ValidationError, match="không ghi ngày chưa đến"):
        status_number(by=clerk, status=status, version=status.version, number="41", date=datetime.date(2999, 1, 1))
    numbered = status_number(by=clerk, status=status, version=status.version, **typed)

    paper = numbered.decision
    assert paper is not None
    assert (paper.full_number, paper.date, paper.is_own, paper.unit) == ("41/QĐ-UBND", DECIDED, True, commune)
    with pytest.raises(ValidationError, match="quyết định đã có số"):
        status_number(by=clerk, status=numbered, version=numbered.version, **typed)


def test_one_decision_recognises_several(home: Household, request_: Request, leader: User, commune: Area) -> None:
    clerk = user_with(Role.REGISTRY_CLERK, commune)
    other = household(commune, VillageFactory(parent=commune))
    for row in (request_, asked(other)):
        status = decide(posted(row), leader, decision=None)
        status_number(by=clerk, status=status, version=status.version, number="41", date=DECIDED)

    assert Status.objects.values("decision").distinct().count() == 1


def test_what_was_not_posted_is_not_decided(request_: Request, leader: User) -> None:
    with pytest.raises(ValidationError, match="Chưa niêm yết"):
        decide(assessed(request_), leader)


def test_a_status_is_not_given_twice_for_the_same_days(home: Household, request_: Request, leader: User) -> None:
    decide(posted(request_), leader)
    again = posted(asked(home))

    with pytest.raises(ValidationError, match="Đã có cùng tình trạng này từ ngày 24/03/2025"):
        decide(again, leader)


def test_a_status_does_not_begin_before_the_same_one_that_holds(
    home: Household, request_: Request, leader: User
) -> None:
    later = DECIDED + datetime.timedelta(days=30)
    decide(posted(request_), leader, later)

    with pytest.raises(ValidationError, match="Đã có cùng tình trạng này từ ngày 23/04/2025"):
        decide(posted(asked(home)), leader)


def test_a_household_of_which_nobody_said_the_setting_is_rural(home: Household, request_: Request) -> None:
    Area.objects.filter(pk__in=[home.village_id, home.unit_id]).update(setting="")
    Household.objects.filter(pk=home.pk).update(setting="")

    assert assessed(Request.objects.get()).is_eligible


def test_a_refusal_tells_the_applicant_why(request_: Request, leader: User) -> None:
    status = assessed(request_, income=1)
    with pytest.raises(ValidationError, match="ghi lý do"):
        status_refuse(by=leader, status=status, version=status.version, on=DECIDED, reason="")

    status_refuse(by=leader, status=status, version=status.version, on=DECIDED, reason="Thu nhập dưới mức")

    answered = Request.objects.get()
    assert (answered.result, answered.refusal_reason) == (RequestResult.REFUSED, "Thu nhập dưới mức")
    with pytest.raises(ValidationError, match="đã trả kết quả"):
        assessed(answered)


def test_a_status_ends_on_its_last_day(request_: Request, leader: User, officer: User, commune: Area) -> None:
    status = decide(posted(request_, officer), leader)
    last = datetime.date(2025, 9, 30)

    with pytest.raises(PermissionDenied):
        status_end(by=officer, status=status, version=status.version, valid_to=last, because="x")
    with pytest.raises(ValidationError) as refused:
        status_end(by=leader, status=status, version=status.version, valid_to=POSTED, because=" ")
    assert refused.value.message_dict == {
        "valid_to": ["Ngày cuối không được trước ngày đầu (24/03/2025)."],
        "because": ["Ghi lý do thôi."],
    }
    status = status_end(by=leader, status=status, version=status.version, valid_to=last, because="  Hộ  chuyển nghề ")

    assert (status.state, status.ended_because) == (StatusState.ENDED, "Hộ chuyển nghề")
    rows = statuses_of(unit=commune, kind=status.kind)
    assert list(in_force(rows, last)) == [status]
    assert not in_force(rows, last + datetime.timedelta(days=1)).exists()


def test_what_was_never_recognised_does_not_end(request_: Request, leader: User) -> None:
    status = assessed(request_)

    with pytest.raises(ValidationError, match="Chưa được công nhận"):
        status_end(by=leader, status=status, version=status.version, valid_to=DECIDED, because="x")


def test_acceptance_of_a_status_is_not_typed_into_the_register(request_: Request) -> None:
    with pytest.raises(ValidationError, match="có khi lãnh đạo quyết định"):
        request_answer(by=None, request=request_, version=request_.version, result=RequestResult.ACCEPTED, on=DECIDED)


def test_who_withdraws_ends_the_way_of_the_status(request_: Request) -> None:
    posted(request_)

    request_answer(by=None, request=request_, version=request_.version, result=RequestResult.WITHDRAWN, on=DECIDED)

    assert Status.objects.get().state == StatusState.REFUSED


def test_only_who_enters_finds_and_posts(request_: Request, leader: User) -> None:
    with pytest.raises(PermissionDenied):
        assessed(request_, leader)
    status = assessed(request_)
    with pytest.raises(PermissionDenied):
        status_post(by=leader, status=status, version=status.version, posted_at="x", posted_from=POSTED)
