"""Rates of places, one bar for each category: a frame for the start, a filled bar for the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from povertyplan.core.charts.parts import (
    INK,
    INK_2,
    UNKNOWN,
    Chart,
    Series,
    Share,
    Svg,
    at,
    element,
    lines_of,
    mark,
    percent,
    picture,
    rate_of,
    words,
)
from povertyplan.core.numbers import format_rate
from povertyplan.core.text import first_upper

NAME_LETTERS = 13
BARS_AT, BARS_SPAN = "34%", 30
STEP, BAR, LINE_OF_NAME, GAP = 20, 12, 18, 12
PLACES_PER_PIECE = 6


@dataclass(frozen=True, kw_only=True)
class Span:
    """Households of a category of all, at the start and at the end; None is not known."""

    start: Share | None
    end: Share | None

    @property
    def rates(self) -> tuple[Decimal | None, Decimal | None]:
        return rate_of(self.start), rate_of(self.end)

    @property
    def text(self) -> str:
        start, end = self.rates
        if start is None and end is None:
            return UNKNOWN
        if end is None:
            return f"{format_rate(start)} → {UNKNOWN}"
        return f"{format_rate(start) or UNKNOWN} → {format_rate(end)} %"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A place with one span for each series."""

    name: str
    spans: tuple[Span, ...]


def rate_bars(
    *, title: str, series: Sequence[Series], bars: Sequence[Bar], place: str = "thôn", end: str = "cuối năm"
) -> Chart:
    """Rates by place from start to ``end``; every bar is written out beside it, all bars share one scale.

    ``place`` is the word for what the bars are, ``end`` the word for the second rate («dự kiến cuối năm»).
    """
    largest = max(_known(bars), default=Decimal(0))
    sentence = " ".join(_sentence(bars, number, one, place) for number, one in enumerate(series))
    pieces = [bars[first : first + PLACES_PER_PIECE] for first in range(0, len(bars), PLACES_PER_PIECE)]
    return Chart(
        title=title,
        pictures=tuple(
            _piece(title, sentence, series, piece, largest, end if number == 0 else "")
            for number, piece in enumerate(pieces)
        ),
        sentence=sentence,
        headings=(
            first_upper(place),
            *(f"{first_upper(one.word)} {when}" for one in series for when in ("đầu năm", end)),
        ),
        rows=tuple(
            (bar.name, *(_written(share) for span in bar.spans for share in (span.start, span.end))) for bar in bars
        ),
    )


def _written(share: Share | None) -> str:
    return share.division if share else UNKNOWN


def _known(bars: Sequence[Bar]) -> Iterator[Decimal]:
    return (rate for bar in bars for span in bar.spans for rate in span.rates if rate is not None)


def _piece(
    title: str, sentence: str, series: Sequence[Series], bars: Sequence[Bar], largest: Decimal, legend_end: str
) -> Svg:
    """Some of the bars; the key stands above the first piece."""
    shapes: list[Svg] = []
    top = 4
    if legend_end:
        shapes += _key(series, legend_end)
        top = 64
    for bar in bars:
        names = lines_of(bar.name, NAME_LETTERS)
        shapes += [words(line, x=0, y=top + 14 + LINE_OF_NAME * row, font_weight=600) for row, line in enumerate(names)]
        for row, (one, span) in enumerate(zip(series, bar.spans, strict=True)):
            shapes += _bar(one, span, largest, top + STEP * row)
        top += max(len(names) * LINE_OF_NAME, len(series) * STEP) + GAP
    return picture(title, sentence, top, shapes)


def _key(series: Sequence[Series], end: str) -> Iterator[Svg]:
    for row, one in enumerate(series):
        yield at(f"{row * 50}%", 12, mark(one, 7, 0), words(first_upper(one.word), x=20, y=5))
    yield _frame(series[0], x=1, y=31, width=26)
    yield words("đầu năm", x=34, y=42, fill=INK_2)
    yield at("50%", 33, _filling(series[0], x=1, y=0, width=26), words(end, x=34, y=9, fill=INK_2))


def _bar(series: Series, span: Span, largest: Decimal, top: int) -> Iterator[Svg]:
    start, end = (percent(rate or 0, largest, BARS_SPAN) for rate in span.rates)
    yield mark(series, "31%", top + 9)
    if span.rates[0] is not None:
        yield _frame(series, x=BARS_AT, y=top + 3, width=f"{start}%" if start else 2)
    if span.rates[1] is not None:
        yield _filling(series, x=BARS_AT, y=top + 5, width=f"{end}%" if end else 2)
    yield words(span.text, x=f"{34 + max(start, end)}%", dx=8, y=top + 14, fill=INK)


def _frame(series: Series, *, x: object, y: int, width: object) -> Svg:
    return element(
        "rect",
        css=f"{series.css} chart-frame",
        x=x,
        y=y,
        width=width,
        height=BAR,
        fill=series.tint,
        stroke=series.colour,
        stroke_width="1.5",
    )


def _filling(series: Series, *, x: object, y: int, width: object) -> Svg:
    return element("rect", css=series.css, x=x, y=y, width=width, height=BAR - 4, fill=series.colour)


def _sentence(bars: Sequence[Bar], number: int, series: Series, place: str) -> str:
    """Who has the highest and the lowest start, and of whom nothing is known."""
    word = first_upper(series.word)
    known = [(bar.name, start) for bar in bars if (start := bar.spans[number].rates[0]) is not None]
    unknown = len(bars) - len(known)
    rest = f" {unknown} {place} chưa có số." if unknown else ""
    if not known:
        return f"{word}: chưa có số đầu năm."
    high, low = max(known, key=lambda row: row[1]), min(known, key=lambda row: row[1])
    if len(known) == 1:
        return f"{word} đầu năm: {high[0]} {format_rate(high[1])} %.{rest}"
    if high[1] == low[1]:
        return f"{word} đầu năm: các {place} bằng nhau, {format_rate(high[1])} %.{rest}"
    ends = f"cao nhất {high[0]} {format_rate(high[1])} %, thấp nhất {low[0]} {format_rate(low[1])} %"
    return f"{word} đầu năm: {ends}.{rest}"
