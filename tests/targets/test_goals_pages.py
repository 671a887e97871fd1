"""The page of goals: what is to be reached, what was, from which households, and what is wrong."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household, VillageCount
from povertyplan.areas.models import Area
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan
from targets.selectors.goals import goal_table
from targets.services import goals as services
from targets.services.tables import plan_open
from tests.factories import VillageFactory
from tests.households import build, years
from tests.households.answers import answer
from tests.targets.goal_rows import goal

YEAR = 2025
TYPED = {"measure": "", "text": "Giới thiệu việc làm", "unit_of_value": "persons", "comparison": "at_least"}


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def plan(commune: Area, village: Area) -> TargetPlan:
    return plan_open(by=None, unit=commune, year=YEAR)


def address(unit: Area, name: str = "goals", *args: int) -> str:
    return reverse(f"targets:{name}", args=[unit.code, YEAR, *args])


def shown(client: Client, unit: Area) -> Any:
    response = client.get(address(unit))
    assert response.status_code == 200
    return response.context["goals"]


def html_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def reviewed(unit: Area, *forms: tuple[Household, str, dict[str, bool | None]]) -> Any:
    round = years.periodic(unit, YEAR)
    for home, category, answers in forms:
        answer(years.reviewed(round, home, category), **answers)
    return round


def test_a_goal_of_the_forms_is_counted_and_opens_its_households(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    good, bad, unasked = (years.family(village) for _ in range(3))
    round = reviewed(
        commune, (good, "poor", {"latrine": False}), (bad, "poor", {"latrine": True}), (unasked, "near_poor", {})
    )
    years.recognise(round)
    row = goal(plan, measure="latrine", value=60)

    (line,) = shown(officer_client, commune).lines

    assert (line.reached.figure, line.reached.counts) == ("33,33 %", "1/3 hộ")
    assert line.reached.unknown == "1 hộ chưa trả lời"
    assert (line.verdict, line.reached.on) == ("open", round.recognised_on)
    page = officer_client.get(address(commune, "goal-households", row.pk))
    assert [counted.home.household_id for counted in page.context["page"]] == [bad.pk, unasked.pk, good.pk]
    html = page.content.decode()
    for home in (good, bad, unasked):
        assert home.code in html
        assert reverse("reviews:form", args=[commune.code, YEAR, round.reviews.get(household=home).pk]) in html


def test_a_round_under_way_is_called_preliminary(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    home, waiting = years.family(village), years.family(village)
    years.past(commune, YEAR - 1, poor=[waiting])
    round = reviewed(commune, (home, "poor", {"latrine": False}))
    row = goal(plan, measure="latrine", value=95)

    (line,) = shown(officer_client, commune).lines

    assert line.reached.is_preliminary
    assert "sơ bộ" in html_of(officer_client, address(commune))
    assert line.reached.unknown == "1 hộ chưa chấm điểm, tạm giữ phân loại kỳ trước"
    assert line.verdict == "open"
    assert "chưa chấm điểm" in html_of(officer_client, address(commune, "goal-households", row.pk))
    answer(years.reviewed(round, waiting, "near_poor"), latrine=False)
    (line,) = shown(officer_client, commune).lines
    assert (line.verdict, line.reached.counts) == ("reached", "2/2 hộ")


def test_before_the_review_of_the_year_nothing_is_judged_by_last_years_forms(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    before = years.periodic(commune, YEAR - 1)
    home = build.household(commune, village, persons=1)
    answer(years.reviewed(before, home, "poor"), latrine=False)
    years.recognise(before)
    home.members.update(health_card="yes")
    goal(plan, measure="latrine")
    goal(plan, measure="insured", text="Bảo hiểm y tế", value=100)

    latrine, insured = shown(officer_client, commune).lines

    assert (latrine.verdict, latrine.reached.figure) == ("open", "100,00 %")
    assert f"chưa rà soát năm {YEAR}" in latrine.reached.source
    assert (insured.verdict, insured.reached.counts) == ("reached", "1/1 người")


def test_scope_chooses_the_households(officer_client: Client, commune: Area, village: Area, plan: TargetPlan) -> None:
    poor, near_poor = (build.household(commune, village, persons=2) for _ in range(2))
    years.recognise(reviewed(commune, (poor, "poor", {}), (near_poor, "near_poor", {})))
    poor.members.filter(position=1).update(is_party_member=True)
    party = {"measure": "party_member", "comparison": "exactly", "value": 0, "unit_of_value": "households"}
    goal(plan, scope="near_poor", text="Cận nghèo", **party)
    goal(plan, scope="poor", text="Nghèo", **party)

    near, of_poor = shown(officer_client, commune).lines

    assert (near.verdict, near.reached.figure, near.reached.counts) == ("reached", "0 hộ", "trong 1 hộ")
    assert (of_poor.verdict, of_poor.reached.figure) == ("missed", "1 hộ")


def counts(village: Area, year: int, households: int, minority: int) -> None:
    VillageCount.objects.create(
        unit=village.parent,
        village=village,
        cut_off=datetime.date(year, 8, 31),
        source="Công an xã",
        households=households,
        minority_households=minority,
    )


def test_a_fall_in_points_comes_from_counts_of_both_years(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    homes = [years.family(village) for _ in range(2)]
    counts(village, YEAR - 1, 40, 20)
    counts(village, YEAR, 40, 25)
    for year, categories in ((YEAR - 1, ("poor", "poor")), (YEAR, ("poor", "not_poor"))):
        round = years.periodic(commune, year)
        for home, category in zip(homes, categories, strict=True):
            years.reviewed(round, home, category, is_ethnic_minority=True)
        years.recognise(round)
    fall = {"comparison": "more_than", "value": 3, "unit_of_value": "points", "scope": "unit"}
    row = goal(plan, measure="minority_poor_fall", **fall)
    goal(plan, measure="poor_fall", **fall | {"value": 1, "unit_of_value": "households", "comparison": "at_least"})

    minority, poor = shown(officer_client, commune).lines

    assert (minority.reached.figure, minority.reached.counts) == ("6,00 điểm %", "2/20 hộ → 1/25 hộ")
    assert minority.verdict == "reached"
    assert (poor.reached.figure, poor.reached.counts, poor.verdict) == ("1 hộ", "từ 2 còn 1 hộ", "reached")
    opened = officer_client.get(address(commune, "goal-households", row.pk)).context["opened"]
    assert [(counted.home.household_id, counted.part) for counted in opened.households] == [(homes[1].pk, 1)]


def test_a_rate_without_every_villages_count_says_so(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan
) -> None:
    years.recognise(reviewed(commune, (years.family(village), "poor", {})))
    goal(plan, measure="poor_rate", comparison="at_most", value=10, scope="unit")

    (line,) = shown(officer_client, commune).lines

    assert (line.reached.figure, line.verdict) == ("", "open")
    assert line.reached.unknown == "chưa có tổng số hộ của mọi thôn để tính tỷ lệ"
    counts(village, YEAR, 8, 0)
    (line,) = shown(officer_client, commune).lines
    assert (line.reached.figure, line.reached.counts, line.verdict) == ("12,50 %", "1/8 hộ", "missed")


def test_the_reported_actual_of_the_year_is_the_latest_of_its_day_and_no_sum(commune: Area, plan: TargetPlan) -> None:
    row = goal(plan, **TYPED, value=20)
    for on, value in ((datetime.date(YEAR, 6, 30), 12), (datetime.date(YEAR, 12, 31), 15)):
        IndicatorActual.objects.create(goal=row, unit=commune, on=on, value=value, source="Báo cáo")

    def known(on: datetime.date) -> Any:
        (line,) = goal_table(unit=commune, year=YEAR, day=on).lines
        return line

    line = known(datetime.date(YEAR, 12, 31))
    assert (line.reached.figure, line.reached.on, line.verdict) == ("15 người", datetime.date(YEAR, 12, 31), "missed")
    assert known(datetime.date(YEAR, 12, 30)).reached.figure == "12 người"
    assert known(datetime.date(YEAR, 6, 29)).reached is None


def test_a_share_is_never_the_average_of_shares(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    row = goal(plan, value=60)
    for month, part, whole in ((6, 1, 1), (11, 50, 100)):
        day = datetime.date(YEAR, month, 30)
        IndicatorActual.objects.create(goal=row, unit=commune, on=day, part=part, whole=whole, source="Báo cáo")

    (line,) = shown(officer_client, commune).lines

    assert (line.reached.figure, line.reached.counts) == ("50,00 %", "50/100")


def test_a_goal_without_any_figure_says_why(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    goal(plan, **TYPED, value=20)
    goal(plan, measure="latrine")

    typed, counted = shown(officer_client, commune).lines

    assert typed.why == "Chưa nhập kết quả."
    assert counted.why.startswith("Phần mềm chưa có danh sách")


def form(**values: Any) -> dict[str, Any]:
    empty = {"text": "", "dimension": "", "lead_department": "", "lead_body": "", "measure": "latrine"}
    return empty | {"scope": "listed", "comparison": "at_least", "value": "95", "unit_of_value": "percent"} | values


def test_an_officer_adds_edits_moves_and_removes_goals(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    for value in ("95", "11,91"):
        answered = officer_client.post(address(commune, "goal-add"), form(value=value))
        assert answered["Location"] == address(commune)
    first, second = plan.goals.all()
    assert str(second.value) == "11.91"

    edit = address(commune, "goal-edit", second.pk)
    assert 'value="11,91"' in html_of(officer_client, edit)
    officer_client.post(edit, form(value="12", version=second.version))
    officer_client.post(address(commune, "goal-move", second.pk))
    assert [row.pk for row in plan.goals.all()] == [second.pk, first.pk]
    officer_client.post(address(commune, "goal-move", second.pk), {"down": "1"})
    assert [row.pk for row in plan.goals.all()] == [first.pk, second.pk]

    removal = address(commune, "goal-remove", first.pk)
    assert "Xóa chỉ tiêu" in html_of(officer_client, removal)
    first.refresh_from_db()
    officer_client.post(removal, {"version": first.version})
    assert list(plan.goals.all()) == [second]


def test_a_refused_goal_keeps_what_was_typed(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    answered = officer_client.post(address(commune, "goal-add"), form(value="ba", scope="unit"))
    assert answered.status_code == 422
    assert 'value="ba"' in answered.content.decode()

    answered = officer_client.post(address(commune, "goal-add"), form(scope="unit"))
    assert answered.status_code == 422
    assert "Phần mềm chỉ đếm được trên" in answered.content.decode()


def test_the_second_of_two_edits_is_told(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    row = goal(plan, measure="latrine")
    services.goal_update(by=None, goal=row, version=row.version, value=Decimal(97))

    answered = officer_client.post(address(commune, "goal-edit", row.pk), form(text=row.text, version=1, value="96"))

    assert answered.status_code == 409
    row.refresh_from_db()
    assert row.value == 97


def test_results_are_reported_corrected_and_removed(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    row = goal(plan)
    url = address(commune, "goal-actuals", row.pk)
    report = {"on": f"30/06/{YEAR}", "part": "90", "whole": "100", "source": "Trạm Y tế"}
    assert officer_client.post(url, report)["Location"] == address(commune)
    assert officer_client.post(url, report | {"part": "101", "on": f"31/07/{YEAR}"}).status_code == 422
    actual = row.actuals.get()

    edit = address(commune, "goal-actual-edit", actual.pk)
    assert officer_client.post(edit, report | {"part": "96", "version": actual.version})["Location"] == url
    actual.refresh_from_db()
    assert actual.part == 96
    assert "96/100" in html_of(officer_client, url)
    officer_client.post(address(commune, "goal-actual-remove", actual.pk), {"version": actual.version})
    assert not row.actuals.exists()


def test_a_result_less_than_before_is_told_with_the_dots_of_thousands(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    row = goal(plan, **TYPED, value=20)
    url = address(commune, "goal-actuals", row.pk)
    for month, value in ((1, "900"), (2, "1999"), (3, "1.250")):
        officer_client.post(url, {"on": f"05/0{month}/{YEAR}", "value": value, "source": "Báo cáo"})

    assert [(report.figure, report.is_less) for report in officer_client.get(url).context["reports"]] == [
        ("1.250 người", True),
        ("1.999 người", False),
        ("900 người", False),
    ]
    html = html_of(officer_client, url)
    assert "1.999 người" in html
    assert html.count("ít hơn lần trước") == 1
    assert "Kết quả cộng dồn 1.250 người, ít hơn 1.999 người của lần nhập trước." in html_of(
        officer_client, address(commune)
    )


def test_after_submission_goals_stay_and_results_are_still_reported(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    row = goal(plan)
    TargetPlan.objects.filter(pk=plan.pk).update(state="submitted")

    html = html_of(officer_client, address(commune))

    assert address(commune, "goal-add") not in html
    assert address(commune, "goal-actuals", row.pk) in html
    answered = officer_client.post(address(commune, "goal-edit", row.pk), form(version=row.version))
    assert answered.status_code == 422


def test_who_only_reads_sees_no_button(commune: Area, plan: TargetPlan, leader: Any) -> None:
    goal(plan)
    client = Client()
    client.force_login(leader)

    html = html_of(client, address(commune))

    assert address(commune, "goal-add") not in html
    assert "Nhập kết quả" not in html


def test_a_goal_of_another_year_or_unit_is_not_found(officer_client: Client, commune: Area) -> None:
    other = goal(plan_open(by=None, unit=commune, year=YEAR - 1))

    assert officer_client.get(address(commune, "goal-edit", other.pk)).status_code == 404
    assert officer_client.get(address(commune, "goal-add")).status_code == 404


def test_without_a_plan_the_page_leads_to_the_table(officer_client: Client, commune: Area) -> None:
    assert address(commune, "table") in html_of(officer_client, address(commune))


# Session, user, grants, unit, two of the frame; table with its plan, goals with their reports; and all measures.
ALL_QUERIES = 12
# Without the households of the unit, by which rates divide.
SHARES_QUERIES = 11


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_times(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan, count: int, django_assert_num_queries: Any
) -> None:
    homes = [build.household(commune, village) for _ in range(count)]
    years.past(commune, YEAR - 1, poor=homes)
    reviewed(commune, *((home, "poor", {"latrine": True}) for home in homes))
    for number in range(count):
        for measure in ("latrine", "insured"):
            row = goal(plan, measure=measure, text=f"Chỉ tiêu {number}")
            IndicatorActual.objects.create(
                goal=row, unit=commune, on=datetime.date(YEAR, 1, 1), value=1, source="Báo cáo"
            )
    with django_assert_num_queries(SHARES_QUERIES):
        officer_client.get(address(commune))
    goal(plan, measure="minority_poor_fall", unit_of_value="points", scope="unit", value=3)
    goal(plan, measure="poor_rate", comparison="at_most", scope="unit", value=3)

    with django_assert_num_queries(ALL_QUERIES):
        response = officer_client.get(address(commune))

    assert len(response.context["goals"].lines) == 2 * count + 2
    assert IndicatorTarget.objects.count() == 2 * count + 2
