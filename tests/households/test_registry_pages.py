"""The pages of the registry: who finds what, what they type, what they are told."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import RecognitionKind, RoundKind, RoundState
from households.models import AccessLog, Household, Recognised, Recognition, ReviewRound
from households.services import members, registry
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households import build

pytestmark = pytest.mark.django_db
YEAR = 2026
DAY = datetime.date(2025, 6, 1)
NUMBER = "064012345612"


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune, name="Đông")


@pytest.fixture
def household(village: Area) -> Household:
    return build.household(village.parent, village)


@pytest.fixture
def leader_client(leader: User) -> Client:
    client = Client()
    client.force_login(leader)
    return client


def address(name: str, unit: Area, *keys: int) -> str:
    return reverse(f"households:{name}", args=[unit.code, YEAR, *keys])


def listed(client: Client, unit: Area, **query: str) -> list[str]:
    """Codes of the households that the list shows, the unit's own prefix left out."""
    page = client.get(address("list", unit), query)
    return [line.code.removeprefix(f"{unit.code}-") for line in page.context["lines"]]


def recognised(household: Household, category: str, year: int = 2024) -> Recognised:
    """A bare recognised row, as a round would leave it."""
    common: dict[str, Any] = {"unit": household.unit}
    round = ReviewRound.objects.create(
        **common,
        year=year,
        kind=RoundKind.PERIODIC,
        standard=build.standard(),
        state=RoundState.RECOGNISED,
        starts_on=datetime.date(year, 9, 1),
        ends_on=datetime.date(year, 12, 14),
        recognised_on=datetime.date(year, 12, 10),
    )
    recognition = Recognition.objects.create(
        **common, round=round, kind=RecognitionKind.PAST, on=datetime.date(year, 12, 10)
    )
    return Recognised.objects.create(
        **common,
        recognition=recognition,
        round=round,
        year=year,
        household=household,
        village=household.village,
        category=category,
        head_name="Nguyễn Văn A",
        persons=4,
    )


# List and search


def test_a_part_of_a_name_without_accents_finds_the_household(officer_client: Client, village: Area) -> None:
    unit = village.parent
    build.household(unit, village, head="Đặng Thị Nguyệt")
    build.household(unit, village, members=[build.person("Lê Văn B", "head"), build.person("Y Blưih Êban", "child")])

    assert listed(officer_client, unit, q="nguyet dang") == ["0001"]
    assert listed(officer_client, unit, q="uye") == ["0001"]
    assert listed(officer_client, unit, q="BLUIH") == ["0002"]
    assert listed(officer_client, unit, q="nguyet le") == []
    page = officer_client.get(address("list", unit), {"q": "bluih"}).content.decode()
    assert "trong hộ có Y Blưih Êban" in page


@pytest.mark.parametrize("typed", [NUMBER, "064 012 345 612", "064.012.345.612"])
def test_a_whole_citizen_number_finds_its_bearer(officer_client: Client, village: Area, typed: str) -> None:
    build.household(village.parent, village)
    build.household(village.parent, village, members=[build.person("Lê B", "head", citizen_id=NUMBER)])
    assert listed(officer_client, village.parent, q=typed) == ["0002"]


def test_a_code_finds_its_household(officer_client: Client, village: Area) -> None:
    for code in ("HN-17", "HN-18", "XYZ"):
        build.household(village.parent, village, code=code)
    assert listed(officer_client, village.parent, q="hn-17") == ["HN-17"]
    assert listed(officer_client, village.parent, q="xyz") == ["XYZ"]


def test_the_list_is_narrowed_by_village_and_by_state(officer_client: Client, village: Area) -> None:
    unit = village.parent
    other = VillageFactory(parent=unit)
    build.household(unit, village)
    build.household(unit, other)
    gone = build.household(unit, other, head="Lê Văn Đi")
    registry.household_close(by=None, household=gone, version=1, on=DAY, because="moved_out")

    assert listed(officer_client, unit) == ["0001", "0002"]
    assert listed(officer_client, unit, village=str(other.pk)) == ["0002"]
    assert listed(officer_client, unit, state="closed", q="di") == ["0003"]
    assert listed(officer_client, unit, state="all", village=str(other.pk)) == ["0002", "0003"]
    assert listed(officer_client, unit, q="van di") == []
    page = officer_client.get(address("list", unit), {"state": "closed"}).content.decode()
    assert "Lê Văn Đi" in page
    assert "thôi theo dõi từ 01/06/2025" in page


