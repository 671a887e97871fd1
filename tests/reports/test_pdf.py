"""The printed file: paper, margins, fonts, page numbers, repeated headers, watermark, and nothing fetched."""

import io
import subprocess
import threading
import unicodedata
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pdfplumber
import pypdf
import pytest

from povertyplan.areas.models import Area
from reports import catalogue, pdf
from reports.models import AnnualPlan
from tests.reports.conftest import YEAR

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)


def printed(kind: str, unit: Area) -> bytes:
    return catalogue.render(kind, unit=unit, year=YEAR, format="pdf").content


@pytest.fixture
def sample(framed: AnnualPlan) -> bytes:
    return printed("annual_plan", framed.unit)


def test_pages_are_a4_and_the_annex_lies_on_its_side(sample: bytes) -> None:
    pages = pypdf.PdfReader(io.BytesIO(sample)).pages
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages]
    upright = (round(A4[0]), round(A4[1]))
    assert set(sizes[:-1]) == {upright}
    assert sizes[-1] == upright[::-1]


def test_margins_are_those_of_the_decree(sample: bytes) -> None:
    with pdfplumber.open(io.BytesIO(sample)) as file:
        for page in file.pages:
            body = [word for word in page.extract_words() if word["top"] > 19 * MM]
            assert min(word["x0"] for word in body) >= 30 * MM - 1
            assert max(word["x1"] for word in body) <= page.width - 15 * MM + 1
            assert max(word["bottom"] for word in body) <= page.height - 20 * MM + 1


def test_sizes_of_the_components(sample: bytes) -> None:
    with pdfplumber.open(io.BytesIO(sample)) as file:
        first = {word["text"]: word for word in file.pages[0].extract_words(extra_attrs=["size", "fontname"])}
        last = file.pages[-2].extract_words(extra_attrs=["size", "fontname"])
    assert (round(first["CỘNG"]["size"]), round(first["Độc"]["size"]), round(first["Số:"]["size"])) == (13, 14, 13)
    assert "Bold" in first["CỘNG"]["fontname"]
    assert "Italic" in first["Căn"]["fontname"]
    sizes = {word["text"]: round(word["size"]) for word in last}
    assert (sizes["nhận:"], sizes["Lưu:"]) == (12, 11)


def test_only_our_fonts_are_used_and_all_are_embedded(sample: bytes, tmp_path: Path) -> None:
    path = tmp_path / "fonts.pdf"
    path.write_bytes(sample)
    listed = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert listed
    for line in listed:
        assert "Liberation-Serif" in line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]


def numbers_on_top(content: bytes) -> list[str]:
    """Text of each page's top margin near its middle."""
    found = []
    with pdfplumber.open(io.BytesIO(content)) as file:
        for page in file.pages:
            middle = (30 * MM + page.width - 15 * MM) / 2
            words = [w for w in page.extract_words() if w["bottom"] < 20 * MM and w["text"].isdigit()]
            assert all(abs((w["x0"] + w["x1"]) / 2 - middle) < 2 for w in words)
            found.append(" ".join(word["text"] for word in words))
    return found


def test_page_numbers_stand_on_top_but_on_the_first(sample: bytes) -> None:
    numbers = numbers_on_top(sample)
    assert numbers[0] == ""
    assert numbers[1:-1] == [str(number) for number in range(2, len(numbers))]


def test_a_long_annex_counts_its_own_pages_and_repeats_its_header(big_commune: Area) -> None:
    content = printed("annual_plan", big_commune)
    with pdfplumber.open(io.BytesIO(content)) as file:
        annex = [page for page in file.pages if page.width > page.height]
        for page in annex:
            text = page.extract_text()
            assert "Hộ cận nghèo" in text
            assert "14=13/1" in text
        names = " ".join(page.extract_text() for page in annex)
    assert len(annex) > 2
    assert numbers_on_top(content)[-len(annex) :] == ["", *map(str, range(2, len(annex) + 1))]
    assert all(f"Suối Ngàn Thượng {number} " in names for number in range(1, 61))
    assert names.count("Tổng cộng") == 1


def test_every_page_of_a_sample_says_so_and_no_other_does(
    sample: bytes, big_commune: Area, text_of: Callable[..., str]
) -> None:
    pages = text_of(sample).rstrip("\f").split("\f")
    assert all(page.count("BẢN MẪU") == 1 for page in pages)
    assert "BẢN MẪU" not in text_of(printed("annual_plan", big_commune))


def test_sample_table_alone_says_so(dai_lanh: Area, text_of: Callable[..., str]) -> None:
    text = text_of(printed("target_table", dai_lanh))
    assert text.count("BẢN MẪU") == 1
    assert "0,30" in text
    assert "Phụ lục" not in text


def test_text_is_found_as_it_is_typed(sample: bytes, text_of: Callable[..., str]) -> None:
    text = text_of(sample)
    assert "Hộ cận nghèo: 82 hộ" in text
    assert unicodedata.is_normalized("NFC", text)


def test_properties_name_the_document(sample: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(sample))
    assert reader.metadata.title == "Kế hoạch thực hiện công tác giảm nghèo bền vững năm 2024 trên địa bàn xã Đại Lãnh"
    assert reader.trailer["/Root"]["/Lang"] == "vi"


def test_same_figures_same_bytes(dai_lanh: Area) -> None:
    assert printed("target_table", dai_lanh) == printed("target_table", dai_lanh)


def test_nothing_outside_is_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    try:
        for address in (f"http://127.0.0.1:{server.server_port}/a.png", secret.as_uri(), "data:image/png;base64,AAAA"):
            for page in (
                f'<img src="{address}">', f'<style>body {{ background: url("{address}") }}</style><p>a',
                f'<link rel="stylesheet" href="{address}">', f'<object data="{address}"></object>',
            ):  # fmt: skip
                with pytest.raises(pdf.FetchRefused):
                    pdf.print_page(f"<html><body>{page}</body></html>")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_missing_fonts_are_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(pdf.FontsMissing, match="fonts-liberation2"):
        pdf.font_files((tmp_path,))
