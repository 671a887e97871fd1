"""What people do to a household by its pages: correct, split, merge, move, close."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household, Member
from households.services import members, moves
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild, unit_merge
from tests.factories import VillageFactory
from tests.households import build

pytestmark = pytest.mark.django_db
YEAR = 2026
DAY = datetime.date(2025, 6, 1)


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune, name="Đông")


@pytest.fixture
def household(village: Area) -> Household:
    return build.household(village.parent, village)


def address(name: str, unit: Area, *keys: int) -> str:
    return reverse(f"households:{name}", args=[unit.code, YEAR, *keys])


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
