"""Form fields of papers, for the forms of every app."""

from typing import Any

from django import forms


class PaperChoice(forms.ModelChoiceField):
    """A paper, shown as it is cited first."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_citation)
