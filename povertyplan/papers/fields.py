"""Form fields of papers, for the forms of every app."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

OWN, NATIONAL = "Văn bản của đơn vị", "Văn bản trung ương"


class _InGroups(ModelChoiceIterator):
    """The papers one after the other, each run of a unit's own and of national ones under its heading."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for is_own, papers in groupby(self.queryset, lambda paper: paper.unit_id is not None):
            yield OWN if is_own else NATIONAL, [self.choice(paper) for paper in papers]


class PaperChoice(forms.ModelChoiceField):
    """A paper, shown as it is cited first, under the heading of who keeps it."""

    iterator = _InGroups

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_citation)
