"""The table of the level above: a line a unit, sorted and filtered; every rate follows from counts.

``docs/rules/consolidation.md`` says which units a year has and which figures of each are shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from povertyplan.core.numbers import points
from povertyplan.core.text import plain
from targets.choices import PlanState, QuotaSubject
from targets.rules.figures import Figures, missing, total
from targets.rules.quotas import QuotaLine, Requirement, strictest

NO_PLAN, NO_PLAN_WORD = "", "chưa lập"
NOT_SENT = frozenset({NO_PLAN, PlanState.DRAFT, PlanState.RETURNED})
RANKS = {state: rank for rank, state in enumerate((NO_PLAN, *PlanState))}
TONES = {
    NO_PLAN: "late",
    PlanState.DRAFT: "info",
    PlanState.RETURNED: "warning",
    PlanState.SUBMITTED: "soon",
    PlanState.FORWARDED: "soon",
    PlanState.APPROVED: "ok",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A unit of the year. ``state`` is empty while it has no plan; ``number`` is that of its version in force.

    ``figures`` are of the version in force, else as they stand now; None without a plan. ``before``: the same of the
    year before, None where they cannot be compared. ``quotas``: what the level above asks.
    ``incomplete`` villages lack a count of the start; ``opens`` is false where the code is another unit's by the end
    of the year. ``order`` puts names in Vietnamese order.
    """

    pk: int
    code: str
    name: str
    kind: str
    above: str = ""
    order: str = ""
    is_sample: bool = False
    opens: bool = True
    plan: int | None = None
    state: str = NO_PLAN
    number: int | None = None
    villages: int = 0
    incomplete: int = 0
    comments: int = 0
    figures: Figures | None = None
    before: Figures | None = None
    quotas: tuple[QuotaLine, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.kind} {self.name}"

    @cached_property
    def asked(self) -> dict[QuotaSubject, Requirement]:
        """The strictest of ``quotas``, by subject."""
        return strictest(self.quotas, self.figures or Figures()) if self.quotas else {}

    @property
    def is_complete(self) -> bool:
        """Every village has its start: only then are there rates, and only then the unit counts in sums."""
        return self.figures is not None and not self.incomplete and not missing(self.figures)

    @property
    def is_missing(self) -> bool:
        """Nothing was submitted yet: no plan, or one still being drawn up, and no version in force."""
        return self.number is None and self.state in NOT_SENT

    @property
    def is_adjusting(self) -> bool:
        """A version is in force and another is on its way."""
        return self.number is not None and self.state != PlanState.APPROVED

    @property
    def missed(self) -> tuple[QuotaSubject, ...]:
        """Subjects of which the plan reduces less than is asked. A unit without a plan is missing, not short."""
        return tuple(subject for subject in self.asked if (self.beyond(subject) or 0) < 0)

    def asked_of(self, subject: QuotaSubject) -> int | None:
        """Net households that the level above asks for."""
        requirement = self.asked.get(subject)
        return requirement.households if requirement else None

    def beyond(self, subject: QuotaSubject) -> int | None:
        """Net reduction planned minus asked; below zero the plan is short. None where it cannot be compared."""
        asked, names = self.asked_of(subject), REDUCTIONS.get(subject, ())
        if asked is None or self.figures is None or not names:
            return None
        return sum(getattr(self.figures, name) or 0 for name in names) - asked


def state_word(line: Line) -> str:
    """«chưa lập», or the state of the plan in words."""
    return NO_PLAN_WORD if line.state == NO_PLAN else PlanState(line.state).label


# Of poor ethnic-minority households the table plans nothing, so nothing can be compared.
REDUCTIONS = {
    QuotaSubject.POOR: ("poor_reduction",),
    QuotaSubject.NEAR_POOR: ("near_poor_reduction",),
    QuotaSubject.MULTIDIMENSIONAL: ("poor_reduction", "near_poor_reduction"),
}


