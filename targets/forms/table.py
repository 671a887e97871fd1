"""What comes from the browser, turned into counts: the grid's cells and the form of the source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms

from povertyplan.core.forms import CountField, DayField, TextField
from povertyplan.core.numbers import NotACount, parse_count
from povertyplan.core.text import clean
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper
from targets.choices import LayoutName
from targets.models import TargetPlan
from targets.rules.figures import COUNTS
from targets.rules.rows import MOST, MOST_OF_A_VILLAGE

CELL = "cell-"
VERSION = "version-"
REMARK = "remark"


@dataclass
class Cells:
    """Typed cells of a POST: ``changes`` for the service, ``errors`` by «pk.field», and what was typed."""

    changes: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def without(self, keys: Iterable[str]) -> "Cells":
        """The same cells but for those named «pk.field»."""
        left = {
            pk: (version, {name: value for name, value in values.items() if f"{pk}.{name}" not in set(keys)})
            for pk, (version, values) in self.changes.items()
        }
        return Cells(changes={pk: row for pk, row in left.items() if row[1]}, errors=self.errors, typed=self.typed)


def read_cells(data: Mapping[str, str], *, is_of_units: bool = False) -> Cells:
    """Cells are named ``cell-<row>-<field>``; each row of a cell has its ``version-<row>``.

    ``is_of_units``: rows are units and count more than a village can.
    """
    cells = Cells()
    for name, value in data.items():
        pk, _, column = name.removeprefix(CELL).partition("-")
        if not name.startswith(CELL) or not is_key(pk) or column not in (*COUNTS, REMARK):
            continue
        version = data.get(f"{VERSION}{pk}", "")
        if not is_key(version):
            continue
        cells.typed[f"{pk}.{column}"] = value
        try:
            typed = clean(value) if column == REMARK else read_count(value, is_of_units=is_of_units)
        except NotACount as error:
            cells.errors[f"{pk}.{column}"] = [str(error)]
            continue
        cells.changes.setdefault(int(pk), (int(version), {}))[1][column] = typed
    return cells


def read_count(value: str, *, is_of_units: bool = False) -> int | None:
    """A typed count of a row, None for an empty one. Raises NotACount."""
    if not value.strip():
        return None
    number = parse_count(value)
    if number > (MOST if is_of_units else MOST_OF_A_VILLAGE):
        place = "một đơn vị" if is_of_units else "một thôn"
        raise NotACount(f"«{value.strip()}» lớn quá mức có thể của {place}.")
    return number


def is_key(text: str) -> bool:
    """A key or version as this page wrote it; the database takes no longer ones."""
    return text.isascii() and text.isdigit() and len(text) <= 9


def of_the_unit(label: str) -> CountField:
    """A count that a paper may state for the unit whole only."""
    return CountField(label=label, required=False, help_text="Số chung của đơn vị khi không có số từng thôn.")


class PlanSourceForm(forms.Form):
    """Where the start figures come from, persons known for the unit only, and how the table is printed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    source_paper = PaperChoice(
        Paper.objects.none(),
        required=False,
        label="Văn bản công bố kết quả rà soát",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )
    source_note = TextField(
        label="Nguồn tổng số hộ, nhân khẩu", required=False, max_length=300, help_text="Ví dụ: Công an xã cung cấp."
    )
    cut_off = DayField(label="Chốt số liệu ngày", required=False)
    layout = forms.ChoiceField(
        label="Mẫu bảng",
        choices=LayoutName.choices,
        help_text="Trên màn hình và bản in; số như nhau.",
    )
    poor_persons = of_the_unit("Khẩu nghèo đầu năm (khẩu)")
    near_poor_persons = of_the_unit("Khẩu cận nghèo đầu năm (khẩu)")
    minority_households = of_the_unit("Hộ dân tộc thiểu số (hộ)")
    minority_poor_households = of_the_unit("Hộ nghèo dân tộc thiểu số (hộ)")
    minority_near_poor_households = of_the_unit("Hộ cận nghèo dân tộc thiểu số (hộ)")

    def __init__(self, data: Mapping[str, Any] | None = None, *, plan: TargetPlan) -> None:
        initial = {name: getattr(plan, name) for name in ("version", *self.base_fields) if name != "source_paper"}
        super().__init__(data, initial=initial | {"source_paper": plan.source_paper_id})
        cast(PaperChoice, self.fields["source_paper"]).queryset = Paper.objects.to_choose(plan.unit)
