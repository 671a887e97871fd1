"""The pages of villages: who sees them, who changes them, what they say."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.villages import services
from targets.services import tables as targets

YEAR = 2024
LAST_DAY = datetime.date(2024, 6, 30)
POSTED = ("villages:add", "villages:edit", "villages:end", "villages:move", "villages:remove")


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


@pytest.mark.parametrize("name", ["villages:edit", "villages:end", "villages:move", "villages:remove"])
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
        "name": "Một Mới",
        "setting": "rural",
        "valid_from": "01/01/2020",
        "version": village.version,
    }

    assert officer_client.post(address("villages:edit", commune, village), typed).status_code == 302

    village.refresh_from_db()
    assert (village.name, village.kind) == ("Một Mới", "làng")


def test_ending_says_what_happens_and_then_does_it(officer_client: Client, commune: Area, village: Area) -> None:
    url = address("villages:end", commune, village)

    assert "Số liệu đã nhập của những năm trước giữ nguyên" in officer_client.get(url).content.decode()
    officer_client.post(url, {"version": village.version, "last_day": "31/12/2023"})

    assert officer_client.get(address("villages:list", commune)).context["villages"] == []
    assert list(Area.objects.villages_of(commune).valid_in_year(2023)) == [village]


def test_a_village_moves_up(officer_client: Client, commune: Area) -> None:
    first, second = services.villages_add(by=None, unit=commune, names=["Một", "Hai"], kind="thôn")

    answer = officer_client.post(address("villages:move", commune, second), {"to": "up"})

    assert answer.url.endswith(f"#village-{second.pk}-down")  # on top there is no way up
    assert "Đã chuyển thôn Hai lên trên." in officer_client.get(answer.url).content.decode()
    assert list(Area.objects.villages_of(commune)) == [second, first]


def test_a_district_is_told_where_villages_are(officer_client: Client, commune: Area) -> None:
    Area.objects.filter(pk=commune.pk).update(level="district", code="123")

    page = officer_client.get(reverse("villages:list", args=["123", YEAR])).content.decode()

    assert "Cấp này không có danh sách thôn" in page
    assert "Thêm thôn" not in page


def test_a_unit_without_villages_is_told_what_to_do(officer_client: Client, commune: Area) -> None:
    assert "chưa có thôn nào" in officer_client.get(address("villages:list", commune)).content.decode()


def test_the_focus_stays_on_the_arrow_that_was_used(officer_client: Client, commune: Area) -> None:
    *_, last = services.villages_add(by=None, unit=commune, names=["Một", "Hai", "Ba"], kind="thôn")

    answer = officer_client.post(address("villages:move", commune, last), {"to": "up"})

    assert answer.url.endswith(f"#village-{last.pk}-up")
    assert f'id="village-{last.pk}-up"' in officer_client.get(answer.url).content.decode()


@pytest.mark.parametrize(("kinds", "word"), [(["làng", "làng"], "làng"), (["làng", "thôn"], "thôn")])
def test_the_list_is_called_as_the_unit_calls_its_villages(
    officer_client: Client, commune: Area, kinds: list[str], word: str
) -> None:
    for place, kind in enumerate(kinds):
        services.village_add(by=None, unit=commune, name=f"Số {place}", kind=kind)

    page = officer_client.get(address("villages:list", commune)).content.decode()

    assert f"Danh sách {word} năm {YEAR}" in page
    assert f"2 {word} trong danh sách" in page


def test_a_kind_typed_before_the_name_is_not_said_twice(officer_client: Client, commune: Area) -> None:
    typed = {"kind": "thôn", "names": "Thôn Một\nthôn Hai\nTHÔN Ba\nThôn", "valid_from": "01/01/2020"}

    officer_client.post(address("villages:add", commune), typed)

    assert [str(village) for village in Area.objects.villages_of(commune)] == [
        "thôn Một",
        "thôn Hai",
        "thôn Ba",
        "thôn Thôn",
    ]


def test_one_village_with_and_without_its_kind_is_one_name_twice(officer_client: Client, commune: Area) -> None:
    typed = {"kind": "thôn", "names": "Thôn Một\nMột", "valid_from": "01/01/2020"}

    answer = officer_client.post(address("villages:add", commune), typed)

    assert answer.context["form"].errors["names"] == ["Tên ghi hai lần: Một."]


def test_a_name_may_open_with_another_kind(officer_client: Client, commune: Area) -> None:
    """«thôn Bản Phố» and «thôn Xóm Mới» are real names: only the chosen kind is taken off."""
    typed = {"kind": "thôn", "names": "Bản Phố\nThôn Xóm Mới", "valid_from": "01/01/2020"}
    officer_client.post(address("villages:add", commune), typed)
    assert list(Area.objects.villages_of(commune).values_list("name", flat=True)) == ["Bản Phố", "Xóm Mới"]


def test_a_village_written_by_mistake_is_removed(officer_client: Client, commune: Area, village: Area) -> None:
    url = address("villages:remove", commune, village)

    assert "Xóa thôn Một khỏi danh sách" in officer_client.get(url).content.decode()
    answer = officer_client.post(url, {"version": village.version}, follow=True)

    assert "Đã xóa thôn Một." in answer.content.decode()
    assert not Area.objects.villages_of(commune).exists()


def test_a_village_in_a_target_plan_stays_and_the_page_says_where_it_is_used(
    officer_client: Client, commune: Area, village: Area
) -> None:
    plan = targets.plan_open(by=None, unit=commune, year=YEAR)
    targets.row_set(by=None, plan=plan, place=village, households=10)

    answer = officer_client.post(
        address("villages:remove", commune, village), {"version": village.version}, follow=True
    )

    assert "Chưa xóa được thôn Một: đang dùng ở chỉ tiêu của thôn (thôn Một, năm 2024)." in answer.content.decode()
    assert list(Area.objects.villages_of(commune)) == [village]


def test_a_first_day_after_the_last_is_refused_in_words(officer_client: Client, commune: Area, village: Area) -> None:
    ended = services.village_end(by=None, village=village, version=village.version, last_day=LAST_DAY)
    typed = {
        "kind": "thôn",
        "name": "Một",
        "setting": "rural",
        "valid_from": "01/01/2025",
        "version": ended.version,
    }

    answer = officer_client.post(address("villages:edit", commune, village), typed)

    assert answer.status_code == 422
    assert "Ngày cuối không được trước ngày đầu." in answer.content.decode()


def test_an_empty_form_names_what_is_missing(officer_client: Client, commune: Area) -> None:
    errors = officer_client.post(address("villages:add", commune), {"x": ""}).context["form"].errors

    assert errors == {
        "kind": ["Chưa chọn loại."],
        "names": ["Chưa ghi tên, mỗi dòng một tên."],
        "valid_from": ["Chưa ghi ngày ở ô «Có từ ngày»."],
    }
