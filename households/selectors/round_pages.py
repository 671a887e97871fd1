"""Reads for the pages of rounds: lists to choose from, queues, registers."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)

from households.choices import Agreement, Category, Relation, ReviewState, RoundKind, RoundState
from households.models import (
    Certificate,
    CertificateYear,
    Complaint,
    Household,
    Member,
    Opinion,
    Posting,
    Recognition,
    Review,
    ReviewRound,
    RoundStep,
    Standard,
    VillageMeeting,
)
from households.selectors.round_facts import scored_reviews
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.querysets import AreaQuerySet
from povertyplan.core.text import clean, plain
from povertyplan.offices.models import Officer
from povertyplan.offices.selectors import in_order

FOUND = 20
BY_VILLAGE = ("village__position", "village__sort_key", "village_id", "head_sort_key", "pk")


def standards_offered(unit: Area, year: int) -> QuerySet[Standard]:
    """Standards that hold on some day of the year, or from the first day of the next: the list is used then."""
    next_year = datetime.date(year + 1, 1, 1)
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=datetime.date(year, 1, 1))
    above = (unit.parent_id, unit.parent.parent_id if unit.parent else None)
    own = Q(area__isnull=True) | Q(area__in=[pk for pk in above if pk])
    return Standard.objects.filter(still, own, valid_from__lte=next_year).order_by("valid_from", "pk")


def all_rounds(unit: Area, year: int) -> QuerySet[ReviewRound]:
    """Every round of the year, cancelled ones too: the periodic one first, then by month."""
    rounds = ReviewRound.objects.filter(unit=unit, year=year).select_related("unit", "standard", "board", "team")
    return rounds.select_related("plan_paper").order_by("month", "pk")


def villages_of_round(round: ReviewRound) -> AreaQuerySet:
    """Villages of the unit in the year of the round."""
    return Area.objects.villages_of(round.unit).valid_in_year(round.year)


def listed_reviews(round: ReviewRound, chosen: Mapping[str, Any] | None = None) -> QuerySet[Review]:
    """Households of the round by village and name; dropped ones only where asked for.

    ``chosen``: ``village`` (Area), ``state``, ``category``, ``q`` (every word in the name of the head, or the code).
    """
    chosen = chosen or {}
    rows = Review.objects.current().filter(round=round).select_related("village", "household").order_by(*BY_VILLAGE)
    if chosen.get("state") != ReviewState.DROPPED:
        rows = rows.exclude(state=ReviewState.DROPPED)
    for name in ("village", "state", "category"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    words = clean(chosen.get("q", ""))
    named = Q()
    for word in words.split():
        named &= Q(head_name__unaccent__icontains=word)
    return rows.filter(named | Q(household__code__iexact=words)) if words else rows


def reviews_page(rows: QuerySet[Review], number: str | None, per_page: int) -> Page:
    """A page of rows and how many there are, in one query; past the end the last page, in three."""
    wanted = int(number) if number and number.isascii() and number.isdigit() and len(number) < 7 else 1
    start = (max(wanted, 1) - 1) * per_page
    found = list(rows.annotate(found=Window(Count("pk")))[start : start + per_page])
    paginator = Paginator(rows, per_page)
    if not found and start:
        return paginator.get_page(number)
    vars(paginator)["count"] = found[0].found if found else 0
    page = paginator.get_page(max(wanted, 1))
    page.object_list = found
    return page


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A household that may be added to a list; ``is_listed``: it is on it."""

    household: Household
    head_name: str
    is_listed: bool


def candidates(round: ReviewRound, words: str) -> list[Candidate]:
    """Followed households of the unit by code or by the name of anybody in them, accents left aside. One query."""
    words = clean(words)
    if not plain(words):
        return []
    members = Member.objects.filter(household=OuterRef("pk")).present()
    named = Exists(members.named(words))
    listed = Review.objects.current().filter(round=round, household=OuterRef("pk")).exclude(state=ReviewState.DROPPED)
    found = (
        Household.objects.of_unit(round.unit)
        .followed()
        .filter(named | Q(code__iexact=words))
        .select_related("village")
        .annotate(head=Subquery(members.filter(relation=Relation.HEAD).values("name")[:1]), is_listed=Exists(listed))
        .order_by("village__position", "village__sort_key", "code")
    )
    return [Candidate(household=row, head_name=row.head or "", is_listed=row.is_listed) for row in found[:FOUND]]


