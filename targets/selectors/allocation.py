"""What the allocation of a quota starts from, methods side by side, and what a take before replaced."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from households.selectors.exits import registered_counts
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Flag, Level
from povertyplan.areas.models import AreaFlag
from povertyplan.core.numbers import rate
from povertyplan.core.text import first_upper
from targets.choices import Method, QuotaSubject
from targets.models import TargetPlan
from targets.rules.allocation import Allocation, CannotAllocate, Place, Terms, allocate
from targets.rules.figures import Figures
from targets.rules.quotas import Requirement, strictest
from targets.selectors.quotas import quotas_of
from targets.selectors.tables import TargetTable

COMPARED = (Method.EQUAL_END_RATE, Method.PROPORTIONAL, Method.WEIGHTED, Method.REGISTERED)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is allocated: poor or near-poor households, with their fields in a row."""

    subject: QuotaSubject
    listed: str
    reduction: str
    registered: str

    @property
    def word(self) -> str:
        return str(self.subject.label)


KINDS = {
    QuotaSubject.POOR: Kind(
        subject=QuotaSubject.POOR, listed="poor_households", reduction="poor_reduction", registered="poor"
    ),
    QuotaSubject.NEAR_POOR: Kind(
        subject=QuotaSubject.NEAR_POOR,
        listed="near_poor_households",
        reduction="near_poor_reduction",
        registered="near_poor",
    ),
}


def places_for(table: TargetTable, kind: Kind) -> tuple[Place, ...]:
    """The rows of the table as methods see them, by the key of the place.

    Extremely difficult is what was listed so on any day of the plan's year. Registrations are of a commune's villages.
    """
    keys = [row.place_id for row in table.rows]
    first, last = datetime.date(table.year, 1, 1), datetime.date(table.year, 12, 31)
    in_year = Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    flags = AreaFlag.objects.filter(in_year, area__in=keys, flag=Flag.EXTREMELY_DIFFICULT, valid_from__lte=last)
    difficult = set(flags.values_list("area_id", flat=True))
    is_commune = table.unit.level == Level.COMMUNE
    registered = registered_counts(unit=table.unit, year=table.year) if is_commune else {}
    return tuple(
        Place(
            key=row.place_id,
            name=first_upper(f"{row.kind} {row.name}"),
            listed=getattr(row.figures, kind.listed),
            households_end=row.figures.households_end,
            is_extremely_difficult=row.place_id in difficult,
            registered=getattr(registered.get(row.place_id), kind.registered, None),
        )
        for row in table.rows
    )


def stored_reductions(table: TargetTable, kind: Kind) -> dict[int, int | None]:
    """What the table has now, by the key of the place."""
    return {row.place_id: getattr(row.figures, kind.reduction) for row in table.rows}


def asked_for(plan: TargetPlan, figures: Figures, kind: Kind) -> Requirement | None:
    """The strictest of the assigned quotas on this kind; None where none can be computed."""
    return strictest(quotas_of(plan), figures).get(kind.subject)


def usual_number(table: TargetTable, kind: Kind, requirement: Requirement | None) -> int | None:
    """What the quota asks for, but not more than there are; without one what the table has."""
    there: int | None = getattr(table.total, kind.listed)
    if requirement is None or requirement.households is None:
        reduction: int | None = getattr(table.total, kind.reduction)
        return reduction
    return requirement.households if there is None else min(requirement.households, there)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A share with the end rate it leaves and its difference to what the table has."""

    method: Method
    place: Place
    households: int
    sentence: str
    end_rate: Decimal | None
    change: int

    @property
    def fewer(self) -> int:
        return max(-self.change, 0)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One method over all places: what all shares have in common, and between which end rates they lie."""

    method: Method
    allocation: Allocation
    cells: tuple[Cell, ...]
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Line:
    place: Place
    start_rate: Decimal | None
    stored: int | None
    end_rate: Decimal | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Methods side by side; ``refused`` says of the others why they cannot spread this number."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    refused: tuple[tuple[Method, str], ...]


