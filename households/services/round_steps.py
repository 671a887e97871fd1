"""Progress of a round: a step is done when everything before it is, and can be opened again until recognition."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from households.choices import RoundKind, RoundState, Step
from households.models import Review, ReviewRound, RoundStep
from households.rules.steps import blockers
from households.selectors.round_facts import facts_of
from households.selectors.rounds import on_list
from households.services.round_gate import lock_round, refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.findings import Finding, Severity
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes

BY_DECISION = "Bước này xong khi lãnh đạo công nhận kết quả rà soát."


@transaction.atomic
def step_finish(*, by: User | None, round: ReviewRound, step: str, version: int, on: datetime.date) -> RoundStep:
    """The one door of progress. ValidationError lists everything that is missing; EditConflict when somebody else
    wrote another day. Recognition has its own door (``services.recognition``)."""
    demand(can_enter, by, round.unit)
    if step == Step.RECOGNITION:
        raise ValidationError(BY_DECISION)
    refuse_future(on=on)
    with acting(by=by, action="step.finish"):
        row = lock_round(round, RoundState.OPEN, RoundState.RECOGNISED)
        stored, mine = _lock_step(row, step, version, {"done_on": on, "note": ""})
        require_ready(row, stored, on=on)
        return save_changes(stored, mine)


@transaction.atomic
def step_reopen(*, by: User | None, round: ReviewRound, step: str, version: int, reason: str) -> RoundStep:
    """Open a step again, and with it every later one, until the round is recognised. What was recorded stays."""
    demand(can_enter, by, round.unit)
    if step == Step.RECOGNITION:
        raise ValidationError(BY_DECISION)
    note = clean(reason)
    if not note:
        raise ValidationError({"reason": "Ghi lý do mở lại bước."})
    with acting(by=by, action="step.reopen"):
        states = (RoundState.RECOGNISED,) if step == Step.CERTIFICATES else (RoundState.OPEN,)
        row = lock_round(round, *states)
        stored, mine = _lock_step(row, step, version, {"done_on": None, "note": note})
        if stored.done_on is None:
            raise ValidationError(f"Bước «{stored}» chưa xong nên không cần mở lại.")
        row.steps.filter(position__gt=stored.position, done_on__isnull=False).update(done_on=None)
        return save_changes(stored, mine)


@transaction.atomic
def step_plan(
    *,
    by: User | None,
    round: ReviewRound,
    step: str,
    version: int,
    starts_on: datetime.date | None,
    due_on: datetime.date | None,
) -> RoundStep:
    """The days that the commune's own plan gives a step, within the round. Raises EditConflict."""
    demand(can_enter, by, round.unit)
    errors = {}
    if starts_on and due_on and due_on < starts_on:
        errors["due_on"] = "Hạn không được trước ngày bắt đầu."
    elif due_on and due_on > round.ends_on and step != Step.CERTIFICATES:
        errors["due_on"] = f"Đợt kết thúc ngày {format_date(round.ends_on)}; hạn của bước không sau ngày đó."
    if starts_on and starts_on < round.starts_on:
        errors["starts_on"] = f"Đợt bắt đầu ngày {format_date(round.starts_on)}."
    if errors:
        raise ValidationError(errors)
    with acting(by=by, action="step.plan"):
        row = lock_round(round)
        stored, mine = _lock_step(row, step, version, {"starts_on": starts_on, "due_on": due_on})
        return save_changes(stored, mine)


def require_ready(round: ReviewRound, step: RoundStep, *, on: datetime.date) -> None:
    """ValidationError unless the step may be done on the day: every sentence that is missing, at once."""
    if step.done_on is not None:
        raise ValidationError(f"Bước «{step}» đã xong ngày {format_date(step.done_on)}.")
    steps = list(round.steps.all())
    missing = [found.message for found in blockers(step.step, facts_of(round, steps), on=on) if _blocks(found)]
    missing += _unlisted(round, step)
    if missing:
        raise ValidationError(missing)
    before = max(
        (row.done_on for row in steps if row.position < step.position and row.done_on), default=round.starts_on
    )
    if on < before:
        raise ValidationError({"on": f"Không sớm hơn {format_date(before)}, ngày xong bước trước hoặc ngày mở đợt."})


def _unlisted(round: ReviewRound, step: RoundStep) -> Iterator[str]:
    """A periodic round reviews everybody who is on the list now."""
    if round.kind != RoundKind.PERIODIC or step.step not in (Step.LISTING, Step.RECOGNITION):
        return
    listed = Review.objects.current().filter(round=round).values("household")
    if left := on_list(unit=round.unit, before=round).exclude(pk__in=listed).count():
        yield f"Còn {left} hộ đang trong danh sách nghèo, cận nghèo chưa có phiếu trong đợt; lập danh sách lần nữa."


def _blocks(finding: Finding) -> bool:
    return finding.severity == Severity.ERROR


def _lock_step(
    round: ReviewRound, step: str, version: int, changes: dict[str, Any]
) -> tuple[RoundStep, dict[str, Any]]:
    rows = RoundStep.objects.filter(round=round)
    pk = rows.filter(step=step).values_list("pk", flat=True).first()
    if pk is None:
        raise ValidationError(f"{round} không có bước «{Step(step).label}».")
    return lock_and_merge(rows, pk=pk, version=version, changes=changes)
