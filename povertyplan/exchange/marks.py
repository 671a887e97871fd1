"""Whose workbook it is: written into the file's properties by us, checked where it is there."""

from typing import Any

from povertyplan.areas.models import Area
from povertyplan.exchange.cells import CellError, WorkbookRefused
from povertyplan.exchange.kinds import label_of

PREFIX = "povertyplan"
WORDS = {"kind": "bảng", "unit": "mã đơn vị", "year": "năm"}


def marks(*, kind: str, unit: Area, year: int) -> dict[str, str]:
    return {"kind": kind, "unit": unit.code, "year": str(year)}


def write_marks(book: Any, *, kind: str, unit: Area, year: int) -> None:
    told = ";".join(f"{name}={value}" for name, value in marks(kind=kind, unit=unit, year=year).items())
    book.properties.keywords = f"{PREFIX};{told}"


def check_marks(book: Any, *, kind: str, unit: Area, year: int) -> None:
    """A workbook made by hand has none. Raises WorkbookRefused where they say something else."""
    told = (book.properties.keywords or "").split(";")
    if told[0] != PREFIX:
        return
    found = dict(part.split("=", 1) for part in told[1:] if "=" in part)
    errors = [
        CellError(sheet="", cell="", message=_contradiction(name, found[name], value))
        for name, value in marks(kind=kind, unit=unit, year=year).items()
        if name in found and found[name] != value
    ]
    if errors:
        raise WorkbookRefused(errors)


def _contradiction(name: str, found: str, wanted: str) -> str:
    told = [label_of(value) if name == "kind" else value for value in (found, wanted)]
    return f"Tệp này ghi {WORDS[name]} «{told[0]}», không phải «{told[1]}»."
