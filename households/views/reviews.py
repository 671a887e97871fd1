"""Pages of review forms: one household, a village, all villages, and paper."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from households.choices import Category, ReviewState
from households.forms.reviews import SurveyForm
from households.models import Review, ReviewRound
from households.selectors.reviews import FormPage, form_page, village_overview, village_page
from households.services import reviews as services
from households.views.review_form import (
    form_context,
    screen_form,
    state_of,
    stored_assessment,
    survey_form,
    typed_assessment,
    verdict_context,
)
from households.views.round_answers import is_number
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import UnitRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import conflict_page, put_errors
from povertyplan.core.versions import EditConflict

FILTERS = {"": "Tất cả", "to_do": "Còn thiếu", "done": "Đã xong", "suspicious": "Cần xem lại", "changed": "Thay đổi"}
NOT_TYPED = {"csrfmiddlewaretoken", "part", "overrule"}
VERSION_DIGITS = 9


def _page_of(request: UnitRequest, unit: Area, year: int, pk: int, *, screen: bool = False) -> FormPage:
    reviews = Review.objects.visible_to(request.user).filter(unit=unit, round__year=year)
    try:
        return form_page(reviews, pk=pk, user=request.user, screen=screen)
    except Review.DoesNotExist as error:
        raise Http404("Không có phiếu này.") from error


@require_http_methods(["GET", "POST"])
@unit_view
def form(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """One household, one page, in the order of the paper."""
    if request.method == "POST":
        require(can_enter, request.user, unit)
        return _save(request, _page_of(request, unit, year, pk))
    page = _page_of(request, unit, year, pk, screen="screen" in request.GET)
    assessment = stored_assessment(page)
    survey = survey_form(page, assessment)
    return _show(request, page, survey, assessment)


def _show(
    request: UnitRequest, page: FormPage, survey: SurveyForm, assessment: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    review, locked = page.review, state_of(page.review)
    saved_at = parse_datetime(page.draft["saved_at"]) if page.draft else None
    context = form_context(
        page,
        survey,
        assessment,
        locked=locked,
        is_open=not locked and can_enter(request.user, request.unit),
        can_enter=can_enter(request.user, request.unit),
        can_screen=review.state in {ReviewState.LISTED, ReviewState.SCREENED_OUT, ReviewState.TO_SURVEY},
        draft_at=saved_at if saved_at is None or timezone.is_aware(saved_at) else timezone.make_aware(saved_at),
        saved=request.GET.get("saved", ""),
        **({"screen": screen_form(page)} | more),
    )
    return render(request, "reviews/form.html", context, status=status)


def _address(page: FormPage, name: str = "reviews:form", **kwargs: Any) -> str:
    unit, round = page.review.unit, page.review.round
    return reverse(name, kwargs={"code": unit.code, "year": round.year} | (kwargs or {"pk": page.review.pk}))


def _after(page: FormPage, *, stays: bool = False) -> str:
    """Where saving leads; after the last form of the village to the village. A form that ``stays`` opens again."""
    saved = urlencode({"saved": page.review.pk})
    if stays:
        return f"{_address(page)}?{saved}"
    if page.after_saving:
        return f"{_address(page, pk=page.after_saving)}?{saved}"
    village = _address(page, "reviews:village", pk=page.review.round_id, village_pk=page.review.village_id)
    return f"{village}?{saved}"


def _save(request: UnitRequest, page: FormPage) -> HttpResponse:
    survey = SurveyForm(request.POST, law=page.law, sheet=page.b1_sheet)
    is_part, overrule = "part" in request.POST, request.POST.get("overrule", "")
    if survey.is_valid():
        try:
            saved = services.review_save(
                by=request.user,
                review=page.review,
                version=survey.cleaned_data["version"],
                is_complete=not is_part,
                overrule=_version(overrule),
                **survey.arguments(),
            )
        except EditConflict as conflict:
            return _conflict(request, page, conflict)
        except ValidationError as error:
            put_errors(survey, error)
        else:
            messages.success(request, _said(saved))
            target = _after(page, stays=is_part or saved.corrects_id is not None)
            return HttpResponseClientRedirect(target) if request.htmx else redirect(target)
    assessment, _ = typed_assessment(page, survey)
    return _show(request, page, survey, assessment, status=422)


def _said(review: Review) -> str:
    if not review.category:
        return f"Đã lưu phần đã có của hộ {review.head_name}; phiếu chưa xong."
    return f"Đã lưu hộ {review.head_name}: {Category(review.category).label}."


def _conflict(request: UnitRequest, page: FormPage, conflict: EditConflict) -> HttpResponse:
    """Both values; if the person insists, the same form is sent again and may write over the version of now."""
    anew = {"csrfmiddlewaretoken", "overrule"}
    kept = [(name, value) for name, values in request.POST.lists() if name not in anew for value in values]
    context = {
        "conflict": conflict,
        "hidden": [*kept, ("overrule", conflict.row.version)],
        "action": _address(page),
        "back_url": _address(page),
    }
    return render(request, "ui/conflict.html", context, status=409)


def _version(sent: str) -> int | None:
    """A version as the pages send it; None for anything else."""
    return int(sent) if is_number(sent) and len(sent) <= VERSION_DIGITS else None


@require_POST
@unit_view
def preview(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """B1, B2 and the category of what is typed, by the rules of the save; nothing is stored."""
    require(can_enter, request.user, unit)
    page = _page_of(request, unit, year, pk)
    survey = SurveyForm(request.POST, law=page.law, sheet=page.b1_sheet)
    survey.is_valid()
    assessment, _ = typed_assessment(page, survey)
    thresholds = {row.indicator.code: row.threshold for row in page.law.indicators}
    live = [(answer, thresholds[answer.code]) for answer in assessment.answers]
    context = verdict_context(page, assessment) | {"live": live}
    return render(request, "reviews/verdict.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def screen(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Phiếu A; it is typed on the page of the form."""
    require(can_enter, request.user, unit)
    page = _page_of(request, unit, year, pk, screen=True)
    if request.method == "GET":
        return redirect(f"{_address(page)}?screen=1")
    typed = screen_form(page, request.POST)
    if typed.is_valid():
        try:
            version = typed.cleaned_data["version"]
            done = services.review_screen(by=request.user, review=page.review, version=version, **typed.arguments())
        except EditConflict as conflict:
            return conflict_page(request, conflict, back_url=_address(page))
        except ValidationError as error:
            put_errors(typed, error)
        else:
            messages.success(request, f"Đã lưu Phiếu A: {done.get_screen_result_display()}.")
            return redirect(_address(page) if done.state == ReviewState.TO_SURVEY else _after(page))
    assessment = stored_assessment(page)
    return _show(request, page, survey_form(page, assessment), assessment, status=422, screen=typed)


