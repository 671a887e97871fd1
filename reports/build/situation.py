"""Section I: what the unit has at the start of the year."""

from collections.abc import Callable
from decimal import Decimal

from povertyplan.core.dates import official_date
from povertyplan.core.text import first_upper
from reports.build.phrases import counted, kinds_together, names, percent
from reports.datasets import AnnualPlanData, RowData, TargetTableData
from reports.tree import Level, Outline
from targets.rules.figures import Figures

NAMED_AT_MOST = 3
OWN_TABLE = "bảng phân bổ chỉ tiêu"  # a note that names the annex itself is no source


def situation(text: Outline, data: AnnualPlanData) -> None:
    table = data.table
    text.heading(Level.SECTION, f"TÌNH HÌNH ĐẦU NĂM {table.year}")
    text.heading(Level.CLAUSE, "Hộ nghèo, hộ cận nghèo")
    text.paragraph(_overview(data))
    start = table.total
    text.item(
        Level.POINT, _class_line("Hộ nghèo", start.poor_households or 0, table.poor_persons, percent(start.poor_rate))
    )
    text.item(
        Level.POINT,
        _class_line(
            "Hộ cận nghèo", start.near_poor_households or 0, table.near_poor_persons, percent(start.near_poor_rate)
        ),
    )
    text.item(
        Level.POINT,
        f"Hộ nghèo và hộ cận nghèo: {counted(start.listed or 0, 'hộ')}, tỷ lệ nghèo đa chiều "
        f"{percent(start.multidimensional_rate)}.",
    )
    _distribution(text, table)
    _source(text, table)


def _overview(data: AnnualPlanData) -> str:
    table = data.table
    people = "" if table.total.population is None else f", {counted(table.total.population, 'nhân khẩu')}"
    first = (
        f"Toàn {table.unit.kind} có {counted(len(table.rows), kinds_together(table.kinds))} với "
        f"{counted(table.total.households or 0, 'hộ')}{people}."
    )
    if table.source is None:
        return f"{first} Đầu năm {table.year} có:"
    cited = any(basis.paper_id == table.source.paper_id for basis in data.bases)
    return f"{first} Theo {table.source.short if cited else table.source.full}, đầu năm {table.year} có:"


def _class_line(name: str, households: int, persons: int | None, rate: str) -> str:
    with_persons = f" với {counted(persons, 'nhân khẩu')}" if persons is not None else ""
    return f"{name}: {counted(households, 'hộ')}{with_persons}, chiếm {rate} tổng số hộ;"


def _distribution(text: Outline, table: TargetTableData) -> None:
    if len(table.rows) == 1:
        return
    text.heading(Level.CLAUSE, f"Phân bố theo {kinds_together(table.kinds)}")
    text.item(Level.POINT, _spread(table, "hộ nghèo", lambda row: row.poor_households or 0))
    text.item(Level.POINT, _spread(table, "hộ cận nghèo", lambda row: row.near_poor_households or 0))
    highest = max((row.figures.multidimensional_rate or Decimal(0) for row in table.rows), default=Decimal(0))
    if highest:
        where = [row for row in table.rows if row.figures.multidimensional_rate == highest]
        text.item(Level.POINT, f"Tỷ lệ nghèo đa chiều cao nhất: {_where(table, where)} ({percent(highest)}).")


def _spread(table: TargetTableData, name: str, count: Callable[[Figures], int]) -> str:
    """In how many villages there are any, and where the most."""
    having = [row for row in table.rows if count(row.figures)]
    word = kinds_together(table.kinds)
    if not having:
        return f"Không {word} nào có {name};"
    most = max(count(row.figures) for row in having)
    where = [row for row in having if count(row.figures) == most]
    return (
        f"{counted(len(having), word)} có {name}, nhiều nhất là {_where(table, where)} "
        f"({counted(most, 'hộ')}{' mỗi nơi' if len(where) > 1 else ''});"
    )


def _where(table: TargetTableData, rows: list[RowData]) -> str:
    return names(rows) if len(rows) <= NAMED_AT_MOST else counted(len(rows), kinds_together(table.kinds))


def _source(text: Outline, table: TargetTableData) -> None:
    """Where the figures come from and of which day; nothing where neither is known."""
    note = table.source_note.strip().rstrip(".;")
    note = "" if OWN_TABLE in note.lower() else note
    cut_off = f"số liệu chốt {official_date(table.cut_off)}" if table.cut_off else ""
    if not (note or cut_off):
        return
    text.heading(Level.CLAUSE, "Nguồn số liệu")
    text.paragraph(f"{first_upper('; '.join(part for part in (note, cut_off) if part))}.")
