"""What a column of a target table is: which figure it shows, from what it is computed, how its head reads."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from povertyplan.core.numbers import format_count, format_rate
from targets.rules.figures import Figures


class Kind(StrEnum):
    COUNT = "count"
    RATE = "rate"


class Sign(StrEnum):
    """How two figures make a computed one."""

    OVER = "/"
    LESS = "−"
    AND = "+"


@dataclass(frozen=True, kw_only=True)
class Column:
    """``key`` is the number of the column, ``groups`` its upper heads from the top, ``name`` the figure that it shows.

    ``field`` is the typed count, empty for a computed cell; that one names the two figures that make it, ``operands``.
    """

    key: str
    groups: tuple[str, ...]
    label: str
    name: str
    kind: Kind = Kind.COUNT
    field: str = ""
    formula: str = ""
    sign: Sign | None = None
    operands: tuple[str, ...] = ()

    def value(self, figures: Figures) -> int | Decimal | None:
        """What stands in the cell; None while it is unknown."""
        found: int | Decimal | None = getattr(figures, self.name)
        return found

    @property
    def group(self) -> str:
        return self.groups[0] if self.groups else ""

    @property
    def title(self) -> str:
        """Its heads and label in one: «Hộ nghèo cuối năm – Tỷ lệ (%)»."""
        return " – ".join((*self.groups, self.label))

    @property
    def key_line(self) -> str:
        """What the formula row prints: «3», or «4=3/1»."""
        return f"{self.key}={self.formula}" if self.formula else self.key

    def text(self, value: int | Decimal | None) -> str:
        """The value as it is printed; nothing for an unknown."""
        return format_rate(None if value is None else Decimal(value)) if self.kind == Kind.RATE else _count(value)

    def why(self, operands: tuple[int | None, ...], value: int | Decimal | None) -> str:
        """From what a computed cell follows: «3 / 426 = 0,70 %», «11 − 2 = 9»; empty where nothing is known."""
        if self.sign is None or value is None or None in operands:
            return ""
        unit = " %" if self.kind == Kind.RATE else ""
        return f"{f' {self.sign} '.join(map(_count, operands))} = {self.text(value)}{unit}"


def _count(value: int | Decimal | None) -> str:
    return "" if value is None else format_count(int(value))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a table is printed. ``end_over_start``: its end rates stand over the households of the start."""

    columns: tuple[Column, ...]
    has_formula_row: bool = False
    total_first: bool = False
    end_over_start: bool = False

    @property
    def levels(self) -> int:
        """Rows of its head, labels included."""
        return 1 + max(len(column.groups) for column in self.columns)

    def showing(self, name: str) -> Column | None:
        """The column of a figure, if the layout has one."""
        return next((column for column in self.columns if column.name == name), None)
