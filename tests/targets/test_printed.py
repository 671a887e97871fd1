"""Paper against data: the two real tables typed in as printed, and what people write differently."""

from decimal import Decimal

import pytest

from povertyplan.core.findings import Severity
from targets.choices import LayoutName
from targets.layouts import LAYOUTS
from targets.rules.columns import Kind
from targets.rules.figures import Figures, total
from targets.rules.pasted import read, read_cell
from targets.rules.printed import Comparison, Place, compare, said
from tests.targets.papers import (
    COUNTS_OF_DAI_LANH,
    COUNTS_OF_SON_THANH,
    DAI_LANH,
    DAI_LANH_VILLAGES,
    SON_THANH,
    SON_THANH_VILLAGES,
    figures,
)

STANDARD, TWO_BLOCKS = LAYOUTS[LayoutName.STANDARD], LAYOUTS[LayoutName.TWO_BLOCKS]
DAI_LANH_FIGURES = figures(COUNTS_OF_DAI_LANH, DAI_LANH_VILLAGES)
SON_THANH_FIGURES = figures(COUNTS_OF_SON_THANH, SON_THANH_VILLAGES)


def places(rows: dict[str, Figures]) -> list[Place]:
    return [Place(name=name, kind="thôn", figures=row) for name, row in rows.items()]


def against_dai_lanh(text: str) -> Comparison:
    return compare(read(text, STANDARD), STANDARD, places(DAI_LANH_FIGURES))


