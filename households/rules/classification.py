"""The category of a household from B1 and B2, or from income and deprivations where a standard has no B1 points.

Nghị định 07/2021/NĐ-CP, Điều 3; Thông tư 07/2021/TT-BLĐTBXH; for 2027-2030 Nghị định 351/2025/NĐ-CP.
"""

from dataclasses import dataclass

from households.choices import Category
from povertyplan.areas.choices import Setting
from povertyplan.core.numbers import format_count


@dataclass(frozen=True, kw_only=True)
class StandardRules:
    """What a standard says; an empty figure is not known, and whatever needs it says so.

    ``b1_always_*`` and ``near_income_*`` belong to standards of two lines: up to the lower one a household is poor
    whatever it lacks, between the two the deprivations decide. Incomes are đồng a person a month.
    """

    code: str
    name: str
    b1_rural: int | None = None
    b1_urban: int | None = None
    b1_always_rural: int | None = None
    b1_always_urban: int | None = None
    b2_poor: int | None = None
    b2_points: int | None = None
    poor_indicators: int | None = None
    income_rural: int | None = None
    income_urban: int | None = None
    near_income_rural: int | None = None
    near_income_urban: int | None = None
    average_rural: int | None = None
    average_urban: int | None = None
    is_provisional: bool = False

    def b1_cut_off(self, setting: Setting) -> int | None:
        return self.b1_urban if setting == Setting.URBAN else self.b1_rural

    def b1_always(self, setting: Setting) -> int | None:
        return self.b1_always_urban if setting == Setting.URBAN else self.b1_always_rural

    def income_line(self, setting: Setting) -> int | None:
        return self.income_urban if setting == Setting.URBAN else self.income_rural

    def near_income_line(self, setting: Setting) -> int | None:
        return self.near_income_urban if setting == Setting.URBAN else self.near_income_rural

    def average_line(self, setting: Setting) -> int | None:
        return self.average_urban if setting == Setting.URBAN else self.average_rural

    def scores_b1(self, setting: Setting) -> bool:
        """The standard decides by B1 points, at least in part."""
        return self.b1_cut_off(setting) is not None or self.b1_always(setting) is not None


