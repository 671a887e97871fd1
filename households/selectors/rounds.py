"""Rounds of a unit: which there are, who is on the list, how far a round is and what waits for whom."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from households.choices import LISTED, RoundKind, RoundState, Step
from households.models import Household, Opinion, Recognised, Review, ReviewRound, RoundStep, Standard
from households.rules.calendar import is_late, who_acts
from households.rules.steps import RoundFacts, VillageFacts, blockers
from households.selectors.last_list import last_list
from households.selectors.past import RecordedList, recorded_list
from households.selectors.round_facts import facts_of
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach
from povertyplan.core.dates import format_date
from povertyplan.core.findings import Finding, Severity

WRITTEN_BY_HAND = ("VillageMeeting", "Posting", "Complaint")


def rounds_of(unit: Area, year: int) -> QuerySet[ReviewRound]:
    """Rounds of the unit in the year that are not cancelled, the periodic one first, then by month."""
    rounds = ReviewRound.objects.filter(unit=unit, year=year).exclude(state=RoundState.CANCELLED)
    return rounds.select_related("unit", "standard").order_by("month", "pk")


def family(unit: Area) -> QuerySet[Reach, Any]:
    """Subquery: ids of the unit (with the communes below it) and of all its predecessors."""
    return Reach.objects.filter(area=unit, reached__level=Level.COMMUNE).values("reached_id")


def periodic_rounds(*, unit: Area, year: int) -> QuerySet[ReviewRound]:
    """The periodic round of the unit in the year; before a merger, those of its predecessors."""
    rounds = ReviewRound.objects.filter(kind=RoundKind.PERIODIC, year=year).exclude(state=RoundState.CANCELLED)
    own = Exists(rounds.filter(unit=unit))
    return rounds.filter(Q(unit=unit) | ~own & Q(unit__in=family(unit))).select_related("unit", "standard")


def periodic_round(*, unit: Area, year: int) -> ReviewRound | None:
    """One of ``periodic_rounds``: the only one, unless several units of that year merged since."""
    return periodic_rounds(unit=unit, year=year).order_by("-starts_on", "pk").first()


# The list


def rounds_in_force(unit: Area, day: datetime.date) -> list[ReviewRound]:
    """Recognised rounds that make up the official list on the day, of the unit and its predecessors.

    Of each unit its last periodic round and the regular ones after it; a periodic round of a successor takes the
    place of everything before it. One query.
    """
    recognised = ReviewRound.objects.recognised().filter(recognised_on__lte=day)
    periodic_since = recognised.filter(
        kind=RoundKind.PERIODIC,
        unit__in=family(unit),
        unit__reaches__reached=OuterRef("unit"),
        recognised_on__gt=OuterRef("recognised_on"),
    )
    return list(recognised.filter(~Exists(periodic_since), unit__in=family(unit)).order_by("recognised_on", "pk"))


def official_list(unit: Area, day: datetime.date) -> QuerySet[Recognised]:
    """Households on the poor or near-poor list on the day: of each its last recognised row, corrections included.

    Rounds are read at once (one query); the rows when the answer is.
    """
    rounds = [round.pk for round in rounds_in_force(unit, day)]
    last = (
        Recognised.objects.filter(round__in=rounds, is_current=True)
        .order_by("household", "-round__recognised_on", "-pk")
        .distinct("household")
    )
    return Recognised.objects.filter(pk__in=last.values("pk"), category__in=LISTED)


def on_list(*, unit: Area, before: ReviewRound) -> QuerySet[Household]:
    """Followed households of the unit that are on the last list before the round, whichever unit wrote it.

    The list is read at once; who moved away or is no longer followed is not among them.
    """
    return Household.objects.of_unit(unit).followed().filter(pk__in=list(last_list(before).on_list))


# Standards


def standard_findings(standard: Standard, *, starts_on: datetime.date, ends_on: datetime.date) -> list[Finding]:
    """What to know before a round goes by this standard; never a reason to refuse.

    Which standard the autumn 2026 review follows, whose list counts in 2027, no text says: both may be chosen.
    """
    found = []
    if standard.valid_from > ends_on or (standard.valid_to is not None and standard.valid_to < starts_on):
        span = f"từ {format_date(standard.valid_from)} đến {format_date(standard.valid_to) or 'nay'}"
        found.append(_warning("standard-not-in-force", f"{standard} áp dụng {span}, ngoài thời gian của đợt."))
    elif standard.valid_to is not None and standard.valid_to <= datetime.date(starts_on.year, 12, 31):
        found.append(
            _warning(
                "standard-ends",
                f"{standard} hết áp dụng ngày {format_date(standard.valid_to)}, danh sách của đợt dùng cho năm sau.",
            )
        )
    if standard.is_provisional:
        found.append(_warning("standard-provisional", f"{standard} còn tạm thời: chưa đủ ngưỡng, biểu mẫu chính thức."))
    return found


def _warning(code: str, message: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, message=message, anchor="standard")


# Progress


@dataclass(frozen=True, kw_only=True)
class StepProgress:
    """``state``: done, now or next. ``roles`` must act, ``who`` names them; ``blockers`` of the step that is now."""

    pk: int
    version: int
    number: int
    step: Step
    title: str
    state: str
    detail: str
    starts_on: datetime.date | None
    due_on: datetime.date | None
    done_on: datetime.date | None
    is_late: bool
    roles: tuple[Role, ...]
    who: str
    note: str
    blockers: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VillageProgress:
    """Counts of a village over its current forms; ``screened`` have passed or skipped Phiếu A."""

    facts: VillageFacts
    listed: int
    screened: int
    to_do: int
    surveyed: int
    is_met: bool
    is_posted: bool

    @property
    def pk(self) -> int:
        return self.facts.pk

    @property
    def name(self) -> str:
        return self.facts.name


@dataclass(frozen=True, kw_only=True)
class RoundProgress:
    """``now`` is the first step that is not done; None when all are, or the round is cancelled.

    ``recorded`` of a list written down from paper: it has no steps and no forms, its households are all ``listed``.
    """

    round: ReviewRound
    steps: tuple[StepProgress, ...]
    now: StepProgress | None
    villages: tuple[VillageProgress, ...]
    facts: RoundFacts
    listed: int
    surveyed: int
    poor: int
    near_poor: int
    recorded: RecordedList | None = None

    @property
    def is_late(self) -> bool:
        return self.now is not None and self.now.is_late

    def step(self, step: str) -> StepProgress | None:
        return next((row for row in self.steps if row.step == step), None)


def progress(round: ReviewRound, *, today: datetime.date) -> RoundProgress:
    """How far the round is, who must act until when, and what keeps the present step from being done.

    Four queries; one more once it is recognised. Three of a list recorded from paper.
    """
    rows = list(round.steps.all())
    recorded = recorded_list(round) if not rows and round.state == RoundState.RECOGNISED else None
    if recorded is not None:
        return _recorded(round, recorded)
    facts = facts_of(round, rows)
    is_cancelled = round.state == RoundState.CANCELLED
    first = next((row for row in rows if row.done_on is None), None)
    steps = tuple(
        _step(number, row, facts, is_now=row is first and not is_cancelled, today=today)
        for number, row in enumerate(rows, start=1)
    )
    villages = tuple(_village(village) for village in facts.villages)
    return RoundProgress(
        round=round,
        steps=steps,
        now=next((step for step in steps if step.state == "now"), None),
        villages=villages,
        facts=facts,
        listed=sum(village.listed for village in villages),
        surveyed=sum(village.surveyed for village in villages),
        poor=facts.poor,
        near_poor=facts.near_poor,
    )


def _recorded(round: ReviewRound, recorded: RecordedList) -> RoundProgress:
    villages = tuple(
        VillageProgress(
            facts=VillageFacts(pk=row.pk, name=row.name),
            listed=row.poor + row.near_poor,
            screened=0,
            to_do=0,
            surveyed=0,
            is_met=False,
            is_posted=False,
        )
        for row in recorded.villages
    )
    facts = RoundFacts(
        kind=round.kind,
        poor=recorded.poor,
        near_poor=recorded.near_poor,
        is_recognised=True,
        is_numbered=recorded.decision.paper_id is not None,
    )
    return RoundProgress(
        round=round,
        steps=(),
        now=None,
        villages=villages,
        facts=facts,
        listed=sum(village.listed for village in villages),
        surveyed=0,
        poor=facts.poor,
        near_poor=facts.near_poor,
        recorded=recorded,
    )


def _step(number: int, row: RoundStep, facts: RoundFacts, *, is_now: bool, today: datetime.date) -> StepProgress:
    waits_above = facts.opinion is not None and not facts.opinion.reply
    roles = tuple(
        Role(code) for code in who_acts(row.step, is_opinion_asked=waits_above, is_numbered=facts.is_numbered)
    )
    late = row.done_on is None and is_late(row.due_on, done_on=None, today=today)
    return StepProgress(
        pk=row.pk,
        version=row.version,
        number=number,
        step=Step(row.step),
        title=row.get_step_display(),
        state="done" if row.done_on else "now" if is_now else "next",
        detail=_detail(row, is_late=late),
        starts_on=row.starts_on,
        due_on=row.due_on,
        done_on=row.done_on,
        is_late=late,
        roles=roles,
        who=", ".join(role.label for role in roles),
        note=row.note,
        blockers=tuple(blockers(row.step, facts, on=today)) if is_now else (),
    )


def _detail(row: RoundStep, *, is_late: bool) -> str:
    if row.done_on:
        return f"xong {format_date(row.done_on)}"
    if row.due_on is None:
        return "chưa có hạn"
    return f"{'quá hạn' if is_late else 'hạn'} {format_date(row.due_on)}"


def _village(facts: VillageFacts) -> VillageProgress:
    return VillageProgress(
        facts=facts,
        listed=facts.reviews,
        screened=facts.reviews - facts.listed,
        to_do=facts.listed + facts.to_survey,
        surveyed=facts.surveyed,
        is_met=facts.met_on is not None and not facts.unsettled and not facts.to_survey and not facts.listed,
        is_posted=facts.posted_to is not None,
    )


# Who waits for whom


def opinion_queue(user: User) -> QuerySet[Opinion]:
    """Open opinions asked of areas where the user is the level above, the most urgent first."""
    areas = [grant.area_id for grant in user.grants_today if grant.role == Role.REVIEWER]
    waiting = Opinion.objects.visible_to(user).filter(reply="", round__state=RoundState.OPEN)
    mine = waiting.filter(asked_of__in=Reach.objects.filter(area__in=areas).values("reached_id"))
    return mine.select_related("unit", "asked_of", "round").order_by(F("due_on").asc(nulls_last=True), "sent_on", "pk")


def is_author(user: User, round: ReviewRound) -> bool:
    """Whether the user opened the round, typed into a form of it, or wrote minutes, postings or complaints: then
    somebody else must recognise it. What was written is asked of the audit. One query, none of who opened it."""
    if round.opened_by_id == user.pk:
        return True
    typed = Q(Exists(Review.objects.filter(round=OuterRef("pk"), authors__contains=[user.pk])))
    for name in WRITTEN_BY_HAND:
        events = apps.get_model(f"households.{name}Event").objects
        typed |= Q(Exists(events.filter(round=OuterRef("pk"), pgh_context__metadata__user=user.pk)))
    return ReviewRound.objects.filter(typed, pk=round.pk).exists()


def later_round(round: ReviewRound, household: int) -> ReviewRound | None:
    """The first round recognised later that rests on what this one says of the household: it has the household in it,
    or is a periodic one of the same commune or its successor."""
    has_it = Exists(Recognised.objects.filter(round=OuterRef("pk"), household=household))
    follows = Q(kind=RoundKind.PERIODIC, unit__reaches__reached=round.unit_id, unit__level=Level.COMMUNE)
    later = ReviewRound.objects.recognised().filter(follows | Q(has_it), recognised_on__gt=round.recognised_on)
    return later.order_by("recognised_on", "pk").first()
