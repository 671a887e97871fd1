"""What the pages of rounds share: the round in scope, and the answer to a form."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from households.choices import RecognitionKind, Step
from households.models import Recognition, ReviewRound
from povertyplan.accounts.scope import SignedRequest
from povertyplan.areas.models import Area
from povertyplan.core import pages
from povertyplan.core.pages import button_answer

__all__ = ["button_answer", "form_answer", "is_number", "is_recorded", "round_or_404", "round_url", "step_url"]


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
    request: SignedRequest, form: BaseForm, write: Callable[[], str], *, template: str = "rounds/form.html", **page: Any
) -> HttpResponse:
    """``core.pages.form_answer`` with the form of a round."""
    return pages.form_answer(request, form, write, template=template, **page)