class Kind(StrEnum):
    """How a figure is written; a change carries its sign."""

    COUNT = "count"
    RATE = "rate"
    CHANGE = "change"
    RATE_CHANGE = "rate_change"


Value = int | Decimal | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """``key`` names the column in the address of a sorted page; ``adds``: its total is added line by line."""

    key: str
    group: str
    label: str
    kind: Kind
    value: Callable[[Line], Value]
    adds: bool = False


def _figure(key: str, group: str, label: str, kind: Kind = Kind.COUNT) -> Column:
    """A count or rate of the plan by its name in ``Figures``; no rate while a village lacks its start."""

    def value(line: Line) -> Value:
        is_rate_of_a_part = kind == Kind.RATE and not line.is_complete
        return None if line.figures is None or is_rate_of_a_part else getattr(line.figures, key)

    return Column(key=key, group=group, label=label, kind=kind, value=value)


def _before(key: str, group: str, kind: Kind = Kind.COUNT) -> Column:
    return Column(
        key=f"{key}_before",
        group=group,
        label="Năm trước",
        kind=kind,
        value=lambda line: getattr(line.before, key) if line.before else None,
    )


def _change(key: str, group: str) -> Column:
    """Now minus the year before, once every village has its start."""

    def value(line: Line) -> int | None:
        now, then = (getattr(figures, key, None) for figures in (line.figures, line.before))
        return None if now is None or then is None or not line.is_complete else now - then

    return Column(key=f"{key}_change", group=group, label="Tăng, giảm", kind=Kind.CHANGE, value=value)


def _rate_change(key: str, part: str, group: str) -> Column:
    """Points by which the rate of the start rose or fell, from the two divisions."""

    def value(line: Line) -> Decimal | None:
        if line.figures is None or line.before is None or not line.is_complete:
            return None
        now, then = ((getattr(f, part), f.households) for f in (line.figures, line.before))
        if None in now or None in then:
            return None
        return points((now[0], now[1] or 0), (then[0], then[1] or 0))

    return Column(key=f"{key}_change", group=group, label="Tăng, giảm (điểm)", kind=Kind.RATE_CHANGE, value=value)


def _asked(subject: QuotaSubject, group: str, field: str) -> tuple[Column, ...]:
    return (
        _figure(field, group, "Kế hoạch"),
        Column(
            key=f"{subject}_asked",
            group=group,
            label="Được giao",
            kind=Kind.COUNT,
            value=lambda line: line.asked_of(subject),
            adds=True,
        ),
        Column(
            key=f"{subject}_beyond",
            group=group,
            label="Chênh lệch",
            kind=Kind.CHANGE,
            value=lambda line: line.beyond(subject),
            adds=True,
        ),
    )


