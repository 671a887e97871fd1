"""Recognition of a round by the chairman of the commune, the number of the decision, corrections of single households.

Quyết định 24/2021, Điều 4 step 6 (Mẫu 02). Who entered never recognises: a real person with the right, who opened
nothing, typed into no form and wrote no minutes of the round.
"""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from households.choices import RecognitionKind, ReviewState, RoundKind, RoundState, Step
from households.models import Recognised, Recognition, Request, Review, ReviewRound
from households.rules.outcomes import outcome
from households.selectors.rounds import is_author
from households.selectors.transitions import Passage, passages
from households.services.corrections import correction_open, correction_recognise, correction_withdraw
from households.services.round_gate import lock_round, refuse_future
from households.services.round_steps import require_ready
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_decide, can_number, demand
from povertyplan.core.audit import acting
from povertyplan.core.bulk import learn
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.offices.models import Officer
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper
from povertyplan.papers.rules import split_number

__all__ = [
    "correction_open",
    "correction_recognise",
    "correction_withdraw",
    "decision_number",
    "round_recognise",
]

BATCH = 1000
OWN_WORK = "Người mở đợt, nhập phiếu hoặc ghi biên bản của đợt không công nhận chính đợt đó; người khác công nhận."
INITIAL_SUBJECT = (
    "về việc công nhận danh sách hộ nghèo, hộ cận nghèo và danh sách hộ thoát nghèo, hộ thoát cận nghèo {period}"
)
CORRECTION_SUBJECT = "về việc điều chỉnh danh sách hộ nghèo, hộ cận nghèo {period}"


@transaction.atomic
def round_recognise(*, by: User | None, round: ReviewRound, version: int, on: datetime.date) -> Recognition:
    """The decision: one row a household with its class and transition, every form frozen, requests answered.

    Exactly once, also from two browsers: the second waits for the first and is refused. The system never recognises
    (PermissionDenied). ValidationError lists everything that is missing; EditConflict.
    """
    if by is None:
        raise PermissionDenied
    demand(can_decide, by, round.unit)
    refuse_future(on=on)
    with acting(by=by, action="round.recognise"):
        row = lock_round(round)
        if is_author(by, row):
            raise ValidationError(OWN_WORK)
        changes = {"state": RoundState.RECOGNISED, "recognised_on": on}
        row, mine = lock_and_merge(
            ReviewRound.objects.select_related("unit"), pk=row.pk, version=version, changes=changes
        )
        _lock_forms(row)
        step = row.steps.get(step=Step.RECOGNITION)
        require_ready(row, step, on=on)
        save_changes(row, mine)
        recognition = save_changes(
            Recognition(round=row, unit=row.unit), {"kind": RecognitionKind.INITIAL, "on": on, "by": by}
        )
        decided = passages(row)
        Recognised.objects.bulk_create((_recognised(recognition, passage) for passage in decided), batch_size=BATCH)
        learn(decided, Recognised)
        _freeze(row)
        _answer_requests(row, decided, on)
        save_changes(step, {"done_on": on, "note": ""})
    return recognition


@transaction.atomic
def decision_number(
    *,
    by: User | None,
    recognition: Recognition,
    version: int,
    number: str,
    notation: str = "QĐ-UBND",
    date: datetime.date,
    signer: Officer | None = None,
) -> Recognition:
    """Văn thư gives the decision its number, date and signer: it becomes a paper of the unit, or that is corrected.

    Raises EditConflict.
    """
    demand(can_number, by, recognition.unit)
    refuse_future(date=date)
    digits, rest = split_number(clean(number), clean(notation))
    errors = {}
    if not digits:
        errors["number"] = "Ghi số của quyết định."
    if date < recognition.on:
        errors["date"] = f"Quyết định ký ngày {format_date(recognition.on)}; ngày ban hành không trước ngày đó."
    if signer is not None and signer.unit_id != recognition.unit_id:
        errors["signer"] = f"«{signer}» không thuộc đơn vị này."
    if errors:
        raise ValidationError(errors)
    with acting(by=by, action="recognition.number"):
        rows = Recognition.objects.select_related("round", "unit", "paper", "signer")
        row, _ = lock_and_merge(rows, pk=recognition.pk, version=version, changes={})
        if row.version != version:
            raise ValidationError("Quyết định này vừa được người khác ghi số. Xem lại số đang lưu rồi ghi lại.")
        paper = row.paper or Paper(unit=row.unit, type=PaperType.DECISION, is_own=True)
        if not row.paper:
            paper.issuer = f"Chủ tịch Ủy ban nhân dân {row.unit}"
            paper.subject = _subject(row)
        paper = save_changes(paper, {"number": digits, "notation": rest, "date": date})
        return save_changes(row, {"paper": paper, "signer": signer or row.signer})


def _lock_forms(round: ReviewRound) -> None:
    """No form changes while it is decided on: who saves one now waits, and then finds it frozen."""
    list(Review.objects.filter(round=round).order_by("pk").select_for_update().values_list("pk"))


def _recognised(recognition: Recognition, passage: Passage) -> Recognised:
    return Recognised(
        unit=recognition.unit,
        recognition=recognition,
        round=recognition.round,
        year=recognition.round.year,
        household_id=passage.household_id,
        review_id=passage.review_id,
        village_id=passage.village_id,
        category=passage.category,
        transition=passage.transition,
        reason=passage.reason,
        head_name=passage.head_name,
        head_sort_key=passage.head_sort_key,
        ethnicity_id=passage.ethnicity_id,
        persons=passage.persons,
        is_ethnic_minority=passage.is_ethnic_minority,
        is_merit=passage.is_merit,
        has_no_labour=passage.has_no_labour,
        is_female_head=passage.is_female_head,
        from_category=passage.from_category,
        from_persons=passage.from_persons,
        from_village_id=passage.from_village_id,
    )


def _freeze(round: ReviewRound) -> None:
    forms = Review.objects.current().filter(round=round, is_frozen=False)
    forms.filter(state=ReviewState.SURVEYED).update(state=ReviewState.RECOGNISED, is_frozen=True)
    forms.update(is_frozen=True)


def _answer_requests(round: ReviewRound, decided: Iterable[Passage], on: datetime.date) -> None:
    """Each open request of the round gets the answer that its household's result means."""
    by_household = {passage.household_id: passage for passage in decided}
    forms = {form.household_id: form for form in Review.objects.current().filter(round=round, request__isnull=False)}
    requests = [
        row for row in Request.objects.filter(round=round, result="").order_by("pk") if row.household_id in forms
    ]
    for request in requests:
        form, passage = forms[request.household_id or 0], by_household.get(request.household_id or 0)
        answer = outcome(
            request.kind,
            category=passage.category if passage else "",
            from_category=passage.from_category if passage else "",
            state=form.state,
            dropped_because=form.dropped_because,
            b1=form.b1_score,
            b2=form.b2_score,
        )
        request.result, request.refusal_reason, request.result_on = answer.result, answer.reason, on
    Request.objects.bulk_update(requests, ["result", "refusal_reason", "result_on"], batch_size=500)


def _subject(recognition: Recognition) -> str:
    round = recognition.round
    period = f"tháng {round.month:02d} năm {round.year}" if round.kind == RoundKind.REGULAR else f"năm {round.year}"
    is_correction = recognition.kind == RecognitionKind.CORRECTION
    return (CORRECTION_SUBJECT if is_correction else INITIAL_SUBJECT).format(period=period)
