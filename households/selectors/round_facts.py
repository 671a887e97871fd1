"""A round as its rules see it: villages with counts, the last opinion, what is done. Four queries."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from households.choices import (
    LISTED,
    Agreement,
    Category,
    ComplaintResult,
    RecognitionKind,
    ReviewState,
    RoundKind,
    RoundState,
)
from households.models import (
    CertificateYear,
    Complaint,
    MeetingVerdict,
    Opinion,
    Posting,
    Recognised,
    Recognition,
    Review,
    ReviewRound,
    RoundStep,
    VillageMeeting,
)
from households.rules.steps import OpinionFacts, RoundFacts, VillageFacts
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area

SCORED = (ReviewState.SURVEYED, ReviewState.RECOGNISED)


def facts_of(round: ReviewRound, steps: list[RoundStep] | None = None) -> RoundFacts:
    """``steps`` where they are already read."""
    rows = list(round.steps.all()) if steps is None else steps
    counts = {row.pop("village_id"): row for row in _counts(round)}
    villages = tuple(_village(area, counts.get(area.pk, {})) for area in _villages(round, list(counts)))
    opinion = Opinion.objects.filter(round=round).annotate(now=_digest_now(round)).order_by("-sent_on", "-pk").first()
    is_recognised = round.state == RoundState.RECOGNISED
    is_numbered, uncertified = _after_recognition(round) if is_recognised else (True, 0)
    return RoundFacts(
        kind=round.kind,
        villages=villages,
        opinion=_opinion(opinion) if opinion else None,
        poor=sum(row["poor"] for row in counts.values()),
        near_poor=sum(row["near_poor"] for row in counts.values()),
        done=frozenset(step.step for step in rows if step.done_on),
        is_recognised=is_recognised,
        is_numbered=is_numbered,
        uncertified=uncertified,
    )


def scored_reviews(round: ReviewRound) -> QuerySet[Any]:
    """Current scored forms of the round with ``is_settled`` (see ``_settled``)."""
    return (
        Review.objects.current()
        .filter(round=round, state__in=SCORED)
        .annotate(is_settled=Q(pk__in=_settled(round).values("review")))
    )


def _settled(round: ReviewRound) -> QuerySet[MeetingVerdict]:
    """Verdicts that stand: the last meeting that spoke of the household agreed, after its last survey, to the category
    it still has. What a recheck changed needs no other meeting, only its own posting."""
    last = MeetingVerdict.objects.filter(meeting__round=round).order_by("review", "-meeting__sitting", "-pk")
    changed = Complaint.objects.filter(
        round=round, result=ComplaintResult.CHANGED, review=OuterRef("review"), category=OuterRef("review__category")
    )
    in_time = Q(review__surveyed_on__isnull=True) | Q(review__surveyed_on__lte=F("meeting__held_on"))
    return MeetingVerdict.objects.filter(
        in_time & Q(category=F("review__category")) | Exists(changed),
        pk__in=last.distinct("review").values("pk"),
        result=Agreement.AGREED,
    )


def _after_recognition(round: ReviewRound) -> tuple[bool, int]:
    """Whether every decision has its number, and how many listed households have no booklet confirmed by them."""
    unnumbered = Recognition.objects.filter(round=round, paper__isnull=True).exclude(kind=RecognitionKind.PAST)
    confirmed = CertificateYear.objects.filter(
        recognition__round=round, certificate__household=OuterRef("household"), category=OuterRef("category")
    )
    listed = Recognised.objects.filter(round=round, is_current=True, category__in=LISTED)
    waiting = listed.filter(~Exists(confirmed)).order_by().values("round").annotate(n=Count("pk")).values("n")
    found = ReviewRound.objects.filter(pk=round.pk).values_list(~Exists(unnumbered), Coalesce(Subquery(waiting), 0))
    return found.get()


def _counts(round: ReviewRound) -> Any:
    """One row for each village that has forms in the round."""
    states = {
        "listed": ReviewState.LISTED,
        "screened_out": ReviewState.SCREENED_OUT,
        "to_survey": ReviewState.TO_SURVEY,
        "dropped": ReviewState.DROPPED,
    }
    left = Q(household__closed_on__isnull=False) | ~Q(household__unit=F("unit"))
    open_states = Q(state__in=[ReviewState.LISTED, ReviewState.TO_SURVEY, *SCORED], is_frozen=False)
    return (
        Review.objects.current()
        .filter(round=round)
        .annotate(is_settled=Q(pk__in=_settled(round).values("review")))
        .values("village_id")
        .order_by()
        .annotate(
            reviews=Count("pk", filter=~Q(state=ReviewState.DROPPED)),
            surveyed=Count("pk", filter=Q(state__in=SCORED)),
            unsettled=Count("pk", filter=Q(state__in=SCORED, is_settled=False)),
            redo=Count("pk", filter=Q(state=ReviewState.TO_SURVEY) & ~Q(redo_because="")),
            gone=Count("pk", filter=left & open_states),
            poor=Count("pk", filter=Q(state__in=SCORED, category=Category.POOR)),
            near_poor=Count("pk", filter=Q(state__in=SCORED, category=Category.NEAR_POOR)),
            last_screened=Max("screened_on"),
            last_surveyed=Max("surveyed_on", filter=Q(state__in=SCORED)),
            **{name: Count("pk", filter=Q(state=state)) for name, state in states.items()},
        )
    )


def _villages(round: ReviewRound, with_forms: list[int]) -> QuerySet[Area]:
    """Villages of the unit during the round and those with forms, with their meeting, posting and complaints; of a
    monthly round only those with forms."""
    during = Area.objects.valid_between(round.starts_on, round.ends_on).filter(parent=round.unit_id)
    if round.kind == RoundKind.REGULAR:
        during = during.none()
    here: dict[str, Any] = {"round": round, "village": OuterRef("pk")}
    meetings = VillageMeeting.objects.filter(**here).order_by("-sitting")
    postings = Posting.objects.filter(**here, is_recheck=False)
    complaints = Complaint.objects.filter(**here)
    changed = complaints.filter(result=ComplaintResult.CHANGED).order_by("-rechecked_on")
    rechecked = complaints.filter(rechecked_on__isnull=False).order_by("-rechecked_on")
    reposted = Posting.objects.filter(**here, is_recheck=True, starts_on__gte=OuterRef("reposting_from"))
    return (
        Area.objects.filter(Q(pk__in=during.values("pk")) | Q(pk__in=with_forms), level=Level.VILLAGE)
        .annotate(
            met_on=Subquery(meetings.values("held_on")[:1]),
            sittings=Subquery(meetings.values("sitting")[:1]),
            posted_from=Subquery(postings.values("starts_on")[:1]),
            posted_to=Subquery(postings.values("ends_on")[:1]),
            reposting_from=Subquery(changed.values("rechecked_on")[:1]),
            last_rechecked=Subquery(rechecked.values("rechecked_on")[:1]),
            open_complaints=ArraySubquery(complaints.filter(result="").order_by("due_on", "pk").values("pk")),
        )
        .annotate(reposted_to=Subquery(reposted.order_by("-ends_on").values("ends_on")[:1]))
        .order_by("position", "sort_key", "pk")
    )


def _village(area: Any, counts: dict[str, Any]) -> VillageFacts:
    known = {name: value for name, value in counts.items() if name not in {"poor", "near_poor"}}
    return VillageFacts(
        pk=area.pk,
        name=area.title,
        last_rechecked=area.last_rechecked,
        met_on=area.met_on,
        sittings=area.sittings or 0,
        posted_from=area.posted_from,
        posted_to=area.posted_to,
        reposting_from=area.reposting_from,
        reposted_to=area.reposted_to,
        open_complaints=tuple(area.open_complaints),
        **known,
    )


def _digest_now(round: ReviewRound) -> Subquery:
    """Who is on the two lists as scored now, household by household, in one word."""
    listed = Review.objects.current().filter(round=round, state__in=SCORED, category__in=LISTED).order_by()
    each = Concat(Cast("household_id", TextField()), Value(":"), "category")
    whole = MD5(StringAgg(each, ",", order_by="household_id"), output_field=CharField())
    return Subquery(listed.values("round").annotate(digest=whole).values("digest"))


def list_digest(round: ReviewRound) -> str:
    """What an opinion remembers of the lists it was asked about; empty where nobody is listed."""
    return ReviewRound.objects.filter(pk=round.pk).values_list(_digest_now(round), flat=True).get() or ""


def _opinion(row: Any) -> OpinionFacts:
    return OpinionFacts(
        sent_on=row.sent_on,
        due_on=row.due_on,
        addressee=row.addressee,
        poor=row.poor,
        near_poor=row.near_poor,
        is_same_list=row.list_digest == (row.now or ""),
        replied_on=row.replied_on,
        reply=row.reply,
        reply_text=row.reply_text,
    )
