"""Minutes of village meetings: who agreed on each household, and what must be done again.

Quyết định 24/2021, Điều 4: at least 50 % of those present agree, otherwise the household is reviewed again and the
village meets again. The law names no quorum, so none is asked for.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min

from households.choices import Agreement, ParameterCode, ReviewState, Step
from households.models import MeetingVerdict, Posting, Review, ReviewRound, VillageMeeting
from households.rules.steps import is_agreed
from households.selectors.law import parameters
from households.selectors.round_facts import scored_reviews
from households.services.round_gate import lock_round, refuse_done, refuse_future
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean, clean_lines
from povertyplan.core.versions import lock_and_merge, save_changes

MINUTES = (
    "held_on",
    "place",
    "chair",
    "secretary",
    "board_present",
    "bodies_present",
    "front_present",
    "surveyors_present",
    "participants",
    "households_represented",
    "households_listed",
    "opinions",
)
CORRECTABLE = tuple(name for name in MINUTES if name != "participants")
NAMED = 5


@transaction.atomic
def meeting_record(
    *, by: User | None, round: ReviewRound, village: Area, verdicts: Mapping[int, tuple[int, str]], **fields: Any
) -> VillageMeeting:
    """One sitting of a village with what it said of each household: ``{review pk: (how many agreed, opinion)}``.

    It comes after the whole village is scored and speaks of every scored household that no earlier sitting has settled.
    A household without the needed share goes back to Phiếu B with the reason. ValidationError by field;
    ``agreed-<review pk>`` for a household.
    """
    demand(can_enter, by, round.unit)
    unknown = set(fields) - set(MINUTES)
    if unknown:
        raise TypeError(f"no such fields of the minutes: {sorted(unknown)}")
    with acting(by=by, action="meeting.record"):
        row = lock_round(round)
        refuse_done(row, Step.VILLAGE_MEETING)
        reviews = {review.pk: review for review in scored_reviews(row).filter(village=village).order_by("pk")}
        _require_surveyed(row, village, reviews)
        meeting = _minutes(row, village, fields)
        _require_sound(meeting, reviews, verdicts)
        meeting.full_clean()
        meeting.save()
        percent = _percent(row, meeting)
        rows = [_verdict(meeting, reviews[pk], *verdicts[pk], percent=percent) for pk in sorted(verdicts)]
        MeetingVerdict.objects.bulk_create(rows)
        _send_back(rows)
    return meeting


@transaction.atomic
def minutes_correct(*, by: User | None, meeting: VillageMeeting, version: int, **changes: Any) -> VillageMeeting:
    """Correct what the minutes say around the verdicts, while the round is open; how many were there decides over the
    verdicts and stays. Raises EditConflict, ValidationError by field."""
    demand(can_enter, by, meeting.unit)
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise TypeError(f"no such fields of the minutes: {sorted(unknown)}")
    refuse_future(held_on=changes.get("held_on"))
    with acting(by=by, action="meeting.correct"):
        lock_round(meeting.round)
        meetings = VillageMeeting.objects.select_related("village", "round", "unit")
        row, mine = lock_and_merge(meetings, pk=meeting.pk, version=version, changes=_tidy(changes))
        if mine.get("held_on", row.held_on) != row.held_on:
            _check_moved_day(row, mine["held_on"])
        return save_changes(row, mine)


def _check_moved_day(meeting: VillageMeeting, day: datetime.date) -> None:
    """After the last survey it spoke of and the sitting before, before the next sitting and the posting."""
    here = {"round": meeting.round_id, "village": meeting.village_id}
    sittings = VillageMeeting.objects.filter(**here)
    surveyed = meeting.verdicts.filter(result=Agreement.AGREED).aggregate(day=Max("review__surveyed_on"))["day"]
    before = sittings.filter(sitting__lt=meeting.sitting).aggregate(day=Max("held_on"))["day"]
    after = sittings.filter(sitting__gt=meeting.sitting).aggregate(day=Min("held_on"))["day"]
    posted = Posting.objects.filter(**here, is_recheck=False).aggregate(day=Min("starts_on"))["day"]
    first = max((one for one in (surveyed, before) if one), default=None)
    last = min((one for one in (after, posted) if one), default=None)
    if first and day < first:
        raise ValidationError({"held_on": f"Chấm điểm hoặc lần họp trước ngày {format_date(first)}; không sớm hơn."})
    if last and day > last:
        raise ValidationError({"held_on": f"Lần họp sau hoặc niêm yết ngày {format_date(last)}; không muộn hơn."})


def _tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (clean_lines if name == "opinions" else clean)(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _minutes(round: ReviewRound, village: Area, fields: dict[str, Any]) -> VillageMeeting:
    tidy = _tidy(fields)
    tidy.setdefault("households_listed", _listed(round, village))
    sitting = VillageMeeting.objects.filter(round=round, village=village).count() + 1
    return VillageMeeting(round=round, unit=round.unit, village=village, sitting=sitting, **tidy)


def _listed(round: ReviewRound, village: Area) -> int:
    listed = Review.objects.current().filter(round=round, village=village).exclude(state=ReviewState.DROPPED)
    return listed.count()


def _require_surveyed(round: ReviewRound, village: Area, reviews: Mapping[int, Review]) -> None:
    waiting = Review.objects.current().filter(
        round=round, village=village, state__in=[ReviewState.LISTED, ReviewState.TO_SURVEY]
    )
    if left := waiting.count():
        raise ValidationError(f"{village.title} còn {left} hộ chưa rà soát xong; chấm điểm xong mới họp dân.")
    if not reviews:
        raise ValidationError(f"{village.title} không có hộ nào đã chấm điểm để đưa ra họp dân.")


def _require_sound(
    meeting: VillageMeeting, reviews: Mapping[int, Any], verdicts: Mapping[int, tuple[int, str]]
) -> None:
    """Days, counts and households of the minutes; every fault at once."""
    errors: dict[str, list[str]] = {}
    try:
        refuse_future(held_on=meeting.held_on)
        meeting.clean_fields()
    except ValidationError as error:
        errors = error.message_dict
    if errors:
        raise ValidationError(errors)
    if meeting.participants == 0:
        errors["participants"] = ["Cuộc họp phải có người dự."]
    if meeting.households_represented > meeting.households_listed:
        errors["households_represented"] = ["Số hộ có đại diện nhiều hơn số hộ trong danh sách."]
    _check_day(meeting, reviews, verdicts, errors)
    for pk, (agreed, _) in verdicts.items():
        if pk not in reviews:
            errors[f"agreed-{pk}"] = ["Hộ này không thuộc danh sách đã chấm điểm của thôn."]
        elif not 0 <= agreed <= meeting.participants:
            errors[f"agreed-{pk}"] = [f"Số người thống nhất từ 0 đến số người dự họp ({meeting.participants})."]
    left = [
        review.head_name or f"phiếu {pk}"
        for pk, review in reviews.items()
        if pk not in verdicts and not review.is_settled
    ]
    if left:
        names = ", ".join(left[:NAMED]) + (f" và {len(left) - NAMED} hộ khác" if len(left) > NAMED else "")
        errors.setdefault("__all__", []).append(f"Cuộc họp chưa kết luận về hộ: {names}.")
    if errors:
        raise ValidationError(errors)


def _check_day(
    meeting: VillageMeeting,
    reviews: Mapping[int, Any],
    verdicts: Mapping[int, tuple[int, str]],
    errors: dict[str, list[str]],
) -> None:
    days = [reviews[pk].surveyed_on for pk in verdicts if pk in reviews and reviews[pk].surveyed_on]
    if days and meeting.held_on < max(days):
        errors["held_on"] = [f"Hộ được chấm điểm sau cùng ngày {format_date(max(days))}; họp dân không trước ngày đó."]
    last = VillageMeeting.objects.filter(round=meeting.round, village=meeting.village).order_by("-sitting").first()
    if last is not None and meeting.held_on < last.held_on:
        errors["held_on"] = [f"Lần họp trước ngày {format_date(last.held_on)}; lần này không sớm hơn."]


def _percent(round: ReviewRound, meeting: VillageMeeting) -> int:
    percent = parameters(unit=round.unit, day=meeting.held_on).get(ParameterCode.MEETING_AGREE_PERCENT)
    if percent is None:
        raise ValidationError(
            "Chưa có tỷ lệ người dự họp phải thống nhất vào ngày họp; quản trị ghi tham số này trước đã."
        )
    return percent


def _verdict(meeting: VillageMeeting, review: Review, agreed: int, opinion: str, *, percent: int) -> MeetingVerdict:
    is_enough = is_agreed(agreed, meeting.participants, percent)
    return MeetingVerdict(
        unit_id=meeting.unit_id,
        meeting=meeting,
        review=review,
        category=review.category,
        agreed=agreed,
        opinion=clean(opinion)[:500],
        result=Agreement.AGREED if is_enough else Agreement.REDO,
    )


def _send_back(verdicts: list[MeetingVerdict]) -> None:
    """Households without the needed share wait for another Phiếu B, of another day, with what the meeting said."""
    again = []
    for verdict in verdicts:
        if verdict.result == Agreement.REDO:
            meeting, review = verdict.meeting, verdict.review
            share = f"{verdict.agreed}/{meeting.participants} người thống nhất"
            review.state = ReviewState.TO_SURVEY
            review.surveyed_on = None
            review.redo_because = f"Họp dân ngày {format_date(meeting.held_on)}: {share}. {verdict.opinion}".strip()[
                :300
            ]
            again.append(review)
    Review.objects.bulk_update(again, ["state", "surveyed_on", "redo_because"], batch_size=500)
