"""What edit pages of a unit share: errors of a service on the form, and «somebody saved other values meanwhile»."""

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from povertyplan.core.versions import EditConflict

OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "version"})


def conflict_page(request: HttpRequest, conflict: EditConflict, *, back_url: str) -> HttpResponse:
    """Both values side by side; what was typed is sent again on the version of now if the person insists."""
    typed = [(name, value) for name, values in request.POST.lists() if name not in OWN_FIELDS for value in values]
    context = {
        "conflict": conflict,
        "hidden": [*typed, ("version", conflict.row.version)],
        "action": request.path,
        "back_url": back_url,
    }
    return render(request, "ui/conflict.html", context, status=409)


def put_errors(form: BaseForm, error: ValidationError) -> None:
    """The sentences of a service on the field they speak of, or above the form where it has no such field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in by_field.items():
        form.add_error(field if field in form.fields else None, sentences)
