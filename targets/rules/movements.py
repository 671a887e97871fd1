"""Last year's movements against the lists at its ends: where somebody came from and went must add up.

``docs/rules/movements.md`` shows the identity on an example. A list of paper says «khác tăng», «khác giảm» without
saying of which list, so these are spread over both as far as they reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from households.choices import Transition

# Transitions of a household that leaves a list or comes to it; the other two remain where they were.
POOR_LESS = (Transition.POOR_TO_NEAR_POOR, Transition.POOR_TO_ABOVE)
POOR_MORE = (Transition.NEAR_POOR_TO_POOR, Transition.FELL_BACK, Transition.NEWLY_POOR)
NEAR_POOR_LESS = (Transition.NEAR_POOR_TO_POOR, Transition.ESCAPED_NEAR_POVERTY)
NEAR_POOR_MORE = (Transition.POOR_TO_NEAR_POOR, Transition.FELL_BACK_NEAR_POOR, Transition.NEWLY_NEAR_POOR)

Moves = Mapping[str, int | None]


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Poor and near-poor households at the start and the end of the year."""

    poor_start: int
    poor_end: int
    near_poor_start: int
    near_poor_end: int


def gross_escapes(moves: Moves) -> int | None:
    """Households that escaped poverty: became near-poor, or rose above the near-poor line."""
    return _sum(moves, POOR_LESS)


def falls(moves: Moves) -> int | None:
    """Households that became poor again after they had escaped."""
    return moves.get(Transition.FELL_BACK)


def new_cases(moves: Moves) -> int | None:
    """Households that became poor and were on neither list: «phát sinh mới»."""
    return moves.get(Transition.NEWLY_POOR)


def near_poor_fallen(moves: Moves) -> int | None:
    """Near-poor households that became poor."""
    return moves.get(Transition.NEAR_POOR_TO_POOR)


def _sum(moves: Moves, transitions: tuple[Transition, ...]) -> int | None:
    known = [value for name in transitions if (value := moves.get(name)) is not None]
    return sum(known) if known else None


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What the movements leave unexplained: ``end`` is on the list, ``expected`` follows from the movements."""

    subject: str
    start: int
    less: int
    more: int
    expected: int
    end: int

    @property
    def sentence(self) -> str:
        return (
            f"{self.subject}: đầu năm {self.start} − giảm {self.less} + tăng {self.more} = {self.expected}, "
            f"nhưng cuối năm là {self.end}."
        )


def gaps(moves: Moves, ends: Ends) -> list[Gap]:
    """End = start − left + came for both lists; empty where it holds, or where no movement is known.

    «Khác tăng» and «khác giảm» may belong to either list: a list is wrong when they cannot make up what is left,
    both together when they do not add up.
    """
    if not any(value is not None for value in moves.values()):
        return []
    more, less = moves.get(Transition.OTHER_INCREASE) or 0, moves.get(Transition.OTHER_DECREASE) or 0
    poor = _gap("Hộ nghèo", ends.poor_start, ends.poor_end, moves, POOR_LESS, POOR_MORE)
    near = _gap("Hộ cận nghèo", ends.near_poor_start, ends.near_poor_end, moves, NEAR_POOR_LESS, NEAR_POOR_MORE)
    wrong = [gap for gap in (poor, near) if not -less <= gap.end - gap.expected <= more]
    if wrong:
        return wrong
    left = sum(gap.end - gap.expected for gap in (poor, near))
    return [] if left == more - less else [_together(poor, near, more, less)]


@dataclass(frozen=True, kw_only=True)
class EndGap:
    """A list of the end that its own movements do not make up: ``stayed`` (None: not known) and ``came``."""

    subject: str
    stayed: int | None
    came: int
    end: int

    @property
    def sentence(self) -> str:
        if self.stayed is None:
            return f"{self.subject}: riêng số tăng trong năm đã là {self.came}, nhưng cuối năm chỉ có {self.end}."
        total = self.stayed + self.came
        return f"{self.subject}: hộ cũ {self.stayed} + tăng {self.came} = {total}, nhưng cuối năm là {self.end}."


def end_gaps(moves: Moves, *, poor_end: int, near_poor_end: int) -> list[EndGap]:
    """Who stayed on a list and who came to it are the list of the end, without looking at the list of the start.

    While somebody of them is not known they can only be too many; «khác tăng» may make up what lacks.
    """
    lists = (
        ("Hộ nghèo", Transition.REMAINED_POOR, POOR_MORE, poor_end),
        ("Hộ cận nghèo", Transition.REMAINED_NEAR_POOR, NEAR_POOR_MORE, near_poor_end),
    )
    more = moves.get(Transition.OTHER_INCREASE) or 0
    found = []
    for subject, staying, coming, end in lists:
        stayed, came = moves.get(staying), _sum(moves, coming) or 0
        is_known = all(moves.get(name) is not None for name in (staying, *coming))
        left = end - (stayed or 0) - came
        if left < 0 or (is_known and left > more):
            found.append(EndGap(subject=subject, stayed=stayed, came=came, end=end))
    return found


def _gap(
    subject: str, start: int, end: int, moves: Moves, less: tuple[Transition, ...], more: tuple[Transition, ...]
) -> Gap:
    out, into = _sum(moves, less) or 0, _sum(moves, more) or 0
    return Gap(subject=subject, start=start, less=out, more=into, expected=start - out + into, end=end)


def _together(poor: Gap, near: Gap, more: int, less: int) -> Gap:
    out, into = poor.less + near.less + less, poor.more + near.more + more
    start = poor.start + near.start
    return Gap(
        subject="Hộ nghèo và hộ cận nghèo, tính cả khác tăng, khác giảm",
        start=start,
        less=out,
        more=into,
        expected=start - out + into,
        end=poor.end + near.end,
    )
