"""The target table as a workbook: one row a place."""

import copy
import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from povertyplan.accounts.models import User
from povertyplan.areas.choices import KINDS, Level
from povertyplan.areas.models import Area
from povertyplan.core.text import first_upper, plain
from povertyplan.exchange.kinds import Kind, register
from povertyplan.exchange.resources import Column, Line, RowsRefused, SheetResource
from povertyplan.exchange.widgets import CountWidget, TextWidget
from povertyplan.villages.resources import USUAL_KIND, new_told, villages_make
from povertyplan.villages.rules import bare_name, leading_kind
from targets.models import TargetPlan, TargetRow
from targets.permissions import can_plan
from targets.selectors.places import places_of
from targets.selectors.start import recognised_start
from targets.services.tables import plan_open, rows_set

NAME, NAME_ABOVE = "Thôn", "Đơn vị"


def _count(attribute: str, header: str) -> Column:
    return Column(attribute=attribute, column_name=header, widget=CountWidget())


class TargetResource(SheetResource):
    """Headers of the contract; in a unit without villages it makes them, elsewhere an unknown one is an error."""

    name = Column(attribute="name", column_name=NAME, widget=TextWidget(most=100), readonly=True)
    households = _count("households", "Tổng số hộ")
    population = _count("population", "Nhân khẩu")
    poor_households = _count("poor_households", "Hộ nghèo đầu năm")
    near_poor_households = _count("near_poor_households", "Hộ cận nghèo đầu năm")
    expected_households = _count("expected_households", "Tổng số hộ cuối năm")
    poor_reduction = _count("poor_reduction", "Số hộ nghèo giảm")
    near_poor_reduction = _count("near_poor_reduction", "Số hộ cận nghèo giảm")
    poor_persons = _count("poor_persons", "Khẩu nghèo đầu năm")
    near_poor_persons = _count("near_poor_persons", "Khẩu cận nghèo đầu năm")
    minority_households = _count("minority_households", "Hộ DTTS")
    minority_poor_households = _count("minority_poor_households", "Hộ nghèo DTTS")
    minority_near_poor_households = _count("minority_near_poor_households", "Hộ cận nghèo DTTS")
    poor_increase = _count("poor_increase", "Hộ nghèo phát sinh, tái nghèo dự kiến")
    near_poor_increase = _count("near_poor_increase", "Hộ cận nghèo phát sinh, tái cận nghèo dự kiến")
    remark = Column(attribute="remark", column_name="Ghi chú", widget=TextWidget(), default="")

    sheet = "Chỉ tiêu"
    explained = {
        "Thôn": "Tên như trong danh sách của đơn vị. Đơn vị chưa có thôn nào thì các thôn được lập theo bảng này, "
        "không phải thôn thì ghi kèm loại: «làng Thượng».",
        "Đơn vị": "Tên xã, phường (hoặc huyện) trực thuộc, ghi cả loại khi trùng tên.",
        "Tổng số hộ": "Số hộ dân cư đầu năm.",
        "Nhân khẩu": "Số nhân khẩu đầu năm.",
        "Hộ nghèo đầu năm": "Theo kết quả rà soát năm trước.",
        "Hộ cận nghèo đầu năm": "Theo kết quả rà soát năm trước.",
        "Tổng số hộ cuối năm": "Dự kiến; để trống là như đầu năm.",
        "Số hộ nghèo giảm": "Giảm thực: đầu năm trừ cuối năm.",
        "Số hộ cận nghèo giảm": "Giảm thực: đầu năm trừ cuối năm.",
        "Khẩu nghèo đầu năm": "Số nhân khẩu của các hộ nghèo đầu năm.",
        "Khẩu cận nghèo đầu năm": "Số nhân khẩu của các hộ cận nghèo đầu năm.",
        "Hộ DTTS": "Số hộ dân tộc thiểu số trong tổng số hộ đầu năm.",
        "Hộ nghèo DTTS": "Số hộ dân tộc thiểu số trong các hộ nghèo đầu năm.",
        "Hộ cận nghèo DTTS": "Số hộ dân tộc thiểu số trong các hộ cận nghèo đầu năm.",
        "Hộ nghèo phát sinh, tái nghèo dự kiến": "Số hộ dự kiến thành hộ nghèo trong năm, kể cả tái nghèo.",
        "Hộ cận nghèo phát sinh, tái cận nghèo dự kiến": "Số hộ dự kiến thành hộ cận nghèo trong năm, "
        "kể cả tái cận nghèo.",
        "Ghi chú": "Chữ in ở cột ghi chú của bảng.",
    }

    def __init__(self, *, unit: Area, year: int, by: User | None) -> None:
        self.places = list(places_of(unit, year))
        self.by_word = _by_word(self.places)
        self.new_titles: dict[str, str] = {}
        super().__init__(unit=unit, year=year, by=by)
        is_above = unit.level != Level.COMMUNE
        first = NAME_ABOVE if is_above else NAME
        self.fields["name"].column_name = first
        needed = ("households", "poor_households", "near_poor_households", "poor_reduction", "near_poor_reduction")
        self.required = (first, *(self.fields[name].column_name for name in needed))
        words = ("Xã", "Xã, phường", "Huyện", NAME) if is_above else tuple(map(first_upper, KINDS[Level.VILLAGE]))
        self.aliases = dict.fromkeys(words, first)

    def stored(self) -> list[Line]:
        rows = TargetRow.objects.filter(unit=self.unit, plan__year=self.year).for_table()
        return [self._line(row.place, row) for row in rows]

    def blank(self) -> list[Line]:
        """What is stored; where that is blank, the start as last year's review recognised it."""
        start = recognised_start(unit=self.unit, year=self.year) or {}
        rows = [(self.known.get(place.title) or self._line(place), start.get(place.pk, {})) for place in self.places]
        return [_filled(line, counts) for line, counts in rows]

    def _line(self, place: Area, row: TargetRow | None = None) -> Line:
        values = {name: getattr(row, name, column.default_of()) for name, column in self.fields.items()}
        shown = place.name if self.unit.level == Level.COMMUNE else place.title
        return Line(key=place.title, pk=place.pk, **values | {"name": shown})

    def key_of(self, row: Mapping[str, Any]) -> str:
        column = self.fields["name"]
        typed = column.widget.clean(row[column.column_name])
        if not typed:
            raise ValueError("Chưa ghi tên.")
        if not self.places and self.unit.level == Level.COMMUNE:
            return self._new_title(typed)
        place = self.by_word.get(typed.casefold())
        if place is None:
            raise ValueError(f"{self.unit.title} không có «{typed}».{self._nearest(typed)}")
        return place.title

    def _new_title(self, typed: str) -> str:
        """Of a village to be made: the same one however its capitals are written."""
        kind = leading_kind(typed) or USUAL_KIND
        title = first_upper(f"{kind} {bare_name(typed, kind)}")
        return self.new_titles.setdefault(title.casefold(), title)

    def _nearest(self, typed: str) -> str:
        words = {plain(word): place for word, place in self.by_word.items()}
        near = difflib.get_close_matches(plain(typed), words, n=1, cutoff=0.5)
        return f" Gần nhất là «{words[near[0]]}»." if near else ""

    def notes(self, lines: Sequence[Line]) -> list[str]:
        return [] if self.places else new_told(len(lines), unit=self.unit, year=self.year)

    def write(self, lines: Iterable[Line]) -> None:
        written = list(lines)
        places = {place.title: place for place in self.places} or self._made([line.key for line in written])
        by_place = {places[line.key].pk: line for line in written}
        plan = TargetPlan.objects.select_for_update(no_key=True).filter(unit=self.unit, year=self.year).first()
        self._refuse_changed_meanwhile()
        try:
            rows_set(
                by=self.by,
                plan=plan or plan_open(by=self.by, unit=self.unit, year=self.year),
                rows={pk: self._changes(line) for pk, line in by_place.items()},
            )
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                raise
            raise RowsRefused(_by_row(error, by_place)) from error

    def _made(self, titles: list[str]) -> dict[str, Area]:
        kinds = {title: leading_kind(title) for title in titles}
        wanted = [(title, kind, bare_name(title, kind)) for title, kind in kinds.items()]
        return villages_make(by=self.by, unit=self.unit, year=self.year, wanted=wanted)

    def _refuse_changed_meanwhile(self) -> None:
        """Under the lock of the plan the rows must be those that the sheet was compared with."""
        if {line.key: vars(line) for line in self.stored()} != {key: vars(line) for key, line in self.known.items()}:
            raise ValidationError("Số liệu trong phần mềm vừa thay đổi nên chưa ghi gì. Nạp lại tệp.")

    def _changes(self, line: Line) -> dict[str, Any]:
        """Only what the sheet changes: a cell that it leaves alone stays as it is stored."""
        known = self.known.get(line.key)
        names = [name for name in self.fields if name != "name"]
        return {
            name: getattr(line, name) for name in names if known is None or getattr(line, name) != getattr(known, name)
        }


