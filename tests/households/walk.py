"""A round walked from step to step, for tests: days are in the autumn of 2024, forms are scored as the test says."""

import datetime
from typing import Any

from households.choices import Category, ReviewState, RoundKind, Step
from households.models import Household, Recognised, Recognition, Review, ReviewRound, VillageMeeting
from households.services import recognition, rounds, steps
from households.services.past import past_list_record
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from tests.factories import START, CommuneFactory, VillageFactory, user_with
from tests.households import build

YEAR = 2024
LISTED_ON = datetime.date(2024, 9, 10)
SURVEYED_ON = datetime.date(2024, 10, 14)  # Monday
MET_ON = datetime.date(2024, 10, 21)
POSTED_ON = datetime.date(2024, 10, 22)
POSTED_TO = datetime.date(2024, 10, 24)
SENT_ON = datetime.date(2024, 10, 28)
REPLIED_ON = datetime.date(2024, 10, 31)
DECIDED_ON = datetime.date(2024, 11, 4)
MINUTES = {
    "place": "Nhà văn hóa thôn",
    "chair": "Trưởng thôn Trần Văn Chủ",
    "secretary": "Lê Thị Thư",
    "participants": 20,
    "households_represented": 1,
}


def opened(unit: Area, *, by: User | None = None, year: int = YEAR, **fields: Any) -> ReviewRound:
    """A periodic round by the law's own calendar."""
    given = {"kind": RoundKind.PERIODIC, "standard": build.standard()} | fields
    return rounds.round_open(by=by, unit=unit, year=year, **given)


def commune(villages: int = 1) -> Area:
    """A commune with villages in a province, known to the reach."""
    unit = CommuneFactory()
    VillageFactory.create_batch(villages, parent=unit)
    reach_rebuild()
    return unit


def added(round: ReviewRound, *households: Household) -> list[Review]:
    return [rounds.review_add(by=None, round=round, household=household) for household in households]


def scored(
    review: Review, category: str = Category.POOR, *, on: datetime.date = SURVEYED_ON, author: User | None = None
) -> Review:
    """The form as Phiếu B leaves it."""
    b1, b2 = (200, 10) if category == Category.NOT_POOR else (100, 30 if category == Category.POOR else 10)
    Review.objects.filter(pk=review.pk).update(
        state=ReviewState.SURVEYED,
        category=category,
        surveyed_on=on,
        b1_score=b1,
        b2_score=b2,
        authors=[author.pk] if author else [],
    )
    review.refresh_from_db()
    return review


def screened_out(review: Review) -> Review:
    Review.objects.filter(pk=review.pk).update(state=ReviewState.SCREENED_OUT, screen_result="stop")
    review.refresh_from_db()
    return review


def done(round: ReviewRound, step: str, on: datetime.date, by: User | None = None) -> None:
    row = round.steps.get(step=step)
    rounds.step_finish(by=by, round=round, step=step, version=row.version, on=on)


def met(
    round: ReviewRound, *reviews: Review, agreed: int = 20, on: datetime.date = MET_ON, **fields: Any
) -> VillageMeeting:
    """A sitting of the village of these forms, on which ``agreed`` of 20 agree."""
    verdicts = {review.pk: (agreed, "") for review in reviews}
    village = reviews[0].village
    return steps.meeting_record(
        by=None, round=round, village=village, verdicts=verdicts, held_on=on, **MINUTES | fields
    )


def posted(round: ReviewRound, village: Area, on: datetime.date = POSTED_ON, **fields: Any) -> Any:
    return steps.posting_record(by=None, round=round, village=village, place="Nhà văn hóa thôn", starts_on=on, **fields)


def surveyed(round: ReviewRound) -> None:
    """Listing, quick screen and survey are marked done."""
    done(round, Step.LISTING, LISTED_ON)
    done(round, Step.QUICK_SCREEN, LISTED_ON)
    done(round, Step.SURVEY, SURVEYED_ON)


