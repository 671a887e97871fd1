"""A quota spread over the places of a table: methods side by side, one explained, one taken."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count, format_rate
from povertyplan.core.versions import EditConflict
from targets.choices import Method, QuotaSubject
from targets.forms.allocation import START_WEIGHT, AskForm, Shares, read_shares
from targets.models import TargetPlan
from targets.permissions import can_plan
from targets.rules.allocation import CannotAllocate, Place, Terms, allocate
from targets.rules.quotas import Requirement
from targets.selectors.allocation import (
    KINDS,
    Kind,
    asked_for,
    cells_of,
    compared,
    last_take,
    places_for,
    replaced_by,
    stored_reductions,
    usual_number,
)
from targets.selectors.tables import TargetTable, target_table
from targets.services.allocation import DIFFERS, allocation_take

BEFORE = "before"
STALE = "{row} vừa được {who} sửa lúc {when}. Chưa ghi gì; xem lại theo số mới rồi ghi."


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What the page is about: the table, the kind, how many households, by which weight."""

    table: TargetTable
    plan: TargetPlan
    kind: Kind
    places: tuple[Place, ...]
    requirement: Requirement | None
    form: AskForm
    number: int | None
    terms: Terms

    @property
    def weight(self) -> str:
        """As people write it."""
        return format_rate(self.form.cleaned_data.get("weight") or START_WEIGHT)

    @property
    def query(self) -> str:
        """The same question in an address."""
        number = "" if self.number is None else self.number
        return urlencode({"kind": self.kind.subject.value, "number": number, "weight": self.weight})


