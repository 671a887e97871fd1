"""A review round from the list to the decision, by five people in a real browser."""

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from households.choices import Category, Transition
from households.models import Certificate, Recognised, Recognition
from households.services.past import past_list_record
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, ProvinceFactory, VillageFactory, user_with
from tests.households import build

pytestmark = pytest.mark.e2e
YEAR = 2025
KNOWN = {
    "schooling": "none", "qualification": "primary", "work": "self_employed", "disability": "none",
    "health_card": "no", "uses_internet": False, "is_trained_on_job": False,
}  # fmt: skip
AREA = Decimal("45.5")
People = Callable[[Role], Page]


@pytest.fixture
def unit(live_server: LiveServer) -> Area:
    """A commune with one village and two households on last year's list."""
    unit = CommuneFactory(parent=ProvinceFactory(name="Thử"), name="Cửa Suối")
    village = VillageFactory(parent=unit, name="Thượng")
    homes = [
        build.household(
            unit,
            village,
            opened_on=datetime.date(2024, 1, 1),
            members=[
                build.person(name, "head", ethnicity=build.ethnicity(), **KNOWN),
                build.person("Trần Thị Vợ", "spouse", **KNOWN | {"sex": "female"}),
            ],
        )
        for name in ("Nguyễn Văn Nghèo", "Nguyễn Văn Thoát")
    ]
    rows = [{"household": home, "category": Category.POOR} for home in homes]
    on = datetime.date(YEAR - 1, 12, 10)
    past_list_record(by=None, unit=unit, year=YEAR - 1, standard=build.standard(), on=on, rows=rows)
    return unit


@pytest.fixture
def people(browser: Browser, live_server: LiveServer, unit: Area) -> Iterator[People]:
    """A tab for each role, logged in; no script of theirs may fail."""
    contexts, faults = [], []

    def tab_of(role: Role) -> Page:
        area = unit.parent if role in {Role.REVIEWER, Role.ADMINISTRATOR} else unit
        client = Client()
        client.force_login(user_with(role, area))
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


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def tick(box: Locator) -> None:
    """A box or a radio by its key, wherever the page has scrolled to."""
    box.press("Space")
    expect(box).to_be_checked()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def finish_step(page: Page, day: str) -> None:
    page.fill("#finish-on", day)
    press(page, "Kết thúc bước")


def fill_form(page: Page, b1: str) -> None:
    """Phiếu B of one household; what the registry knows is answered by itself."""
    page.fill("[name=b1_score]", b1)
    for part in ("is_wall_durable", "is_column_durable", "is_roof_durable"):
        tick(page.locator(f"[name={part}]").first)
    page.fill("[name=floor_area]", "45,5")
    page.select_option("[name=water]", "surface")
    page.select_option("[name=latrine]", "none")
    tick(page.get_by_label("ti vi"))
    page.fill("[name=surveyor]", "Người Thử")
    page.fill("[name=surveyed_on]", "10/10/2025")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def test_five_roles_bring_a_round_from_its_list_to_certificates(people: People, unit: Area) -> None:
    calendar_of_the_province(people(Role.ADMINISTRATOR), unit)
    officer, base = people(Role.OFFICER), f"/u/{unit.code}/{YEAR}"
    officer.goto(f"{base}/review/")
    open_and_list(officer)
    survey(officer)
    meet_and_post(officer)
    ask(officer)
    reviewer_agrees(people(Role.REVIEWER), unit)
    officer.goto(f"{base}/review/")
    follow(officer, "Rà soát định kỳ năm 2025")
    finish_step(officer, "30/10/2025")
    leader_recognises(people(Role.LEADER), base)
    clerk_numbers(people(Role.REGISTRY_CLERK), base)
    issue_certificates(officer, base)

    decision = Recognition.objects.get(round__year=YEAR)
    assert decision.paper.full_number == "212/QĐ-UBND"
    became = dict(Recognised.objects.filter(recognition=decision).values_list("head_name", "transition"))
    assert became == {
        "Nguyễn Văn Nghèo": Transition.REMAINED_POOR,
        "Nguyễn Văn Thoát": Transition.POOR_TO_ABOVE,
    }
    assert Certificate.objects.get().household.members.filter(name="Nguyễn Văn Nghèo").exists()


