"""What of the consolidated table is shown, and in which order; everything stands in the address."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from django import forms

from povertyplan.core.text import clean, first_upper
from targets.choices import PlanState
from targets.rules.consolidated import (
    ASSIGNED,
    COMPARISON,
    MISSING,
    MORE,
    NAME,
    NO_PLAN_WORD,
    NONE,
    PLANNED,
    Column,
    Line,
)

MISSING_WORD = "chưa trình duyệt"


class Show(StrEnum):
    """Which columns."""

    PLANNED = "planned"
    ASSIGNED = "assigned"
    COMPARISON = "comparison"
    MORE = "more"


SHOWN: dict[Show, tuple[str, tuple[Column, ...]]] = {
    Show.PLANNED: ("Kế hoạch năm", PLANNED),
    Show.ASSIGNED: ("So với chỉ tiêu giao", ASSIGNED),
    Show.COMPARISON: ("So với năm trước", COMPARISON),
    Show.MORE: ("Nghèo đa chiều, dân tộc thiểu số", MORE),
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What was understood of the address; the rest counts as not chosen."""

    show: Show
    sort: str
    words: str
    state: str
    above: str
    is_short: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        return SHOWN[self.show][1]

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.state or self.above or self.is_short)


class FilterForm(forms.Form):
    """Choices say how many units each of them leaves."""

    show = forms.ChoiceField(choices=[(show, show) for show in Show], required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Tên hoặc mã đơn vị (không cần dấu)", required=False)
    state = forms.ChoiceField(label="Tình trạng", required=False)
    above = forms.ChoiceField(label="Huyện", required=False)
    short = forms.BooleanField(label="Thấp hơn chỉ tiêu giao", required=False)

    def __init__(self, data: Mapping[str, Any], *, lines: Iterable[Line]) -> None:
        super().__init__(data)
        known = list(lines)
        numbers = Counter(line.state or NONE for line in known)
        numbers[MISSING] = sum(line.is_missing for line in known)
        words = {MISSING: MISSING_WORD, NONE: NO_PLAN_WORD} | dict(PlanState.choices)
        states = [(state, f"{first_upper(word)} ({numbers[state]})") for state, word in words.items()]
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", f"Mọi tình trạng ({len(known)})"), *states]
        districts = sorted({line.above for line in known if line.above})
        if districts:
            choices = [(name, first_upper(name)) for name in districts]
            cast(forms.ChoiceField, self.fields["above"]).choices = [("", "Mọi huyện"), *choices]
        else:
            del self.fields["above"]

    def chosen(self) -> Chosen:
        self.is_valid()
        values = self.cleaned_data
        return Chosen(
            show=Show(values.get("show") or Show.PLANNED),
            sort=values.get("sort") or NAME,
            words=clean(values.get("q") or ""),
            state=values.get("state") or "",
            above=values.get("above") or "",
            is_short=bool(values.get("short")),
        )
