"""The review form in a real browser: by keyboard alone, with the line cut, under an input method."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from households.models import Household, Review, ReviewDraft, ReviewRound
from households.services.reviews import reviews_save
from households.services.rounds import review_add, round_open
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory, user_with
from tests.households import build

pytestmark = pytest.mark.e2e
YEAR = 2024
COMPOSED = "(box, keys) => box.dispatchEvent(new KeyboardEvent('keydown', {...keys, isComposing: true, bubbles: true}))"
HOUSEHOLDS = 12
KNOWN = {
    "schooling": "none", "qualification": "primary", "work": "self_employed", "disability": "none",
    "health_card": "yes", "uses_internet": False, "is_trained_on_job": False,
}  # fmt: skip
CHILD = {"schooling": "lower_secondary", "work": "studying", "nutrition": "normal"}
FACTS = {
    "is_wall_durable": True, "is_column_durable": True, "is_roof_durable": True, "floor_area": Decimal(40),
    "water": "tap", "latrine": "none", "devices": [], "note": "",
}  # fmt: skip


@dataclass
class World:
    """A village of twelve households, reviewed last year, all to be surveyed this year."""

    unit: Area
    officer: User
    reviews: list[Review]
    server: str

    def address(self, place: int) -> str:
        pk = self.reviews[place].pk
        return f"{self.server}/u/{self.unit.code}/{YEAR}/review/forms/household/{pk}/?saved=0"


def open_year(unit: Area, year: int, households: list[Household]) -> list[Review]:
    span = {"starts_on": datetime.date(year, 9, 1), "ends_on": datetime.date(year, 12, 14)}
    round = round_open(by=None, unit=unit, year=year, kind="periodic", standard=build.standard(), **span)
    return [review_add(by=None, round=round, household=household, because="on_list") for household in households]


@pytest.fixture
def world(live_server: LiveServer, commune: Area) -> World:
    village = VillageFactory(parent=commune)
    households = [
        build.household(
            village=village,
            members=[
                build.person(f"Nguyễn Văn Thử {'ABCDEFGHIKLM'[number]}", "head", ethnicity=build.ethnicity(), **KNOWN),
                build.person("Trần Thị Vợ", "spouse", **KNOWN | {"sex": "female"}),
                build.person("Nguyễn Con", "child", **KNOWN | CHILD | {"birth_year": 2012}),
            ],
        )
        for number in range(HOUSEHOLDS)
    ]
    answers = dict.fromkeys(("employment", "health_insurance"), (False, "khai"))
    last = {
        "facts": FACTS, "answers": answers, "b1_score": 120, "surveyor": "Người Thử",
        "surveyed_on": datetime.date(YEAR - 1, 10, 10),
    }  # fmt: skip
    before = open_year(commune, YEAR - 1, households)
    reviews_save(by=None, rows=[{"review": review} | last for review in before])
    Review.objects.filter(round=before[0].round).update(state="recognised", is_frozen=True)
    ReviewRound.objects.filter(pk=before[0].round_id).update(
        state="recognised", recognised_on=datetime.date(YEAR - 1, 12, 14)
    )
    reviews = open_year(commune, YEAR, households)
    return World(unit=commune, officer=user_with(Role.OFFICER, commune), reviews=reviews, server=live_server.url)


@pytest.fixture
def page(browser: Browser, world: World) -> Iterator[Page]:
    client = Client()
    client.force_login(world.officer)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": world.server}])
    faults: list[str] = []
    tab = context.new_page()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield tab
    context.close()
    assert faults == []


def fill_by_keys(page: Page) -> None:
    """What an officer does with both hands on the keyboard: total, house, water, twelve switches, who."""
    keys = page.keyboard
    expect(page.locator("#id_b1_score")).to_be_focused()
    keys.type("128")
    for _ in range(3):
        keys.press("Tab")
        keys.press("Space")
    keys.press("Tab")
    keys.type("45,5")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Space")
    while not page.evaluate("Boolean(document.activeElement.closest('[data-switch]'))"):
        keys.press("Tab")
    for place in range(12):
        keys.press("1" if place in (0, 3, 4) else "0")
        row = page.locator("[data-switch]").nth(place)
        reason = row.locator(".indicator-reason input")
        if reason.is_visible():
            keys.press("Tab")
            expect(reason).to_be_focused()
            keys.type("người dân khai")
            keys.press("Shift+Tab")
        keys.press("ArrowDown")
    surveyor = page.locator("#id_surveyor")
    if page.locator(".subtitle", has_text="hộ 1/").count():
        surveyor.focus()
        keys.type("Người Thử")
    expect(surveyor).to_have_value("Người Thử")  # from the second household on it stands there


def test_ten_households_by_keyboard_alone(page: Page, world: World) -> None:
    page.goto(world.address(0))
    for place in range(10):
        expect(page.locator(".subtitle")).to_contain_text(f"hộ {place + 1}/{HOUSEHOLDS}")
        fill_by_keys(page)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".subtitle")).to_contain_text(f"hộ {place + 2}/{HOUSEHOLDS}")
    assert Review.objects.filter(round=world.reviews[0].round, state="surveyed").count() == 10


def test_the_line_cut_in_mid_form_loses_nothing(page: Page, world: World) -> None:
    page.goto(world.address(10))
    page.context.set_offline(True)
    page.fill("#id_b1_score", "111")
    page.keyboard.press("Tab")
    page.locator("[data-switch]").nth(0).locator("input[type=radio][value='1']").focus()
    page.keyboard.press("1")
    page.fill("#id_note", "Ghi khi mất mạng")
    expect(page.locator("#draft-state")).to_contain_text("Mất mạng", timeout=10_000)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#draft-state")).to_contain_text("phiếu chưa lưu", timeout=10_000)
    page.fill("#id_note", "Ghi tiếp khi mất mạng")
    page.context.set_offline(False)
    expect(page.locator("#draft-state")).to_contain_text("Đã lưu nháp lúc", timeout=15_000)
    assert ReviewDraft.objects.get().data["note"] == ["Ghi tiếp khi mất mạng"]
    page.reload()
    expect(page.locator("#draft-notice")).to_be_visible()
    expect(page.locator("#id_note")).to_have_value("Ghi tiếp khi mất mạng")
    expect(page.locator("[data-switch]").nth(0).locator("input[type=radio][value='1']")).to_be_checked()


def test_what_never_reached_the_server_is_filled_in_again_and_can_be_dropped(page: Page, world: World) -> None:
    page.goto(world.address(11))

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/draft/", cut)
    page.fill("#id_note", "Chỉ có trên máy")
    expect(page.locator("#draft-state")).to_contain_text("Mất mạng", timeout=10_000)
    page.reload()
    expect(page.locator("#local-notice")).to_contain_text("chưa gửi được lên máy chủ")
    expect(page.locator("#id_note")).to_have_value("Chỉ có trên máy")
    page.get_by_role("button", name="Bỏ, lấy lại phiếu đã lưu").click()
    expect(page.locator("#id_note")).to_have_value("")
    expect(page.locator("#local-notice")).to_be_hidden()


def test_nothing_reacts_while_a_word_is_composed_and_digits_stay_text(page: Page, world: World) -> None:
    page.goto(world.address(11))
    note = page.locator("#id_note")
    note.focus()
    address = page.url
    note.evaluate(COMPOSED, {"key": "Enter", "ctrlKey": True})
    page.keyboard.type("10 con gà")
    assert (page.url, note.input_value()) == (address, "10 con gà")
    first = page.locator("[data-switch]").nth(0).locator("input[type=radio][value='0']")
    first.focus()
    first.evaluate(COMPOSED, {"key": "1"})
    assert not page.locator("[data-switch]").nth(0).locator("input[type=radio][value='1']").is_checked()


def test_the_result_follows_what_is_typed(page: Page, world: World) -> None:
    page.goto(world.address(11))
    page.fill("#id_b1_score", "141")
    expect(page.locator("#verdict .verdict-word")).to_have_text("Hộ không nghèo")
    page.select_option("#id_latrine", "none")
    expect(page.locator("#why-latrine")).to_contain_text("Tự tính:")
    expect(page.locator("[data-switch]").nth(9).locator("input[type=radio][value='1']")).to_be_checked()


def test_no_device_and_devices_rule_each_other_out(page: Page, world: World) -> None:
    page.goto(world.address(0))
    none, devices = page.locator("#id_no_devices"), page.locator("input[name=devices]")
    devices.nth(0).check()
    devices.nth(1).check()
    none.check()
    expect(page.locator("input[name=devices]:checked")).to_have_count(0)
    devices.nth(1).check()
    expect(none).not_to_be_checked()
    expect(page.locator("input[name=devices]:checked")).to_have_count(1)


def log_out(page: Page) -> None:
    page.locator("details.drop", has=page.locator("form[action$='/logout/']")).locator("summary").click()
    page.get_by_role("button", name="Đăng xuất").click()


def test_whoever_logs_out_leaves_nothing_typed_on_the_computer(page: Page, world: World) -> None:
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('povertyplan-')).length"
    page.goto(world.address(0))
    page.fill("#id_note", "Đã tới máy chủ")
    expect(page.locator("#draft-state")).to_contain_text("Đã lưu nháp lúc", timeout=15_000)
    page.route("**/draft/", lambda route: route.abort())
    page.goto(world.address(1))
    page.fill("#id_note", "Chưa tới máy chủ")
    expect(page.locator("#draft-state")).to_contain_text("Mất mạng", timeout=10_000)
    assert page.evaluate(kept) == 2

    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    log_out(page)
    assert "chưa gửi được lên máy chủ" in asked[0]
    assert page.evaluate(kept) == 2

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("login"))
    assert page.evaluate(kept) == 0
