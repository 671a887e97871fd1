"""Layouts of the target table: each column is said once, for the page, the document, the comparison and the tests.

Figures are the same in all of them. A layout's formula row governs what it prints: in STANDARD the end rates stand
over the households of the start, in the others over those expected at the end.
"""

from targets.choices import LayoutName
from targets.rules.columns import Column, Kind, Layout, Sign

__all__ = ["COMPACT", "LAYOUTS", "MORE", "STANDARD", "TWO_BLOCKS", "Column", "Kind", "Layout"]

RATE_LABEL = "Tỷ lệ (%)"
IN_THIS = "Trong đó"
START, END = "Đầu năm", "Dự kiến cuối năm"


def _typed(key: str, groups: str | tuple[str, ...], label: str, field: str, name: str = "") -> Column:
    """A count as it is typed; ``name`` where an empty one shows another figure instead."""
    return Column(key=key, groups=_levels(groups), label=label, field=field, name=name or field)


def _rate(
    key: str, groups: str | tuple[str, ...], label: str, formula: str, name: str, part: str, whole: str
) -> Column:
    return Column(
        key=key, groups=_levels(groups), label=label, formula=formula, kind=Kind.RATE, name=name, sign=Sign.OVER,
        operands=(part, whole),
    )  # fmt: skip


def _less(key: str, groups: str | tuple[str, ...], label: str, name: str, start: str, reduction: str) -> Column:
    return Column(
        key=key, groups=_levels(groups), label=label, name=name, sign=Sign.LESS, operands=(start, reduction)
    )  # fmt: skip


def _sum(key: str, group: str, label: str, formula: str, name: str, one: str, other: str) -> Column:
    return Column(
        key=key, groups=(group,), label=label, formula=formula, name=name, sign=Sign.AND, operands=(one, other)
    )  # fmt: skip


def _levels(groups: str | tuple[str, ...]) -> tuple[str, ...]:
    return (groups,) if isinstance(groups, str) else groups


POOR_START = ("poor_households", "poor_reduction")
NEAR_START = ("near_poor_households", "near_poor_reduction")

# Fourteen columns with a formula row, as communes attach them to their plan.
STANDARD: tuple[Column, ...] = (
    _typed("1", "Tổng số hộ dân cư", "Số hộ", "households"),
    _typed("2", "Tổng số hộ dân cư", "Nhân khẩu", "population"),
    _typed("3", "Hộ nghèo đầu năm", "Hộ", "poor_households"),
    _rate("4", "Hộ nghèo đầu năm", RATE_LABEL, "3/1", "poor_rate", "poor_households", "households"),
    _typed("5", "Hộ cận nghèo đầu năm", "Hộ", "near_poor_households"),
    _rate("6", "Hộ cận nghèo đầu năm", RATE_LABEL, "5/1", "near_poor_rate", "near_poor_households", "households"),
    _typed("7", "Hộ nghèo giảm", "Hộ", "poor_reduction"),
    _rate("8", "Hộ nghèo giảm", RATE_LABEL, "7/1", "poor_reduction_rate", "poor_reduction", "households"),
    _typed("9", "Hộ cận nghèo giảm", "Hộ", "near_poor_reduction"),
    _rate(
        "10", "Hộ cận nghèo giảm", RATE_LABEL, "9/1", "near_poor_reduction_rate", "near_poor_reduction", "households"
    ),
    _less("11", "Hộ nghèo cuối năm", "Hộ", "poor_end", *POOR_START),
    _rate("12", "Hộ nghèo cuối năm", RATE_LABEL, "11/1", "poor_end_rate_on_start", "poor_end", "households"),
    _less("13", "Hộ cận nghèo cuối năm", "Hộ", "near_poor_end", *NEAR_START),
    _rate(
        "14", "Hộ cận nghèo cuối năm", RATE_LABEL, "13/1", "near_poor_end_rate_on_start", "near_poor_end", "households"
    ),
)