def calendar_of_the_province(admin: Page, unit: Area) -> None:
    """The province's administrator sets the last day of the survey."""
    admin.goto(f"/u/{unit.parent.code}/{YEAR}/law/windows/add/")
    admin.select_option("[name=step]", "survey")
    admin.fill("[name=first]", "01/10/2025")
    admin.fill("[name=last]", "31/10/2025")
    admin.locator("main form button[type=submit]").first.click()
    admin.wait_for_load_state()
    expect(admin.locator("main")).to_contain_text("31/10")


def open_and_list(page: Page) -> None:
    follow(page, "Mở đợt rà soát")
    tick(page.get_by_label("Định kỳ"))
    tick(page.get_by_label("giai đoạn 2022–2025"))
    page.fill("[name=starts_on]", "05/09/2025")
    press(page, "Mở đợt rà soát")
    press(page, "Lập danh sách")
    expect(page.locator("main")).to_contain_text("Nguyễn Văn Nghèo")
    finish_step(page, "15/09/2025")
    finish_step(page, "16/09/2025")
    expect(page.locator(".work").first).to_contain_text("Hạn 31/10/2025")


def survey(page: Page) -> None:
    follow(page, "Nhập Phiếu B")
    follow(page, "Thôn Thượng")
    page.get_by_role("link", name="Làm hộ còn thiếu").click()
    page.wait_for_load_state()
    for place in (1, 2):
        expect(page.locator(".subtitle")).to_contain_text(f"hộ {place}/2")
        is_poor = "Nghèo" in page.locator("h1").inner_text()
        fill_form(page, "120" if is_poor else "180")
    page.goto(page.url.split("/review/")[0] + "/review/")
    follow(page, "Rà soát định kỳ năm 2025")
    finish_step(page, "12/10/2025")


def meet_and_post(page: Page) -> None:
    follow(page, "Ghi biên bản họp dân")
    page.fill("[name=held_on]", "15/10/2025")
    for name, value in (("place", "Nhà văn hóa"), ("chair", "Trưởng thôn"), ("secretary", "Thư ký")):
        page.fill(f"[name={name}]", value)
    page.fill("[name=participants]", "20")
    page.fill("[name=households_represented]", "2")
    press(page, "Ghi biên bản")
    finish_step(page, "15/10/2025")
    follow(page, "Ghi niêm yết")
    page.fill("[name=place]", "Nhà văn hóa và trụ sở UBND xã")
    page.fill("[name=starts_on]", "16/10/2025")
    page.fill("[name=ends_on]", "17/10/2025")
    press(page, "Ghi niêm yết")
    expect(page.locator("main")).to_contain_text("20/10/2025")  # two days are too few: the earliest last day is named
    page.fill("[name=ends_on]", "")
    press(page, "Ghi niêm yết")
    finish_step(page, "21/10/2025")
    finish_step(page, "22/10/2025")


def ask(page: Page) -> None:
    follow(page, "Gửi xin ý kiến")
    page.fill("[name=sent_on]", "23/10/2025")
    press(page, "Gửi xin ý kiến")


def reviewer_agrees(page: Page, unit: Area) -> None:
    """The level above finds the question on its own pages."""
    page.goto(f"/u/{unit.parent.code}/{YEAR}/review/opinions/")
    page.get_by_role("link", name="Trả lời").first.click()
    tick(page.get_by_label("Thống nhất"))
    page.fill("[name=on]", "28/10/2025")
    press(page, "Gửi trả lời")


def leader_recognises(page: Page, base: str) -> None:
    page.goto(f"{base}/review/")
    follow(page, "Xem và công nhận")
    page.fill("[name=on]", "03/11/2025")
    press(page, "Công nhận")
    expect(page.locator(".errors")).to_contain_text("Đánh dấu đã xem danh sách")
    tick(page.get_by_label("Đã xem danh sách"))
    press(page, "Công nhận")
    expect(page.get_by_text("Đã công nhận rà soát định kỳ năm 2025")).to_be_visible()


def clerk_numbers(page: Page, base: str) -> None:
    page.goto(f"{base}/")
    page.get_by_role("link", name="Ghi số").first.click()
    page.fill("[name=number]", "212")
    page.fill("[name=date]", "04/11/2025")
    press(page, "Ghi số")


def issue_certificates(page: Page, base: str) -> None:
    page.goto(f"{base}/review/")
    follow(page, "Rà soát định kỳ năm 2025")
    follow(page, "Cấp giấy chứng nhận")
    page.fill("[name=on]", "10/11/2025")
    press(page, "Cấp giấy chứng nhận")
