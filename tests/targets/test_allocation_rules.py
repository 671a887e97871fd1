"""A quota spread over places: exactly in sum, never more than a place has, each share with its numbers."""

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.choices import Method
from targets.rules.allocation import Allocation, CannotAllocate, Place, Terms, allocate


class Printed(NamedTuple):
    """A village in the plan of Sơn Thành for 2025: what it has, and the reductions that the paper gave it."""

    name: str
    expected: int
    poor: int
    near_poor: int
    poor_reduction: int
    near_poor_reduction: int


PAPER = (
    Printed("Làng Vẹt", 96, 15, 27, 8, 24),
    Printed("Hà Thành", 483, 58, 83, 23, 68),
    Printed("Gò Ra", 474, 75, 68, 42, 54),
    Printed("Gò Rinh", 388, 55, 97, 28, 85),
    Printed("Gò Chu", 565, 57, 75, 17, 58),
    Printed("Gò Gạo", 532, 89, 76, 52, 60),
)
COMPUTED = (Method.PROPORTIONAL, Method.EQUAL_END_RATE, Method.WEIGHTED, Method.REGISTERED)


def poor(number: int = 170, method: Method = Method.PROPORTIONAL, terms: Terms | None = None) -> Allocation:
    places = [
        Place(key=key, name=row.name, listed=row.poor, households_end=row.expected) for key, row in enumerate(PAPER)
    ]
    return allocate(method, number, places, terms=terms)


def shares(allocation: Allocation) -> list[int]:
    return [share.households for share in allocation.shares]


@pytest.mark.parametrize(("quota", "kind"), [(170, "poor"), (349, "near_poor")])
def test_equal_end_rate_is_how_the_paper_was_made(quota: int, kind: str) -> None:
    places = [
        Place(key=key, name=row.name, listed=getattr(row, kind), households_end=row.expected)
        for key, row in enumerate(PAPER)
    ]
    printed = [getattr(row, f"{kind}_reduction") for row in PAPER]
    allocation = allocate(Method.EQUAL_END_RATE, quota, places)
    assert sum(shares(allocation)) == sum(printed) == quota
    for share, on_paper in zip(allocation.shares, printed, strict=True):
        assert abs(share.households - on_paper) <= 1, share.sentence


def test_each_share_is_explained_with_its_numbers() -> None:
    by_rate = poor(method=Method.EQUAL_END_RATE)
    assert by_rate.shares[1].sentence == "58 − 483 × 179 / 2.538 = 23,93 → 24"
    assert by_rate.note.startswith("Tỷ lệ chung cuối năm của cả 6 nơi: còn 179 hộ nghèo / 2.538 hộ = 7,05 %.")
    assert poor().shares[0].sentence == "15 hộ nghèo / 349 × 170 = 7,31 → 7"
    near = allocate(Method.PROPORTIONAL, 1, [Place(key=1, name="A", listed=2)], terms=Terms(word="hộ cận nghèo"))
    assert near.shares[0].sentence == "2 hộ cận nghèo / 2 × 1 = 1,00 → 1"


def test_a_place_below_the_common_rate_takes_nothing() -> None:
    allocation = allocate(
        Method.EQUAL_END_RATE,
        10,
        [Place(key=1, name="A", listed=2, households_end=100), Place(key=2, name="B", listed=30, households_end=100)],
    )
    assert shares(allocation) == [0, 10]
    assert allocation.shares[0].sentence == "Đầu năm đã không cao hơn mức chung: không giảm."
    assert allocation.note.startswith(
        "Tỷ lệ chung cuối năm của 1 nơi có tỷ lệ đầu năm cao hơn: còn 20 hộ nghèo / 100 hộ = 20,00 %."
    )


