"""Who sees which areas, accounts and grants: nothing without a grant in force today."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.accounts.permissions import can_administer, can_enter, can_review
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Succession
from povertyplan.areas.services import reach_rebuild
from tests.factories import AreaFactory, CommuneFactory, UserFactory, VillageFactory, user_with

from .conftest import TODAY

DAY = datetime.timedelta(days=1)
MERGER = datetime.date(2025, 7, 1)


def seen(user: object) -> set[Area]:
    return set(Area.objects.visible_to(user))


def test_nobody_without_a_grant_sees_anything(officer: User, commune: Area) -> None:
    for user in (UserFactory(), AnonymousUser()):
        assert not seen(user)
        assert not Grant.objects.visible_to(user).exists()
    assert not User.objects.visible_to(AnonymousUser()).exists()


def test_a_closed_account_sees_nothing(officer: User) -> None:
    officer.is_active = False
    assert not seen(officer)
    assert not User.objects.visible_to(officer).exists()
    assert not Grant.objects.visible_to(officer).exists()


def test_a_grant_shows_its_area_with_villages_and_no_other(officer: User, stranger: User, commune: Area) -> None:
    village = VillageFactory(parent=commune)
    reach_rebuild()
    assert seen(officer) == {commune, village}
    assert list(User.objects.visible_to(officer)) == [officer]
    assert list(Grant.objects.visible_to(officer)) == list(officer.grants.all())
    assert commune not in seen(stranger)


def test_the_superuser_sees_all_and_enters_nothing(superuser: User, commune: Area, officer: User) -> None:
    assert seen(superuser) == set(Area.objects.all())
    assert can_administer(superuser, commune)
    assert not can_enter(superuser, commune)


def test_a_grant_on_the_successor_reaches_its_predecessors(db: None) -> None:
    before = [CommuneFactory(valid_to=MERGER - DAY), CommuneFactory(valid_to=MERGER - DAY)]
    after = CommuneFactory(valid_from=MERGER)
    for area in before:
        Succession.objects.create(predecessor=area, successor=after, on=MERGER)
    officer = user_with(Role.OFFICER, after)
    of_before = user_with(Role.OFFICER, before[0])
    assert seen(officer) == {*before, after}
    assert can_enter(officer, before[1])
    assert seen(of_before) == {before[0]}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY - DAY, False),
    ],
)
def test_a_grant_counts_from_its_first_day_to_its_last(
    commune: Area, valid_from: datetime.date, valid_to: datetime.date | None, counts: bool
) -> None:
    user = user_with(Role.OFFICER, commune, valid_from=valid_from, valid_to=valid_to)
    assert can_enter(user, commune) is counts
    assert (commune in seen(user)) is counts


@pytest.mark.parametrize(("ended", "reviews"), [(None, True), (MERGER - DAY, False)])
def test_a_reviewer_of_an_ended_district_only_reads(db: None, ended: datetime.date | None, reviews: bool) -> None:
    district = AreaFactory(level=Level.DISTRICT, kind="huyện", code="999", name="Thử", valid_to=ended)
    unit = CommuneFactory(parent=district)
    reviewer = user_with(Role.REVIEWER, district)
    assert unit in seen(reviewer)
    assert can_review(reviewer, unit) is reviews


def test_other_roles_do_not_review(officer: User, commune: Area) -> None:
    assert not can_review(officer, commune)


def test_outside_404_inside_200(officer: User, stranger: User, commune: Area) -> None:
    address = f"/u/{commune.code}/2026/"
    for user, status in ((officer, 200), (stranger, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == status
