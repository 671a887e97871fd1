"""Adding a household by the page: what was typed stays, and every refusal stands at its person."""

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households import build

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune, name="Đông")


@pytest.fixture
def household(village: Area) -> Household:
    return build.household(village.parent, village)


def address(name: str, unit: Area, *keys: int) -> str:
    return reverse(f"households:{name}", args=[unit.code, YEAR, *keys])


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