def test_a_place_at_the_common_rate_takes_nothing_and_one_barely_above_shows_its_division() -> None:
    def by_rate(*listed_of: tuple[int, int]) -> Allocation:
        places = [
            Place(key=key, name=str(key), listed=listed, households_end=end)
            for key, (listed, end) in enumerate(listed_of)
        ]
        return allocate(Method.EQUAL_END_RATE, 1, places)

    at, barely = by_rate((2, 2), (1, 2)), by_rate((2, 3), (1, 2))
    assert at.shares[1].sentence == "Đầu năm đã không cao hơn mức chung: không giảm."
    assert barely.shares[1].sentence == "1 − 2 × 2 / 5 = 0,20 → 0"


def test_an_extremely_difficult_place_counts_by_its_weight() -> None:
    places = [Place(key=1, name="A", listed=20, is_extremely_difficult=True), Place(key=2, name="B", listed=20)]
    allocation = allocate(Method.WEIGHTED, 10, places)
    assert shares(allocation) == [6, 4]
    assert allocation.shares[0].sentence == "20 hộ nghèo × 1,5 (đặc biệt khó khăn) / 50 × 10 = 6,00 → 6"
    assert shares(allocate(Method.WEIGHTED, 10, places, terms=Terms(weight=Fraction(4)))) == [8, 2]


def test_a_weight_gives_nobody_more_than_there_is() -> None:
    places = [
        Place(key=1, name="A", listed=3, is_extremely_difficult=True),
        Place(key=2, name="B", listed=10),
        Place(key=3, name="C", listed=20),
    ]
    allocation = allocate(Method.WEIGHTED, 24, places, terms=Terms(weight=Fraction(3)))
    assert shares(allocation) == [3, 7, 14]
    assert allocation.shares[0].sentence == "Giảm hết số hộ đang có."
    assert "còn 21 hộ chia cho các nơi khác" in allocation.note


REGISTERED = [
    Place(key=1, name="A", listed=10, registered=6),
    Place(key=2, name="B", listed=20, registered=4),
    Place(key=3, name="C", listed=5),
]


def test_by_registrations_nobody_takes_more_than_registered() -> None:
    allocation = allocate(Method.REGISTERED, 5, REGISTERED)
    assert shares(allocation) == [3, 2, 0]
    assert allocation.shares[0].sentence == "6 hộ đăng ký / 10 × 5 = 3,00 → 3"


def test_a_quota_beyond_the_registrations_goes_on_by_the_households_that_did_not_register() -> None:
    allocation = allocate(Method.REGISTERED, 20, REGISTERED)
    assert shares(allocation) == [8, 10, 2]
    assert allocation.shares[1].sentence == "4 hộ đăng ký + 16 hộ chưa đăng ký / 25 × 10 = 10,40 → 10"
    assert "Chỉ 10 hộ đăng ký, ít hơn chỉ tiêu 20 hộ" in allocation.note


def test_more_registrations_than_households_count_as_all() -> None:
    assert shares(allocate(Method.REGISTERED, 2, [Place(key=1, name="A", listed=2, registered=9)])) == [2]


def test_by_hand_has_to_add_up() -> None:
    typed = Terms(by_hand={0: 10, 1: 30, 2: 30, 3: 30, 4: 30, 5: 40})
    allocation = poor(method=Method.BY_HAND, terms=typed)
    assert shares(allocation) == [10, 30, 30, 30, 30, 40]
    assert allocation.shares[0].sentence == "Nhập tay 10 hộ."
    empty = Place(key=9, name="Hạ", listed=0)
    assert shares(allocate(Method.BY_HAND, 0, [empty], terms=Terms(by_hand={}))) == [0]
    with pytest.raises(CannotAllocate, match="Cộng lại 170 hộ, thiếu 1 hộ so với 171 hộ"):
        poor(171, Method.BY_HAND, typed)
    with pytest.raises(CannotAllocate, match=r"Làng Vẹt: 16 hộ, chỉ có 15 hộ nghèo\. Cộng lại 16 hộ, thừa 16 hộ"):
        poor(0, Method.BY_HAND, Terms(by_hand={0: 16}))


