"""The opinion of the level above before recognition (Quyết định 24/2021, Điều 4 step 5).

Until 30/06/2025 the district's chairman is asked, since then the province's by default; who is a dated row of the law.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from households.choices import OpinionReply, ParameterCode, RoundKind, Step
from households.models import Opinion, ReviewRound
from households.rules.calendar import add_working_days
from households.rules.steps import before_opinion
from households.selectors.law import addressee, parameters
from households.selectors.round_facts import facts_of, list_digest
from households.selectors.rounds import is_author
from households.services.round_gate import lock_round, refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, can_review, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean, clean_lines
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.papers.models import Paper


@transaction.atomic
def opinion_ask(*, by: User | None, round: ReviewRound, sent_on: datetime.date, paper: Paper | None = None) -> Opinion:
    """Send the preliminary result up, with its counts; due by the working days of the law, where they are known.

    Everything before must be done and the last question answered. ValidationError lists what is missing.
    """
    demand(can_enter, by, round.unit)
    refuse_future(sent_on=sent_on)
    with acting(by=by, action="opinion.ask"):
        row = lock_round(round)
        facts = facts_of(row)
        if row.kind != RoundKind.PERIODIC:
            raise ValidationError("Đợt rà soát thường xuyên không xin ý kiến cấp trên.")
        missing = [found.message for found in before_opinion(facts, on=sent_on)]
        if missing:
            raise ValidationError(missing)
        if facts.opinion is not None and not facts.opinion.reply:
            raise ValidationError(f"{facts.opinion.addressee} chưa trả lời lần xin ý kiến trước.")
        _require_after_steps(row, sent_on)
        if paper is not None and paper.unit_id != row.unit_id:
            raise ValidationError({"paper": f"«{paper}» không thuộc danh mục văn bản của đơn vị."})
        opinion = _addressed(row, sent_on)
        changes = {"sent_on": sent_on, "paper": paper, "poor": facts.poor, "near_poor": facts.near_poor}
        opinion.list_digest = list_digest(row)
        return save_changes(opinion, changes)


@transaction.atomic
def opinion_reply(
    *,
    by: User | None,
    opinion: Opinion,
    version: int,
    reply: str,
    text: str = "",
    number: str = "",
    on: datetime.date,
) -> Opinion:
    """The answer of the level above, by a person whose grant reaches the area that was asked and who worked on no form
    of the round. The system never answers. Raises EditConflict."""
    if by is None:
        raise PermissionDenied
    demand(can_review, by, opinion.asked_of)
    written = clean_lines(text)
    errors = {}
    if reply not in OpinionReply.values:
        errors["reply"] = "Chọn thống nhất hoặc đề nghị xem lại."
    if reply == OpinionReply.RETURNED and not written:
        errors["text"] = "Đề nghị xem lại thì ghi rõ xem lại điều gì."
    if on < opinion.sent_on:
        errors["on"] = f"Xã gửi ngày {format_date(opinion.sent_on)}; ngày trả lời không trước ngày đó."
    if errors:
        raise ValidationError(errors)
    refuse_future(on=on)
    with acting(by=by, action="opinion.reply"):
        row = lock_round(opinion.round)
        if is_author(by, row):
            raise ValidationError("Người nhập phiếu của đợt không trả lời thay cấp trên.")
        changes = {
            "reply": reply,
            "reply_text": written,
            "reply_number": clean(number),
            "replied_on": on,
            "replied_by": by,
        }
        return save_changes(*lock_and_merge(Opinion.objects.all(), pk=opinion.pk, version=version, changes=changes))


def _require_after_steps(round: ReviewRound, sent_on: datetime.date) -> None:
    done = [step.done_on for step in round.steps.all() if step.done_on and step.step != Step.OPINION]
    if done and sent_on < max(done):
        raise ValidationError({"sent_on": f"Bước trước xong ngày {format_date(max(done))}; không gửi trước ngày đó."})


def _addressed(round: ReviewRound, day: datetime.date) -> Opinion:
    """To whom, by the law of the day and the tree: the district where it says so and the unit has one."""
    whom = addressee(unit=round.unit, day=day)
    if whom is None:
        raise ValidationError("Chưa biết xin ý kiến ai vào ngày này; quản trị ghi ở mục Căn cứ pháp lý.")
    above = _above(round.unit)
    asked_of = above.get(whom.level) or above.get(Level.PROVINCE)
    if asked_of is None:
        raise ValidationError(f"{round.unit.title} chưa được đặt dưới một tỉnh nên chưa xin ý kiến được.")
    days = parameters(unit=round.unit, day=day).get(ParameterCode.OPINION_DAYS)
    return Opinion(
        round=round,
        unit=round.unit,
        asked_of=asked_of,
        addressee=whom.title,
        via=whom.via,
        due_on=add_working_days(day, days) if days is not None else None,
    )


def _above(unit: Area) -> dict[str, Area]:
    found: dict[str, Area] = {}
    area = unit.parent
    while area is not None:
        found[area.level] = area
        area = area.parent
    return found