def _filled(line: Line, counts: Mapping[str, int]) -> Line:
    filled = copy.copy(line)
    vars(filled).update({name: count for name, count in counts.items() if getattr(line, name) is None})
    return filled


def _by_word(places: Iterable[Area]) -> dict[str, Area]:
    """Places by what people may write: the whole title, or the bare name where only one bears it."""
    named = list(places)
    bare = Counter(place.name.casefold() for place in named)
    return {place.name.casefold(): place for place in named if bare[place.name.casefold()] == 1} | {
        str(place).casefold(): place for place in named
    }


def _by_row(error: ValidationError, by_place: Mapping[int, Line]) -> dict[str, dict[str, list[str]]]:
    """«<place pk>.<field>» of the service as rows and columns of the sheet."""
    found: dict[str, dict[str, list[str]]] = {}
    for where, sentences in error.message_dict.items():
        pk, _, name = where.partition(".")
        found.setdefault(by_place[int(pk)].key, {})[name] = sentences
    return found


def register_kinds() -> None:
    register(
        Kind(
            key="targets",
            label="Chỉ tiêu giảm nghèo từng thôn",
            slug="chi-tieu",
            resource=TargetResource,
            permission=can_plan,
            fits=lambda unit: unit.level != Level.VILLAGE,
            position=2,
        )
    )