@pytest.mark.parametrize(
    ("method", "quota", "places", "sentence"),
    [
        (Method.PROPORTIONAL, 1, [], "Bảng chưa có dòng nào"),
        (Method.PROPORTIONAL, 1, [Place(key=1, name="Hạ", listed=None)], "Chưa có số hộ nghèo đầu năm của Hạ."),
        (Method.PROPORTIONAL, 4, [Place(key=1, name="Hạ", listed=3)], "Không phân bổ được 4 hộ: tất cả chỉ có 3 hộ"),
        (Method.PROPORTIONAL, -1, [Place(key=1, name="Hạ", listed=3)], "Không phân bổ được"),
        (Method.EQUAL_END_RATE, 1, [Place(key=1, name="Hạ", listed=3)], "Chưa có tổng số hộ"),
        (Method.EQUAL_END_RATE, 1, [Place(key=1, name="Hạ", listed=3, households_end=0)], "lớn hơn 0 của Hạ"),
        (Method.WEIGHTED, 1, [Place(key=1, name="Hạ", listed=3)], "Không có nơi nào đặc biệt khó khăn"),
        (Method.REGISTERED, 1, [Place(key=1, name="Hạ", listed=3)], "Chưa có hộ nào đăng ký"),
    ],
)
def test_what_cannot_be_spread_is_refused_with_the_reason(
    method: Method, quota: int, places: list[Place], sentence: str
) -> None:
    with pytest.raises(CannotAllocate, match=sentence):
        allocate(method, quota, places)


def test_a_weight_below_one_is_refused() -> None:
    places = [Place(key=1, name="A", listed=3, is_extremely_difficult=True)]
    with pytest.raises(CannotAllocate, match="Hệ số ưu tiên"):
        allocate(Method.WEIGHTED, 1, places, terms=Terms(weight=Fraction(1, 2)))


def test_many_unknown_places_are_named_in_part() -> None:
    with pytest.raises(CannotAllocate, match="N0, N1, N2, N3, N4 và 2 nơi khác"):
        allocate(Method.PROPORTIONAL, 1, [Place(key=key, name=f"N{key}", listed=None) for key in range(7)])


def test_between_equal_remainders_the_place_with_more_then_the_earlier_one() -> None:
    places = [Place(key=key, name=str(key), listed=listed) for key, listed in ((3, 1), (2, 1), (1, 3), (4, 1))]
    assert shares(allocate(Method.PROPORTIONAL, 3, places)) == [0, 1, 2, 0]


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, list[Place], Terms]:
    """Places that every computed method can handle, and a quota they can bear."""
    places = []
    for key in range(draw(st.integers(1, 8))):
        listed = draw(st.integers(1 if key == 0 else 0, 60))
        places.append(
            Place(
                key=key,
                name=f"thôn {key}",
                listed=listed,
                households_end=draw(st.integers(max(listed, 1), 300)),
                is_extremely_difficult=key == 0 or draw(st.booleans()),
                registered=1 if key == 0 else draw(st.one_of(st.none(), st.integers(0, 70))),
            )
        )
    quota = draw(st.integers(0, sum(place.listed or 0 for place in places)))
    weight = Fraction(draw(st.decimals(1, 9, places=2)))
    return quota, places, Terms(weight=weight)


@pytest.mark.parametrize("method", COMPUTED)
@given(case=cases())
def test_every_method_gives_exactly_the_quota_and_nobody_more_than_there_is(
    method: Method, case: tuple[int, list[Place], Terms]
) -> None:
    quota, places, terms = case
    allocation = allocate(method, quota, places, terms=terms)
    assert sum(shares(allocation)) == quota
    assert [share.place for share in allocation.shares] == places
    assert all(0 <= share.households <= (share.place.listed or 0) for share in allocation.shares)
    assert all(share.sentence for share in allocation.shares)


