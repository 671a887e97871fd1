"""A target table between officer and leader, and the level above, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from targets.choices import PlanState, VersionState
from targets.models import PlanVersion, TargetPlan
from targets.services.tables import plan_describe, plan_open, row_set
from tests.e2e.conftest import log_in
from tests.factories import AreaFactory, CommuneFactory, ProvinceFactory, VillageFactory, user_with

pytestmark = pytest.mark.e2e
YEAR = 2024
People = Callable[[Role], Page]


@pytest.fixture
def district(live_server: LiveServer) -> Area:
    return AreaFactory(
        level=Level.DISTRICT, kind="huyện", code="998", name="Cửa Sông", parent=ProvinceFactory(name="Thử")
    )


@pytest.fixture
def unit(district: Area) -> Area:
    """A commune of two villages, its start figures typed; and a neighbour that has nothing yet."""
    unit = CommuneFactory(parent=district, name="Cửa Suối")
    CommuneFactory(parent=district, name="Cửa Rừng")
    plan = plan_open(by=None, unit=unit, year=YEAR)
    for name, poor in (("Thượng", 20), ("Hạ", 10)):
        village = VillageFactory(parent=unit, name=name)
        counts = {"households": 100, "poor_households": poor, "near_poor_households": 8}
        plan_open(by=None, unit=unit, year=YEAR)
        row_set(by=None, plan=plan, place=village, near_poor_reduction=1, **counts)
    plan_describe(by=None, plan=plan, version=plan.version, source_note="Công an xã")
    return unit


@pytest.fixture
def people(browser: Browser, live_server: LiveServer, unit: Area) -> Iterator[People]:
    """A tab for each role, logged in; no script of theirs may fail."""
    contexts, faults = [], []

    def tab_of(role: Role) -> Page:
        client = Client()
        client.force_login(user_with(role, unit.parent if role == Role.REVIEWER else unit))
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=live_server.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        return tab

    yield tab_of
    for context in contexts:
        context.close()
    assert faults == []


def type_cell(page: Page, village: str, field: str, value: str) -> None:
    row = page.locator("#row-grid tbody tr", has=page.get_by_role("rowheader", name=village, exact=True))
    box = row.locator(f"input[name$='-{field}']")
    box.fill(value)
    with page.expect_response(lambda response: response.request.method == "POST"):
        box.press("Enter")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def submit(officer: Page, base: str) -> None:
    officer.goto(f"{base}/targets/versions/submit/")
    press(officer, "Trình")
    expect(officer.get_by_text("Đã trình bản").first).to_be_visible()


def test_officer_leader_officer_leader(people: People, unit: Area) -> None:
    base, officer, leader = f"/u/{unit.code}/{YEAR}", people(Role.OFFICER), people(Role.LEADER)
    officer.goto(f"{base}/targets/")
    type_cell(officer, "Thượng", "poor_reduction", "5")
    type_cell(officer, "Hạ", "poor_reduction", "1")
    submit(officer, base)
    officer.goto(f"{base}/targets/")
    assert officer.locator("#row-grid input").count() == 0

    leader.goto(f"{base}/")
    expect(leader.get_by_text("Duyệt bảng chỉ tiêu").first).to_be_visible()
    leader.goto(f"{base}/targets/versions/decide/")
    leader.fill("[name=reason]", "Thôn Hạ nhận thêm một hộ")
    press(leader, "Trả lại")

    officer.goto(f"{base}/")
    expect(officer.get_by_text("Thôn Hạ nhận thêm một hộ").first).to_be_visible()
    officer.goto(f"{base}/targets/")
    type_cell(officer, "Hạ", "poor_reduction", "2")
    submit(officer, base)

    leader.goto(f"{base}/targets/versions/decide/")
    expect(leader.locator("#content, main").first).to_contain_text("Hạ")
    press(leader, "Duyệt")
    plan = TargetPlan.objects.get(unit=unit, year=YEAR)
    assert (plan.state, plan.in_force.number) == (PlanState.APPROVED, 2)
    states = [VersionState.RETURNED, VersionState.APPROVED]
    assert list(PlanVersion.objects.filter(plan=plan).values_list("state", flat=True)) == states
    leader.goto(f"{base}/targets/versions/1/")
    expect(leader.locator("main")).to_contain_text("Thượng")


def test_a_district_reviewer_sees_who_is_missing_remarks_and_returns(people: People, unit: Area) -> None:
    base, officer, leader = f"/u/{unit.code}/{YEAR}", people(Role.OFFICER), people(Role.LEADER)
    officer.goto(f"{base}/targets/")
    type_cell(officer, "Thượng", "poor_reduction", "5")
    type_cell(officer, "Hạ", "poor_reduction", "1")
    submit(officer, base)
    leader.goto(f"{base}/targets/versions/decide/")
    press(leader, "Duyệt")

    reviewer = people(Role.REVIEWER)
    reviewer.goto(f"/u/{unit.parent.code}/{YEAR}/targets/units/")
    expect(reviewer.locator("#summary")).to_contain_text("1 / 2 đơn vị")
    reviewer.get_by_role("link", name="xã Cửa Suối").or_(reviewer.get_by_role("link", name="Xã Cửa Suối")).first.click()
    reviewer.wait_for_load_state()
    reviewer.goto(f"{base}/targets/comments/")
    reviewer.select_option("[name=row]", label="Thôn Thượng")
    reviewer.select_option("[name=column]", "poor_reduction")
    reviewer.fill("[name=text]", "Thôn nhiều hộ nghèo, xem lại số giảm")
    press(reviewer, "Gửi góp ý")
    reviewer.goto(f"{base}/targets/versions/decide/")
    reviewer.fill("[name=reason]", "Xem góp ý ở thôn Thượng")
    press(reviewer, "Trả lại")

    officer.goto(f"{base}/targets/")
    expect(officer.locator("main")).to_contain_text("Thôn nhiều hộ nghèo, xem lại số giảm")
    plan = TargetPlan.objects.get(unit=unit, year=YEAR)
    assert (plan.state, plan.in_force.number) == (PlanState.RETURNED, 1)


def test_a_province_reviewer_over_its_135_communes(page: Page) -> None:
    log_in(page, "reviewer-52")
    page.goto("/u/52/2026/targets/units/")
    rows = page.locator("table.consolidated tbody tr")
    count = rows.count()
    assert count >= 135  # a unit that another journey has made stands beside those of the country
    expect(page.locator(".subtitle").first).to_contain_text(f"{count} đơn vị cấp xã")
    page.fill("main input[name=q]", "kon chieng")
    press(page, "Lọc")
    expect(rows).to_have_count(1)
    page.set_viewport_size({"width": 390, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
