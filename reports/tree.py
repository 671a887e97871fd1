"""The document as a tree: words in their final form, before any file format.

Every writer prints this and nothing else, so the page, the PDF and what follows them show the same words. Markers
(«I.», «1.1.», «a)») are text here, not numbering left to a writer.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum, StrEnum

from povertyplan.core.charts import Svg

LETTERS = "abcdđeghiklmnopqrstuvxy"  # the order of lettered points; no f, j, w, z
ROMANS = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Level(IntEnum):
    """Depth of a heading or an item: I. / 1. / 1.1. / 1.1.1. / a) / - / +"""

    SECTION = 1
    CLAUSE = 2
    SUBCLAUSE = 3
    SUBSUBCLAUSE = 4
    POINT = 5
    DASH = 6
    PLUS = 7


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Width(StrEnum):
    """How a column shares the width; FIT takes what its words need, FREE what the others leave."""

    NARROW = "narrow"
    MEDIUM = "medium"
    FIT = "fit"
    FREE = "free"


def roman(number: int) -> str:
    """1 as I, 4 as IV; for sections and annexes, so below ninety."""
    text = ""
    for value, mark in ROMANS:
        text += mark * (number // value)
        number %= value
    return text


def letter(number: int) -> str:
    """1 as a, 5 as đ; past y it starts again with two letters (aa, ab)."""
    text = ""
    while number:
        number, rest = divmod(number - 1, len(LETTERS))
        text = LETTERS[rest] + text
    return text


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A titled section, clause or subclause."""

    level: Level
    marker: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """A clause without a title, a lettered point, a dash, a plus."""

    level: Level
    marker: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """``text`` is what is printed; ``value`` what a spreadsheet would keep.

    A cell may reach over several ``rows``; those that it covers stand in their rows and are not printed.
    """

    text: str
    value: int | Decimal | str | None = None
    rows: int = 1
    is_covered: bool = False


@dataclass(frozen=True, kw_only=True)
class Column:
    """``groups`` are the heads above its label, from the top; a label reaches down over the rows that are left."""

    label: str
    groups: tuple[str, ...] = ()
    align: Align = Align.CENTRE
    width: Width = Width.FREE
    keep_on_line: bool = False


@dataclass(frozen=True, kw_only=True)
class HeaderCell:
    """``place`` is the first of its columns, counted from 0."""

    text: str
    place: int
    columns: int = 1
    rows: int = 1


HEADER_ROWS = 2  # at least: a table without groups keeps the height of the others


@dataclass(frozen=True, kw_only=True)
class Table:
    """Header rows, a row of column numbers and formulas unless there are none, the rows, their total, further lines.

    The total stands below the rows, or above them where ``total_first``.
    """

    columns: tuple[Column, ...]
    formulas: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    more_totals: tuple[tuple[Cell, ...], ...] = ()
    total_first: bool = False

    @property
    def totals(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(cells for cells in (self.total, *self.more_totals) if cells)

    @property
    def header(self) -> tuple[tuple[HeaderCell, ...], ...]:
        """Header rows from the top; neighbours under the same heads share one cell."""
        height = max(HEADER_ROWS, 1 + max(len(column.groups) for column in self.columns))
        return tuple(tuple(self._header_row(level, height)) for level in range(height))

    def _header_row(self, level: int, height: int) -> list[HeaderCell]:
        found: list[HeaderCell] = []
        above: tuple[str, ...] = ()
        for place, column in enumerate(self.columns):
            heads = column.groups[: level + 1]
            if len(heads) > level and heads == above:
                first = found.pop()
                found.append(HeaderCell(text=first.text, place=first.place, columns=first.columns + 1))
            elif len(heads) > level:
                found.append(HeaderCell(text=heads[level], place=place))
            elif len(column.groups) == level:
                found.append(HeaderCell(text=column.label, place=place, rows=height - level))
            above = heads if len(heads) > level else ()
        return found


@dataclass(frozen=True, kw_only=True)
class InText:
    """A table among the paragraphs, with what is said below it."""

    table: Table
    notes: tuple[str, ...] = ()


Block = Paragraph | Heading | Item | InText


@dataclass(frozen=True, kw_only=True)
class Header:
    """Issuer at the left, national title at the right; number and date may still have blanks."""

    issuer: tuple[str, ...]
    number: str
    place_and_date: str
    nation: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, kw_only=True)
class Title:
    """Type and subject, the subject in the lines it should break into."""

    kind: str
    subject: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Authority and post in capitals, then the name; an empty name leaves the space to be signed."""

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawing of figures, in pieces between which a page may break; ``sentence`` says in words what it shows."""

    pieces: tuple[Svg, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Annex:
    """Starts a page, turned on its side, and counts its own pages from 1; with a picture it stands upright and whole,
    under the one before where the page has room. ``label`` is empty when it stands alone.

    ``reference`` says to what it belongs, ``state`` how far its figures are approved.
    """

    label: str
    title: str
    reference: str
    table: Table
    state: str = ""
    picture: Picture | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Document:
    """``name`` is what a reader's window and the file's properties call it. A bare table has only an annex.

    A sample and a draft say so in the margin of every page.
    """

    name: str
    is_sample: bool
    is_draft: bool = False
    header: Header | None = None
    title: Title | None = None
    bases: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    recipients: tuple[str, ...] = ()
    signing: Signing | None = None
    annexes: tuple[Annex, ...] = ()


@dataclass
class Outline:
    """Collects blocks and writes their markers; a higher mark starts the lower ones again."""

    blocks: list[Block] = field(default_factory=list)
    counts: dict[Level, int] = field(default_factory=dict)

    def paragraph(self, text: str) -> None:
        self.blocks.append(Paragraph(text=text))

    def heading(self, level: Level, text: str) -> None:
        self.blocks.append(Heading(level=level, marker=self._mark(level), text=text))

    def item(self, level: Level, text: str) -> None:
        self.blocks.append(Item(level=level, marker=self._mark(level), text=text))

    def table(self, table: Table, notes: tuple[str, ...] = ()) -> None:
        self.blocks.append(InText(table=table, notes=notes))

    def _mark(self, level: Level) -> str:
        if level >= Level.DASH:
            return "-" if level == Level.DASH else "+"
        self.counts = {other: count for other, count in self.counts.items() if other <= level}
        self.counts[level] = number = self.counts.get(level, 0) + 1
        if level == Level.SECTION:
            return f"{roman(number)}."
        if level == Level.POINT:
            return f"{letter(number)})"
        return "".join(f"{self.counts.get(Level(step), 1)}." for step in range(Level.CLAUSE, level + 1))
