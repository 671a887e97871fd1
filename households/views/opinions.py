"""Opinions on preliminary results: what a commune asked, what a level above has to answer."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.forms.rounds import day_or
from households.forms.steps import ReplyForm
from households.models import Opinion
from households.selectors import round_pages
from households.services import steps as services
from households.views.round_answers import form_answer
from povertyplan.accounts.permissions import can_review
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area

PER_PAGE = 50


@require_safe
@unit_view
def opinions(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Asked of the unit, or by it; those that wait first."""
    found = round_pages.opinions_of(request.user, unit, year)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "today": timezone.localdate(), "can_review": can_review(request.user, unit)}
    return render(request, "rounds/opinions.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def reply(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """The level above answers: agrees, or asks to look again."""
    asked = Opinion.objects.visible_to(request.user).filter(asked_of=unit, round__year=year)
    opinion = get_object_or_404(asked.select_related("unit", "round__standard", "paper", "replied_by"), pk=pk)
    require(can_review, request.user, unit)
    today = timezone.localdate()
    initial = {"version": opinion.version, "on": day_or(today, opinion.sent_on)}
    form = ReplyForm(request.POST or None, initial=initial)

    def write() -> str:
        version = form.cleaned_data["version"]
        services.opinion_reply(by=request.user, opinion=opinion, version=version, **form.values())
        return f"Đã trả lời {opinion.unit}."

    back_url = reverse("rounds:opinions", args=[unit.code, year])
    return form_answer(
        request, form, write, back_url=back_url, template="rounds/opinion.html", opinion=opinion, today=today
    )
