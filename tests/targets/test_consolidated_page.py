"""The consolidated table as a page: who gets it, sorting, filters, what it compares, where it leads."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from povertyplan.web.navigation import section_url
from targets.choices import PlanState
from tests.factories import CommuneFactory, ProvinceFactory, user_with
from tests.targets.consolidated_rows import LAST_DAY_OF_DISTRICTS, PLANNED, START, communes, district, planned

YEAR = 2026


@pytest.fixture
def province(db: None) -> Area:
    return ProvinceFactory(name="Gia Thử")


@pytest.fixture
def reviewer(province: Area) -> User:
    return user_with(Role.REVIEWER, province)


@pytest.fixture
def client(reviewer: User) -> Client:
    client = Client()
    client.force_login(reviewer)
    return client


def address(area: Area, year: int = YEAR) -> str:
    return reverse("targets:consolidated", args=[area.code, year])


def page(client: Client, area: Area, query: str = "", year: int = YEAR) -> str:
    reach_rebuild()
    answer = client.get(address(area, year) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def names(html: str) -> list[str]:
    """Units of the table in its order."""
    return re.findall(r'id="unit-\d+">\s*<th scope="row"><a href="[^"]*">Xã ([^<]*)</a>', html)


@pytest.fixture
def three(province: Area) -> dict[str, Area]:
    """One approved, one drawn up, one without a plan; not in the order of their figures."""
    units = {name: CommuneFactory(parent=province, name=name) for name in ("Ân Đức", "Bình An", "Đak Pơ")}
    planned(units["Ân Đức"], YEAR, [PLANNED], state=PlanState.APPROVED, in_force=[PLANNED])
    planned(units["Bình An"], YEAR, [PLANNED | {"poor_households": 30, "poor_reduction": 1}])
    return units


def test_every_unit_stands_in_the_table_and_leads_to_its_own(
    client: Client, province: Area, three: dict[str, Area]
) -> None:
    html = page(client, province)

    assert names(html) == ["Ân Đức", "Bình An", "Đak Pơ"]
    for unit in three.values():
        assert reverse("targets:table", args=[unit.code, YEAR]) in html
    for words in ("Chưa lập", "Đang lập", "Đã duyệt", "2 / 3 đơn vị", "Tổng cộng"):
        assert words in html


def test_the_total_divides_counts_and_never_averages_rates(
    client: Client, province: Area, three: dict[str, Area]
) -> None:
    foot = page(client, province).partition("<tfoot>")[2]

    assert '<td class="number" data-label="Hộ nghèo đầu năm, hộ">50</td>' in foot
    assert 'title="50 / 200">25,00</td>' in foot
    assert 'title="44 / 200">22,00</td>' in foot


def test_the_table_it_leads_to_offers_to_comment_and_to_return(
    client: Client, province: Area, three: dict[str, Area]
) -> None:
    page(client, province)
    unit = three["Ân Đức"]
    html = client.get(reverse("targets:table", args=[unit.code, YEAR])).content.decode()
    head = html.partition("</header>")[2].partition("Tổng số hộ")[0]
    for name, word in (("comments", "Góp ý"), ("versions", "Xem xét, trả lại")):
        assert f'href="{reverse(f"targets:{name}", args=[unit.code, YEAR])}">{word}</a>' in head


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-name", ["Đak Pơ", "Bình An", "Ân Đức"]),
        ("state", ["Đak Pơ", "Bình An", "Ân Đức"]),
        ("poor_households", ["Ân Đức", "Bình An", "Đak Pơ"]),
        ("-poor_rate", ["Bình An", "Ân Đức", "Đak Pơ"]),
        ("nonsense", ["Ân Đức", "Bình An", "Đak Pơ"]),
    ],
)
def test_it_is_sorted_by_any_column_with_the_unknown_last(
    client: Client, province: Area, three: dict[str, Area], sort: str, expected: list[str]
) -> None:
    assert names(page(client, province, f"?sort={sort}")) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=missing", ["Bình An", "Đak Pơ"]),
        ("?state=none", ["Đak Pơ"]),
        ("?state=approved", ["Ân Đức"]),
        ("?q=dak", ["Đak Pơ"]),
        ("?q=binh+an", ["Bình An"]),
        ("?state=unheard-of", ["Ân Đức", "Bình An", "Đak Pơ"]),
    ],
)
def test_it_is_filtered_by_state_and_by_name_without_accents(
    client: Client, province: Area, three: dict[str, Area], query: str, expected: list[str]
) -> None:
    assert names(page(client, province, query)) == expected


def test_plans_below_what_is_asked_are_found(client: Client, province: Area, three: dict[str, Area]) -> None:
    asked = [START | {"poor_reduction": 4}] * 3
    planned(province, YEAR, asked, in_force=asked, places=list(three.values()))

    html = page(client, province, "?show=assigned&short=on")

    assert names(html) == ["Bình An"]
    assert 'is-short" data-label="Giảm hộ nghèo, chênh lệch">−3</td>' in html


def test_the_year_before_stands_beside_with_the_change(client: Client, province: Area, three: dict[str, Area]) -> None:
    planned(three["Ân Đức"], YEAR - 1, [PLANNED | {"poor_households": 25}])

    html = page(client, province, "?show=comparison")

    assert 'data-label="Hộ nghèo đầu năm, tăng, giảm">−5</td>' in html
    assert 'data-label="Tỷ lệ hộ nghèo đầu năm (%), tăng, giảm (điểm)">−5,00</td>' in html
    assert "Cộng 1 / 3 đơn vị có số cả hai năm" in " ".join(html.split())


def test_years_are_drawn_over_the_same_units_only(client: Client, province: Area, three: dict[str, Area]) -> None:
    planned(three["Ân Đức"], YEAR - 1)
    planned(three["Bình An"], YEAR - 2)
    planned(three["Đak Pơ"], YEAR - 2)

    html = page(client, province)
    assert "Qua các năm" in html
    assert "mỗi năm có số của những đơn vị khác nhau" in html
    assert "<svg" not in html.partition("Qua các năm")[2]
    assert ">1 / 3<br>" in html

    planned(three["Bình An"], YEAR - 1)
    drawn = page(client, province).partition("Qua các năm")[2]
    assert "<svg" in drawn
    assert "Chỉ của 2 / 3 đơn vị" in drawn


def test_sums_say_of_which_units_they_are_and_that_some_were_not_submitted(
    client: Client, province: Area, three: dict[str, Area]
) -> None:
    html = " ".join(page(client, province).split())
    said = "2 / 3 đơn vị có đủ số"
    assert f"{said} đầu năm, gồm 1 chưa trình duyệt." in html
    assert f'Tổng cộng <span class="quiet">{said}, gồm 1 chưa trình duyệt' in html.partition("<tfoot>")[2]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_the_same_number_of_times(
    client: Client, province: Area, number: int, django_assert_num_queries
) -> None:
    for unit in communes(province, number):
        planned(unit, YEAR)
        planned(unit, YEAR - 1, in_force=[PLANNED])
    reach_rebuild()
    with django_assert_num_queries(10):
        client.get(address(province))


def test_a_reviewer_of_an_ended_district_still_reads_its_years(province: Area) -> None:
    area = district(province, valid_to=LAST_DAY_OF_DISTRICTS)
    planned(CommuneFactory(parent=area, name="Cũ", valid_to=LAST_DAY_OF_DISTRICTS), 2024)
    reader = Client()
    reader.force_login(user_with(Role.REVIEWER, area))

    assert names(page(reader, area, year=2024)) == ["Cũ"]
    assert "đơn vị hành chính đến ngày 30/06/2025" in page(reader, area, year=2025)


def test_communes_of_districts_are_filtered_by_district(client: Client, province: Area) -> None:
    one, other = district(province, name="Đông"), district(province, name="Tây")
    CommuneFactory(parent=one, name="Xuân")
    CommuneFactory(parent=other, name="Hạ")

    assert names(page(client, province)) == ["Hạ", "Xuân"]
    assert names(page(client, province, "?above=huyện+Đông")) == ["Xuân"]


def test_a_grant_on_the_province_opens_a_district_within_the_bound_of_queries(
    client: Client, province: Area, django_assert_max_num_queries
) -> None:
    area = district(province)
    planned(CommuneFactory(parent=area), YEAR)
    reach_rebuild()
    with django_assert_max_num_queries(12):
        assert client.get(address(area)).status_code == 200


def test_of_135_communes_the_province_sees_every_one(client: Client, province: Area) -> None:
    for unit in communes(province, 135, valid_from=datetime.date(2025, 7, 1)):
        planned(unit, YEAR)
    assert len(names(page(client, province))) == 135


def test_outside_the_area_and_in_a_commune_there_is_no_such_page(province: Area, client: Client) -> None:
    unit = CommuneFactory(parent=province)
    other = ProvinceFactory()
    officer = Client()
    officer.force_login(user_with(Role.OFFICER, unit))

    assert client.get(address(other)).status_code == 404
    assert client.get(address(unit)).status_code == 404
    assert officer.get(address(province)).status_code == 404


def test_the_navigation_has_it_above_communes_only(province: Area, client: Client) -> None:
    unit = CommuneFactory(parent=province)
    client.force_login(user_with(Role.REVIEWER, province))
    at_home = client.get(reverse("unit-home", args=[unit.code, YEAR])).context["nav"]
    above = client.get(address(province)).context["nav"]

    assert "Tổng hợp" not in [item.label for item in at_home]
    assert [item.label for item in above if item.is_current] == ["Tổng hợp"]
    assert section_url("targets:consolidated", code=unit.code, year=YEAR) == reverse(
        "unit-home", args=[unit.code, YEAR]
    )
