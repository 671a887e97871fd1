"""What the law says of average living and of a low-income worker, found from what was asked."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from households.choices import (
    Category,
    RecognitionKind,
    RequestKind,
    RoundKind,
    RoundState,
    StatusState,
)
from households.models import Household, Recognised, Recognition, Request, ReviewRound, Standard
from households.rules.statuses import average_living, last_day, low_income_worker, twelve_months_before
from households.services.requests import request_update
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from tests.factories import VillageFactory
from tests.households.build import household, standard
from tests.households.status_rows import FROM, RECEIVED, asked, assessed


@pytest.fixture
def law(db: None) -> Standard:
    return standard()


@pytest.fixture
def home(law: Standard, commune: Area) -> Household:
    return household(commune, VillageFactory(parent=commune))


@pytest.fixture
def request_(home: Household) -> Request:
    return asked(home)


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
