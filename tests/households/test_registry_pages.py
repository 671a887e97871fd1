"""The pages of the registry: who finds what, what they type, what they are told."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import RecognitionKind, RoundKind, RoundState
from households.models import AccessLog, Household, Member, Recognised, Recognition, ReviewRound
from households.services import members, moves, registry
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild, unit_merge
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


# Adding


def typed_household(village: Area, *persons: dict[str, str], rows: int = 6, **fields: str) -> dict[str, str]:
    data = {
        "village": str(village.pk),
        "kind": "opened",
        "opened_on": "01/06/2025",
        "members-TOTAL_FORMS": str(rows),
        "members-INITIAL_FORMS": "0",
    } | fields
    for place, person in enumerate(persons):
        data |= {f"members-{place}-{name}": value for name, value in person.items()}
    return data


HEAD = {"name": "Nguyễn Văn A", "relation": "head", "sex": "male", "birth_date": "05/11/1980"}


def test_a_household_is_added_with_the_rows_that_were_filled_in(officer_client: Client, village: Area) -> None:
    kinh = build.ethnicity()
    child = {"name": "Bé", "relation": "child", "birth_year": "2019", "ethnicity": str(kinh.pk)}
    data = typed_household(village, HEAD, {}, child, phone="0912 345 678")

    answer = officer_client.post(address("add", village.parent), data, follow=True)

    household = Household.objects.get()
    assert f"Đã lập hộ {household.code}." in answer.content.decode()
    assert list(household.members.order_by("position").values_list("name", "birth_year", "ethnicity")) == [
        ("Nguyễn Văn A", 1980, None),
        ("Bé", 2019, kinh.pk),
    ]
    assert household.phone == "0912345678"


def test_more_rows_keep_what_was_typed(officer_client: Client, village: Area) -> None:
    half = {"name": "Lê", "birth_date": "5/"}
    page = officer_client.post(address("add", village.parent), typed_household(village, half, address="Tổ 4", more="1"))
    text = page.content.decode()
    assert page.status_code == 200
    assert len(page.context["rows"].forms) == 10
    assert 'value="Lê"' in text
    assert 'value="5/"' in text
    assert 'value="Tổ 4"' in text
    assert "Chưa" not in text.split("<form method", 1)[1]
    assert not Household.objects.exists()


def test_refusals_stand_at_the_person_they_speak_of(officer_client: Client, village: Area) -> None:
    wrong = {"name": "Lê B", "relation": "child", "birth_year": "1850", "citizen_id": "123"}
    page = officer_client.post(address("add", village.parent), typed_household(village, {}, HEAD, wrong))
    rows = page.context["rows"].forms
    assert page.status_code == 422
    assert rows[2].errors == {
        "birth_year": ["Năm sinh 1850: người này hơn 120 tuổi. Xem lại năm sinh."],
        "citizen_id": ["Số định danh gồm đúng 12 chữ số, đang có 3."],
    }
    assert not rows[1].errors


@pytest.mark.parametrize(
    ("person", "field", "sentence"),
    [
        ({"name": "", "relation": "head", "sex": "male"}, "name", "Chưa ghi họ và tên."),
        ({"name": "Lê"}, "relation", "Chưa chọn quan hệ với chủ hộ."),
        (HEAD | {"birth_date": "31/02/1980"}, "birth_date", "Không có ngày «31/02/1980» trong lịch."),
        (HEAD | {"birth_year": "85"}, "birth_year", "«85» không phải năm. Ghi bốn chữ số, ví dụ 1985."),
        (HEAD | {"birth_year": "1985"}, "birth_year", "Năm sinh khác với năm của ngày sinh."),
        (
            HEAD | {"name": "NguyÔn V¨n A"},
            "name",
            "Chữ gõ bằng bảng mã TCVN3, không phải Unicode: «NguyÔn V¨n A». Đổi bộ gõ sang Unicode rồi gõ lại.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    officer_client: Client, village: Area, person: dict[str, str], field: str, sentence: str
) -> None:
    page = officer_client.post(address("add", village.parent), typed_household(village, person))
    assert page.status_code == 422
    assert page.context["rows"].forms[0].errors[field] == [sentence]


def test_a_household_without_a_head_says_so_above_the_form(officer_client: Client, village: Area) -> None:
    page = officer_client.post(address("add", village.parent), typed_household(village, {}))
    assert page.context["form"].non_field_errors() == ["Hộ chưa có người nào: ghi ít nhất chủ hộ."]


def test_all_mistakes_are_said_at_once_and_named_above_the_form(officer_client: Client, village: Area) -> None:
    """What cannot be read, what cannot be true, and what is missing of the whole."""
    unread = {"name": "Lê B", "relation": "child", "birth_date": "31/02/1980"}
    untrue = {"name": "Lê C", "relation": "child", "birth_year": "1850"}
    page = officer_client.post(address("add", village.parent), typed_household(village, unread, untrue, phone="123"))
    rows = page.context["rows"].forms

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"__all__", "phone"}
    assert [list(row.errors) for row in rows[:2]] == [["birth_date"], ["birth_year"]]
    summary = page.content.decode().split('role="alert"')[1].split("</div>")[0]
    for words in (
        "Hộ chưa có chủ hộ",
        '<a href="#id_phone">Điện thoại</a>: Số điện thoại gồm',
        '<a href="#id_members-0-birth_date">Ngày sinh của người thứ 1</a>: Không có ngày «31/02/1980» trong lịch.',
        "Hoặc năm sinh của người thứ 2</a>: Năm sinh 1850",
    ):
        assert words in summary


def test_who_cannot_be_read_may_be_the_head(officer_client: Client, village: Area) -> None:
    page = officer_client.post(address("add", village.parent), typed_household(village, HEAD | {"relation": ""}))
    assert not page.context["form"].errors
    assert page.context["rows"].forms[0].errors == {"relation": ["Chưa chọn quan hệ với chủ hộ."]}


def test_enter_in_a_box_saves_instead_of_asking_for_more_rows(officer_client: Client, village: Area) -> None:
    """A browser presses the first button of the form."""
    page = officer_client.get(address("add", village.parent)).content.decode()
    first = page.split('name="members-TOTAL_FORMS"')[1].split("<button", 1)[1].split("</button>")[0]
    assert first.endswith(">Lập hộ")


def test_somebody_who_looks_like_another_is_shown_before_being_added(officer_client: Client, village: Area) -> None:
    first = build.household(village.parent, village, members=[build.person("Nguyễn Văn Á", "head", birth_year=1980)])
    data = typed_household(village, HEAD)

    page = officer_client.post(address("add", village.parent), data)
    assert page.status_code == 422
    assert f"({first.code})" in page.content.decode()
    assert "Nếu là một người: ghi người này ra khỏi một hộ" in page.content.decode()
    assert Household.objects.count() == 1

    officer_client.post(address("add", village.parent), data | {"is_confirmed": "1"})
    assert Household.objects.count() == 2


def test_without_villages_the_page_sends_to_the_villages(officer_client: Client, commune: Area) -> None:
    assert "khai danh sách thôn trước" in officer_client.get(address("add", commune)).content.decode()


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


# Acts


def test_a_household_is_corrected_and_a_conflict_shows_both_values(
    officer_client: Client, household: Household
) -> None:
    url = address("edit", household.unit, household.pk)
    typed = {"version": "1", "code": household.code, "address": "Tổ 1", "phone": "", "setting": "", "note": ""}
    assert officer_client.post(url, typed).status_code == 302
    answer = officer_client.post(url, typed | {"address": "Tổ 2"})
    assert answer.status_code == 409
    assert "Tổ 1" in answer.content.decode()
    assert "Tổ 2" in answer.content.decode()


def test_a_person_is_added_corrected_and_leaves(officer_client: Client, household: Household) -> None:
    unit, pk = household.unit, household.pk
    officer_client.post(address("member-add", unit, pk), {"name": "Nguyễn Út", "relation": "child"})
    child = household.members.get(name="Nguyễn Út")
    url = address("member-edit", unit, pk, child.pk)
    typed = {"version": "1", "name": "Nguyễn Thị Út", "relation": "child", "birth_date": "05/11/2020"}
    assert officer_client.post(url, typed).status_code == 302
    child.refresh_from_db()
    assert (child.name, child.birth_year) == ("Nguyễn Thị Út", 2020)
    assert officer_client.post(url, typed | {"name": "Khác"}).status_code == 409

    leave = address("member-leave", unit, pk, child.pk)
    assert "không còn là người của" in officer_client.get(leave).content.decode()
    officer_client.post(leave, {"version": str(child.version), "on": "01/06/2025", "because": "moved_out"})
    page = officer_client.get(address("detail", unit, pk)).content.decode()
    assert "Nguyễn Thị Út, sinh năm 2020: chuyển đi từ ngày 01/06/2025" in page


def test_a_head_who_would_leave_others_is_told_to_change_the_head_first(
    officer_client: Client, household: Household
) -> None:
    head = build.head_of(household)
    url = address("member-leave", household.unit, household.pk, head.pk)
    page = officer_client.post(url, {"version": "1", "on": "01/06/2025", "because": "died"})
    assert page.status_code == 422
    assert "đổi chủ hộ trước, rồi ghi ra khỏi hộ" in page.content.decode()


def test_the_head_is_changed(officer_client: Client, household: Household) -> None:
    wife = household.members.get(relation="spouse")
    url = address("head", household.unit, household.pk)
    assert officer_client.get(url).status_code == 200
    officer_client.post(url, {"version": "1", "on": "01/06/2025", "member": str(wife.pk)})
    assert build.head_of(household) == wife


def test_some_are_split_off(officer_client: Client, household: Household) -> None:
    wife, child = household.members.filter(position__in=[2, 3]).order_by("position")
    typed = {
        "version": "1",
        "on": "01/06/2025",
        "member_ids": [str(wife.pk), str(child.pk)],
        "head_id": str(wife.pk),
        "village": str(household.village_id),
        f"relation-{child.pk}": "child",
    }
    answer = officer_client.post(address("split", household.unit, household.pk), typed, follow=True)
    new = Household.objects.exclude(pk=household.pk).get()
    assert f"Đã tách ra hộ {new.code}." in answer.content.decode()
    assert new.members.count() == 2
    wrong = officer_client.post(address("split", household.unit, household.pk), {"version": "1", "on": "01/06/2025"})
    assert wrong.context["form"].errors["member_ids"] == ["Chưa chọn ai tách ra."]


def test_a_merger_names_both_households_before_it_happens(officer_client: Client, household: Household) -> None:
    into = build.household(household.unit, household.village, head="Lê Văn Kia", persons=1)
    url = address("merge", household.unit, household.pk)
    typed = {"version": "1", "on": "01/06/2025", "into_code": into.code.lower()}

    page = officer_client.post(url, typed).content.decode()
    assert f"vào hộ {into.code}, chủ hộ Lê Văn Kia" in page
    assert not Household.objects.filter(closed_on__isnull=False).exists()

    officer_client.post(url, typed | {"confirmed": f"{into.pk}-{into.version}"})
    household.refresh_from_db()
    assert household.closed_because == "merged"
    assert into.members.present().count() == 5


def test_only_the_household_that_was_shown_is_merged_into(officer_client: Client, household: Household) -> None:
    shown, other = (build.household(household.unit, household.village, persons=1) for _ in range(2))
    url = address("merge", household.unit, household.pk)
    confirmed = {"version": "1", "on": "01/06/2025", "confirmed": f"{shown.pk}-{shown.version}"}

    page = officer_client.post(url, confirmed | {"into_code": other.code}).content.decode()
    assert "Chưa nhập: mã hộ đã đổi, hoặc hộ kia vừa được sửa" in page
    assert f"vào hộ {other.code}" in page

    members.member_add(by=None, household=shown, **build.person("Lê Thị Mới"))
    page = officer_client.post(url, confirmed | {"into_code": shown.code}).content.decode()
    assert "Chưa nhập" in page
    assert not Household.objects.filter(closed_on__isnull=False).exists()


def test_who_goes_back_is_offered_the_former_relation(officer_client: Client, village: Area) -> None:
    persons = [build.person("Nguyễn Văn A", "head"), build.person("Nguyễn Văn Em", "sibling")]
    household = build.household(village.parent, village, members=persons)
    brother = household.members.get(relation="sibling")
    common: dict[str, Any] = {"household": household, "version": 1, "on": DAY, "relations": {}}
    new = moves.household_split(by=None, member_ids=[brother.pk], head_id=brother.pk, **common)
    alone = new.members.get()

    typed = {"version": "1", "on": "02/06/2025", "into_code": household.code}
    form = officer_client.post(address("merge", new.unit, new.pk), typed).context["form"]
    assert form[f"relation-{alone.pk}"].initial == "sibling"
    assert (form["on"].value(), form["into_code"].value()) == ("02/06/2025", household.code)


def test_who_came_back_is_no_longer_among_those_who_left(officer_client: Client, village: Area) -> None:
    persons = [build.person("Nguyễn Văn A", "head"), build.person("Lê Thị Về"), build.person("Lê Văn Đi")]
    household = build.household(village.parent, village, members=persons)
    for person in household.members.exclude(relation="head"):
        members.member_leave(by=None, member=person, version=1, on=DAY, because="moved_out")
    members.member_add(by=None, household=household, **persons[1])
    page = officer_client.get(address("detail", village.parent, household.pk))
    assert [member.name for member in page.context["page"].gone] == ["Lê Văn Đi"]


def test_an_unknown_code_to_merge_into_is_refused_in_words(officer_client: Client, household: Household) -> None:
    typed = {"version": "1", "on": "01/06/2025", "into_code": "X-1"}
    page = officer_client.post(address("merge", household.unit, household.pk), typed)
    assert page.context["form"].errors["into_code"] == ["Không có hộ đang theo dõi nào mang mã «X-1»."]


def test_a_household_moves_to_another_village(officer_client: Client, household: Household) -> None:
    other = VillageFactory(parent=household.unit, name="Tây")
    typed = {"version": "1", "on": "01/06/2025", "village": str(other.pk), "address": "Tổ 2"}
    answer = officer_client.post(address("move", household.unit, household.pk), typed, follow=True)
    assert "thôn Đông → thôn Tây" in answer.content.decode()


def test_closing_names_what_happens_and_reopening_brings_back(officer_client: Client, household: Household) -> None:
    unit, pk = household.unit, household.pk
    assert (
        "4 người đang ở trong hộ được ghi ra khỏi hộ" in officer_client.get(address("close", unit, pk)).content.decode()
    )
    officer_client.post(address("close", unit, pk), {"version": "1", "on": "01/06/2025", "because": "moved_out"})
    page = officer_client.get(address("detail", unit, pk)).content.decode()
    assert "Hộ thôi theo dõi từ ngày 01/06/2025: chuyển khỏi địa bàn." in page
    assert "Theo dõi lại" in page
    household.refresh_from_db()
    typed = {"version": str(household.version), "on": "01/09/2025"}
    officer_client.post(address("reopen", unit, pk), typed)
    assert Member.objects.present().filter(household=pk).count() == 4


def test_households_follow_to_the_new_unit_and_old_addresses_lead_there(
    officer: User, officer_client: Client, household: Household
) -> None:
    before = household.unit
    unit = unit_merge(
        by=None,
        units=[before],
        from_day=datetime.date(2025, 7, 1),
        code="99999",
        name="Mới",
        kind="xã",
        parent=before.parent,
    )
    officer.grants.create(role="officer", area=unit, valid_from=datetime.date(2020, 1, 1))
    reach_rebuild()
    (new,) = Area.objects.villages_of(unit)
    url = address("follow", unit)

    page = officer_client.get(url).content.decode()
    assert f"Thôn Đông, {before}: 1 hộ" in page
    typed = {"on": "01/07/2025", f"village-{household.village_id}": ""}
    assert "Chưa chọn thôn mới cho thôn cũ nào" in officer_client.post(url, typed).content.decode()
    answer = officer_client.post(url, typed | {f"village-{household.village_id}": str(new.pk)}, follow=True)

    assert "Đã chuyển 1 hộ sang xã Mới." in answer.content.decode()
    old_address = reverse("households:detail", args=[before.code, 2024, household.pk])
    assert officer_client.get(old_address).url == reverse("households:detail", args=["99999", 2025, household.pk])
    assert "Không còn hộ nào phải chuyển" in officer_client.get(url).content.decode()
