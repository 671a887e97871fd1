"""Plan against result by village, and the households behind each number with the review that proves it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.choices import Category, Transition
from households.models import Household
from households.rules.results import COMING, LEAVING, Counted, Part
from households.selectors.results import Passed, Proof, Results, Standing
from households.selectors.results import results as lists_of
from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count, format_rate
from povertyplan.core.text import first_upper
from targets.choices import Period
from targets.rules.results import Listing, Verdict, sentence, verdict
from targets.selectors.charts import progress_of
from targets.selectors.places import place_word
from targets.selectors.results import PlanResults, ResultRow, end_of, plan_results

MINUS = "−"
PER_PAGE = 50
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
    """A village, or the unit: what was planned and what came (``cells``), and who left and came (``moves``)."""

    name: str
    village: int
    planned: str
    registered: str
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
    """By village: planned, registered, recognised, difference; of the half-year or of the year."""
    if unit.level != Level.COMMUNE:
        return render(request, "targets/results_above.html")
    period = _period(request)
    found = plan_results(unit=unit, year=year, period=period, today=timezone.localdate())
    charts = progress_of(found)
    sections = [
        _section(found, category, chart)
        for category, chart in zip((Category.POOR, Category.NEAR_POOR), charts, strict=True)
    ]
    periods = [(one, one.label, one == period) for one in Period]
    context = {"found": found, "sections": sections, "periods": periods, "period": period, "notices": _notices(found)}
    return render(request, "targets/results.html", context)


def _period(request: UnitRequest) -> Period:
    """The year unless the half-year is asked for."""
    return Period.HALF if request.GET.get("period") == Period.HALF else Period.YEAR


def _notices(found: PlanResults) -> list[str]:
    """What the reader has to know of the figures before using them."""
    said = []
    lists = found.results
    if found.table is None:
        said.append(f"Chưa có bảng chỉ tiêu năm {found.year}, nên không có số kế hoạch để so.")
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


def _unknown(found: PlanResults) -> str:
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
        village=row.place_id,
        planned=_count(listing.planned),
        registered=_count(listing.registered),
        cells=_cells(found, row, category, listing),
        moves=[
            _opened(found, row, category, part, label, _part(listing.counted, part, listing))
            for part, label in PARTS[category].items()
        ],
        said=sentence(listing, period=found.period, is_final=found.is_final),
        word=WORDS[judged],
        tone=TONES[judged],
    )


def _cells(found: PlanResults, row: ResultRow, category: Category, listing: Listing) -> list[Cell]:
    result = listing.result
    return [
        _opened(
            found, row, category, NET, "kết quả giảm (hộ)", _signed(listing.reached), is_known=bool(listing.counted)
        ),
        Cell(label="chênh lệch (hộ)", text=_signed(listing.difference, plus=True)),
        Cell(label="kế hoạch (điểm)", text=_points(listing.plan.points)),
        Cell(label="kết quả (điểm)", text=_points(result.points)),
        Cell(label="chênh lệch (điểm)", text=_points(listing.points_difference, plus=True)),
    ]


def _part(counted: Counted | None, part: Part, listing: Listing) -> str:
    """A part of the comparison; without the list of the start only what the plan and the last list say."""
    if counted is not None:
        return _count(counted.of(part))
    ends = {Part.START: listing.result.start, Part.END: listing.result.end}
    return _count(ends.get(part))


def _opened(
    found: PlanResults, row: ResultRow, category: Category, part: str, label: str, text: str, *, is_known: bool = True
) -> Cell:
    """A number that opens its households, where the lists know them."""
    lists = found.results
    can_open = text and text != "0" and is_known and lists.has_end and (lists.has_start or part == Part.END)
    query = urlencode({"period": found.period, **({"village": row.place_id} if row.place_id else {})})
    address = reverse("targets:result-households", args=[found.unit.code, found.year, category.value, str(part)])
    return Cell(label=label, text=text, url=f"{address}?{query}" if can_open else "")


def _count(value: int | None) -> str:
    return format_count(value)


def _signed(value: int | None, *, plus: bool = False) -> str:
    if value is None:
        return ""
    return f"{MINUS if value < 0 else '+' if plus and value else ''}{format_count(abs(value))}"


def _points(value: Decimal | None, *, plus: bool = False) -> str:
    if value is None:
        return ""
    return f"{MINUS if value < 0 else '+' if plus and value else ''}{format_rate(abs(value))}"


# Behind a number


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A household at both ends of the period, with the addresses of what proves it."""

    household: Passed
    code: str
    village: str
    was: str
    now: str
    transition: str
    start_url: str
    start_word: str
    end_url: str
    end_word: str


@require_safe
@unit_view
def households(request: UnitRequest, unit: Area, year: int, category: str, part: str) -> HttpResponse:
    """The households of a number: of one village, or of the unit."""
    if unit.level != Level.COMMUNE or category not in PARTS:
        raise Http404("Không có danh sách này.")
    listed, period = Category(category), _period(request)
    found = lists_of(unit=unit, year=year, to=end_of(year, period), today=timezone.localdate())
    village = _village(found, request.GET.get("village", ""))
    opened = found.opened(category=listed, parts=_parts(listed, part), village=village.pk if village else None)
    page = Paginator(opened, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "village": village,
        "village_word": place_word(unit, (one.kind for one in found.villages)),
        "period": period,
        "title": _title(listed, part),
        "number": len(opened),
        "page": page,
        "lines": _shown(list(page.object_list), {one.pk: one.name for one in found.villages}),
        "back_url": f"{reverse('targets:results', args=[unit.code, year])}?{urlencode({'period': period})}",
    }
    return render(request, "targets/results_households.html", context)


def _village(found: Results, asked: str) -> Area | None:
    """The village asked for; None for the unit."""
    if not asked:
        return None
    village = next((one for one in found.villages if str(one.pk) == asked), None)
    if village is None:
        raise Http404("Thôn này không có trong đơn vị.")
    return village


def _parts(category: Category, part: str) -> Iterable[Part]:
    if part == NET:
        return (*LEAVING, *COMING)
    if part not in PARTS[category]:
        raise Http404("Không có số này.")
    return (Part(part),)


def _title(category: Category, part: str) -> str:
    return (
        f"{first_upper(category.label)}: {'ra khỏi và vào danh sách' if part == NET else PARTS[category][Part(part)]}"
    )


def _shown(opened: list[Passed], names: dict[int, str]) -> list[Shown]:
    codes = dict(Household.objects.filter(pk__in=[one.household_id for one in opened]).values_list("pk", "code"))
    return [
        Shown(
            household=one,
            code=codes.get(one.household_id, ""),
            village=names.get(one.village_id, ""),
            was=_category(one.from_category) or "không trong danh sách",
            now=_category(one.category) or "không còn trong danh sách",
            transition=Transition(one.transition).label if one.transition else "",
            start_url=_address(one.start),
            start_word=_word(one.start),
            end_url=_address(one.end),
            end_word=_word(one.end),
        )
        for one in opened
    ]


def _category(category: str) -> str:
    return Category(category).label if category else ""


def _address(proof: Proof | None) -> str:
    """The form of the household in that round; of a list recorded from paper the list."""
    if proof is None:
        return ""
    unit, year = proof.round.unit.code, proof.round.year
    if proof.review_id:
        return reverse("reviews:form", args=[unit, year, proof.review_id])
    return reverse("rounds:detail", args=[unit, year, proof.round.pk])


def _word(proof: Proof | None) -> str:
    if proof is None:
        return ""
    return f"{'phiếu' if proof.review_id else 'danh sách'} {proof.round}"
