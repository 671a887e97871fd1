"""Counts of villages as they are typed: one source and day, a row of cells for each village."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms

from households.choices import MinorityBasis
from households.models import RegistrySetting, VillageCount
from households.rules.counts import FIELDS
from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, TextField
from povertyplan.core.numbers import NotACount, parse_count
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper

CELL, VERSION = "cell-", "version-"
MAX_COUNT = 1_000_000
LONGEST_NUMBER = 10


class CutOffForm(Form):
    """Where the figures of a day come from."""

    cut_off = DayField(label="Chốt số liệu ngày")
    source = TextField(label="Nguồn", max_length=300, help_text="Nơi cung cấp, ví dụ Công an xã.")
    paper = PaperChoice(
        Paper.objects.none(),
        required=False,
        label="Văn bản",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )

    def __init__(self, *args: Any, unit: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PaperChoice, self.fields["paper"]).queryset = Paper.objects.to_choose(unit)


class CountingForm(Form):
    """How the unit counts, from a day on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = DayField(label="Từ ngày")
    minority_basis = forms.ChoiceField(
        label="Hộ dân tộc thiểu số là hộ nào", choices=MinorityBasis, widget=forms.RadioSelect
    )
    is_complete = forms.BooleanField(
        label="Sổ hộ có đủ mọi hộ dân cư",
        required=False,
        help_text="Khi đó tổng số hộ, nhân khẩu đếm từ sổ hộ, không lấy số nhập ở trang này.",
    )

    def __init__(self, data: Any = None, *, setting: RegistrySetting | None, today: datetime.date) -> None:
        initial: dict[str, Any] = {"valid_from": today, "minority_basis": MinorityBasis.HEAD}
        if setting:
            initial |= {name: getattr(setting, name) for name in ("version", "minority_basis", "is_complete")}
        super().__init__(data, initial=initial)


@dataclass
class CountCells:
    """Cells of a POST: counts and versions by village, what was typed and what is no number by «village.field»."""

    rows: dict[int, dict[str, int | None]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


def read_counts(data: Mapping[str, str], villages: list[Area]) -> CountCells:
    """Cells of these villages; a village with no cell in the POST is left out."""
    cells = CountCells()
    for village in villages:
        names = {name: f"{CELL}{village.pk}-{name}" for name in FIELDS}
        if not any(name in data for name in names.values()):
            continue
        version = data.get(f"{VERSION}{village.pk}", "0")
        cells.versions[village.pk] = _version(version)
        cells.rows[village.pk] = {}
        for name, key in names.items():
            text = data.get(key, "").strip()
            cells.typed[f"{village.pk}.{name}"] = text
            try:
                cells.rows[village.pk][name] = _count(text)
            except NotACount as error:
                cells.errors[f"{village.pk}.{name}"] = [str(error)]
    return cells


def _version(text: str) -> int:
    """0, which no stored row has, for what is no version."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


def _count(text: str) -> int | None:
    number = parse_count(text) if text else None
    if number is not None and number > MAX_COUNT:
        raise NotACount(f"«{text}» lớn quá mức có thể của một thôn.")
    return number


def cells_again(cells: CountCells, row: VillageCount, mine: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The cells to send again after a conflict on ``row``: mine where I changed them, else what is stored now."""
    pairs: list[tuple[str, Any]] = []
    for key, text in cells.typed.items():
        village, _, name = key.partition(".")
        is_theirs = int(village) == row.village_id and name not in mine
        pairs.append((f"{CELL}{village}-{name}", getattr(row, name) if is_theirs else text))
    for village_id, version in cells.versions.items():
        pairs.append((f"{VERSION}{village_id}", row.version if village_id == row.village_id else version))
    return pairs
