"""The summary tables 1–11 of a review: their titles, columns and formula rows as the forms have them.

Thông tư 07/2021 (Phụ lục VII, Mẫu 7.1–7.11). Layouts are taken from a program that prints a province's reports; the
circular's own templates were not at hand. Table 12 is not of the circular: transitions by group, for the screen only.
Pure; a figure is named by a key, «households.poor», «persons.2:5».
"""

from collections.abc import Sequence
from dataclasses import dataclass

from households.choices import Category, Transition

HOUSEHOLDS, PERSONS, CHILDREN = "households", "persons", "children"
CLASSES = {Category.POOR: "Hộ nghèo", Category.NEAR_POOR: "Hộ cận nghèo"}
OFFICIAL, PRELIMINARY = "chính thức", "sơ bộ"
GROUP_TABLE = 12
NUMBERS = tuple(range(1, 12))


@dataclass(frozen=True, kw_only=True)
class Column:
    """``code`` names the figure, the part where there is a ``whole``: then the column is its rate in percent.

    ``measure`` is empty where the line says whether households or persons are counted; ``key_line`` stands in the row
    of column numbers.
    """

    number: int
    title: str
    code: str
    group: str = ""
    measure: str = ""
    whole: str = ""
    key_line: str = ""

    @property
    def is_rate(self) -> bool:
        return bool(self.whole)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A line of each row («Hộ», «Nhân khẩu»); ``prefix`` opens the codes of its figures."""

    code: str
    title: str = ""
    measure: str = HOUSEHOLDS
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A cell of the two header rows."""

    title: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, kw_only=True)
class Layout:
    number: int
    title: str
    columns: tuple[Column, ...]
    layers: tuple[Layer, ...] = (Layer(code="all"),)
    is_total_only: bool = False

    @property
    def has_layers(self) -> bool:
        return len(self.layers) > 1

    @property
    def headings(self) -> tuple[tuple[Heading, ...], tuple[Heading, ...]]:
        """Upper and lower header row: neighbours of one group under one cell, columns of no group two rows high."""
        upper: list[Heading] = []
        previous = ""
        for column in self.columns:
            if not column.group:
                upper.append(Heading(title=column.title, rows=2))
            elif column.group == previous:
                upper[-1] = Heading(title=column.group, columns=upper[-1].columns + 1)
            else:
                upper.append(Heading(title=column.group))
            previous = column.group
        return tuple(upper), tuple(Heading(title=column.title) for column in self.columns if column.group)

    def titled(self, *, is_official: bool) -> str:
        return self.title.format(result=OFFICIAL if is_official else PRELIMINARY)

    def key(self, layer: Layer, column: Column) -> str:
        return f"{column.measure or layer.measure}.{layer.prefix}{column.code}"

    def whole_key(self, layer: Layer, column: Column) -> str:
        return f"{column.measure or layer.measure}.{layer.prefix}{column.whole}" if column.whole else ""