def compared(table: TargetTable, kind: Kind, places: tuple[Place, ...], quota: int, terms: Terms) -> Comparison:
    """The same quota by every computed method. No query."""
    stored, found, refused = stored_reductions(table, kind), [], []
    for method in COMPARED:
        try:
            found.append(allocate(method, quota, places, terms=terms))
        except CannotAllocate as error:
            refused.append((method, str(error)))
    by_place = [cells_of(allocation, stored) for allocation in found]
    return Comparison(
        columns=tuple(_column(one, cells) for one, cells in zip(found, by_place, strict=True)),
        lines=tuple(
            Line(
                place=place,
                start_rate=rate(place.listed, row.figures.households),
                stored=stored[place.key],
                end_rate=_end_rate(place, stored[place.key] or 0),
                cells=tuple(cells[number] for cells in by_place),
            )
            for number, (place, row) in enumerate(zip(places, table.rows, strict=True))
        ),
        refused=tuple(refused),
    )


def cells_of(allocation: Allocation, stored: Mapping[int, int | None]) -> list[Cell]:
    """Each share of the allocation, in its order."""
    return [
        Cell(
            method=allocation.method,
            place=share.place,
            households=share.households,
            sentence=share.sentence,
            end_rate=_end_rate(share.place, share.households),
            change=share.households - (stored[share.place.key] or 0),
        )
        for share in allocation.shares
    ]


def _end_rate(place: Place, reduction: int) -> Decimal | None:
    return None if place.listed is None else rate(place.listed - reduction, place.households_end)


def _column(allocation: Allocation, cells: list[Cell]) -> Column:
    def extreme(pick: Callable[..., Any]) -> Decimal | None:
        return pick((cell.end_rate for cell in cells if cell.end_rate is not None), default=None)

    return Column(
        method=allocation.method,
        allocation=allocation,
        cells=tuple(cells),
        lowest=extreme(min),
        highest=extreme(max),
    )


def action_of(kind: QuotaSubject, method: Method | str) -> str:
    """How the audit names a take: «allocation.poor.equal_end_rate»."""
    return f"allocation.{kind}.{method}"


@dataclass(frozen=True, kw_only=True)
class Take:
    """The last allocation written into the table; ``context`` is that of its events in the audit."""

    at: datetime.datetime
    who: str
    method: Method
    context: Any


def last_take(plan: TargetPlan, kind: Kind) -> Take | None:
    """From the audit; None while none was taken. One query."""
    actions = [action_of(kind.subject, method) for method in Method]
    author = User.objects.filter(pk=Cast(OuterRef("user_id"), BigIntegerField())).values("full_name")
    last = (
        _events(plan)
        .filter(pgh_context__metadata__action__in=actions)
        .annotate(user_id=KeyTextTransform("user", "pgh_context__metadata"))
        .annotate(who=Subquery(author))
        .select_related("pgh_context")
        .order_by("-pgh_id")
        .first()
    )
    if last is None:
        return None
    method = Method(last.pgh_context.metadata["action"].rpartition(".")[2])
    return Take(at=last.pgh_created_at, who=last.who or "", method=method, context=last.pgh_context_id)


def replaced_by(plan: TargetPlan, kind: Kind, take: Take) -> dict[int, int | None]:
    """What the places that the take changed had until then, by the key of the place. Two queries."""
    taken = dict(_events(plan).filter(pgh_context=take.context).values_list("pgh_obj_id", "version"))
    earlier = {row: version - 1 for row, version in taken.items()}
    older = _events(plan).filter(pgh_obj__in=earlier, version__in=set(earlier.values())).order_by("pgh_id")
    return {
        event.place_id: getattr(event, kind.reduction) for event in older if event.version == earlier[event.pgh_obj_id]
    }


def _events(plan: TargetPlan) -> QuerySet[Any]:
    return apps.get_model("targets.TargetRowEvent").objects.filter(pgh_obj__plan=plan)
