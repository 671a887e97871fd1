"""A commune with a plan, and people of several roles around it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.test import Client

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from povertyplan.core.text import sort_key

LONG_AGO = datetime.date(2000, 1, 1)


def area(level: Level, code: str, name: str, kind: str, parent: Area | None = None, **more: object) -> Area:
    given = {"valid_from": LONG_AGO, "sort_key": sort_key(name)} | more
    return Area.objects.create(level=level, code=code, name=name, kind=kind, parent=parent, **given)


@dataclass(frozen=True)
class Place:
    province: Area
    commune: Area
    other: Area
    villages: tuple[Area, ...]


@pytest.fixture
def place(db: None) -> Place:
    province = area(Level.PROVINCE, "56", "Khánh Hòa", "tỉnh")
    commune = area(Level.COMMUNE, "22492", "Đại Lãnh", "xã", province, is_sample=True)
    other = area(Level.COMMUNE, "22495", "Vạn Phước", "xã", province)
    names = ("Đông Nam", "Tây Bắc 1")
    villages = tuple(area(Level.VILLAGE, "", name, "thôn", commune, position=at) for at, name in enumerate(names))
    reach_rebuild()
    return Place(province, commune, other, villages)


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """A user with one grant per (role, area)."""

    def make(username: str, *grants: tuple[Role, Area], **more: object) -> User:
        user = User.objects.create(
            username=username, full_name="Nguyễn Thị Lan", sort_key="", must_change_password=False, **more
        )
        for role, where in grants:
            Grant.objects.create(user=user, role=role, area=where, valid_from=LONG_AGO)
        return user

    return make


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def officer(place: Place, person: Callable[..., User]) -> User:
    return person("officer", (Role.OFFICER, place.commune))


@pytest.fixture
def figures() -> SimpleNamespace:
    return SimpleNamespace(households=360, population=1433, poor_households=2, near_poor_households=6)
