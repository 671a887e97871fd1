"""Persons who may be written twice: one name, one year of birth, one village.

Two who both have a citizen number are two persons, for no number is given twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from households.choices import Relation
from households.models import Household, Member
from povertyplan.areas.models import Area
from povertyplan.core.text import plain

Key = tuple[str, int, int]
REMEDY = (
    "Nếu là một người: ghi người này ra khỏi một hộ với lý do «ghi nhầm», hoặc nhập hai hộ làm một. "
    "Nếu là hai người: ghi số định danh của cả hai, dòng này sẽ hết."
)


@dataclass(frozen=True, kw_only=True)
class Twin:
    """One of those who look alike."""

    member_id: int
    name: str
    has_number: bool
    household_id: int
    household_code: str
    head: str


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Persons of one village who may be one; ``name`` as the first of them is written."""

    name: str
    birth_year: int
    village: Area
    twins: tuple[Twin, ...]
    remedy: str = REMEDY


def _candidates(unit: Area) -> QuerySet[Member]:
    """Present members of followed households whose year of birth is known."""
    return Member.objects.present().filter(unit=unit, household__closed_on__isnull=True, birth_year__isnull=False)


def suspicious_groups(*, unit: Area) -> QuerySet[Any, Any]:
    """Names, years and villages that several persons share, for a page of a list."""
    return (
        _candidates(unit)
        .values("search_key", "birth_year", village=F("household__village"))
        .annotate(persons=Count("pk"), numbers=Count("citizen_id", distinct=True, filter=~Q(citizen_id="")))
        .filter(persons__gt=1, numbers__lt=F("persons"))
        .order_by("household__village__position", "household__village__sort_key", "search_key", "birth_year")
    )


def suspicions(*, unit: Area, groups: Sequence[Mapping[str, Any]]) -> list[Suspicion]:
    """The groups of a page with their persons; one query."""
    keys = [(group["search_key"], group["birth_year"], group["village"]) for group in groups]
    found = _twins_by_key(unit, keys)
    return [_suspicion(found[key]) for key in keys if len(found.get(key, ())) > 1]


def suspicions_of(household: Household, members: Iterable[Member]) -> list[Suspicion]:
    """Who of these present members of the household may be written elsewhere in the village, or here twice."""
    keys = {key for member in members if (key := _key(member.search_key, member.birth_year, household.village_id))}
    if household.closed_on is not None:
        return []
    found = _twins_by_key(household.unit, keys)
    return [_suspicion(rows) for key in sorted(found) if len(rows := _doubtful(found[key])) > 1]


def suspicions_for(
    *, unit: Area, village: Area, persons: Iterable[Mapping[str, Any]], besides: int | None = None
) -> list[Suspicion]:
    """Who in the village looks like somebody about to be added; each suspicion names those who are there already.

    ``persons`` as the services take them; ``besides`` is the key of the person who is being corrected.
    """
    typed: dict[Key, str] = {}
    for person in persons:
        birth = person.get("birth_date")
        key = _key(plain(person.get("name") or ""), birth.year if birth else person.get("birth_year"), village.pk)
        if key:
            typed[key] = person.get("citizen_id") or ""
    found = _twins_by_key(unit, typed)
    alike = []
    for key, number in typed.items():
        rows = [row for row in found.get(key, ()) if row.pk != besides and not (number and row.citizen_id)]
        if rows:
            alike.append(_suspicion(rows))
    return alike


def _key(name: str, birth_year: int | None, village_id: int) -> Key | None:
    return (name, birth_year, village_id) if name and birth_year is not None else None


def _twins_by_key(unit: Area, keys: Iterable[Key]) -> dict[Key, list[Any]]:
    wanted = set(keys)
    if not wanted:
        return {}
    heads = Member.objects.present().filter(household=OuterRef("household"), relation=Relation.HEAD)
    rows = (
        _candidates(unit)
        .filter(
            search_key__in={name for name, _, _ in wanted},
            birth_year__in={year for _, year, _ in wanted},
            household__village__in={village for _, _, village in wanted},
        )
        .select_related("household__village")
        .annotate(head_name=Subquery(heads.values("name")[:1]))
        .order_by("household__code", "position", "pk")
    )
    found: dict[Key, list[Any]] = {}
    for row in rows:
        key = (row.search_key, row.birth_year or 0, row.household.village_id)
        if key in wanted:
            found.setdefault(key, []).append(row)
    return found


def _doubtful(rows: list[Any]) -> list[Any]:
    """Nothing where every one has a number of their own."""
    return [] if all(row.citizen_id for row in rows) else rows


def _suspicion(rows: Sequence[Any]) -> Suspicion:
    return Suspicion(
        name=rows[0].name,
        birth_year=rows[0].birth_year,
        village=rows[0].household.village,
        twins=tuple(
            Twin(
                member_id=row.pk,
                name=row.name,
                has_number=bool(row.citizen_id),
                household_id=row.household_id,
                household_code=row.household.code,
                head=row.head_name or "",
            )
            for row in rows
        ),
    )
