"""Which households a round reviews: round_list_fill, review_add, review_drop."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from households.choices import (
    Category,
    HouseholdClosed,
    ListedBecause,
    RequestKind,
    ReviewState,
    RoundKind,
    RoundState,
)
from households.models import Request, Review, ReviewRound
from households.selectors.rounds import official_list, on_list, periodic_round
from households.services import rounds
from households.services.registry import household_close
from povertyplan.areas.models import Area
from povertyplan.areas.services import unit_merge
from tests.factories import CommuneFactory, VillageFactory
from tests.households import build, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Area:
    return walk.commune()


def request(unit: Area, household: Any, kind: str = RequestKind.FORM_01, **fields: Any) -> Request:
    return Request.objects.create(
        unit=unit,
        kind=kind,
        household=household,
        village=household.village,
        applicant="Người Xin",
        **{"received_on": datetime.date(2024, 8, 20), "due_on": datetime.date(2024, 12, 14)} | fields,
    )


@pytest.fixture
def last_year(unit: Area) -> dict[str, Any]:
    """A poor, a near-poor and a not poor household of the 2023 list."""
    from households.services.past import past_list_record

    homes = {category: build.household(unit, head=f"Nguyễn Văn {category}") for category in Category.values}
    past_list_record(
        by=None,
        unit=unit,
        year=2023,
        standard=build.standard(),
        on=datetime.date(2023, 12, 12),
        rows=[{"household": home, "category": category} for category, home in homes.items()],
    )
    return homes


def listed(round: ReviewRound) -> dict[int, tuple[str, str]]:
    rows = Review.objects.filter(round=round).values_list("household", "listed_because", "state")
    return {pk: (because, state) for pk, because, state in rows}


def test_the_list_is_who_is_on_it_now_and_who_asks(unit: Area, last_year: dict[str, Any]) -> None:
    """Quyết định 24/2021, Điều 4; who is on the list goes straight to Phiếu B (recalled, regulations 2.2)."""
    new = build.household(unit, head="Trần Văn Mới")
    asked = request(unit, new)
    leaving = request(unit, last_year["poor"], RequestKind.FORM_04)
    request(unit, last_year["not_poor"], RequestKind.FORM_01_AVERAGE)
    round = walk.opened(unit)

    assert rounds.round_list_fill(by=None, round=round) == 3

    assert listed(round) == {
        last_year["poor"].pk: (ListedBecause.ON_LIST, ReviewState.TO_SURVEY),
        last_year["near_poor"].pk: (ListedBecause.ON_LIST, ReviewState.TO_SURVEY),
        new.pk: (ListedBecause.REQUEST, ReviewState.LISTED),
    }
    assert Review.objects.get(household=new).request == asked
    assert Review.objects.get(household=last_year["poor"]).request == leaving
    assert Review.objects.get(household=new).head_name == "Trần Văn Mới"
    asked.refresh_from_db()
    assert asked.round == round


def test_filling_twice_is_filling_once(unit: Area, last_year: dict[str, Any]) -> None:
    round = walk.opened(unit)
    rounds.round_list_fill(by=None, round=round)
    late = request(unit, last_year["poor"], RequestKind.FORM_04)

    assert rounds.round_list_fill(by=None, round=round) == 0
    assert Review.objects.filter(round=round).count() == 2
    assert Review.objects.get(household=last_year["poor"]).request == late


@pytest.mark.parametrize("count", [1, 3])
def test_filling_asks_the_same_questions_for_one_and_three(
    unit: Area, count: int, django_assert_num_queries: Any
) -> None:
    for name in ("Một", "Hai", "Ba")[:count]:
        request(unit, build.household(unit, head=f"Nguyễn Văn {name}"))
    round = walk.opened(unit)

    with django_assert_num_queries(14):
        assert rounds.round_list_fill(by=None, round=round) == count


def test_who_moved_away_or_is_gone_is_not_listed(unit: Area, last_year: dict[str, Any]) -> None:
    household_close(
        by=None,
        household=last_year["poor"],
        version=last_year["poor"].version,
        on=datetime.date(2024, 5, 1),
        because=HouseholdClosed.MOVED_OUT,
    )
    round = walk.opened(unit)

    assert rounds.round_list_fill(by=None, round=round) == 1
    assert list(on_list(unit=unit, before=round)) == [last_year["near_poor"]]
    with pytest.raises(ValidationError, match=r"thôi theo dõi từ 01/05/2024 \(chuyển khỏi địa bàn\)"):
        rounds.review_add(by=None, round=round, household=last_year["poor"])


def test_a_household_of_another_unit_is_refused(unit: Area) -> None:
    elsewhere = build.household(CommuneFactory())

    with pytest.raises(ValidationError, match="rà soát ở nơi đang ở"):
        rounds.review_add(by=None, round=walk.opened(unit), household=elsewhere)


def test_a_regular_round_lists_only_who_asks(unit: Area, last_year: dict[str, Any]) -> None:
    request(unit, last_year["poor"], RequestKind.FORM_04, received_on=datetime.date(2024, 3, 4))
    round = walk.opened(unit, kind=RoundKind.REGULAR, month=3)

    assert rounds.round_list_fill(by=None, round=round) == 1
    assert listed(round) == {last_year["poor"].pk: (ListedBecause.ON_LIST, ReviewState.TO_SURVEY)}


def test_a_request_stays_with_the_round_that_took_it(unit: Area) -> None:
    request(unit, build.household(unit))
    first = walk.opened(unit, kind=RoundKind.REGULAR, month=9)
    rounds.round_list_fill(by=None, round=first)

    assert rounds.round_list_fill(by=None, round=walk.opened(unit)) == 0

    rounds.round_cancel(by=None, round=first, version=first.version, reason="không kịp")
    assert rounds.round_list_fill(by=None, round=periodic_round(unit=unit, year=2024)) == 1


def test_the_list_goes_over_to_the_unit_that_took_over(unit: Area, last_year: dict[str, Any]) -> None:
    """Households follow through ``households_follow``; here their rows are moved by hand."""
    day = datetime.date(2024, 7, 1)
    other = VillageFactory(parent=CommuneFactory(parent=unit.parent)).parent
    merged = unit_merge(
        by=None, units=[unit, other], from_day=day, code=unit.code, name="Xã Mới", kind="xã", parent=unit.parent
    )
    village = Area.objects.villages_of(merged).get(name=last_year["poor"].village.name)
    for home in (last_year["poor"], last_year["near_poor"]):
        type(home).objects.filter(pk=home.pk).update(unit=merged, village=village)
    round = walk.opened(merged)

    assert rounds.round_list_fill(by=None, round=round) == 2
    assert official_list(merged, datetime.date(2024, 8, 31)).count() == 2
    assert periodic_round(unit=merged, year=2023) == periodic_round(unit=unit, year=2023)


def test_the_list_closes_with_the_survey(unit: Area) -> None:
    round = walk.opened(unit)
    walk.scored(*walk.added(round, build.household(unit)))
    walk.surveyed(round)

    with pytest.raises(ValidationError, match="mở lại bước này, hoặc để hộ sang đợt"):
        rounds.review_add(by=None, round=round, household=build.household(unit))
    with pytest.raises(ValidationError, match="mở lại bước này"):
        rounds.round_list_fill(by=None, round=round)


def test_a_household_is_dropped_with_a_reason_and_may_come_back(unit: Area) -> None:
    round = walk.opened(unit)
    (review,) = walk.added(round, home := build.household(unit))
    with pytest.raises(ValidationError, match="Ghi lý do"):
        rounds.review_drop(by=None, review=review, version=review.version, reason=" ")

    dropped = rounds.review_drop(by=None, review=review, version=review.version, reason="trùng hộ")
    assert (dropped.state, dropped.dropped_because) == (ReviewState.DROPPED, "trùng hộ")

    again = rounds.review_add(by=None, round=round, household=home)
    assert (again.pk, again.state, again.dropped_because) == (review.pk, ReviewState.LISTED, "")
    with pytest.raises(ValidationError, match="đã có phiếu trong đợt"):
        rounds.review_add(by=None, round=round, household=home)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": RequestKind.LOW_INCOME}, "không xét trong đợt"),
        ({"result": "withdrawn", "result_on": datetime.date(2024, 8, 30)}, "đã trả kết quả"),
        ({"household": None}, "không phải của hộ này"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(unit: Area, changes: dict[str, Any], sentence: str) -> None:
    home = build.household(unit)
    row = request(unit, home)
    Request.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()

    with pytest.raises(ValidationError, match=sentence):
        rounds.review_add(by=None, round=walk.opened(unit), household=home, request=row)


def test_nothing_is_added_to_a_cancelled_round(unit: Area) -> None:
    round = walk.opened(unit)
    with pytest.raises(ValidationError, match="Ghi lý do hủy"):
        rounds.round_cancel(by=None, round=round, version=1, reason="")
    cancelled = rounds.round_cancel(by=None, round=round, version=1, reason="mở nhầm")

    assert cancelled.state == RoundState.CANCELLED
    with pytest.raises(ValidationError, match="đã hủy nên không ghi thêm được"):
        rounds.round_list_fill(by=None, round=round)
