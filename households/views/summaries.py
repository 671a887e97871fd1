"""The summary tables of a round: which there are, one table as on paper, and the households behind each figure."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from households.choices import Category, RoundState, Transition
from households.models import ReviewRound
from households.rules.summary_layouts import CHILDREN, GROUP_TABLE, NUMBERS, PERSONS, Words, layout
from households.selectors.summaries import findings, rows_of, table_of
from households.selectors.summary_cells import CellHousehold, OpenedCell, open_cell
from households.selectors.summary_rows import RoundRows
from households.views.round_answers import is_recorded, round_or_404
from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from povertyplan.villages.rules import village_word

PER_PAGE = 100
RESULTS = {True: "official", False: "preliminary"}
UNITS = {PERSONS: "khẩu", CHILDREN: "trẻ em"}


@require_safe
@unit_view
def index(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    round = round_or_404(unit, year, pk)
    is_official = _is_official(request, round)
    titles = [(number, layout(number, Words()).titled(is_official=is_official)) for number in (*NUMBERS, GROUP_TABLE)]
    context = _context(round, is_official) | {"titles": titles[:-1], "group_table": titles[-1]}
    return render(request, "summaries/index.html", context)


@require_safe
@unit_view
def table(request: UnitRequest, unit: Area, year: int, pk: int, number: int) -> HttpResponse:
    """One table with its column numbers, totals and rates."""
    round = round_or_404(unit, year, pk)
    rows = _rows(request, round, number)
    shown = table_of(rows, number)
    context = _context(round, rows.is_official) | {
        "table": shown,
        "number": number,
        "is_extra": number == GROUP_TABLE,
        "numbers": (*NUMBERS, GROUP_TABLE),
        "findings": findings(rows, shown),
    }
    return render(request, "summaries/table.html", context)


@require_safe
@unit_view
def cell(
    request: UnitRequest, unit: Area, year: int, pk: int, number: int, column: int, layer: str, village: int
) -> HttpResponse:
    """The households of a figure, each with what it adds; ``village`` 0 is the total."""
    round = round_or_404(unit, year, pk)
    rows = _rows(request, round, number)
    try:
        opened = open_cell(rows, table=number, column=column, layer=layer, village=village or None)
    except KeyError as error:
        raise Http404("Biểu không có ô này.") from error
    page = Paginator(opened.households, PER_PAGE).get_page(request.GET.get("page"))
    context = _context(round, rows.is_official) | {
        "opened": opened,
        "number": number,
        "is_extra": number == GROUP_TABLE,
        "page": page,
        "lines": _lines(rows, page.object_list),
        "village_word": village_word([place.kind for place in rows.places(())]),
        "counts_more": _unit(opened) != "hộ",
        "counted_unit": _unit(opened),
    }
    return render(request, "summaries/cell.html", context)


def _unit(opened: OpenedCell) -> str:
    if opened.cell.column.code.endswith(":deprivations"):
        return "thiếu hụt"
    return UNITS.get(opened.cell.key.partition(".")[0], "hộ")


def _lines(rows: RoundRows, households: Any) -> list[dict[str, Any]]:
    names = {place.pk: f"{place.kind} {place.name}" for place in rows.places([row.village_id for row in households])}
    return [_line(row, names, rows.round) for row in households]


def _line(row: CellHousehold, names: dict[int, str], round: ReviewRound) -> dict[str, Any]:
    """A household leads to its form, or to itself where it has none."""
    page, pk = ("reviews:form", row.review_id) if row.review_id else ("households:detail", row.household_id)
    return {
        "row": row,
        "url": reverse(page, args=[round.unit.code, round.year, pk]),
        "village": names.get(row.village_id, ""),
        "category": Category(row.category).label if row.category else "",
        "transition": Transition(row.transition).label if row.transition else "",
    }


def _rows(request: UnitRequest, round: ReviewRound, number: int) -> RoundRows:
    if number not in (*NUMBERS, GROUP_TABLE):
        raise Http404("Không có biểu này.")
    return rows_of(round, is_official=_is_official(request, round))


def _is_official(request: UnitRequest, round: ReviewRound) -> bool:
    """Official where the round is recognised and nobody asked for the other; a list from paper has no other."""
    is_asked = is_recorded(round) or request.GET.get("result") != RESULTS[False]
    return round.state == RoundState.RECOGNISED and is_asked


def _context(round: ReviewRound, is_official: bool) -> dict[str, Any]:
    return {
        "round": round,
        "round_word": f"{round.year}-{round.month:02d}" if round.month else "periodic",
        "is_official": is_official,
        "is_recognised": round.state == RoundState.RECOGNISED,
        "result": RESULTS[is_official],
        "result_word": "chính thức" if is_official else "sơ bộ",
    }
