"""Pages that belong to no single app: where one starts, the home of a unit, search, errors, signs of life."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from povertyplan.accounts.scope import SignedRequest, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.text import clean, first_upper
from povertyplan.web import navigation, selectors, units, waiting
from povertyplan.web.context import DENSITIES
from povertyplan.web.health import health
from targets.rules.consolidated import TONES, state_word
from targets.selectors.consolidated import consolidated

UNITS_PER_PAGE = 50
TASKS_ABOVE_UNITS = 10
A_YEAR = 365 * 24 * 3600


@require_safe
def home(request: SignedRequest) -> HttpResponse:
    """To the home of one's unit; people of several units choose, people without one read why."""
    own = units.own_units(request.user)
    if len(own) != 1:
        return unit_list(request)
    unit = own[0]
    year = units.home_year(unit, last_plan=units.last_plan_year(request.user, unit), today=timezone.localdate())
    return redirect("unit-home", code=unit.code, year=year)


@require_safe
def unit_list(request: SignedRequest) -> HttpResponse:
    """The units one may open, with a search; above them what communes ask of one, where one is the level above, and
    what is set for all units."""
    words = clean(request.GET.get("q", ""))
    page = Paginator(units.unit_search(request.user, words), UNITS_PER_PAGE).get_page(request.GET.get("page"))
    if not words and not page.paginator.count:
        return render(request, "web/no_unit.html")
    today = timezone.localdate()
    rows = [(unit, units.home_year(unit, last_plan=unit.last_plan, today=today)) for unit in page]
    due = [] if words else waiting.asked_of(user=request.user, today=today)
    context = {
        "page": page,
        "rows": rows,
        "words": words,
        "above": [] if words else units.areas_above(request.user, today=today),
        "tasks": due[:TASKS_ABOVE_UNITS],
        "more": len(due[TASKS_ABOVE_UNITS:]),
        "law_from": rows[0] if rows and request.user.is_superuser else None,
    }
    return render(request, "web/units.html", context)


@require_safe
@unit_view
def unit_home(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """What the user has to do in a commune; above it, how far its communes are."""
    today = timezone.localdate()
    if unit.level != Level.COMMUNE:
        below = consolidated(area=unit, year=year, user=request.user).lines
        page = Paginator(below, UNITS_PER_PAGE).get_page(request.GET.get("page"))
        asked = waiting.asked_of_area(user=request.user, unit=unit, year=year, today=today)
        rows = [(line, first_upper(state_word(line)), TONES[line.state]) for line in page]
        return render(request, "web/communes.html", {"page": page, "rows": rows, "tasks": asked})
    home = selectors.unit_home(unit=unit, year=year)
    due = waiting.tasks(home=home, user=request.user, unit=unit, today=today)
    return render(request, "web/unit_home.html", {"home": home, "tasks": due, "today": today})


@require_safe
@unit_view
def search(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    words = clean(request.GET.get("q", ""))
    found = selectors.search(user=request.user, unit=unit, year=year, words=words) if words else None
    return render(request, "web/search.html", {"words": words, "found": found})


@require_safe
def switch(request: SignedRequest) -> HttpResponse:
    """The same section of another unit or year; a year outside the unit's life gives its nearest one."""
    code = request.GET.get("unit", "")
    wanted = request.GET.get("year", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) == 4):
        raise Http404("Năm không đúng.")
    year = units.nearest_year(request.user, code, int(wanted))
    if year is None:
        raise Http404("Không có đơn vị nào mang mã này trong phạm vi được xem.")
    return HttpResponseRedirect(navigation.section_url(request.GET.get("section", ""), code=code, year=year))


@require_POST
@login_not_required
def density(request: SignedRequest) -> HttpResponse:
    """Remember how close the rows of tables stand."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    if request.POST.get("mode") in DENSITIES:
        response.set_cookie(
            "density", request.POST["mode"], max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response


@require_safe
@login_not_required
@never_cache
def healthz(request: SignedRequest) -> HttpResponse:
    state = health()
    return JsonResponse(state.as_dict(), status=200 if state.is_well else 503)


@login_not_required
def csrf_failure(request: SignedRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
