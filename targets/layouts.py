"""Layouts of the target table: each column is said once, for the page, the annex and the tests.

A layout's formula row governs what it prints: in STANDARD the end rates stand over the households of the start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from targets.rules.figures import Figures


class Kind(StrEnum):
    COUNT = "count"
    RATE = "rate"


@dataclass(frozen=True, kw_only=True)
class Column:
    """``key`` is the number printed under the header; ``field`` the typed count, empty for a computed cell."""

    key: str
    group: str
    label: str
    formula: str
    kind: Kind
    value: Callable[[Figures], int | Decimal | None]
    field: str = ""

    @property
    def key_line(self) -> str:
        """What the formula row prints: «3», or «4=3/1»."""
        return f"{self.key}={self.formula}" if self.formula else self.key


def _typed(key: str, group: str, label: str, field: str) -> Column:
    return Column(
        key=key,
        group=group,
        label=label,
        formula="",
        kind=Kind.COUNT,
        field=field,
        value=lambda row: getattr(row, field),
    )


def _computed(key: str, group: str, label: str, formula: str, kind: Kind, name: str) -> Column:
    return Column(key=key, group=group, label=label, formula=formula, kind=kind, value=lambda row: getattr(row, name))


RATE_LABEL = "Tỷ lệ (%)"

STANDARD: tuple[Column, ...] = (
    _typed("1", "Tổng số hộ dân cư", "Số hộ", "households"),
    _typed("2", "Tổng số hộ dân cư", "Nhân khẩu", "population"),
    _typed("3", "Hộ nghèo đầu năm", "Hộ", "poor_households"),
    _computed("4", "Hộ nghèo đầu năm", RATE_LABEL, "3/1", Kind.RATE, "poor_rate"),
    _typed("5", "Hộ cận nghèo đầu năm", "Hộ", "near_poor_households"),
    _computed("6", "Hộ cận nghèo đầu năm", RATE_LABEL, "5/1", Kind.RATE, "near_poor_rate"),
    _typed("7", "Hộ nghèo giảm", "Hộ", "poor_reduction"),
    _computed("8", "Hộ nghèo giảm", RATE_LABEL, "7/1", Kind.RATE, "poor_reduction_rate"),
    _typed("9", "Hộ cận nghèo giảm", "Hộ", "near_poor_reduction"),
    _computed("10", "Hộ cận nghèo giảm", RATE_LABEL, "9/1", Kind.RATE, "near_poor_reduction_rate"),
    _computed("11", "Hộ nghèo cuối năm", "Hộ", "", Kind.COUNT, "poor_end"),
    _computed("12", "Hộ nghèo cuối năm", RATE_LABEL, "11/1", Kind.RATE, "poor_end_rate_on_start"),
    _computed("13", "Hộ cận nghèo cuối năm", "Hộ", "", Kind.COUNT, "near_poor_end"),
    _computed("14", "Hộ cận nghèo cuối năm", RATE_LABEL, "13/1", Kind.RATE, "near_poor_end_rate_on_start"),
)

# What the printed table leaves out: persons, the households expected at the end, and rates over those.
MORE: tuple[Column, ...] = (
    _typed("15", "Khẩu đầu năm", "Nghèo", "poor_persons"),
    _typed("16", "Khẩu đầu năm", "Cận nghèo", "near_poor_persons"),
    _typed("17", "Dự kiến cuối năm", "Tổng số hộ", "expected_households"),
    _computed("18", "Tỷ lệ nghèo đa chiều (%)", "Đầu năm", "(3+5)/1", Kind.RATE, "multidimensional_rate"),
    _computed("19", "Tỷ lệ nghèo đa chiều (%)", "Cuối năm", "(11+13)/17", Kind.RATE, "multidimensional_end_rate"),
    _computed("20", "Tỷ lệ nghèo đa chiều (%)", "Giảm (điểm)", "18−19", Kind.RATE, "multidimensional_points"),
)


def groups(layout: tuple[Column, ...]) -> list[tuple[str, int]]:
    """Upper header row: each group and how many columns it spans."""
    spans: list[tuple[str, int]] = []
    for column in layout:
        if spans and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    return spans
