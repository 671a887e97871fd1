"""The summary tables on screen: as on paper, every figure opens its households, at a constant cost."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from households.models import ReviewRound
from povertyplan.areas.models import Area
from tests.households.test_summaries_selectors import TABLES, fill_round
from tests.households.years import past, periodic, recognise

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return fill_round(commune)


def address(round: ReviewRound, page: str, **more: object) -> str:
    return reverse(f"summaries:{page}", kwargs={"code": round.unit.code, "year": round.year, "pk": round.pk} | more)


def test_the_index_offers_eleven_tables_and_the_documents(round: ReviewRound, officer_client: Client) -> None:
    page = officer_client.get(address(round, "index")).content.decode()
    assert len(re.findall(r"<strong>Biểu \d+</strong>", page)) == 11
    assert "Chính thức: sau khi công nhận" in page
    assert "Tải Excel" in page


@pytest.mark.parametrize("number", TABLES)
def test_every_figure_of_every_table_leads_to_its_list(round: ReviewRound, officer_client: Client, number: int) -> None:
    page = officer_client.get(address(round, "table", number=number)).content.decode()
    links = re.findall(r'<a data-panel href="([^"]+)">([\d.]+)</a>', page)
    assert links
    for link, figure in links[:: max(1, len(links) // 6)]:
        cell = officer_client.get(link.replace("&amp;", "&"))
        assert cell.status_code == 200
        assert f"{figure} " in cell.content.decode()


def test_column_numbers_and_divisions_as_on_paper(round: ReviewRound, officer_client: Client) -> None:
    page = officer_client.get(address(round, "table", number=1)).content.decode()
    assert "<td>4=3/1×100</td>" in page
    assert 'title="2 / 100 × 100 = 2,00 %"' in page


def test_the_switch_shows_official_once_recognised(round: ReviewRound, officer_client: Client) -> None:
    recognise(round)
    address_ = address(round, "table", number=1)
    assert "số liệu chính thức" in officer_client.get(address_).content.decode()
    assert "số liệu sơ bộ" in officer_client.get(address_, {"result": "preliminary"}).content.decode()


def test_a_list_opens_beside_the_table_and_alone(round: ReviewRound, officer_client: Client) -> None:
    cell = address(round, "cell", number=2, column=9, layer="persons", village=0)
    alone = officer_client.get(cell).content.decode()
    assert "<html" in alone
    assert "3 hộ, cộng lại 14 khẩu" in alone
    beside = officer_client.get(cell, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in beside


def test_population_says_where_it_comes_from(round: ReviewRound, officer_client: Client) -> None:
    village = Area.objects.villages_of(round.unit)[0]
    page = officer_client.get(address(round, "cell", number=1, column=1, layer="all", village=village.pk))
    assert "100 hộ, 400 khẩu: Công an xã, chốt ngày 30/06/2026" in page.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"number": 13, "column": 1, "layer": "all", "village": 0},
        {"number": 1, "column": 99, "layer": "all", "village": 0},
        {"number": 1, "column": 1, "layer": "none", "village": 0},
        {"number": 1, "column": 1, "layer": "all", "village": 999999},
    ],
)
def test_a_cell_that_is_not_there(round: ReviewRound, officer_client: Client, more: dict[str, object]) -> None:
    assert officer_client.get(address(round, "cell", **more)).status_code == 404


def test_another_units_round_does_not_exist(round: ReviewRound, stranger: object) -> None:
    client = Client()
    client.force_login(stranger)  # type: ignore[arg-type]
    for page, more in (("index", {}), ("table", {"number": 1})):
        assert client.get(address(round, page, **more)).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("number", "queries"), [(1, 12), (2, 14), (5, 12), (9, 11), (12, 14)])
def test_pages_cost_a_constant_number_of_queries(
    commune: Area,
    officer_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    size: int,
    number: int,
    queries: int,
) -> None:
    round = fill_round(commune, size)
    officer_client.get(address(round, "index"))
    with django_assert_num_queries(queries):
        officer_client.get(address(round, "table", number=number))


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("number", "column", "queries"), [(2, 1, 15), (4, 3, 13), (10, 1, 12)])
def test_lists_cost_a_constant_number_of_queries(
    commune: Area,
    officer_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    size: int,
    number: int,
    column: int,
    queries: int,
) -> None:
    round = fill_round(commune, size)
    layer = {2: "households", 4: "all", 10: "listed"}[number]
    with django_assert_num_queries(queries):
        officer_client.get(address(round, "cell", number=number, column=column, layer=layer, village=0))


def test_a_round_without_anything_shows_noughts(commune: Area, officer_client: Client) -> None:
    round = periodic(commune, 2026)
    for number in TABLES:
        assert officer_client.get(address(round, "table", number=number)).status_code == 200
    assert past(commune, 2024).year == 2024
