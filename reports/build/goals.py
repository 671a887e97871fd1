"""Section II: what the year is to bring, for the unit and for each village. Every rate comes from counts."""

from decimal import Decimal

from povertyplan.core.text import first_upper
from reports.build.phrases import committee, counted, in_points, kinds_together, percent, row_name, sentence_list
from reports.build.table import notes, state, table
from reports.build.wording import GENERAL_GOALS
from reports.datasets import RowData, TargetTableData
from reports.tree import Level, Outline
from targets.rules.figures import Figures

IN_POINTS_AT_MOST = 12  # villages; with more, one line each


def goals(text: Outline, data: TargetTableData) -> None:
    text.heading(Level.SECTION, "MỤC TIÊU, CHỈ TIÊU")
    text.heading(Level.CLAUSE, "Mục tiêu chung")
    for goal in GENERAL_GOALS:
        text.paragraph(goal.format(unit=data.unit))
    text.heading(Level.CLAUSE, f"Chỉ tiêu giảm nghèo năm {data.year}")
    for line in sentence_list(_unit_lines(data)):
        text.item(Level.POINT, line)
    _assigned(text, data)


def _unit_lines(data: TargetTableData) -> list[str]:
    total = data.total
    poor = _class_line("hộ nghèo", total.poor_households, total.poor_end, total.poor_points, total.poor_end_rate)
    near = _class_line(
        "hộ cận nghèo",
        total.near_poor_households,
        total.near_poor_end,
        total.near_poor_points,
        total.near_poor_end_rate,
    )
    lines = [poor, near, _multidimensional(total)]
    if total.households_end != total.households:
        lines.append(
            "Tỷ lệ cuối năm trên đây tính theo tổng số hộ dự kiến cuối năm là "
            f"{counted(total.households_end or 0, 'hộ')}"
        )
    return lines


def _class_line(name: str, start: int | None, end: int | None, fall: Decimal | None, end_rate: Decimal | None) -> str:
    change = _change(name, start or 0, end or 0)
    if not fall:
        return f"{change}; tỷ lệ {name} cuối năm {percent(end_rate)}"
    return f"{change}, tương ứng {_direction(fall)} {in_points(abs(fall))}; tỷ lệ {name} cuối năm {percent(end_rate)}"


def _change(name: str, start: int, end: int) -> str:
    """«Giảm 02 hộ nghèo, từ 11 hộ xuống còn 09 hộ»"""
    if start == end:
        return f"Giữ {counted(start, name)}, không để tăng" if start else f"Không để phát sinh {name}"
    rest = f"xuống còn {counted(end, 'hộ')}" if end else f"đến cuối năm không còn {name}"
    return f"Giảm {counted(start - end, name)}, từ {counted(start, 'hộ')} {rest}"


def _direction(fall: Decimal) -> str:
    return "giảm" if fall > 0 else "tăng"


def _multidimensional(total: Figures) -> str:
    fall, end = total.multidimensional_points, percent(total.multidimensional_end_rate)
    if not fall:
        return f"Tỷ lệ nghèo đa chiều cuối năm {end}"
    return f"Tỷ lệ nghèo đa chiều {_direction(fall)} {in_points(abs(fall))}, còn {end}"


def _assigned(text: Outline, data: TargetTableData) -> None:
    """What each village takes: the table itself, or the annex and then those that take a reduction, one by one."""
    word = kinds_together(data.kinds)
    text.heading(Level.CLAUSE, f"Giao chỉ tiêu cho các {word}")
    taking = [row for row in data.rows if row.figures.poor_reduction or row.figures.near_poor_reduction]
    giving = (
        f"{committee(data.unit)} giao chỉ tiêu giảm hộ nghèo, hộ cận nghèo năm {data.year} cho "
        f"{counted(len(data.rows), word)}"
    )
    if data.stands_in_text:
        text.paragraph(f"{giving} như sau:")
        text.table(table(data), notes=(f"({state(data)})", *notes(data)))
    else:
        text.paragraph(f"{giving} theo Phụ lục kèm theo Kế hoạch này{', cụ thể:' if taking else '.'}")
        _one_by_one(text, taking)
    if len(taking) < len(data.rows):
        others = f"Các {word} còn lại giữ" if taking else f"Các {word} giữ"
        text.paragraph(f"{others} kết quả đã đạt, không để tăng hộ nghèo, hộ cận nghèo và không để tái nghèo.")


def _one_by_one(text: Outline, taking: list[RowData]) -> None:
    if len(taking) > IN_POINTS_AT_MOST:
        for line in sentence_list([_row_in_one_line(row) for row in taking]):
            text.item(Level.DASH, line)
        return
    for row in taking:
        text.item(Level.POINT, f"{first_upper(row_name(row))}:")
        for line in sentence_list(_row_lines(row)):
            text.item(Level.DASH, line)


def _row_lines(row: RowData) -> list[str]:
    taken = row.figures
    lines = []
    if taken.poor_reduction:
        lines.append(_change("hộ nghèo", taken.poor_households or 0, taken.poor_end or 0))
    if taken.near_poor_reduction:
        lines.append(_change("hộ cận nghèo", taken.near_poor_households or 0, taken.near_poor_end or 0))
    return lines


def _row_in_one_line(row: RowData) -> str:
    taken = row.figures
    parts = [
        counted(number, name)
        for number, name in ((taken.poor_reduction, "hộ nghèo"), (taken.near_poor_reduction, "hộ cận nghèo"))
        if number
    ]
    return f"{first_upper(row_name(row))}: giảm {', '.join(parts)}"
