import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Succession
from povertyplan.areas.services import reach_rebuild
from povertyplan.web import units, views
from targets.models import TargetPlan
from tests.factories import CommuneFactory
from tests.households.round_steps import asked
from tests.web.conftest import LONG_AGO, Place, area

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_home_opens_the_year_of_the_latest_plan(place: Place, officer: User, signed_in: SignIn) -> None:
    TargetPlan.objects.create(unit=place.commune, year=2023)
    TargetPlan.objects.create(unit=place.commune, year=2024)
    assert signed_in(officer).get("/").url == "/u/22492/2024/"


def test_home_opens_this_year_without_a_plan(officer: User, signed_in: SignIn) -> None:
    assert signed_in(officer).get("/").url == f"/u/22492/{timezone.localdate().year}/"


def test_home_opens_the_last_year_of_a_unit_that_ended(
    place: Place, person: Callable[..., User], signed_in: SignIn
) -> None:
    gone = area(Level.COMMUNE, "21295", "Sơn Thành", "xã", place.province, valid_to=datetime.date(2025, 6, 30))
    reach_rebuild()
    assert signed_in(person("gone", (Role.OFFICER, gone))).get("/").url == "/u/21295/2025/"


def test_home_lists_units_of_a_reviewer(place: Place, person: Callable[..., User], signed_in: SignIn) -> None:
    response = signed_in(person("reviewer", (Role.REVIEWER, place.province))).get("/")
    assert response.status_code == 200
    assert {"Xã Đại Lãnh", "Xã Vạn Phước"} <= {unit.title for unit, _ in response.context["rows"]}


def test_home_lists_only_units_within_the_grants(place: Place, person: Callable[..., User], signed_in: SignIn) -> None:
    elsewhere = area(Level.COMMUNE, "23818", "Kon Chiêng", "xã", None)
    reach_rebuild()
    user = person("two", (Role.OFFICER, place.commune), (Role.LEADER, place.other))
    listed = [unit for unit, _ in signed_in(user).get("/").context["rows"]]
    assert place.commune in listed
    assert elsewhere not in listed
    assert place.province not in listed


def test_home_of_the_level_above_shows_the_opinions_that_it_owes(
    commune: Area, person: Callable[..., User], signed_in: SignIn, django_assert_num_queries: Callable
) -> None:
    opinion = asked(commune)
    reach_rebuild()
    reviewer = signed_in(person("reviewer", (Role.REVIEWER, commune.parent)))
    reviewer.get("/")
    with django_assert_num_queries(8):  # session, user, grants, count, units, own areas, opinions, tables
        page = reviewer.get("/")
    reply = reverse("rounds:opinion-reply", args=[commune.parent.code, opinion.round.year, opinion.pk])
    assert [task.url for task in page.context["tasks"]] == [reply]
    assert f'href="{reply}"' in page.content.decode()
    assert not reviewer.get("/units/", {"q": "x"}).context["tasks"]


def test_home_of_the_level_above_begins_with_its_own_areas_and_their_consolidated_table(
    person: Callable[..., User], signed_in: SignIn
) -> None:
    """The province of today before the one it followed; each opens where a unit below has a plan."""
    end = datetime.date(2025, 6, 30)
    gone = area(Level.PROVINCE, "64", "Gia Lai", "tỉnh", valid_to=end)
    now = area(Level.PROVINCE, "52", "Gia Lai", "tỉnh", valid_from=end + datetime.timedelta(1))
    old = area(Level.COMMUNE, "23668", "Tơ Tung", "xã", gone, valid_to=end)
    TargetPlan.objects.create(unit=old, year=2023)
    Succession.objects.create(predecessor=gone, successor=now, on=now.valid_from)
    live = area(Level.COMMUNE, "23818", "Kon Chiêng", "xã", now, valid_from=now.valid_from)
    TargetPlan.objects.create(unit=live, year=2026)
    reach_rebuild()

    page = signed_in(person("reviewer", (Role.REVIEWER, gone), (Role.REVIEWER, now))).get("/")

    assert [(row.unit.code, row.year) for row in page.context["above"]] == [("52", 2026), ("64", 2023)]
    html = page.content.decode()
    for address in ("/u/52/2026/targets/units/", "/u/64/2023/targets/units/"):
        assert f'href="{address}"' in html
    assert "đến hết ngày 30/06/2025" in html
    assert [unit.code for unit, _ in page.context["rows"]] == ["23818", "23668", "52", "64"]


def test_who_is_of_a_commune_has_no_areas_above(place: Place, person: Callable[..., User], signed_in: SignIn) -> None:
    user = person("two", (Role.OFFICER, place.commune), (Role.LEADER, place.other))
    assert signed_in(user).get("/").context["above"] == []


def test_home_shows_as_many_opinions_as_leave_room_for_the_units(
    commune: Area, person: Callable[..., User], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(commune)
    reach_rebuild()
    monkeypatch.setattr(views, "TASKS_ABOVE_UNITS", 0)
    page = signed_in(person("reviewer", (Role.REVIEWER, commune.parent))).get("/")
    assert (page.context["tasks"], page.context["more"]) == ([], 1)
    assert "Còn 1 việc nữa" in page.content.decode()


def test_who_is_not_the_level_above_is_shown_no_opinions(
    commune: Area, person: Callable[..., User], signed_in: SignIn
) -> None:
    asked(commune)
    other = CommuneFactory(parent=commune.parent)
    reach_rebuild()
    page = signed_in(person("two", (Role.OFFICER, commune), (Role.LEADER, other))).get("/")
    assert page.context["tasks"] == []


def test_home_leads_the_administrator_of_the_installation_to_the_law(
    place: Place, person: Callable[..., User], signed_in: SignIn
) -> None:
    client = signed_in(person("root", is_superuser=True))
    page = client.get("/")
    unit, year = page.context["rows"][0]
    for view in ("law:index", "papers:list"):
        link = reverse(view, args=[unit.code, year])
        assert f'href="{link}"' in page.content.decode()
        assert client.get(link).status_code == 200
    assert "/law/" not in signed_in(person("reviewer", (Role.REVIEWER, place.province))).get("/").content.decode()


def test_home_without_a_grant_says_what_to_do(place: Place, person: Callable[..., User], signed_in: SignIn) -> None:
    assert "chưa được phân quyền" in signed_in(person("new")).get("/").content.decode()


def test_home_asks_strangers_to_log_in(client: Client, db: None) -> None:
    assert client.get("/").url.startswith("/accounts/login/")


def test_units_are_found_without_accents(place: Place, person: Callable[..., User], signed_in: SignIn) -> None:
    response = signed_in(person("reviewer", (Role.REVIEWER, place.province))).get("/units/", {"q": "dai lanh"})
    assert [unit.name for unit, _ in response.context["rows"]] == ["Đại Lãnh"]


@pytest.mark.parametrize(
    ("valid_to", "last_plan", "expected"),
    [
        (None, 2024, 2024),
        (None, None, 2026),
        (datetime.date(2025, 6, 30), None, 2025),
        (datetime.date(2027, 1, 1), None, 2026),
    ],
)
def test_home_year(valid_to: datetime.date | None, last_plan: int | None, expected: int) -> None:
    unit = Area(valid_from=LONG_AGO, valid_to=valid_to)
    assert units.home_year(unit, last_plan=last_plan, today=datetime.date(2026, 11, 22)) == expected
