"""The register of requests: Mẫu 01, Mẫu 04 and those for a status (Quyết định 24/2021, regular review)."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import Channel, RequestKind, RequestResult, RoundKind, RoundState
from households.models import Household, Request, ReviewRound, Standard
from households.rules.requests import days_late, due_day, review_start
from households.selectors.requests import computed_due_day, found_households, narrowed, requests_of
from households.services.requests import (
    request_answer,
    request_register,
    request_reopen,
    request_update,
)
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import CommuneFactory, VillageFactory
from tests.households.build import household, standard

RECEIVED = datetime.date(2024, 3, 8)


@pytest.fixture
def law(db: None) -> Standard:
    return standard()


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def home(law: Standard, commune: Area, village: Area) -> Household:
    return household(commune, village)


def register(home: Household, **changes: Any) -> Request:
    values: dict[str, Any] = {
        "by": None,
        "unit": home.unit,
        "kind": RequestKind.FORM_01,
        "channel": Channel.COUNTER,
        "received_on": RECEIVED,
        "village": home.village,
        "household": home,
        "applicant": "Nguyễn Văn A",
    }
    return request_register(**(values | changes))


def open_round(unit: Area, law: Standard, **changes: Any) -> ReviewRound:
    values: dict[str, Any] = {"kind": RoundKind.REGULAR, "month": 3, "year": 2024, "state": RoundState.OPEN}
    days = {"starts_on": datetime.date(2024, 3, 15), "ends_on": datetime.date(2024, 3, 30)}
    return ReviewRound.objects.create(unit=unit, standard=law, **(values | days | changes))


@pytest.mark.parametrize(
    ("received", "start", "due"),
    [
        ("2024-03-08", "2024-03-15", "2024-03-30"),
        ("2024-03-15", "2024-03-15", "2024-03-30"),  # on the day itself: the review of that month
        ("2024-03-16", "2024-04-15", "2024-04-30"),
        ("2024-12-31", "2025-01-15", "2025-01-30"),
        ("2024-01-31", "2024-02-15", "2024-03-01"),
    ],
)
def test_the_answer_is_due_fifteen_days_after_the_review_of_the_month_begins(
    received: str, start: str, due: str
) -> None:
    """Quyết định 24/2021, rà soát thường xuyên: monthly from the 15th, decided within 15 days."""
    day = datetime.date.fromisoformat

    assert review_start(day(received), start_day=15) == day(start)
    assert due_day(day(received), start_day=15, days=15) == day(due)


def test_a_start_day_that_a_month_does_not_have_is_its_last(db: None) -> None:
    assert review_start(datetime.date(2023, 2, 1), start_day=31) == datetime.date(2023, 2, 28)


def test_lateness_is_counted_until_the_answer() -> None:
    due, today = datetime.date(2024, 3, 30), datetime.date(2024, 4, 10)

    assert days_late(due, answered_on=None, today=today) == 11
    assert days_late(due, answered_on=datetime.date(2024, 4, 1), today=today) == 2
    assert days_late(due, answered_on=due, today=today) == 0


def test_the_due_day_comes_from_the_law_and_may_be_typed(home: Household) -> None:
    typed = datetime.date(2024, 5, 2)

    assert register(home).due_on == datetime.date(2024, 3, 30)
    assert register(home, kind=RequestKind.FORM_04, due_on=typed).due_on == typed


def test_without_the_law_the_due_day_is_asked_for(commune: Area, village: Area) -> None:
    assert computed_due_day(unit=commune, kind=RequestKind.FORM_01, received_on=RECEIVED) is None
    with pytest.raises(ValidationError, match="ghi hạn trả kết quả"):
        request_register(
            by=None,
            unit=commune,
            kind=RequestKind.FORM_01,
            channel=Channel.POST,
            received_on=RECEIVED,
            village=village,
            applicant="Nguyễn Văn A",
        )


def test_a_request_joins_the_regular_round_of_its_month(home: Household, law: Standard) -> None:
    periodic = open_round(home.unit, law, kind=RoundKind.PERIODIC, month=0)
    march = open_round(home.unit, law)

    assert register(home).round == march
    assert register(home, kind=RequestKind.FORM_04, received_on=datetime.date(2024, 3, 20)).round == periodic


@pytest.mark.parametrize("kind", [RequestKind.FORM_01_AVERAGE, RequestKind.LOW_INCOME])
def test_a_request_for_a_status_belongs_to_no_round(home: Household, law: Standard, kind: str) -> None:
    open_round(home.unit, law)
    member = home.members.first() if kind == RequestKind.LOW_INCOME else None

    assert register(home, kind=kind, member=member).round is None


def test_everything_wrong_is_said_at_once(home: Household) -> None:
    elsewhere = household(CommuneFactory(), None)
    register(home, file_number="000.01")

    with pytest.raises(ValidationError) as refused:
        register(
            home,
            household=elsewhere,
            received_on=datetime.date(2999, 1, 1),
            due_on=datetime.date(2998, 1, 1),
            applicant="",
            file_number="000.01",
            member=home.members.first(),
        )

    assert set(refused.value.message_dict) == {
        "received_on",
        "due_on",
        "village",
        "applicant",
        "file_number",
        "household",
        "member",
    }


def test_one_household_has_one_open_request_of_a_kind(home: Household) -> None:
    register(home)

    with pytest.raises(ValidationError, match="chưa trả kết quả, nhận ngày 08/03/2024"):
        register(home)


def test_a_low_income_worker_is_a_person(home: Household) -> None:
    with pytest.raises(ValidationError, match="Chọn người lao động trong hộ"):
        register(home, kind=RequestKind.LOW_INCOME)


def test_a_closed_household_asks_no_more(home: Household) -> None:
    Household.objects.filter(pk=home.pk).update(closed_on=RECEIVED, closed_because="moved_out")
    home.refresh_from_db()

    with pytest.raises(ValidationError, match="thôi theo dõi từ ngày 08/03/2024"):
        register(home)


def test_a_correction_moves_the_due_day_when_it_is_left_empty(home: Household) -> None:
    row = register(home)

    stored = request_update(
        by=None, request=row, version=row.version, received_on=datetime.date(2024, 3, 16), due_on=None
    )

    assert stored.due_on == datetime.date(2024, 4, 30)


def test_two_corrections_of_one_field_are_a_conflict(home: Household) -> None:
    row = register(home)
    request_update(by=None, request=row, version=row.version, applicant="Nguyễn Văn B")

    with pytest.raises(EditConflict):
        request_update(by=None, request=row, version=row.version, applicant="Nguyễn Văn C")


def test_a_refusal_has_its_reason_and_a_day_in_between(home: Household) -> None:
    row = register(home)

    with pytest.raises(ValidationError) as refused:
        request_answer(
            by=None, request=row, version=row.version, result=RequestResult.REFUSED, on=RECEIVED.replace(day=1)
        )

    assert set(refused.value.message_dict) == {"on", "reason"}


def test_an_answered_request_is_closed_and_may_be_opened_again(home: Household) -> None:
    row = register(home)
    on = datetime.date(2024, 4, 2)
    row = request_answer(
        by=None, request=row, version=row.version, result=RequestResult.REFUSED, on=on, reason="Không đủ điều kiện"
    )

    with pytest.raises(ValidationError, match="đã trả kết quả ngày 02/04/2024"):
        request_update(by=None, request=row, version=row.version, applicant="Khác")
    with pytest.raises(ValidationError, match="đã trả kết quả"):
        request_answer(by=None, request=row, version=row.version, result=RequestResult.WITHDRAWN, on=on)

    row = request_reopen(by=None, request=row, version=row.version)
    assert (row.result, row.result_on, row.refusal_reason) == ("", None, "")


def test_what_an_open_round_reviews_is_answered_by_its_recognition(home: Household, law: Standard) -> None:
    round = open_round(home.unit, law)
    row = register(home)
    on = datetime.date(2024, 3, 20)

    with pytest.raises(ValidationError, match="rà soát thường xuyên tháng 03/2024 được công nhận"):
        request_answer(by=None, request=row, version=row.version, result=RequestResult.ACCEPTED, on=on)
    row = request_answer(by=None, request=row, version=row.version, result=RequestResult.WITHDRAWN, on=on)

    ReviewRound.objects.filter(pk=round.pk).update(state=RoundState.RECOGNISED, recognised_on=on)
    with pytest.raises(ValidationError, match="điều chỉnh phiếu rà soát"):
        request_reopen(by=None, request=Request.objects.get(), version=row.version)


def test_only_who_enters_writes_in_the_register(home: Household, leader: User, law: Standard) -> None:
    row = register(home)
    common: dict[str, Any] = {"by": leader, "request": row, "version": row.version}

    with pytest.raises(PermissionDenied):
        register(home, by=leader)
    with pytest.raises(PermissionDenied):
        request_update(**common, applicant="Khác")
    with pytest.raises(PermissionDenied):
        request_answer(**common, result=RequestResult.WITHDRAWN, on=RECEIVED)
    with pytest.raises(PermissionDenied):
        request_reopen(**common)


def test_the_register_of_a_year_keeps_what_is_still_open(home: Household) -> None:
    row = register(home)
    late = datetime.date(2024, 4, 1)

    assert list(requests_of(unit=home.unit, year=2023)) == []
    assert list(requests_of(unit=home.unit, year=2025)) == [row]
    assert list(narrowed(requests_of(unit=home.unit, year=2024), late_on=late, words="văn a")) == [row]
    assert not narrowed(requests_of(unit=home.unit, year=2024), state="answered").exists()
    assert not narrowed(requests_of(unit=home.unit, year=2024), kind=RequestKind.FORM_04).exists()


def test_a_household_is_found_without_accents_by_its_members_or_code(home: Household) -> None:
    assert [found.pk for found in found_households(unit=home.unit, words="nguyen van")] == [home.pk]
    assert [found.pk for found in found_households(unit=home.unit, words=home.code)] == [home.pk]
    assert found_households(unit=home.unit, words=" ") == []
    assert found_households(unit=CommuneFactory(), words="nguyen") == []
