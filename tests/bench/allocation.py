"""Spreading a quota over all communes of the country, against the same places ten at a time: time per place."""

from collections.abc import Iterator
from functools import partial

from targets.choices import Method
from targets.rules.allocation import Place, allocate
from tests.bench.measure import Row

COMMUNES = 3321
PARTS = 10
METHODS = (Method.PROPORTIONAL, Method.EQUAL_END_RATE, Method.WEIGHTED, Method.REGISTERED)


def rows() -> Iterator[Row]:
    places = [_place(key) for key in range(COMMUNES)]
    parts = [places[part::PARTS] for part in range(PARTS)]
    yield Row(
        workload=f"phân bổ cho {COMMUNES} đơn vị / cho {COMMUNES // PARTS} đơn vị, {PARTS} lần",
        ours=partial(_spread, [places]),
        other=partial(_spread, parts),
        same=_same_number,
        bound=2.0,
    )


def _place(key: int) -> Place:
    """Counts that look scattered and are the same in every run."""
    listed = key * 7919 % 397
    return Place(
        key=key,
        name=f"xã {key}",
        listed=listed,
        households_end=1500 + key * 104729 % 3001,
        is_extremely_difficult=key % 3 == 0,
        registered=listed // 3,
    )


def _spread(groups: list[list[Place]]) -> tuple[int, int]:
    """How many shares were made, and of how many households: half of what each group has, by every method."""
    shares = [
        share for places in groups for method in METHODS for share in allocate(method, _half(places), places).shares
    ]
    return len(shares), sum(share.households for share in shares)


def _half(places: list[Place]) -> int:
    return sum(place.listed or 0 for place in places) // 2


def _same_number(ours: tuple[int, int], other: tuple[int, int]) -> None:
    assert ours[0] == other[0] == COMMUNES * len(METHODS)
    assert abs(ours[1] - other[1]) <= PARTS * len(METHODS)
