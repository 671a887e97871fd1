"""A quota spread over places (villages of a commune, communes of a province), in whole households.

Whole numbers and exact fractions only; the largest remainders get the households left over.
``docs/rules/allocation.md`` works each method out on an example.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from povertyplan.core.numbers import format_count, format_rate, rate
from povertyplan.core.text import some_of
from targets.choices import Method

# Practice, not law: how much more a poor household of an extremely difficult place counts unless the user says else.
USUAL_WEIGHT = Fraction(3, 2)
TYPED = "Nhập tay"


class CannotAllocate(ValueError):
    """The method cannot spread this number; the message is a Vietnamese sentence, or several."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place as methods see it. ``listed`` are its poor (or near-poor) households at the start, ``households_end`` all
    that are expected at the end; None is unknown. ``key`` names it and is the last word between equals.
    """

    key: int
    name: str
    listed: int | None
    households_end: int | None = None
    is_extremely_difficult: bool = False
    registered: int | None = None


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a place takes, and the sentence with its numbers."""

    place: Place
    households: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """Shares in the order of the places asked for; they add up to ``quota``. ``note`` says what all have in common."""

    method: Method
    quota: int
    shares: tuple[Share, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What methods ask for beside the places. ``word`` is what is counted; ``by_hand`` is by key of the place."""

    word: str = "hộ nghèo"
    weight: Fraction = USUAL_WEIGHT
    by_hand: Mapping[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class _Part:
    """The exact share of a place: ``numerator / denominator``, and how it came about."""

    place: Place
    numerator: int
    denominator: int
    formula: str

    @property
    def listed(self) -> int:
        return self.place.listed or 0


def allocate(method: Method, quota: int, places: Iterable[Place], *, terms: Terms | None = None) -> Allocation:
    """Spread ``quota`` households over ``places``, never more than a place has. Raises CannotAllocate."""
    terms, asked = terms or Terms(), list(places)
    _refuse_impossible(quota, asked, terms)
    parts, note = METHODS[method](quota, asked, terms)
    given = _by_largest_remainder(quota, parts)
    return Allocation(
        method=method,
        quota=quota,
        shares=tuple(
            Share(place=part.place, households=given[part.place.key], sentence=_sentence(part, given[part.place.key]))
            for part in parts
        ),
        note=note,
    )


def _refuse_impossible(quota: int, places: Sequence[Place], terms: Terms) -> None:
    if not places:
        raise CannotAllocate("Bảng chưa có dòng nào để phân bổ.")
    unknown = [place.name for place in places if place.listed is None]
    if unknown:
        raise CannotAllocate(f"Chưa có số {terms.word} đầu năm của {some_of(unknown)}.")
    there = _sum(places)
    if not 0 <= quota <= there:
        raise CannotAllocate(
            f"Không phân bổ được {format_count(quota)} hộ: tất cả chỉ có {format_count(there)} {terms.word}."
        )


def _sum(places: Iterable[Place]) -> int:
    return sum(place.listed or 0 for place in places)


def _by_largest_remainder(quota: int, parts: Sequence[_Part]) -> dict[int, int]:
    """Whole shares that add up to ``quota``: every part is cut down, then the largest remainders get one each.

    Between equal remainders the place with more listed households is first, then the lower key. All parts that are
    not whole stand over one denominator, so that remainders compare as whole numbers.
    """
    given = {part.place.key: part.numerator // part.denominator for part in parts}
    left = quota - sum(given.values())
    order = sorted(
        (part for part in parts if part.numerator % part.denominator),
        key=lambda part: (-(part.numerator % part.denominator), -part.listed, part.place.key),
    )
    for part in order[:left]:
        given[part.place.key] += 1
    return given


def _proportional(quota: int, places: Sequence[Place], terms: Terms) -> tuple[list[_Part], str]:
    there = _sum(places)
    parts = [
        _Part(
            place=place,
            numerator=quota * (place.listed or 0),
            denominator=there or 1,
            formula=f"{format_count(place.listed)} {terms.word} / {format_count(there)} × {format_count(quota)}",
        )
        for place in places
    ]
    return parts, (
        f"Mỗi nơi nhận theo phần của mình trong {format_count(there)} {terms.word}"
        f" ({format_rate(rate(quota, there))} % số hộ của từng nơi)."
    )


def _equal_end_rate(quota: int, places: Sequence[Place], terms: Terms) -> tuple[list[_Part], str]:
    """Water filling: places are taken in from the highest rate down until the common rate is not below the next."""
    unknown = [place.name for place in places if not place.households_end]
    if unknown:
        raise CannotAllocate(f"Chưa có tổng số hộ (dự kiến cuối năm) lớn hơn 0 của {some_of(unknown)}.")
    left, whole, taking = _common_end_rate(quota, places)
    parts = []
    for place in places:
        listed, end = place.listed or 0, place.households_end or 0
        numerator = listed * whole - left * end
        formula = (
            f"{format_count(listed)} − {format_count(end)} × {format_count(left)} / {format_count(whole)}"
            if numerator > 0
            else ""
        )
        parts.append(_Part(place=place, numerator=max(numerator, 0), denominator=whole, formula=formula))
    return parts, (
        f"Tỷ lệ chung cuối năm của {_how_many(taking, places)}: còn {format_count(left)} {terms.word}"
        f" / {format_count(whole)} hộ = {format_rate(rate(left, whole))} %."
        " Nơi đầu năm đã không cao hơn mức này thì không giảm."
    )


def _how_many(taking: int, places: Sequence[Place]) -> str:
    return f"cả {taking} nơi" if taking == len(places) else f"{taking} nơi có tỷ lệ đầu năm cao hơn"


def _common_end_rate(quota: int, places: Sequence[Place]) -> tuple[int, int, int]:
    """The common end rate as (listed left, households) of the places that take part, and how many these are."""
    order = sorted(places, key=lambda place: Fraction(place.listed or 0, place.households_end or 1), reverse=True)
    left, whole, taking = -quota, 0, 0
    for place in order:
        listed, end = place.listed or 0, place.households_end or 0
        if whole and left * end >= listed * whole:
            break
        left, whole, taking = left + listed, whole + end, taking + 1
    return left, whole, taking


def _weighted(quota: int, places: Sequence[Place], terms: Terms) -> tuple[list[_Part], str]:
    """As proportional, each household of an extremely difficult place counted ``weight`` times."""
    if terms.weight < 1:
        raise CannotAllocate("Hệ số ưu tiên từ 1 trở lên.")
    weight, once = terms.weight.numerator, terms.weight.denominator
    preferred = [place for place in places if place.is_extremely_difficult]
    if not preferred:
        raise CannotAllocate("Không có nơi nào đặc biệt khó khăn trong năm kế hoạch.")
    there, of_preferred = _sum(places), _sum(preferred)
    counted = weight * of_preferred + once * (there - of_preferred)
    if quota * weight > counted:
        return _all_of_preferred(quota - of_preferred, there - of_preferred, places, terms)
    written = _plain(Fraction(counted, once))
    parts = []
    for place in places:
        times = weight if place.is_extremely_difficult else once
        factor = f" × {_plain(terms.weight)} (đặc biệt khó khăn)" if place.is_extremely_difficult else ""
        parts.append(
            _Part(
                place=place,
                numerator=quota * times * (place.listed or 0),
                denominator=counted or 1,
                formula=f"{format_count(place.listed)} {terms.word}{factor} / {written} × {format_count(quota)}",
            )
        )
    return parts, (
        f"Mỗi hộ ở nơi đặc biệt khó khăn tính {_plain(terms.weight)} lần: {written} thay cho {format_count(there)}"
        f" {terms.word}."
    )


def _all_of_preferred(quota: int, there: int, places: Sequence[Place], terms: Terms) -> tuple[list[_Part], str]:
    """The weight would give extremely difficult places more than they have: they take all, others what is left."""
    parts = [
        _Part(
            place=place,
            numerator=(place.listed or 0) * (there if place.is_extremely_difficult else quota),
            denominator=there,
            formula=""
            if place.is_extremely_difficult
            else f"{format_count(place.listed)} {terms.word} / {format_count(there)} × {format_count(quota)}",
        )
        for place in places
    ]
    return parts, (
        f"Theo hệ số {_plain(terms.weight)} thì nơi đặc biệt khó khăn nhận quá số hộ đang có, nên giảm hết;"
        f" còn {format_count(quota)} hộ chia cho các nơi khác."
    )


def _registered(quota: int, places: Sequence[Place], terms: Terms) -> tuple[list[_Part], str]:
    """By registrations to escape; what the quota asks for beyond them by the households that did not register."""
    registered = {place.key: min(place.registered or 0, place.listed or 0) for place in places}
    there = sum(registered.values())
    if not there:
        raise CannotAllocate("Chưa có hộ nào đăng ký thoát nghèo, thoát cận nghèo trong năm.")
    if quota <= there:
        of_all = f" / {format_count(there)} × {format_count(quota)}"
        parts = [
            _Part(
                place=place,
                numerator=quota * registered[place.key],
                denominator=there,
                formula=f"{format_count(registered[place.key])} hộ đăng ký{of_all}",
            )
            for place in places
        ]
        return parts, f"Có {format_count(there)} hộ đăng ký; không nơi nào nhận quá số hộ đăng ký của mình."
    rest, others = quota - there, _sum(places) - there
    parts = []
    for place in places:
        mine = registered[place.key]
        other = (place.listed or 0) - mine
        formula = (
            f"{format_count(mine)} hộ đăng ký + {format_count(other)} hộ chưa đăng ký / {format_count(others)}"
            f" × {format_count(rest)}"
        )
        parts.append(_Part(place=place, numerator=mine * others + rest * other, denominator=others, formula=formula))
    return parts, (
        f"Chỉ {format_count(there)} hộ đăng ký, ít hơn chỉ tiêu {format_count(quota)} hộ: mỗi nơi nhận số hộ đăng ký,"
        f" {format_count(rest)} hộ còn lại chia theo {format_count(others)} {terms.word} chưa đăng ký."
    )


def _by_hand(quota: int, places: Sequence[Place], terms: Terms) -> tuple[list[_Part], str]:
    typed = terms.by_hand or {}
    wrong = [
        f"{place.name}: {format_count(typed[place.key])} hộ, chỉ có {format_count(place.listed)} {terms.word}."
        for place in places
        if typed.get(place.key, 0) > (place.listed or 0)
    ]
    done = sum(typed.get(place.key, 0) for place in places)
    if done != quota:
        wrong.append(
            f"Cộng lại {format_count(done)} hộ, {'thiếu' if done < quota else 'thừa'} {format_count(abs(quota - done))}"
            f" hộ so với {format_count(quota)} hộ cần phân bổ."
        )
    if wrong:
        raise CannotAllocate(" ".join(wrong))
    parts = [_Part(place=place, numerator=typed.get(place.key, 0), denominator=1, formula=TYPED) for place in places]
    return parts, "Số của từng nơi do cán bộ nhập."


_Method = Callable[[int, Sequence[Place], Terms], tuple[list[_Part], str]]
METHODS: dict[Method, _Method] = {
    Method.PROPORTIONAL: _proportional,
    Method.EQUAL_END_RATE: _equal_end_rate,
    Method.WEIGHTED: _weighted,
    Method.REGISTERED: _registered,
    Method.BY_HAND: _by_hand,
}


def _sentence(part: _Part, given: int) -> str:
    """«84 hộ nghèo / 349 × 170 = 40,92 → 41»."""
    if not part.listed:
        return "Không có hộ nào để giảm."
    if part.formula == TYPED:
        return f"{TYPED} {format_count(given)} hộ."
    if not part.formula:
        return "Giảm hết số hộ đang có." if given else "Đầu năm đã không cao hơn mức chung: không giảm."
    return f"{part.formula} = {_two_places(part.numerator, part.denominator)} → {format_count(given)}"


def _two_places(numerator: int, denominator: int) -> str:
    """Half up, as people write it: «40,92»."""
    hundredths = (200 * numerator + denominator) // (2 * denominator)
    return f"{format_count(hundredths // 100)},{hundredths % 100:02d}"


def _plain(value: Fraction) -> str:
    """A number of at most two decimals without zeros at its end: «1,5», «412»."""
    return _two_places(value.numerator, value.denominator).rstrip("0").rstrip(",")
