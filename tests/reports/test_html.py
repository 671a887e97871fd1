"""HTML of documents: everything escaped, nothing inline that the content policy would refuse."""

import re

from povertyplan.areas.models import Area
from reports import catalogue, html
from reports.models import AnnualPlan
from tests.factories import CommuneFactory
from tests.reports.conftest import YEAR, fill

HOSTILE = '<script>alert("x")</script>'


def test_hostile_names_stay_text(db: None) -> None:
    unit = fill(CommuneFactory(name=f"A{HOSTILE}"), {HOSTILE: (100, 400, 5, 6, 1, 2), "Hai": (50, 90, 1, 1, 0, 0)})
    page = catalogue.render("annual_plan", unit=unit, year=YEAR, format="html").content.decode()
    assert "<script" not in page.lower()
    assert "&lt;script&gt;" in page


def test_page_is_whole_and_needs_nothing(framed: AnnualPlan) -> None:
    page = catalogue.render("annual_plan", unit=framed.unit, year=YEAR, format="html").content.decode()
    assert page.startswith("<!DOCTYPE html>")
    assert 'lang="vi"' in page
    assert "BẢN MẪU" in page
    assert not re.search(r"\s(style|src|href|on\w+)=", page)


def test_fragment_has_the_words_of_the_tree(framed: AnnualPlan) -> None:
    document = catalogue.tree("annual_plan", unit=framed.unit, year=YEAR)
    fragment = html.fragment(document)
    for block in document.blocks:
        assert str(html.format_html("{}", block.text)) in fragment


def test_table_alone_is_one_sheet(big_commune: Area) -> None:
    page = html.fragment(catalogue.tree("target_table", unit=big_commune, year=YEAR))
    assert page.count('class="doc-sheet') == 1
    assert "BẢN MẪU" not in page


def test_on_a_screen_the_sheet_takes_the_width_and_the_annex_moves_in_its_frame(framed: AnnualPlan) -> None:
    style = html.style_sheet(catalogue.tree("annual_plan", unit=framed.unit, year=YEAR))
    screen = style[style.index("@media screen {") :]
    assert not re.search(r"[^-]width: 2\d+mm", screen.replace("max-width", "max").replace("min-width", "min"))
    assert "max-width: 210mm" in screen
    assert "overflow-x: auto" in screen[screen.index(".doc-annex {") :]
