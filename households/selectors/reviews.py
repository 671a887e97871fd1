"""Reads of review forms: one household's page, a village's list with what is suspicious, all villages of a round."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from households.choices import Category, Relation, ReviewState, RoundKind, RoundState, SheetPurpose
from households.models import Cause, Member, Recognised, Review, ReviewDraft, ReviewRound, StandardIndicator
from households.rules.persons import Person, age_on, is_able
from households.rules.suspicions import FormFacts, suspicions
from households.selectors.exits import registered_in, registered_words
from households.selectors.law import standard_rules
from households.selectors.parts import Parts, events, parts_in, with_parts
from households.selectors.sheets import Sheet, sheet_of
from households.selectors.surveys import FormLaw, day_of, form_laws, is_present, members_by_household, setting_of
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.findings import Finding

RELATED = ("round__standard", "household__village", "village", "unit", "ethnicity", "corrects")
TO_DO = (ReviewState.LISTED, ReviewState.TO_SURVEY)
SCORED = (ReviewState.SURVEYED, ReviewState.RECOGNISED)
OFF = (ReviewState.DROPPED, ReviewState.SCREENED_OUT)


def round_label(*, year: int, kind: str, month: int) -> str:
    """``2025``, or ``05/2026`` of a regular round: how a form names an earlier one beside its answers."""
    return str(year) if kind == RoundKind.PERIODIC else f"{month:02d}/{year}"


@dataclass(frozen=True, kw_only=True)
class Last:
    """The household in the last recognised round before: ``answers`` None where only the list is known."""

    label: str
    category: str = ""
    b1: int | None = None
    b2: int | None = None
    answers: Mapping[int, bool | None] | None = None
    review: int | None = None

    @property
    def title(self) -> str:
        """``Năm 2025``, ``Đợt 05/2026``: to open a sentence."""
        return f"Đợt {self.label}" if "/" in self.label else f"Năm {self.label}"

    @property
    def word(self) -> str:
        return str(Category(self.category).label) if self.category else "không có trong danh sách"


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A form with everything beside it. ``previous`` and ``next``: forms of the village in the order of codes.

    ``next_to_do`` is the next one that is still missing, from the first again after the last. ``surveyor`` is whom the
    person who looks wrote last in this round.
    """

    review: Review
    parts: Parts
    law: FormLaw
    sheet: Sheet | None
    members: Sequence[Member]
    last: Last | None
    previous: int | None
    next: int | None
    next_to_do: int | None
    surveyor: str
    place: int
    count: int
    draft: dict[str, Any] | None
    purpose: SheetPurpose

    @property
    def leads_to_missing(self) -> bool:
        """From a form that was missing itself saving goes on to the next missing one, else to the next of all."""
        return self.review.state in TO_DO and self.next_to_do is not None

    @property
    def after_saving(self) -> int | None:
        return self.next_to_do if self.leads_to_missing else self.next

    @property
    def b1_sheet(self) -> Sheet | None:
        return self.sheet if self.purpose == SheetPurpose.B1 else None

    @property
    def exit_registered(self) -> str:
        return registered_words(getattr(self.review, "exit_registration", ()))

    @cached_property
    def day(self) -> datetime.date:
        return day_of(self.review)

    @cached_property
    def persons(self) -> list[Member]:
        return [member for member in self.members if is_present(member, self.review.household, self.day)]


def form_page(reviews: QuerySet[Review], *, pk: int, user: User, screen: bool = False) -> FormPage:
    """Six queries. ``screen``: with the sheet of Phiếu A, as for a household that still waits for it. Raises
    Review.DoesNotExist."""
    peers = Review.objects.current().filter(round=OuterRef("round"), village=OuterRef("village"))
    peers = peers.exclude(state__in=OFF)
    after = peers.filter(household__code__gt=OuterRef("household__code")).order_by("household__code")
    before = peers.filter(household__code__lt=OuterRef("household__code")).order_by("-household__code")
    round_about = Case(When(household__code__gt=OuterRef("household__code"), then=0), default=1)
    to_do = peers.filter(state__in=TO_DO).exclude(pk=OuterRef("pk")).annotate(turn=round_about)
    count = Count("pk")
    review: Any = (
        with_parts(reviews.select_related(*RELATED))
        .annotate(
            next_pk=Subquery(after.values("pk")[:1]),
            previous_pk=Subquery(before.values("pk")[:1]),
            next_to_do_pk=Subquery(to_do.order_by("turn", "household__code").values("pk")[:1]),
            surveyor_before=Subquery(_typed_by(user).exclude(surveyor="").values("surveyor")[:1]),
            before_count=Subquery(before.order_by().values("village").annotate(n=count).values("n")),
            after_count=Subquery(after.order_by().values("village").annotate(n=count).values("n")),
            recognised_last=_recognised_last(),
            drafts_of_user=_drafts(user),
            exit_registration=registered_in("household", "round__year"),
        )
        .get(pk=pk)
    )
    place = (review.before_count or 0) + 1
    waits = screen or review.state in {ReviewState.LISTED, ReviewState.SCREENED_OUT}
    purpose = SheetPurpose.QUICK_SCREEN if waits else SheetPurpose.B1
    return FormPage(
        review=review,
        parts=parts_in(review),
        law=form_laws([review.round.standard])[review.round.standard_id],
        sheet=sheet_of(review, purpose),
        purpose=purpose,
        members=members_by_household([review.household_id])[review.household_id],
        last=_last(_last_reviews([review.household_id], review.round).get(review.household_id), review.recognised_last),
        previous=review.previous_pk,
        next=review.next_pk,
        next_to_do=review.next_to_do_pk,
        surveyor=review.surveyor_before or "",
        place=place,
        count=place + (review.after_count or 0),
        draft=review.drafts_of_user[0] if review.drafts_of_user else None,
    )


