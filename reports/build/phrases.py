"""Small words of documents: counts with their unit, rates, names of units and committees.

A figure never parts from its unit at the end of a line: they are joined by a space that does not break.
"""

from decimal import Decimal

from povertyplan.areas.choices import Level
from povertyplan.core.numbers import format_prose_count, format_rate
from povertyplan.core.text import first_upper
from reports.datasets import RowData, UnitData

JOINED = "\u00a0"
WORD_JOINER = "\u2060"  # no break behind the hyphen


def counted(number: int, unit: str) -> str:
    """«02 hộ», «1.433 nhân khẩu»"""
    return f"{format_prose_count(number)}{JOINED}{unit}"


def unbroken(name: str) -> str:
    """A name of two parts keeps its hyphen between them at the end of a line: «Văn hóa - Xã hội»."""
    return name.replace(" - ", f"{JOINED}-{WORD_JOINER}{JOINED}")


def percent(value: Decimal | None) -> str:
    """«0,36 %»; a rate of nothing is none."""
    return f"{format_rate(value or Decimal(0))}{JOINED}%"


def in_points(value: Decimal) -> str:
    return f"{format_rate(value)} điểm phần trăm"


def committee(unit: UnitData) -> str:
    return f"Ủy ban nhân dân {unit}"


def kinds_together(kinds: tuple[str, ...]) -> str:
    """«thôn»; «thôn, làng» where a unit has both."""
    return ", ".join(kinds)


def row_name(row: RowData) -> str:
    """«thôn Trung»; a name that already begins with the word is not given it twice."""
    return row.name if row.name.lower().startswith(f"{row.kind} ") else f"{row.kind} {row.name}"


def head_of(kind: str) -> str:
    """Who leads a village: «Trưởng thôn», «Tổ trưởng tổ dân phố»; of a commune, its committee."""
    return f"Tổ trưởng {kind}" if kind.startswith("tổ") else f"Trưởng {kind}"


def responsible_below(level: Level, kinds: tuple[str, ...]) -> str:
    """Who carries the plan in the rows of the table."""
    if level == Level.COMMUNE:
        return first_upper(", ".join(dict.fromkeys(head_of(kind) for kind in kinds)))
    return f"Ủy ban nhân dân các {kinds_together(kinds)}"


def names(rows: list[RowData]) -> str:
    return ", ".join(row_name(row) for row in rows)


def sentence_list(parts: list[str]) -> list[str]:
    """Parts of a list with the marks between them: «;» after each, «.» after the last."""
    bare = [part.strip().rstrip(";.,").strip() for part in parts]
    kept = [part for part in bare if part]
    return [f"{part}{';' if place < len(kept) else '.'}" for place, part in enumerate(kept, start=1)]
