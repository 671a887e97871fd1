"""The persons of a household: added, corrected, gone; by the services."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from households.choices import ChangeKind, MemberLeft
from households.models import Household, HouseholdChange, Member
from households.services import members, registry
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import VillageFactory
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


# Persons


def test_a_person_is_added_at_the_end_with_a_line_of_history(village: Area) -> None:
    household = build.household(village.parent, village)
    added = members.member_add(by=None, household=household, **build.person("Nguyễn Thị Mới", "child", joined_on=DAY))
    line = household.history.get(kind=ChangeKind.MEMBER_IN)
    assert (added.position, line.member, line.on) == (5, added, DAY)


def test_a_second_head_is_refused(village: Area) -> None:
    household = opened(village)
    with pytest.raises(ValidationError, match="Hộ đã có chủ hộ; dùng «Đổi chủ hộ»"):
        members.member_add(by=None, household=household, **build.person("Lê B", "head"))


def test_the_relation_head_changes_only_by_changing_the_head(village: Area) -> None:
    household = build.household(village.parent, village)
    for member, relation in ((household.members.get(position=1), "other"), (household.members.get(position=2), "head")):
        with pytest.raises(ValidationError, match="Muốn đổi người làm chủ hộ"):
            members.member_update(by=None, member=member, version=1, relation=relation)


def test_a_corrected_name_is_found_and_a_date_brings_its_year(village: Area) -> None:
    head = build.head_of(opened(village))
    saved = members.member_update(
        by=None, member=head, version=1, name="Đặng Văn Ước", birth_date=datetime.date(1986, 3, 4), birth_year=None
    )
    assert (saved.search_key, saved.birth_year, saved.version) == ("dang van uoc", 1986, 2)


def test_a_correction_is_refused_for_what_it_changes_only(village: Area) -> None:
    head = build.head_of(opened(village))
    Member.objects.filter(pk=head.pk).update(birth_year=1850)  # as an old register had it
    saved = members.member_update(by=None, member=head, version=2, name="Lê Văn Cũ")
    with pytest.raises(ValidationError, match="hơn 120 tuổi"):
        members.member_update(by=None, member=head, version=saved.version, birth_year=1851)
    with pytest.raises(ValidationError, match="Thai sản chỉ ghi cho nữ"):
        members.member_update(by=None, member=head, version=saved.version, maternity="nursing")


def test_a_number_of_somebody_else_is_refused_in_a_correction(village: Area) -> None:
    opened(village, build.person("Lê A", "head", citizen_id="064000000001"))
    head = build.head_of(opened(village))
    with pytest.raises(ValidationError, match="Số định danh này đã có: Lê A"):
        members.member_update(by=None, member=head, version=1, citizen_id="064000000001")


def test_two_corrections_of_different_fields_both_stay(village: Area) -> None:
    head = build.head_of(opened(village))
    members.member_update(by=None, member=head, version=1, work="contract")
    saved = members.member_update(by=None, member=head, version=1, schooling="none")
    assert (saved.work, saved.schooling) == ("contract", "none")
    with pytest.raises(EditConflict):
        members.member_update(by=None, member=head, version=1, work="unable")


def left(member: Member, because: str = MemberLeft.MOVED_OUT, on: datetime.date = DAY) -> Member:
    return members.member_leave(by=None, member=member, version=member.version, on=on, because=because)


def test_a_person_leaves_on_a_day_for_a_reason(village: Area) -> None:
    household = build.household(village.parent, village)
    wife = left(household.members.get(relation="spouse"), MemberLeft.DIED)
    line = household.history.get(kind=ChangeKind.MEMBER_OUT)
    assert (line.member, line.on, line.note) == (wife, DAY, "đã chết")
    assert household.members.present().count() == 3
    with pytest.raises(ValidationError, match="đã ra khỏi hộ từ ngày 01/06/2025, không sửa được nữa"):
        members.member_update(by=None, member=wife, version=wife.version, name="X")


def test_a_head_does_not_leave_while_others_stay(village: Area) -> None:
    household = build.household(village.parent, village)
    with pytest.raises(ValidationError) as refused:
        left(build.head_of(household))
    assert refusals(refused.value) == ["Nguyễn Văn A là chủ hộ, hộ còn 3 người: đổi chủ hộ trước, rồi ghi ra khỏi hộ."]


@pytest.mark.parametrize(
    ("because", "closed_because"),
    [("died", "dissolved"), ("moved_out", "moved_out"), ("mistake", "mistake")],
)
def test_the_last_person_closes_the_household(village: Area, because: str, closed_because: str) -> None:
    household = build.household(village.parent, village, persons=1)
    left(build.head_of(household), because)
    household.refresh_from_db()
    assert (household.closed_on, household.closed_because) == (DAY, closed_because)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": FUTURE}, "Ngày 01/01/2199 ở tương lai."),
        ({"on": datetime.date(2019, 1, 1)}, "Ngày 01/01/2019 trước ngày bắt đầu theo dõi hộ (01/01/2020)."),
        (
            {"because": "split"},
            "Tách hộ, nhập hộ thì dùng «Tách hộ», «Nhập hộ»; hoặc chọn lý do khác.",
        ),
    ],
)
def test_leaving_is_refused_in_words(village: Area, fields: dict[str, Any], sentence: str) -> None:
    household = build.household(village.parent, village)
    with pytest.raises(ValidationError) as refused:
        left(household.members.get(relation="spouse"), **fields)
    assert refusals(refused.value) == [sentence]


def test_who_joined_later_does_not_leave_before(village: Area) -> None:
    household = build.household(village.parent, village)
    child = members.member_add(
        by=None, household=household, **build.person("Bé", "child", joined_on=datetime.date(2025, 9, 1))
    )
    with pytest.raises(ValidationError, match=r"Bé vào hộ ngày 01/09/2025, sau ngày 01/06/2025"):
        left(child)


def test_a_number_is_free_again_when_its_bearer_has_left(village: Area) -> None:
    household = opened(village, build.person("Lê A", "head", citizen_id="064000000001"), opened_on=DAY)
    left(build.head_of(household))
    opened(village, build.person("Lê A", "head", citizen_id="064000000001"))
    assert HouseholdChange.objects.filter(household=household).count() == 3
