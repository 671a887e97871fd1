"""The target table of a unit and year: shown as the plan prints it, edited in place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count
from povertyplan.core.versions import EditConflict
from targets.choices import StartSource
from targets.forms.table import CELL, VERSION, Cells, read_cells
from targets.models import TargetPlan, TargetRow
from targets.permissions import can_plan
from targets.selectors.above import assigned_from_above
from targets.selectors.findings import findings_of
from targets.selectors.places import place_word, places_of
from targets.selectors.start import OF_THE_LIST, recognised_round
from targets.selectors.tables import TargetTable, target_table
from targets.selectors.versions import open_comments, remarked_cells
from targets.services import tables as services
from targets.services.comments import can_comment
from targets.services.gate import HOW_TO_OPEN
from targets.tables import Typing, grids
from targets.views.links import start_links

Errors = dict[str, list[str]]
CONFLICT = "{who} vừa sửa thành {theirs}. Muốn ghi {mine} thì gõ lại."


@require_http_methods(["GET", "POST"])
@unit_view
def table(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    if request.method == "POST":
        require(can_plan, request.user, unit)
        return _save(request, unit, year)
    return _page(request, unit, year)


def _save(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """The plain form is saved whole or not at all; in place every cell stands for itself."""
    plan = get_object_or_404(TargetPlan.objects.visible_to(request.user).for_page(), unit=unit, year=year)
    cells = read_cells(request.POST, is_of_units=unit.level != Level.COMMUNE)
    try:
        errors = _write_each(request, plan, cells) if request.htmx else _write_all(request, plan, cells)
    except EditConflict as conflict:
        return _conflict(request, unit, year, cells, conflict)
    except TargetRow.DoesNotExist as error:
        raise Http404("Dòng này không thuộc bảng.") from error
    if errors:
        return _page(request, unit, year, cells=cells, errors=errors, status=422)
    if request.htmx:
        return _page(request, unit, year, cells=cells)
    messages.success(request, "Đã lưu bảng chỉ tiêu.")
    return redirect("targets:table", code=unit.code, year=year)


def _write_all(request: UnitRequest, plan: TargetPlan, cells: Cells) -> Errors:
    if cells.errors:
        return cells.errors
    try:
        services.cells_change(by=request.user, plan=plan, changes=cells.changes)
    except ValidationError as error:
        # A plan closed meanwhile refuses every cell with one sentence.
        return error.message_dict if hasattr(error, "error_dict") else dict.fromkeys(cells.typed, error.messages)
    return {}


def _write_each(request: UnitRequest, plan: TargetPlan, cells: Cells) -> Errors:
    """Write every cell that can be written; what is wrong with the others."""
    errors = dict(cells.errors)
    while cells.changes and (wrong := _write_all(request, plan, Cells(changes=cells.changes, typed=cells.typed))):
        errors |= wrong
        cells = cells.without(wrong)
    return errors


def _page(
    request: UnitRequest,
    unit: Area,
    year: int,
    *,
    cells: Cells | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; or, for a save in place, only the lines that were touched and what follows from them."""
    stored = target_table(unit=unit, year=year)
    may_plan = can_plan(request.user, unit)
    if stored is None:
        return render(request, "targets/empty.html", _empty(unit, year, may_plan))
    touched = cells.typed if cells else {}
    is_part = bool(request.htmx) and cells is not None
    # In place the cells without an error are stored by now; the plain form keeps everything that was typed.
    typed = {key: text for key, text in touched.items() if errors and (key in errors or not request.htmx)}
    remarks = open_comments(stored.plan) if stored.plan else []
    typing = Typing(
        # What was refused stands in its cell with the reason, also in a table that was closed meanwhile.
        is_allowed=may_plan and (stored.is_open or bool(errors)),
        closed=OF_THE_LIST if stored.start_source == StartSource.RECOGNISED else (),
        errors=errors or {},
        typed=typed,
        links=_links(stored),
        remarks={
            cell: "; ".join(f"{remark.by}: {remark.text}" for remark in said)
            for cell, said in remarked_cells(remarks).items()
        },
    )
    context: dict[str, Any] = {
        "table": stored,
        "can_plan": may_plan,
        "can_type": typing.is_allowed,
        "has_errors": bool(errors),
        "grids": grids(stored, typing, only={int(key.split(".")[0]) for key in touched} if is_part else ()),
        "findings": findings_of(stored, with_start=False),
        "from_round": stored.start_source == StartSource.RECOGNISED,
        "how_to_open": HOW_TO_OPEN.get(stored.state, ""),
        "last_year": year - 1,
        "comments": remarks,
        "can_comment": can_comment(request.user, unit),
        "can_answer": may_plan,
    }
    if is_part:
        return render(request, "targets/parts.html", context, status=status)
    return render(request, "targets/table.html", context, status=status)


def _empty(unit: Area, year: int, may_plan: bool) -> dict[str, Any]:
    kinds = list(places_of(unit, year).values_list("kind", flat=True))
    return {
        "can_plan": may_plan,
        "place_count": len(kinds),
        "word": place_word(unit, kinds),
        "is_of_units": unit.level != Level.COMMUNE,
        "assigned": assigned_from_above(unit=unit, year=year),
    }


def _links(stored: TargetTable) -> dict[str, str]:
    """Where start figures open that come from a recognised round of the unit."""
    if stored.start_source != StartSource.RECOGNISED or stored.is_of_units:
        return {}
    round = recognised_round(unit=stored.unit, year=stored.year)
    return start_links(round) if round else {}


def _conflict(request: UnitRequest, unit: Area, year: int, cells: Cells, conflict: EditConflict) -> HttpResponse:
    """In place: the cell says who changed it and to what. Without script: the page with both values."""
    pk = conflict.row.pk
    if request.htmx:
        errors = {
            f"{pk}.{field.name}": [
                CONFLICT.format(
                    who=conflict.who or "Người khác",
                    theirs=_shown(field.theirs) or "trống",
                    mine=_shown(field.mine) or "trống",
                )
            ]
            for field in conflict.fields
        }
        stored_texts = {f"{pk}.{field.name}": _shown(field.theirs) for field in conflict.fields}
        return _page(request, unit, year, cells=Cells(typed=cells.typed | stored_texts), errors=errors, status=409)
    context = {
        "conflict": conflict,
        "hidden": _hidden(cells, conflict),
        "action": reverse("targets:table", args=[unit.code, year]),
        "back_url": reverse("targets:table", args=[unit.code, year]),
    }
    return render(request, "ui/conflict.html", context, status=409)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else format_count(value)


def _hidden(cells: Cells, conflict: EditConflict) -> list[tuple[str, Any]]:
    """My cells again: of the row in conflict what I changed, on its version now; the others as they were sent."""
    hidden: list[tuple[str, Any]] = []
    for pk, (version, values) in cells.changes.items():
        mine = conflict.mine if pk == conflict.row.pk else values
        hidden.append((f"{VERSION}{pk}", conflict.row.version if pk == conflict.row.pk else version))
        hidden += [(f"{CELL}{pk}-{name}", "" if value is None else value) for name, value in mine.items()]
    return hidden


@require_POST
@unit_view
def open_plan(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    require(can_plan, request.user, unit)
    try:
        services.plan_open(by=request.user, unit=unit, year=year)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    return redirect("targets:table", code=unit.code, year=year)
