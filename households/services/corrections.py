"""Correcting one household of a recognised round: a copy of its form, decided on anew; the first result stays."""

import copy
import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from households.choices import LISTED, Category, RecognitionKind, ReviewState, RoundState
from households.models import (
    Answer,
    Recognised,
    Recognition,
    Review,
    ReviewCause,
    ReviewIncome,
    ReviewNeed,
    ReviewRound,
    ReviewScore,
)
from households.rules.transitions import Fate, decide, standing
from households.selectors.arrivals import arrivals, ever_listed
from households.selectors.last_list import SNAPSHOT, day_of, list_before
from households.selectors.lineage import lineage
from households.selectors.rounds import later_round
from households.services.round_gate import lock_round, refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_decide, can_enter, demand
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean, first_upper
from povertyplan.core.versions import lock_and_merge, save_changes

PARTS: tuple[type[models.Model], ...] = (Answer, ReviewScore, ReviewIncome, ReviewCause, ReviewNeed)
OWN_WORK = "Người sửa phiếu điều chỉnh không công nhận chính phiếu đó; người khác công nhận."


@transaction.atomic
def correction_open(*, by: User | None, review: Review, version: int, reason: str) -> Review:
    """A copy of a recognised form with all its answers, to be changed; the recognised one counts until the decision.

    Refused while another correction of it is open, and once a later round rests on the result. Raises EditConflict.
    """
    demand(can_enter, by, review.unit)
    because = clean(reason)
    if not because:
        raise ValidationError({"reason": "Ghi lý do điều chỉnh."})
    with acting(by=by, action="correction.open"):
        round = lock_round(review.round, RoundState.RECOGNISED)
        source, _ = lock_and_merge(Review.objects.filter(is_frozen=True), pk=review.pk, version=version, changes={})
        if not source.is_current:
            raise ValidationError("Phiếu này đã có phiếu điều chỉnh thay thế; điều chỉnh phiếu đang có giá trị.")
        if Review.objects.filter(corrects=source).exists():
            raise ValidationError("Phiếu này đang có một phiếu điều chỉnh chưa được công nhận.")
        _refuse_if_built_upon(round, source)
        correction = _copy(source, by=by, reason=because)
        correction.full_clean()
        correction.save()
        for part in PARTS:
            _copy_parts(part, source, correction)
    return correction


@transaction.atomic
def correction_withdraw(*, by: User | None, review: Review, version: int) -> None:
    """Take back a correction that is not recognised; the audit keeps it. Raises EditConflict."""
    demand(can_enter, by, review.unit)
    with acting(by=by, action="correction.withdraw"):
        lock_round(review.round, RoundState.RECOGNISED)
        rows = Review.objects.filter(corrects__isnull=False, is_frozen=False)
        stored, _ = lock_and_merge(rows, pk=review.pk, version=version, changes={})
        stored.delete()


@transaction.atomic
def correction_recognise(
    *, by: User | None, review: Review, version: int, on: datetime.date, reason: str = ""
) -> Recognition:
    """A new decision puts the corrected form in the place of the old one and its result in the list.

    By a real person with the right who did not change the form. Raises EditConflict.
    """
    if by is None:
        raise PermissionDenied
    demand(can_decide, by, review.unit)
    refuse_future(on=on)
    with acting(by=by, action="correction.recognise"):
        round = lock_round(review.round, RoundState.RECOGNISED)
        rows = Review.objects.filter(corrects__isnull=False, is_frozen=False)
        stored, _ = lock_and_merge(rows, pk=review.pk, version=version, changes={})
        because = clean(reason) or stored.correction_reason
        _require_decidable(by, round, stored, on)
        recognition = save_changes(
            Recognition(round=round, unit=round.unit),
            {"kind": RecognitionKind.CORRECTION, "on": on, "by": by, "reason": because},
        )
        _replace_form(stored)
        _replace_result(round, recognition, stored, because)
    return recognition


def _require_decidable(by: User, round: ReviewRound, review: Review, on: datetime.date) -> None:
    if by.pk in review.authors:
        raise ValidationError(OWN_WORK)
    if review.state != ReviewState.SURVEYED:
        raise ValidationError("Phiếu điều chỉnh chưa chấm điểm xong.")
    if round.recognised_on is not None and on < round.recognised_on:
        day = format_date(round.recognised_on)
        raise ValidationError({"on": f"Đợt được công nhận ngày {day}; quyết định điều chỉnh không trước ngày đó."})
    _refuse_if_built_upon(round, review)


def _refuse_if_built_upon(round: ReviewRound, review: Review) -> None:
    later = later_round(round, review.household_id)
    if later is not None and later.recognised_on is not None:
        raise ValidationError(
            f"{first_upper(str(later))} (công nhận {format_date(later.recognised_on)}) đã dựa vào kết quả này;"
            " điều chỉnh ở đợt đó."
        )


def _copy(source: Review, *, by: User | None, reason: str) -> Review:
    """Scored like the source where it was scored; else it waits for Phiếu B."""
    row = copy.copy(source)
    row._state = copy.copy(source._state)
    row._state.adding = True
    row.pk, row.version = None, 1
    row.corrects, row.correction_reason = source, reason
    row.is_current = row.is_frozen = False
    row.state = ReviewState.SURVEYED if source.category else ReviewState.TO_SURVEY
    row.authors = [by.pk] if by else []
    return row


def _copy_parts(model: Any, source: Review, target: Review) -> None:
    rows = list(model.objects.filter(review=source))
    for row in rows:
        row.pk, row.review = None, target
        row._state.adding = True
    model.objects.bulk_create(rows)


def _replace_form(review: Review) -> None:
    Review.objects.filter(corrected_by=review).update(is_current=False)
    save_changes(review, {"is_current": True, "state": ReviewState.RECOGNISED, "is_frozen": True})


def _replace_result(round: ReviewRound, recognition: Recognition, review: Review, reason: str) -> None:
    """The household's row in the list gives way to a new one that comes from the same place."""
    old = Recognised.objects.filter(round=round, household=review.household_id, is_current=True).first()
    fate = _fate(round, review, old.from_category if old else "")
    if old is not None:
        Recognised.objects.filter(pk=old.pk).update(is_current=False)
    snapshot = {name: getattr(review, name) for name in SNAPSHOT}
    Recognised.objects.create(
        unit=round.unit,
        recognition=recognition,
        round=round,
        year=round.year,
        household_id=review.household_id,
        review=review,
        village_id=review.village_id,
        category=fate.category,
        transition=fate.transition,
        reason=fate.reason or f"Điều chỉnh: {reason}"[:300],
        persons=review.persons,
        from_category=old.from_category if old else "",
        from_persons=old.from_persons if old else 0,
        from_village_id=old.from_village_id if old else None,
        **snapshot,
    )


def _fate(round: ReviewRound, review: Review, before: str) -> Fate:
    line = lineage(round.unit, day_of(round))
    ids = [review.household_id]
    is_new = before not in LISTED
    ever = ever_listed(ids, round).get(review.household_id, set()) if is_new else set()
    came = arrivals(ids, list_before(round, line), line).get(review.household_id, "") if is_new else ""
    return decide(
        before=before,
        now=standing(review.state, review.category),
        arrival=came,
        was_poor=Category.POOR in ever,
        was_near_poor=Category.NEAR_POOR in ever,
    )