def test_who_has_left_no_longer_finds_the_household(officer_client: Client, household: Household) -> None:
    wife = household.members.get(relation="spouse")
    members.member_leave(by=None, member=wife, version=1, on=DAY, because="moved_out")
    assert listed(officer_client, household.unit, q="tran thi vo") == []


def test_the_list_shows_the_latest_category_with_mark_and_word(officer_client: Client, household: Household) -> None:
    recognised(household, "poor", 2023)
    recognised(household, "near_poor", 2024)
    page = officer_client.get(address("list", household.unit)).content.decode()
    assert "hộ cận nghèo 2024" in page
    assert "mark-diamond" in page
    assert "hộ nghèo 2023" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_three(
    officer_client: Client, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        build.household(village.parent, village)
    # six of the frame; villages, predecessors, count, households, their categories, their members
    with django_assert_num_queries(12):
        page = officer_client.get(address("list", village.parent), {"q": "nguyen"})
    assert len(page.context["lines"]) == count


def test_fifty_stand_on_a_page(officer_client: Client, village: Area) -> None:
    rows = [{"village": village, "members": [build.person("Lê B", "head")]} for _ in range(51)]
    registry.households_open(by=None, unit=village.parent, rows=rows)
    assert len(listed(officer_client, village.parent)) == 50
    assert listed(officer_client, village.parent, page="2") == ["0051"]


def test_an_empty_registry_teaches_the_next_step(officer_client: Client, leader_client: Client, commune: Area) -> None:
    assert "Lập từng hộ cùng những người trong hộ" in officer_client.get(address("list", commune)).content.decode()
    assert "chưa lập hộ" in leader_client.get(address("list", commune)).content.decode()
    found = officer_client.get(address("list", commune), {"q": "x"}).content.decode()
    assert "Không tìm thấy hộ nào" in found


def test_a_level_without_a_registry_says_where_it_is(officer_client: Client, commune: Area) -> None:
    Area.objects.filter(pk=commune.pk).update(level="district", code="123")
    page = officer_client.get(reverse("households:list", args=["123", YEAR])).content.decode()
    assert "Cấp này không có sổ hộ" in page


def test_the_search_of_the_unit_finds_households_and_persons(officer_client: Client, household: Household) -> None:
    url = reverse("web:search", args=[household.unit.code, YEAR])
    for words in ("tran thi vo", household.code, "van a"):
        found = officer_client.get(url, {"q": words}).context["found"]
        assert [line.pk for line in found.households] == [household.pk]
    page = officer_client.get(url, {"q": "thi vo"}).content.decode()
    assert "trong hộ có Trần Thị Vợ" in page


# One household


def test_a_household_shows_its_members_history_and_years(leader_client: Client, household: Household) -> None:
    recognised(household, "poor")
    page = leader_client.get(address("detail", household.unit, household.pk)).content.decode()
    for words in ("Hộ Nguyễn Văn A", "Trần Thị Vợ", "Lập hộ", "hộ nghèo 2024", "4 khẩu"):
        assert words in page
    assert "Sửa thông tin hộ" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_household_asks_the_same_questions_for_one_and_three(
    officer_client: Client, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    household = build.household(village.parent, village, persons=count)
    for year in range(2024, 2024 - count, -1):
        recognised(household, "poor", year)
    # six of the frame; household, members, history, years, forms and requests, persons alike
    with django_assert_num_queries(12):
        officer_client.get(address("detail", village.parent, household.pk))


def test_citizen_numbers_are_masked_and_reading_them_in_full_is_logged(
    officer: User, officer_client: Client, leader_client: Client, village: Area
) -> None:
    household = build.household(village.parent, village, members=[build.person("Lê B", "head", citizen_id=NUMBER)])
    url = address("detail", village.parent, household.pk)

    for client, query in ((officer_client, ""), (leader_client, ""), (leader_client, "?numbers=1")):
        page = client.get(url + query).content.decode()
        assert "0640••••••12" in page
        assert NUMBER not in page
    assert not AccessLog.objects.exists()

    assert NUMBER in officer_client.get(f"{url}?numbers=1").content.decode()
    line = AccessLog.objects.get()
    assert (line.user, line.unit, line.what, line.rows) == (officer, village.parent, f"Trang hộ {household.code}", 1)


def test_only_numbers_that_the_page_shows_are_offered_and_logged(officer_client: Client, village: Area) -> None:
    persons = [build.person("Lê B", "head"), build.person("Lê C", citizen_id=NUMBER)]
    household = build.household(village.parent, village, members=persons)
    members.member_leave(by=None, member=household.members.get(name="Lê C"), version=1, on=DAY, because="moved_out")
    page = officer_client.get(address("detail", village.parent, household.pk), {"numbers": "1"}).content.decode()
    assert NUMBER not in page
    assert "Xem đủ số định danh" not in page
    assert not AccessLog.objects.exists()


def test_opening_a_person_to_correct_is_logged(officer: User, officer_client: Client, village: Area) -> None:
    household = build.household(village.parent, village, members=[build.person("Lê B", "head", citizen_id=NUMBER)])
    page = officer_client.get(address("member-edit", village.parent, household.pk, household.members.get().pk))
    assert NUMBER in page.content.decode()
    assert AccessLog.objects.get().what == f"Sửa người: {household.code}, 0640••••••12"


def test_a_conflict_that_shows_a_number_is_logged(officer_client: Client, village: Area) -> None:
    household = build.household(village.parent, village, members=[build.person("Lê B", "head")])
    head = household.members.get()
    members.member_update(by=None, member=head, version=1, citizen_id=NUMBER)
    typed = {"version": "1", "name": "Lê B", "sex": "male", "birth_year": "1985", "citizen_id": build.citizen_id()}
    page = officer_client.post(address("member-edit", village.parent, household.pk, head.pk), typed)
    assert page.status_code == 409
    assert NUMBER in page.content.decode()
    assert AccessLog.objects.get().what == f"Sửa người: {household.code}, 0640••••••12"


def test_no_list_shows_a_whole_citizen_number(officer_client: Client, village: Area) -> None:
    for _ in range(2):
        build.household(village.parent, village, members=[build.person("Lê B", "head")])
    build.household(village.parent, village, members=[build.person("Lê B", "head", citizen_id=NUMBER)])
    search = reverse("web:search", args=[village.parent.code, YEAR])
    for url in (address("list", village.parent), address("duplicates", village.parent), f"{search}?q=le"):
        page = officer_client.get(url).content.decode()
        assert "Lê B" in page
        assert NUMBER not in page


def test_a_household_of_another_commune_is_not_found(officer_client: Client, household: Household) -> None:
    foreign = build.household()
    for name in ("detail", "edit", "close", "move", "split", "merge", "head", "reopen", "member-add"):
        assert officer_client.get(address(name, household.unit, foreign.pk)).status_code == 404
    person = foreign.members.first()
    for name in ("member-edit", "member-leave"):
        assert officer_client.get(address(name, household.unit, household.pk, person.pk)).status_code == 404


# Duplicates


def alike(client: Client, unit: Area) -> list[str]:
    return [suspicion.name for suspicion in client.get(address("duplicates", unit)).context["suspicions"]]


def test_one_name_year_and_village_is_a_suspicion_until_both_have_numbers(
    officer_client: Client, village: Area
) -> None:
    unit = village.parent
    first = build.household(unit, village, members=[build.person("Lê Văn Á", "head")])
    second = build.household(unit, village, members=[build.person("Lê Văn A", "head")])
    build.household(unit, VillageFactory(parent=unit), members=[build.person("Lê Văn A", "head")])
    build.household(unit, village, members=[build.person("Lê Văn A", "head", birth_year=1986)])

    assert alike(officer_client, unit) == ["Lê Văn Á"]
    page = officer_client.get(address("detail", unit, first.pk)).content.decode()
    assert "Nghi ghi trùng người" in page
    assert second.code in page

    for household in (first, second):
        head = build.head_of(household)
        members.member_update(by=None, member=head, version=head.version, citizen_id=build.citizen_id())
    assert alike(officer_client, unit) == []
    assert "Nghi ghi trùng" not in officer_client.get(address("detail", unit, first.pk)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_suspicions_asks_the_same_questions_for_one_and_three(
    officer_client: Client, village: Area, count: int, django_assert_num_queries: Any
) -> None:
    for place in range(count):
        for _ in range(2):
            build.household(village.parent, village, members=[build.person(f"Lê {'ABC'[place]}", "head")])
    # six of the frame; count, groups, persons
    with django_assert_num_queries(9):
        assert len(alike(officer_client, village.parent)) == count