BOTH = (Layer(code=HOUSEHOLDS, title="Hộ"), Layer(code=PERSONS, title="Nhân khẩu", measure=PERSONS))


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the standard and the unit put into the headings: (code, name) in their order."""

    indicators: Sequence[tuple[str, str]] = ()
    causes: Sequence[tuple[int, str]] = ()
    ethnicities: Sequence[tuple[int, str]] = ()
    has_unknown_ethnicity: bool = False


def layout(number: int, words: Words) -> Layout:
    """The table of that number, 1–12. Raises KeyError for another one."""
    return {
        1: _results,
        2: lambda _: _movement(2),
        3: lambda _: _movement(3),
        4: lambda words: _deprivations(4, Category.POOR, words),
        5: lambda words: _deprivation_rates(5, Category.POOR, words),
        6: lambda words: _deprivations(6, Category.NEAR_POOR, words),
        7: lambda words: _deprivation_rates(7, Category.NEAR_POOR, words),
        8: _groups,
        9: _ethnicities,
        10: _causes,
        11: _children,
        GROUP_TABLE: _transitions,
    }[number](words)


def _column(number: int, title: str, code: str, group: str = "", **more: str) -> Column:
    return Column(number=number, title=title, code=code, group=group, **{"key_line": str(number)} | more)


# Table 1


def _results(words: Words) -> Layout:
    columns = [
        _column(1, "Số hộ", "all", "Tổng số hộ dân cư", measure=HOUSEHOLDS),
        _column(2, "Nhân khẩu", "all", "Tổng số hộ dân cư", measure=PERSONS),
    ]
    for measure, group, unit, whole in (
        (HOUSEHOLDS, "Kết quả về hộ", "Hộ", 1),
        (PERSONS, "Kết quả về khẩu", "Khẩu", 2),
    ):
        for code, name in (("poor", "nghèo"), ("near_poor", "cận nghèo"), ("average", "có mức sống trung bình")):
            number = len(columns) + 1
            formula = f"{number + 1}={number}/{whole}×100"
            columns += [
                _column(number, f"{unit} {name}", code, group, measure=measure),
                _column(number + 1, "Tỷ lệ (%)", code, group, measure=measure, whole="all", key_line=formula),
            ]
    title = (
        "Tổng hợp kết quả {result} rà soát hộ nghèo; hộ cận nghèo; hộ làm nông, lâm, ngư nghiệp có mức sống trung bình"
    )
    return Layout(number=1, title=title, columns=tuple(columns))


# Tables 2 and 3

MOVEMENT = {
    2: (
        ("Số hộ nghèo đầu kỳ", ""),
        ("Trở thành hộ cận nghèo", "Số hộ thoát nghèo"),
        ("Vượt chuẩn cận nghèo", "Số hộ thoát nghèo"),
        ("Khác giảm", ""),
        ("Hộ cận nghèo trở thành hộ nghèo", ""),
        ("Tái nghèo", "Số hộ nghèo bổ sung"),
        ("Phát sinh mới", "Số hộ nghèo bổ sung"),
        ("Khác tăng", ""),
        ("Số hộ nghèo cuối kỳ", ""),
    ),
    3: (
        ("Số hộ cận nghèo đầu kỳ", ""),
        ("Trở thành hộ nghèo", "Số hộ thoát cận nghèo"),
        ("Vượt chuẩn cận nghèo", "Số hộ thoát cận nghèo"),
        ("Khác giảm", ""),
        ("Hộ nghèo trở thành hộ cận nghèo", ""),
        ("Tái cận nghèo", "Số hộ cận nghèo bổ sung"),
        ("Phát sinh mới", "Số hộ cận nghèo bổ sung"),
        ("Khác tăng", ""),
        ("Số hộ cận nghèo cuối kỳ", ""),
    ),
}
MOVEMENT_FORMULA = "9=1−2−3−4+5+6+7+8"


def _movement(number: int) -> Layout:
    columns = tuple(
        _column(place, title, f"{number}:{place}", group, key_line=MOVEMENT_FORMULA if place == 9 else str(place))
        for place, (title, group) in enumerate(MOVEMENT[number], start=1)
    )
    who = "hộ nghèo" if number == 2 else "hộ cận nghèo"
    return Layout(number=number, title=f"Tổng hợp diễn biến {who}", columns=columns, layers=BOTH)


# Tables 4 to 7

LACKING = "Số hộ thiếu hụt theo chỉ số"


def _deprivations(number: int, category: Category, words: Words) -> Layout:
    columns = [
        _column(1, f"Tổng số {category.label}", category),
        _column(2, "Tổng số thiếu hụt", f"{category}:deprivations"),
        *(
            _column(place, name, f"{category}:deprived:{code}", LACKING)
            for place, (code, name) in enumerate(words.indicators, start=3)
        ),
    ]
    title = f"Phân tích các chỉ số thiếu hụt dịch vụ xã hội cơ bản của {category.label}"
    return Layout(number=number, title=title, columns=tuple(columns))


def _deprivation_rates(number: int, category: Category, words: Words) -> Layout:
    columns = [
        _column(1, f"Tổng số {category.label}", category),
        *(
            _column(place, name, f"{category}:deprived:{code}", "Tỷ lệ thiếu hụt theo chỉ số (%)", whole=category)
            for place, (code, name) in enumerate(words.indicators, start=2)
        ),
    ]
    title = f"Phân tích tỷ lệ các chỉ số thiếu hụt dịch vụ xã hội cơ bản của {category.label}"
    return Layout(number=number, title=title, columns=tuple(columns))


# Tables 8 to 11

GROUPS = (
    ("minority", "Hộ dân tộc thiểu số"),
    ("no_labour", "Hộ không có khả năng lao động"),
    ("merit", "Hộ có thành viên là người có công"),
    ("none", "Hộ khác (không thuộc nhóm nào)"),
)


def _groups(words: Words) -> Layout:
    """«Khác» is in none of the groups: a household may be in several, so 1−2−3−4 could fall below nought."""
    columns: list[Column] = []
    for category, group in CLASSES.items():
        columns.append(_column(len(columns) + 1, "Tổng số", category, group))
        for code, name in GROUPS:
            columns.append(_column(len(columns) + 1, name, f"{category}:{code}", group))
    return Layout(
        number=8,
        title="Phân tích hộ nghèo, hộ cận nghèo theo các nhóm đối tượng",
        columns=tuple(columns),
        layers=BOTH,
    )


def _ethnicities(words: Words) -> Layout:
    """By the ethnicity of the head, so that the columns add up; the groups are those present in the unit."""
    columns: list[Column] = []
    for category, group in CLASSES.items():
        parts = [("", "Tổng số"), (":majority", "Kinh"), (":minorities", "Tổng số dân tộc thiểu số")]
        parts += [(f":ethnicity:{pk}", name) for pk, name in words.ethnicities]
        if words.has_unknown_ethnicity:
            parts.append((":ethnicity:0", "Chưa ghi dân tộc"))
        for code, name in parts:
            columns.append(_column(len(columns) + 1, name, f"{category}{code}", group))
    return Layout(number=9, title="Phân tích hộ nghèo, hộ cận nghèo theo dân tộc", columns=tuple(columns))


def _causes(words: Words) -> Layout:
    return Layout(
        number=10,
        title="Phân nhóm hộ nghèo, hộ cận nghèo theo các nguyên nhân nghèo",
        columns=tuple(
            _column(place, name, f"cause:{number}", "Nguyên nhân")
            for place, (number, name) in enumerate(words.causes, start=1)
        ),
        layers=(
            Layer(code="poor", title="Hộ nghèo", prefix="poor:"),
            Layer(code="near_poor", title="Hộ cận nghèo", prefix="near_poor:"),
            Layer(code="listed", title="Cộng", prefix="listed:"),
        ),
    )


CHILDREN_LACKING = (
    ("", "Tổng số trẻ em"),
    (":malnourished", "Y tế: dinh dưỡng"),
    (":uninsured", "Y tế: bảo hiểm y tế"),
    (":out_of_school", "Giáo dục: tình trạng đi học"),
)


def _children(words: Words) -> Layout:
    columns: list[Column] = []
    for category, group in CLASSES.items():
        for code, name in CHILDREN_LACKING:
            columns.append(_column(len(columns) + 1, name, f"{category}{code}", group, measure=CHILDREN))
    title = "Tổng hợp chỉ tiêu thiếu hụt của trẻ em thuộc hộ nghèo, hộ cận nghèo"
    return Layout(number=11, title=title, columns=tuple(columns))


TRANSITION_GROUPS = (
    ("all", "Tất cả"),
    ("minority", "Dân tộc thiểu số"),
    ("merit", "Có người có công"),
    ("no_labour", "Không có khả năng lao động"),
    ("female_head", "Chủ hộ là nữ"),
)


def _transitions(words: Words) -> Layout:
    return Layout(
        number=GROUP_TABLE,
        title="Diễn biến hộ nghèo, hộ cận nghèo theo nhóm hộ",
        columns=tuple(
            _column(place, transition.label, transition) for place, transition in enumerate(Transition, start=1)
        ),
        layers=tuple(
            Layer(code=f"{code}-{measure}", title=f"{name}: {unit}", measure=measure, prefix=f"{code}:")
            for code, name in TRANSITION_GROUPS
            for measure, unit in ((HOUSEHOLDS, "hộ"), (PERSONS, "khẩu"))
        ),
        is_total_only=True,
    )
