"""Reads of the registry: the list with its search, one household whole."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
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
from households.querysets import HouseholdQuerySet
from households.rules.persons import (
    CITIZEN_ID_LENGTH,
    HouseholdFlags,
    Person,
    age_on,
    bare_digits,
    household_flags,
    is_same_person,
)
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area, Reach, Succession
from povertyplan.core.text import clean, plain

FOUND_AT_ONCE = 20


class State(TextChoices):
    """Which households a list shows."""

    FOLLOWED = "followed", "đang theo dõi"
    CLOSED = "closed", "thôi theo dõi"
    ALL = "all", "tất cả"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The latest recognised category of a household, for a badge: ``tone`` is that of ``ui/badge.html``."""

    category: Category
    year: int

    @property
    def tone(self) -> str:
        return self.category.value

    @property
    def word(self) -> str:
        return f"{self.category.label} {self.year}"


@dataclass(frozen=True, kw_only=True)
class HouseholdLine:
    """A household in a list; ``matched`` are the persons beside the head whom the search found."""

    pk: int
    code: str
    village: Area
    address: str
    head: str
    persons: int
    closed_on: datetime.date | None
    mark: Mark | None
    matched: tuple[str, ...] = ()


def citizen_number(words: str) -> str:
    """The twelve figures, where that is what was typed, with or without spaces and dots."""
    digits = bare_digits(words)
    return digits if len(digits) == CITIZEN_ID_LENGTH and digits.isascii() and digits.isdigit() else ""


def households_found(
    *, unit: Area, words: str = "", village: Area | None = None, state: str = State.FOLLOWED
) -> HouseholdQuerySet:
    """Households of the unit by any part of a name without accents, by citizen number, by code; in village order.

    In a followed household only those who are members now are found.
    """
    found = Household.objects.of_unit(unit).select_related("village")
    if state == State.FOLLOWED:
        found = found.followed()
    elif state == State.CLOSED:
        found = found.filter(closed_on__isnull=False)
    if village is not None:
        found = found.filter(village=village)
    if clean(words):
        found = found.filter(_holding(unit, clean(words), state))
    return found.order_by("village__position", "village__sort_key", "code", "pk")


def _holding(unit: Area, words: str, state: str) -> Q:
    number = citizen_number(words)
    members = Member.objects.filter(unit=unit)
    if state == State.FOLLOWED:
        members = members.present()
    if number:
        return Q(pk__in=members.filter(citizen_id=number).values("household"))
    if any(char.isdigit() for char in words):
        return Q(code__icontains=words)
    # A union of keys, not an OR of conditions: then only the households found are read.
    coded = Household.objects.of_unit(unit).filter(code__in={words, words.upper(), words.lower()}).values("pk")
    return Q(pk__in=members.named(words).values("household").union(coded))


def lines(households: Sequence[Household], *, words: str = "") -> list[HouseholdLine]:
    """What a list shows of these households; two queries."""
    ids = [household.pk for household in households]
    marks, heads, counts, matched = latest_marks(ids), {}, dict.fromkeys(ids, 0), _Matches(words)
    closed = {household.pk: household.closed_on for household in households}
    rows = Member.objects.filter(household__in=ids).order_by("position", "pk")
    for pk, name, key, relation, left_on in rows.values_list("household", "name", "search_key", "relation", "left_on"):
        if left_on != closed[pk]:
            continue
        counts[pk] += 1
        if relation == Relation.HEAD:
            heads[pk] = name
        else:
            matched.see(pk, name, key)
    return [
        HouseholdLine(
            pk=household.pk,
            code=household.code,
            village=household.village,
            address=household.address,
            head=heads.get(household.pk, ""),
            persons=counts[household.pk],
            closed_on=household.closed_on,
            mark=marks.get(household.pk),
            matched=matched.of(household.pk),
        )
        for household in households
    ]


class _Matches:
    """Members whom the words of a search found."""

    def __init__(self, words: str) -> None:
        self.words = plain(words).split() if not citizen_number(words) else []
        self.found: dict[int, list[str]] = {}

    def see(self, household: int, name: str, key: str) -> None:
        if self.words and all(word in key for word in self.words):
            self.found.setdefault(household, []).append(name)

    def of(self, household: int) -> tuple[str, ...]:
        return tuple(self.found.get(household, ()))


def latest_marks(household_ids: Iterable[int]) -> dict[int, Mark]:
    """The latest current recognised category by household; none for one that was gone at its last round."""
    latest = (
        Recognised.objects.filter(household__in=list(household_ids), is_current=True)
        .order_by("household", "-year", "-recognition__on", "-pk")
        .distinct("household")
        .values_list("household", "category", "year")
    )
    return {pk: Mark(category=Category(category), year=year) for pk, category, year in latest if category}


def households_named(*, user: User, unit: Area, words: str) -> list[HouseholdLine]:
    """For the search of the whole unit: the first households found; three queries."""
    found = households_found(unit=unit, words=words, state=State.FOLLOWED).visible_to(user)
    return lines(list(found[:FOUND_AT_ONCE]), words=words)


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


def villages_of_list(*, unit: Area, year: int) -> list[Area]:
    """Villages for a filter: of the year, and those that stand today."""
    today = timezone.localdate()
    villages = Area.objects.villages_of(unit)
    return list(villages.filter(pk__in=villages.valid_in_year(year).union(villages.valid_on(today)).values("pk")))


def has_predecessors(unit: Area) -> bool:
    return Succession.objects.filter(successor=unit).exists()


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An old village whose households have not followed to the new unit yet."""

    village: Area
    households: int
    successor_id: int | None


def waiting_villages(*, unit: Area) -> list[Waiting]:
    """Villages of the units that ``unit`` took over, with followed households; three queries."""
    rows = (
        Area.objects.filter(reached_from__area=unit, level="village")
        .exclude(parent=unit)
        .filter(Exists(Household.objects.followed().filter(village=OuterRef("pk"))))
        .select_related("parent")
        .order_by("parent__sort_key", "parent__valid_from", "position", "sort_key")
        .distinct()
    )
    villages = list(rows.prefetch_related("successions"))
    followed = Household.objects.followed().filter(village__in=villages).order_by()
    counts = dict(followed.values("village").annotate(households=Count("pk")).values_list("village", "households"))
    return [
        Waiting(village=village, households=counts[village.pk], successor_id=_only_heir(village))
        for village in villages
    ]


def _only_heir(village: Area) -> int | None:
    heirs = [row.successor_id for row in village.successions.all()]
    return heirs[0] if len(heirs) == 1 else None
