"""A kind's sheet as an import-export resource: its columns, what is stored, and the one service that writes it."""

import copy
from abc import ABCMeta, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tablib
from django.db.models import NOT_PROVIDED
from import_export.declarative import DeclarativeMetaclass
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area


class Line:
    """A row as the columns see it; ``key`` tells rows apart, ``pk`` is that of what it is stored as."""

    def __init__(self, *, key: str, pk: int | None = None, **values: Any) -> None:
        self.key, self.pk = key, pk
        vars(self).update(values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __str__(self) -> str:
        return self.key


class _AbstractResource(DeclarativeMetaclass, ABCMeta):
    """Columns are declared as import-export has it; what a kind must say is abstract."""


class SheetResource(Resource, metaclass=_AbstractResource):
    """One sheet. Its fields are its columns: ``column_name`` the header, ``attribute`` the name in services.

    A kind says what is ``stored``, how a row finds its ``key`` there, and what service ``write`` calls.
    """

    sheet = ""
    required: tuple[str, ...] = ()
    explained: Mapping[str, str] = {}
    aliases: Mapping[str, str] = {}

    class Meta:
        skip_unchanged = True
        store_instance = True
        skip_html_diff = True
        use_transactions = False
        import_id_fields = ()
        instance_loader_class = BaseInstanceLoader

    def __init__(self, *, unit: Area, year: int, by: User | None) -> None:
        super().__init__()
        self.unit, self.year, self.by = unit, year, by
        self.known = {line.key: line for line in self.stored()}

    # What a kind says

    @abstractmethod
    def stored(self) -> Iterable[Line]:
        """Rows as they are stored, in the order of the sheet."""

    def blank(self) -> Iterable[Line]:
        """Rows of the workbook to fill in: what is known already; usually what is stored."""
        return self.known.values()

    @abstractmethod
    def key_of(self, row: Mapping[str, Any]) -> str:
        """Key of a row of the workbook. ValueError is the sentence for its first column."""

    @abstractmethod
    def write(self, lines: Iterable[Line]) -> None:
        """Write new and changed rows by one service, all or nothing.

        Raises RowsRefused with what is wrong in which row, or ValidationError about the whole.
        """

    def title_of(self, line: Line) -> str:
        """What people call a stored row."""
        return line.key

    def notes(self, lines: Sequence[Line]) -> list[str]:
        """Sentences to be told before new and changed rows are written: what is taken as given for them."""
        return []

    # How import-export asks for it

    def get_or_init_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> tuple[Line, bool]:
        key = row["key"]
        known = self.known.get(key)
        if known is None:
            return self.new_line(key), True
        return copy.copy(known), False

    def new_line(self, key: str) -> Line:
        """A row that is not stored yet, before its cells are read; its first column shows the key."""
        values = {column.attribute: column.default_of() for column in self.columns()}
        return Line(key=key, **values | {self.columns()[0].attribute: key})

    def save_instance(self, instance: Line, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Rows are written together, by ``write``."""

    # The sheet

    def columns(self) -> list["Column"]:
        return list(self.fields.values())

    def header_of(self, attribute: str) -> str:
        """Header of the column; of the first one for what has no column."""
        columns = self.columns()
        return next((column.column_name for column in columns if column.attribute == attribute), columns[0].column_name)

    def read(self, rows: Iterable[Mapping[str, Any]], *, headers: Iterable[str]) -> list[RowResult]:
        """Each row cleaned and compared with what is stored; a header that is absent leaves its values alone."""
        names = list(headers)
        data = tablib.Dataset(headers=["key", *names])
        for row in rows:
            data.append([row["key"], *(row[name] for name in names)])
        result = self.import_data(data, use_transactions=False)
        for found in result.rows:
            for error in found.errors:
                raise error.error
        return list(result.rows)

    def rendered(self, line: Line) -> list[Any]:
        """The cells of a row, numbers as numbers."""
        return [column.widget.render(column.get_value(line), line) for column in self.columns()]


class Column(Field):
    """A field whose missing value is ``default``, or None where it has none."""

    def default_of(self) -> Any:
        return None if self.default is NOT_PROVIDED else self.default


class RowsRefused(Exception):
    """``by_row``: «key» → attribute → sentences, of rows that a service refused."""

    def __init__(self, by_row: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.by_row = by_row
        super().__init__(f"{len(by_row)} rows refused")