def found(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    return [(row.place, row.key, row.printed, row.right) for row in comparison.differences]


@pytest.mark.parametrize(
    ("layout", "paper", "rows"),
    [(STANDARD, DAI_LANH, DAI_LANH_FIGURES), (TWO_BLOCKS, SON_THANH, SON_THANH_FIGURES)],
    ids=["14 columns", "two blocks"],
)
def test_every_cell_of_the_real_tables_follows_from_counts_but_where_the_paper_errs(
    layout, paper: str, rows: dict[str, Figures]
) -> None:
    printed = read(paper, layout)
    assert [row.name for row in printed.places] == list(rows)
    assert printed.problems == ()
    wrong = {("Tây Nam 2", "14"), ("Tổng cộng", "12")} if layout is STANDARD else set()
    cells = 0
    for row in printed.rows:
        ours = total(rows.values()) if row.is_total else rows[row.name]
        for column in layout.columns:
            assert (row.value(column) == column.value(ours)) == ((row.name, column.key) not in wrong)
            cells += 1
    assert cells == 7 * 14


def test_the_papers_wrong_cells_are_exactly_what_is_listed() -> None:
    comparison = against_dai_lanh(DAI_LANH)
    assert found(comparison) == [("Thôn Tây Nam 2", "14", "2,16", "2,35"), ("Tổng cộng", "12", "0,29", "0,30")]
    assert (comparison.cells, comparison.agreeing, comparison.remarks) == (98, 96, ())
    typing, rounding = comparison.differences
    assert typing.why == "12 / 510 = 2,35 %."
    assert typing.title == "Hộ cận nghèo cuối năm – Tỷ lệ (%)"
    assert rounding.why == "9 / 3.022 = 0,30 %. Bản giấy lấy 0,36 − 0,07, hai số đã làm tròn."
    assert rounding.finding.place == "Tổng cộng, cột 12 (Hộ nghèo cuối năm – Tỷ lệ (%))"


def test_a_paper_without_a_wrong_cell_has_no_differences() -> None:
    """Total first under the name of the unit, rates over the expected households."""
    comparison = compare(read(SON_THANH, TWO_BLOCKS), TWO_BLOCKS, places(SON_THANH_FIGURES))
    assert (comparison.cells, found(comparison), comparison.remarks) == (98, [], ())


def test_a_combined_fall_in_a_sentence_comes_from_counts() -> None:
    (wrong,) = said(total(DAI_LANH_FIGURES.values()), {"multidimensional_points": "0,63%", "poor_points": "0,07"})
    assert (wrong.printed, wrong.right) == ("0,63%", "0,60")
    assert wrong.why == "93 / 3.022 − 75 / 3.022 = 0,60 điểm %."


def test_a_rate_added_from_two_rounded_ones_is_found_in_a_sentence() -> None:
    unit = total(SON_THANH_FIGURES.values())
    (wrong,) = said(unit, {"multidimensional_end_rate": "10,08", "poor_end_rate": ""})
    assert (wrong.printed, wrong.right) == ("10,08", "10,09")
    assert wrong.why == "256 / 2.538 = 10,09 %. Bản giấy lấy 7,05 + 3,03, hai số đã làm tròn."
    assert said(unit, {"multidimensional_end_rate": "10,09 %"}) == ()


OF_THE_PAPER_ITSELF = [("Thôn Tây Nam 2", "14", "2,16", "2,35"), ("Tổng cộng", "12", "0,29", "0,30")]


def test_a_count_that_differs_from_the_stored_one_is_one_difference() -> None:
    """Neither the rates that the paper computes from its own count nor the right total are blamed for it."""
    paper = DAI_LANH.replace("1 | Đông Nam | 360 | 1.433", "1 | Đông Nam | 360 | 1.343")
    assert found(against_dai_lanh(paper)) == [("Thôn Đông Nam", "2", "1.343", "1.433"), *OF_THE_PAPER_ITSELF]


def test_a_slip_beside_right_rates_and_ends_is_one_difference() -> None:
    """Households to be reduced written as 2: the rate 0,23 and the end 2 on the paper are those of the right 1."""
    row = next(line for line in DAI_LANH.splitlines() if "Đông Bắc" in line)
    cells = row.split(" | ")
    cells[8] = "2"
    comparison = against_dai_lanh(DAI_LANH.replace(row, " | ".join(cells)))
    assert [line[:2] for line in found(comparison)] == [
        ("Thôn Đông Bắc", "7"),
        *(line[:2] for line in OF_THE_PAPER_ITSELF),
    ]


def test_what_is_called_right_is_what_the_table_gives() -> None:
    """A wrong count and a wrong end beside it: the right end follows from the right count."""
    row = next(line for line in DAI_LANH.splitlines() if "Đông Bắc" in line)
    cells = row.split(" | ")
    cells[8], cells[12] = "2", "9"
    told = {
        line[1]: line[3]
        for line in found(against_dai_lanh(DAI_LANH.replace(row, " | ".join(cells))))
        if line[0] == "Thôn Đông Bắc"
    }
    assert told == {"7": "1", "11": "2"}


def test_an_end_that_is_not_start_less_reduction_is_found_and_its_rate_is_not() -> None:
    paper = DAI_LANH.replace("0,47 | 2 | 0,47 | 6 | 1,41", "0,47 | 3 | 0,70 | 6 | 1,41")
    comparison = against_dai_lanh(paper)
    assert found(comparison)[0] == ("Thôn Đông Bắc", "11", "3", "2")
    assert comparison.differences[0].why == "3 − 1 = 2."
    assert ("Thôn Đông Bắc", "12") not in {(row.place, row.key) for row in comparison.differences}


def test_a_sum_is_checked_against_the_rows_of_the_paper() -> None:
    paper = DAI_LANH.replace("Tổng cộng | 3.022 | 11.898 | 11", "Tổng cộng | 3.022 | 11.898 | 12")
    wrong = against_dai_lanh(paper).differences
    assert ("Tổng cộng", "3", "12", "11") in [(row.place, row.key, row.printed, row.right) for row in wrong]
    assert "Cộng 6 dòng của bản giấy." in [row.why for row in wrong]


@pytest.mark.parametrize(
    "change",
    [
        lambda paper: paper.replace(" | ", "\t"),
        lambda paper: paper.replace(" |  | ", " ").replace(" | ", " "),
        lambda paper: "\n".join(line.partition(" | ")[2] for line in paper.splitlines()),
        lambda paper: "\n".join(reversed(paper.splitlines())),
        lambda paper: paper.replace(" | Tổng cộng", "Tổng cộng | "),
        lambda paper: paper.replace(" | Đông", " | thôn Đông").replace("Tây", "TÂY"),
        lambda paper: paper.replace("1,39\n", "1,39 | giữ vững\n"),
    ],
    ids=["tabs", "single spaces", "no numbers", "total first", "merged total", "words and capitals", "remark"],
)
def test_the_same_table_written_differently_reads_the_same(change) -> None:
    comparison = against_dai_lanh(change(DAI_LANH))
    assert {(row.place, row.key) for row in comparison.differences} == {("Thôn Tây Nam 2", "14"), ("Tổng cộng", "12")}
    assert comparison.remarks == ()


@pytest.mark.parametrize(
    ("text", "kind", "value", "sentence"),
    [
        ("1.433", Kind.COUNT, 1433, ""),
        ("1 433", Kind.COUNT, 1433, ""),
        ("-", Kind.COUNT, 0, ""),
        ("", Kind.COUNT, None, ""),
        ("12,5", Kind.COUNT, None, "dấu phẩy là phần lẻ"),
        ("ba", Kind.COUNT, None, "không phải số nguyên"),
        ("0,36", Kind.RATE, "0.36", ""),
        ("0.36", Kind.RATE, "0.36", ""),
        ("2,9", Kind.RATE, "2.90", ""),
        ("2,71 %", Kind.RATE, "2.71", ""),
        ("0", Kind.RATE, 0, ""),
        ("1.433", Kind.RATE, None, "dấu chấm ngăn hàng nghìn"),
        ("hai", Kind.RATE, None, "không phải tỷ lệ"),
    ],
)
def test_figures_are_read_as_people_write_them(text: str, kind: Kind, value: object, sentence: str) -> None:
    cell = read_cell(text, kind)
    assert cell.value == (None if value is None else Decimal(str(value)))
    assert sentence in cell.problem
    assert bool(sentence) == bool(cell.problem)


def test_points_for_commas_are_read_and_said_once() -> None:
    comparison = against_dai_lanh(DAI_LANH.replace("0,98", "0.98").replace("0,41", "0.41"))
    (remark,) = comparison.remarks
    assert (remark.severity, remark.code) == (Severity.HINT, "printed-dotted")
    assert "3 ô ghi phần lẻ bằng dấu chấm («0.41»), đọc là 0,41" in remark.message
    assert len(comparison.differences) == 2


def test_an_unreadable_cell_is_a_difference_with_its_reason() -> None:
    comparison = against_dai_lanh(DAI_LANH.replace("| 20 | 2,9 |", "| hai mươi | 2,9 |"))
    first = comparison.differences[0]
    assert (first.place, first.key, first.printed, first.right) == ("Thôn Tây Nam 1", "5", "hai mươi", "20")
    assert "không phải số nguyên" in first.why


def test_lines_and_names_that_do_not_fit_are_said() -> None:
    paper = DAI_LANH.replace("Đông Bắc", "Đông Bắt").replace("690 | 2.794 | 0 | ", "690 | ")
    codes = {(remark.code, remark.place): remark.message for remark in against_dai_lanh(paper).remarks}
    assert codes["printed-unknown", "Đông Bắt"] == "Không có trong bảng chỉ tiêu. Gần giống: Thôn Đông Bắc."
    assert codes["printed-missing", "Thôn Tây Nam 1"] == "Bản giấy không có dòng này."
    assert "mẫu bảng này có 14 cột" in codes["printed-line", ""]


def test_accents_forgotten_are_forgiven_where_only_one_place_fits() -> None:
    assert "Gò Rinh" in {row.name for row in read(SON_THANH, TWO_BLOCKS).places}
    comparison = compare(
        read(SON_THANH.replace("Gò Rinh", "Go Rinh"), TWO_BLOCKS), TWO_BLOCKS, places(SON_THANH_FIGURES)
    )
    assert comparison.remarks == ()


def test_nothing_readable_and_no_total_are_said() -> None:
    assert [remark.code for remark in against_dai_lanh("không có số\n").remarks] == ["printed-nothing"]
    without = "\n".join(line for line in DAI_LANH.splitlines() if "Tổng cộng" not in line)
    assert [remark.code for remark in against_dai_lanh(without).remarks] == ["printed-no-total"]
    twice = DAI_LANH.replace("2 | Đông Bắc", "2 | Đông Nam")
    assert {"printed-twice", "printed-missing"} == {remark.code for remark in against_dai_lanh(twice).remarks}


def test_cells_left_empty_are_found_only_where_a_figure_belongs() -> None:
    paper = DAI_LANH.replace("| 360 | 1.433 | 0 | 0,00 |", "| 360 | 1.433 |  |  |").replace("| 1,67 |", "|  |")
    assert ("Thôn Đông Nam", "6", "trống", "1,67") in found(against_dai_lanh(paper))
    assert not {("Thôn Đông Nam", "3"), ("Thôn Đông Nam", "4")} & {
        (row.place, row.key) for row in against_dai_lanh(paper).differences
    }


def test_the_compact_layout_takes_expected_households_from_the_paper() -> None:
    layout = LAYOUTS[LayoutName.COMPACT]
    paper = "Hà Thành\t483\t58\t23\t35\t7,37\t83\t68\t15\t3,11"
    (wrong, *_) = compare(read(paper, layout), layout, places(SON_THANH_FIGURES)).differences
    assert (wrong.key, wrong.right, wrong.why) == ("5", "7,25", "35 / 483 = 7,25 %.")
