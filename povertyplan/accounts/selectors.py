"""Reads of accounts across models."""

import datetime
from dataclasses import dataclass

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Exists, Max, OuterRef, Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.accounts.querysets import GrantQuerySet, UserQuerySet
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.querysets import AreaQuerySet


@dataclass(frozen=True, kw_only=True)
class HeldGrant:
    grant: Grant
    state: str

    @property
    def is_over(self) -> bool:
        return self.state == "over"


@dataclass(frozen=True, kw_only=True)
class Person:
    """An account of a unit with the grants that count there; ``manageable``: the reader may change the account."""

    user: User
    grants: tuple[HeldGrant, ...]
    manageable: bool


def accounts_of(unit: Area, *, reader: User) -> UserQuerySet:
    """Accounts with a grant, past or present, in the unit, as far as the reader sees them."""
    return User.objects.filter(pk__in=grants_of(unit, reader=reader).values("user_id"))


def grants_of(unit: Area, *, reader: User) -> GrantQuerySet:
    return Grant.objects.visible_to(reader).in_unit(unit)


def manageable_by(user: User) -> UserQuerySet:
    """Accounts with a role where ``user`` administers and, unless it has ended, none anywhere else."""
    if user.is_superuser:
        return User.objects.all()
    administered = [grant.area_id for grant in user.grants_today if grant.role == Role.ADMINISTRATOR]
    within = Grant.objects.filter(area__reached_from__area__in=administered).values("pk")
    own = Grant.objects.filter(user=OuterRef("pk"))
    inside = own.filter(pk__in=within)
    outside = own.not_ended(timezone.localdate()).exclude(pk__in=within)
    return User.objects.filter(Exists(inside), ~Exists(outside), is_superuser=False)


def people_of(unit: Area, *, reader: User) -> list[Person]:
    """Open accounts first, then by name; the grants of each, those in force first."""
    today = timezone.localdate()
    grants = Grant.objects.filter(pk__in=grants_of(unit, reader=reader).values("pk")).select_related("area")
    shown = Prefetch("grants", grants.order_by("-valid_from", "pk"), to_attr="shown_grants")
    manageable = Exists(manageable_by(reader).filter(pk=OuterRef("pk")))
    users = accounts_of(unit, reader=reader).annotate(manageable=manageable).prefetch_related(shown)
    return [
        Person(user=user, grants=_in_order(user.shown_grants, today), manageable=user.manageable)
        for user in users.order_by("-is_active", "sort_key", "pk")
    ]


def _in_order(grants: list[Grant], today: datetime.date) -> tuple[HeldGrant, ...]:
    held = [HeldGrant(grant=grant, state=state_of(grant, today)) for grant in grants]
    return tuple(sorted(held, key=lambda item: item.is_over))


def state_of(grant: Grant, today: datetime.date) -> str:
    """``open``, ``coming`` or ``over``."""
    if grant.is_open(today):
        return "open"
    return "coming" if grant.valid_from > today else "over"


def areas_to_grant_on(unit: Area) -> AreaQuerySet:
    """The unit of today that bears the rights of ``unit``, then its villages of today."""
    today = timezone.localdate()
    bearer = unit
    if unit.valid_to and unit.valid_to < today:
        heirs = Area.objects.valid_on(today).filter(reaches__reached=unit, level=unit.level)
        bearer = heirs.order_by("-valid_from", "pk").first() or unit
    villages = Area.objects.valid_on(today).filter(level=Level.VILLAGE, parent=bearer).values("pk")
    return Area.objects.filter(Q(pk=bearer.pk) | Q(pk__in=villages)).order_by("level", "position", "sort_key", "pk")


def locked_until(request: HttpRequest, username: str) -> datetime.datetime:
    """When logging in as ``username`` from this address is possible again."""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=getattr(request, "axes_ip_address", None))
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return last + (get_cool_off(request) or datetime.timedelta())
