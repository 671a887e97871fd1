"""Points of a score sheet and the outcome of Phiếu A. The sheets are data: no point stands in the code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from households.choices import ItemKind, ScreenResult

Given = str | Sequence[str] | Decimal | int | None


@dataclass(frozen=True, kw_only=True)
class SheetOption:
    """An answer with its points; of a range from ``minimum`` to ``maximum``, both included, open where empty.

    The one option of a count gives its points for each one counted, at most ``maximum`` counted.
    """

    code: str
    label: str
    points: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    outcome: str = ""

    def holds(self, amount: Decimal) -> bool:
        return (self.minimum is None or self.minimum <= amount) and (self.maximum is None or amount <= self.maximum)


@dataclass(frozen=True, kw_only=True)
class SheetItem:
    code: str
    label: str
    kind: str
    options: tuple[SheetOption, ...]
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class ScoreLine:
    """What one answer gave; ``option`` is the code chosen, ``amount`` the number typed."""

    item: str
    option: str
    points: int
    amount: Decimal | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class ScoreResult:
    """``points`` is the sum of ``lines``; it is the total of the sheet only where nothing is ``missing``."""

    points: int
    lines: tuple[ScoreLine, ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True, kw_only=True)
class ScreenAnswer:
    result: ScreenResult
    reason: str


class WrongAnswer(ValueError):
    """The answer does not fit the question; the message is a Vietnamese sentence."""


def total(items: Sequence[SheetItem], answers: Mapping[str, Given]) -> ScoreResult:
    """Sum of the points, with a sentence for each question without a fitting answer. ``answers`` by code of item."""
    lines: list[ScoreLine] = []
    missing: list[str] = []
    for item in items:
        try:
            lines += _lines(item, answers.get(item.code))
        except WrongAnswer as error:
            missing.append(str(error))
    return ScoreResult(points=sum(line.points for line in lines), lines=tuple(lines), missing=tuple(missing))


def screen(items: Sequence[SheetItem], answers: Mapping[str, Given]) -> ScreenAnswer | None:
    """Phiếu A: one answer that stops is enough; None while questions are open and none stops."""
    result = total(items, answers)
    labels = {item.code: item.label for item in items}
    stopping = [labels[line.item] for line in result.lines if line.outcome == ScreenResult.STOP]
    if stopping:
        return ScreenAnswer(result=ScreenResult.STOP, reason=f"Dừng vì: {'; '.join(stopping)}.")
    if result.missing:
        return None
    return ScreenAnswer(result=ScreenResult.CONTINUE, reason="Không có câu trả lời nào làm dừng rà soát.")


def _lines(item: SheetItem, given: Given) -> list[ScoreLine]:
    """Lines of one question. A question of several answers may stay without any. Raises WrongAnswer."""
    name = f"Câu {item.code} {item.label}"
    if item.kind == ItemKind.MULTI:
        chosen = [given] if isinstance(given, str) and given else list(given or [])  # type: ignore[arg-type]
        return [_chosen(item, str(code), name) for code in dict.fromkeys(chosen)]
    if given is None or given == "" or given == []:
        raise WrongAnswer(f"{name}: chưa trả lời.")
    if item.kind == ItemKind.SINGLE:
        return [_chosen(item, str(given), name)]
    if isinstance(given, str) or not isinstance(given, Decimal | int):
        raise WrongAnswer(f"{name}: câu này trả lời bằng số.")
    amount = Decimal(given)
    return [_counted(item, amount, name) if item.kind == ItemKind.COUNT else _ranged(item, amount, name)]


def _chosen(item: SheetItem, code: str, name: str) -> ScoreLine:
    option = next((option for option in item.options if option.code == code), None)
    if option is None:
        raise WrongAnswer(f"{name}: không có phương án «{code}».")
    return ScoreLine(item=item.code, option=code, points=option.points, outcome=option.outcome)


def _counted(item: SheetItem, amount: Decimal, name: str) -> ScoreLine:
    if amount < 0 or amount != amount.to_integral_value():
        raise WrongAnswer(f"{name}: ghi số nguyên từ 0 trở lên.")
    option = item.options[0]
    counted = amount if option.maximum is None else min(amount, option.maximum)
    return ScoreLine(
        item=item.code,
        option=option.code,
        points=int(counted) * option.points,
        amount=amount,
        outcome=option.outcome if amount else "",
    )


def _ranged(item: SheetItem, amount: Decimal, name: str) -> ScoreLine:
    option = next((option for option in item.options if option.holds(amount)), None)
    if option is None:
        shown = f"{amount.normalize():f}".replace(".", ",")
        raise WrongAnswer(f"{name}: {shown} không thuộc khoảng nào của bảng điểm.")
    return ScoreLine(item=item.code, option=option.code, points=option.points, amount=amount, outcome=option.outcome)


def overlaps(options: Sequence[SheetOption]) -> list[tuple[int, int]]:
    """Pairs of options (by place) whose ranges share a number."""
    return [
        (first, second)
        for first in range(len(options))
        for second in range(first + 1, len(options))
        if _share(options[first], options[second])
    ]


def gaps(options: Sequence[SheetOption]) -> list[tuple[int, int]]:
    """Neighbouring ranges (by place, the lower first) with numbers between them; of ranges that do not overlap.

    Bounds are read as exact as the most exact one is written: 5 and 6 touch, so do 0,50 and 0,51.
    """
    bounds = [bound for option in options for bound in (option.minimum, option.maximum) if bound is not None]
    unit = Decimal(1).scaleb(min((_exponent(bound) for bound in bounds), default=0))
    order = sorted(range(len(options)), key=lambda place: _start(options[place]))
    return [
        (lower, upper)
        for lower, upper in pairwise(order)
        if (end := options[lower].maximum) is not None and _start(options[upper]) - end > unit
    ]


def _start(option: SheetOption) -> Decimal:
    return Decimal("-Infinity") if option.minimum is None else option.minimum


def _exponent(number: Decimal) -> int:
    """-2 of 0,51; 0 of a whole number."""
    return min(int(number.normalize().as_tuple().exponent), 0)


def _share(one: SheetOption, other: SheetOption) -> bool:
    starts = [option.minimum for option in (one, other) if option.minimum is not None]
    ends = [option.maximum for option in (one, other) if option.maximum is not None]
    return not starts or not ends or max(starts) <= min(ends)
