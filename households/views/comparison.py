"""Two standards side by side for a round."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from households.choices import Category
from households.models import ReviewRound, Standard
from households.selectors.comparison import Compared, compare
from households.views.law import seen_from
from povertyplan.accounts.scope import SignedRequest, unit_view
from povertyplan.areas.models import Area

PER_PAGE = 50
SHOWN = {"changed": "Thay đổi", "open": "Chưa kết luận được", "all": "Tất cả"}


@require_safe
@unit_view
def comparison(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """The matrix, and the households behind it: by village, changed, undecided or all."""
    rounds = ReviewRound.objects.select_related("standard").filter(unit=unit, year=year)
    round = get_object_or_404(rounds, pk=pk)
    round.unit = unit
    others = list(seen_from(Standard.objects.all(), unit).exclude(pk=round.standard_id).order_by("-valid_from"))
    if not others:
        raise Http404("Không có chuẩn nghèo nào khác.")
    other = next((one for one in others if one.code == request.GET.get("standard")), others[0])
    found = compare(round, other)
    village, shown = request.GET.get("village", ""), request.GET.get("show", "")
    shown = shown if shown in SHOWN else "changed"
    rows = [row for row in found.rows if _is_shown(row, shown) and village in {"", str(row.village.pk)}]
    context = {
        "round": round,
        "found": found,
        "others": others,
        "villages": list(dict.fromkeys(row.village for row in found.rows)),
        "village": village,
        "shown": shown,
        "choices": SHOWN.items(),
        "categories": list(Category),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "law/compare.html", context)


def _is_shown(row: Compared, shown: str) -> bool:
    return shown == "all" or (row.is_open if shown == "open" else row.is_changed)
