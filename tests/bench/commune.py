"""A commune of 20,000 reviewed households and 100,000 people, made through the services, in bulk."""

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from households.choices import Category, ListedBecause, ReviewState, Step
from households.models import Household, Review, ReviewRound
from households.rules.synthetic import Inventor
from households.selectors.law import standard_by_code
from households.services import counts, past, recognition, reviews, rounds, steps, synthetic
from povertyplan.accounts import services as accounts
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas import services as areas
from povertyplan.areas.models import Area
from povertyplan.villages import services as villages

HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "28000"))
REVIEWED = HOUSEHOLDS * 5 // 7
VILLAGES = 40
VILLAGE_FORMS = 300
CHUNK = 2000
CODE, YEAR = "99998", 2025
OPENED, SURVEYED, DECIDED = datetime.date(2025, 9, 4), datetime.date(2025, 10, 20), datetime.date(2025, 12, 5)
MET = datetime.date(2025, 11, 5)
MINUTES = {"place": "Nhà văn hóa", "chair": "Trưởng thôn", "secretary": "Thư ký"}
REVIEWER = "reviewer-52"


@dataclass
class Commune:
    """The registry and its rounds, made once; everything goes through the services, in bulk."""

    unit: Area
    officer: User
    leader: User

    @classmethod
    def make(cls) -> "Commune":
        unit = areas.unit_create(
            by=None,
            level="commune",
            code=CODE,
            name="Đo Tốc Độ",
            kind="xã",
            parent_code="52",
            valid_from=datetime.date(2025, 7, 1),
        )
        names = [f"Thôn {number}" for number in range(1, VILLAGES + 1)]
        villages.villages_add(by=None, unit=unit, names=names, kind="thôn")
        people = {}
        for role in (Role.OFFICER, Role.LEADER):
            user = accounts.user_create(
                by=None,
                username=f"do-{role}",
                full_name="Người Đo",
                password="do-toc-do-2025",
                must_change_password=False,
            )
            accounts.grant_give(by=None, user=user, role=role, area=unit, valid_from=datetime.date(2025, 7, 1))
            people[role] = user
        synthetic.households_make(unit=unit, count=HOUSEHOLDS, seed=5, day=datetime.date(2025, 7, 1))
        figures = {
            village.pk: {"households": HOUSEHOLDS // VILLAGES * 2, "population": HOUSEHOLDS // VILLAGES * 9}
            for village in Area.objects.villages_of(unit)
        }
        counts.counts_set(by=None, unit=unit, cut_off=datetime.date(2025, 8, 31), source="Đo tốc độ", rows=figures)
        commune = cls(unit=unit, officer=people[Role.OFFICER], leader=people[Role.LEADER])
        commune.record_past()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself a minute later
        return commune

    def record_past(self) -> None:
        """Every eighth household was on last year's list."""
        rows = [
            {"household": household, "category": Category.POOR if place % 2 else Category.NEAR_POOR}
            for place, household in enumerate(Household.objects.filter(unit=self.unit).order_by("pk")[:REVIEWED:8])
        ]
        past.past_list_record(
            by=None,
            unit=self.unit,
            year=YEAR - 1,
            standard=standard_by_code("2022_2025"),
            on=datetime.date(2025, 7, 1),
            rows=rows,
        )

    @cached_property
    def round(self) -> ReviewRound:
        """A recognised round of all reviewed households."""
        round = self._open(YEAR)
        households = list(Household.objects.filter(unit=self.unit).order_by("pk")[:REVIEWED])
        self._fill(round, households, SURVEYED)
        self._decide_on(round)
        round.refresh_from_db()
        recognition.round_recognise(by=self.leader, round=round, version=round.version, on=DECIDED)
        round.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return round

    def _decide_on(self, round: ReviewRound) -> None:
        """Meetings, postings and the opinion of the level above, so that the round may be recognised."""
        self._finish(round, *list(Step)[:3])
        villages_met = list(Area.objects.villages_of(self.unit))
        for village in villages_met:
            forms = list(round.reviews.filter(village=village).values_list("pk", flat=True))
            steps.meeting_record(
                by=self.officer,
                round=round,
                village=village,
                held_on=MET,
                participants=len(forms),
                households_represented=len(forms),
                verdicts={pk: (len(forms), "") for pk in forms},
                **MINUTES,
            )
        self._finish(round, Step.VILLAGE_MEETING)
        steps.postings_record(by=self.officer, round=round, villages=villages_met, place="Nhà văn hóa", starts_on=MET)
        self._finish(round, Step.POSTING, Step.RECHECK)
        asked = steps.opinion_ask(by=self.officer, round=round, sent_on=DECIDED)
        reviewer = User.objects.get(username=REVIEWER)
        steps.opinion_reply(by=reviewer, opinion=asked, version=asked.version, reply="agreed", on=DECIDED)
        self._finish(round, Step.OPINION)

    def _finish(self, round: ReviewRound, *done: Step) -> None:
        round.steps.filter(step__in=done).update(done_on=DECIDED)

    @cached_property
    def village_round(self) -> tuple[ReviewRound, Area]:
        """A round under way with 300 forms in one village."""
        round = self._open(YEAR + 1)
        village = Area.objects.villages_of(self.unit)[0]
        households = list(Household.objects.filter(unit=self.unit, village=village).order_by("pk")[:VILLAGE_FORMS])
        self._fill(round, households, min(timezone.localdate(), datetime.date(YEAR + 1, 10, 20)))
        return round, village

    def _open(self, year: int) -> ReviewRound:
        return rounds.round_open(
            by=self.officer,
            unit=self.unit,
            year=year,
            kind="periodic",
            standard=standard_by_code("2022_2025"),
            starts_on=OPENED.replace(year=year),
        )

    def _fill(self, round: ReviewRound, households: Sequence[Household], day: datetime.date) -> None:
        rows = Review.objects.bulk_create(
            [
                Review(
                    unit=self.unit,
                    round=round,
                    household=household,
                    village_id=household.village_id,
                    listed_because=ListedBecause.ADDED,
                    state=ReviewState.TO_SURVEY,
                )
                for household in households
            ],
            batch_size=CHUNK,
        )
        inventor = Inventor(
            names=synthetic.people_names(), seed=9, day=day, cards_until=datetime.date(day.year + 1, 12, 31)
        )
        kinds = list(Category)
        for first in range(0, len(rows), CHUNK):
            typed = [
                _form(review, inventor, kinds[(first + place) % len(kinds)], day)
                for place, review in enumerate(rows[first : first + CHUNK])
            ]
            reviews.reviews_save(by=self.officer, rows=typed)


def _form(review: Review, inventor: Inventor, category: Category, day: datetime.date) -> dict[str, Any]:
    one = inventor.household(category, ethnicity="Kinh", b1_limit=140)
    return {
        "review": review,
        "facts": one.dwelling,
        "answers": {"employment": ("employment" in one.lacks, "đo")},
        "b1_score": one.b1_score,
        "causes": one.causes,
        "surveyed_on": day,
        "surveyor": "Người Đo",
    }
