"""The consolidated table: what a district or a province sees of its communes in one year."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core import charts
from povertyplan.core.charts.parts import Share
from povertyplan.core.numbers import format_count, format_rate
from povertyplan.core.text import first_upper
from targets.forms.consolidated import SHOWN, Chosen, FilterForm, Show
from targets.rules.consolidated import (
    DIVISIONS,
    NAME,
    STATE,
    TONES,
    Column,
    Kind,
    Line,
    TrendYear,
    Value,
    alike,
    comparable,
    cover,
    filtered,
    ordered,
    state_word,
    total_values,
    totals,
)
from targets.rules.figures import Figures
from targets.selectors.consolidated import consolidated, trend

MINUS = "−"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """``label`` says where it stands to who does not see the header; ``note`` from what a rate is divided."""

    label: str
    text: str
    note: str = ""
    is_short: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    line: Line
    url: str
    word: str
    tone: str
    cells: list[Cell]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A link that sorts by its column; ``order`` is how the table stands now, for ``aria-sort``."""

    label: str
    url: str
    order: str = ""


@require_safe
@unit_view
def table(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """One table of all units below; a commune has none."""
    if unit.level == Level.COMMUNE:
        raise Http404("Bảng tổng hợp là của cấp trên của xã.")
    found = consolidated(area=unit, year=year, user=request.user)
    form = FilterForm(request.GET, lines=found.lines)
    chosen = form.chosen()
    lines = filtered(found.lines, words=chosen.words, state=chosen.state, above=chosen.above, is_short=chosen.is_short)
    added = comparable(lines) if chosen.show == Show.COMPARISON else lines
    context = {
        "form": form,
        "chosen": chosen,
        "found": found,
        "is_cut_off": found.day != datetime.date(year, 12, 31),
        "missing": sum(line.is_missing for line in found.lines),
        "short": sum(bool(line.missed) for line in found.lines),
        "whole": totals(found.lines).figures or Figures(),
        "whole_cover": cover(found.lines, whole=len(found.lines)),
        "groups": _groups(chosen.columns),
        "headings": _headings(request, chosen),
        "rows": [_row(line, chosen.columns, year) for line in ordered(lines, chosen.columns, chosen.sort)],
        "total": _total(added, chosen.columns),
        "cover": cover(added, whole=len(lines)),
        "tabs": [
            (label, _address(request, show=show, sort=""), show == chosen.show) for show, (label, _) in SHOWN.items()
        ],
        "missing_url": _address(request, state="missing"),
        "short_url": _address(request, short="on", show=Show.ASSIGNED),
        **_trend(unit, year, trend(area=unit, year=year)),
    }
    return render(request, "targets/consolidated.html", context)


def _address(request: UnitRequest, **changes: str) -> str:
    """This page with other choices; empty ones are left out."""
    query = {name: value for name, value in (request.GET.dict() | changes).items() if value}
    return "?" + urlencode(query)


def _groups(columns: tuple[Column, ...]) -> list[tuple[str, int]]:
    spans: list[tuple[str, int]] = []
    for column in columns:
        if spans and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    return spans


def _headings(request: UnitRequest, chosen: Chosen) -> dict[str, Any]:
    """Names go upwards first, figures downwards: the largest are what one looks for."""

    def heading(key: str, label: str, first: str) -> Heading:
        other = key if first != key else f"-{key}"
        sort = other if chosen.sort == first else first
        order = {key: "ascending", f"-{key}": "descending"}.get(chosen.sort, "")
        return Heading(label=label, url=_address(request, sort=sort), order=order)

    return {
        "name": heading(NAME, "Đơn vị", NAME),
        "state": heading(STATE, "Tình trạng", STATE),
        "figures": [heading(column.key, column.label, f"-{column.key}") for column in chosen.columns],
    }


def _row(line: Line, columns: tuple[Column, ...], year: int) -> Row:
    return Row(
        line=line,
        url=reverse("targets:table", args=[line.code, year]) if line.opens else "",
        word=first_upper(state_word(line)),
        tone=TONES[line.state],
        cells=[_cell(column, column.value(line), line) for column in columns],
    )


def _total(added: list[Line], columns: tuple[Column, ...]) -> list[Cell]:
    sums = totals(added)
    return [_cell(column, value, sums) for column, value in zip(columns, total_values(columns, added), strict=True)]


def _cell(column: Column, value: Value, line: Line) -> Cell:
    is_change = column.kind in {Kind.CHANGE, Kind.RATE_CHANGE}
    return Cell(
        label=f"{column.group}, {column.label[:1].lower()}{column.label[1:]}",
        text=_signed(value) if is_change else _text(value),
        note="" if value is None else _note(column, line),
        is_short=column.adds and is_change and value is not None and value < 0,
    )


def _text(value: Value) -> str:
    return format_count(value) if isinstance(value, int) else format_rate(value)


def _signed(value: Value) -> str:
    if value is None or value == 0:
        return _text(value)
    size = -value if value < 0 else value
    return f"{'+' if value > 0 else MINUS}{_text(size)}"


def _note(column: Column, line: Line) -> str:
    """The division behind a rate: «3 / 426 hộ»."""
    figures = line.before if column.key.endswith("_before") else line.figures
    names = DIVISIONS.get(column.key.removesuffix("_before"))
    if names is None or figures is None:
        return ""
    part, whole = (getattr(figures, name) for name in names)
    return "" if part is None or not whole else f"{format_count(part)} / {format_count(whole)}"


def _trend(unit: Area, year: int, years: Iterable[TrendYear]) -> dict[str, Any]:
    """The picture from two years of the same units on; all figures stand in the table beneath."""
    known = tuple(years)
    drawn = alike(known)
    chart = charts.trend(
        title=f"Tỷ lệ hộ nghèo, hộ cận nghèo đầu năm của {unit}, đến năm {year}",
        series=(charts.POOR, charts.NEAR_POOR),
        points=[charts.Point(year=row.year, shares=_shares(row)) for row in drawn],
    )
    is_drawn = len(drawn) > 1
    return {"trend": known, "chart": chart if is_drawn else None, "drawn": drawn[-1].cover if is_drawn else None}


def _shares(row: TrendYear) -> tuple[Share | None, ...]:
    figures = row.figures
    whole = figures.households
    return tuple(
        Share(part=part, whole=whole) if part is not None and whole else None
        for part in (figures.poor_households, figures.near_poor_households)
    )
