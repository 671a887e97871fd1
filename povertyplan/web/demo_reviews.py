"""The sample units' households and rounds: invented people, whose categories the services of the review decide."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from households.choices import Category, ListedBecause, Need, OpinionReply, ReviewState, ScreenResult, Step
from households.models import Ethnicity, Household, Review, ReviewRound, Standard
from households.rules.synthetic import Invented, Inventor
from households.services import (
    certificates,
    counts,
    law,
    meetings,
    opinions,
    past,
    postings,
    recognition,
    registry,
    reviews,
    round_list,
    round_steps,
    rounds,
    synthetic,
)
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.selectors import unit_in_year
from povertyplan.villages import services as village_services

Facts = dict[str, Any]
ABOVE = 45  # points over the cut-off of a household that earns more this year
BEFORE_MEETING = (Step.LISTING, Step.QUICK_SCREEN, Step.SURVEY)


@dataclass(kw_only=True)
class Peopled:
    """A household of the sample with what it was invented from; ``place`` counts within village and category."""

    household: Household
    invented: Invented
    village: str
    place: int


def load_reviews(unit: Area, facts: Facts) -> None:
    """Denominators, households, the list recognised on paper, then each round as far as its file says."""
    sample = facts["reviews"]
    villages = _villages(unit, sample)
    _load_counts(unit, sample, villages)
    people = list(_load_people(unit, sample, villages))
    _load_past(unit, sample, people)
    _load_calendar(sample)
    for stated in sample["rounds"]:
        _Story(unit, sample, stated, people, villages).tell()


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _villages(unit: Area, sample: Facts) -> dict[str, Area]:
    """Villages by name; one that the unit does not have yet is added."""
    known = {village.name: village for village in Area.objects.villages_of(unit)}
    kind = next(iter(known.values())).kind
    missing = [name for name in sample["people"] if name not in known]
    added = village_services.villages_add(by=None, unit=unit, names=missing, kind=kind) if missing else []
    return known | {village.name: village for village in added}


def _load_counts(unit: Area, sample: Facts, villages: Mapping[str, Area]) -> None:
    stated = sample["counts"]
    rows = {
        villages[name].pk: {"households": households, "population": population, "minority_households": minority}
        for name, (households, population, minority) in stated["villages"].items()
    }
    counts.counts_set(by=None, unit=unit, cut_off=_day(stated["cut_off"]), source=stated["source"], rows=rows)


def _load_people(unit: Area, sample: Facts, villages: Mapping[str, Area]) -> Iterator[Peopled]:
    first = sample["rounds"][0]
    opened = _day(f"{sample['past']['year']}-06-01")
    inventor = Inventor(
        names=synthetic.people_names(),
        seed=sample["seed"],
        day=_day(first["surveyed"]),
        cards_until=_day(sample["cards_until"]),
        first_serial=synthetic.next_serial(),
    )
    limit = _standard(first).b1_rural or synthetic.B1_LIMIT
    made = [
        (name, place, inventor.household(Category(category), ethnicity=group, b1_limit=limit))
        for name, by_category in sample["people"].items()
        for category, (minority, majority) in by_category.items()
        for place, group in enumerate([sample["minority"]] * minority + [sample["majority"]] * majority)
    ]
    ethnicities = {ethnicity.name: ethnicity for ethnicity in Ethnicity.objects.all()}
    first_day = max(opened, unit.valid_from)
    rows = [synthetic.opening(invented, villages[name], ethnicities, opened_on=first_day) for name, _, invented in made]
    opened_households = registry.households_open(by=None, unit=unit, rows=rows)
    for household, (name, place, invented) in zip(opened_households, made, strict=True):
        yield Peopled(household=household, invented=invented, village=name, place=place)


def _standard(stated: Facts) -> Standard:
    return Standard.objects.get(code=stated["standard"])


def _load_past(unit: Area, sample: Facts, people: list[Peopled]) -> None:
    stated = sample["past"]
    before = [(one, one.invented.category if stated["is_exact"] else _category_before(one)) for one in people]
    rows = [
        {"household": one.household, "category": category}
        for one, category in before
        if category not in {None, Category.NOT_POOR}
    ]
    past.past_list_record(
        by=None, unit=unit, year=stated["year"], standard=_standard(stated), on=_day(stated["on"]), rows=rows
    )


def _category_before(one: Peopled) -> Category | None:
    """Most stayed what they are; some came from the other list, some from none."""
    if one.invented.category == Category.POOR:
        return {0: None, 5: Category.NEAR_POOR}.get(one.place % 10, Category.POOR)
    if one.invented.category == Category.NEAR_POOR:
        return {0: None, 1: None}.get(one.place % 10, Category.POOR if one.place % 10 < 5 else Category.NEAR_POOR)
    return Category.POOR if one.place % 2 else Category.NEAR_POOR


def _load_calendar(sample: Facts) -> None:
    """The province's days of the steps in one year."""
    if "calendar" not in sample:
        return
    stated = sample["calendar"]
    province, year = unit_in_year(stated["province"], stated["year"]), stated["year"]
    for step, (first, last) in stated["windows"].items():
        law.window_set(
            by=None,
            area=province,
            year=year,
            step=step,
            first=_day(f"{year}-{first}"),
            last=_day(f"{year}-{last}"),
            source=stated["source"],
        )


