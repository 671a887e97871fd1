"""Plan against result: what was planned, registered and recognised, compared as counts and in points.

A reduction is net, start minus end, and compares with the net reduction of the plan. Pure; no clock.
``docs/rules/plan-results.md`` shows each figure on an example.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from households.rules.results import Counted
from households.rules.results import together as sum_of
from povertyplan.core.numbers import exact_points, format_count, hundredths
from povertyplan.core.text import first_upper
from targets.choices import Period

# Households of a place do not grow or shrink by more than a tenth within a year; a farther total is another count.
YEARLY = Fraction(1, 10)


class Verdict(StrEnum):
    """How the result stands to the plan; OPEN: the period is not over, or nothing is planned or recognised."""

    MET = "met"
    SHORT = "short"
    EXCEEDED = "exceeded"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Change:
    """Households on a list at the start and at the end, and all households then."""

    start: int | None = None
    whole: int | None = None
    end: int | None = None
    whole_end: int | None = None

    @property
    def has_two_totals(self) -> bool:
        """All households at the end differ from those at the start by more than a year explains, so that the two rates
        cannot be subtracted."""
        if self.whole is None or self.whole_end is None:
            return False
        return abs(self.whole_end - self.whole) > YEARLY * self.whole

    @property
    def fall(self) -> Fraction | None:
        """Fall of the rate in points, exact; None while a count is missing or the totals contradict each other."""
        if self.start is None or self.end is None or self.whole is None or self.whole_end is None:
            return None
        if self.has_two_totals:
            return None
        return exact_points((self.start, self.whole), (self.end, self.whole_end))

    @property
    def points(self) -> Decimal | None:
        return None if self.fall is None else hundredths(self.fall)


NOTHING = Change()


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list (poor or near-poor) of a village or of the unit, planned and as it came; None is not known.

    ``planned`` is the net reduction of the year's plan, ``plan`` what it starts from and leads to. ``counted`` says who
    left and who came, where both lists are recorded.
    """

    planned: int | None = None
    plan: Change = NOTHING
    registered: int | None = None
    result: Change = NOTHING
    counted: Counted | None = None

    @property
    def reached(self) -> int | None:
        """Net reduction: start minus end; below zero they became more."""
        start, end = self.result.start, self.result.end
        return None if start is None or end is None else start - end

    @property
    def difference(self) -> int | None:
        """Reached minus planned: below zero households are missing to the plan."""
        return None if self.reached is None or self.planned is None else self.reached - self.planned

    @property
    def points_difference(self) -> Decimal | None:
        """The same in points: the exact fall reached minus the exact fall planned, rounded once."""
        reached, planned = self.result.fall, self.plan.fall
        return None if reached is None or planned is None else hundredths(reached - planned)


def verdict(listing: Listing, *, period: Period, is_final: bool) -> Verdict:
    """Whether the plan of the year is met. Before the year's end only that it is, never that it is missed."""
    difference = listing.difference
    if difference is None:
        return Verdict.OPEN
    if difference > 0:
        return Verdict.EXCEEDED
    if difference == 0:
        return Verdict.MET
    return Verdict.SHORT if is_final and period == Period.YEAR else Verdict.OPEN


def sentence(listing: Listing, *, period: Period, is_final: bool) -> str:
    """What the figures say, in one sentence; ``is_final``: the result is recognised."""
    if listing.reached is None:
        return "Chưa có kết quả được công nhận."
    said = _reached(listing.reached)
    preliminary = "" if is_final else "Sơ bộ: "
    if listing.planned is None:
        return f"{preliminary}{said}; chưa có kế hoạch."
    difference = listing.reached - listing.planned
    plan = f"kế hoạch {format_count(listing.planned)} hộ"
    if difference > 0:
        return f"{preliminary}Vượt {format_count(difference)} hộ: {said}, {plan}."
    if difference == 0:
        return f"{preliminary}Đạt: {said}, đúng {plan}."
    left = f"còn thiếu {format_count(-difference)} hộ"
    if verdict(listing, period=period, is_final=is_final) is Verdict.SHORT:
        return f"Chưa đạt, {left} so với kế hoạch: {said}, {plan}."
    return f"{preliminary}{first_upper(said)}, {plan} cả năm, {left} so với kế hoạch."


def _reached(reached: int) -> str:
    if reached < 0:
        return f"tăng {format_count(-reached)} hộ"
    return f"giảm {format_count(reached)} hộ" if reached else "không giảm"


def together(listings: list[Listing]) -> Listing:
    """The unit as a whole: every figure is the sum of the counts of the villages, no rate is averaged.

    A count that one village does not have is unknown for all; of plans and registrations what is known is summed.
    """
    return Listing(
        planned=_known([one.planned for one in listings]),
        plan=_summed([one.plan for one in listings]),
        registered=_known([one.registered for one in listings]),
        result=_summed([one.result for one in listings]),
        counted=_all_counted([one.counted for one in listings]),
    )


def _summed(changes: list[Change]) -> Change:
    return Change(**{field.name: _every([getattr(one, field.name) for one in changes]) for field in fields(Change)})


def _known(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _every(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _all_counted(values: list[Counted | None]) -> Counted | None:
    known = [value for value in values if value is not None]
    return sum_of(known) if known and len(known) == len(values) else None