@pytest.mark.parametrize("method", COMPUTED)
@given(case=cases(), data=st.data())
def test_the_order_of_the_places_does_not_matter(
    method: Method, case: tuple[int, list[Place], Terms], data: st.DataObject
) -> None:
    quota, places, terms = case
    shuffled = data.draw(st.permutations(places))
    one, other = (allocate(method, quota, order, terms=terms) for order in (places, shuffled))
    assert {share.place.key: share for share in one.shares} == {share.place.key: share for share in other.shares}


@given(case=cases())
def test_proportional_never_gives_less_to_a_place_with_more(case: tuple[int, list[Place], Terms]) -> None:
    quota, places, _ = case
    by_number = sorted(allocate(Method.PROPORTIONAL, quota, places).shares, key=lambda share: share.place.listed or 0)
    for fewer, more in pairwise(by_number):
        assert fewer.households <= more.households or fewer.place.listed == more.place.listed


@given(case=cases())
def test_at_the_same_number_of_households_the_common_rate_takes_more_from_who_has_more(
    case: tuple[int, list[Place], Terms],
) -> None:
    quota, places, _ = case
    alike = [Place(key=place.key, name=place.name, listed=place.listed, households_end=100) for place in places]
    by_number = sorted(allocate(Method.EQUAL_END_RATE, quota, alike).shares, key=lambda share: share.place.listed or 0)
    for fewer, more in pairwise(by_number):
        assert fewer.households <= more.households or fewer.place.listed == more.place.listed


@given(case=cases())
def test_the_common_rate_is_common(case: tuple[int, list[Place], Terms]) -> None:
    """Who takes something ends within one household of the common rate; who takes nothing was not above it by one."""
    quota, places, _ = case
    allocation = allocate(Method.EQUAL_END_RATE, quota, places)
    taking = [share for share in allocation.shares if share.households]
    highest = max(
        (Fraction((share.place.listed or 0) - share.households - 1, share.place.households_end or 1)
         for share in allocation.shares), default=Fraction(0),
    )  # fmt: skip
    for share in taking:
        end = (share.place.listed or 0) - share.households + 1
        assert Fraction(end, share.place.households_end or 1) >= highest


@given(case=cases())
def test_by_registrations_nobody_takes_more_than_registered_while_these_suffice(
    case: tuple[int, list[Place], Terms],
) -> None:
    quota, places, terms = case
    registered = {place.key: min(place.registered or 0, place.listed or 0) for place in places}
    for share in allocate(Method.REGISTERED, quota, places, terms=terms).shares:
        if quota <= sum(registered.values()):
            assert share.households <= registered[share.place.key]
        else:
            assert share.households >= registered[share.place.key]


@given(case=cases())
def test_of_two_places_alike_the_extremely_difficult_one_never_gets_less(
    case: tuple[int, list[Place], Terms],
) -> None:
    quota, places, terms = case
    found = allocate(Method.WEIGHTED, quota, places, terms=terms).shares
    for one in found:
        for other in found:
            if one.place.listed == other.place.listed and one.place.is_extremely_difficult:
                same = other.place.is_extremely_difficult
                assert one.households >= other.households - (1 if same or terms.weight == 1 else 0)


@given(case=cases(), data=st.data())
def test_by_hand_gives_what_was_typed_or_says_what_is_wrong(
    case: tuple[int, list[Place], Terms], data: st.DataObject
) -> None:
    any_number, places, _ = case
    typed = {place.key: data.draw(st.integers(0, (place.listed or 0) + 1)) for place in places}
    quota = data.draw(st.sampled_from([sum(typed.values()), any_number]))
    is_right = sum(typed.values()) == quota and all(typed[place.key] <= (place.listed or 0) for place in places)
    try:
        found = shares(allocate(Method.BY_HAND, quota, places, terms=Terms(by_hand=typed)))
    except CannotAllocate:
        assert not is_right
    else:
        assert is_right
        assert found == list(typed.values())
