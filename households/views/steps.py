"""Steps of a round: their pages, finishing and opening again; meetings, postings, complaints, the opinion asked."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.choices import Agreement, ParameterCode, Step
from households.forms.rounds import ReasonForm, StepFinishForm, StepPlanForm, day_or
from households.forms.steps import (
    AnswerForm,
    ComplaintForm,
    MeetingForm,
    MinutesForm,
    OpinionAskForm,
    PostingEditForm,
    PostingForm,
)
from households.models import Complaint, Posting, ReviewRound, RoundStep, VillageMeeting
from households.selectors import law, round_pages
from households.services import rounds as round_services
from households.services import steps as services
from households.views.round_answers import (
    button_answer,
    form_answer,
    is_number,
    round_or_404,
    round_url,
    step_url,
)
from households.views.round_panels import round_page, step_rows
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area


def _step_or_404(round: ReviewRound, name: str) -> RoundStep:
    if name not in Step.values:
        raise Http404("Không có bước này.")
    return get_object_or_404(RoundStep.objects.filter(round=round), step=name)


@require_safe
@unit_view
def step(request: SignedRequest, unit: Area, year: int, pk: int, step: str) -> HttpResponse:
    """One step: what is missing, what was written down, and what can be done now."""
    round = round_or_404(unit, year, pk)
    today = timezone.localdate()
    shown = round_page(round, user=request.user, unit=unit, today=today, step=step)
    if shown.step is None:
        raise Http404("Đợt này không có bước như vậy.")
    context = {"shown": shown, "today": today, **step_rows(round, step)}
    return render(request, "rounds/step.html", context)


@require_POST
@unit_view
def finish(request: SignedRequest, unit: Area, year: int, pk: int, step: str) -> HttpResponse:
    """The step is done; what is still missing comes back as sentences."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    stored = _step_or_404(round, step)
    form = StepFinishForm(request.POST)

    def write() -> str:
        round_services.step_finish(by=request.user, round=round, step=stored.step, **form.cleaned_data)
        return f"Đã xong bước «{stored}»."

    return button_answer(request, form, write, back_url=round_url("detail", round, unit))


@require_http_methods(["GET", "POST"])
@unit_view
def reopen(request: SignedRequest, unit: Area, year: int, pk: int, step: str) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    stored = _step_or_404(round, step)
    form = ReasonForm(request.POST or None, initial={"version": stored.version})

    def write() -> str:
        round_services.step_reopen(by=request.user, round=round, step=stored.step, **form.cleaned_data)
        return f"Đã mở lại bước «{stored}»."

    return form_answer(
        request,
        form,
        write,
        back_url=round_url("detail", round, unit),
        title=f"Mở lại bước «{stored}»",
        what=f"Bước «{stored}» và các bước sau nó trở lại là chưa xong.",
        reach="Số liệu, biên bản và niêm yết đã ghi vẫn giữ nguyên.",
        undo="Làm xong lại thì bấm kết thúc bước một lần nữa.",
        submit="Mở lại bước",
    )


@require_http_methods(["GET", "POST"])
@unit_view
def plan(request: SignedRequest, unit: Area, year: int, pk: int, step: str) -> HttpResponse:
    """The days that the commune's own plan gives a step."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    stored = _step_or_404(round, step)
    form = StepPlanForm(request.POST or None, step=stored)

    def write() -> str:
        round_services.step_plan(by=request.user, round=round, step=stored.step, **form.cleaned_data)
        return f"Đã lưu hạn của bước «{stored}»."

    back_url = step_url(round, unit, Step(stored.step))
    return form_answer(request, form, write, back_url=back_url, title=f"Hạn của bước «{stored}»", submit="Lưu")


@require_http_methods(["GET", "POST"])
@unit_view
def meeting(request: SignedRequest, unit: Area, year: int, pk: int, village_pk: int) -> HttpResponse:
    """Minutes of a village: those already written, and the form of the next sitting."""
    round = round_or_404(unit, year, pk)
    if request.method == "POST":
        require(can_enter, request.user, unit)
    village = get_object_or_404(round_pages.villages_of_round(round), pk=village_pk)
    reviews = list(round_pages.reviews_for_meeting(round, village))
    initial = {
        "held_on": day_or(timezone.localdate(), round.starts_on, round.ends_on),
        "households_listed": round_pages.listed_reviews(round, {"village": village}).count(),
    }
    form = MeetingForm(request.POST or None, reviews=reviews, initial=initial)

    def write() -> str:
        minutes = services.meeting_record(
            by=request.user, round=round, village=village, verdicts=form.verdicts(), **form.fields_of_minutes()
        )
        return _said_of(minutes)

    return form_answer(
        request,
        form,
        write,
        back_url=step_url(round, unit, Step.VILLAGE_MEETING),
        template="rounds/meeting.html",
        round=round,
        village=village,
        meetings=list(round_pages.meetings(round, village)),
        can_enter=can_enter(request.user, unit),
        percent=law.parameters(unit=unit, day=round.starts_on).get(ParameterCode.MEETING_AGREE_PERCENT),
    )


@require_http_methods(["GET", "POST"])
@unit_view
def minutes(request: SignedRequest, unit: Area, year: int, pk: int, meeting_pk: int) -> HttpResponse:
    """Correct minutes that are written down; what they say of households stays."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    meetings = VillageMeeting.objects.select_related("village", "unit").filter(round=round)
    stored = get_object_or_404(meetings, pk=meeting_pk)
    form = MinutesForm(request.POST or None, meeting=stored)

    def write() -> str:
        services.minutes_correct(by=request.user, meeting=stored, version=form.cleaned_data["version"], **form.values())
        return f"Đã sửa biên bản {stored.village}, lần {stored.sitting}."

    back_url = round_url("meeting", round, unit, stored.village_id)
    title = f"Sửa biên bản {stored.village}, lần {stored.sitting}"
    return form_answer(request, form, write, back_url=back_url, title=title, submit="Lưu")


