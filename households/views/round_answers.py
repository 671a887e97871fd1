"""What the pages of rounds share: the round in scope, and the answer to a form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from households.choices import RecognitionKind, Step
from households.models import Recognition, ReviewRound
from povertyplan.accounts.scope import SignedRequest
from povertyplan.areas.models import Area
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict


def round_or_404(unit: Area, year: int, pk: int) -> ReviewRound:
    """The round of the unit and year, with what every page says of it and ``is_recorded`` (from paper)."""
    rounds = ReviewRound.objects.select_related("unit", "standard", "board", "team", "plan_paper")
    recorded = Recognition.objects.filter(round=OuterRef("pk"), kind=RecognitionKind.PAST)
    return get_object_or_404(rounds.filter(unit=unit, year=year).annotate(is_recorded=Exists(recorded)), pk=pk)


def is_recorded(round: ReviewRound) -> bool:
    """A list written down from paper: it has no steps and no forms. Of a round that ``round_or_404`` found."""
    return bool(vars(round)["is_recorded"])


def is_number(text: str) -> bool:
    """The text may be the key of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def round_url(name: str, round: ReviewRound, unit: Area, *rest: Any) -> str:
    """Address of a page of the round: ``rounds:<name>``."""
    return reverse(f"rounds:{name}", args=[unit.code, round.year, round.pk, *rest])


def step_url(round: ReviewRound, unit: Area, step: Step) -> str:
    """The page of the step; of a recorded list, which has none, that of the round. For ``round_or_404``."""
    return round_url("detail", round, unit) if is_recorded(round) else round_url("step", round, unit, step.value)


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
