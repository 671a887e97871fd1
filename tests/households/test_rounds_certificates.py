"""Booklets and requests: what follows from recognition."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    Category,
    RequestKind,
    RequestResult,
    RoundKind,
    RoundState,
    Step,
    Transition,
)
from households.models import (
    Certificate,
    Household,
    Recognised,
    Recognition,
    Request,
    Review,
    ReviewRound,
)
from households.selectors.rounds import official_list
from households.services import certificates, rounds
from households.services.past import past_list_correct
from households.services.recognition import decision_number
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
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
    """With its number."""
    return numbered(walk.recognised(ready, by=leader))


def numbered(decision: Recognition) -> Recognition:
    """By the system, as văn thư would."""
    return decision_number(
        by=None, recognition=decision, version=decision.version, number=str(decision.pk), date=decision.on
    )


def again(row: Any) -> Any:
    row.refresh_from_db()
    return row


# Certificates


def test_booklets_are_numbered_by_village_and_name(ready: ReviewRound, decided: Recognition) -> None:
    assert certificates.certificates_issue(by=None, round=ready, on=walk.TODAY) == 2
    assert certificates.certificates_issue(by=None, round=ready, on=walk.TODAY) == 0

    booklets = Certificate.objects.filter(unit=ready.unit).order_by("number")
    assert [str(booklet) for booklet in booklets] == ["01/GCN-HN.HCN", "02/GCN-HN.HCN"]
    assert [booklet.years.get().category for booklet in booklets] == ["near_poor", "poor"]
    walk.done(ready, Step.CERTIFICATES, walk.TODAY)


def test_the_next_year_confirms_the_booklet_and_issues_no_other(
    unit: Area, homes: dict[str, Any], ready: ReviewRound, decided: Recognition, leader: User
) -> None:
    """Mẫu 03 is a booklet confirmed every year (regulations 10.4)."""
    certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)
    shift = datetime.timedelta(days=364)
    later = walk.opened(unit, year=2025)
    rounds.round_list_fill(by=None, round=later)
    for name, category in (("near_poor", "not_poor"), ("not_poor", "near_poor")):
        walk.scored(Review.objects.get(round=later, household=homes[name]), category)
    walk.scored(walk.added(later, homes["poor"])[0], Category.POOR)
    Review.objects.filter(round=later).update(surveyed_on=walk.SURVEYED_ON + shift)
    recognised_by_hand(later, leader, walk.DECIDED_ON + shift)

    assert certificates.certificates_issue(by=None, round=later, on=walk.DECIDED_ON + shift) == 2

    kept, escaped, fallen = (
        Certificate.objects.filter(household=homes[name]).get() for name in ("not_poor", "near_poor", "poor")
    )
    assert list(kept.years.order_by("year").values_list("year", "category")) == [(2024, "poor"), (2025, "near_poor")]
    assert (escaped.withdrawn_on, escaped.withdrawn_because) == (walk.DECIDED_ON + shift, "thoát cận nghèo")
    assert (fallen.number, fallen.year) == (1, 2025)


def recognised_by_hand(round: ReviewRound, leader: User, on: datetime.date) -> None:
    """Every step before is taken as done; the round is decided as passages have it."""
    from households.selectors.transitions import passages
    from households.services.recognition import _freeze, _recognised

    ReviewRound.objects.filter(pk=round.pk).update(state=RoundState.RECOGNISED, recognised_on=on)
    round.refresh_from_db()
    decision = Recognition.objects.create(unit=round.unit, round=round, kind="initial", on=on, by=leader)
    Recognised.objects.bulk_create(_recognised(decision, passage) for passage in passages(round))
    _freeze(round)
    numbered(decision)


def test_a_correction_changes_the_booklet(ready: ReviewRound, decided: Recognition, leader: User) -> None:
    certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)
    for name, category in (("near_poor", Category.NOT_POOR), ("poor", Category.POOR)):
        numbered(walk.corrected(walk.scored(walk.opened_correction(ready, name), category), leader))

    assert certificates.certificates_issue(by=None, round=ready, on=walk.TODAY) == 1

    assert Certificate.objects.filter(unit=ready.unit, withdrawn_on__isnull=True).count() == 2
    assert Certificate.objects.get(household=walk.review_of(ready, "poor").household).number == 3


def test_a_booklet_is_handed_over_and_withdrawn(ready: ReviewRound, decided: Recognition) -> None:
    certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)
    booklet = Certificate.objects.first()

    booklet = certificates.certificate_hand_over(by=None, certificate=booklet, version=1, on=walk.TODAY)
    with pytest.raises(EditConflict):
        certificates.certificate_hand_over(
            by=None, certificate=booklet, version=1, on=walk.TODAY + datetime.timedelta(days=1)
        )
    with pytest.raises(ValidationError, match="Ghi lý do thu hồi"):
        certificates.certificate_withdraw(by=None, certificate=booklet, version=2, on=walk.TODAY, because="")
    withdrawn = certificates.certificate_withdraw(
        by=None, certificate=booklet, version=2, on=walk.TODAY, because="rách"
    )
    with pytest.raises(ValidationError, match="đã thu hồi ngày 01/12/2024"):
        certificates.certificate_hand_over(by=None, certificate=withdrawn, version=withdrawn.version, on=walk.TODAY)

    assert certificates.certificates_issue(by=None, round=ready, on=walk.TODAY) == 1  # a new one with a new number
    assert list(Certificate.objects.filter(household=booklet.household).order_by("number").values_list("number")) == [
        (booklet.number,),
        (3,),
    ]


def test_no_certificate_before_the_decision(ready: ReviewRound, leader: User) -> None:
    with pytest.raises(ValidationError, match="đang rà soát nên"):
        certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)
    decision = walk.recognised(ready, by=leader)
    with pytest.raises(ValidationError, match=r"Quyết định ngày 04/11/2024 chưa có số. Văn thư ghi số"):
        certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)
    numbered(decision)
    with pytest.raises(ValidationError, match="cấp giấy không trước ngày đó"):
        certificates.certificates_issue(by=None, round=ready, on=walk.SENT_ON)
    with pytest.raises(PermissionDenied):
        certificates.certificates_issue(by=leader, round=ready, on=walk.TODAY)


def test_a_correction_without_number_keeps_booklets_back(
    ready: ReviewRound, decided: Recognition, leader: User
) -> None:
    """Mẫu 03 cites the decision: that of the correction, too."""
    correction = walk.corrected(walk.scored(walk.opened_correction(ready, "poor"), Category.POOR), leader)
    with pytest.raises(ValidationError, match=r"Quyết định ngày 01/12/2024 chưa có số"):
        certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)

    numbered(correction)
    certificates.certificates_issue(by=None, round=ready, on=walk.TODAY)

    assert Certificate.objects.get(household=walk.review_of(ready, "poor").household).recognition == correction


def test_of_a_list_from_paper_the_decision_on_paper_must_have_its_number(unit: Area, homes: dict[str, Any]) -> None:
    round = ReviewRound.objects.get(unit=unit, year=walk.YEAR - 1)
    past = Recognition.objects.get(round=round)
    with pytest.raises(ValidationError, match="ghi lại từ giấy và chưa có số quyết định"):
        certificates.certificates_issue(by=None, round=round, on=walk.TODAY)

    numbered(past)
    rows = [{"household": homes["not_poor"], "category": Category.POOR}]
    past_list_correct(by=None, round=round, last=past.pk, rows=rows)

    assert certificates.certificates_issue(by=None, round=round, on=walk.TODAY) == 3
    assert set(Certificate.objects.values_list("recognition", flat=True)) == {past.pk}


# Requests


def request(unit: Area, household: Any, kind: str) -> Request:
    return Request.objects.create(
        unit=unit,
        kind=kind,
        household=household,
        village=household.village,
        applicant="Người Xin",
        received_on=datetime.date(2024, 3, 1),
        due_on=datetime.date(2024, 12, 14),
    )


@pytest.mark.parametrize(
    ("home", "kind", "category", "result", "reason"),
    [
        ("not_poor", RequestKind.FORM_01, "poor", RequestResult.ACCEPTED, ""),
        (
            "not_poor",
            RequestKind.FORM_01,
            "not_poor",
            RequestResult.REFUSED,
            "Kết quả rà soát: hộ không nghèo (B1 200 điểm, B2 10 điểm).",
        ),
        ("poor", RequestKind.FORM_04, "near_poor", RequestResult.ACCEPTED, ""),
        (
            "near_poor",
            RequestKind.FORM_04,
            "poor",
            RequestResult.REFUSED,
            "Kết quả rà soát: hộ nghèo (B1 100 điểm, B2 30 điểm).",
        ),
    ],
)
def test_requests_are_answered_by_the_result(
    unit: Area,
    homes: dict[str, Any],
    leader: User,
    home: str,
    kind: str,
    category: str,
    result: str,
    reason: str,
) -> None:
    asked = request(unit, homes[home], kind)
    results = {"poor": "poor", "near_poor": "near_poor"} | {home: category}
    walk.recognised(walk.to_decide(unit, homes, results), by=leader)

    asked.refresh_from_db()
    assert (asked.result, asked.refusal_reason, asked.result_on) == (result, reason, walk.DECIDED_ON)


def test_a_request_that_phieu_a_stopped_is_refused_with_that_reason(
    unit: Area, homes: dict[str, Any], leader: User
) -> None:
    asked = request(unit, homes["not_poor"], RequestKind.FORM_01)
    round = walk.opened(unit)
    rounds.round_list_fill(by=None, round=round)
    for name in ("poor", "near_poor"):
        walk.scored(Review.objects.get(round=round, household=homes[name]), name)
    walk.screened_out(Review.objects.get(round=round, household=homes["not_poor"]))
    walk.agreed_round(round, reviewer=user_with(Role.REVIEWER, unit.parent))
    walk.recognised(round, by=leader)

    assert again(asked).refusal_reason == "Phiếu A: hộ không thuộc diện rà soát tiếp."


def test_a_regular_round_decides_on_its_own_households_only(unit: Area, homes: dict[str, Any], leader: User) -> None:
    """Quyết định 24/2021, Điều 5: request, survey, meeting, posting, decision; no opinion (regulations 3.4)."""
    request(unit, homes["poor"], RequestKind.FORM_04)
    round = walk.opened(
        unit, kind=RoundKind.REGULAR, month=10, starts_on=datetime.date(2024, 10, 14), ends_on=walk.POSTED_TO
    )
    rounds.round_list_fill(by=None, round=round)
    walk.scored(Review.objects.get(round=round), Category.NOT_POOR)
    for step, day in ((Step.LISTING, 14), (Step.QUICK_SCREEN, 14), (Step.SURVEY, 14)):
        walk.done(round, step, datetime.date(2024, 10, day))
    review = Review.objects.get(round=round)
    walk.met(round, review)
    walk.posted(round, review.village)
    for step in (Step.VILLAGE_MEETING, Step.POSTING, Step.RECHECK):
        walk.done(round, step, walk.POSTED_TO)
    walk.recognised(round, by=leader)

    assert walk.rows_of(round) == {walk.NAMES["poor"]: ("poor", "not_poor", Transition.POOR_TO_ABOVE)}
    assert [row.head_name for row in official_list(unit, walk.DECIDED_ON)] == [walk.NAMES["near_poor"]]