# The start beside the end, total row first, no formula row; heads of three levels.
TWO_BLOCKS: tuple[Column, ...] = (
    _typed("1", START, "Tổng số hộ dân", "households"),
    _typed("2", (START, IN_THIS), "Số hộ nghèo", "poor_households"),
    _typed("3", (START, IN_THIS), "Số hộ cận nghèo", "near_poor_households"),
    _rate("4", START, "Tỷ lệ nghèo đa chiều (%)", "", "multidimensional_rate", "listed", "households"),
    _rate("5", (START, IN_THIS), "Tỷ lệ hộ nghèo", "", "poor_rate", "poor_households", "households"),
    _rate("6", (START, IN_THIS), "Tỷ lệ hộ cận nghèo", "", "near_poor_rate", "near_poor_households", "households"),
    _typed("7", END, "Tổng số hộ dân", "expected_households", "households_end"),
    _less("8", END, "Số hộ nghèo", "poor_end", *POOR_START),
    _typed("9", END, "Số hộ nghèo giảm", "poor_reduction"),
    _less("10", END, "Số hộ cận nghèo", "near_poor_end", *NEAR_START),
    _typed("11", END, "Số hộ cận nghèo giảm", "near_poor_reduction"),
    _rate("12", END, "Tỷ lệ nghèo đa chiều (%)", "", "multidimensional_end_rate", "listed_end", "households_end"),
    _rate("13", (END, IN_THIS), "Tỷ lệ hộ nghèo", "", "poor_end_rate", "poor_end", "households_end"),
    _rate("14", (END, IN_THIS), "Tỷ lệ hộ cận nghèo", "", "near_poor_end_rate", "near_poor_end", "households_end"),
)

# Narrow enough for the text of a plan on an upright page.
COMPACT: tuple[Column, ...] = (
    _typed("1", (), "Tổng số hộ cuối năm", "expected_households", "households_end"),
    _typed("2", "Hộ nghèo", "Đầu năm", "poor_households"),
    _typed("3", "Hộ nghèo", "Giảm", "poor_reduction"),
    _less("4", "Hộ nghèo", "Cuối năm", "poor_end", *POOR_START),
    _rate("5", "Hộ nghèo", "Tỷ lệ cuối năm (%)", "4/1", "poor_end_rate", "poor_end", "households_end"),
    _typed("6", "Hộ cận nghèo", "Đầu năm", "near_poor_households"),
    _typed("7", "Hộ cận nghèo", "Giảm", "near_poor_reduction"),
    _less("8", "Hộ cận nghèo", "Cuối năm", "near_poor_end", *NEAR_START),
    _rate("9", "Hộ cận nghèo", "Tỷ lệ cuối năm (%)", "8/1", "near_poor_end_rate", "near_poor_end", "households_end"),
)

LAYOUTS: dict[LayoutName, Layout] = {
    LayoutName.STANDARD: Layout(columns=STANDARD, has_formula_row=True, end_over_start=True),
    LayoutName.TWO_BLOCKS: Layout(columns=TWO_BLOCKS, total_first=True),
    LayoutName.COMPACT: Layout(columns=COMPACT),
}

MINORITY = "Hộ dân tộc thiểu số đầu năm"
INCREASE = "Dự kiến phát sinh, tái nghèo"
ESCAPES = "Số hộ phải thoát"

# What printed tables leave out: households and population of the start, persons, the households expected at the end
# and rates over those, ethnic-minority households, and the households that must escape because others become poor
# meanwhile. A page shows of these what its layout has no column to type.
MORE: tuple[Column, ...] = (
    _typed("1", START, "Tổng số hộ", "households"),
    _typed("2", START, "Nhân khẩu", "population"),
    _typed("15", "Khẩu đầu năm", "Nghèo", "poor_persons"),
    _typed("16", "Khẩu đầu năm", "Cận nghèo", "near_poor_persons"),
    _typed("17", "Dự kiến cuối năm", "Tổng số hộ", "expected_households"),
    _rate("18", "Tỷ lệ nghèo đa chiều (%)", "Đầu năm", "(3+5)/1", "multidimensional_rate", "listed", "households"),
    _rate(
        "19", "Tỷ lệ nghèo đa chiều (%)", "Cuối năm", "(11+13)/17", "multidimensional_end_rate", "listed_end",
        "households_end",
    ),
    Column(
        key="20", groups=("Tỷ lệ nghèo đa chiều (%)",), label="Giảm (điểm)", formula="18−19", kind=Kind.RATE,
        name="multidimensional_points",
    ),
    _typed("21", MINORITY, "Tổng số", "minority_households"),
    _typed("22", MINORITY, "Nghèo", "minority_poor_households"),
    _typed("23", MINORITY, "Cận nghèo", "minority_near_poor_households"),
    _rate(
        "24", MINORITY, "Tỷ lệ nghèo (%)", "22/21", "minority_poor_rate", "minority_poor_households",
        "minority_households",
    ),
    _typed("25", INCREASE, "Hộ nghèo", "poor_increase"),
    _typed("26", INCREASE, "Hộ cận nghèo", "near_poor_increase"),
    _sum("27", ESCAPES, "Hộ nghèo", "7+25", "poor_escapes", "poor_reduction", "poor_increase"),
    _sum("28", ESCAPES, "Hộ cận nghèo", "9+26", "near_poor_escapes", "near_poor_reduction", "near_poor_increase"),
)  # fmt: skip