RATE_LABEL = "Tỷ lệ (%)"
PLANNED: tuple[Column, ...] = (
    _figure("households", "Tổng số hộ", "Đầu năm"),
    _figure("poor_households", "Hộ nghèo đầu năm", "Hộ"),
    _figure("poor_rate", "Hộ nghèo đầu năm", RATE_LABEL, Kind.RATE),
    _figure("near_poor_households", "Hộ cận nghèo đầu năm", "Hộ"),
    _figure("near_poor_rate", "Hộ cận nghèo đầu năm", RATE_LABEL, Kind.RATE),
    _figure("poor_reduction", "Giảm trong năm", "Hộ nghèo"),
    _figure("near_poor_reduction", "Giảm trong năm", "Hộ cận nghèo"),
    _figure("households_end", "Tổng số hộ", "Cuối năm"),
    _figure("poor_end", "Hộ nghèo cuối năm", "Hộ"),
    _figure("poor_end_rate", "Hộ nghèo cuối năm", RATE_LABEL, Kind.RATE),
    _figure("poor_points", "Hộ nghèo cuối năm", "Giảm (điểm)", Kind.RATE),
    _figure("near_poor_end", "Hộ cận nghèo cuối năm", "Hộ"),
    _figure("near_poor_end_rate", "Hộ cận nghèo cuối năm", RATE_LABEL, Kind.RATE),
    _figure("near_poor_points", "Hộ cận nghèo cuối năm", "Giảm (điểm)", Kind.RATE),
)
ASSIGNED: tuple[Column, ...] = (
    *_asked(QuotaSubject.POOR, "Giảm hộ nghèo", "poor_reduction"),
    *_asked(QuotaSubject.NEAR_POOR, "Giảm hộ cận nghèo", "near_poor_reduction"),
    _figure("poor_end_rate", "Tỷ lệ cuối năm (%)", "Hộ nghèo", Kind.RATE),
    _figure("near_poor_end_rate", "Tỷ lệ cuối năm (%)", "Hộ cận nghèo", Kind.RATE),
)
COMPARISON: tuple[Column, ...] = (
    _before("poor_households", "Hộ nghèo đầu năm"),
    _figure("poor_households", "Hộ nghèo đầu năm", "Năm nay"),
    _change("poor_households", "Hộ nghèo đầu năm"),
    _before("poor_rate", "Tỷ lệ hộ nghèo đầu năm (%)", Kind.RATE),
    _figure("poor_rate", "Tỷ lệ hộ nghèo đầu năm (%)", "Năm nay", Kind.RATE),
    _rate_change("poor_rate", "poor_households", "Tỷ lệ hộ nghèo đầu năm (%)"),
    _before("near_poor_households", "Hộ cận nghèo đầu năm"),
    _figure("near_poor_households", "Hộ cận nghèo đầu năm", "Năm nay"),
    _change("near_poor_households", "Hộ cận nghèo đầu năm"),
    _before("poor_reduction", "Giảm hộ nghèo"),
    _figure("poor_reduction", "Giảm hộ nghèo", "Năm nay"),
    _change("poor_reduction", "Giảm hộ nghèo"),
    _before("near_poor_reduction", "Giảm hộ cận nghèo"),
    _figure("near_poor_reduction", "Giảm hộ cận nghèo", "Năm nay"),
    _change("near_poor_reduction", "Giảm hộ cận nghèo"),
)
MORE: tuple[Column, ...] = (
    _figure("listed", "Nghèo đa chiều đầu năm", "Hộ"),
    _figure("multidimensional_rate", "Nghèo đa chiều đầu năm", RATE_LABEL, Kind.RATE),
    _figure("listed_end", "Nghèo đa chiều cuối năm", "Hộ"),
    _figure("multidimensional_end_rate", "Nghèo đa chiều cuối năm", RATE_LABEL, Kind.RATE),
    _figure("multidimensional_points", "Nghèo đa chiều cuối năm", "Giảm (điểm)", Kind.RATE),
    _figure("minority_households", "Dân tộc thiểu số đầu năm", "Số hộ"),
    _figure("minority_poor_households", "Dân tộc thiểu số đầu năm", "Hộ nghèo"),
    _figure("minority_poor_rate", "Dân tộc thiểu số đầu năm", RATE_LABEL, Kind.RATE),
    _figure("minority_near_poor_households", "Dân tộc thiểu số đầu năm", "Hộ cận nghèo"),
)


# What each rate divides: counts by their names in ``Figures``.
DIVISIONS = {
    "poor_rate": ("poor_households", "households"),
    "near_poor_rate": ("near_poor_households", "households"),
    "poor_end_rate": ("poor_end", "households_end"),
    "near_poor_end_rate": ("near_poor_end", "households_end"),
    "multidimensional_rate": ("listed", "households"),
    "multidimensional_end_rate": ("listed_end", "households_end"),
    "minority_poor_rate": ("minority_poor_households", "minority_households"),
}


def totals(lines: Iterable[Line]) -> Line:
    """The line of the sum: counts of complete units are added, every rate is that of the added counts."""
    known = list(lines)
    figures = [line.figures for line in known if line.figures and line.is_complete]
    before = [line.before for line in known if line.before]
    return Line(
        pk=0,
        code="",
        name="",
        kind="",
        figures=total(figures) if figures else None,
        before=total(before) if before else None,
    )