def _typed_by(user: User) -> QuerySet:
    """What the person saved of forms of the outer review's round, the last save first."""
    saves = {"pgh_context__metadata__user": user.pk, "pgh_context__metadata__action": "review.save"}
    return events(Review).filter(round=OuterRef("round"), **saves).order_by("-pgh_id")


def _drafts(user: User) -> ArraySubquery:
    drafts = ReviewDraft.objects.filter(review=OuterRef("pk"), user=user)
    return ArraySubquery(drafts.values(row=JSONObject(data="data", base_version="base_version", saved_at="saved_at")))


def _recognised_last() -> ArraySubquery:
    """The household on the last recognised list before the round of the outer review, at most one."""
    rows = Recognised.objects.filter(
        household=OuterRef("household"), is_current=True, round__starts_on__lt=OuterRef("round__starts_on")
    )
    columns = {"category": "category", "year": "round__year", "kind": "round__kind", "month": "round__month"}
    latest = rows.order_by("-round__starts_on", "-pk")
    return ArraySubquery(latest.values(row=JSONObject(**columns, starts_on="round__starts_on"))[:1])


def _last_reviews(households: Collection[int], round: ReviewRound) -> dict[int, Review]:
    """The last form of each household in a recognised round before, with its rows."""
    rows = Review.objects.current().filter(
        household__in=households,
        state__in=SCORED,
        round__state=RoundState.RECOGNISED,
        round__starts_on__lt=round.starts_on,
    )
    latest = rows.order_by("household", "-round__starts_on", "-pk").distinct("household")
    return {row.household_id: row for row in with_parts(latest.select_related("round"))}


def _last(review: Review | None, recognised: list[dict[str, Any]]) -> Last | None:
    listed = recognised[0] if recognised else None
    if listed and (review is None or listed["starts_on"] > f"{review.round.starts_on}"):
        label = round_label(year=listed["year"], kind=listed["kind"], month=listed["month"])
        return Last(label=label, category=listed["category"])
    if review is None:
        return None
    return Last(
        label=round_label(year=review.round.year, kind=review.round.kind, month=review.round.month),
        category=review.category,
        b1=review.b1_score,
        b2=review.b2_score,
        answers=parts_in(review).answers,
        review=review.pk,
    )


# --- the village --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class VillageRow:
    review: Review
    last: Last | None
    findings: tuple[Finding, ...]

    @property
    def is_done(self) -> bool:
        return self.review.state in SCORED

    @property
    def is_to_do(self) -> bool:
        return self.review.state in TO_DO

    @property
    def is_changed(self) -> bool:
        return bool(self.last and self.review.category and self.review.category != self.last.category)


@dataclass(frozen=True, kw_only=True)
class VillagePage:
    rows: tuple[VillageRow, ...]

    @cached_property
    def counted(self) -> tuple[VillageRow, ...]:
        """Without those that Phiếu A stopped or that were taken off the list."""
        return tuple(row for row in self.rows if row.review.state not in OFF)

    @cached_property
    def done(self) -> tuple[VillageRow, ...]:
        return tuple(row for row in self.rows if row.is_done)

    @cached_property
    def to_do(self) -> tuple[VillageRow, ...]:
        return tuple(row for row in self.rows if row.is_to_do)

    @cached_property
    def suspicious(self) -> tuple[VillageRow, ...]:
        return tuple(row for row in self.rows if row.findings)

    @cached_property
    def changed(self) -> tuple[VillageRow, ...]:
        return tuple(row for row in self.rows if row.is_changed)

    @property
    def findings(self) -> list[Finding]:
        return [finding for row in self.rows for finding in row.findings]


def village_page(*, round: ReviewRound, village: Area) -> VillagePage:
    """Every form of a village in a round, with last year beside it and what is suspicious. Four queries."""
    return _page(round, Review.objects.current().filter(round=round, village=village))


def round_page(round: ReviewRound) -> VillagePage:
    """The same for all villages of a round, in the same number of queries."""
    return _page(round, Review.objects.current().filter(round=round))


