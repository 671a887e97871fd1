"""Two sides of one workload, in alternating rounds, in one process."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WARM_UP = 2


@dataclass(frozen=True, kw_only=True)
class Row:
    workload: str
    ours: Callable[[], Any]
    other: Callable[[], Any]
    same: Callable[[Any, Any], None]  # raises AssertionError when the two did not do the same
    bound: float
    rounds: int = 20


@dataclass(frozen=True, kw_only=True)
class Result:
    row: Row
    ours: float
    other: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other

    def __str__(self) -> str:
        verdict = "đạt" if self.ratio <= self.row.bound else "VƯỢT"
        return (
            f"{self.row.workload:<62} {self.ours * 1000:>9.1f} ms {self.other * 1000:>9.1f} ms"
            f" {self.ratio:>6.2f} ≤ {self.row.bound:<5} {verdict}"
        )


def measure(row: Row) -> Result:
    """Median of the rounds; the sides take turns in going first."""
    row.same(row.ours(), row.other())
    for _ in range(WARM_UP):
        row.ours()
        row.other()
    ours, other = [], []
    for number in range(row.rounds):
        pairs = [(row.ours, ours), (row.other, other)]
        for side, times in pairs if number % 2 else reversed(pairs):
            began = time.perf_counter()
            side()
            times.append(time.perf_counter() - began)
    return Result(row=row, ours=statistics.median(ours), other=statistics.median(other))