def posted_round(round: ReviewRound) -> None:
    """From forms that are all scored to the end of the posting, without a complaint."""
    surveyed(round)
    scored_forms = Review.objects.current().filter(round=round, state=ReviewState.SURVEYED).select_related("village")
    by_village: dict[Area, list[Review]] = {}
    for review in scored_forms:
        by_village.setdefault(review.village, []).append(review)
    for village, reviews in by_village.items():
        met(round, *reviews)
        posted(round, village)
    done(round, Step.VILLAGE_MEETING, MET_ON)
    done(round, Step.POSTING, POSTED_TO)
    done(round, Step.RECHECK, POSTED_TO)


def agreed_round(round: ReviewRound, *, reviewer: User) -> None:
    """The same up to the agreement of the level above."""
    posted_round(round)
    opinion = steps.opinion_ask(by=None, round=round, sent_on=SENT_ON)
    steps.opinion_reply(by=reviewer, opinion=opinion, version=opinion.version, reply="agreed", on=REPLIED_ON)
    done(round, Step.OPINION, REPLIED_ON)


def recognised(round: ReviewRound, *, by: User, on: datetime.date = DECIDED_ON) -> Recognition:
    round.refresh_from_db()
    return recognition.round_recognise(by=by, round=round, version=round.version, on=on)


NAMES = {"poor": "Nguyễn Văn Nghèo", "near_poor": "Nguyễn Văn Cận", "not_poor": "Nguyễn Văn Khá"}
TODAY = datetime.date(2024, 12, 1)


def listed_homes(unit: Area) -> dict[str, Household]:
    """A poor and a near-poor household of the 2023 list, and one that was on none."""
    rows = {name: build.household(unit, head=head) for name, head in NAMES.items()}
    past_list_record(
        by=None,
        unit=unit,
        year=YEAR - 1,
        standard=build.standard(),
        on=datetime.date(2023, 12, 12),
        rows=[{"household": rows[name], "category": name} for name in ("poor", "near_poor")],
    )
    return rows


def to_decide(unit: Area, homes: dict[str, Household], results: dict[str, str], **fields: Any) -> ReviewRound:
    """A round of these households, scored as said, agreed by the level above."""
    round = opened(unit, **fields)
    rounds.round_list_fill(by=None, round=round)
    for name, category in results.items():
        review = Review.objects.filter(round=round, household=homes[name]).first()
        scored(review or added(round, homes[name])[0], category)
    agreed_round(round, reviewer=user_with(Role.REVIEWER, unit.parent))
    round.refresh_from_db()
    return round


def ready_round(unit: Area, homes: dict[str, Household]) -> ReviewRound:
    """The poor one escaped, the near-poor one stayed, the third is newly poor."""
    return to_decide(unit, homes, {"poor": "not_poor", "near_poor": "near_poor", "not_poor": "poor"})


def rows_of(round: ReviewRound) -> dict[str, tuple[str, str, str]]:
    """By head: category before, category now, transition."""
    rows = Recognised.objects.filter(round=round, is_current=True)
    return {row.head_name: (row.from_category, row.category, row.transition) for row in rows}


def review_of(round: ReviewRound, name: str) -> Review:
    return Review.objects.current().get(round=round, head_name=NAMES[name])


def opened_correction(round: ReviewRound, name: str, by: User | None = None) -> Review:
    review = review_of(round, name)
    return recognition.correction_open(by=by, review=review, version=review.version, reason="chấm sai B2")


def corrected(review: Review, by: User | None, on: datetime.date = TODAY) -> Recognition:
    review.refresh_from_db()
    return recognition.correction_recognise(by=by, review=review, version=review.version, on=on)


def also_leads(user: User) -> User:
    """The officer may decide in the unit, too."""
    Grant.objects.create(user=user, role=Role.LEADER, area=user.grants.get().area, valid_from=START)
    return User.objects.get(pk=user.pk)
