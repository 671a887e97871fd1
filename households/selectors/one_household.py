"""Reads of one household: its page with members, history, years and work under way."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, ExtractYear
from django.utils import timezone

from households.choices import (
    Category,
    ChangeKind,
    MinorityBasis,
    Relation,
    RequestKind,
    RequestResult,
    ReviewState,
    RoundKind,
)
from households.models import (
    Household,
    HouseholdChange,
    Member,
    Recognised,
    RegistrySetting,
    Request,
    Review,
)
from households.rules.persons import (
    HouseholdFlags,
    Person,
    age_on,
    household_flags,
    is_same_person,
)
from households.selectors.registry import Mark
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area, Reach


@dataclass(frozen=True, kw_only=True)
class Work:
    """A form under way or a request of the household; ``view`` names its page, in the year and the unit that wrote it.

    ``code`` is empty where that unit is neither the household's own nor one that it took over: no link leads there.
    """

    view: str
    code: str
    year: int
    pk: int
    title: str
    state: str
    on: datetime.date


@dataclass(frozen=True, kw_only=True)
class HouseholdPage:
    """One household as its page shows it; ``gone`` are those who left and have not come back."""

    household: Household
    members: list[Member]
    gone: list[Member]
    history: list[HouseholdChange]
    years: list[Recognised]
    works: list[Work]
    flags: HouseholdFlags

    @property
    def head(self) -> Member | None:
        return next((member for member in self.members if member.relation == Relation.HEAD), None)

    @property
    def name(self) -> str:
        """Of the head; of a closed household, of who was its last one."""
        former = [member for member in self.gone if member.relation == Relation.HEAD]
        head = self.head or (former[-1] if former else None)
        return head.name if head else self.household.code

    @property
    def mark(self) -> Mark | None:
        row = next((row for row in self.years if row.is_current), None)
        return Mark(category=Category(row.category), year=row.year) if row and row.category else None


def household_rows() -> QuerySet[Household]:
    """Households with all that their pages need of the row itself: ``head_name``, and ``basis`` of the flags."""
    setting = RegistrySetting.objects.filter(unit=OuterRef("unit")).valid_on(timezone.localdate())
    heads = Member.objects.present().filter(household=OuterRef("pk"), relation=Relation.HEAD)
    return Household.objects.select_related("village", "unit").annotate(
        basis=Subquery(setting.values("minority_basis")[:1]), head_name=Subquery(heads.values("name")[:1])
    )


def household_page(household: Household) -> HouseholdPage:
    """Four queries beyond the row, which comes from ``household_rows``."""
    everybody = list(Member.objects.filter(household=household).select_related("ethnicity").order_by("position", "pk"))
    members = [member for member in everybody if member.left_on is None]
    gone = [row for row in everybody if row.left_on and not any(is_same_person(row, member) for member in members)]
    return HouseholdPage(
        household=household,
        members=members,
        gone=sorted(gone, key=lambda member: (member.left_on, member.pk)),
        history=list(
            HouseholdChange.objects.filter(household=household)
            .select_related("other", "member", "from_village", "to_village")
            .order_by("-on", "-pk")
        ),
        years=list(
            Recognised.objects.filter(household=household)
            .select_related("round", "recognition")
            .order_by("-year", "-recognition__on", "-pk")
        ),
        works=_works(household),
        flags=flags_of(members, basis=getattr(household, "basis", None) or MinorityBasis.HEAD),
    )


def former_relations(members: Collection[Member], household: Household) -> dict[int, str]:
    """What persons of another household were here when they left, by their key now; two queries.

    Nothing of who was the head, nor of who left before the head changed: the relation was to somebody else.
    """
    changes = HouseholdChange.objects.filter(household=household, kind=ChangeKind.HEAD_CHANGED)
    since = changes.aggregate(last=Max("on"))["last"] or datetime.date.min
    rows = Member.objects.filter(household=household, left_on__gte=since).exclude(relation=Relation.HEAD)
    left = list(rows.order_by("left_on", "pk"))
    return {member.pk: row.relation for member in members for row in left if is_same_person(row, member)}


def flags_of(members: Collection[Member], *, basis: str = MinorityBasis.HEAD) -> HouseholdFlags:
    """As of today; members come with their ethnicity."""
    today = timezone.localdate()
    return household_flags(
        [
            Person(
                relation=member.relation,
                age=age_on(today, birth_date=member.birth_date, birth_year=member.birth_year),
                sex=member.sex,
                is_minority=member.ethnicity.is_minority if member.ethnicity else None,
                is_merit=member.is_merit,
                work=member.work,
                disability=member.disability,
            )
            for member in members
        ],
        basis=basis,
    )


def _works(household: Household) -> list[Work]:
    """Forms and requests, newest first; one query."""
    columns = ("what", "pk", "kind_of", "state_of", "year_of", "month_of", "on_day", "code_of", "is_reached")
    reached = Exists(Reach.objects.filter(area=household.unit_id, reached=OuterRef("unit")))
    forms = (
        Review.objects.filter(household=household)
        .current()
        .values_list(
            Value("review", CharField()),
            "pk",
            Cast("round__kind", CharField()),
            Cast("state", CharField()),
            Cast("round__year", IntegerField()),
            Cast("round__month", IntegerField()),
            Cast("round__starts_on", DateField()),
            Cast("unit__code", CharField()),
            reached,
        )
    )
    requests = Request.objects.filter(household=household).values_list(
        Value("request", CharField()),
        "pk",
        Cast("kind", CharField()),
        Cast("result", CharField()),
        Cast(ExtractYear("received_on"), IntegerField()),
        Value(0, IntegerField()),
        Cast("received_on", DateField()),
        Cast("unit__code", CharField()),
        reached,
    )
    rows = [dict(zip(columns, row, strict=True)) for row in forms.union(requests, all=True)]
    return sorted((_work(row) for row in rows), key=lambda work: (work.on, work.pk), reverse=True)


def _work(row: dict[str, Any]) -> Work:
    where = {"pk": row["pk"], "code": row["code_of"] if row["is_reached"] else "", "year": row["year_of"]}
    if row["what"] == "request":
        state = RequestResult(row["state_of"]).label if row["state_of"] else "chưa trả kết quả"
        title = RequestKind(row["kind_of"]).label
        return Work(view="requests:detail", title=title, state=state, on=row["on_day"], **where)
    month = f" tháng {row['month_of']}" if row["month_of"] else ""
    title = f"Phiếu rà soát {RoundKind(row['kind_of']).label}{month} năm {row['year_of']}"
    state = ReviewState(row["state_of"]).label
    return Work(view="reviews:form", title=title, state=state, on=row["on_day"], **where)


def moved_from(*, user: User, unit: Area, pk: int) -> Household | None:
    """A household that was of the unit once, or stood in a unit it took over, and is of another one now."""
    was_here = HouseholdChange.objects.filter(household=OuterRef("pk"), unit=unit)
    found = Household.objects.visible_to(user).exclude(unit=unit).filter(Exists(was_here), pk=pk)
    return found.select_related("unit").first()
