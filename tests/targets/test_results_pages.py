"""The pages of results and of pictures: what they show, what a number opens, and what they ask the database."""

import datetime
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household, VillageCount
from households.services.exits import drive_open, registration_add
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.choices import Period, PlanState, VersionState
from targets.models import PlanVersion, TargetPlan, VersionRow
from targets.rules.figures import COUNTS
from targets.selectors.results import PlanResults, plan_results
from tests.households.years import past, periodic, reviewed
from tests.targets.result_rows import TODAY, YEAR, Year, counted, year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_spring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("targets.views.results.timezone.localdate", lambda: TODAY)


def of(rows: Year, period: Period = Period.YEAR) -> PlanResults:
    return plan_results(unit=rows.unit, year=YEAR, period=period, today=TODAY)


def page(client: Client, unit: Area, name: str = "targets:results", **query: str) -> str:
    response = client.get(reverse(name, args=[unit.code, YEAR]), query)
    assert response.status_code == 200
    return response.content.decode()


def approve(plan: TargetPlan) -> None:
    """What stands in the table becomes the version in force; then the table changes."""
    version = PlanVersion.objects.create(plan=plan, unit=plan.unit, number=1, state=VersionState.APPROVED)
    VersionRow.objects.bulk_create(
        VersionRow(unit=plan.unit, version=version, place=row.place, **{name: getattr(row, name) for name in COUNTS})
        for row in plan.rows.select_related("place")
    )
    plan.in_force = version
    plan.save()


# Figures


def test_planned_registered_and_recognised_of_a_village_and_of_the_unit(commune: Area) -> None:
    rows = year(commune, 2)
    (one, two, three), (four, five, six) = rows.poor
    rows.recognise(poor=[three, five, six], near_poor=[one, rows.near_poor[0]], not_poor=[two, four, rows.near_poor[1]])
    found = of(rows)
    first, second = found.rows
    assert [(row.poor.planned, row.poor.reached, row.poor.difference) for row in (first, second)] == [
        (2, 2, 0),
        (2, 1, -1),
    ]
    assert (found.total.poor.planned, found.total.poor.reached) == (4, 3)
    assert [row.near_poor.reached for row in (first, second)] == [-1, 1]
    assert found.is_final


def test_half_year_and_year_are_not_added_up(commune: Area) -> None:
    """One escapes in March and stays out, one escapes in March and is poor again in autumn."""
    rows = year(commune)
    ((out, returns, stays),) = rows.poor
    rows.monthly(3, {out: "not_poor", returns: "near_poor"})
    rows.recognise(poor=[returns, stays], near_poor=rows.near_poor)
    assert of(rows, Period.HALF).total.poor.reached == 2
    assert of(rows).total.poor.reached == 1


def test_the_version_in_force_is_the_plan_while_an_adjustment_is_drawn_up(commune: Area) -> None:
    rows = year(commune)
    approve(rows.plan)
    rows.plan.rows.update(poor_reduction=3)
    found = of(rows)
    assert (found.total.poor.planned, found.plan_word) == (2, "bản 1 đã duyệt, đang có hiệu lực")


def test_without_a_list_of_the_start_the_plan_says_it(commune: Area) -> None:
    rows = year(commune)
    TargetPlan.objects.filter(pk=rows.plan.pk).update(state=PlanState.DRAFT)
    other = Household.objects.filter(unit=commune).first()
    past(commune, YEAR + 1, poor=[other])
    found = plan_results(unit=commune, year=YEAR + 1, period=Period.YEAR, today=TODAY)
    assert (found.is_start_planned, found.total.poor.result.end, found.total.poor.reached) == (True, 1, None)


def test_points_divide_by_the_households_at_hand_at_each_end(commune: Area) -> None:
    rows = year(commune)
    counted(rows.villages[0], YEAR, 120)
    ((one, two, three),) = rows.poor
    rows.recognise(poor=[three], not_poor=[one, two], near_poor=rows.near_poor)
    past_day = of(rows).total.poor
    assert (past_day.result.whole, past_day.result.whole_end) == (100, 100)
    assert str(past_day.result.points) == "2.00"


def test_a_total_at_the_end_that_contradicts_the_start_is_named_and_gives_no_points(
    officer_client: Client, commune: Area
) -> None:
    rows = year(commune, 2)
    past(commune, YEAR, poor=[home for homes in rows.poor for home in homes[:1]], near_poor=rows.near_poor)
    for place, households in zip(rows.villages, (148, 104), strict=True):
        later = counted(place, YEAR, households)
        VillageCount.objects.filter(pk=later.pk).update(cut_off=datetime.date(YEAR, 6, 30))
    html = unescape(page(officer_client, commune))
    assert "Xóm 1 đầu năm 100, cuối kỳ 148 hộ; cộng cả đơn vị đầu năm 200, cuối kỳ 252 hộ. Xem lại" in html
    first, second = of(rows).rows
    assert (first.poor.reached, first.poor.result.points, first.poor.points_difference) == (2, None, None)
    assert second.poor.result.points is not None


