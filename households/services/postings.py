"""Posting of results, complaints about them and their recheck (Quyết định 24/2021, Điều 4).

How many working days is a dated figure of ``ParameterCode``; the days themselves are recalled, not read in the text
(``docs/rules/review-round.md``).
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from households.choices import ComplaintResult, ParameterCode, Step
from households.models import Complaint, Posting, Review, ReviewRound
from households.rules.calendar import add_working_days, earliest_end
from households.rules.steps import VillageFacts
from households.selectors.law import parameters
from households.selectors.round_facts import facts_of
from households.services.round_gate import lock_round, refuse_done, refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean, clean_lines
from povertyplan.core.versions import lock_and_merge, save_changes

POSTING_FIELDS = ("place", "starts_on", "ends_on")
UNKNOWN_DAYS = "Chưa có số ngày làm việc theo quy định; ghi ngày."


@transaction.atomic
def posting_record(
    *,
    by: User | None,
    round: ReviewRound,
    village: Area,
    place: str,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    is_recheck: bool = False,
) -> Posting:
    """The result of a village hangs in public from a day to a day, both included; no last day: as short as allowed.

    After the meeting that settled every household of the village; a recheck is posted after the recheck. Too few
    working days are refused with the earliest last day.
    """
    return postings_record(
        by=by,
        round=round,
        villages=[village],
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        is_recheck=is_recheck,
    )[0]


@transaction.atomic
def postings_record(
    *,
    by: User | None,
    round: ReviewRound,
    villages: Iterable[Area],
    place: str,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    is_recheck: bool = False,
) -> list[Posting]:
    """The same for several villages posted alike, all or none; ValidationError names every village that cannot be."""
    demand(can_enter, by, round.unit)
    with acting(by=by, action="posting.record"):
        row = lock_round(round)
        if not is_recheck:
            refuse_done(row, Step.POSTING)
        chosen = list(villages)
        _require_order(row, chosen, starts_on, is_recheck=is_recheck, is_first=not is_recheck)
        ends_on = _end(row, starts_on, ends_on, is_recheck=is_recheck)
        written = {"place": clean(place), "starts_on": starts_on, "ends_on": ends_on}
        return [
            save_changes(Posting(round=row, unit=row.unit, village=village, is_recheck=is_recheck), written)
            for village in chosen
        ]


@transaction.atomic
def posting_update(*, by: User | None, posting: Posting, version: int, **changes: Any) -> Posting:
    """Correct place or days of a posting. Raises EditConflict."""
    demand(can_enter, by, posting.unit)
    unknown = set(changes) - set(POSTING_FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a posting: {sorted(unknown)}")
    with acting(by=by, action="posting.update"):
        row = lock_round(posting.round)
        postings = Posting.objects.select_related("unit", "village")
        stored, mine = lock_and_merge(postings, pk=posting.pk, version=version, changes=changes)
        starts_on = mine.get("starts_on", stored.starts_on)
        _require_order(row, [stored.village], starts_on, is_recheck=stored.is_recheck)
        mine["ends_on"] = _end(row, starts_on, mine.get("ends_on", stored.ends_on), is_recheck=stored.is_recheck)
        return save_changes(stored, mine)


@transaction.atomic
def complaint_add(
    *,
    by: User | None,
    round: ReviewRound,
    village: Area,
    complainant: str,
    content: str,
    received_on: datetime.date,
    review: Review | None = None,
    due_on: datetime.date | None = None,
) -> Complaint:
    """A complaint about a posted result, of a household or of the village; due by the days of recheck."""
    demand(can_enter, by, round.unit)
    refuse_future(received_on=received_on)
    with acting(by=by, action="complaint.add"):
        row = lock_round(round)
        if review is not None and (review.round_id != row.pk or review.village_id != village.pk):
            raise ValidationError({"review": f"Hộ này không thuộc danh sách của {village} trong đợt."})
        posted = Posting.objects.filter(round=row, village=village).order_by("starts_on").first()
        if posted is None:
            raise ValidationError(
                {"village": f"{village.title} chưa niêm yết kết quả nên chưa nhận khiếu nại về kết quả."}
            )
        if received_on < posted.starts_on:
            raise ValidationError({"received_on": f"Kết quả niêm yết từ {format_date(posted.starts_on)}."})
        due_on = due_on or _after(row, received_on, ParameterCode.RECHECK_DAYS)
        if due_on is None:
            raise ValidationError({"due_on": UNKNOWN_DAYS})
        complaint = Complaint(round=row, unit=row.unit, village=village, review=review)
        written = {"complainant": clean(complainant), "content": clean_lines(content)}
        return save_changes(complaint, {**written, "received_on": received_on, "due_on": due_on})


@transaction.atomic
def complaint_answer(
    *,
    by: User | None,
    complaint: Complaint,
    version: int,
    rechecked_on: datetime.date,
    result: str,
    answer: str,
) -> Complaint:
    """What the recheck found. A changed result is first written into the household's form, then posted again.

    Raises EditConflict.
    """
    demand(can_enter, by, complaint.unit)
    refuse_future(rechecked_on=rechecked_on)
    errors = {}
    if result not in ComplaintResult.values:
        errors["result"] = "Chọn kết quả phúc tra."
    if not clean_lines(answer):
        errors["answer"] = "Ghi nội dung trả lời người khiếu nại."
    if rechecked_on < complaint.received_on:
        errors["rechecked_on"] = (
            f"Khiếu nại nhận ngày {format_date(complaint.received_on)}; phúc tra không trước ngày đó."
        )
    if errors:
        raise ValidationError(errors)
    with acting(by=by, action="complaint.answer"):
        lock_round(complaint.round)
        changes = {"rechecked_on": rechecked_on, "result": result, "answer": clean_lines(answer)}
        changes["category"] = _changed_to(complaint) if result == ComplaintResult.CHANGED else ""
        return save_changes(*lock_and_merge(Complaint.objects.all(), pk=complaint.pk, version=version, changes=changes))


def _changed_to(complaint: Complaint) -> str:
    """The category of the form now, which must differ from what the village meeting agreed to and posted."""
    if complaint.review_id is None:
        return ""
    review = Review.objects.select_for_update(of=("self",)).get(pk=complaint.review_id)
    verdict = review.verdicts.order_by("-meeting__sitting", "-pk").first()
    if verdict is not None and verdict.category == review.category:
        raise ValidationError(
            {
                "result": f"Phiếu của {review.head_name} vẫn là {review.get_category_display()} như họp dân đã thống"
                " nhất. Sửa phiếu trước, hoặc chọn giữ nguyên kết quả."
            }
        )
    return review.category


def _require_order(
    round: ReviewRound, villages: Sequence[Area], starts_on: datetime.date, *, is_recheck: bool, is_first: bool = False
) -> None:
    """``is_first``: the posting is about to be written, and a village has one."""
    facts = {row.pk: row for row in facts_of(round).villages}
    errors: dict[str, list[str]] = {}
    for village in villages:
        found = facts.get(village.pk)
        if is_first and found and found.posted_from:
            sentence = f"{village.title} đã niêm yết từ ngày {format_date(found.posted_from)}."
            errors.setdefault("villages", []).append(sentence)
        for field, sentence in _faults(found, village, starts_on, is_recheck=is_recheck):
            errors.setdefault(field, []).append(sentence)
    if errors:
        raise ValidationError(errors)


def _faults(
    facts: VillageFacts | None, village: Area, starts_on: datetime.date, *, is_recheck: bool
) -> Iterator[tuple[str, str]]:
    """Why a village cannot be posted yet, by field."""
    if facts is None or facts.met_on is None:
        yield "villages", f"{village.title} chưa họp dân; họp xong mới niêm yết kết quả."
        return
    if left := facts.listed + facts.to_survey + facts.unsettled:
        yield "villages", f"{village.title} còn {left} hộ chưa được cuộc họp thống nhất."
    if starts_on < facts.met_on:
        yield "starts_on", f"{village.title} họp ngày {format_date(facts.met_on)}; niêm yết sau cuộc họp."
    if is_recheck and facts.reposting_from is None:
        yield "villages", f"{village.title} không có kết quả nào thay đổi do phúc tra."
    elif is_recheck and facts.reposting_from and starts_on < facts.reposting_from:
        day = format_date(facts.reposting_from)
        yield "starts_on", f"{village.title} phúc tra ngày {day}; niêm yết kết quả phúc tra không trước ngày đó."


def _end(
    round: ReviewRound, starts_on: datetime.date, ends_on: datetime.date | None, *, is_recheck: bool
) -> datetime.date:
    """A last day that leaves enough working days. ValidationError names the earliest."""
    code = ParameterCode.RECHECK_POSTING_DAYS if is_recheck else ParameterCode.POSTING_DAYS
    days = parameters(unit=round.unit, day=starts_on).get(code)
    if days is None:
        if ends_on is None:
            raise ValidationError({"ends_on": UNKNOWN_DAYS})
        return ends_on
    earliest = earliest_end(starts_on, days)
    if ends_on is not None and ends_on < earliest:
        raise ValidationError(
            {"ends_on": f"Niêm yết đủ {days:02d} ngày làm việc thì sớm nhất đến hết ngày {format_date(earliest)}."}
        )
    return ends_on or earliest


def _after(round: ReviewRound, day: datetime.date, code: ParameterCode) -> datetime.date | None:
    days = parameters(unit=round.unit, day=day).get(code)
    return add_working_days(day, days) if days is not None else None
