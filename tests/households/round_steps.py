"""Rounds for tests, brought to a step through the services by the system; scores are written into the forms."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from households.choices import Category, OpinionReply, ReviewState, RoundKind, Step
from households.models import Opinion, Review, ReviewRound
from households.services import rounds, steps
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households.build import GIVEN_NAMES, household, standard

YEAR = 2025
SURVEYED = datetime.date(2025, 10, 10)
MET = datetime.date(2025, 10, 20)
POSTED = datetime.date(2025, 10, 21)
DONE = datetime.date(2025, 10, 30)
MINUTES = {"place": "Nhà văn hóa", "chair": "Trưởng thôn", "secretary": "Thư ký", "participants": 40}


def villages(unit: Area, count: int = 1) -> list[Area]:
    return [VillageFactory(parent=unit, name=f"Xóm {place + 1}", position=place) for place in range(count)]


def opened(unit: Area, *, by: User | None = None, kind: str = RoundKind.PERIODIC, **more: Any) -> ReviewRound:
    return rounds.round_open(by=by, unit=unit, year=YEAR, kind=kind, standard=standard(), **more)


def listed(round: ReviewRound, village: Area, count: int = 1) -> list[Review]:
    """``count`` households of the village on the list, waiting for Phiếu A."""
    homes = [household(round.unit, village, head=f"Nguyễn Văn {GIVEN_NAMES[place]}") for place in range(count)]
    return [rounds.review_add(by=None, round=round, household=home) for home in homes]


def scored(reviews: Sequence[Review], category: str = Category.POOR, *, by: User | None = None) -> None:
    """The forms as if Phiếu B had been filled in."""
    values = {"state": ReviewState.SURVEYED, "category": category, "b1_score": 120, "b2_score": 40}
    authors = [by.pk] if by else []
    Review.objects.filter(pk__in=[review.pk for review in reviews]).update(
        **values, surveyed_on=SURVEYED, authors=authors
    )


def met(round: ReviewRound, village: Area, agreed: Mapping[int, int] | None = None) -> None:
    """The village met; ``agreed``: review → how many, everybody where nothing is said."""
    reviews = Review.objects.current().filter(round=round, village=village, state=ReviewState.SURVEYED)
    verdicts = {review.pk: ((agreed or {}).get(review.pk, MINUTES["participants"]), "") for review in reviews}
    represented = {"households_represented": 1, "households_listed": max(len(verdicts), 1)}
    steps.meeting_record(
        by=None, round=round, village=village, verdicts=verdicts, held_on=MET, **MINUTES, **represented
    )


def posted(round: ReviewRound, village: Area) -> None:
    steps.posting_record(by=None, round=round, village=village, place="Nhà văn hóa", starts_on=POSTED)


def finished(round: ReviewRound, *names: Step) -> None:
    for name in names:
        step = round.steps.get(step=name)
        rounds.step_finish(by=None, round=round, step=name, version=step.version, on=DONE)


def surveyed_round(unit: Area, *, by: User | None = None, count: int = 1, opened_by: User | None = None) -> ReviewRound:
    """Every form of one village scored by ``by``; listing, screening and survey done."""
    round = opened(unit, by=opened_by)
    village = villages(unit)[0]
    scored(listed(round, village, count), by=by)
    finished(round, Step.LISTING, Step.QUICK_SCREEN, Step.SURVEY)
    return round


def met_round(unit: Area, **more: Any) -> ReviewRound:
    round = surveyed_round(unit, **more)
    met(round, Area.objects.villages_of(unit).get())
    finished(round, Step.VILLAGE_MEETING)
    return round


def posted_round(unit: Area, **more: Any) -> ReviewRound:
    round = met_round(unit, **more)
    posted(round, Area.objects.villages_of(unit).get())
    finished(round, Step.POSTING, Step.RECHECK)
    return round


def asked(unit: Area, **more: Any) -> Opinion:
    """The opinion that the round of the unit waits for."""
    round = posted_round(unit, **more)
    return steps.opinion_ask(by=None, round=round, sent_on=DONE)


def agreed_round(unit: Area, *, reviewer: User, **more: Any) -> ReviewRound:
    """Everything done but the decision."""
    opinion = asked(unit, **more)
    steps.opinion_reply(by=reviewer, opinion=opinion, version=opinion.version, reply=OpinionReply.AGREED, on=DONE)
    finished(opinion.round, Step.OPINION)
    return ReviewRound.objects.select_related("unit").get(pk=opinion.round_id)
