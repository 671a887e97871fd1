"""Recognition by the chairman, the number of the decision, and later corrections of single households."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.choices import RoundState, Step
from households.forms.recognition import CorrectionForm, DecisionNumberForm, RecogniseForm, WithdrawCorrectionForm
from households.forms.rounds import ReasonForm, day_or
from households.models import Recognition, Review
from households.selectors import round_pages
from households.selectors.rounds import is_author
from households.services import recognition as services
from households.views.round_answers import form_answer, round_or_404, round_url, step_url
from households.views.round_panels import recognition_facts
from povertyplan.accounts.permissions import can_decide, can_enter, can_number
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.text import first_upper


@require_http_methods(["GET", "POST"])
@unit_view
def recognise(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """What will be recognised, and the decision itself."""
    require(can_decide, request.user, unit)
    round = round_or_404(unit, year, pk)
    today = timezone.localdate()
    form = RecogniseForm(request.POST or None, initial={"version": round.version, "on": day_or(today, round.starts_on)})

    def write() -> str:
        version, on = form.cleaned_data["version"], form.cleaned_data["on"]
        services.round_recognise(by=request.user, round=round, version=version, on=on)
        return f"Đã công nhận {round}. Văn thư ghi số quyết định để cấp giấy chứng nhận."

    return form_answer(
        request,
        form,
        write,
        back_url=round_url("detail", round, unit),
        template="rounds/recognise.html",
        round=round,
        is_open=round.state == RoundState.OPEN,
        refusal=services.OWN_WORK if is_author(request.user, round) else "",
        **recognition_facts(round, user=request.user, unit=unit, today=today),
    )


@require_http_methods(["GET", "POST"])
@unit_view
def number(request: SignedRequest, unit: Area, year: int, pk: int, recognition_pk: int) -> HttpResponse:
    """Văn thư gives number, date and signer to the decision."""
    require(can_number, request.user, unit)
    round = round_or_404(unit, year, pk)
    decision = get_object_or_404(
        Recognition.objects.select_related("paper", "round").filter(round=round), pk=recognition_pk
    )
    paper = decision.paper
    signers = round_pages.signers(unit, decision.on, or_id=decision.signer_id)
    initial: dict[str, Any] = {
        "version": decision.version,
        "date": paper.date if paper else decision.on,
        "signer": decision.signer_id,
    }
    if paper:
        initial |= {"number": paper.number, "notation": paper.notation}
    form = DecisionNumberForm(request.POST or None, signers=signers, initial=initial)

    def write() -> str:
        stored = services.decision_number(by=request.user, recognition=decision, **form.cleaned_data)
        return f"Đã ghi {stored.paper}."

    return form_answer(
        request,
        form,
        write,
        back_url=step_url(round, unit, Step.RECOGNITION),
        title=f"Số, ngày quyết định {decision.get_kind_display()}",
        subtitle=f"{first_upper(str(round))} của {unit}",
        submit="Ghi số",
    )


@require_safe
@unit_view
def corrections(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Corrections that wait for a decision, decisions made, and a search for the household to correct."""
    round = round_or_404(unit, year, pk)
    words = request.GET.get("q", "")
    context = {
        "round": round,
        "words": words,
        "found": round_pages.correctable(round, words),
        "waiting": list(round_pages.open_corrections(round)),
        "decisions": list(round_pages.decisions(round)),
        "can_enter": can_enter(request.user, unit),
        "can_decide": can_decide(request.user, unit),
        "can_number": can_number(request.user, unit),
    }
    return render(request, "rounds/corrections.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def correction_open(request: SignedRequest, unit: Area, year: int, pk: int, review_pk: int) -> HttpResponse:
    """A copy of a recognised form, to be changed and decided on again."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    review = _review_or_404(unit, round.pk, review_pk)
    if not review.is_frozen:
        raise Http404("Phiếu này chưa công nhận, sửa thẳng trên phiếu.")
    form = ReasonForm(request.POST or None, initial={"version": review.version})

    def write() -> str:
        services.correction_open(by=request.user, review=review, **form.cleaned_data)
        return f"Đã mở phiếu điều chỉnh của {review.head_name}; sửa phiếu rồi trình lãnh đạo."

    return form_answer(
        request,
        form,
        write,
        back_url=round_url("corrections", round, unit),
        title=f"Điều chỉnh kết quả của {review.head_name}",
        what=f"Mở một phiếu mới cho {review.head_name} ({review.village}), chép từ phiếu đã công nhận.",
        reach="Kết quả đã công nhận giữ nguyên cho đến khi có quyết định điều chỉnh.",
        undo="Phiếu điều chỉnh chưa được công nhận thì không làm thay đổi danh sách.",
        submit="Mở phiếu điều chỉnh",
    )


@require_http_methods(["GET", "POST"])
@unit_view
def correction_recognise(request: SignedRequest, unit: Area, year: int, pk: int, review_pk: int) -> HttpResponse:
    require(can_decide, request.user, unit)
    round = round_or_404(unit, year, pk)
    review = _correction_or_404(unit, round.pk, review_pk)
    first = round.recognised_on or round.starts_on
    initial = {"version": review.version, "on": day_or(timezone.localdate(), first), "reason": review.correction_reason}
    form = CorrectionForm(request.POST or None, initial=initial)

    def write() -> str:
        services.correction_recognise(by=request.user, review=review, **form.cleaned_data)
        return f"Đã công nhận kết quả điều chỉnh của {review.head_name}."

    return form_answer(
        request,
        form,
        write,
        back_url=round_url("corrections", round, unit),
        template="rounds/correction.html",
        round=round,
        review=review,
        before=review.corrects,
    )


@require_http_methods(["GET", "POST"])
@unit_view
def correction_withdraw(request: SignedRequest, unit: Area, year: int, pk: int, review_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    review = _correction_or_404(unit, round.pk, review_pk)
    form = WithdrawCorrectionForm(request.POST or None, initial={"version": review.version})

    def write() -> str:
        services.correction_withdraw(by=request.user, review=review, **form.cleaned_data)
        return f"Đã bỏ phiếu điều chỉnh của {review.head_name}."

    return form_answer(
        request,
        form,
        write,
        back_url=round_url("corrections", round, unit),
        title=f"Bỏ phiếu điều chỉnh của {review.head_name}",
        what="Xóa phiếu điều chỉnh chưa công nhận; kết quả đã công nhận giữ nguyên.",
        undo="Nhật ký vẫn giữ nội dung đã nhập; cần điều chỉnh thì mở phiếu khác.",
        submit="Bỏ phiếu điều chỉnh",
        danger=True,
    )


def _correction_or_404(unit: Area, round_pk: int, pk: int) -> Review:
    review = _review_or_404(unit, round_pk, pk)
    if review.corrects_id is None or review.is_frozen:
        raise Http404("Không có phiếu điều chỉnh này.")
    return review


def _review_or_404(unit: Area, round_pk: int, pk: int) -> Review:
    reviews = Review.objects.select_related("village", "household", "corrects").filter(unit=unit, round=round_pk)
    return get_object_or_404(reviews, pk=pk)
