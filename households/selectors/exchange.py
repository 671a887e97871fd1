"""Rows as programs read them: in the scope of who asks, with all that an answer shows, in few queries."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from households.choices import Relation
from households.models import Household, Member, Recognition, Request, Review, ReviewRound
from households.querysets import ReviewQuerySet


def households_shown(rows: QuerySet[Household] | None = None) -> QuerySet[Household]:
    """Households with ``head_name`` and ``persons``: of a closed one, those of its last day."""
    members = Member.objects.filter(household=OuterRef("pk"))
    then = members.filter(Q(left_on__isnull=True) | Q(left_on=OuterRef("closed_on")))
    head = then.filter(relation=Relation.HEAD).order_by("-pk").values("name")[:1]
    persons = then.order_by().values("household").annotate(persons=Count("pk")).values("persons")
    found = Household.objects.all() if rows is None else rows
    return found.select_related("unit", "village").annotate(
        head_name=Subquery(head), persons=Coalesce(Subquery(persons), 0)
    )


def members_shown() -> QuerySet[Member]:
    return Member.objects.select_related("ethnicity", "household", "unit").order_by("position", "pk")


def requests_shown() -> QuerySet[Request]:
    return Request.objects.select_related("unit", "village").order_by("-received_on", "-pk")


def rounds_shown() -> QuerySet[ReviewRound]:
    return ReviewRound.objects.select_related("unit", "standard").order_by("-year", "month", "-pk")


def recognitions_shown() -> QuerySet[Recognition]:
    return Recognition.objects.annotate(decided=Count("households"))


def reviews_shown() -> ReviewQuerySet:
    """Forms in a list, by village and name."""
    rows = Review.objects.select_related("unit", "village", "household")
    return rows.order_by("village__position", "village__sort_key", "head_sort_key", "pk")


def review_whole() -> ReviewQuerySet:
    """Forms with everything under them: five queries beyond the row."""
    parts = ("answers__indicator", "scores__item", "scores__option", "incomes", "causes__cause", "needs")
    return reviews_shown().select_related("unit", "village", "household", "ethnicity").prefetch_related(*parts)