class _Story:
    """One round, told step by step through the services, by the people whose work it is."""

    def __init__(
        self, unit: Area, sample: Facts, stated: Facts, people: list[Peopled], villages: Mapping[str, Area]
    ) -> None:
        self.unit, self.sample, self.stated, self.villages = unit, sample, stated, villages
        self.people = {one.household.pk: one for one in people}
        self.officer = User.objects.get(username=stated["entered_by"])
        self.round: ReviewRound

    def tell(self) -> None:
        self.round = rounds.round_open(
            by=self.officer,
            unit=self.unit,
            year=self.stated["year"],
            kind="periodic",
            standard=_standard(self.stated),
            starts_on=_day(self.stated["opened"]),
        )
        self._list()
        self._survey()
        until = Step(self.stated["until"])
        self._meet()
        if until in {Step.POSTING, Step.CERTIFICATES}:
            self._post()
        if "complaint" in self.stated:
            self._complain(**self.stated["complaint"])
        if until == Step.CERTIFICATES:
            self._decide()

    def _finish(self, step: Step, on: datetime.date) -> None:
        row = self.round.steps.get(step=step)
        round_steps.step_finish(by=self.officer, round=self.round, step=step, version=row.version, on=on)

    def _list(self) -> None:
        """The list of last year; in the first round of a unit also households that somebody proposed."""
        day = _day(self.stated["opened"])
        round_list.round_list_fill(by=self.officer, round=self.round)
        listed = set(self.round.reviews.values_list("household_id", flat=True))
        if self.stated is self.sample["rounds"][0]:
            for pk in sorted(self.people.keys() - listed):
                household = self.people[pk].household
                round_list.review_add(
                    by=self.officer, round=self.round, household=household, because=ListedBecause.ADDED
                )
        self._finish(Step.LISTING, day + datetime.timedelta(days=7))
        for review in self.round.reviews.filter(state=ReviewState.LISTED):
            reviews.review_screen(
                by=self.officer,
                review=review,
                version=review.version,
                result=ScreenResult.CONTINUE,
                on=day + datetime.timedelta(days=10),
            )
        self._finish(Step.QUICK_SCREEN, day + datetime.timedelta(days=11))

    def _survey(self) -> None:
        day = _day(self.stated["surveyed"])
        forms = [review for review in self.round.reviews.order_by("pk") if self._is_surveyed(review)]
        reviews.reviews_save(by=self.officer, rows=[self._form(review, day) for review in forms])
        if len(forms) == self.round.reviews.count():
            self._finish(Step.SURVEY, day + datetime.timedelta(days=3))

    def _is_surveyed(self, review: Review) -> bool:
        one = self.people[review.household_id]
        return one.place * 7 % 20 * 5 < self.stated.get("surveyed_share", {}).get(one.village, 100)

    def _form(self, review: Review, day: datetime.date) -> Facts:
        one = self.people[review.household_id].invented
        return {
            "review": review,
            "facts": one.dwelling,
            # Past 55 nobody but the surveyor says whether a person is still of working age.
            "answers": {"employment": ("employment" in one.lacks, "")},
            "b1_score": self._b1(self.people[review.household_id]),
            "incomes": [(source, earners, amount) for source, (earners, amount) in one.incomes.items()],
            "causes": one.causes,
            "needs": [Need(need) for need in one.needs],
            "surveyed_on": day,
            "surveyor": self.stated["surveyor"],
            "is_complete": True,
        }

    def _b1(self, one: Peopled) -> int:
        """As invented; in a later year every ninth listed household earns enough, every second other one less."""
        if not self.stated.get("is_changed"):
            return one.invented.b1_score
        limit = self.round.standard.b1_rural or synthetic.B1_LIMIT
        if one.invented.category != Category.NOT_POOR:
            return limit + ABOVE if one.place % 9 == 4 else one.invented.b1_score
        return limit - 15 if one.place % 2 == 0 else one.invented.b1_score

    def _named(self, names: list[str]) -> list[Area]:
        return [self.villages[name] for name in names]

    def _meet(self) -> None:
        day = _day(self.stated["met"])
        met = self._named(self.stated.get("met_villages", list(self.sample["people"])))
        for village in met:
            forms = list(self.round.reviews.filter(village=village, state=ReviewState.SURVEYED).order_by("pk"))
            present = len(forms) + 8
            minutes = {name: text.format(village=village) for name, text in self.sample["meeting"].items()}
            meetings.meeting_record(
                by=self.officer,
                round=self.round,
                village=village,
                held_on=day,
                participants=present,
                households_represented=len(forms),
                verdicts={review.pk: (present - place % 3, "") for place, review in enumerate(forms)},
                **minutes,
            )
        if len(met) == len(self.sample["people"]):
            self._finish(Step.VILLAGE_MEETING, day)

    def _post(self) -> None:
        first, last = (_day(text) for text in self.stated["posted"])
        villages = self._named(self.stated.get("posted_villages", list(self.sample["people"])))
        postings.postings_record(
            by=self.officer,
            round=self.round,
            villages=villages,
            place="Nhà sinh hoạt cộng đồng và trụ sở UBND xã",
            starts_on=first,
            ends_on=last,
        )
        if len(villages) == len(self.sample["people"]):
            self._finish(Step.POSTING, last + datetime.timedelta(days=1))

    def _complain(self, *, village: str, complainant: str, content: str, received_on: str) -> None:
        review = self.round.reviews.filter(village=self.villages[village], category=Category.NEAR_POOR).order_by("pk")
        postings.complaint_add(
            by=self.officer,
            round=self.round,
            village=self.villages[village],
            review=review.first(),
            complainant=complainant,
            content=content,
            received_on=_day(received_on),
        )

    def _decide(self) -> None:
        """The level above agrees, the leader recognises, văn thư numbers, booklets are issued."""
        sent, replied = (_day(text) for text in self.stated["opinion"])
        day = _day(self.stated["recognised"])
        self._finish(Step.RECHECK, sent)
        asked = opinions.opinion_ask(by=self.officer, round=self.round, sent_on=sent)
        opinions.opinion_reply(
            by=User.objects.get(username=self.stated["opinion_by"]),
            opinion=asked,
            version=asked.version,
            reply=OpinionReply.AGREED,
            text="Thống nhất kết quả rà soát.",
            on=replied,
        )
        self._finish(Step.OPINION, replied)
        self.round.refresh_from_db()
        leader = User.objects.get(username=self.stated["recognised_by"])
        decided = recognition.round_recognise(by=leader, round=self.round, version=self.round.version, on=day)
        recognition.decision_number(
            by=User.objects.get(username=self.stated["numbered_by"]),
            recognition=decided,
            version=decided.version,
            number=self.stated["decision"],
            date=day,
        )
        certificates.certificates_issue(by=self.officer, round=self.round, on=day + datetime.timedelta(days=10))
        self._finish(Step.CERTIFICATES, day + datetime.timedelta(days=10))
