"""What every picture is made of: elements, marks, lengths in percent, and the chart with its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from html import escape

from povertyplan.core.numbers import HUNDREDTH, format_count, format_rate, rate

INK, INK_2, LINE, LINE_STRONG, PAPER = "#1c2530", "#4d5866", "#dfe3e6", "#8a939d", "#ffffff"
# The first is there only in the PDF, whose own fonts are few; pages have the second.
FONT = "Liberation Serif Embedded, Be Vietnam Pro, Noto Sans, Arial, sans-serif"
SIZE = 14
UNKNOWN = "chưa có"
MINUS = "−"


class Svg(str):
    """SVG text whose every word is escaped; templates put it in as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


class Mark(StrEnum):
    SQUARE = "square"
    DIAMOND = "diamond"


@dataclass(frozen=True, kw_only=True)
class Series:
    """A category: its word, and the mark, colour and tint that it has on every page."""

    word: str
    css: str
    mark: Mark
    colour: str
    tint: str


POOR = Series(word="hộ nghèo", css="poor", mark=Mark.SQUARE, colour="#a61e22", tint="#fbf0ef")
NEAR_POOR = Series(word="hộ cận nghèo", css="near-poor", mark=Mark.DIAMOND, colour="#9a5f08", tint="#fdf5e6")


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of a whole, as counts; the rate is always computed from them. Of nothing there is no rate."""

    part: int
    whole: int

    @property
    def rate(self) -> Decimal | None:
        return rate(self.part, self.whole)

    @property
    def division(self) -> str:
        """The rate with what it was divided from: «11,92 % = 41/344»."""
        if self.rate is None:
            return UNKNOWN
        return f"{format_rate(self.rate)} % = {format_count(self.part)}/{format_count(self.whole)}"


def rate_of(share: Share | None) -> Decimal | None:
    return share.rate if share else None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture in one or more pieces that stand under each other, so that a page may break between them.

    ``sentence`` says what there is to see, ``is_said`` that the picture itself already writes all of it out;
    ``headings`` and ``rows`` are the figures drawn.
    """

    title: str
    pictures: tuple[Svg, ...]
    sentence: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_said: bool = False

    @property
    def labelled(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The rows with the heading beside each cell."""
        return tuple(tuple(zip(self.headings, row, strict=True)) for row in self.rows)


def element(name: str, *inside: Svg, **attributes: object) -> Svg:
    """One element; ``stroke_width`` becomes ``stroke-width``, ``css`` the class."""
    names = {"css": "class"}
    written = "".join(
        f' {names.get(key, key.replace("_", "-"))}="{escape(str(value))}"' for key, value in attributes.items()
    )
    return Svg(f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>")


def words(text: str, *, x: object, y: int, **attributes: object) -> Svg:
    """A line of text; ``y`` is where its letters stand."""
    look = {"fill": INK, "font_size": SIZE} | attributes
    return element("text", Svg(escape(text)), x=x, y=y, font_family=FONT, **look)


def picture(title: str, sentence: str, height: int, inside: Iterable[Svg]) -> Svg:
    """The whole drawing, read out as its title and sentence."""
    return element(
        "svg",
        element("title", Svg(escape(title))),
        element("desc", Svg(escape(sentence))),
        *inside,
        css="chart-picture",
        role="img",
        aria_label=f"{title}. {sentence}",
        width="100%",
        height=height,
        xmlns="http://www.w3.org/2000/svg",
    )


def at(x: object, y: int, *inside: Svg) -> Svg:
    """Shapes around a point, which may be given in percent."""
    return element("svg", *inside, x=x, y=y, width=1, height=1, overflow="visible")


def mark(series: Series, x: object, y: int) -> Svg:
    """The mark of a category, its middle on the point; edged with paper so that it stands out from lines."""
    square = "M-4.5 -4.5H4.5V4.5H-4.5Z"
    diamond = "M0 -6L6 0L0 6L-6 0Z"
    return at(
        x,
        y,
        element(
            "path",
            css=series.css,
            d=square if series.mark is Mark.SQUARE else diamond,
            fill=series.colour,
            stroke=PAPER,
        ),
    )


def percent(part: int | Decimal, whole: int | Decimal, span: int) -> Decimal:
    """Where ``part`` of ``whole`` lies on ``span`` percent of the width; two decimals."""
    if not whole:
        return Decimal("0.00")
    return (Decimal(part) * span / Decimal(whole)).quantize(HUNDREDTH, ROUND_HALF_UP)


def lines_of(text: str, letters: int) -> list[str]:
    """The text broken between words into lines of at most ``letters``; a longer word keeps a line of its own."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(joined) > letters:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines
