"""What became of listed households in the year before the plan: shown by place, typed for a place or the unit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count
from povertyplan.core.versions import EditConflict
from targets.forms.movements import FIELDS, MovementCells, read_movements
from targets.models import TargetPlan
from targets.permissions import can_plan
from targets.selectors.movements import (
    MovementLine,
    MovementTable,
    is_from_the_round,
    movement_findings,
    movement_table,
)
from targets.selectors.tables import TargetTable, VillageRow, target_table
from targets.services import movements as services
from targets.services.gate import HOW_TO_OPEN

Errors = dict[str, list[str]]
LABELS = {"households": "hộ", "persons": "khẩu"}


@require_http_methods(["GET", "POST"])
@unit_view
def movements(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Without ``?place=`` the unit as a whole."""
    stored = target_table(unit=unit, year=year)
    if stored is None or stored.plan is None:
        raise Http404("Năm này chưa có bảng chỉ tiêu.")
    row = _row(stored, request.GET.get("place", ""))
    if request.method == "POST":
        require(can_plan, request.user, unit)
        return _save(request, stored, row)
    return _page(request, stored, row)


def _row(stored: TargetTable, place: str) -> VillageRow | None:
    """The row of the place asked for; None for the unit."""
    if not place:
        return None
    found = next((row for row in stored.rows if str(row.place_id) == place), None)
    if found is None:
        raise Http404("Nơi này không có trong bảng.")
    return found


def _save(request: UnitRequest, stored: TargetTable, row: VillageRow | None) -> HttpResponse:
    plan = get_object_or_404(TargetPlan.objects.visible_to(request.user), pk=stored.plan.pk if stored.plan else 0)
    cells = read_movements(request.POST, is_of_units=stored.is_of_units)
    if cells.errors:
        return _page(request, stored, row, cells=cells, errors=cells.errors)
    place = Area.objects.get(pk=row.place_id) if row else None
    try:
        services.movements_change(by=request.user, plan=plan, place=place, changes=cells.changes)
    except EditConflict as conflict:
        return _conflict(request, stored, row, conflict)
    except ValidationError as error:
        errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return _page(request, stored, row, cells=cells, errors=errors)
    messages.success(request, f"Đã lưu diễn biến năm {stored.year - 1} của {_name(stored, row)}.")
    return redirect(_address(stored, row))


def _page(
    request: UnitRequest,
    stored: TargetTable,
    row: VillageRow | None,
    *,
    cells: MovementCells | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    known = movement_table(stored)
    from_round = bool(stored.plan and is_from_the_round(stored.plan))
    may_plan = can_plan(request.user, stored.unit)
    is_sum = row is None and known.is_by_place
    can_type = may_plan and stored.is_open and not from_round and (not is_sum or known.is_typed_for_the_unit)
    lines = _of(known, row) if row or not can_type else known.typed_unit_lines
    context = {
        "table": stored,
        "movements": known,
        "places": [(place, _key_figures(lines)) for place, lines in known.places],
        "row": row,
        "place_name": _name(stored, row),
        "lines": _lines(lines, cells or MovementCells(), errors or {}),
        "errors": (errors or {}).get("", []),
        "has_errors": bool(errors),
        "can_plan": may_plan,
        "can_type": can_type,
        "from_round": from_round,
        "is_sum": is_sum,
        "is_compared": known.is_known or bool(known.known_places),
        "how_to_open": HOW_TO_OPEN.get(stored.state, ""),
        "findings": movement_findings(stored, known),
        "last_year": stored.year - 1,
        "is_of_units": stored.unit.level != Level.COMMUNE,
        "address": _address(stored, row),
    }
    return render(request, "targets/movements.html", context, status=422 if errors else 200)


def _of(known: MovementTable, row: VillageRow | None) -> tuple[MovementLine, ...]:
    if row is None:
        return known.unit_lines
    return next(lines for place, lines in known.places if place.pk == row.pk)


def _lines(lines: tuple[MovementLine, ...], cells: MovementCells, errors: Errors) -> list[dict[str, Any]]:
    """Each transition with its two cells: what is stored, or what was typed and refused."""
    return [
        {
            "line": line,
            "cells": [
                {
                    "name": f"{name}-{line.transition}",
                    "label": f"{line.label}: {LABELS[name]}",
                    "unit": LABELS[name],
                    "stored": getattr(line, name),
                    "text": cells.typed.get(f"{line.transition}.{name}", format_count(getattr(line, name))),
                    "errors": errors.get(f"{line.transition}.{name}", []),
                }
                for name in FIELDS
            ],
        }
        for line in lines
    ]


def _key_figures(lines: tuple[MovementLine, ...]) -> MovementTable:
    """Escapes, falls and new cases of one place."""
    return MovementTable(places=(), unit_lines=lines, typed_unit_lines=(), is_by_place=False)


def _conflict(
    request: UnitRequest, stored: TargetTable, row: VillageRow | None, conflict: EditConflict
) -> HttpResponse:
    """Both values; if the person insists, everything typed is sent again, the row in conflict on its version now."""
    moved = conflict.row
    transition = moved.transition  # type: ignore[attr-defined]
    hidden = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    hidden[f"version-{transition}"] = str(moved.version)
    for name in FIELDS:
        if name not in conflict.mine:
            hidden[f"{name}-{transition}"] = format_count(getattr(moved, name))
    address = _address(stored, row)
    context = {"conflict": conflict, "hidden": hidden.items(), "action": address, "back_url": address}
    return render(request, "ui/conflict.html", context, status=409)


def _name(stored: TargetTable, row: VillageRow | None) -> str:
    return f"{row.kind} {row.name}" if row else str(stored.unit)


def _address(stored: TargetTable, row: VillageRow | None) -> str:
    page = reverse("targets:movements", args=[stored.unit.code, stored.year])
    return f"{page}?place={row.place_id}" if row else page
