"""Goals of a district or province: added from the counts of its communes, else reported."""

import datetime
from typing import Any

import pytest

from povertyplan.areas.models import Area
from targets.models import IndicatorActual, TargetPlan
from targets.selectors.goals import GoalLine, goal_table, opened_goal
from tests.factories import CommuneFactory, VillageFactory
from tests.households import years
from tests.households.answers import answer
from tests.targets.goal_rows import goal

YEAR = 2025
DAY = datetime.date(YEAR, 12, 31)


@pytest.fixture
def province(commune: Area) -> Area:
    assert commune.parent is not None
    return commune.parent


@pytest.fixture
def plan(province: Area) -> TargetPlan:
    return TargetPlan.objects.create(unit=province, year=YEAR)


def with_latrines(unit: Area, *lacking: bool) -> None:
    """A recognised list of the year: a poor household for each, with or without a latrine."""
    village, round = VillageFactory(parent=unit), years.periodic(unit, YEAR)
    for is_deprived in lacking:
        answer(years.reviewed(round, years.family(village), "poor"), latrine=is_deprived)
    years.recognise(round)


def line(plan: TargetPlan) -> GoalLine:
    (found,) = goal_table(unit=plan.unit, year=YEAR, day=DAY).lines
    return found


def reported(plan: TargetPlan, **fields: Any) -> None:
    row = plan.goals.get()
    report = {"on": datetime.date(YEAR, 11, 30), "part": 90, "whole": 100, "source": "Sở Y tế"} | fields
    IndicatorActual.objects.create(goal=row, unit=plan.unit, **report)


def test_a_share_is_added_from_counts_and_never_averaged(commune: Area, province: Area, plan: TargetPlan) -> None:
    with_latrines(commune, False)
    with_latrines(CommuneFactory(parent=province), True, True, True)
    goal(plan, measure="latrine", value=50)

    found = line(plan)

    assert found.reached is not None
    assert (found.reached.figure, found.reached.counts, found.verdict) == ("25,00 %", "1/4 hộ", "missed")
    assert found.reached.source == f"cộng từ các xã, danh sách công nhận năm {YEAR}"
    opened = opened_goal(unit=province, year=YEAR, pk=found.goal.pk, day=DAY)
    assert opened is not None
    assert (found.reached.opens, opened.households) == (False, ())
    assert opened.line.why == "Mở trang của từng xã để xem các hộ."


def test_while_a_commune_is_not_recognised_nothing_is_judged_and_a_report_goes_first(
    commune: Area, province: Area, plan: TargetPlan
) -> None:
    with_latrines(commune, False)
    CommuneFactory(parent=province)
    goal(plan, measure="latrine", value=50)

    found = line(plan)
    assert found.reached is not None
    assert (found.reached.counts, found.verdict) == ("1/1 hộ", "open")
    assert found.reached.unknown == "chưa có 1 xã, vì chưa công nhận kết quả rà soát của năm"

    reported(plan)
    found = line(plan)
    assert found.reached is not None
    assert (found.reached.counts, found.reached.source, found.verdict) == ("90/100", "Sở Y tế", "reached")


def test_what_cannot_be_added_is_reported(commune: Area, plan: TargetPlan) -> None:
    with_latrines(commune, False)
    goal(plan, measure="schooling", value=50)
    assert line(plan).why == "Chưa cộng được từ các xã; có thể nhập kết quả."

    reported(plan)

    assert line(plan).verdict == "reached"
