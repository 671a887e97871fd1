"""Certificates: issue, the register, handing over, withdrawing."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.choices import Step
from households.forms.recognition import HandOverForm, IssueForm, WithdrawForm
from households.forms.rounds import day_or
from households.models import Certificate
from households.selectors import round_pages
from households.services import certificates as services
from households.views.round_answers import form_answer, round_or_404, step_url
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.text import clean

PER_PAGE = 50


@require_safe
@unit_view
def certificates(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """The register: booklets issued in the year or confirmed for it."""
    words = clean(request.GET.get("q", ""))
    found = round_pages.certificate_register(unit, year=year, words=words)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "can_enter": can_enter(request.user, unit)}
    return render(request, "rounds/certificates.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def issue(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """New booklets for who has none, this year's class in the others."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    first = round.recognised_on or round.starts_on
    form = IssueForm(request.POST or None, initial={"on": day_or(timezone.localdate(), first)})

    def write() -> str:
        done = services.certificates_issue(by=request.user, round=round, **form.cleaned_data)
        return said_of_issue(done)

    return form_answer(
        request,
        form,
        write,
        back_url=step_url(round, unit, Step.CERTIFICATES),
        title="Cấp giấy chứng nhận hộ nghèo, hộ cận nghèo",
        what="Hộ chưa có giấy được cấp giấy mới, số nối tiếp trong sổ của xã; hộ đã có giấy được xác nhận năm này.",
        reach="Hộ ra khỏi cả hai danh sách thì giấy được ghi là thu hồi.",
        undo="Bấm lần nữa không cấp thêm; giấy cấp nhầm thì thu hồi trong sổ, số không dùng lại.",
        submit="Cấp giấy chứng nhận",
    )


def said_of_issue(done: int) -> str:
    return f"Đã cấp, xác nhận {done} giấy chứng nhận." if done else "Mọi hộ đã có giấy và đã xác nhận, không cấp thêm."


@require_http_methods(["GET", "POST"])
@unit_view
def hand_over(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    certificate = _certificate_or_404(unit, pk)
    on = certificate.handed_over_on or day_or(timezone.localdate(), certificate.issued_on)
    form = HandOverForm(request.POST or None, initial={"version": certificate.version, "on": on})

    def write() -> str:
        services.certificate_hand_over(by=request.user, certificate=certificate, **form.cleaned_data)
        return f"Đã ghi giao giấy {certificate}."

    title = f"Giao giấy chứng nhận {certificate}"
    back_url = reverse("rounds:certificates", args=[unit.code, year])
    return form_answer(request, form, write, back_url=back_url, title=title, submit="Ghi ngày giao")


@require_http_methods(["GET", "POST"])
@unit_view
def withdraw(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    certificate = _certificate_or_404(unit, pk)
    on = day_or(timezone.localdate(), certificate.issued_on)
    form = WithdrawForm(request.POST or None, initial={"version": certificate.version, "on": on})

    def write() -> str:
        services.certificate_withdraw(by=request.user, certificate=certificate, **form.cleaned_data)
        return f"Đã thu hồi giấy {certificate}."

    return form_answer(
        request,
        form,
        write,
        back_url=reverse("rounds:certificates", args=[unit.code, year]),
        title=f"Thu hồi giấy chứng nhận {certificate}",
        what=f"Giấy {certificate} không còn giá trị từ ngày thu hồi; dòng trong sổ giữ nguyên cùng lý do.",
        undo="Hộ trở lại danh sách thì cấp giấy mới với số mới.",
        submit="Thu hồi giấy",
        danger=True,
    )


def _certificate_or_404(unit: Area, pk: int) -> Certificate:
    return get_object_or_404(Certificate.objects.select_related("household", "unit").filter(unit=unit), pk=pk)
