"""From the login to the printed plan, and what a crash may cost."""

import re
import subprocess
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Product, log_in

pytestmark = pytest.mark.e2e

LAST_NAME = "Tây Nam 2"


def row_of(page: Page, village: str):
    return page.locator("#row-grid tbody tr", has=page.get_by_role("rowheader", name=village, exact=True))


def cell(page: Page, village: str, field: str):
    return row_of(page, village).locator(f"input[name$='-{field}']")


def texts(page: Page, village: str) -> list[str]:
    """Columns 1–14 as a person reads them, typed and computed."""
    return (
        row_of(page, village)
        .locator("td:not(.grid-number)")
        .evaluate_all("cells => cells.map(cell => cell.querySelector('input')?.value ?? cell.innerText.trim())")
    )


def set_cell(page: Page, village: str, field: str, value: str) -> None:
    box = cell(page, village, field)
    box.fill(value)
    with page.expect_response(lambda response: response.request.method == "POST"):
        box.press("Enter")


def total(page: Page) -> list[str]:
    return page.locator("#row-total td:not(.grid-number)").all_inner_texts()


def test_an_officer_sees_corrects_and_prints(page: Page, product: Product, tmp_path: Path) -> None:
    log_in(page, "officer-22492")
    expect(page).to_have_url(re.compile("/u/22492/2024/$"))
    page.get_by_role("navigation").get_by_role("link", name="Chỉ tiêu").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chỉ tiêu giảm nghèo năm 2024")
    assert texts(page, LAST_NAME) == [
        "510",
        "1.940",
        "5",
        "0,98",
        "15",
        "2,94",
        "0",
        "0,00",
        "3",
        "0,59",
        "5",
        "0,98",
        "12",
        "2,35",
    ]
    assert total(page) == [
        "3.022",
        "11.898",
        "11",
        "0,36",
        "82",
        "2,71",
        "2",
        "0,07",
        "16",
        "0,53",
        "9",
        "0,30",
        "66",
        "2,18",
    ]

    set_cell(page, LAST_NAME, "poor_reduction", "1")
    expect(page.locator("#row-total td").nth(7)).to_have_text("3")
    assert texts(page, LAST_NAME)[6:8] == ["1", "0,20"]
    assert total(page)[10:12] == ["8", "0,26"]
    page.reload()
    assert total(page)[10:12] == ["8", "0,26"]

    set_cell(page, LAST_NAME, "poor_reduction", "0")
    expect(page.locator("#row-total td").nth(7)).to_have_text("2")
    pdf = download_plan(page, tmp_path)
    check_text(pdf)
    check_geometry(pdf)


def download_plan(page: Page, folder: Path) -> Path:
    page.get_by_role("navigation").get_by_role("link", name="Văn bản", exact=True).first.click()
    page.get_by_role("button", name="Tải PDF").first.click()
    link = page.get_by_role("link", name="Tải xuống").first
    link.wait_for(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    path = folder / "plan.pdf"
    download.value.save_as(path)
    return path


def check_text(pdf: Path) -> None:
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    for fragment in ("KẾ HOẠCH", "XÃ ĐẠI LÃNH", "3.022", "0,36", "02", "16", "0,60", "Nơi nhận:", "12=11/1", "./."):
        assert fragment in text, fragment
    assert "0,63" not in text
    assert re.search(
        r"Tổng cộng\s+3\.022\s+11\.898\s+11\s+0,36\s+82\s+2,71\s+2\s+0,07\s+16\s+0,53\s+9\s+0,30\s+66\s+2,18", text
    )


MM = 72 / 25.4
MARKS = {"BẢN", "MẪU", "DỰ", "THẢO"}  # of a sample, of a table that nobody has approved


def check_geometry(pdf: Path) -> None:
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all("Liberation" in line and " yes yes " in line for line in fonts), fonts
    with pdfplumber.open(pdf) as document:
        pages = document.pages
        body = [page for page in pages if page.height > page.width]
        assert len(pages) > len(body) >= 2
        for number, page in enumerate(body, start=1):
            assert (round(page.width / MM), round(page.height / MM)) == (210, 297)
            found = page.extract_words()
            assert {word["text"] for word in found} >= MARKS
            words = [word for word in found if word["text"] not in MARKS]
            in_margin = [word for word in words if word["bottom"] < 20 * MM]
            assert [word["text"] for word in in_margin] == ([] if number == 1 else [str(number)])
            for word in in_margin:
                # Centred over the type area, as the header of a word processor's page is.
                assert abs((word["x0"] + word["x1"]) / 2 - (30 * MM + (210 - 15) * MM) / 2) < 8 * MM
            text = [word for word in words if word not in in_margin]
            assert min(word["x0"] for word in text) >= 30 * MM - 1
            assert max(word["x1"] for word in text) <= (210 - 15) * MM + 1
            assert max(word["bottom"] for word in text) <= (297 - 20) * MM + 1


def test_the_phone_shows_the_same_table(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, "officer-22492")
    page.goto("/u/22492/2024/targets/")
    assert total(page)[0] == "3.022"
    expect(page.locator("#beside")).to_contain_text("Năm 2023: 12 hộ thoát nghèo")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_script_the_table_is_a_form(browser: Browser, product: Product) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=product.address)
    tab = context.new_page()
    log_in(tab, "officer-22492")
    tab.goto("/u/22492/2024/targets/")
    cell(tab, "Đông Nam", "near_poor_reduction").fill("2")
    tab.get_by_role("button", name="Lưu cả bảng").click()
    assert total(tab)[8] == "17"
    cell(tab, "Đông Nam", "near_poor_reduction").fill("1")
    tab.get_by_role("button", name="Lưu cả bảng").click()
    assert total(tab)[8] == "16"
    tab.locator("#beside").get_by_role("link").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Số đầu năm 2024 so với năm 2023")
    context.close()


