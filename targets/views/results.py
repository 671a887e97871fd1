"""Plan against result: of a commune by village, one level up by unit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.choices import Category
from households.rules.results import Counted, Part
from households.selectors.results import Standing
from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count, format_rate
from povertyplan.core.text import first_upper, some_of
from targets.choices import Period
from targets.rules.results import Listing, Verdict, sentence, verdict
from targets.selectors.charts import progress_of
from targets.selectors.results import PlanResults, ResultRow, VillageResults, plan_results
from targets.selectors.results_above import UnitResults, unit_results

MINUS = "−"
NET = "net"
TONES = {Verdict.MET: "ok", Verdict.EXCEEDED: "ok", Verdict.SHORT: "warning", Verdict.OPEN: ""}
WORDS = {Verdict.MET: "đạt", Verdict.EXCEEDED: "vượt", Verdict.SHORT: "chưa đạt", Verdict.OPEN: ""}
# Words of tables 2 and 3 for what a number counts.
PARTS = {
    Category.POOR: {
        Part.START: "đầu năm",
        Part.ESCAPED: "thoát nghèo",
        Part.OTHER_LESS: "khác giảm",
        Part.FROM_OTHER_LIST: "cận nghèo thành nghèo",
        Part.BACK: "tái nghèo",
        Part.NEW: "nghèo phát sinh mới",
        Part.OTHER_MORE: "khác tăng",
        Part.END: "cuối kỳ",
    },
    Category.NEAR_POOR: {
        Part.START: "đầu năm",
        Part.ESCAPED: "thoát cận nghèo",
        Part.BECAME_POOR: "cận nghèo thành nghèo",
        Part.OTHER_LESS: "khác giảm",
        Part.FROM_OTHER_LIST: "nghèo thành cận nghèo",
        Part.BACK: "tái cận nghèo",
        Part.NEW: "cận nghèo phát sinh mới",
        Part.OTHER_MORE: "khác tăng",
        Part.END: "cuối kỳ",
    },
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A number with its label; ``url`` opens the households behind it."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A place, or all: what was planned and what came (``cells``), and who left and came (``moves``).

    ``url`` opens the page of a unit.
    """

    name: str
    url: str
    cells: list[Cell]
    moves: list[Cell]
    said: str
    word: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One list of the unit with its picture and its two tables."""

    category: Category
    title: str
    chart: Any
    lines: list[Line]
    total: Line


@require_safe
@unit_view
def results(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    """By place: planned, registered, recognised, difference; of the half-year or of the year."""
    period, today = period_of(request), timezone.localdate()
    found: PlanResults
    if unit.level == Level.COMMUNE:
        found = of_villages = plan_results(unit=unit, year=year, period=period, today=today)
        notices = _notices(of_villages)
    else:
        found = of_units = unit_results(unit=unit, year=year, period=period, today=today)
        notices = _notices_above(of_units)
    notices += _two_totals(found)
    sections = [
        _section(found, category, chart)
        for category, chart in zip((Category.POOR, Category.NEAR_POOR), progress_of(found), strict=True)
    ]
    periods = [(one, one.label, one == period) for one in Period]
    context = {"found": found, "sections": sections, "periods": periods, "period": period, "notices": notices}
    return render(request, "targets/results.html", context)


def period_of(request: UnitRequest) -> Period:
    """The year unless the half-year is asked for."""
    return Period.HALF if request.GET.get("period") == Period.HALF else Period.YEAR


def _without_plan(found: PlanResults) -> list[str]:
    return [] if found.table else [f"Chưa có bảng chỉ tiêu năm {found.year}, nên không có số kế hoạch để so."]


def _two_totals(found: PlanResults) -> list[str]:
    """Places whose households at the end contradict those at the start: their rates are not subtracted."""
    said = []
    for row in (*found.rows, found.total):
        change = next((one for one in (row.poor.result, row.poor.plan) if one.has_two_totals), None)
        if change is not None:
            ends = f"đầu năm {format_count(change.whole)}, cuối kỳ {format_count(change.whole_end)} hộ"
            said.append(f"{row.name if row.place_id else 'cộng cả đơn vị'} {ends}")
    if not said:
        return []
    return [
        "Tổng số hộ đầu năm và cuối kỳ khác nhau quá một phần mười, nên không so mức giảm bằng điểm:"
        f" {'; '.join(said)}. Xem lại một trong hai số."
    ]


def _notices_above(found: UnitResults) -> list[str]:
    said = _without_plan(found)
    if found.without_end:
        of_all = f"{format_count(len(found.without_end))}/{format_count(len(found.rows))} {found.place_word}"
        what = "danh sách" if found.period == Period.HALF else "kết quả rà soát"
        said.append(f"Chưa có {what} được công nhận của {of_all}, nên chưa có số chung: {some_of(found.without_end)}.")
    if found.start_planned:
        units = some_of(found.start_planned)
        said.append(
            f"Không có danh sách công nhận cuối năm {found.year - 1}, số đầu năm lấy theo bảng chỉ tiêu: {units}."
        )
    return said


def _notices(found: VillageResults) -> list[str]:
    """What the reader has to know of the figures before using them."""
    said = _without_plan(found)
    lists = found.results
    if lists.standing is Standing.UNKNOWN:
        said.append(_unknown(found))
    elif not found.is_final:
        waiting = f", {format_count(lists.pending)} hộ chưa chấm điểm tạm giữ phân loại cũ" if lists.pending else ""
        said.append(f"Số sơ bộ, tính đến ngày {lists.as_of:%d/%m/%Y}: chưa được công nhận{waiting}.")
    if found.is_start_planned:
        said.append(
            f"Phần mềm không có danh sách công nhận cuối năm {found.year - 1}: số đầu năm lấy theo bảng chỉ tiêu, chưa"
            " biết từng hộ thoát, tái nghèo hay phát sinh."
        )
    if found.period == Period.HALF and lists.has_end and not lists.between:
        said.append("Từ đầu năm chưa có đợt rà soát thường xuyên nào được công nhận, nên danh sách chưa thay đổi.")
    return said


def _unknown(found: VillageResults) -> str:
    if found.period == Period.YEAR:
        return f"Chưa có kết quả rà soát cuối năm {found.year}."
    if not found.results.has_start:
        return f"Chưa có danh sách công nhận cuối năm {found.year - 1} để biết danh sách ngày 30/06/{found.year}."
    return f"Năm {found.year} chưa bắt đầu."


def _section(found: PlanResults, category: Category, chart: Any) -> Section:
    return Section(
        category=category,
        title=first_upper(category.label),
        chart=chart,
        lines=[_line(found, row, category) for row in found.rows],
        total=_line(found, found.total, category),
    )


def _line(found: PlanResults, row: ResultRow, category: Category) -> Line:
    listing = row.of(category)
    judged = verdict(listing, period=found.period, is_final=found.is_final)
    return Line(
        name=row.name,
        url=_page(found, row),
        cells=_cells(found, row, category, listing),
        moves=_moves(found, row, category, listing) if isinstance(found, VillageResults) else [],
        said=sentence(listing, period=found.period, is_final=found.is_final),
        word=WORDS[judged],
        tone=TONES[judged],
    )


def _page(found: PlanResults, row: ResultRow) -> str:
    """The same page of a unit; none of a village."""
    if not row.code:
        return ""
    return f"{reverse('targets:results', args=[row.code, found.year])}?{urlencode({'period': found.period})}"


def _cells(found: PlanResults, row: ResultRow, category: Category, listing: Listing) -> list[Cell]:
    return [
        _known("kế hoạch giảm (hộ)", listing.planned, reverse("targets:table", args=[found.unit.code, found.year])),
        _known("đăng ký (hộ)", listing.registered, _registered(found, row) if listing.registered else ""),
        _reached(found, row, category, listing),
        Cell(label="chênh lệch (hộ)", text=_signed(listing.difference, plus=True)),
        Cell(label="kế hoạch (điểm)", text=_points(listing.plan.points)),
        Cell(label="kết quả (điểm)", text=_points(listing.result.points)),
        Cell(label="chênh lệch (điểm)", text=_points(listing.points_difference, plus=True)),
    ]


def _known(label: str, number: int | None, url: str) -> Cell:
    return Cell(label=label, text=format_count(number), url="" if number is None else url)


def _registered(found: PlanResults, row: ResultRow) -> str:
    """The households that registered in the village or commune, or in all villages."""
    if isinstance(found, UnitResults):
        return _page(found, row)
    if row.place_id:
        return reverse("exits:village", args=[found.unit.code, found.year, row.place_id])
    return reverse("exits:households", args=[found.unit.code, found.year])


def _reached(found: PlanResults, row: ResultRow, category: Category, listing: Listing) -> Cell:
    label, text = "kết quả giảm (hộ)", _signed(listing.reached)
    if isinstance(found, VillageResults):
        return _opened(found, row, category, NET, label, text, is_known=bool(listing.counted))
    return Cell(label=label, text=text, url=_page(found, row) if text else "")


def _moves(found: VillageResults, row: ResultRow, category: Category, listing: Listing) -> list[Cell]:
    return [
        _opened(found, row, category, part, label, _part(listing.counted, part, listing))
        for part, label in PARTS[category].items()
    ]


def _part(counted: Counted | None, part: Part, listing: Listing) -> str:
    """A part of the comparison; without the list of the start only what the plan and the last list say."""
    if counted is not None:
        return format_count(counted.of(part))
    ends = {Part.START: listing.result.start, Part.END: listing.result.end}
    return format_count(ends.get(part))


def _opened(
    found: VillageResults,
    row: ResultRow,
    category: Category,
    part: str,
    label: str,
    text: str,
    *,
    is_known: bool = True,
) -> Cell:
    """A number that opens its households, where the lists know them."""
    lists = found.results
    can_open = text and text != "0" and is_known and lists.has_end and (lists.has_start or part == Part.END)
    query = urlencode({"period": found.period, **({"village": row.place_id} if row.place_id else {})})
    address = reverse("targets:result-households", args=[found.unit.code, found.year, category.value, str(part)])
    return Cell(label=label, text=text, url=f"{address}?{query}" if can_open else "")


def _signed(value: int | None, *, plus: bool = False) -> str:
    if value is None:
        return ""
    return f"{MINUS if value < 0 else '+' if plus and value else ''}{format_count(abs(value))}"


def _points(value: Decimal | None, *, plus: bool = False) -> str:
    if value is None:
        return ""
    return f"{MINUS if value < 0 else '+' if plus and value else ''}{format_rate(abs(value))}"
