"""The villages of a unit as a workbook."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter
from povertyplan.areas.choices import KINDS, Level, Setting
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count
from povertyplan.core.text import clean, first_upper
from povertyplan.exchange.kinds import Kind, register
from povertyplan.exchange.resources import Column, Line, RowsRefused, SheetResource
from povertyplan.exchange.widgets import ChoiceWidget, TextWidget
from povertyplan.villages.rules import bare_name
from povertyplan.villages.services import village_update, villages_add

NAME, KIND, SETTING = "Thôn", "Loại", "Khu vực"
USUAL_KIND = KINDS[Level.VILLAGE][0]


class VillageResource(SheetResource):
    """New ones are added in the order of the sheet; a village or a word that the sheet leaves out stays."""

    name = Column(attribute="name", column_name=NAME, widget=TextWidget(most=100), readonly=True)
    kind = Column(
        attribute="kind",
        column_name=KIND,
        widget=ChoiceWidget({kind: kind for kind in KINDS[Level.VILLAGE]}),
        saves_null_values=False,
    )
    setting = Column(
        attribute="setting", column_name=SETTING, widget=ChoiceWidget(dict(Setting.choices)), saves_null_values=False
    )

    sheet = "Thôn"
    required = (NAME,)
    aliases = {first_upper(kind): NAME for kind in KINDS[Level.VILLAGE]} | {"Tên thôn": NAME, "Tên": NAME}
    explained = {
        NAME: "Tên, không kèm chữ chỉ loại. Thứ tự các dòng mới là thứ tự in trong bảng.",
        KIND: f"{', '.join(KINDS[Level.VILLAGE])}; văn bản in đúng chữ này. Để trống là «{USUAL_KIND}».",
        SETTING: "nông thôn hoặc thành thị; thôn mới để trống là theo đơn vị.",
    }

    def __init__(self, *, unit: Area, year: int, by: User | None) -> None:
        self.villages = {village.pk: village for village in Area.objects.villages_of(unit).valid_in_year(year)}
        super().__init__(unit=unit, year=year, by=by)

    def stored(self) -> list[Line]:
        return [
            Line(key=village.name, pk=village.pk, name=village.name, kind=village.kind, setting=village.setting)
            for village in self.villages.values()
        ]

    def key_of(self, row: Mapping[str, Any]) -> str:
        """The stored spelling where only capitals differ."""
        typed = self.fields["name"].widget.clean(row[NAME])
        name = bare_name(typed, clean(str(row.get(KIND) or "")).lower() or USUAL_KIND)
        if not name:
            raise ValueError("Chưa ghi tên thôn.")
        if name in self.known:
            return name
        return next((known for known in self.known if known.casefold() == name.casefold()), name)

    def skip_row(self, instance: Line, original: Line, *args: Any, **kwargs: Any) -> bool:
        """A new village may be no more than its name."""
        return instance.pk is not None and super().skip_row(instance, original, *args, **kwargs)

    def title_of(self, line: Line) -> str:
        return f"{line.kind} {line.name}"

    def notes(self, lines: Sequence[Line]) -> list[str]:
        return new_told(sum(line.pk is None for line in lines), unit=self.unit, year=self.year)

    def write(self, lines: Iterable[Line]) -> None:
        refused: dict[str, Mapping[str, list[str]]] = {}
        written = list(lines)
        new = {line.key: line for line in written if line.pk is None}
        try:
            made = villages_make(
                by=self.by,
                unit=self.unit,
                year=self.year,
                wanted=[(key, line.kind or USUAL_KIND, key) for key, line in new.items()],
            )
        except RowsRefused as error:
            refused |= error.by_row
        else:
            for key, village in made.items():
                if setting := new[key].setting:
                    village_update(by=self.by, village=village, version=village.version, setting=setting)
        for line, village in ((line, self.villages[line.pk]) for line in written if line.pk is not None):
            try:
                village_update(
                    by=self.by, village=village, version=village.version, kind=line.kind, setting=line.setting
                )
            except ValidationError as error:
                refused[line.key] = {"name": error.messages}
        if refused:
            raise RowsRefused(refused)


def day_of_new(unit: Area, year: int) -> datetime.date:
    """From when villages of a workbook exist: a first list from the day of the unit, a later one from its year."""
    is_first = not Area.objects.villages_of(unit).exists()
    return unit.valid_from if is_first else max(unit.valid_from, datetime.date(year, 1, 1))


def new_told(count: int, *, unit: Area, year: int) -> list[str]:
    """The sentence that so many villages will be made, and their day, which no column says."""
    if not count:
        return []
    day = format_date(day_of_new(unit, year))
    return [f"Lập {format_count(count)} thôn mới, có từ ngày {day}. Ngày khác thì sửa ở trang «Thôn» sau khi ghi."]


def villages_make(*, by: User | None, unit: Area, year: int, wanted: Sequence[tuple[str, str, str]]) -> dict[str, Area]:
    """New villages by the keys of their rows, in the order of ``wanted``: (key of the row, kind, name).

    They exist from ``day_of_new``.

    Raises RowsRefused with what is wrong in every row.
    """
    made: dict[str, Area] = {}
    refused: dict[str, dict[str, list[str]]] = {}
    day = day_of_new(unit, year)
    for kind, group in groupby(wanted, key=lambda one: one[1]):
        keys = {name: key for key, _, name in group}
        try:
            villages = villages_add(by=by, unit=unit, names=list(keys), kind=kind, valid_from=day)
            made |= zip(keys.values(), villages, strict=True)
        except ValidationError as error:
            for sentence in error.messages:  # the service names each village before what is wrong with it
                key = next((key for name, key in keys.items() if sentence.startswith(f"{name}: ")), wanted[0][0])
                refused.setdefault(key, {}).setdefault("name", []).append(sentence)
    if refused:
        raise RowsRefused(refused)
    return made


def register_kinds() -> None:
    register(
        Kind(
            key="villages",
            label="Danh sách thôn",
            slug="danh-sach-thon",
            resource=VillageResource,
            permission=can_enter,
            fits=lambda unit: unit.level == Level.COMMUNE,
            position=1,
        )
    )
