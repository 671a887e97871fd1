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
from tests.targets.test_goals_pages import YEAR, address, form, html_of


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
    for number in range(count):
        answer(years.reviewed(before, years.family(village), "poor"), water=True)
        goal(plan, value=number)
    years.recognise(before)
    table = target_table(unit=commune, year=YEAR)
    assert table

    with django_assert_num_queries(5):
        assert len(findings_beside(table)) == count + 1


def test_a_fall_that_is_not_that_of_the_table_is_told_on_the_page_and_at_submission(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    row_set(by=None, plan=plan, place=village, households=100, poor_households=20, near_poor_households=5,
            poor_reduction=5, near_poor_reduction=0)  # fmt: skip
    lead = office_add(by=None, unit=commune, model=Department, name="Phòng Kinh tế")
    fall = {"measure": "", "text": "Mức giảm tỷ lệ nghèo đa chiều", "unit_of_value": "points", "scope": "unit"}
    goal(plan, value=3, lead_department=lead, **fall)
    said = "Khác bảng chỉ tiêu: ở đây ghi ít nhất 3 điểm %, bảng dự kiến giảm 5,00 điểm %."

    assert said in html_of(officer_client, address(commune))
    assert said in html_of(officer_client, address(commune, "goal-check"))


def test_without_a_complete_table_the_page_does_not_say_that_goals_agree_with_it(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    lead = office_add(by=None, unit=commune, model=Department, name="Phòng Kinh tế")
    goal(plan, measure="poor_rate", comparison="at_most", value=14, scope="unit", lead_department=lead)

    html = html_of(officer_client, address(commune))

    assert "chưa so được các chỉ tiêu với bảng" in html
    assert "không khác bảng chỉ tiêu" not in html


def test_the_same_goal_entered_again_is_told(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    for _ in range(2):
        officer_client.post(address(commune, "goal-add"), form(value="95"))

    assert "Ghi hai lần" in html_of(officer_client, address(commune))