@require_GET
@unit_view
def allocation(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Methods side by side for one number of households."""
    ask = _ask(request.GET, unit, year)
    if ask is None:
        return render(request, "targets/allocation_empty.html")
    context = _frame(request, ask)
    context["take"] = last_take(ask.plan, ask.kind)
    if ask.number is not None:
        context["comparison"] = compared(ask.table, ask.kind, ask.places, ask.number, ask.terms)
    return render(request, "targets/allocation.html", context, status=422 if ask.form.errors else 200)


@require_http_methods(["GET", "POST"])
@unit_view
def one_method(request: UnitRequest, unit: Area, year: int, method: str) -> HttpResponse:
    """How each share comes about; taken by a POST, which carries the shares and versions that were seen."""
    if method not in Method.values:
        raise Http404("Không có cách phân bổ này.")
    is_post = request.method == "POST"
    if is_post:
        require(can_plan, request.user, unit)
    ask = _ask(request.POST if is_post else request.GET, unit, year)
    if ask is None or ask.number is None:
        return redirect("targets:allocation", code=unit.code, year=year)
    if is_post:
        return _take(request, ask, Method(method))
    if method == Method.BY_HAND:
        source = request.GET.get("from", "")
        return _before_page(request, ask) if source == BEFORE else _hand_page(request, ask, _hand_start(source, ask))
    return _method_page(request, ask, Method(method))


def _ask(data: Mapping[str, str], unit: Area, year: int) -> Ask | None:
    """None while the unit has no table. The number is that of the strictest quota unless another one is asked for."""
    table = target_table(unit=unit, year=year)
    if table is None or table.plan is None or not table.rows:
        return None
    kind = KINDS.get(data.get("kind", ""), KINDS[QuotaSubject.POOR])  # type: ignore[call-overload]
    requirement = asked_for(table.plan, table.total, kind)
    form = AskForm(data, number=usual_number(table, kind, requirement))
    is_valid = form.is_valid()
    return Ask(
        table=table,
        plan=table.plan,
        kind=kind,
        places=places_for(table, kind),
        requirement=requirement,
        form=form,
        number=form.cleaned_data["number"] if is_valid else None,
        terms=Terms(word=kind.word, weight=Fraction(form.cleaned_data["weight"] if is_valid else START_WEIGHT)),
    )


def _frame(request: UnitRequest, ask: Ask) -> dict[str, Any]:
    """What both pages say of the question."""
    return {
        "ask": ask,
        "kinds": [kind.subject for kind in KINDS.values()],
        "village_word": ask.table.village_word,
        "can_write": can_plan(request.user, request.unit) and ask.plan.is_open,
        "stored_total": getattr(ask.table.total, ask.kind.reduction),
        "listed_total": getattr(ask.table.total, ask.kind.listed),
    }


@dataclass(frozen=True, kw_only=True)
class Row:
    """A place on the page of one method; ``typed`` is what stands in its box by hand, ``error`` what is wrong there."""

    place: Place
    version: int
    stored: int | None
    households: int = 0
    change: int = 0
    end_rate: Any = None
    sentence: str = ""
    typed: str = ""
    error: str = ""

    @property
    def fewer(self) -> int:
        return max(-self.change, 0)


def _method_page(
    request: UnitRequest, ask: Ask, method: Method, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """The explanation of a computed method, and the button that takes it."""
    context = _frame(request, ask) | {"method": method, "notice": notice}
    try:
        found = allocate(method, ask.number or 0, ask.places, terms=ask.terms)
    except CannotAllocate as error:
        context["refusal"] = str(error)
        return render(request, "targets/allocation_method.html", context, status=422 if notice else status)
    stored, versions = stored_reductions(ask.table, ask.kind), _versions(ask)
    rows = [
        Row(
            place=cell.place,
            version=versions[cell.place.key],
            stored=stored[cell.place.key],
            households=cell.households,
            sentence=cell.sentence,
            change=cell.change,
            end_rate=cell.end_rate,
        )
        for cell in cells_of(found, stored)
    ]
    context |= {"note": found.note, "rows": rows, "changed": sum(row.households != row.stored for row in rows)}
    return render(request, "targets/allocation_method.html", context, status=status)


def _hand_start(source: str, ask: Ask) -> dict[int, str]:
    """What stands in the boxes first: the shares of a method, or what the table has."""
    start = stored_reductions(ask.table, ask.kind)
    if source in Method.values and source != Method.BY_HAND:
        with suppress(CannotAllocate):
            found = allocate(Method(source), ask.number or 0, ask.places, terms=ask.terms)
            start = {share.place.key: share.households for share in found.shares}
    return _as_typed(start)


def _as_typed(numbers: Mapping[int, int | None]) -> dict[int, str]:
    return {key: format_count(number) for key, number in numbers.items()}


def _before_page(request: UnitRequest, ask: Ask) -> HttpResponse:
    """What the last take replaced, blank where it was blank; the number to spread is the sum of that."""
    stored, take = stored_reductions(ask.table, ask.kind), last_take(ask.plan, ask.kind)
    before = replaced_by(ask.plan, ask.kind, take) if take else {}
    start = stored | {key: number for key, number in before.items() if key in stored}
    number = sum(households or 0 for households in start.values())
    form = AskForm({"number": number, "weight": ask.weight})
    form.is_valid()
    return _hand_page(request, replace(ask, form=form, number=number), _as_typed(start), is_restoring=True)


def _hand_page(
    request: UnitRequest,
    ask: Ask,
    typed: Mapping[int, str],
    *,
    errors: Mapping[int, str] | None = None,
    notice: str = "",
    status: int = 200,
    is_restoring: bool = False,
) -> HttpResponse:
    """Boxes for every place; what was typed stays in them. ``is_restoring``: a blank box makes its cell blank again."""
    stored, versions = stored_reductions(ask.table, ask.kind), _versions(ask)
    rows = [
        Row(
            place=place,
            version=versions[place.key],
            stored=stored[place.key],
            typed=typed.get(place.key, ""),
            error=(errors or {}).get(place.key, ""),
        )
        for place in ask.places
    ]
    context = _frame(request, ask) | {"notice": notice, "rows": rows, "is_restoring": is_restoring}
    return render(request, "targets/allocation_hand.html", context, status=status)


def _versions(ask: Ask) -> dict[int, int]:
    return {row.place_id: row.version for row in ask.table.rows}


def _take(request: UnitRequest, ask: Ask, method: Method) -> HttpResponse:
    """Write what was seen, if it still is what the method gives."""
    blank = None if _is_restoring(request, method) else 0
    shares = read_shares(request.POST, [place.key for place in ask.places], blank=blank)
    if shares.errors:
        return _again(request, ask, method, shares, "Có ô chưa ghi đúng; chưa ghi gì.", status=422)
    try:
        changed = allocation_take(
            by=request.user,
            plan=ask.plan,
            method=method,
            kind=ask.kind.subject,
            quota=ask.number or 0,
            shares=shares.households,
            versions=shares.versions,
            weight=ask.terms.weight,
        )
    except ValidationError as error:
        status = 409 if getattr(error, "code", None) == DIFFERS else 422
        return _again(request, ask, method, shares, " ".join(error.messages), status=status)
    except EditConflict as conflict:
        return _again(request, ask, method, shares, _stale(conflict), status=409)
    messages.success(
        request,
        f"Đã ghi {format_count(ask.number)} {ask.kind.word} giảm, cách «{method.label}»: {changed} dòng thay đổi."
        " Muốn quay lại thì mở trang Phân bổ, chọn «Số trước lần ghi này».",
    )
    return redirect("targets:table", code=request.unit.code, year=request.year)


def _is_restoring(request: UnitRequest, method: Method) -> bool:
    return method == Method.BY_HAND and request.POST.get("from") == BEFORE


def _stale(conflict: EditConflict) -> str:
    when = f"{timezone.localtime(conflict.when):%H:%M %d/%m/%Y}" if conflict.when else "gần đây"
    return STALE.format(row=conflict.row.place.title, who=conflict.who or "người khác", when=when)  # type: ignore[attr-defined]


def _again(request: UnitRequest, ask: Ask, method: Method, shares: Shares, notice: str, *, status: int) -> HttpResponse:
    """The page once more, on the figures of now; by hand with what was typed."""
    fresh = _ask(request.POST, ask.table.unit, ask.table.year) or ask
    if method == Method.BY_HAND:
        return _hand_page(
            request,
            fresh,
            shares.typed,
            errors=shares.errors,
            notice=notice,
            status=status,
            is_restoring=_is_restoring(request, method),
        )
    return _method_page(request, fresh, method, notice=notice, status=status)
