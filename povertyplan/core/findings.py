"""What a check says: one shape for errors, warnings and hints on every page and command."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"
    OK = "ok"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``place`` names the spot in words; ``anchor`` is its address on the page (``#…`` or a URL)."""

    severity: Severity
    code: str
    message: str
    place: str = ""
    anchor: str = ""
    remedy: str = ""
