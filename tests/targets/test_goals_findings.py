"""What is wrong with goals and owners of deprivations, on their pages and where the table is submitted."""

from typing import Any

import pytest
from django.test import Client

from povertyplan.areas.models import Area
from povertyplan.offices.models import Department
from povertyplan.offices.services import office_add
from targets.models import TargetPlan
from targets.selectors.goals import findings_beside
from targets.selectors.tables import target_table
from targets.services.tables import plan_open, row_set
from tests.factories import VillageFactory
from tests.households import years
from tests.households.answers import answer, indicators
from tests.targets.goal_rows import goal
from tests.targets.test_goals_pages import YEAR, address, html_of


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def plan(commune: Area, village: Area) -> TargetPlan:
    return plan_open(by=None, unit=commune, year=YEAR)


def test_findings_name_goals_without_a_lead_and_against_the_table(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    row_set(by=None, plan=plan, place=village, households=100, poor_households=20, near_poor_households=5,
            poor_reduction=5, near_poor_reduction=0)  # fmt: skip
    lead = office_add(by=None, unit=commune, model=Department, name="Phòng Kinh tế")
    goal(plan, measure="poor_rate", comparison="at_most", value=14, scope="unit", lead_department=lead)
    goal(plan, measure="latrine")

    findings = officer_client.get(address(commune)).context["goals"].findings

    assert [finding.code for finding in findings] == ["goal-against-table", "goal-no-lead"]
    assert "15,00 %" in findings[0].message


def test_goals_and_owners_are_asked_when_the_table_is_submitted_and_stop_nothing(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    row_set(by=None, plan=plan, place=village, households=100, poor_households=20, near_poor_households=5,
            poor_reduction=5, near_poor_reduction=0)  # fmt: skip
    before = years.periodic(commune, YEAR - 1)
    answer(years.reviewed(before, years.family(village), "poor"), water=True)
    years.recognise(before)
    row = goal(plan, measure="latrine")
    water = address(commune, "deprivations") + f"#indicator-{indicators()['water'].pk}"
    wanted = {"goal-no-lead": f"{address(commune)}#goal-{row.pk}", "deprivation-no-lead": water}

    shown = officer_client.get(address(commune, "goal-check"))
    assert {finding.code: finding.anchor for finding in shown.context["findings"]} == wanted
    assert f'href="{water}"' in shown.content.decode()
    for page in ("versions", "submit"):
        asked = f'hx-get="{address(commune, "goal-check")}" hx-trigger="load"'
        assert asked in html_of(officer_client, address(commune, page))
    assert not {*wanted}.intersection(
        finding.code for finding in officer_client.get(address(commune, "submit")).context["errors"]
    )


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_wrong_beside_the_table_costs_five_queries(
    commune: Area, village: Area, plan: TargetPlan, count: int, django_assert_num_queries: Any
) -> None:
    before = years.periodic(commune, YEAR - 1)
    for _ in range(count):
        answer(years.reviewed(before, years.family(village), "poor"), water=True)
        goal(plan)
    years.recognise(before)
    table = target_table(unit=commune, year=YEAR)
    assert table

    with django_assert_num_queries(5):
        assert len(findings_beside(table)) == count + 1
