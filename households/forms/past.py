"""A list recognised on paper as it is typed, village after village."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from households.choices import LISTED, Category
from households.models import Standard
from povertyplan.areas.models import Area
from povertyplan.core.forms import DayField, Form, TextField
from povertyplan.core.numbers import parse_count
from povertyplan.papers.fields import PaperChoice
from povertyplan.papers.models import Paper

CATEGORY, PERSONS = "category-", "persons-"
TYPED = "typed"
CHOICES = [("", "không"), (Category.POOR.value, "nghèo"), (Category.NEAR_POOR.value, "cận nghèo")]


class PastForm(Form):
    """The decision on paper."""

    standard = forms.ChoiceField(label="Chuẩn nghèo áp dụng")
    on = DayField(label="Ngày quyết định công nhận")
    paper = PaperChoice(
        Paper.objects.none(),
        required=False,
        label="Quyết định",
        empty_label="Chưa chọn",
        help_text="Chưa có trong danh sách thì thêm ở mục Văn bản viện dẫn.",
    )

    def __init__(self, *args: Any, unit: Area, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PaperChoice, self.fields["paper"]).queryset = Paper.objects.to_choose(unit)
        standards = list(Standard.objects.order_by("-valid_from"))
        last_day = datetime.date(year, 12, 31)
        field = cast(forms.ChoiceField, self.fields["standard"])
        field.choices = [(standard.pk, standard.name) for standard in standards]
        in_force = (row.pk for row in standards if row.valid_from <= last_day <= (row.valid_to or last_day))
        self.initial.setdefault("standard", next(in_force, None))
        self._standards = {str(standard.pk): standard for standard in standards}

    def clean_standard(self) -> Standard:
        return self._standards[self.cleaned_data["standard"]]


class CorrectForm(Form):
    """Why a recorded list is corrected; ``last`` is the recognition that was read."""

    last = forms.IntegerField(widget=forms.HiddenInput)
    reason = TextField(label="Lý do điều chỉnh", max_length=500)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was chosen for a household; ``persons`` as typed."""

    category: str
    persons: str = ""


def read_typed(data: Mapping[str, str]) -> dict[int, Typed]:
    """Choices of all villages: those carried along, and over them those of the village on the page."""
    found: dict[int, Typed] = {}
    for part in data.get(TYPED, "").split(","):
        pk, _, rest = part.partition(":")
        category, _, persons = rest.partition(":")
        if _is_key(pk) and category in {"", *LISTED}:
            found[int(pk)] = Typed(category=category, persons=persons)
    for name, category in data.items():
        key = name.removeprefix(CATEGORY)
        if name.startswith(CATEGORY) and _is_key(key) and category in {"", *LISTED}:
            persons = data.get(f"{PERSONS}{key}", "").strip().replace(",", " ").replace(":", " ")
            found[int(key)] = Typed(category=category, persons=persons)
    return found


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def carried(typed: Mapping[int, Typed], *, but_for: set[int]) -> str:
    """What ``read_typed`` reads back, without the households on the page."""
    return ",".join(f"{pk}:{row.category}:{row.persons}" for pk, row in typed.items() if pk not in but_for)


def persons_of(row: Typed) -> int | None:
    """Raises NotACount."""
    return parse_count(row.persons) if row.persons and row.category else None