@dataclass(frozen=True, kw_only=True)
class Income:
    """What is known of the income of a person a month: more than ``above``, at most ``at_most``."""

    above: int | None = None
    at_most: int | None = None
    why: str = ""

    def is_within(self, line: int) -> bool | None:
        if self.at_most is not None and self.at_most <= line:
            return True
        return False if self.above is not None and self.above >= line else None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``category`` None: it cannot be decided, ``reasons`` say what is missing."""

    category: Category | None
    standard: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Lack:
    """Whether the household lacks enough to be poor; None with the reason when that is not known."""

    is_poor: bool | None
    why: str


def classify(
    *,
    b1: int | None,
    b2: int | None,
    setting: Setting,
    standard: StandardRules,
    income: int | None = None,
    deprived: int | None = None,
    unanswered: int = 0,
    known_income: Income | None = None,
) -> Verdict:
    """The category with its reasons in words.

    ``deprived`` counts the indicators the household is deprived in, ``unanswered`` those nobody has answered; they
    serve standards that state a number of indicators instead of B2 points. ``income`` is đồng a person a month;
    ``known_income`` stands for it where only a bound is known.
    """
    setting = Setting(setting)
    lack = _lack(b2, deprived, unanswered, standard)
    if standard.scores_b1(setting):
        category, reasons = _by_b1(b1, lack, setting, standard)
    else:
        bounds = known_income or Income()
        if income is not None:
            bounds = Income(above=income - 1, at_most=income, why=f"thu nhập {format_count(income)} đồng/người/tháng")
        category, reasons = _by_income(bounds, lack, setting, standard)
    if standard.is_provisional:
        reasons = (*reasons, f"{standard.name} còn tạm thời: chưa đủ ngưỡng, biểu mẫu chính thức.")
    return Verdict(category=category, standard=standard.code, reasons=reasons)


def _by_b1(
    b1: int | None, lack: _Lack, setting: Setting, standard: StandardRules
) -> tuple[Category | None, tuple[str, ...]]:
    place, always, cut_off = setting.label, standard.b1_always(setting), standard.b1_cut_off(setting)
    if b1 is None:
        return None, ("Chưa có điểm B1.",)
    if always is not None and b1 <= always:
        return Category.POOR, (f"B1 = {b1}, không quá {always} ({place}): nghèo, không xét B2.",)
    if cut_off is None:
        return None, (f"B1 = {b1}; mốc điểm B1 {place} của {standard.name} chưa có trong dữ liệu.",)
    if b1 > cut_off:
        return Category.NOT_POOR, (f"B1 = {b1}, quá {cut_off} ({place}).",)
    within = f"B1 = {b1}, không quá {cut_off} ({place})."
    return _of_lack(lack, within)


def _by_income(
    income: Income, lack: _Lack, setting: Setting, standard: StandardRules
) -> tuple[Category | None, tuple[str, ...]]:
    """By the income line: what decides where a standard has no B1 points."""
    place, line = setting.label, standard.income_line(setting)
    upper = standard.near_income_line(setting) or line
    if line is None or upper is None:
        return None, (f"{standard.name}: chưa có mốc điểm B1 và mức thu nhập {place} trong dữ liệu.",)
    said = income.why or "thu nhập"
    if income.is_within(upper) is False:
        return Category.NOT_POOR, (_sentence(f"{said}, quá {format_count(upper)} ({place})"),)
    if upper != line and income.is_within(line):
        return Category.POOR, (_sentence(f"{said}, không quá {format_count(line)} ({place})"),)
    if income.is_within(upper) is None or (upper != line and income.is_within(line) is None):
        known = f" ({income.why})" if income.why else ""
        return None, (f"Chưa biết thu nhập bình quân so với mức {format_count(line)} đồng/người/tháng{known}.",)
    return _of_lack(lack, _sentence(f"{said}, không quá {format_count(upper)} ({place})"))


def _of_lack(lack: _Lack, within: str) -> tuple[Category | None, tuple[str, ...]]:
    if lack.is_poor is None:
        return None, (within, lack.why)
    return (Category.POOR if lack.is_poor else Category.NEAR_POOR), (within, lack.why)


def _lack(b2: int | None, deprived: int | None, unanswered: int, standard: StandardRules) -> _Lack:
    if b2 is not None and standard.b2_poor is not None:
        is_poor = b2 >= standard.b2_poor
        word = "từ" if is_poor else "dưới"
        return _Lack(is_poor=is_poor, why=f"B2 = {b2}, {word} {standard.b2_poor}{' trở lên' if is_poor else ''}.")
    least = standard.poor_indicators
    if deprived is not None and least is not None:
        return _by_number(deprived, unanswered, least)
    if standard.b2_poor is not None:
        return _Lack(is_poor=None, why="Chưa có điểm B2.")
    if least is None:
        return _Lack(is_poor=None, why=f"{standard.name}: chưa có mốc thiếu hụt trong dữ liệu.")
    return _Lack(is_poor=None, why="Chưa có số chỉ số thiếu hụt.")


def _by_number(deprived: int, unanswered: int, least: int) -> _Lack:
    if deprived >= least:
        return _Lack(is_poor=True, why=f"Thiếu hụt {deprived} chỉ số, từ {least} trở lên.")
    if deprived + unanswered < least:
        return _Lack(is_poor=False, why=f"Thiếu hụt {deprived} chỉ số, dưới {least}.")
    return _Lack(
        is_poor=None, why=f"Thiếu hụt {deprived} chỉ số, còn {unanswered} chỉ số chưa trả lời: chưa biết có đủ {least}."
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def income_said_by_b1(b1: int | None, setting: Setting, standard: StandardRules) -> Income:
    """What B1 points say of income: the cut-off stands for the income line.

    Thông tư 07/2021: 140 points stand for 1.500.000 đồng (rural), 175 for 2.000.000 đồng (urban).
    Only for standards of one line; with two the points between them say less than we could state.
    """
    cut_off, line = standard.b1_cut_off(setting), standard.income_line(setting)
    if b1 is None or cut_off is None or line is None or standard.near_income_line(setting) is not None:
        return Income()
    amount = format_count(line)
    if b1 <= cut_off:
        return Income(at_most=line, why=f"B1 = {b1}, không quá {cut_off}, ứng với thu nhập không quá {amount} đồng")
    return Income(above=line, why=f"B1 = {b1}, quá {cut_off}, ứng với thu nhập trên {amount} đồng")


def same_scale(one: StandardRules, other: StandardRules, setting: Setting) -> bool:
    """B1 points of one standard may be read by the other: the same cut-offs stand for the same incomes."""
    return _scale(one, setting) == _scale(other, setting) and one.b1_cut_off(setting) is not None


def _scale(standard: StandardRules, setting: Setting) -> tuple[int | None, ...]:
    return (
        standard.b1_cut_off(setting),
        standard.b1_always(setting),
        standard.income_line(setting),
        standard.near_income_line(setting),
    )
