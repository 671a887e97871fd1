"""Forms of who sees to a deprivation and of the households named for it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from povertyplan.areas.models import Area
from povertyplan.core.forms import CountField, TextField
from targets.forms.goals import LeadForm
from targets.models import DeprivationOwner


class OwnerForm(LeadForm):
    """Who leads, how many households, and how."""

    to_resolve = CountField(label="Số hộ giải quyết trong năm (hộ)", required=False)
    way = TextField(label="Cách làm", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    field_order = ("lead_department", "lead_body", "to_resolve", "way")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, unit: Area, year: int, owner: DeprivationOwner | None = None
    ) -> None:
        names = {
            "version": "version",
            "lead_department": "lead_department_id",
            "lead_body": "lead_body_id",
            "to_resolve": "to_resolve",
            "way": "way",
        }
        super().__init__(data, initial={name: getattr(owner, field) for name, field in names.items()} if owner else {})
        self._offer(unit, year)


class NamedForm(forms.Form):
    """Check boxes of the households that were shown: ``was`` are those that were named when the page was made."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.checked, self.was = _keys(data.getlist("named")), _keys(data.getlist("was"))

    @property
    def add(self) -> set[int]:
        return self.checked - self.was

    @property
    def drop(self) -> set[int]:
        return self.was - self.checked


def _keys(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isdecimal() and len(text) < 19}


class HouseholdFilterForm(forms.Form):
    """What of the households is shown; what was not understood counts as not chosen."""

    q = forms.CharField(required=False)
    village = forms.IntegerField(required=False)
    category = forms.ChoiceField(choices=[("poor", ""), ("near_poor", "")], required=False)
    show = forms.ChoiceField(choices=[("named", ""), ("not-named", "")], required=False)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