@dataclass(frozen=True, kw_only=True)
class CommuneRound:
    """How far a commune is with its periodic round of a year; ``step`` is the first that is not done."""

    unit: Area
    round: ReviewRound | None
    step: RoundStep | None
    is_late: bool


def communes_below(user: User, unit: Area, year: int) -> AreaQuerySet:
    """Communes of the year below a district or a province that the user sees."""
    below = Q(parent=unit) | Q(parent__parent=unit)
    communes = Area.objects.visible_to(user).filter(below, level=Level.COMMUNE).valid_in_year(year)
    return communes.order_by("sort_key", "pk")


def commune_rounds(communes: Iterable[Area], year: int, *, today: datetime.date) -> list[CommuneRound]:
    """Two queries, however many communes."""
    areas = list(communes)
    rounds = {
        round.unit_id: round
        for round in ReviewRound.objects.filter(unit__in=areas, year=year, kind=RoundKind.PERIODIC)
        .exclude(state=RoundState.CANCELLED)
        .prefetch_related("steps")
    }
    return [_commune_round(area, rounds.get(area.pk), today) for area in areas]


def _commune_round(unit: Area, round: ReviewRound | None, today: datetime.date) -> CommuneRound:
    steps = list(round.steps.all()) if round else []
    step = next((step for step in steps if step.done_on is None), None)
    is_open = round is not None and round.state == RoundState.OPEN
    is_late = bool(is_open and step and step.due_on and step.due_on < today)
    return CommuneRound(unit=unit, round=round, step=step, is_late=is_late)


