"""The target table of a unit and year: shown as the plan prints it, edited in place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding
from povertyplan.core.numbers import format_count
from povertyplan.core.pages import conflict_page
from povertyplan.core.versions import EditConflict
from targets.checks import NamedFigures, TableFacts, check
from targets.forms.table import CELL, VERSION, Cells, PlanSourceForm, read_cells
from targets.layouts import MORE, STANDARD, Column, groups
from targets.models import TargetPlan, TargetRow
from targets.selectors.history import table_history
from targets.selectors.tables import TargetTable, recognised_start, start_differences, target_table
from targets.services import start as start_services
from targets.services import tables as services
from targets.tables import lines, total_cells

Errors = dict[str, list[str]]
HISTORY_PER_PAGE = 50
CONFLICT = "{who} vừa sửa thành {theirs}. Muốn ghi {mine} thì gõ lại."


@require_http_methods(["GET", "POST"])
@unit_view
def table(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    if request.method == "POST":
        require(can_enter, request.user, unit)
        return _save(request, unit, year)
    return _page(request, unit, year)


def _save(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """The plain form is saved whole or not at all; in place every cell stands for itself."""
    plan = get_object_or_404(TargetPlan.objects.visible_to(request.user), unit=unit, year=year)
    cells = read_cells(request.POST)
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
        return error.message_dict
    return {}


def _write_each(request: UnitRequest, plan: TargetPlan, cells: Cells) -> Errors:
    """Write every cell that can be written; what is wrong with the others."""
    errors = dict(cells.errors)
    while wrong := _write_all(request, plan, Cells(changes=cells.changes)):
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
    context: dict[str, Any] = {"can_enter": can_enter(request.user, unit), "table": stored, "has_errors": bool(errors)}
    if stored is None:
        context["village_count"] = Area.objects.villages_of(unit).valid_in_year(year).count()
        return render(request, "targets/empty.html", context)
    touched = cells.typed if cells else {}
    # In place the cells without an error are stored by now; the plain form keeps everything that was typed.
    typed = {key: text for key, text in touched.items() if errors and (key in errors or not request.htmx)}
    context |= {
        "only": {int(key.split(".")[0]) for key in touched},
        "grids": [
            _grid("row", "Bảng phân bổ chỉ tiêu", stored, STANDARD, context["can_enter"], errors, typed),
            _grid("more", "Số khẩu và số hộ dự kiến cuối năm", stored, MORE, context["can_enter"], errors, typed),
        ],
        "findings": _findings(stored),
    }
    template = "targets/parts.html" if request.htmx and cells is not None else "targets/table.html"
    return render(request, template, context, status=status)


def _grid(
    prefix: str,
    caption: str,
    stored: TargetTable,
    layout: tuple[Column, ...],
    can_type: bool,
    errors: Errors | None,
    typed: dict[str, str],
) -> dict[str, Any]:
    return {
        "prefix": prefix,
        "caption": caption,
        "groups": groups(layout),
        "layout": layout,
        "lines": lines(stored.rows, layout, can_type=can_type, errors=errors, typed=typed),
        "total": total_cells(stored, layout),
    }


def _findings(stored: TargetTable) -> list[Finding]:
    named = [
        NamedFigures(name=f"{row.kind} {row.name}", anchor=f"#row-{row.pk}", figures=row.figures) for row in stored.rows
    ]
    facts = TableFacts(
        rows=named,
        unlisted=stored.unlisted,
        year=stored.year,
        has_source=bool(stored.source_paper or stored.source_note),
        cut_off=stored.cut_off,
        poor_persons=stored.poor_persons,
        near_poor_persons=stored.near_poor_persons,
    )
    return list(check(facts))


def _conflict(request: UnitRequest, unit: Area, year: int, cells: Cells, conflict: EditConflict) -> HttpResponse:
    """In place: the cell says who changed it and to what. Without script: the page with both values."""
    pk = conflict.row.pk
    if request.htmx:
        errors = {
            f"{pk}.{field.name}": [
                CONFLICT.format(
                    who=conflict.who or "Người khác",
                    theirs=format_count(field.theirs) or "trống",
                    mine=format_count(field.mine) or "trống",
                )
            ]
            for field in conflict.fields
        }
        stored_texts = {f"{pk}.{field.name}": format_count(field.theirs) for field in conflict.fields}
        return _page(request, unit, year, cells=Cells(typed=cells.typed | stored_texts), errors=errors, status=409)
    context = {
        "conflict": conflict,
        "hidden": _hidden(cells, conflict),
        "action": reverse("targets:table", args=[unit.code, year]),
        "back_url": reverse("targets:table", args=[unit.code, year]),
    }
    return render(request, "ui/conflict.html", context, status=409)


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
    require(can_enter, request.user, unit)
    services.plan_open(by=request.user, unit=unit, year=year)
    return redirect("targets:table", code=unit.code, year=year)


@require_http_methods(["GET", "POST"])
@unit_view
def source(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Where the start figures come from."""
    require(can_enter, request.user, unit)
    plan = get_object_or_404(TargetPlan.objects.visible_to(request.user).for_page(), unit=unit, year=year)
    form = PlanSourceForm(request.POST or None, plan=plan)
    back = reverse("targets:table", args=[unit.code, year])
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            services.plan_describe(by=request.user, plan=plan, version=values.pop("version"), **values)
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=back)
        messages.success(request, "Đã lưu nguồn số liệu.")
        return redirect(back)
    context = {"form": form, "back_url": back, "last_year": year - 1, **_recognised(unit, year)}
    return render(request, "targets/source.html", context, status=422 if form.errors else 200)


def _recognised(unit: Area, year: int) -> dict[str, Any]:
    """Whether the review of the year before is recognised, and the villages whose figures here differ from it."""
    stored, recognised = target_table(unit=unit, year=year), recognised_start(unit=unit, year=year)
    differing = start_differences(stored, recognised) if stored else []
    return {"is_recognised": recognised is not None, "differing": list(dict.fromkeys(one.place for one in differing))}


@require_POST
@unit_view
def take_start(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Copy the start figures from the review recognised the year before."""
    require(can_enter, request.user, unit)
    plan = get_object_or_404(TargetPlan.objects.visible_to(request.user), unit=unit, year=year)
    try:
        changed = start_services.start_take(by=request.user, plan=plan)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("targets:source", code=unit.code, year=year)
    messages.success(request, f"Đã lấy số đầu năm từ kết quả rà soát năm {year - 1}: {changed} dòng thay đổi.")
    return redirect("targets:table", code=unit.code, year=year)


@require_GET
@unit_view
def history(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """Who changed which figure of the table from what to what."""
    lines = table_history(unit=unit, year=year)
    page = Paginator(lines, HISTORY_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "targets/history.html", {"page_of_changes": page})
