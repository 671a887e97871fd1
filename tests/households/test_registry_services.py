"""Households and persons are written by services that refuse nonsense in words."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import ChangeKind, HouseholdClosed, MemberLeft
from households.models import Household
from households.services import members, registry
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory, user_with
from tests.households import build

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 6, 1)
FUTURE = datetime.date(2199, 1, 1)


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


def opened(village: Area, *persons: dict[str, Any], by: User | None = None, **fields: Any) -> Household:
    rows = persons or (build.person("Nguyễn Văn A", "head"),)
    return registry.household_open(by=by, unit=village.parent, village=village, members=rows, **fields)


def refusals(error: ValidationError) -> list[str]:
    return [sentence for sentences in error.message_dict.values() for sentence in sentences]


# Opening


def test_a_household_is_opened_with_its_members_and_a_line_of_history(village: Area) -> None:
    household = opened(village, build.person(" Nguyễn  Văn A ", "head"), build.person("Trần Thị B", "spouse"))

    assert household.code == f"{village.parent.code}-0001"
    assert list(household.members.values_list("name", "search_key", "position", "unit")) == [
        ("Nguyễn Văn A", "nguyen van a", 1, village.parent_id),
        ("Trần Thị B", "tran thi b", 2, village.parent_id),
    ]
    assert [(line.kind, line.on) for line in household.history.all()] == [(ChangeKind.OPENED, household.opened_on)]


def test_codes_go_on_after_the_last_one_of_the_unit(village: Area) -> None:
    opened(village, code=f"{village.parent.code}-0041")
    opened(village, code="HN-7")
    assert opened(village).code == f"{village.parent.code}-0042"


def test_a_household_of_an_ended_village_is_opened_on_its_last_day_unless_said_otherwise(commune: Area) -> None:
    gone = VillageFactory(parent=commune, valid_to=datetime.date(2024, 6, 30))
    assert opened(gone).opened_on == datetime.date(2024, 6, 30)


def test_who_only_reads_opens_nothing(village: Area, leader: User, stranger: User) -> None:
    for user in (leader, stranger):
        with pytest.raises(PermissionDenied):
            opened(village, by=user)


@pytest.mark.parametrize(
    ("persons", "sentence"),
    [
        ([], "Hộ chưa có người nào: ghi ít nhất chủ hộ."),
        ([build.person("Nguyễn Văn A", "spouse")], "Hộ chưa có chủ hộ: chọn quan hệ «chủ hộ» cho một người."),
        ([build.person("Nguyễn Văn A", "head")] * 2, "Hộ có 2 chủ hộ: chỉ một người là chủ hộ."),
    ],
)
def test_a_household_has_exactly_one_head(village: Area, persons: list[dict[str, Any]], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        registry.household_open(by=None, unit=village.parent, village=village, members=persons)
    assert refused.value.message_dict["members"] == [sentence]
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("fields", "key", "sentence"),
    [
        ({"name": ""}, "name", "Chưa ghi họ và tên."),
        ({"name": "Nguyễn Văn 2"}, "name", "Họ và tên không có chữ số."),
        ({"name": "NguyÔn V¨n A"}, "name", "Họ và tên gõ bằng bảng mã TCVN3, không phải Unicode."),
        ({"name": "A" * 101}, "name", "Mục «họ và tên» dài quá 100 ký tự, đang có 101."),
        ({"sex": "other"}, "sex", "Mục «giới tính» không có lựa chọn «other»."),
        ({"birth_date": FUTURE}, "birth_date", "Ngày sinh 01/01/2199 ở tương lai."),
        ({"birth_year": 2199, "birth_date": None}, "birth_year", "Năm sinh 2199 ở tương lai."),
        (
            {"birth_date": datetime.date(1890, 5, 1)},
            "birth_date",
            "Ngày sinh 01/05/1890: người này hơn 120 tuổi. Xem lại năm sinh.",
        ),
        ({"birth_year": 1890}, "birth_year", "Năm sinh 1890: người này hơn 120 tuổi. Xem lại năm sinh."),
        (
            {"birth_year": 1985, "birth_date": datetime.date(1986, 1, 1)},
            "birth_year",
            "Năm sinh khác với năm của ngày sinh.",
        ),
        ({"citizen_id": "0641234567890"}, "citizen_id", "Số định danh gồm đúng 12 chữ số, đang có 13."),
        ({"citizen_id": "06412345678x"}, "citizen_id", "Số định danh chỉ gồm chữ số."),
        (
            {"citizen_id": "230 123 456"},
            "citizen_id",
            "Đây là số chứng minh nhân dân cũ (9 chữ số), không còn giá trị sử dụng. "
            "Ghi số định danh 12 chữ số trên thẻ căn cước, chưa có thì để trống.",
        ),
        ({"insurance_number": "123456789"}, "insurance_number", "Mã số bảo hiểm xã hội gồm đúng 10 chữ số, đang có 9."),
        (
            {"insurance_number": "HN1234567890"},
            "insurance_number",
            "Mã số bảo hiểm xã hội chỉ gồm chữ số, không ghi phần chữ in trước mã trên thẻ.",
        ),
        (
            {"card_from": DAY, "card_to": datetime.date(2025, 5, 1)},
            "card_to",
            "Ngày hết hạn thẻ không được trước ngày bắt đầu.",
        ),
        ({"joined_on": FUTURE}, "joined_on", "Ngày vào hộ 01/01/2199 ở tương lai."),
        ({"joined_on": datetime.date(1984, 1, 1)}, "joined_on", "Ngày vào hộ không được trước khi sinh."),
        ({"maternity": "pregnant"}, "maternity", "Thai sản chỉ ghi cho nữ."),
        ({"relation": ""}, "relation", "Chưa chọn quan hệ với chủ hộ."),
    ],
)
def test_what_cannot_be_true_of_a_person_is_refused_in_words(
    village: Area, fields: dict[str, Any], key: str, sentence: str
) -> None:
    person = build.person("Trần Văn B", "child") | ({"birth_year": None} if "birth_date" in fields else {}) | fields
    with pytest.raises(ValidationError) as refused:
        opened(village, build.person("Nguyễn Văn A", "head"), person)
    assert refused.value.message_dict == {f"members-1-{key}": [sentence]}


@pytest.mark.parametrize(
    ("fields", "key", "sentence"),
    [
        ({"opened_on": FUTURE}, "opened_on", "Ngày 01/01/2199 ở tương lai."),
        ({"phone": "12345"}, "phone", "Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng số 0."),
        ({"setting": "sea"}, "setting", "Mục «khu vực» không có lựa chọn «sea»."),
        ({"address": "x" * 201}, "address", "Mục «địa chỉ» dài quá 200 ký tự, đang có 201."),
    ],
)
def test_what_cannot_be_true_of_a_household_is_refused_in_words(
    village: Area, fields: dict[str, Any], key: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        opened(village, **fields)
    assert refused.value.message_dict == {key: [sentence]}


def test_a_village_of_another_unit_or_an_ended_one_is_refused(commune: Area) -> None:
    foreign = VillageFactory(name="Xa")
    gone = VillageFactory(parent=commune, name="Cũ", valid_to=datetime.date(2024, 6, 30))
    for place, sentence in (
        (foreign, f"Thôn Xa không thuộc {commune}."),
        (gone, "Thôn Cũ đã thôi dùng từ sau ngày 30/06/2024."),
    ):
        with pytest.raises(ValidationError) as refused:
            build.household(commune, place, opened_on=DAY)
        assert refused.value.message_dict == {"village": [sentence]}


def test_only_a_commune_has_a_registry(village: Area) -> None:
    with pytest.raises(ValidationError, match="không phải cấp xã"):
        registry.household_open(by=None, unit=village.parent.parent, village=village, members=[])


def test_a_code_is_given_once(village: Area) -> None:
    opened(village, code="HN-1")
    with pytest.raises(ValidationError, match="Mã hộ «HN-1» đã có"):
        opened(village, code="HN-1")


def test_numbers_are_stored_without_the_spaces_and_dots_of_their_writing(village: Area) -> None:
    person = build.person("Nguyễn Văn A", "head", citizen_id="064 012.345-678", insurance_number="12 3456 7890")
    household = opened(village, person, phone="+84 912.345.678")
    member = household.members.get()
    assert (member.citizen_id, member.insurance_number, household.phone) == (
        "064012345678",
        "1234567890",
        "0912345678",
    )


def test_a_known_citizen_number_says_whose_it_is_to_who_may_see_it(village: Area, officer: User) -> None:
    first = opened(village, build.person("Lê Văn Có", "head", citizen_id="064012345678"))
    with pytest.raises(ValidationError) as refused:
        opened(village, build.person("Lê Văn Khác", "head", citizen_id="064 012 345 678"), by=officer)
    (sentence,) = refused.value.message_dict["members-0-citizen_id"]
    assert sentence.startswith(
        f"Số định danh này đã có: Lê Văn Có, hộ Lê Văn Có (mã {first.code}), {village}, {village.parent}."
    )


def test_a_known_citizen_number_elsewhere_says_only_that_it_exists(village: Area, officer: User) -> None:
    elsewhere = VillageFactory()
    opened(elsewhere, build.person("Lê Văn Có", "head", citizen_id="064012345678"))
    with pytest.raises(ValidationError) as refused:
        opened(village, build.person("Lê Văn Khác", "head", citizen_id="064012345678"), by=officer)
    (sentence,) = refused.value.message_dict["members-0-citizen_id"]
    assert "đã có trong sổ hộ của một đơn vị khác" in sentence
    assert "Lê Văn Có" not in sentence


# Many at once


def test_many_households_cost_the_queries_of_one(village: Area, django_assert_num_queries: Any) -> None:
    def rows(many: int) -> list[dict[str, Any]]:
        persons = [build.person("Nguyễn Văn A", "head", citizen_id=build.citizen_id()), build.person("Lê B", "child")]
        return [
            {"village": village, "members": [dict(persons[0], citizen_id=build.citizen_id()), persons[1]]}
            for _ in range(many)
        ]

    for many in (1, 3):
        with django_assert_num_queries(8):  # savepoint and release, lock, numbers, last code, three inserts
            registry.households_open(by=None, unit=village.parent, rows=rows(many))
    assert Household.objects.count() == 4
    assert len(set(Household.objects.values_list("code", flat=True))) == 4


def test_many_households_are_all_refused_with_every_fault_named(village: Area) -> None:
    good = {"village": village, "members": [build.person("Nguyễn Văn A", "head", citizen_id="064000000001")]}
    bad = {
        "village": village,
        "members": [build.person("Lê Văn B", "head"), build.person("C", "child", birth_year=1890)],
    }
    same = {"village": village, "members": [build.person("Đỗ D", "head", citizen_id="064000000001")], "code": "X"}
    with pytest.raises(ValidationError) as refused:
        registry.households_open(by=None, unit=village.parent, rows=[good, bad, same, same | {"members": []}])
    assert refused.value.messages == [
        "Hộ thứ 1 (Nguyễn Văn A), người thứ 1: Số định danh 064000000001 ghi cho 2 người.",
        "Hộ thứ 2 (Lê Văn B), người thứ 2: Năm sinh 1890: người này hơn 120 tuổi. Xem lại năm sinh.",
        "Hộ thứ 3 (Đỗ D), người thứ 1: Số định danh 064000000001 ghi cho 2 người.",
        "Hộ thứ 3 (Đỗ D): Mã hộ «X» ghi cho nhiều hộ.",
        "Hộ thứ 4 (X): Hộ chưa có người nào: ghi ít nhất chủ hộ.",
        "Hộ thứ 4 (X): Mã hộ «X» ghi cho nhiều hộ.",
    ]
    assert not Household.objects.exists()


# Correcting, closing, following again


def test_an_old_version_meets_the_conflict(village: Area) -> None:
    household = opened(village, address="Tổ 1")
    registry.household_update(by=None, household=household, version=1, address="Tổ 2")
    with pytest.raises(EditConflict):
        registry.household_update(by=None, household=household, version=1, address="Tổ 3")
    saved = registry.household_update(by=None, household=household, version=1, phone="0912 345 678")
    assert (saved.address, saved.phone) == ("Tổ 2", "0912345678")


def test_a_household_keeps_a_code(village: Area) -> None:
    household = opened(village)
    with pytest.raises(ValidationError, match="Chưa ghi mã hộ"):
        registry.household_update(by=None, household=household, version=1, code=" ")


def closed(household: Household, because: str = HouseholdClosed.MOVED_OUT, on: datetime.date = DAY) -> Household:
    version = Household.objects.get(pk=household.pk).version
    return registry.household_close(by=None, household=household, version=version, on=on, because=because)


def test_members_leave_with_a_closed_household_and_come_back_with_it(village: Area) -> None:
    household = build.household(village.parent, village)

    gone = closed(household)
    assert (gone.closed_on, gone.closed_because) == (DAY, HouseholdClosed.MOVED_OUT)
    assert set(household.members.values_list("left_on", "left_because")) == {(DAY, MemberLeft.MOVED_OUT)}

    later = datetime.date(2025, 9, 1)
    registry.household_reopen(by=None, household=household, version=gone.version, on=later)
    assert set(household.members.present().values_list("joined_on", flat=True)) == {later}
    assert household.members.count() == 8
    kinds = household.history.order_by("on", "pk").values_list("kind", flat=True)
    assert list(kinds) == [ChangeKind.OPENED, ChangeKind.CLOSED, ChangeKind.REOPENED]


def test_reopening_on_the_day_of_closing_undoes_it_however_often(village: Area) -> None:
    household = build.household(village.parent, village)
    for _ in range(2):
        gone = closed(household)
        registry.household_reopen(by=None, household=household, version=gone.version, on=DAY)
    assert household.members.count() == household.members.present().count() == 4


def test_a_person_who_died_before_stays_dead_when_the_household_is_followed_again(village: Area) -> None:
    household = build.household(village.parent, village)
    wife = household.members.get(relation="spouse")
    members.member_leave(by=None, member=wife, version=1, on=DAY, because=MemberLeft.DIED)
    gone = closed(household)
    registry.household_reopen(by=None, household=household, version=gone.version, on=DAY)
    assert household.members.present().count() == 3


@pytest.mark.parametrize(
    ("on", "because", "sentence"),
    [
        (FUTURE, "moved_out", "Ngày 01/01/2199 ở tương lai."),
        (
            datetime.date(2019, 1, 1),
            "moved_out",
            "Ngày 01/01/2019 trước ngày bắt đầu theo dõi hộ (01/01/2020).",
        ),
        (DAY, "merged", "Hộ nhập vào hộ khác thì dùng «Nhập hộ»; hoặc chọn lý do khác."),
    ],
)
def test_closing_is_refused_in_words(village: Area, on: datetime.date, because: str, sentence: str) -> None:
    household = build.household(village.parent, village)
    with pytest.raises(ValidationError) as refused:
        closed(household, because, on)
    assert refusals(refused.value) == [sentence]


def test_a_closed_household_is_not_edited(village: Area) -> None:
    household = build.household(village.parent, village)
    head = build.head_of(household)
    gone = closed(household)
    sentence = "đã thôi theo dõi từ ngày 01/06/2025. Chọn «Theo dõi lại» trước khi sửa."
    with pytest.raises(ValidationError, match=sentence):
        registry.household_update(by=None, household=household, version=gone.version, address="x")
    with pytest.raises(ValidationError, match=sentence):
        members.member_add(by=None, household=household, **build.person("Lê C"))
    with pytest.raises(ValidationError, match=sentence):
        members.member_update(by=None, member=head, version=2, name="Lê C")


def test_reopening_is_refused_in_words(village: Area) -> None:
    household = opened(village, build.person("Lê A", "head", citizen_id="064000000001"), opened_on=DAY)
    with pytest.raises(ValidationError, match="vẫn đang được theo dõi"):
        registry.household_reopen(by=None, household=household, version=1, on=DAY)
    gone = closed(household, on=datetime.date(2025, 7, 1))
    with pytest.raises(ValidationError, match=r"không được trước ngày thôi theo dõi \(01/07/2025\)"):
        registry.household_reopen(by=None, household=household, version=gone.version, on=DAY)
    opened(village, build.person("Lê A", "head", citizen_id="064000000001"))
    with pytest.raises(ValidationError, match="Lê A: Số định danh này đã có"):
        registry.household_reopen(by=None, household=household, version=gone.version, on=datetime.date(2025, 8, 1))


def test_every_door_asks_for_the_right_to_enter(village: Area) -> None:
    leader = user_with(Role.LEADER, village.parent)
    household = build.household(village.parent, village)
    head = build.head_of(household)
    for act in (
        lambda: registry.household_update(by=leader, household=household, version=1, address="x"),
        lambda: registry.household_close(by=leader, household=household, version=1, on=DAY, because="mistake"),
        lambda: registry.household_reopen(by=leader, household=household, version=1, on=DAY),
        lambda: members.member_add(by=leader, household=household, **build.person("X")),
        lambda: members.member_update(by=leader, member=head, version=1, name="X"),
        lambda: members.member_leave(by=leader, member=head, version=1, on=DAY, because="died"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_an_unknown_field_is_an_error_of_the_program(village: Area) -> None:
    with pytest.raises(TypeError, match="no such fields of a household"):
        opened(village, colour="red")
