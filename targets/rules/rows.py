"""What the counts of one row must keep to, said before the database would refuse them.

The database repeats each of these as a constraint with the same sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST = 10_000_000
"""More than any row of a table counts: a figure typed above it is a slip."""
MOST_OF_A_VILLAGE = 1_000_000
LONGEST_REMARK = 300


@dataclass(frozen=True, kw_only=True)
class Bound:
    """``parts`` together are not more than ``whole``; nothing is said while one of them is unknown."""

    whole: str
    parts: tuple[str, ...]
    sentence: str

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.parts, self.whole)

    def is_kept(self, counts: Mapping[str, Any]) -> bool:
        known = [counts.get(name) for name in self.names]
        return None in known or sum(known[:-1]) <= known[-1]  # type: ignore[arg-type, operator]


BOUNDS = (
    Bound(
        whole="households",
        parts=("poor_households", "near_poor_households"),
        sentence="Hộ nghèo và hộ cận nghèo cộng lại nhiều hơn tổng số hộ.",
    ),
    Bound(
        whole="poor_households",
        parts=("poor_reduction",),
        sentence="Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm.",
    ),
    Bound(
        whole="near_poor_households",
        parts=("near_poor_reduction",),
        sentence="Số hộ cận nghèo giảm nhiều hơn số hộ cận nghèo đầu năm.",
    ),
    Bound(
        whole="households",
        parts=("minority_households",),
        sentence="Hộ dân tộc thiểu số nhiều hơn tổng số hộ.",
    ),
    Bound(
        whole="poor_households",
        parts=("minority_poor_households",),
        sentence="Hộ nghèo dân tộc thiểu số nhiều hơn hộ nghèo.",
    ),
    Bound(
        whole="near_poor_households",
        parts=("minority_near_poor_households",),
        sentence="Hộ cận nghèo dân tộc thiểu số nhiều hơn hộ cận nghèo.",
    ),
    Bound(
        whole="minority_households",
        parts=("minority_poor_households", "minority_near_poor_households"),
        sentence="Hộ nghèo, cận nghèo dân tộc thiểu số cộng lại nhiều hơn hộ dân tộc thiểu số.",
    ),
)


def faults(counts: Mapping[str, Any], changed: Iterable[str] = ()) -> dict[str, list[str]]:
    """Sentences by field: each at the first of the ``changed`` fields that it speaks of, else at the first part."""
    typed = tuple(changed)
    found: dict[str, list[str]] = {}
    for bound in BOUNDS:
        if not bound.is_kept(counts):
            at = next((name for name in typed if name in bound.names), bound.parts[0])
            found.setdefault(at, []).append(bound.sentence)
    return found


def count_fault(value: Any, most: int = MOST) -> str:
    """Why a value is no count of a row; empty where it is one, or unknown."""
    if value is None:
        return ""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return "Số đếm là số nguyên, không âm."
    return f"Số {value} lớn quá mức có thể của một dòng." if value > most else ""
