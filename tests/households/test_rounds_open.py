"""Opening a round, its list of households, its steps: services.rounds."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import (
    RoundKind,
    Step,
)
from households.models import ReviewRound, Standard
from households.selectors.rounds import periodic_round, rounds_of, standard_findings
from households.services import rounds
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from povertyplan.offices.choices import BoardKind
from povertyplan.offices.models import Board
from tests.factories import START, CommuneFactory, ProvinceFactory, user_with
from tests.households import build, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Area:
    return walk.commune()


def days_of(round: ReviewRound, step: Step) -> tuple[datetime.date | None, datetime.date | None]:
    row = round.steps.get(step=step)
    return row.starts_on, row.due_on


def test_a_periodic_round_opens_with_nine_steps_and_the_days_of_the_law(unit: Area) -> None:
    round = walk.opened(unit)

    assert (round.starts_on, round.ends_on) == (datetime.date(2024, 9, 1), datetime.date(2024, 12, 14))
    assert list(round.steps.values_list("step", flat=True)) == list(Step)
    assert days_of(round, Step.RECOGNITION) == (None, datetime.date(2024, 12, 14))
    assert days_of(round, Step.POSTING) == (None, datetime.date(2024, 12, 6))


def test_a_regular_round_runs_from_the_15th_without_an_opinion(unit: Area) -> None:
    round = walk.opened(unit, kind=RoundKind.REGULAR, month=3)

    assert (round.starts_on, round.ends_on) == (datetime.date(2024, 3, 15), datetime.date(2024, 3, 30))
    assert not round.steps.filter(step=Step.OPINION).exists()


def test_a_regular_round_is_decided_within_15_days_whenever_it_starts(unit: Area) -> None:
    late = walk.opened(unit, kind=RoundKind.REGULAR, month=3, starts_on=datetime.date(2024, 3, 18))
    assert late.ends_on == datetime.date(2024, 4, 2)

    with pytest.raises(ValidationError, match="muộn nhất 30/04/2024"):
        walk.opened(unit, kind=RoundKind.REGULAR, month=4, ends_on=datetime.date(2024, 5, 2))


def test_only_who_enters_in_the_unit_opens(unit: Area) -> None:
    build.standard()
    for user in (user_with(Role.LEADER, unit), user_with(Role.OFFICER, CommuneFactory())):
        with pytest.raises(PermissionDenied):
            walk.opened(unit, by=user)

    officer = user_with(Role.OFFICER, unit)
    assert walk.opened(unit, by=officer).opened_by == officer


def test_the_year_has_one_periodic_round_until_it_is_cancelled(unit: Area) -> None:
    first = walk.opened(unit)
    with pytest.raises(ValidationError, match="Đơn vị đã có đợt rà soát này"):
        walk.opened(unit)

    rounds.round_cancel(by=None, round=first, version=first.version, reason="mở nhầm")

    assert walk.opened(unit) == periodic_round(unit=unit, year=2024)
    assert rounds_of(unit, 2024).count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"kind": RoundKind.REGULAR}, "month", "ghi rõ tháng"),
        ({"month": 5}, "month", "không ghi tháng"),
        ({"year": 2019}, "year", "Năm 2019 không có"),
        ({"starts_on": datetime.date(2023, 9, 1)}, "starts_on", "bắt đầu trong năm 2024"),
        ({"ends_on": datetime.date(2024, 8, 1)}, "ends_on", "không được trước ngày bắt đầu"),
    ],
)
def test_wrong_days_are_refused_by_field(unit: Area, fields: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        walk.opened(unit, **fields)

    assert sentence in " ".join(caught.value.message_dict[field])


def test_a_province_has_no_round() -> None:
    with pytest.raises(ValidationError, match="không phải cấp xã"):
        walk.opened(ProvinceFactory())


def test_a_commune_that_ended_has_no_autumn_round(unit: Area) -> None:
    Area.objects.filter(pk=unit.pk).update(valid_to=datetime.date(2024, 6, 30))
    unit.refresh_from_db()

    with pytest.raises(ValidationError, match="đến 30/06/2024"):
        walk.opened(unit)


def test_a_standard_of_another_province_is_refused(unit: Area) -> None:
    own, other = (
        Standard.objects.create(code=f"x{number}", name=f"Chuẩn {number}", area=area, valid_from=START)
        for number, area in enumerate([unit.parent, ProvinceFactory()])
    )

    with pytest.raises(ValidationError, match="chuẩn riêng của tỉnh khác"):
        walk.opened(unit, standard=other)
    assert walk.opened(unit, standard=own).standard == own


def test_a_standard_that_ends_or_is_not_yet_in_force_warns_and_is_not_refused(unit: Area) -> None:
    days = {"starts_on": datetime.date(2026, 9, 1), "ends_on": datetime.date(2026, 12, 14)}

    old = standard_findings(build.standard("2022_2025"), **days)
    new = standard_findings(build.standard("2027_2030"), **days)

    assert [found.code for found in old] == ["standard-ends"]
    assert [found.code for found in new] == ["standard-not-in-force", "standard-provisional"]
    assert walk.opened(unit, year=2026, standard=build.standard("2027_2030")).standard.code == "2027_2030"


def test_boards_are_of_the_unit_and_of_their_kind(unit: Area) -> None:
    board = Board.objects.create(unit=unit, kind=BoardKind.REVIEW, name="Ban Chỉ đạo", valid_from=START)
    foreign = Board.objects.create(unit=CommuneFactory(), kind=BoardKind.REVIEW, name="Ban khác", valid_from=START)

    with pytest.raises(ValidationError) as caught:
        walk.opened(unit, board=foreign, team=board)

    assert set(caught.value.message_dict) == {"board", "team"}
    assert walk.opened(unit, board=board).board == board


def test_new_days_move_the_due_days_that_nobody_planned(unit: Area) -> None:
    round = walk.opened(unit)
    row = round.steps.get(step=Step.VILLAGE_MEETING)
    planned = datetime.date(2024, 11, 15)
    rounds.step_plan(by=None, round=round, step=row.step, version=row.version, starts_on=None, due_on=planned)

    round = rounds.round_update(by=None, round=round, version=round.version, ends_on=datetime.date(2024, 11, 30))

    assert days_of(round, Step.RECOGNITION)[1] == datetime.date(2024, 11, 30)
    assert days_of(round, Step.VILLAGE_MEETING)[1] == planned


def test_a_plan_stays_within_the_round(unit: Area) -> None:
    round = walk.opened(unit)

    with pytest.raises(ValidationError, match="14/12/2024"):
        rounds.step_plan(
            by=None, round=round, step=Step.SURVEY, version=1, starts_on=None, due_on=datetime.date(2024, 12, 20)
        )


def test_the_standard_stays_once_a_household_is_scored_by_it(unit: Area) -> None:
    round = walk.opened(unit)
    (review,) = walk.added(round, build.household(unit))
    changed = rounds.round_update(by=None, round=round, version=1, standard=build.standard("2027_2030"))
    walk.scored(review)

    with pytest.raises(ValidationError, match="không đổi chuẩn nghèo"):
        rounds.round_update(by=None, round=round, version=changed.version, standard=build.standard("2022_2025"))


def test_two_who_change_the_same_day_are_told(unit: Area) -> None:
    round = walk.opened(unit)
    rounds.round_update(by=None, round=round, version=1, ends_on=datetime.date(2024, 12, 1))

    with pytest.raises(EditConflict):
        rounds.round_update(by=None, round=round, version=1, ends_on=datetime.date(2024, 12, 5))


# Who may


def test_each_write_asks_who(unit: Area, leader_and_stranger: list[User]) -> None:
    round = walk.opened(unit)
    (review,) = walk.added(round, home := build.household(unit))
    for user in leader_and_stranger:
        for call in (
            lambda by: rounds.round_update(by=by, round=round, version=1),
            lambda by: rounds.round_cancel(by=by, round=round, version=1, reason="x"),
            lambda by: rounds.round_list_fill(by=by, round=round),
            lambda by: rounds.review_add(by=by, round=round, household=home),
            lambda by: rounds.review_drop(by=by, review=review, version=1, reason="x"),
            lambda by: rounds.step_finish(by=by, round=round, step=Step.LISTING, version=1, on=walk.LISTED_ON),
            lambda by: rounds.step_reopen(by=by, round=round, step=Step.LISTING, version=1, reason="x"),
            lambda by: rounds.step_plan(by=by, round=round, step=Step.LISTING, version=1, starts_on=None, due_on=None),
        ):
            with pytest.raises(PermissionDenied):
                call(user)


@pytest.fixture
def leader_and_stranger(unit: Area) -> list[User]:
    return [user_with(Role.LEADER, unit), user_with(Role.OFFICER, CommuneFactory())]