def _said_of(minutes: VillageMeeting) -> str:
    again = minutes.verdicts.filter(result=Agreement.REDO).count()
    if again:
        return f"Đã ghi biên bản {minutes.village}; {again} hộ chưa đủ tỷ lệ thống nhất, trả về rà soát lại."
    return f"Đã ghi biên bản {minutes.village}; mọi hộ đều được thống nhất."


@require_http_methods(["GET", "POST"])
@unit_view
def posting(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Post one village or several at once; the last day comes from the number of working days in force."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    villages = round_pages.villages_of_round(round)
    is_recheck = "recheck" in request.GET
    asked = request.GET.get("village", "")
    wanted = [asked] if is_number(asked) else [] if is_recheck else round_pages.villages_to_post(round)
    initial = {
        "villages": wanted,
        "starts_on": day_or(timezone.localdate(), round.starts_on, round.ends_on),
        "is_recheck": is_recheck,
    }
    rules = law.parameters(unit=unit, day=round.starts_on)
    days = rules.get(ParameterCode.RECHECK_POSTING_DAYS if is_recheck else ParameterCode.POSTING_DAYS)
    form = PostingForm(request.POST or None, villages=villages, days=days, initial=initial)

    def write() -> str:
        posted = list(form.cleaned_data["villages"])
        services.postings_record(by=request.user, round=round, villages=posted, **form.values())
        return f"Đã ghi niêm yết {', '.join(str(village) for village in posted)}."

    back_url = step_url(round, unit, Step.POSTING)
    return form_answer(request, form, write, back_url=back_url, title="Ghi niêm yết", submit="Ghi niêm yết")


@require_http_methods(["GET", "POST"])
@unit_view
def posting_edit(request: SignedRequest, unit: Area, year: int, pk: int, posting_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    stored = get_object_or_404(Posting.objects.select_related("village").filter(round=round), pk=posting_pk)
    form = PostingEditForm(request.POST or None, posting=stored)

    def write() -> str:
        version = form.cleaned_data["version"]
        services.posting_update(by=request.user, posting=stored, version=version, **form.values())
        return f"Đã lưu niêm yết {stored.village}."

    back_url = step_url(round, unit, Step.POSTING)
    return form_answer(request, form, write, back_url=back_url, title=f"Sửa niêm yết {stored.village}", submit="Lưu")


@require_http_methods(["GET", "POST"])
@unit_view
def complaint_add(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    reviews = round_pages.listed_reviews(round)
    about = request.GET.get("review", "")
    chosen = reviews.filter(pk=about).first() if is_number(about) else None
    initial: dict[str, Any] = {"received_on": day_or(timezone.localdate(), round.starts_on)}
    if chosen:
        initial |= {"village": chosen.village_id, "household": chosen.household.code}
    villages = round_pages.villages_of_round(round)
    form = ComplaintForm(request.POST or None, villages=villages, reviews=reviews, initial=initial)

    def write() -> str:
        complaint = services.complaint_add(by=request.user, round=round, **form.cleaned_data)
        return f"Đã ghi {complaint}, hạn phúc tra {complaint.due_on:%d/%m/%Y}."

    back_url = step_url(round, unit, Step.RECHECK)
    return form_answer(request, form, write, back_url=back_url, title="Ghi khiếu nại", submit="Ghi khiếu nại")


@require_http_methods(["GET", "POST"])
@unit_view
def complaint_answer(request: SignedRequest, unit: Area, year: int, pk: int, complaint_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    complaints = Complaint.objects.select_related("village", "review").filter(round=round)
    complaint = get_object_or_404(complaints, pk=complaint_pk)
    form = AnswerForm(request.POST or None, complaint=complaint)

    def write() -> str:
        version = form.cleaned_data["version"]
        services.complaint_answer(by=request.user, complaint=complaint, version=version, **form.values())
        return f"Đã trả lời {complaint}."

    return form_answer(
        request,
        form,
        write,
        back_url=step_url(round, unit, Step.RECHECK),
        template="rounds/complaint.html",
        complaint=complaint,
    )


@require_http_methods(["GET", "POST"])
@unit_view
def opinion_ask(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Send the preliminary result to the level above."""
    require(can_enter, request.user, unit)
    round = round_or_404(unit, year, pk)
    initial = {"sent_on": day_or(timezone.localdate(), round.starts_on)}
    form = OpinionAskForm(request.POST or None, unit=unit, initial=initial)

    def write() -> str:
        opinion = services.opinion_ask(by=request.user, round=round, **form.cleaned_data)
        until = f", trả lời trước {opinion.due_on:%d/%m/%Y}" if opinion.due_on else ""
        return f"Đã gửi {opinion.addressee}{until}."

    return form_answer(
        request,
        form,
        write,
        back_url=step_url(round, unit, Step.OPINION),
        template="rounds/opinion_ask.html",
        round=round,
        addressee=law.addressee(unit=unit, day=timezone.localdate()),
        counts=round_pages.category_counts(round),
    )
