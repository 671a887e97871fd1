"""What edit pages of a unit share: errors of a service on the form, and «somebody saved other values meanwhile»."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from povertyplan.core.dates import format_date
from povertyplan.core.forms import VersionForm
from povertyplan.core.models import Versioned
from povertyplan.core.versions import EditConflict

OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "version"})


def conflict_page(request: HttpRequest, conflict: EditConflict, *, back_url: str) -> HttpResponse:
    """Both values side by side; if the person insists, what they changed is sent again on the version of now."""
    context = {
        "conflict": conflict,
        "hidden": [*_to_send_again(request, conflict), ("version", conflict.row.version)],
        "action": request.path,
        "back_url": back_url,
    }
    return render(request, "ui/conflict.html", context, status=409)


def _to_send_again(request: HttpRequest, conflict: EditConflict) -> Iterator[tuple[str, Any]]:
    """What was typed; but a field of the row that the person left alone goes with the value stored meanwhile."""
    row = conflict.row
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    for name, values in request.POST.lists():
        if name in OWN_FIELDS:
            continue
        if name in columns and name not in conflict.mine:
            yield name, _as_typed(getattr(row, columns[name]))
        else:
            yield from ((name, value) for value in values)


def _as_typed(value: Any) -> Any:
    if value is None or value is False:
        return ""
    return format_date(value) if isinstance(value, datetime.date) else value


def put_errors(form: BaseForm, error: ValidationError) -> None:
    """The sentences of a service on the field they speak of, or above the form where it has no such field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in by_field.items():
        form.add_error(field if field in form.fields else None, sentences)


def form_answer(
    request: HttpRequest, form: BaseForm, write: Callable[[], str], *, back_url: str, template: str, **context: Any
) -> HttpResponse:
    """Write what a valid form says, go back and say what was done; else the form with its errors.

    ``write`` calls one service and returns the sentence of what it did.
    """
    if form.is_valid():
        try:
            said = write()
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=back_url)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, said)
            return redirect(back_url)
    page = {"form": form, "back_url": back_url, **context}
    return render(request, template, page, status=422 if form.errors else 200)


def button_answer(request: HttpRequest, form: BaseForm, write: Callable[[], str], *, back_url: str) -> HttpResponse:
    """A button without a page of its own: do it, go back, and say what was done or why it was not."""
    try:
        if not form.is_valid():
            raise ValidationError([sentence for sentences in form.errors.values() for sentence in sentences])
        messages.success(request, write())
    except EditConflict as conflict:
        return conflict_page(request, conflict, back_url=back_url)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    return redirect(back_url)


def removal_answer(
    request: HttpRequest, row: Versioned, remove: Callable[[int], str], *, back_url: str, **context: Any
) -> HttpResponse:
    """First what will go, in the words of ``ui/confirm.html``; then the removal of the version that was shown.

    ``remove`` calls one service with that version and returns the sentence of what it did.
    """
    if request.method == "POST":
        form = VersionForm(request.POST)
        return button_answer(request, form, lambda: remove(form.cleaned_data["version"]), back_url=back_url)
    context |= {"action": request.path, "back_url": back_url, "hidden": [("version", row.version)]}
    return render(request, "ui/confirm.html", context)
