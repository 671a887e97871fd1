"""Rounds of a unit and year: open, look, change, cancel, and the list of households."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.choices import ReviewState, RoundKind, RoundState
from households.forms.rounds import (
    AddForm,
    CancelForm,
    FillForm,
    ListFilterForm,
    ReasonForm,
    RoundEditForm,
    RoundOpenForm,
)
from households.models import Household, Review, ReviewRound, Standard
from households.selectors import round_pages, rounds
from households.selectors.past import recorded_rows
from households.services import rounds as services
from households.views.round_answers import button_answer, form_answer, is_number, round_or_404, round_url
from households.views.round_panels import RoundPage, round_page
from povertyplan.accounts.permissions import can_enter, can_review
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count

PER_PAGE = 50


@require_safe
@unit_view
def index(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The rounds of a commune; above it, the opinions that wait and how far the communes are."""
    if unit.level != Level.COMMUNE:
        return _communes(request, unit, year)
    today = timezone.localdate()
    listed = list(round_pages.all_rounds(unit, year))
    kept = [row for row in listed if row.state != RoundState.CANCELLED]
    periodic = next((row for row in kept if _is_periodic(row)), None)
    context = {
        "periodic": round_page(periodic, user=request.user, unit=unit, today=today) if periodic else None,
        "regular": [row for row in kept if not _is_periodic(row)],
        "cancelled": [row for row in listed if row.state == RoundState.CANCELLED],
        "can_enter": can_enter(request.user, unit),
        "today": today,
    }
    return render(request, "rounds/index.html", context)


def _is_periodic(round: ReviewRound) -> bool:
    return round.kind == RoundKind.PERIODIC


def _communes(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    today = timezone.localdate()
    waiting = round_pages.opinions_waiting(request.user, unit).filter(round__year=year)
    communes = round_pages.communes_below(request.user, unit, year)
    page = Paginator(communes, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "opinions": list(waiting[:PER_PAGE]),
        "page": page,
        "lines": round_pages.commune_rounds(page, year, today=today),
        "today": today,
        "can_review": can_review(request.user, unit),
    }
    return render(request, "rounds/communes.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def open_round(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    has_periodic = any(_is_periodic(row) for row in rounds.rounds_of(unit, year))
    kind = RoundKind.REGULAR if has_periodic else RoundKind.PERIODIC
    standards = round_pages.standards_offered(unit, year)
    form = RoundOpenForm(request.POST or None, unit=unit, year=year, standards=standards, kind=kind)
    made: list[ReviewRound] = []

    def write() -> str:
        made.append(services.round_open(by=request.user, unit=unit, year=year, **form.cleaned_data))
        return f"Đã mở đợt {made[0]}."

    back_url = reverse("rounds:index", args=[unit.code, year])
    return form_answer(request, form, write, back_url=back_url, template="rounds/open.html")


@require_safe
@unit_view
def detail(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """What is due in a round, village by village, and its households."""
    round = round_or_404(unit, year, pk)
    today = timezone.localdate()
    shown = round_page(round, user=request.user, unit=unit, today=today)
    context = {"shown": shown, "today": today}
    if shown.progress.recorded:
        return render(request, "rounds/past.html", context | _recorded(request, round))
    return render(request, "rounds/detail.html", context | _list(request, shown))


def _recorded(request: SignedRequest, round: ReviewRound) -> dict[str, Any]:
    """Households of a list written down from paper, of one village where the address asks for it. Two queries."""
    asked = request.GET.get("village", "")
    village = int(asked) if is_number(asked) else None
    rows = recorded_rows(round, village)
    return {"village": village, "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}


def _list(request: SignedRequest, shown: RoundPage) -> dict[str, Any]:
    """One query."""
    filters = ListFilterForm(request.GET, villages=[(row.pk, row.name) for row in shown.progress.villages])
    chosen = filters.chosen()
    found = round_pages.listed_reviews(shown.round, chosen)
    page = round_pages.reviews_page(found, request.GET.get("page"), PER_PAGE)
    return {"filters": filters, "chosen": chosen, "page": page, "reviews": page.object_list}


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    standards = round_pages.standards_offered(unit, year) | Standard.objects.filter(pk=round.standard_id)
    form = RoundEditForm(request.POST or None, round=round, standards=standards)

    def write() -> str:
        version = form.cleaned_data["version"]
        services.round_update(by=request.user, round=round, version=version, **form.values())
        return f"Đã lưu đợt {round}."

    back_url = round_url("detail", round, unit)
    return form_answer(request, form, write, back_url=back_url, title=f"Sửa đợt {round}", submit="Lưu")


@require_http_methods(["GET", "POST"])
@unit_view
def cancel(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    form = CancelForm(request.POST or None, initial={"version": round.version})

    def write() -> str:
        services.round_cancel(by=request.user, round=round, **form.cleaned_data)
        return f"Đã hủy đợt {round}."

    count = Review.objects.current().filter(round=round).exclude(state=ReviewState.DROPPED).count()
    return form_answer(
        request,
        form,
        write,
        back_url=round_url("detail", round, unit),
        title=f"Hủy đợt {round}",
        what=f"Đợt {round} chuyển sang «đã hủy», không nhập và không công nhận được nữa.",
        reach=f"{format_count(count)} hộ trong danh sách của đợt; phiếu đã nhập vẫn lưu và xem được.",
        undo="Không mở lại đợt đã hủy; cần làm tiếp thì mở đợt mới cùng loại rồi lập lại danh sách.",
        submit="Hủy đợt rà soát",
        danger=True,
    )


@require_POST
@unit_view
def fill(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """The list from households on the list now and from requests; twice is once."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)

    def write() -> str:
        added = services.round_list_fill(by=request.user, round=round)
        return f"Đã thêm {format_count(added)} hộ vào danh sách." if added else "Danh sách đã đủ, không thêm hộ nào."

    return button_answer(request, FillForm(request.POST), write, back_url=round_url("detail", round, unit))


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Look for a household of the unit and put it on the list."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    if request.method == "POST":
        form = AddForm(request.POST, households=Household.objects.of_unit(unit).followed())

        def write() -> str:
            household = form.cleaned_data["household"]
            services.review_add(by=request.user, round=round, household=household)
            return f"Đã đưa hộ {household.code} vào danh sách."

        return button_answer(request, form, write, back_url=request.get_full_path())
    words = request.GET.get("q", "")
    context = {
        "round": round,
        "words": words,
        "found": round_pages.candidates(round, words),
        "back_url": round_url("detail", round, unit),
    }
    return render(request, "rounds/add.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def drop(request: SignedRequest, unit: Area, year: int, pk: int, review_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    reviews = Review.objects.current().select_related("household", "village").filter(round=round)
    review = get_object_or_404(reviews, pk=review_pk)
    form = ReasonForm(request.POST or None, initial={"version": review.version})

    def write() -> str:
        services.review_drop(by=request.user, review=review, **form.cleaned_data)
        return f"Đã đưa {review.head_name} ra khỏi danh sách."

    return form_answer(
        request,
        form,
        write,
        back_url=round_url("detail", round, unit),
        title=f"Đưa {review.head_name} ra khỏi danh sách",
        what=f"{review.head_name} ({review.village}, mã {review.household.code}) không rà soát trong đợt này.",
        undo="Dùng «Thêm hộ» để đưa trở lại; phiếu đã nhập vẫn còn.",
        submit="Đưa ra khỏi danh sách",
        danger=True,
    )