def test_a_leader_reads_and_cannot_type(page: Page) -> None:
    log_in(page, "leader-22492")
    page.goto("/u/22492/2024/targets/")
    assert page.locator("#row-grid input").count() == 0
    assert page.goto("/u/21295/2025/targets/").status == 404


def test_a_killed_web_process_costs_at_most_the_cell_and_the_next_start_just_works(
    page: Page, product: Product
) -> None:
    log_in(page, "officer-22492")
    page.goto("/u/22492/2024/targets/")
    set_cell(page, "Đông Bắc", "poor_reduction", "2")
    cell(page, "Đông Bắc", "near_poor_reduction").fill("3")
    cell(page, "Đông Bắc", "near_poor_reduction").press("Enter")
    product.kill_web()
    page.wait_for_timeout(500)
    product.start()
    assert product.seconds < 15
    page.goto("/u/22492/2024/targets/")
    assert texts(page, "Đông Bắc")[6] == "2"
    assert texts(page, "Đông Bắc")[8] in {"2", "3"}
    set_cell(page, "Đông Bắc", "poor_reduction", "1")
    set_cell(page, "Đông Bắc", "near_poor_reduction", "1")  # 2 may be what is there, and saves nothing
    set_cell(page, "Đông Bắc", "near_poor_reduction", "2")
    assert total(page)[6] == "2"


def test_a_new_unit_prints_its_own_papers(page: Page, browser: Browser, product: Product, tmp_path: Path) -> None:
    made = product.manage(
        "create_unit", "--level", "commune", "--code", "99001", "--name", "Suối Mơ", "--kind", "xã", "--parent", "52",
        "--valid-from", "2026-01-01",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    password = make_officer(page, "99001", "suoimo")
    context = browser.new_context(base_url=product.address, accept_downloads=True)
    tab = context.new_page()
    log_in(tab, "suoimo", password)
    change_password(tab, password, "Suoi-mo-nam-2026")
    enter_villages_and_figures(tab)
    pdf = download_plan(tab, tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    for fragment in ("XÃ SUỐI MƠ", "Trên", "Dưới", "350", "04"):
        assert fragment in text, fragment
    for foreign in ("BẢN MẪU", "Đại Lãnh", "Vạn Ninh", "3450", "Tây Bắc"):
        assert foreign not in text
    context.close()


def make_officer(page: Page, code: str, username: str) -> str:
    """The administrator makes an account with a role; the temporary password."""
    log_in(page, "admin")
    page.goto(f"/u/{code}/2026/people/")
    page.get_by_role("link", name="Thêm tài khoản").first.click()
    page.fill("input[name=username]", username)
    page.fill("input[name=full_name]", "Hồ Thị Thử")
    page.select_option("select[name=role]", "officer")
    page.fill("input[name=valid_from]", "01/01/2026")
    page.get_by_role("button", name="Thêm tài khoản").click()
    return page.locator("dl.facts code").nth(1).inner_text()


def change_password(page: Page, old: str, new: str) -> None:
    page.fill("input[name=old_password]", old)
    page.fill("input[name=password]", new)
    page.fill("input[name=repeated]", new)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def enter_villages_and_figures(page: Page) -> None:
    page.goto("/u/99001/2026/villages/")
    page.get_by_role("link", name="Thêm").first.click()
    page.select_option("select[name=kind]", "bản")
    page.fill("textarea[name=names]", "Bản Trên\nBản Dưới")
    page.get_by_role("button", name="Thêm vào danh sách").click()
    page.goto("/u/99001/2026/targets/")
    page.get_by_role("button", name="Lập bảng chỉ tiêu năm 2026").click()
    for village, counts in {"Trên": "150 610 20 11 4 2", "Dưới": "200 820 9 7 1 0"}.items():
        names = "households population poor_households near_poor_households poor_reduction near_poor_reduction"
        for field, value in zip(names.split(), counts.split(), strict=True):
            set_cell(page, village, field, value)
