"""Rates over years: one line for each category, its last rate written at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from povertyplan.core.charts.parts import (
    INK_2,
    LINE,
    LINE_STRONG,
    UNKNOWN,
    Chart,
    Series,
    Share,
    Svg,
    element,
    mark,
    picture,
    rate_of,
    words,
)
from povertyplan.core.numbers import HUNDREDTH, format_rate
from povertyplan.core.numbers import points as difference
from povertyplan.core.text import first_upper

HEIGHT, TOP, BOTTOM = 260, 28, 224
LEFT, RIGHT = 12, 68
LETTERS_HIGH, LABEL_HIGH = 18, 36
YEARS_WRITTEN, RATES_WRITTEN = 6, 5
STEPS = (1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True, kw_only=True)
class Point:
    """A year with one share for each series; None is not known and leaves a gap."""

    year: int
    shares: tuple[Share | None, ...]

    @property
    def rates(self) -> tuple[Decimal | None, ...]:
        return tuple(rate_of(share) for share in self.shares)


def trend(*, title: str, series: Sequence[Series], points: Sequence[Point]) -> Chart:
    """Rates of the years in their order; a year nobody knows stands on the axis without a mark."""
    known = {point.year: point for point in points}
    empty: tuple[Share | None, ...] = (None,) * len(series)
    years = range(min(known), max(known) + 1) if known else range(0)
    filled = [known.get(year) or Point(year=year, shares=empty) for year in years]
    sentence = " ".join(_sentence(filled, number, one) for number, one in enumerate(series))
    return Chart(
        title=title,
        pictures=(picture(title, sentence, HEIGHT, _drawing(series, filled)),) if filled else (),
        sentence=sentence,
        headings=("Năm", *(first_upper(one.word) for one in series)),
        rows=tuple(
            (str(point.year), *(share.division if share else UNKNOWN for share in point.shares)) for point in filled
        ),
    )


def _drawing(series: Sequence[Series], points: Sequence[Point]) -> Iterator[Svg]:
    rates = [rate for point in points for rate in point.rates if rate is not None]
    step = _step(max(rates, default=Decimal(0)))
    height = Height(ceiling=max(step, _up(max(rates, default=Decimal(0)), step)))
    across = [_across(place, len(points)) for place in range(len(points))]
    yield from _axis(points, across, step, height)
    for number, one in enumerate(series):
        yield from _line(one, [point.rates[number] for point in points], across, height)
    if len(points) <= RATES_WRITTEN:
        for place, point in enumerate(points):
            yield from _rates(series, point, across[place], height, _ending_at(place, points))
    yield from _end_labels(series, points, across, height)


@dataclass(frozen=True, kw_only=True)
class Height:
    """The scale upward: 0 at the bottom, ``ceiling`` percent at the top."""

    ceiling: int

    def of(self, rate: Decimal | int) -> int:
        return BOTTOM - int((Decimal(rate) * (BOTTOM - TOP) / self.ceiling).to_integral_value())


def _step(largest: Decimal) -> int:
    """Distance of the lines behind, in percent: at most four of them."""
    return next((step for step in STEPS if step * 4 >= largest), STEPS[-1])


def _up(rate: Decimal, step: int) -> int:
    return int((rate / step).to_integral_value(ROUND_CEILING)) * step


def _across(place: int, count: int) -> Decimal:
    if count == 1:
        return Decimal(LEFT + RIGHT) / 2
    return (LEFT + Decimal(RIGHT - LEFT) * place / (count - 1)).quantize(HUNDREDTH)


def _axis(points: Sequence[Point], across: Sequence[Decimal], step: int, height: Height) -> Iterator[Svg]:
    for rate in range(0, height.ceiling + 1, step):
        y, colour = height.of(rate), LINE if rate else LINE_STRONG
        yield element("line", css="chart-line", x1="0", y1=y, x2=f"{RIGHT + 2}%", y2=y, stroke=colour, stroke_width=1)
        if rate:
            yield words(f"{rate} %", x=0, y=y - 4, fill=INK_2, font_size=13)
    every = -(-len(points) // YEARS_WRITTEN)
    for place, point in enumerate(points):
        if (len(points) - 1 - place) % every == 0:
            yield words(str(point.year), x=f"{across[place]}%", y=BOTTOM + 22, text_anchor="middle", fill=INK_2)


def _line(series: Series, rates: Sequence[Decimal | None], across: Sequence[Decimal], height: Height) -> Iterator[Svg]:
    """Between neighbouring years that are both known; the marks stand on it."""
    places = [(x, height.of(rate)) if rate is not None else None for x, rate in zip(across, rates, strict=True)]
    for start, end in pairwise(places):
        if start and end:
            yield element(
                "line",
                css=f"{series.css} chart-trend",
                x1=f"{start[0]}%",
                y1=start[1],
                x2=f"{end[0]}%",
                y2=end[1],
                stroke=series.colour,
                stroke_width="2.5",
            )
    for place in places:
        if place:
            yield mark(series, f"{place[0]}%", place[1])


def _last_known(points: Sequence[Point]) -> list[int]:
    """For each series the place of its last known rate, -1 without one."""
    if not points:
        return []
    return [
        max((place for place, point in enumerate(points) if point.rates[number] is not None), default=-1)
        for number in range(len(points[0].rates))
    ]


def _ending_at(place: int, points: Sequence[Point]) -> set[int]:
    """Series whose line ends at the last year: their rate stands at the end already."""
    if place != len(points) - 1:
        return set()
    return {number for number, last in enumerate(_last_known(points)) if last == place}


def _rates(series: Sequence[Series], point: Point, x: Decimal, height: Height, ending: set[int]) -> Iterator[Svg]:
    """The rates of a year at their marks: the highest above, the others below, so that two never meet."""
    highest = max((rate for rate in point.rates if rate is not None), default=None)
    above_taken = False
    for number, one in enumerate(series):
        rate = point.rates[number]
        if rate is None:
            continue
        above = rate == highest and not above_taken
        above_taken = above_taken or above
        if number in ending:
            continue
        y = height.of(rate) + (-11 if above else 21)
        yield words(format_rate(rate), x=f"{x}%", y=y, text_anchor="middle", fill=one.colour, font_size=13)


def _end_labels(
    series: Sequence[Series], points: Sequence[Point], across: Sequence[Decimal], height: Height
) -> Iterator[Svg]:
    """Word and last rate of each line at the right, pushed apart from above downward."""
    labels = []
    for one, place, rate in _ends(series, points):
        labels.append((height.of(rate), one, rate, points[place].year))
    labels.sort(key=lambda label: label[0])
    tops = apart([y - LETTERS_HIGH // 2 for y, *_ in labels], LABEL_HIGH, HEIGHT - LABEL_HIGH)
    for top, (_y, one, rate, year) in zip(tops, labels, strict=True):
        late = "" if year == points[-1].year else f" ({year})"
        yield words(first_upper(one.word), x=f"{RIGHT}%", dx=16, y=top + 12, fill=one.colour, font_weight=600)
        yield words(f"{format_rate(rate)} %{late}", x=f"{RIGHT}%", dx=16, y=top + 12 + LETTERS_HIGH, fill=one.colour)


def _ends(series: Sequence[Series], points: Sequence[Point]) -> Iterator[tuple[Series, int, Decimal]]:
    for one, place, number in zip(series, _last_known(points), range(len(series)), strict=False):
        rate = points[place].rates[number] if place >= 0 else None
        if rate is not None:
            yield one, place, rate


def apart(tops: Sequence[int], least: int, lowest: int) -> list[int]:
    """Tops of labels, ascending, moved until neighbours are ``least`` apart, from 0 to ``lowest`` if they fit."""
    moved: list[int] = []
    for top in tops:
        moved.append(max(top, moved[-1] + least if moved else 0))
    floor = lowest
    for place in range(len(moved) - 1, -1, -1):
        moved[place] = max(min(moved[place], floor), place * least)
        floor = moved[place] - least
    return moved


def _sentence(points: Sequence[Point], number: int, series: Series) -> str:
    """First and last known rate and the difference in points, from the counts."""
    word = first_upper(series.word)
    known = [(point.year, share) for point in points if (share := point.shares[number]) and share.rate is not None]
    if not known:
        return f"{word}: chưa có số năm nào."
    (first, then), (last, now) = known[0], known[-1]
    if first == last:
        return f"{word} năm {last}: {format_rate(now.rate)} %."
    fall = difference((then.part, then.whole), (now.part, now.whole)) or Decimal(0)
    change = f"{'giảm' if fall > 0 else 'tăng'} {format_rate(abs(fall))} điểm" if fall else "không đổi"
    return f"{word}: năm {first} {format_rate(then.rate)} %, năm {last} {format_rate(now.rate)} %, {change}."
