"""Statuses beside the category: by income of twelve months, never from B1 and B2."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    Category,
    Channel,
    RecognitionKind,
    RequestKind,
    RequestResult,
    RoundKind,
    RoundState,
    StatusState,
)
from households.models import Household, Recognised, Recognition, Request, ReviewRound, Standard, Status
from households.rules.statuses import average_living, last_day, low_income_worker, twelve_months_before
from households.selectors.requests import in_force, on_the_way, statuses_of
from households.services.requests import request_answer, request_register, request_update
from households.services.statuses import (
    status_assess,
    status_decide,
    status_end,
    status_number,
    status_post,
    status_refuse,
)
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from povertyplan.core.versions import EditConflict
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper
from tests.factories import PaperFactory, VillageFactory, user_with
from tests.households.build import household, standard

RECEIVED = datetime.date(2025, 3, 10)
FROM = datetime.date(2024, 3, 1)
POSTED = datetime.date(2025, 3, 17)  # a Monday; five working days end on Friday 21
DECIDED = datetime.date(2025, 3, 24)
AVERAGE = 2_000_000 * 12 * 4


@pytest.fixture
def law(db: None) -> Standard:
    return standard()


@pytest.fixture
def home(law: Standard, commune: Area) -> Household:
    return household(commune, VillageFactory(parent=commune))


@pytest.fixture
def request_(home: Household) -> Request:
    return asked(home)


def asked(home: Household, kind: str = RequestKind.FORM_01_AVERAGE, **changes: Any) -> Request:
    return request_register(
        by=None,
        unit=home.unit,
        kind=kind,
        channel=Channel.COUNTER,
        received_on=RECEIVED,
        village=home.village,
        household=home,
        applicant="Nguyễn Văn A",
        member=home.members.order_by("position").first() if kind == RequestKind.LOW_INCOME else None,
        **changes,
    )


def assessed(request_: Request, by: User | None = None, **changes: Any) -> Status:
    values: dict[str, Any] = {"income": AVERAGE, "income_from": FROM, "persons": 4, "is_rural_work": True}
    return status_assess(by=by, request=request_, **(values | changes))


def posted(request_: Request, by: User | None = None) -> Status:
    status = assessed(request_, by)
    return status_post(by=by, status=status, version=status.version, posted_at="Nhà văn hóa thôn", posted_from=POSTED)


def own_decision(issuing: Area, **changes: Any) -> Paper:
    values = {"unit": issuing, "is_own": True, "date": DECIDED, "issuer": f"Chủ tịch Ủy ban nhân dân {issuing}"}
    return PaperFactory(**(values | changes))


def decide(status: Status, by: User | None, on: datetime.date = DECIDED, **changes: Any) -> Status:
    values = {"decision": own_decision(status.unit)} | changes
    return status_decide(by=by, status=status, version=status.version, on=on, **values)


@pytest.mark.parametrize(
    ("monthly", "fits"),
    [(1_500_000, False), (1_500_001, True), (2_250_000, True), (2_250_001, False)],
)
def test_average_living_is_over_the_poor_line_and_not_over_the_average_line(monthly: int, fits: bool) -> None:
    """Nghị định 07/2021, Điều 3: nông thôn trên 1.500.000 đến 2.250.000 đồng/người/tháng."""
    found = average_living(
        income=monthly * 36, persons=3, above=1_500_000, up_to=2_250_000, is_listed=False, is_rural_work=True
    )

    assert found.is_eligible is fits


def test_one_dong_a_year_decides_and_no_rounding() -> None:
    common: dict[str, Any] = {"persons": 3, "above": 1_500_000, "up_to": 2_250_000}
    common |= {"is_listed": False, "is_rural_work": True}

    assert not average_living(income=1_500_000 * 36, **common).is_eligible
    assert average_living(income=1_500_000 * 36 + 1, **common).is_eligible


@pytest.mark.parametrize(
    ("is_listed", "is_rural_work", "why"),
    [
        (True, True, "danh sách hộ nghèo, cận nghèo"),
        (False, False, "hộ không làm nông, lâm, ngư, diêm nghiệp"),
        (False, None, "chưa ghi hộ có làm nông, lâm, ngư, diêm nghiệp không"),
    ],
)
def test_average_living_is_for_households_on_the_land_that_are_on_no_list(
    is_listed: bool, is_rural_work: bool | None, why: str
) -> None:
    found = average_living(
        income=2_000_000 * 12, persons=1, above=1, up_to=9_999_999, is_listed=is_listed, is_rural_work=is_rural_work
    )

    assert not found.is_eligible
    assert why in found.verdict


@pytest.mark.parametrize(("monthly", "fits"), [(2_250_000, True), (2_250_001, False)])
def test_a_low_income_worker_earns_no_more_than_the_ceiling(monthly: int, fits: bool) -> None:
    """Nghị định 30/2025: bình quân tháng không quá mức của khu vực."""
    assert low_income_worker(income=monthly * 12, up_to=2_250_000).is_eligible is fits


def test_twelve_months_are_whole_and_before_the_request() -> None:
    assert twelve_months_before(RECEIVED) == FROM
    assert last_day(FROM) == datetime.date(2025, 2, 28)
    assert last_day(datetime.date(2024, 2, 29)) == datetime.date(2025, 2, 28)


def test_the_verdict_says_how_it_was_found(request_: Request) -> None:
    status = assessed(request_)

    assert (status.state, status.is_eligible) == (StatusState.ASSESSED, True)
    assert status.verdict == (
        "2.000.000 đồng/người/tháng (96.000.000 đồng, 4 người, 12 tháng); trên 1.500.000 và không quá 2.250.000 đồng."
    )


def test_the_urban_lines_hold_for_an_urban_household(home: Household, request_: Request) -> None:
    Household.objects.filter(pk=home.pk).update(setting="urban")

    assert not assessed(Request.objects.get()).is_eligible  # 2.000.000 is not over the urban line


def test_a_listed_household_does_not_fit(home: Household, law: Standard, request_: Request) -> None:
    day = datetime.date(2024, 12, 10)
    round = ReviewRound.objects.create(
        unit=home.unit,
        year=2024,
        kind=RoundKind.PERIODIC,
        standard=law,
        state=RoundState.RECOGNISED,
        starts_on=day,
        ends_on=day,
        recognised_on=day,
    )
    recognition = Recognition.objects.create(unit=home.unit, round=round, kind=RecognitionKind.PAST, on=day)
    Recognised.objects.create(
        unit=home.unit,
        recognition=recognition,
        round=round,
        year=2024,
        household=home,
        village=home.village,
        category=Category.NEAR_POOR,
        head_name="Nguyễn Văn A",
    )

    reach_rebuild()

    status = assessed(request_)

    assert not status.is_eligible
    assert "đang trong danh sách hộ nghèo, cận nghèo" in status.verdict


def test_a_worker_is_a_person_and_counts_alone(home: Household) -> None:
    status = assessed(asked(home, RequestKind.LOW_INCOME), income=2_000_000 * 12)

    assert (status.member, status.persons, status.is_eligible) == (home.members.get(relation="head"), 1, True)


def test_the_ceiling_of_an_earlier_day_is_not_known(home: Household) -> None:
    row = asked(home, RequestKind.LOW_INCOME)
    Request.objects.filter(pk=row.pk).update(received_on=datetime.date(2024, 12, 1))

    with pytest.raises(ValidationError, match="Chưa có mức thu nhập"):
        assessed(Request.objects.get(pk=row.pk), income_from=datetime.date(2023, 12, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"income_from": FROM.replace(day=2)}, "income_from"),
        ({"income_from": datetime.date(2999, 1, 1)}, "income_from"),
        ({"income_from": datetime.date(2022, 1, 1)}, "income_from"),
        ({"persons": 0}, "persons"),
    ],
)
def test_impossible_income_is_refused(request_: Request, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        assessed(request_, **changes)

    assert set(refused.value.message_dict) == {field}


def test_a_request_for_a_review_gives_no_status(home: Household) -> None:
    with pytest.raises(ValidationError, match="đề nghị rà soát"):
        assessed(asked(home, RequestKind.FORM_01))


def test_without_a_household_nothing_is_found(home: Household, request_: Request) -> None:
    request_update(by=None, request=request_, version=request_.version, household=None)

    with pytest.raises(ValidationError, match="chưa gắn với hộ nào"):
        assessed(Request.objects.get())


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


@pytest.mark.parametrize("is_rural_work", [None, False, True])
def test_only_a_household_of_rural_work_is_of_average_living_and_the_answer_is_kept(
    request_: Request, is_rural_work: bool | None
) -> None:
    """Quyết định 24/2021: hộ làm nông, lâm, ngư, diêm nghiệp."""
    status = assessed(request_, is_rural_work=is_rural_work)

    assert (status.is_rural_work, status.is_eligible) == (is_rural_work, is_rural_work is True)


def test_of_a_worker_the_kind_of_work_is_not_asked(home: Household) -> None:
    status = assessed(asked(home, RequestKind.LOW_INCOME), income=2_000_000 * 12, is_rural_work=None)

    assert (status.is_rural_work, status.is_eligible) == (None, True)


def test_only_who_enters_finds_and_posts(request_: Request, leader: User) -> None:
    with pytest.raises(PermissionDenied):
        assessed(request_, leader)
    status = assessed(request_)
    with pytest.raises(PermissionDenied):
        status_post(by=leader, status=status, version=status.version, posted_at="x", posted_from=POSTED)
