"""The grid by keyboard alone, as Excel taught its users; and safe while a word is being composed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import log_in
from tests.e2e.test_story import cell, total

pytestmark = pytest.mark.e2e
PASTE = """(input, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    input.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def table(page: Page) -> Page:
    log_in(page, "officer-22492")
    page.goto("/u/22492/2024/targets/")
    return page


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_arrows_and_enter_move_and_typing_replaces(table: Page) -> None:
    cell(table, "Đông Nam", "near_poor_reduction").focus()
    table.keyboard.press("ArrowDown")
    assert focused(table).startswith("Thôn Đông Bắc: Hộ cận nghèo giảm")
    table.keyboard.type("3")
    with table.expect_response(lambda response: response.request.method == "POST"):
        table.keyboard.press("Enter")
    assert focused(table).startswith("Thôn Tây Bắc 1: Hộ cận nghèo giảm")
    expect(table.locator("#row-total td").nth(9)).to_have_text("17")
    with table.expect_response(lambda response: response.request.method == "POST"):
        table.keyboard.press("Control+z")
    expect(table.locator("#row-total td").nth(9)).to_have_text("16")


def test_escape_takes_the_stored_value_back_without_saving(table: Page) -> None:
    box = cell(table, "Tây Bắc 1", "poor_reduction")
    box.focus()
    table.keyboard.type("2")
    table.keyboard.press("Escape")
    assert box.input_value() == "1"
    assert total(table)[6] == "2"


def test_a_refused_cell_says_why_in_view_and_the_others_are_saved(table: Page) -> None:
    first = cell(table, "Đông Nam", "near_poor_reduction")
    with table.expect_response(lambda response: response.request.method == "POST"):
        first.evaluate(PASTE, "2\nhai\n")
    why = table.locator(".grid-refused").get_by_text("không phải số nguyên")
    expect(why).to_be_in_viewport()
    expect(table.locator("#findings .finding-passed")).to_be_hidden()
    expect(table.locator("#findings")).to_contain_text("Có ô chưa lưu được")
    expect(table.locator("#row-total td").nth(9)).to_have_text("17")
    cell(table, "Đông Bắc", "near_poor_reduction").focus()
    table.keyboard.press("Escape")
    first.fill("1")
    with table.expect_response(lambda response: response.request.method == "POST"):
        first.press("Enter")
    expect(table.locator("#row-total td").nth(9)).to_have_text("16")
    expect(table.locator("#findings .finding-passed")).to_be_visible()
    expect(table.locator("#findings .finding-unsaved")).to_be_hidden()


def test_nothing_reacts_while_a_word_is_composed(table: Page) -> None:
    box = cell(table, "Đông Nam", "near_poor_reduction")
    box.focus()
    box.dispatch_event("compositionstart")
    box.evaluate(
        "input => input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert re.match("Thôn Đông Nam: Hộ cận nghèo giảm", focused(table))
    assert total(table)[8] == "16"


def test_lines_of_a_paste_below_the_last_row_are_told_after_the_others_are_saved(table: Page) -> None:
    last = table.locator("input[name$='-near_poor_reduction']").last
    before = last.input_value()
    with table.expect_response(lambda response: response.request.method == "POST"):
        last.evaluate(PASTE, "0\n9\n9")
    expect(table.locator(".grid-status").first).to_contain_text("Đã lưu")
    expect(table.locator(".grid-status").first).to_contain_text("Bỏ qua 2 dòng")
    last.evaluate(PASTE, "0\n9")
    expect(table.locator(".grid-status").first).to_contain_text("Bỏ qua 1 dòng")
    last.focus()
    with table.expect_response(lambda response: response.request.method == "POST"):
        table.keyboard.press("Control+z")
    assert last.input_value() == before


def test_a_cell_typed_after_the_session_ended_is_sent_once_somebody_logs_in_again(table: Page) -> None:
    box = cell(table, "Đông Nam", "near_poor_reduction")
    before = box.input_value()
    session = [cookie for cookie in table.context.cookies() if cookie["name"] == "sessionid"]
    table.context.clear_cookies(name="sessionid")
    box.fill("2")
    box.press("Enter")
    expect(table.locator(".grid-status").first).to_contain_text("Hết phiên đăng nhập")
    table.context.add_cookies(session)
    with table.expect_response(lambda response: response.request.method == "POST" and response.status == 200):
        table.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(table.locator("#row-total td").nth(9)).to_have_text("17")
    box.fill(before)
    with table.expect_response(lambda response: response.request.method == "POST"):
        box.press("Enter")
    expect(table.locator("#row-total td").nth(9)).to_have_text("16")
