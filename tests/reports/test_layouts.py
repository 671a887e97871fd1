"""The target table in each of its layouts: one dataset, several papers; and how far its figures are approved."""

import io
import re
from pathlib import Path

import pdfplumber
import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from reports import build, catalogue, datasets, html, xlsx
from reports.datasets import MissingData
from reports.tree import Annex, Document, InText
from targets.choices import LayoutName
from targets.layouts import LAYOUTS
from targets.models import TargetPlan
from targets.selectors.tables import target_table
from targets.services import tables as target_services
from tests.factories import AreaFactory, CommuneFactory, ProvinceFactory
from tests.reports.conftest import YEAR, fill
from tests.targets.papers import COUNTS_OF_SON_THANH, SON_THANH_VILLAGES
from tests.targets.review_rows import World, world

MM = 72 / 25.4


@pytest.fixture
def son_thanh(db: None) -> Area:
    unit = fill(CommuneFactory(name="Sơn Thành"), dict.fromkeys(SON_THANH_VILLAGES, (None,) * 6))
    plan = unit.target_plans.get()
    for village in Area.objects.villages_of(unit):
        counts = dict(zip(COUNTS_OF_SON_THANH, SON_THANH_VILLAGES[village.name], strict=True))
        target_services.row_set(by=None, plan=plan, place=village, **counts)
    return unit


def table_alone(unit: Area, layout: str = "", year: int = YEAR, **more: str) -> Annex:
    (annex,) = build.target_table(datasets.annual_plan(unit=unit, year=year, layout=layout, **more)).annexes
    return annex


def pages_of(unit: Area, layout: str) -> list[pdfplumber.page.Page]:
    content = catalogue.render("target_table", unit=unit, year=YEAR, format="pdf", layout=layout).content
    return list(pdfplumber.open(io.BytesIO(content)).pages)


@pytest.mark.parametrize("layout", LayoutName)
def test_every_layout_prints_the_figures_of_the_rules(son_thanh: Area, layout: LayoutName) -> None:
    table = table_alone(son_thanh, layout).table
    stored = target_table(unit=son_thanh, year=YEAR)
    assert stored is not None
    columns = LAYOUTS[layout].columns
    assert len(table.columns) == len(columns) + 2
    for cells, row in zip(table.rows, stored.rows, strict=True):
        assert cells[1].text == row.name
        assert [cell.value for cell in cells[2:]] == [column.value(row.figures) for column in columns]
    assert [cell.value for cell in table.total[2:]] == [column.value(stored.total) for column in columns]
    assert bool(table.formulas) == (layout == LayoutName.STANDARD)


def test_two_blocks_stand_under_heads_of_three_levels_with_the_total_first(son_thanh: Area) -> None:
    table = table_alone(son_thanh, "two_blocks").table
    assert "|".join(cell.text for cell in table.total) == (
        "|Tổng cộng|2.497|349|426|31,04|13,98|17,06|2.538|179|170|77|349|10,09|7,05|3,03"
    )
    top, middle, bottom = table.header
    assert [(cell.text, cell.columns, cell.rows) for cell in top] == [
        ("TT", 1, 3), ("Thôn", 1, 3), ("Đầu năm", 6, 1), ("Dự kiến cuối năm", 8, 1),
    ]  # fmt: skip
    assert [cell.text for cell in middle].count("Trong đó") == 3
    assert [cell.text for cell in bottom][:2] == ["Số hộ nghèo", "Số hộ cận nghèo"]
    page = html.fragment(build.target_table(datasets.annual_plan(unit=son_thanh, year=YEAR, layout="two_blocks")))
    assert page.index("Tổng cộng") < page.index("Làng Vẹt")


@pytest.mark.parametrize(("layout", "head"), [("two_blocks", "Trong đó"), ("standard", "14=13/1"), ("compact", "Giảm")])
def test_a_long_table_repeats_its_head_keeps_its_names_whole_and_stays_within_the_page(
    big_commune: Area, layout: str, head: str
) -> None:
    pages = pages_of(big_commune, layout)
    assert len(pages) > 1
    lines = [line for page in pages for line in page.extract_text().splitlines()]
    for page in pages:
        assert head in page.extract_text()
        assert max(line["x1"] for line in (*page.lines, *page.rects)) <= page.width - 15 * MM + 1
        assert max(word["x1"] for word in page.extract_words()) <= page.width - 15 * MM + 1
    for number in range(1, 61):
        assert any(re.search(rf"Suối Ngàn Thượng {number} \d", line) for line in lines)


def test_a_compact_table_stands_in_the_text_of_the_plan_and_is_no_annex(son_thanh: Area) -> None:
    plan = build.annual_plan(datasets.annual_plan(unit=son_thanh, year=YEAR, layout="compact"))
    (in_text,) = [block for block in plan.blocks if isinstance(block, InText)]
    assert plan.annexes == ()
    assert len(in_text.table.columns) == 11
    words = "\n".join(getattr(block, "text", "") for block in plan.blocks)
    assert "thôn như sau:" in words
    assert "Phụ lục" not in words
    content = catalogue.render("annual_plan", unit=son_thanh, year=YEAR, format="pdf", layout="compact").content
    with pdfplumber.open(io.BytesIO(content)) as file:
        assert all(page.width < page.height for page in file.pages)
        for page in file.pages:
            assert max(word["x1"] for word in page.extract_words()) <= page.width - 15 * MM + 1