def _page(round: ReviewRound, reviews: QuerySet[Review]) -> VillagePage:
    rows: list[Any] = list(
        with_parts(reviews.select_related("household", "village"))
        .annotate(
            recognised_last=_recognised_last(),
            has_causes=Exists(Cause.objects.filter(standard=round.standard_id)),
        )
        .order_by("household__code")
    )
    for row in rows:
        row.round, row.unit = round, round.unit
    households = [row.household_id for row in rows]
    members: dict[int, list[Member]] = {pk: [] for pk in households}
    names = (
        "household_id",
        "name",
        "relation",
        "birth_date",
        "birth_year",
        "sex",
        "work",
        "disability",
        "joined_on",
        "left_on",
    )
    for member in Member.objects.filter(household__in=households).only(*names).order_by("position", "pk"):
        members[member.household_id].append(member)
    last = _last_reviews(households, round)
    indicators = {
        row.indicator_id: row.indicator.name
        for row in StandardIndicator.objects.filter(standard=round.standard).select_related("indicator")
    }
    return VillagePage(
        rows=tuple(
            _village_row(row, _last(last.get(row.household_id), row.recognised_last), members, indicators)
            for row in rows
        )
    )


def _village_row(
    review: Any, last: Last | None, members: Mapping[int, Sequence[Member]], indicators: Mapping[int, str]
) -> VillageRow:
    facts = _facts(review, last, members[review.household_id], indicators)
    said = suspicions(facts) if review.state not in OFF else []
    return VillageRow(review=review, last=last, findings=tuple(said))


def _facts(review: Any, last: Last | None, members: Sequence[Member], indicators: Mapping[int, str]) -> FormFacts:
    parts, day = parts_in(review), day_of(review)
    present = [member for member in members if is_present(member, review.household, day)]
    ages = [age_on(day, birth_date=member.birth_date, birth_year=member.birth_year) for member in present]
    heads = [age for member, age in zip(present, ages, strict=True) if member.relation == Relation.HEAD]
    able = sum(
        is_able(
            Person(relation=member.relation, age=age, sex=member.sex, work=member.work, disability=member.disability)
        )
        for member, age in zip(present, ages, strict=True)
    )
    answers = last.answers if last else None
    return FormFacts(
        name=review.head_name or review.household.code,
        anchor=f"#review-{review.pk}",
        category=review.category,
        last_category=last.category if last else "",
        b1=review.b1_score,
        last_b1=last.b1 if last else None,
        b1_line=standard_rules(review.round.standard).b1_cut_off(setting_of(review)),
        deprived=frozenset(str(pk) for pk, value in parts.answers.items() if value),
        last_deprived=None if answers is None else frozenset(str(pk) for pk, value in answers.items() if value),
        overridden=tuple(indicators.get(pk, "") for pk, (_, reason) in parts.typed.items() if reason),
        lacks_cause=review.has_causes and not parts.causes,
        is_scored=review.state in SCORED,
        persons=len(present),
        able=able,
        sources=len(parts.incomes),
        earners=max((earners for earners, _ in parts.incomes.values()), default=0),
        has_head=bool(heads),
        head_age=heads[0] if heads else None,
        without_birth=tuple(member.name for member, age in zip(present, ages, strict=True) if age is None),
    )


# --- all villages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class VillageCounts:
    village: Area
    listed: int = 0
    done: int = 0
    to_do: int = 0
    stopped: int = 0
    poor: int = 0
    near_poor: int = 0
    not_poor: int = 0


def village_overview(round: ReviewRound) -> list[VillageCounts]:
    """How far each village is, in the order of the unit's list; two queries. A village without forms has a line too."""
    scored = Q(state__in=SCORED)
    rows = (
        Review.objects.current()
        .filter(round=round)
        .values("village")
        .annotate(
            listed=Count("pk", filter=~Q(state=ReviewState.DROPPED)),
            done=Count("pk", filter=scored),
            to_do=Count("pk", filter=Q(state__in=TO_DO)),
            stopped=Count("pk", filter=Q(state=ReviewState.SCREENED_OUT)),
            poor=Count("pk", filter=scored & Q(category=Category.POOR)),
            near_poor=Count("pk", filter=scored & Q(category=Category.NEAR_POOR)),
            not_poor=Count("pk", filter=scored & Q(category=Category.NOT_POOR)),
        )
    )
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts[row["village"]] = {name: value for name, value in row.items() if name != "village"}  # type: ignore[misc]
    villages = Area.objects.villages_of(round.unit)
    in_year = Q(valid_from__lte=round.ends_on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=round.starts_on))
    return [
        VillageCounts(village=village, **counts.get(village.pk, {}))
        for village in villages.filter(in_year | Q(pk__in=list(counts)))
    ]


# --- paper --------------------------------------------------------------------------------------------------------


def paper_reviews(*, round: ReviewRound, village: Area) -> QuerySet[Review]:
    """Forms of a village to be printed, in the order of the village's list."""
    reviews = Review.objects.current().filter(round=round, village=village).exclude(state__in=OFF)
    return reviews.select_related("household", "ethnicity").order_by(F("household__code"))
