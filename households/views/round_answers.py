"""What the pages of rounds share: the round in scope, and the answer to a form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from households.choices import Step
from households.models import ReviewRound
from povertyplan.accounts.scope import SignedRequest
from povertyplan.areas.models import Area
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict


def round_or_404(unit: Area, year: int, pk: int) -> ReviewRound:
    """The round of the unit and year, with what every page says of it."""
    rounds = ReviewRound.objects.select_related("unit", "standard", "board", "team", "plan_paper")
    return get_object_or_404(rounds.filter(unit=unit, year=year), pk=pk)


def is_number(text: str) -> bool:
    """The text may be the key of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def round_url(name: str, round: ReviewRound, unit: Area, *rest: Any) -> str:
    """Address of a page of the round: ``rounds:<name>``."""
    return reverse(f"rounds:{name}", args=[unit.code, round.year, round.pk, *rest])


def step_url(round: ReviewRound, unit: Area, step: Step) -> str:
    return round_url("step", round, unit, step.value)


def form_answer(
    request: SignedRequest,
    form: BaseForm,
    write: Callable[[], str],
    *,
    back_url: str,
    template: str = "rounds/form.html",
    **context: Any,
) -> HttpResponse:
    """Write what a valid form says, go back and say what was done; else the form with its errors."""
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


def button_answer(request: SignedRequest, form: BaseForm, write: Callable[[], str], *, back_url: str) -> HttpResponse:
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