def test_the_plan_prints_in_its_own_layout_unless_another_is_asked_for(son_thanh: Area, tmp_path: Path) -> None:
    TargetPlan.objects.filter(unit=son_thanh).update(layout=LayoutName.TWO_BLOCKS)
    assert table_alone(son_thanh).table.total_first
    assert not table_alone(son_thanh, "standard").table.total_first
    for layout, has_formulas in (("", False), ("standard", True), ("compact", False)):
        output = tmp_path / f"{layout}.html"
        call_command(
            "render_document", "target_table", unit=son_thanh.code, year=str(YEAR), format="html", output=str(output),
            layout=layout, verbosity=0,
        )  # fmt: skip
        assert ("4=3/1" in output.read_text()) == has_formulas


def test_a_table_one_level_up_prints_its_units(db: None) -> None:
    district = AreaFactory(level=Level.DISTRICT, code="870", kind="huyện", name="Sông Thử", parent=ProvinceFactory())
    for kind, name in (("xã", "Bình Thử"), ("thị trấn", "Chợ Thử")):
        CommuneFactory(kind=kind, name=name, parent=district)
    plan = target_services.plan_open(by=None, unit=district, year=YEAR)
    for row in plan.rows.select_related("place"):
        target_services.row_set(
            by=None, plan=plan, place=row.place, households=500, poor_households=20, near_poor_households=30,
            poor_reduction=5, near_poor_reduction=6,
        )  # fmt: skip
    for layout in LayoutName:
        table = table_alone(district, layout).table
        assert table.columns[1].label == "Xã, thị trấn"
        assert {cells[1].text for cells in table.rows} == {"Xã Bình Thử", "Thị trấn Chợ Thử"}
        assert len(pages_of(district, layout)) == 1


# How far it is approved


@pytest.fixture
def told(db: None) -> World:
    return world()


def of(told: World, **more: str) -> Document:
    return build.annual_plan(datasets.annual_plan(unit=told.unit, year=told.plan.year, **more))


def test_a_table_not_approved_is_a_draft_on_every_page(told: World) -> None:
    document = of(told)
    assert (document.is_draft, document.annexes[0].state) == (True, "(Dự thảo, bảng chỉ tiêu chưa được duyệt)")
    told.submit()
    assert of(told).is_draft
    content = catalogue.render("annual_plan", unit=told.unit, year=told.plan.year, format="pdf").content
    with pdfplumber.open(io.BytesIO(content)) as file:
        assert all(page.extract_text().count("DỰ THẢO") == 1 for page in file.pages)


def test_an_approved_table_names_its_version_and_is_no_draft(told: World) -> None:
    told.submit()
    told.approve()
    document = of(told)
    assert not document.is_draft
    assert re.match(r"\(Bảng chỉ tiêu bản số 1, được duyệt ngày .+\)$", document.annexes[0].state)
    page = catalogue.render("annual_plan", unit=told.unit, year=told.plan.year, format="html").content.decode()
    assert "DỰ THẢO" not in page


def test_while_it_is_adjusted_the_version_in_force_is_named_and_prints_as_it_was(told: World) -> None:
    told.submit()
    told.approve()
    told.adjust()
    told.type(poor_reduction=5)
    live, old = of(told), of(told, edition="1")
    assert live.is_draft
    assert "đang có hiệu lực bản số 1" in live.annexes[0].state
    assert not old.is_draft
    assert [cells[8].text for cells in live.annexes[0].table.rows] == ["5", "3"]
    assert [cells[8].text for cells in old.annexes[0].table.rows] == ["3", "3"]


def test_a_replaced_version_says_so(told: World) -> None:
    told.submit()
    told.approve()
    told.adjust()
    told.type(poor_reduction=5)
    told.submit()
    told.approve()
    assert of(told, edition="1").annexes[0].state.endswith(", đã được thay bằng bản sau)")
    assert "bản số 2" in of(told).annexes[0].state


@pytest.mark.parametrize("edition", ["7", "một", "-1", "9" * 40])
def test_a_version_that_is_not_there_is_said(told: World, edition: str) -> None:
    with pytest.raises(MissingData, match="không có bản số"):
        datasets.target_table(unit=told.unit, year=told.plan.year, edition=edition)
    with pytest.raises(CommandError, match="không có bản số"):
        call_command(
            "render_document", "target_table", unit=told.unit.code, year=str(told.plan.year), format="pdf",
            output="/nowhere", edition=edition,
        )  # fmt: skip


def test_a_workbook_keeps_the_heads_of_three_levels(son_thanh: Area) -> None:
    content = xlsx.write(build.target_table(datasets.annual_plan(unit=son_thanh, year=YEAR, layout="two_blocks")))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A5:A7", "B5:B7", "C5:H5", "I5:P5", "C6:C7", "D6:E6", "F6:F7", "G6:H6"} <= merged
    assert [sheet["B8"].value, sheet["C8"].value, sheet["B9"].value] == ["Tổng cộng", 2497, "Làng Vẹt"]
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$5:$7", "C8")
    assert sheet["A4"].value == "DỰ THẢO (Dự thảo, bảng chỉ tiêu chưa được duyệt)"