@require_POST
@unit_view
def draft(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Keep what is typed and not saved."""
    require(can_enter, request.user, unit)
    review = get_object_or_404(
        Review.objects.visible_to(request.user).select_related("round", "household", "unit"),
        pk=pk, unit=unit, round__year=year,
    )  # fmt: skip
    data = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    version = request.POST.get("version", "")
    try:
        kept = services.draft_save(
            by=request.user,
            review=review,
            base_version=_version(version) or review.version,
            data=data,
        )
    except ValidationError as error:
        if request.htmx:
            return JsonResponse({"refused": error.messages}, status=422)
        messages.error(request, " ".join(error.messages))
    else:
        at = timezone.localtime(kept.saved_at)
        if request.htmx:
            return JsonResponse({"at": f"{at:%H:%M}"})
        messages.success(request, f"Đã lưu nháp lúc {at:%H:%M}; phiếu chưa đổi.")
    return redirect("reviews:form", code=unit.code, year=year, pk=pk)


@require_POST
@unit_view
def draft_drop(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Forget one's own draft; the form shows what is stored."""
    require(can_enter, request.user, unit)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk, unit=unit, round__year=year)
    services.draft_drop(by=request.user, review=review)
    messages.success(request, "Đã bỏ bản nháp; đang hiện phiếu đã lưu.")
    return redirect(f"{reverse('reviews:form', args=[unit.code, year, pk])}?saved={pk}")


def round_of(request: UnitRequest, unit: Area, year: int, pk: int) -> ReviewRound:
    rounds = ReviewRound.objects.visible_to(request.user).select_related("standard", "unit")
    return get_object_or_404(rounds, pk=pk, unit=unit, year=year)


@require_GET
@unit_view
def villages(request: UnitRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """How far every village of a round is."""
    round = round_of(request, unit, year, pk)
    rows = village_overview(round)
    names = ("listed", "done", "to_do", "stopped", "poor", "near_poor", "not_poor")
    total = {name: sum(getattr(row, name) for row in rows) for name in names}
    return render(request, "reviews/villages.html", {"round": round, "rows": rows, "total": total})


@require_GET
@unit_view
def village(request: UnitRequest, unit: Area, year: int, pk: int, village_pk: int) -> HttpResponse:
    """Every form of a village: done, missing, suspicious."""
    round = round_of(request, unit, year, pk)
    place = get_object_or_404(Area.objects.villages_of(unit), pk=village_pk)
    page = village_page(round=round, village=place)
    show = request.GET.get("show", "")
    found = {"": page.rows} | {name: getattr(page, name) for name in FILTERS if name}
    context = {
        "round": round,
        "village": place,
        "page": page,
        "rows": found.get(show, page.rows),
        "show": show,
        "filters": [(value, label, len(found[value])) for value, label in FILTERS.items()],
        "first_to_do": page.to_do[0].review.pk if page.to_do else None,
        "findings": page.findings,
        "can_enter": can_enter(request.user, unit),
        "saved": request.GET.get("saved", ""),
    }
    return render(request, "reviews/village.html", context)
