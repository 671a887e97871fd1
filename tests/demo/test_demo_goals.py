"""The goals and the owners of deprivations that the plans of the demonstration state."""

import datetime
from decimal import Decimal

from povertyplan.areas.selectors import unit_in_year
from povertyplan.web.demo import demo_load
from targets.models import DeprivationOwner, IndicatorTarget, TargetPlan
from targets.selectors.deprivations import owned_table
from targets.selectors.goals import goal_table


def plan(code: str, year: int) -> TargetPlan:
    return TargetPlan.objects.get(unit=unit_in_year(code, year), year=year)


def leads(code: str, year: int) -> dict[str, str]:
    """Who leads, by the code of the indicator."""
    rows = DeprivationOwner.objects.filter(plan=plan(code, year)).select_related("indicator")
    return {row.indicator.code: row.lead for row in rows}


def test_the_goals_of_son_thanh_are_those_of_its_plan(demo: None) -> None:
    goals = list(plan("21295", 2025).goals.all())

    assert len(goals) == 12
    assert [goal.text for goal in goals if goal.measure == "latrine"] == [
        "Ít nhất 95 % hộ nghèo, hộ cận nghèo có nhà tiêu hợp vệ sinh"
    ]
    fall = next(goal for goal in goals if goal.measure == "minority_poor_fall")
    assert (fall.comparison, fall.value, fall.unit_of_value) == ("more_than", 3, "points")
    placed = next(goal for goal in goals if goal.unit_of_value == "persons")
    assert (placed.value, placed.dimension.name, placed.comparison) == (20, "Việc làm", "at_least")


def test_the_plan_of_son_thanh_contradicts_its_own_table(demo: None) -> None:
    """The text says 10,08 %; the households of the table give 256/2.538."""
    found = goal_table(unit=unit_in_year("21295", 2025), year=2025, day=datetime.date(2025, 6, 30)).findings

    messages = [finding.message for finding in found if finding.code == "goal-against-table"]
    assert messages == ["Khác bảng chỉ tiêu: chỉ tiêu là không quá 10,08 %, còn bảng chỉ tiêu dự kiến 10,09 %."]
    assert "goal-no-lead" in {finding.code for finding in found}


def test_of_the_goals_of_dai_lanh_one_is_not_what_its_table_gives(demo: None) -> None:
    """Households of the table fall by 18 of 3.022; the text speaks of 0,63 points."""
    dai_lanh = plan("22492", 2024)
    found = goal_table(unit=dai_lanh.unit, year=2024, day=datetime.date(2024, 12, 31)).findings

    assert [(finding.place, finding.message) for finding in found if finding.code != "goal-no-lead"] == [
        (
            "Mức giảm tỷ lệ nghèo đa chiều",
            "Khác bảng chỉ tiêu: chỉ tiêu là ít nhất 0,63 điểm %, còn bảng chỉ tiêu dự kiến 0,60 điểm %.",
        )
    ]


def test_nobody_near_poor_of_dai_lanh_is_to_be_a_party_member(demo: None) -> None:
    assert plan("22492", 2024).goals.get(measure="party_member").text == "Không còn hộ cận nghèo có đảng viên"


def test_dai_lanh_gives_each_deprivation_to_an_office(demo: None) -> None:
    given = leads("22492", 2024)

    land = "Công chức Địa chính - Xây dựng - Tài nguyên - Môi trường"
    assert {code for code, lead in given.items() if lead == land} == {
        "water",
        "latrine",
        "housing_quality",
        "housing_area",
    }
    assert given["nutrition"] == given["health_insurance"] == "Trạm Y tế xã"
    assert given["telecom"] == given["information_means"] == "Cán bộ Văn hóa - Thông tin"


def test_kon_chieng_gives_each_deprivation_to_an_office_and_keeps_its_rate(demo: None) -> None:
    given = leads("23818", 2025)

    assert given["water"] == "Phòng Kinh tế"
    assert given["health_insurance"] == given["latrine"] == "Trạm Y tế xã"
    assert given["employment"] == "Phòng Văn hóa - Xã hội"
    assert plan("23818", 2025).goals.get(measure="poor_rate").value == Decimal("11.91")


def test_the_district_has_its_goals_and_who_leads_them(demo: None) -> None:
    goals = plan("870", 2022).goals.all()

    assert [goal.lead for goal in goals] == [
        "Phòng Lao động - Thương binh và Xã hội",
        "Bảo hiểm xã hội Huyện",
        "Ngân hàng Chính sách xã hội Huyện",
        "Trung tâm Giáo dục nghề nghiệp Huyện",
    ]


def test_the_deprivations_of_the_recognised_round_are_counted(demo: None) -> None:
    unit = unit_in_year("23668", 2023)
    table = owned_table(unit=unit, year=2023, plan=plan("23668", 2023))

    assert table.counts.is_known
    assert table.counts.listed > 242
    assert all(line.lead for line in table.lines if line.count.number in (1, 4, 9, 10))
    missing = {finding.place for finding in table.findings}
    assert missing == {line.count.name for line in table.lines if line.count.deprived and not line.lead}


def test_goals_that_somebody_took_out_do_not_come_back_beside_others(demo: None) -> None:
    dai_lanh = plan("22492", 2024)
    IndicatorTarget.objects.filter(plan=dai_lanh, measure="insured").delete()

    assert demo_load().is_nothing
    assert not IndicatorTarget.objects.filter(plan=dai_lanh, measure="insured").exists()
