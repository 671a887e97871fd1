import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.services import reach_rebuild
from povertyplan.offices.models import Officer
from povertyplan.web import units
from targets.models import TargetPlan
from tests.web.conftest import LONG_AGO, Place, area

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HOME = "/u/22492/2024/"


def labels(client: Client) -> list[str]:
    return [item.label for item in client.get(HOME).context["nav"]]


def test_navigation_shows_administration_to_administrators_only(
    place: Place, officer: User, person: Callable[..., User], signed_in: SignIn
) -> None:
    assert "Quản trị" not in labels(signed_in(officer))
    administrator = person("administrator", (Role.ADMINISTRATOR, place.commune))
    assert "Quản trị" in labels(signed_in(administrator))


def test_navigation_marks_the_current_section(officer: User, signed_in: SignIn) -> None:
    nav = signed_in(officer).get(HOME).context["nav"]
    assert [item.label for item in nav if item.is_current] == ["Trang chủ"]


def test_frame_says_who_where_and_that_it_is_a_sample(officer: User, signed_in: SignIn) -> None:
    page = signed_in(officer).get(HOME).content.decode()
    assert "Nguyễn Thị Lan" in page
    assert "Cán bộ nhập liệu" in page
    assert "BẢN MẪU" in page


def test_frame_asks_two_queries_beyond_grants_and_roles(
    place: Place, officer: User, django_assert_num_queries: Callable
) -> None:
    officer.roles_on(place.commune)
    with django_assert_num_queries(2):
        units.switcher(officer, place.commune)
        units.years_of(officer, place.commune, year=2024, today=LONG_AGO.replace(year=2026))


def test_years_beside_the_last_plan_stay_open_after_the_end_of_a_unit(
    place: Place, person: Callable[..., User]
) -> None:
    gone = area(Level.COMMUNE, "21295", "Sơn Thành", "xã", place.province, valid_to=datetime.date(2025, 6, 30))
    reach_rebuild()
    user, today = person("gone", (Role.OFFICER, gone)), datetime.date(2026, 11, 22)
    TargetPlan.objects.create(unit=gone, year=2024)
    assert units.years_of(user, gone, year=2024, today=today) == [2025, 2024, 2023]
    TargetPlan.objects.create(unit=gone, year=2025)
    assert units.years_of(user, gone, year=2024, today=today) == [2025, 2024]


def test_years_of_a_unit_that_goes_on_are_plans_this_year_and_the_next(place: Place, officer: User) -> None:
    TargetPlan.objects.create(unit=place.commune, year=2024)
    offered = units.years_of(officer, place.commune, year=2024, today=datetime.date(2026, 11, 22))
    assert offered == [2027, 2026, 2024]


def test_a_district_reaches_every_year_in_which_a_commune_of_it_has_a_plan(
    place: Place, person: Callable[..., User], django_assert_num_queries: Callable
) -> None:
    """A plan for a year after its end is not the district's."""
    end, today = datetime.date(2025, 6, 30), datetime.date(2026, 11, 22)
    gone = area(Level.DISTRICT, "571", "Vạn Ninh", "huyện", place.province, valid_to=end)
    for number, year in ((1, 2022), (2, 2024), (3, 2026)):
        commune = area(Level.COMMUNE, f"2250{number}", f"Vạn {number}", "xã", gone, valid_to=end)
        TargetPlan.objects.create(unit=commune, year=year)
    reach_rebuild()
    user = person("reviewer", (Role.REVIEWER, gone))
    assert user.grants_today
    with django_assert_num_queries(1):
        assert units.years_of(user, gone, year=2025, today=today) == [2025, 2024, 2023, 2022]


def test_switcher_offers_only_units_within_the_grants(place: Place, officer: User) -> None:
    assert [choice.code for choice in units.switcher(officer, place.commune).units] == ["22492"]


def test_switcher_of_many_units_offers_the_granted_ones_and_a_search(place: Place, person: Callable[..., User]) -> None:
    for number in range(units.MOST_IN_SWITCHER):
        area(Level.COMMUNE, f"3{number:04d}", f"Xã số {number}", "xã", place.province)
    reach_rebuild()
    choices = units.switcher(person("reviewer", (Role.REVIEWER, place.province)), place.commune)
    assert not choices.is_all
    assert [choice.code for choice in choices.units] == ["56", "22492"]


def test_switch_keeps_the_section(place: Place, person: Callable[..., User], signed_in: SignIn) -> None:
    client = signed_in(person("reviewer", (Role.REVIEWER, place.province)))
    wanted = {"unit": "22495", "year": "2025", "section": "targets:table"}
    assert client.get("/switch/", wanted).url == "/u/22495/2025/targets/"


def test_switch_refuses_a_unit_outside_the_grants(officer: User, signed_in: SignIn) -> None:
    assert signed_in(officer).get("/switch/", {"unit": "22495", "year": "2025"}).status_code == 404


@pytest.mark.parametrize("year", ["", "20x5", "99999", "٢٠٢٥"])
def test_switch_refuses_a_wrong_year(officer: User, signed_in: SignIn, year: str) -> None:
    assert signed_in(officer).get("/switch/", {"unit": "22492", "year": year}).status_code == 404


def test_switch_to_a_year_before_the_unit_gives_its_first(officer: User, signed_in: SignIn) -> None:
    assert signed_in(officer).get("/switch/", {"unit": "22492", "year": "1995"}).url == "/u/22492/2000/"


def test_switch_to_an_unknown_section_gives_the_home_page(officer: User, signed_in: SignIn) -> None:
    wanted = {"unit": "22492", "year": "2024", "section": "accounts:login"}
    assert signed_in(officer).get("/switch/", wanted).url == HOME


def test_search_finds_villages_and_officers_without_accents(place: Place, officer: User, signed_in: SignIn) -> None:
    Officer.objects.create(unit=place.commune, full_name="Đặng Tây", title="Phó Chủ tịch", valid_from=LONG_AGO)
    Officer.objects.create(unit=place.other, full_name="Lê Tây", title="Phó Chủ tịch", valid_from=LONG_AGO)
    found = signed_in(officer).get(f"{HOME}search/", {"q": "tay"}).context["found"]
    assert [village.name for village in found.villages] == ["Tây Bắc 1"]
    assert [person.full_name for person in found.officers] == ["Đặng Tây"]


def test_search_wants_every_word(officer: User, signed_in: SignIn) -> None:
    found = signed_in(officer).get(f"{HOME}search/", {"q": "tây nam"}).context["found"]
    assert not found.villages


def test_density_is_remembered(officer: User, signed_in: SignIn) -> None:
    client = signed_in(officer)
    response = client.post("/density/", {"mode": "dense", "next": HOME})
    assert response.url == HOME
    assert 'data-density="dense"' in client.get(HOME).content.decode()


def test_density_never_leads_to_another_site(officer: User, signed_in: SignIn) -> None:
    assert signed_in(officer).post("/density/", {"mode": "dense", "next": "https://example.org/"}).url == "/"