def opinions_of(user: User, unit: Area, year: int) -> QuerySet[Opinion]:
    """Asked of the unit, or by it, in rounds of the year; those that wait first, by their due day."""
    waits = Case(When(reply="", then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        Opinion.objects.visible_to(user)
        .filter(Q(asked_of=unit) | Q(unit=unit), round__year=year)
        .select_related("unit", "round", "asked_of", "paper", "replied_by")
        .order_by(waits, F("due_on").asc(nulls_last=True), "-sent_on", "pk")
    )


def opinions_waiting(user: User, unit: Area) -> QuerySet[Opinion]:
    """Asked of the unit and not answered yet, the most urgent first."""
    waiting = Opinion.objects.visible_to(user).filter(asked_of=unit, reply="", round__state=RoundState.OPEN)
    return waiting.select_related("unit", "round").order_by(F("due_on").asc(nulls_last=True), "pk")


def opinions_of_round(round: ReviewRound) -> QuerySet[Opinion]:
    rows = Opinion.objects.filter(round=round).select_related("asked_of", "paper", "replied_by")
    return rows.order_by("-sent_on", "-pk")


def meetings(round: ReviewRound, village: Area | None = None) -> QuerySet[VillageMeeting]:
    """Minutes of the round, of one village or all, with ``agreed`` and ``redo``: households of each result."""
    rows = VillageMeeting.objects.filter(round=round).select_related("village")
    rows = rows.filter(village=village).prefetch_related("verdicts__review") if village else rows
    return rows.annotate(
        agreed=Count("verdicts", filter=Q(verdicts__result=Agreement.AGREED)),
        redo=Count("verdicts", filter=Q(verdicts__result=Agreement.REDO)),
    ).order_by("village__position", "village__sort_key", "village_id", "sitting")


def reviews_for_meeting(round: ReviewRound, village: Area) -> QuerySet[Review]:
    """Scored forms of a village that no meeting has agreed to yet: what the next sitting speaks of."""
    unsettled = Q(is_settled=False) | Q(is_settled__isnull=True)
    waiting = scored_reviews(round).filter(unsettled, village=village)
    return waiting.filter(is_frozen=False).select_related("household").order_by("head_sort_key", "pk")


def postings(round: ReviewRound) -> QuerySet[Posting]:
    rows = Posting.objects.filter(round=round).select_related("village")
    return rows.order_by("village__position", "village__sort_key", "village_id", "starts_on", "pk")


def villages_to_post(round: ReviewRound) -> list[int]:
    """Villages with scored forms whose result has not been posted."""
    posted = Posting.objects.filter(round=round, is_recheck=False).values("village_id")
    scored = Review.objects.counted().filter(round=round).exclude(village_id__in=posted)
    return list(scored.order_by().values_list("village_id", flat=True).distinct())


def complaints(round: ReviewRound) -> QuerySet[Complaint]:
    """Of the round, those without an answer first."""
    rows = Complaint.objects.filter(round=round).select_related("village", "review__household")
    return rows.order_by("result", "due_on", "pk")


def category_counts(round: ReviewRound) -> dict[str, int]:
    """Scored forms by category."""
    rows = Review.objects.counted().filter(round=round).order_by().values("category").annotate(number=Count("pk"))
    counts = {row["category"]: row["number"] for row in rows}
    return {category.value: counts.get(category, 0) for category in Category}


@dataclass(frozen=True, kw_only=True)
class Author:
    name: str
    reviews: int


def authors_of(round: ReviewRound) -> list[Author]:
    """Who typed into the forms of a round, with how many forms each touched. Two queries."""
    counts = dict(
        Review.objects.current()
        .filter(round=round)
        .exclude(state=ReviewState.DROPPED)
        .annotate(author=Func(F("authors"), function="unnest", output_field=IntegerField()))
        .values("author")
        .annotate(number=Count("pk"))
        .values_list("author", "number")
    )
    people = User.objects.filter(pk__in=counts).order_by("sort_key", "pk")
    return [Author(name=str(person), reviews=counts[person.pk]) for person in people]


def correctable(round: ReviewRound, words: str) -> list[Review]:
    """Recognised forms of a round by the name of the head or the code. One query."""
    words = clean(words)
    if not words:
        return []
    rows = listed_reviews(round, {"q": words}).filter(is_frozen=True, corrected_by__isnull=True)
    return list(rows[:FOUND])


def open_corrections(round: ReviewRound) -> QuerySet[Review]:
    """Copies of recognised forms that wait for a decision."""
    waiting = Review.objects.filter(round=round, corrects__isnull=False, is_frozen=False)
    return waiting.select_related("village", "household", "corrects").order_by(*BY_VILLAGE)


def decisions(round: ReviewRound) -> QuerySet[Recognition]:
    """Decisions of a round, the first one first, with ``number_of_households``."""
    made = Recognition.objects.filter(round=round).select_related("paper", "by", "signer")
    return made.annotate(number_of_households=Count("households")).order_by("on", "pk")


def signers(unit: Area, day: datetime.date, *, or_id: int | None = None) -> QuerySet[Officer]:
    """Officers of the committee on the day, in the order of the unit's list; and ``or_id``, who signed already."""
    inside = Q(pk__in=Officer.objects.filter(unit=unit, body__isnull=True).valid_on(day).values("pk"))
    return in_order(Officer.objects.filter(inside | Q(pk=or_id)))


def certificate_register(unit: Area, *, year: int | None = None, words: str = "") -> QuerySet[Certificate]:
    """Booklets of the unit by year and number; of one year: issued in it or confirmed for it."""
    head = Member.objects.filter(household=OuterRef("household"), relation=Relation.HEAD).present()
    rows = (
        Certificate.objects.filter(unit=unit)
        .select_related("household__village")
        .prefetch_related("years")
        .annotate(head_name=Subquery(head.values("name")[:1]))
        .order_by("-year", "number", "pk")
    )
    if year:
        rows = rows.filter(Q(year=year) | Exists(CertificateYear.objects.filter(certificate=OuterRef("pk"), year=year)))
    words = clean(words)
    if words:
        people = Member.objects.filter(household=OuterRef("household")).present().named(words)
        by_number = Q(number=int(words)) if words.isascii() and words.isdigit() and len(words) < 7 else Q()
        rows = rows.filter(Exists(people) | Q(household__code__iexact=words) | by_number)
    return rows