def total_values(columns: tuple[Column, ...], lines: Iterable[Line]) -> list[Value]:
    """The cells of the line of the sum; what is asked adds up over the units of which something is asked."""
    known = list(lines)
    sums = totals(known)
    return [_added(column, known) if column.adds else column.value(sums) for column in columns]


def _added(column: Column, lines: list[Line]) -> int | None:
    values = [value for line in lines if isinstance(value := column.value(line), int)]
    return sum(values) if values else None


def comparable(lines: Iterable[Line]) -> list[Line]:
    """Complete lines with figures of the year before: only these may be added up to compare years."""
    return [line for line in lines if line.is_complete and line.before]


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Over how many units of ``whole`` a sum goes; of ``unsent`` of these nothing was submitted yet."""

    units: int
    whole: int
    unsent: int

    @property
    def is_whole(self) -> bool:
        return self.units == self.whole


def cover(counted: Iterable[Line], *, whole: int) -> Cover:
    """Of a sum over those of ``counted`` that are complete."""
    complete = [line for line in counted if line.is_complete]
    return Cover(units=len(complete), whole=whole, unsent=sum(line.is_missing for line in complete))


NAME, STATE, COMMENTS = "name", "state", "comments"


def ordered(lines: Iterable[Line], columns: tuple[Column, ...], key: str) -> list[Line]:
    """By a column, upwards, or downwards with «-» before its key; unknown figures last, equal ones by name."""
    by_name = sorted(lines, key=lambda line: (line.order, line.pk))
    downwards, name = key.startswith("-"), key.removeprefix("-")
    if name == NAME:
        return by_name[::-1] if downwards else by_name
    values: dict[str, Callable[[Line], Value]] = {
        STATE: lambda line: RANKS.get(line.state),
        COMMENTS: lambda line: line.comments,
    } | {column.key: column.value for column in columns}
    value = values.get(name)
    if value is None:
        return by_name
    known = [(number, line) for line in by_name if (number := value(line)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=downwards)
    return [line for _, line in known] + [line for line in by_name if value(line) is None]


MISSING = "missing"
NONE = "none"


def filtered(
    lines: Iterable[Line], *, words: str = "", state: str = "", above: str = "", is_short: bool = False
) -> list[Line]:
    """Lines whose name or code holds every word, accents left aside, and that stand at ``state``.

    ``state`` is one of ``PlanState``, «none» without a plan, or «missing» for whoever has submitted nothing.
    ``above`` is the name of the unit between; ``is_short``: only plans that miss what is asked.
    """
    wanted = plain(words).split()
    return [
        line
        for line in lines
        if (not wanted or all(word in f"{plain(line.title)} {line.code}" for word in wanted))
        and (not state or _stands_at(line, state))
        and (not above or line.above == above)
        and (not is_short or line.missed)
    ]


def _stands_at(line: Line, state: str) -> bool:
    if state == MISSING:
        return line.is_missing
    return line.state == (NO_PLAN if state == NONE else state)


@dataclass(frozen=True, kw_only=True)
class TrendYear:
    """An area at the start of a year; the end is as planned.

    ``units``: communes whose plan counts, of ``unsent`` of them nothing was submitted; ``whole``: all of the year's
    last day.
    """

    year: int
    units: frozenset[int]
    unsent: int
    whole: frozenset[int]
    figures: Figures

    @property
    def is_whole(self) -> bool:
        return self.whole <= self.units

    @property
    def cover(self) -> Cover:
        return Cover(units=len(self.units), whole=len(self.whole), unsent=self.unsent)


def alike(years: Iterable[TrendYear]) -> tuple[TrendYear, ...]:
    """Years whose rates may be compared: those of the whole area, else those of the very same units as the last."""
    known = tuple(years)
    whole = tuple(row for row in known if row.is_whole)
    return whole if len(whole) > 1 else tuple(row for row in known if row.units == known[-1].units)
