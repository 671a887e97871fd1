"""From a workbook to the difference it would make, with every fault at its cell; nothing is written here."""

import hashlib
from collections.abc import Container, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

from import_export.results import RowResult

from povertyplan.core.numbers import format_count
from povertyplan.core.text import first_upper
from povertyplan.exchange.cells import CellError, Sheet, SheetRow, formulas_without_value, open_book, read_sheet
from povertyplan.exchange.marks import check_marks
from povertyplan.exchange.resources import Line, SheetResource

NEW, CHANGED, UNCHANGED, WRONG = "new", "changed", "unchanged", "wrong"
BLANK = (None, "")
STATES = {
    RowResult.IMPORT_TYPE_NEW: NEW,
    RowResult.IMPORT_TYPE_UPDATE: CHANGED,
    RowResult.IMPORT_TYPE_SKIP: UNCHANGED,
    RowResult.IMPORT_TYPE_INVALID: WRONG,
}


@dataclass(frozen=True, kw_only=True)
class CellChange:
    """A value that the workbook would change; both as they are written."""

    header: str
    attribute: str
    cell: str
    old: Any
    new: Any

    @property
    def empties(self) -> bool:
        """The workbook leaves blank what is stored with a value."""
        return self.old not in BLANK and self.new in BLANK

    @property
    def texts(self) -> tuple[str, str]:
        """Old and new as people read them; empty for blank."""
        return _text(self.old), _text(self.new)


def _text(value: Any) -> str:
    return format_count(value) if isinstance(value, int) else str(value or "")


@dataclass(frozen=True, kw_only=True)
class RowDifference:
    """``changes`` are all that the sheet says, also where a blank cell keeps what is stored."""

    number: int
    name: str
    state: str
    changes: tuple[CellChange, ...] = ()


@dataclass(kw_only=True)
class Checked:
    """What a workbook holds against what is stored. ``lines`` are the new and changed rows, to be written.

    ``notes`` are sentences about what writing it would leave alone or take as given.
    """

    sheet: Sheet
    rows: list[RowDifference]
    errors: list[CellError]
    lines: list[Line] = field(repr=False)
    numbers: dict[str, int] = field(repr=False)
    notes: list[str] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {"rows": len(self.rows), **{state: self.count(state) for state in (NEW, CHANGED, UNCHANGED)}}

    @property
    def emptied(self) -> int:
        """How many cells with a value the sheet leaves blank."""
        return sum(change.empties for row in self.rows for change in row.changes)

    @property
    def fingerprint(self) -> str:
        """Of the difference, whatever becomes of blank cells: what is written must be what was shown."""
        told = [
            (row.number, row.name, row.state == NEW, [(c.cell, c.old, c.new) for c in row.changes]) for row in self.rows
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def add_row_errors(self, by_row: Mapping[str, Mapping[str, list[str]]], resource: SheetResource) -> None:
        """What a service says of rows, at their cells."""
        for key, by_field in by_row.items():
            number = self.numbers.get(key)
            for attribute, sentences in by_field.items():
                cell = self.sheet.cell(number, resource.header_of(attribute)) if number else ""
                self.errors += [CellError(sheet=self.sheet.title, cell=cell, message=said) for said in sentences]

    def add_error(self, message: str) -> None:
        self.errors.append(CellError(sheet=self.sheet.title, cell="", message=message))


def check(file: BinaryIO, *, kind: str, resource: SheetResource, keep_blanks: bool = False) -> Checked:
    """A blank cell forgets what is stored, or with ``keep_blanks`` leaves it alone.

    Raises WorkbookRefused where the file is no such workbook, or is marked as another's.
    """
    data = file.read()
    headers = [column.column_name for column in resource.columns()]
    with closing(open_book(BytesIO(data))) as book:
        check_marks(book, kind=kind, unit=resource.unit, year=resource.year)
        sheet = read_sheet(
            book, headers=headers, required=resource.required, title=resource.sheet, aliases=resource.aliases
        )
    checked = _compare(sheet, resource, keep_blanks=keep_blanks)
    with closing(open_book(BytesIO(data), data_only=False)) as book:
        checked.errors += formulas_without_value(book, sheet)
    return checked


def _compare(sheet: Sheet, resource: SheetResource, *, keep_blanks: bool) -> Checked:
    errors: list[CellError] = []
    keyed: list[tuple[SheetRow, str]] = []
    numbers: dict[str, int] = {}
    first = resource.columns()[0].column_name
    for row in sheet.rows:
        try:
            key = resource.key_of(row.values)
            if key in numbers:
                raise ValueError(f"Trùng với dòng {numbers[key]}.")
        except ValueError as error:
            errors.append(CellError(sheet=sheet.title, cell=sheet.cell(row.number, first), message=str(error)))
            continue
        numbers[key] = row.number
        keyed.append((row, key))
    found = resource.read([row.values | {"key": key} for row, key in keyed], headers=sheet.columns)
    rows, lines = [], []
    for (row, key), result in zip(keyed, found, strict=True):
        state = STATES[result.import_type]
        errors += _errors_of(result, sheet, row, resource)
        changes = tuple(_changes(result.instance, resource, sheet, row, state))
        if keep_blanks and state == CHANGED:
            state = _kept(result.instance, resource.known[key], changes)
        if state in {NEW, CHANGED}:
            lines.append(result.instance)
        rows.append(RowDifference(number=row.number, name=key, state=state, changes=changes))
    wrong = {row.number for row, _ in keyed}
    rows += [RowDifference(number=row.number, name="", state=WRONG) for row in sheet.rows if row.number not in wrong]
    rows.sort(key=lambda row: row.number)
    if not rows:
        errors.append(CellError(sheet=sheet.title, cell="", message="Bảng chưa có dòng số liệu nào dưới dòng tiêu đề."))
    notes = [*_left_out(resource, numbers), *resource.notes(lines)]
    return Checked(sheet=sheet, rows=rows, errors=errors, lines=lines, numbers=numbers, notes=notes)


def _kept(line: Line, known: Line, changes: tuple[CellChange, ...]) -> str:
    """What the sheet leaves blank is as it is stored; the state of the row after that."""
    for change in changes:
        if change.empties:
            setattr(line, change.attribute, getattr(known, change.attribute))
    return UNCHANGED if all(change.empties for change in changes) else CHANGED


def _left_out(resource: SheetResource, numbers: Container[str]) -> Iterator[str]:
    absent = [resource.title_of(line) for key, line in resource.known.items() if key not in numbers]
    if absent:
        yield f"{first_upper(', '.join(absent))} không có trong tệp, giữ số đã lưu."


def _errors_of(result: RowResult, sheet: Sheet, row: SheetRow, resource: SheetResource) -> Iterator[CellError]:
    if result.validation_error is None:
        return
    for attribute, sentences in result.validation_error.message_dict.items():
        cell = sheet.cell(row.number, resource.header_of(attribute))
        yield from (CellError(sheet=sheet.title, cell=cell, message=said) for said in sentences)


def _changes(
    line: Line | None, resource: SheetResource, sheet: Sheet, row: SheetRow, state: str
) -> Iterator[CellChange]:
    if line is None or state not in {NEW, CHANGED}:
        return
    known = resource.known.get(line.key)
    for column in resource.columns():
        if column.column_name not in sheet.columns:
            continue
        old = column.widget.render(column.get_value(known)) if known else None
        new = column.widget.render(column.get_value(line))
        if old != new and (known or new not in BLANK):
            cell = sheet.cell(row.number, column.column_name)
            yield CellChange(header=column.column_name, attribute=column.attribute, cell=cell, old=old, new=new)
