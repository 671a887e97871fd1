"""What the pages of the registry share: a household in scope, its address, a form that answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from households.models import Ethnicity, Household, Member
from households.selectors.one_household import household_rows
from povertyplan.areas.models import Area
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict


def list_url(unit: Area, year: int) -> str:
    return reverse("households:list", args=[unit.code, year])


def household_url(unit: Area, year: int, pk: int) -> str:
    return reverse("households:detail", args=[unit.code, year, pk])


def household_of(unit: Area, pk: int) -> Household:
    """A household of the unit, which is in scope already; 404 otherwise."""
    return get_object_or_404(household_rows().filter(unit=unit), pk=pk)


def present_members(household: Household) -> list[Member]:
    return list(Member.objects.present().filter(household=household).order_by("position", "pk"))


def ethnicities() -> list[Ethnicity]:
    return list(Ethnicity.objects.all())


def act(
    request: HttpRequest,
    form: BaseForm,
    *,
    do: Callable[[], Any],
    said: Callable[[Any], str],
    back_url: str,
    to: Callable[[Any], str] | None = None,
) -> HttpResponse | None:
    """Do it when the form is right: redirect with a sentence, or the page of the conflict; None to show the form."""
    if not form.is_valid():
        return None
    try:
        result = do()
    except EditConflict as conflict:
        return conflict_page(request, conflict, back_url=back_url)
    except ValidationError as error:
        put_errors(form, error)
        return None
    messages.success(request, said(result))
    return redirect(to(result) if to else back_url)


def form_page(
    request: HttpRequest,
    household: Household,
    form: BaseForm,
    *,
    title: str,
    submit: str,
    back_url: str,
    **context: Any,
) -> HttpResponse:
    """A form of one act on a household out of ``household_of``; ``notice`` says what will happen."""
    context |= {"household": household, "form": form, "title": title, "submit": submit, "back_url": back_url}
    return render(request, "households/act.html", context, status=422 if form.errors else 200)