def test_totals_that_contradict_each_other_in_the_plan_are_named_too(officer_client: Client, commune: Area) -> None:
    rows = year(commune, 2)
    rows.plan.rows.filter(place=rows.villages[0]).update(expected_households=59)
    rows.plan.rows.filter(place=rows.villages[1]).update(expected_households=141)
    html = unescape(page(officer_client, commune))
    assert "Xóm 1 đầu năm 100, cuối kỳ 59 hộ; Xóm 2 đầu năm 100, cuối kỳ 141 hộ. Xem lại" in html


# Pages


def test_the_page_labels_what_is_recognised_preliminary_and_unknown(officer_client: Client, commune: Area) -> None:
    rows = year(commune)
    assert "Chưa có kết quả rà soát cuối năm 2026." in page(officer_client, commune)
    assert "chưa có đợt rà soát thường xuyên nào" in page(officer_client, commune, period="h1")
    round = periodic(commune, YEAR)
    reviewed(round, rows.poor[0][0], "not_poor")
    reviewed(round, rows.poor[0][1])
    assert "Số sơ bộ, tính đến ngày" in page(officer_client, commune)


def test_every_number_opens_its_households_with_the_review_that_proves_it(
    officer_client: Client, commune: Area
) -> None:
    rows = year(commune, 2)
    (one, *others), (two, *more) = rows.poor
    rows.recognise(poor=[*others, *more], not_poor=[one], near_poor=[*rows.near_poor, two])
    html = page(officer_client, commune)
    links = set(re.findall(r'href="(/u/\d+/2026/targets/results/[^"]+)">([\d.−]+)<', html))
    assert len(links) > 10
    for link, number in links:
        opened = officer_client.get(link.replace("&amp;", "&"))
        assert opened.status_code == 200
        if "/net/" not in link:
            assert opened.context["number"] == int(number)
        for line in opened.context["lines"]:
            for url in filter(None, (line.start_url, line.end_url)):
                assert officer_client.get(url).status_code == 200


def test_a_village_of_elsewhere_an_unknown_list_or_number_is_not_found(
    officer_client: Client, commune: Area, stranger: User
) -> None:
    year(commune)
    base = reverse("targets:results", args=[commune.code, YEAR])
    for address in ("poor/start/?village=1", "poor/start/?village=x", "not_poor/start/", "poor/became_poor/", "a/b/"):
        assert officer_client.get(f"{base}{address}").status_code == 404


def test_no_number_leads_nowhere_also_of_a_village_that_is_no_more(officer_client: Client, commune: Area) -> None:
    rows = year(commune, 2)
    drive = drive_open(by=None, unit=commune, year=YEAR, on=datetime.date(YEAR, 3, 1))
    registration_add(by=None, drive=drive, household=rows.poor[0][0], on=datetime.date(YEAR, 3, 2), signer="Chủ hộ")
    rows.recognise(poor=[homes[2] for homes in rows.poor], not_poor=[home for homes in rows.poor for home in homes[:2]])
    Area.objects.filter(pk=rows.villages[1].pk).update(valid_to=datetime.date(YEAR, 12, 20))
    html = page(officer_client, commune)
    links = {unescape(link) for link in re.findall(r'<td[^>]*><a href="([^"]+)"', html)}
    assert any(f"village={rows.villages[1].pk}" in link for link in links)
    assert [link for link in links if officer_client.get(link).status_code != 200] == []


# Queries


@pytest.mark.parametrize("villages", [1, 3])
@pytest.mark.parametrize(("name", "number"), [("targets:results", 14), ("targets:charts", 17)])
def test_queries_do_not_grow_with_villages(
    officer_client: Client, commune: Area, villages: int, name: str, number: int, django_assert_num_queries
) -> None:
    rows = year(commune, villages)
    rows.recognise(poor=[home for homes in rows.poor for home in homes], near_poor=rows.near_poor)
    with django_assert_num_queries(number):
        page(officer_client, commune, name)


@pytest.mark.parametrize("villages", [1, 3])
def test_queries_behind_a_number_do_not_grow_with_its_households(
    officer_client: Client, commune: Area, villages: int, django_assert_num_queries
) -> None:
    rows = year(commune, villages)
    rows.recognise(poor=[home for homes in rows.poor for home in homes], near_poor=rows.near_poor)
    address = reverse("targets:result-households", args=[commune.code, YEAR, "poor", "end"])
    with django_assert_num_queries(11):
        assert len(officer_client.get(address).context["lines"]) == 3 * villages


def test_today_of_these_tests_is_after_the_year() -> None:
    assert datetime.date(YEAR, 12, 31) < TODAY
