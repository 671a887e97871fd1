"""Words and figures of the documents, before any format."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count, format_rate
from povertyplan.papers.models import Paper
from reports import build, datasets
from reports.build import frame
from reports.choices import Authority
from reports.datasets import MissingData
from reports.models import AnnualPlan
from reports.tree import Document, Heading, Item, Paragraph
from targets.layouts import STANDARD
from targets.selectors.tables import target_table
from targets.services import tables as target_services
from tests.factories import AreaFactory, CommuneFactory, PaperFactory, ProvinceFactory
from tests.reports.conftest import YEAR, fill


def words(document: Document) -> str:
    parts = [
        block.text if isinstance(block, Paragraph) else f"{block.marker} {block.text}" for block in document.blocks
    ]
    return "\n".join(parts).replace("\u2060", "").replace("\u00a0", " ")


def plan_of(unit: Area, year: int = YEAR) -> Document:
    return build.annual_plan(datasets.annual_plan(unit=unit, year=year))


def test_table_prints_the_figures_of_the_rules(dai_lanh: Area) -> None:
    table = plan_of(dai_lanh).annexes[0].table
    stored = target_table(unit=dai_lanh, year=YEAR)
    for cells, row in zip(table.rows, stored.rows, strict=True):
        assert cells[1].text == row.name
        assert [cell.value for cell in cells[2:]] == [column.value(row.figures) for column in STANDARD]
    assert "|".join(cell.text for cell in table.total) == (
        "|Tổng cộng|3.022|11.898|11|0,36|82|2,71|2|0,07|16|0,53|9|0,30|66|2,18"
    )
    assert " ".join(table.formulas) == "A B 1 2 3 4=3/1 5 6=5/1 7 8=7/1 9 10=9/1 11 12=11/1 13 14=13/1"


def test_plan_says_the_counts_with_leading_zeros_and_the_points_from_counts(framed: AnnualPlan) -> None:
    text = words(plan_of(framed.unit))
    assert "Toàn xã có 06 thôn với 3.022 hộ, 11.898 nhân khẩu." in text
    assert "Giảm 02 hộ nghèo, từ 11 hộ xuống còn 09 hộ, tương ứng giảm 0,07 điểm phần trăm" in text
    assert "Giảm 16 hộ cận nghèo, từ 82 hộ xuống còn 66 hộ, tương ứng giảm 0,53 điểm phần trăm" in text
    assert "c) Tỷ lệ nghèo đa chiều giảm 0,60 điểm phần trăm, còn 2,48 %." in text
    assert "b) Thôn Đông Bắc:\n- Giảm 01 hộ nghèo, từ 03 hộ xuống còn 02 hộ;" in text


def test_a_figure_never_parts_from_its_unit(dai_lanh: Area) -> None:
    raw = "\n".join(block.text for block in plan_of(dai_lanh).blocks)
    assert "02\u00a0hộ nghèo" in raw
    assert "0,30\u00a0%" in raw


def test_the_text_uses_every_depth_of_headings_and_refers_to_the_annex(dai_lanh: Area) -> None:
    document = plan_of(dai_lanh)
    levels = {block.level.name for block in document.blocks if isinstance(block, Heading | Item)}
    assert levels == {"SECTION", "CLAUSE", "SUBCLAUSE", "POINT", "DASH", "PLUS"}
    assert "theo Phụ lục kèm theo Kế hoạch này" in words(document)
    sections = [block.text for block in document.blocks if isinstance(block, Heading) and block.level.name == "SECTION"]
    assert sections == ["TÌNH HÌNH ĐẦU NĂM 2024", "MỤC TIÊU, CHỈ TIÊU", "NHIỆM VỤ, GIẢI PHÁP", "TỔ CHỨC THỰC HIỆN"]
    assert document.blocks[-1].text.endswith("./.")


def test_frame_of_a_plan_without_number(framed: AnnualPlan) -> None:
    document = plan_of(framed.unit)
    assert document.header.issuer == ("ỦY BAN NHÂN DÂN", "XÃ ĐẠI LÃNH")
    assert document.header.number.replace("\u00a0", "") == "Số: /KH-UBND"
    assert " ".join(document.header.place_and_date.split()) == "Đại Lãnh, ngày tháng 02 năm 2024"
    assert document.title.subject == ("Thực hiện công tác giảm nghèo bền vững năm 2024", "trên địa bàn xã Đại Lãnh")
    assert [basis[-1] for basis in document.bases] == [";", "."]
    assert document.bases[0].startswith("Căn cứ Quyết định số 3450/QĐ-UBND ngày 21 tháng 11 năm 2023 của Ủy ban")
    assert document.recipients == ("- Phòng LĐTB&XH huyện (b/c);", "- Các thôn;", "- Lưu: VT, VX.")
    assert document.signing.lines == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert document.signing.name == "Người Ký Mẫu"


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (datetime.date(2024, 1, 5), "ngày 05 tháng 01 năm 2024"),
        (datetime.date(2024, 2, 29), "ngày 29 tháng 02 năm 2024"),
        (datetime.date(2024, 3, 9), "ngày 09 tháng 3 năm 2024"),
        (datetime.date(2024, 12, 10), "ngày 10 tháng 12 năm 2024"),
    ],
)
def test_date_and_number_of_an_issued_plan(framed: AnnualPlan, day: datetime.date, printed: str) -> None:
    data = replace(datasets.annual_plan(unit=framed.unit, year=YEAR), number=5, issued_on=day)
    document = build.annual_plan(data)
    assert document.header.number == "Số: 05/KH-UBND"
    assert document.header.place_and_date == f"Đại Lãnh, {printed}"
    reference = f"(Kèm theo Kế hoạch số 05/KH-UBND {printed} của Ủy ban nhân dân xã Đại Lãnh)"
    assert document.annexes[0].reference == reference


def test_annex_reference_before_issue_has_blanks_and_the_planned_month(framed: AnnualPlan) -> None:
    reference = plan_of(framed.unit).annexes[0].reference.replace("\u00a0", " ")
    assert reference.startswith("(Kèm theo Kế hoạch số    ")
    assert reference.endswith("/KH-UBND ngày      tháng 02 năm 2024 của Ủy ban nhân dân xã Đại Lãnh)")


def test_the_table_alone_says_to_which_plan_it_belongs(framed: AnnualPlan) -> None:
    data = replace(datasets.annual_plan(unit=framed.unit, year=YEAR), number=5, issued_on=datetime.date(2024, 3, 5))
    annex = build.target_table(data).annexes[0]
    assert (annex.label, annex.title) == ("Biểu", "PHÂN BỔ CHỈ TIÊU GIẢM HỘ NGHÈO, HỘ CẬN NGHÈO NĂM 2024")
    assert annex.reference.startswith("(Kèm theo Kế hoạch số 05/KH-UBND ngày 05 tháng 3 năm 2024 của Ủy ban nhân dân")


def test_a_note_that_names_the_table_itself_is_no_source(dai_lanh: Area) -> None:
    data = datasets.annual_plan(unit=dai_lanh, year=YEAR)
    itself = replace(data.table, source_note="Tổng số hộ theo bảng phân bổ chỉ tiêu của xã", cut_off=None)
    assert "Nguồn số liệu" not in words(build.annual_plan(replace(data, table=itself)))
    dated = replace(itself, cut_off=datetime.date(2023, 12, 14))
    text = words(build.annual_plan(replace(data, table=dated)))
    assert "Nguồn số liệu\nSố liệu chốt ngày 14 tháng 12 năm 2023." in text
    real = replace(itself, source_note="Kết quả rà soát cuối năm 2023")
    assert "Nguồn số liệu\nKết quả rà soát cuối năm 2023." in words(build.annual_plan(replace(data, table=real)))


def test_a_name_of_two_parts_keeps_its_hyphen(framed: AnnualPlan) -> None:
    raw = "\n".join(block.text for block in plan_of(framed.unit).blocks)
    assert "Văn hóa\u00a0-\u2060\u00a0Xã hội" in raw
    assert "Văn hóa - Xã hội" not in raw


def test_tasks_have_one_kind_of_marker_a_level(dai_lanh: Area) -> None:
    markers = {block.marker for block in tasks_of(plan_of(dai_lanh)) if isinstance(block, Item)}
    assert markers == {"-", "+"}


def tasks_of(document: Document) -> list[object]:
    """The blocks of section III."""
    starts = [place for place, block in enumerate(document.blocks) if getattr(block, "level", None) == 1]
    return list(document.blocks[starts[2] : starts[3]])


def test_figures_of_the_table_stand_at_the_right(dai_lanh: Area) -> None:
    table = plan_of(dai_lanh).annexes[0].table
    assert {column.align.value for column in table.columns[2:]} == {"right"}
    assert table.columns[1].width.value == "fit"


def test_signing_authorities() -> None:
    assert frame.SIGNING_LINES[Authority.CHAIR][-1] == "CHỦ TỊCH"
    assert frame.SIGNING_LINES[Authority.ACTING][-1] == "Q. CHỦ TỊCH"
    assert {lines[0] for lines in frame.SIGNING_LINES.values()} == {"TM. ỦY BAN NHÂN DÂN"}


def test_stored_duties_replace_the_general_ones(framed: AnnualPlan) -> None:
    text = words(plan_of(framed.unit))
    assert "1. Công chức Văn hóa - Xã hội\n- Theo dõi chung;\n- Báo cáo kết quả.\n2. Trường Tiểu học" in text
    assert "Trưởng thôn" not in text


def test_a_plan_without_frame_prints_with_general_words_and_blanks(big_commune: Area) -> None:
    document = plan_of(big_commune)
    text = words(document)
    assert "3. Trưởng thôn" in text
    assert document.recipients == ("- Lưu: VT.",)
    assert document.signing.name == ""
    assert "- Thôn Suối Ngàn Thượng 1: giảm 01 hộ nghèo;" in text
    for word in ("Đại Lãnh", "Sơn Thành", "Kon Chiêng", "Hồng Ngự", "Kông Lơng Khơng"):
        assert word not in text


def test_local_word_and_names_of_villages(db: None) -> None:
    row = (100, 400, 5, 6, 1, 2)
    unit = fill(CommuneFactory(), {"Plei Mới": row, "2": row}, kind="làng")
    document = plan_of(unit)
    table = document.annexes[0].table
    assert table.columns[1].label == "Làng"
    assert {cells[1].text for cells in table.rows} == {"Plei Mới", "Làng 2"}
    assert "Trưởng làng" in words(document)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((100, 400, 0, 6, 0, 2), "Không để phát sinh hộ nghèo; tỷ lệ hộ nghèo cuối năm 0,00 %"),
        ((100, 400, 5, 6, 0, 2), "Giữ 05 hộ nghèo, không để tăng; tỷ lệ hộ nghèo cuối năm 3,33 %"),
        ((100, 400, 5, 6, 5, 2), "Giảm 05 hộ nghèo, từ 05 hộ đến cuối năm không còn hộ nghèo"),
    ],
)
def test_goals_at_the_edges(db: None, row: tuple[int, ...], sentence: str) -> None:
    unit = fill(CommuneFactory(), {"Một": row, "Hai": (50, 90, 0, 1, 0, 0)})
    assert sentence in words(plan_of(unit))


def test_expected_households_change_the_text_but_not_the_layout(dai_lanh: Area) -> None:
    data = datasets.annual_plan(unit=dai_lanh, year=YEAR)
    total = replace(data.table.total, expected_households=3100)
    more = replace(data, table=replace(data.table, total=total))
    annex = build.target_table(more).annexes[0]
    assert annex.table.total[13].text == format_rate(Decimal("0.30"))
    assert "tính trên tổng số hộ đầu năm 2024" in annex.notes[0]
    assert format_count(3100) in annex.notes[0]


def test_citation_is_short_the_second_time(framed: AnnualPlan) -> None:
    paper = Paper.objects.get(number="3450")
    framed.unit.target_plans.update(source_paper=paper)
    assert "Theo Quyết định số 3450/QĐ-UBND, đầu năm 2024 có:" in words(plan_of(framed.unit))
    framed.unit.target_plans.update(source_paper=PaperFactory(number="99", subject="về kết quả"))
    assert "Theo Quyết định số 99/QĐ-UBND ngày 21 tháng 11 năm 2023 của" in words(plan_of(framed.unit))


def test_a_stored_subject_keeps_its_year_inside_sentences(big_commune: Area) -> None:
    data = replace(
        datasets.annual_plan(unit=big_commune, year=YEAR),
        subject="Thực hiện Chương trình giảm nghèo trên địa bàn xã Mường Thử năm 2024",
    )
    document = build.annual_plan(data)
    assert document.title.subject == ("Thực hiện Chương trình giảm nghèo", "trên địa bàn xã Mường Thử năm 2024")
    assert "ban hành Kế hoạch thực hiện Chương trình giảm nghèo năm 2024, cụ thể" in words(document)


def test_a_district_speaks_of_its_communes(db: None) -> None:
    district = AreaFactory(level=Level.DISTRICT, code="870", kind="huyện", name="Sông Thử", parent=ProvinceFactory())
    plan = target_services.plan_open(by=None, unit=district, year=YEAR)
    for kind, name in (("xã", "Bình Thử"), ("thị trấn", "Chợ Thử")):
        commune = CommuneFactory(kind=kind, name=name, parent=district)
        target_services.row_set(
            by=None,
            plan=plan,
            place=commune,
            households=500,
            population=2000,
            poor_households=20,
            near_poor_households=30,
            poor_reduction=5,
            near_poor_reduction=6,
        )
    document = plan_of(district)
    text = words(document)
    assert document.header.issuer == ("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG THỬ")
    assert "Toàn huyện có 02 xã, thị trấn với 1.000 hộ" in text
    assert "3. Ủy ban nhân dân các xã, thị trấn" in text
    assert "b) Thị trấn Chợ Thử:" in text
    assert "Trưởng" not in text
    assert document.annexes[0].table.columns[1].label == "Xã, thị trấn"


def test_everything_missing_is_said_at_once(db: None) -> None:
    unit = CommuneFactory()
    with pytest.raises(MissingData, match="chưa có bảng chỉ tiêu của năm này"):
        datasets.annual_plan(unit=unit, year=YEAR)
    fill(unit, {"Một": (100, None, 1, None, None, None), "Hai": (50, 100, 1, 1, None, None), "Ba": (None,) * 6})
    with pytest.raises(MissingData) as caught:
        datasets.target_table(unit=unit, year=YEAR)
    message = str(caught.value)
    one = next(gap for gap in caught.value.gaps if "thôn Một" in gap)
    assert "nhân khẩu" in one
    assert "hộ cận nghèo đầu năm" in one
    assert "thôn Ba thiếu tổng số hộ" in message
    assert "thôn Hai" not in message
    assert "chưa giao chỉ tiêu giảm cho thôn nào" in message


def test_population_may_be_unknown_for_all_but_not_for_some(db: None) -> None:
    unit = fill(CommuneFactory(), {"Một": (100, None, 5, 6, 1, 0), "Hai": (50, None, 1, 1, 0, 0)})
    document = plan_of(unit)
    assert document.annexes[0].table.total[3].text == ""
    assert "Toàn xã có 02 thôn với 150 hộ." in words(document)
    unit.target_plans.get().rows.filter(place__name="Một").update(population=400)
    with pytest.raises(MissingData, match="thôn Hai thiếu nhân khẩu"):
        datasets.target_table(unit=unit, year=YEAR)


def test_a_reduction_not_typed_prints_as_nought_and_is_named(db: None) -> None:
    unit = fill(CommuneFactory(), {"Một": (100, 400, 5, 6, 1, None), "Hai": (50, 90, 0, 1, 0, 0)})
    data = datasets.annual_plan(unit=unit, year=YEAR)
    assert data.table.undecided == ("thôn Một",)
    assert build.target_table(data).annexes[0].table.rows[0][10].text == "0"
