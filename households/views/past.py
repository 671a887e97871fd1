"""The list that was recognised on paper, typed village after village and recorded at once."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from households.choices import LISTED, Category
from households.forms.past import CHOICES, CorrectForm, PastForm, Typed, carried, persons_of, read_typed
from households.models import Household, Recognised, ReviewRound
from households.selectors.counts import last_day_shown
from households.selectors.past import (
    PastRow,
    decisions_of,
    is_past,
    later_recognised,
    page_rows,
    periodic_of,
    recorded,
    villages_with_households,
)
from households.services import past as services
from households.views.round_answers import is_number
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.numbers import NotACount, format_count
from povertyplan.core.pages import put_errors


@dataclass(frozen=True, kw_only=True)
class Line:
    """A household on the page with what was typed for it."""

    row: PastRow
    category: str
    persons: str


@dataclass(frozen=True, kw_only=True)
class VillageTab:
    """A village to go to, with how many of its households are chosen so far."""

    pk: int
    name: str
    households: int
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The list that is recorded of the year: its round, last decision and rows by household; all empty before."""

    round: ReviewRound | None = None
    last: int = 0
    rows: dict[int, Recognised]


@require_http_methods(["GET", "POST"])
@unit_view
def past_list(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = periodic_of(unit=unit, year=year)
    decisions = decisions_of(round) if round else []
    later = later_recognised(round) if round and is_past(decisions) else None
    if round and (later or not is_past(decisions)):
        return render(request, "requests/past_closed.html", {"round": round, "later": later})
    stored = Recorded(rows={})
    if round:
        stored = Recorded(round=round, last=decisions[0].pk, rows=recorded(round))
    typed = {pk: Typed(category=row.category) for pk, row in stored.rows.items() if row.category in LISTED}
    if request.method == "POST":
        typed |= read_typed(request.POST)
    form = _form(request, unit, year, stored)
    if "save" not in request.POST:
        return _page(request, unit, year, stored, form, typed)
    if form.is_valid():
        try:
            said = _write(request, unit, year, round, form.cleaned_data, typed)
        except ValidationError as error:
            put_errors(form, _above(error))
        else:
            messages.success(request, said)
            return redirect(_url(unit, year))
    return _page(request, unit, year, stored, form, typed, status=422)


def _form(request: SignedRequest, unit: Area, year: int, stored: Recorded) -> PastForm | CorrectForm:
    """Read from the POST; while only another village is asked for, nothing is complained of."""
    data = request.POST if "save" in request.POST else None
    carried_on = {name: request.POST[name] for name in ("standard", "on", "paper", "reason") if name in request.POST}
    if stored.round:
        return CorrectForm(data, initial={"last": request.POST.get("last", stored.last)} | carried_on)
    return PastForm(data, unit=unit, year=year, initial=carried_on)


def _write(
    request: SignedRequest,
    unit: Area,
    year: int,
    round: ReviewRound | None,
    values: dict[str, Any],
    typed: dict[int, Typed],
) -> str:
    homes = Household.objects.of_unit(unit).in_bulk(list(typed))
    rows, wrong = [], []
    for pk, row in typed.items():
        if pk not in homes:
            continue
        try:
            rows.append({"household": homes[pk], "category": row.category, "persons": persons_of(row)})
        except NotACount as error:
            wrong.append(f"{homes[pk]}, số khẩu: {error}")
    if wrong:
        raise ValidationError(wrong)
    count = format_count(sum(row["category"] in LISTED for row in rows))
    if round:
        services.past_list_correct(by=request.user, round=round, rows=rows, **values)
        return f"Đã điều chỉnh danh sách năm {year}: {count} hộ nghèo, cận nghèo."
    services.past_list_record(by=request.user, unit=unit, year=year, rows=rows, **values)
    return f"Đã ghi danh sách năm {year}: {count} hộ nghèo, cận nghèo."


def _above(error: ValidationError) -> ValidationError:
    """Sentences about households stand above the form: the household may be on another village's page."""
    if not hasattr(error, "error_dict"):
        return error
    by_field = error.message_dict
    about = [sentence for field, sentences in by_field.items() if field.isdigit() for sentence in sentences]
    fields = {field: sentences for field, sentences in by_field.items() if not field.isdigit()}
    return ValidationError(fields | ({"__all__": about} if about else {}))


def _page(
    request: SignedRequest,
    unit: Area,
    year: int,
    stored: Recorded,
    form: PastForm | CorrectForm,
    typed: dict[int, Typed],
    *,
    status: int = 200,
) -> HttpResponse:
    day = (stored.round.recognised_on if stored.round else None) or last_day_shown(unit, year)
    villages = villages_with_households(unit=unit)
    shown = _asked_village(request, villages)
    rows = page_rows(unit=unit, village=shown, day=day, known=stored.rows) if shown else []
    listed = {pk for pk, row in typed.items() if row.category in LISTED}
    here = {pk for _, households in villages.values() for pk in households}
    kinds = Counter(row.category for pk, row in typed.items() if pk in here)
    context = {
        "form": form,
        "round": stored.round,
        "choices": CHOICES,
        "tabs": [
            VillageTab(pk=pk, name=name, households=len(listed & households), is_shown=pk == shown)
            for pk, (name, households) in villages.items()
        ],
        "lines": [_line(row, typed) for row in rows],
        "carried": carried(typed, but_for={row.household.pk for row in rows}),
        "poor": kinds[Category.POOR],
        "near_poor": kinds[Category.NEAR_POOR],
    }
    return render(request, "requests/past.html", context, status=status)


def _line(row: PastRow, typed: dict[int, Typed]) -> Line:
    known = typed.get(row.household.pk)
    if known is None:
        return Line(row=row, category=row.category, persons="")
    is_as_stored = known.category == row.category and not known.persons
    persons = str(row.recorded_persons or "") if is_as_stored else known.persons
    return Line(row=row, category=known.category, persons=persons)


def _asked_village(request: SignedRequest, villages: Collection[int]) -> int | None:
    """The village of the button that was pressed, else the one on the page, else the first."""
    for name in ("go", "village"):
        asked = request.POST.get(name, "") or request.GET.get(name, "")
        if is_number(asked) and int(asked) in villages:
            return int(asked)
    return next(iter(villages), None)


def _url(unit: Area, year: int) -> str:
    return reverse("requests:past", args=[unit.code, year])
