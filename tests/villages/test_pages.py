"""The pages of villages: who sees them, who changes them, what they say."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.villages import services

YEAR = 2024
POSTED = ("villages:add", "villages:edit", "villages:end", "villages:move")


def address(name: str, unit: Area, village: Area | None = None) -> str:
    return reverse(name, args=[unit.code, YEAR, *([village.pk] if village else [])])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def village(commune: Area) -> Area:
    return services.village_add(by=None, unit=commune, name="Một")


@pytest.mark.parametrize("name", POSTED)
def test_an_officer_may_change_and_a_leader_may_not(name: str, leader: User, commune: Area, village: Area) -> None:
    url = address(name, commune, None if name == "villages:add" else village)

    assert logged_in(leader).post(url).status_code == 403


@pytest.mark.parametrize("name", ["villages:list", *POSTED])
def test_another_commune_is_not_found(name: str, stranger: User, commune: Area, village: Area) -> None:
    url = address(name, commune, None if name in {"villages:list", "villages:add"} else village)
    client = logged_in(stranger)

    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize("name", ["villages:edit", "villages:end", "villages:move"])
def test_a_village_of_another_commune_is_not_found(
    name: str, officer_client: Client, commune: Area, stranger: User
) -> None:
    foreign = services.village_add(by=None, unit=stranger.grants.get().area, name="Khác")

    assert officer_client.post(address(name, commune, foreign)).status_code == 404


def test_a_leader_reads_the_list_without_actions(leader: User, commune: Area, village: Area) -> None:
    page = logged_in(leader).get(address("villages:list", commune))

    assert page.context["villages"] == [village]
    assert "Thôi dùng" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_three(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    villages = services.villages_add(by=None, unit=commune, names=["Một", "Hai", "Ba"][:count], kind="thôn")

    with django_assert_num_queries(7):  # session, user, grants, unit, villages, and two of the frame
        page = officer_client.get(address("villages:list", commune))

    assert page.context["villages"] == villages


def test_many_villages_are_added_in_the_order_of_their_lines(officer_client: Client, commune: Area) -> None:
    typed = {"kind": "ấp", "names": " Một \r\n\r\nHai\r\nBa", "valid_from": "01/01/2020"}

    answer = officer_client.post(address("villages:add", commune), typed)

    assert answer.status_code == 302
    assert list(Area.objects.villages_of(commune).values_list("name", "kind")) == [
        ("Một", "ấp"),
        ("Hai", "ấp"),
        ("Ba", "ấp"),
    ]


def test_a_known_name_is_refused_and_nothing_typed_is_lost(
    officer_client: Client, commune: Area, village: Area
) -> None:
    typed = {"kind": "thôn", "names": "Hai\nMột", "valid_from": "01/01/2020"}

    answer = officer_client.post(address("villages:add", commune), typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors["names"] == ["Một: Đơn vị đã có thôn tên này."]
    assert "Hai" in answer.content.decode()
    assert list(Area.objects.villages_of(commune)) == [village]


def test_one_name_on_two_lines_is_refused(officer_client: Client, commune: Area) -> None:
    typed = {"kind": "thôn", "names": "Hai\nMột\nHai", "valid_from": "01/01/2020"}

    answer = officer_client.post(address("villages:add", commune), typed)

    assert answer.context["form"].errors["names"] == ["Tên ghi hai lần: Hai."]


def test_a_rename_on_an_old_version_shows_both_names(officer_client: Client, commune: Area, village: Area) -> None:
    services.village_update(by=None, village=village, version=village.version, name="Một A")
    typed = {
        "kind": "thôn",
        "name": "Một B",
        "setting": "rural",
        "valid_from": "01/01/2020",
        "version": village.version,
    }

    answer = officer_client.post(address("villages:edit", commune, village), typed)

    assert answer.status_code == 409
    assert "Một A" in answer.content.decode()
    assert "Một B" in answer.content.decode()
    village.refresh_from_db()
    assert village.name == "Một A"


def test_a_rename_is_saved(officer_client: Client, commune: Area, village: Area) -> None:
    typed = {
        "kind": "làng",
        "name": "Làng Một",
        "setting": "rural",
        "valid_from": "01/01/2020",
        "version": village.version,
    }

    assert officer_client.post(address("villages:edit", commune, village), typed).status_code == 302

    village.refresh_from_db()
    assert (village.name, village.kind) == ("Làng Một", "làng")


def test_ending_says_what_happens_and_then_does_it(officer_client: Client, commune: Area, village: Area) -> None:
    url = address("villages:end", commune, village)

    assert "Số liệu đã nhập của những năm trước giữ nguyên" in officer_client.get(url).content.decode()
    officer_client.post(url, {"version": village.version, "last_day": "31/12/2023"})

    assert officer_client.get(address("villages:list", commune)).context["villages"] == []
    assert list(Area.objects.villages_of(commune).valid_in_year(2023)) == [village]


def test_a_village_moves_up(officer_client: Client, commune: Area) -> None:
    first, second = services.villages_add(by=None, unit=commune, names=["Một", "Hai"], kind="thôn")

    answer = officer_client.post(address("villages:move", commune, second), {"to": "up"})

    assert answer.url.endswith(f"#village-{second.pk}")
    assert list(Area.objects.villages_of(commune)) == [second, first]


def test_a_district_is_told_where_villages_are(officer_client: Client, commune: Area) -> None:
    Area.objects.filter(pk=commune.pk).update(level="district", code="123")

    page = officer_client.get(reverse("villages:list", args=["123", YEAR])).content.decode()

    assert "Cấp này không có danh sách thôn" in page
    assert "Thêm thôn" not in page


def test_a_unit_without_villages_is_told_what_to_do(officer_client: Client, commune: Area) -> None:
    assert "chưa có thôn nào" in officer_client.get(address("villages:list", commune)).content.decode()
