"""The households behind a number of the results, each with the review that proves it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.choices import Category, Transition
from households.models import Household
from households.rules.results import COMING, LEAVING, Part
from households.selectors.results import Passed, Proof, Results
from households.selectors.results import results as lists_of
from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.text import first_upper
from targets.selectors.places import place_word
from targets.selectors.results import end_of
from targets.views.results import NET, PARTS, period_of

PER_PAGE = 50


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
    listed, period = Category(category), period_of(request)
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
    """The village asked for, also one that is no more but a list still names; None for the unit."""
    if not asked:
        return None
    pk = next((pk for pk in found.counts if str(pk) == asked), None)
    if pk is None:
        raise Http404("Thôn này không có trong đơn vị.")
    return next((one for one in found.villages if one.pk == pk), None) or Area.objects.get(pk=pk)


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
