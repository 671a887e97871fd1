"""Reads of a unit's offices."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from povertyplan.accounts.models import Grant, User
from povertyplan.areas.models import Area
from povertyplan.offices.models import Board, BoardMember, Department, Officer, OutsideBody


@dataclass(frozen=True, kw_only=True)
class Offices:
    """Everything of a unit that held on some day of a year, each list in the unit's order."""

    departments: tuple[Department, ...]
    officers: tuple[Officer, ...]
    boards: tuple[Board, ...]
    bodies: tuple[OutsideBody, ...]


def offices_in_year(unit: Area, year: int) -> Offices:
    members = BoardMember.objects.select_related("officer").order_by("position", "pk")
    return Offices(
        departments=tuple(in_order(Department.objects.filter(unit=unit).valid_in_year(year))),
        officers=tuple(
            in_order(Officer.objects.filter(unit=unit).valid_in_year(year)).select_related("department", "body", "user")
        ),
        boards=tuple(
            in_order(Board.objects.filter(unit=unit).valid_in_year(year))
            .select_related("paper")
            .prefetch_related(Prefetch("members", members))
        ),
        bodies=tuple(in_order(OutsideBody.objects.filter(unit=unit).valid_in_year(year))),
    )


def in_order(rows: QuerySet) -> QuerySet:
    """The order of a unit's lists."""
    return rows.order_by("position", "pk")


def accounts_of(unit: Area, *, or_id: int | None = None) -> QuerySet[User]:
    """Accounts an officer may be tied to: with a role, past or present, in the unit or a village; and ``or_id``.

    Accounts of higher levels reach the unit but do not work there.
    """
    inside = Q(grants__in=Grant.objects.in_unit(unit))
    return User.objects.filter(inside | Q(pk=or_id)).distinct().order_by("sort_key", "pk")
