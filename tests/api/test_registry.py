"""Households and members over the API: the same services, the same refusals, versions as ETag and If-Match."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from households.choices import HouseholdClosed
from households.models import Household, HouseholdChange, Member
from households.services import members, moves
from households.services.registry import household_update
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.api.views import ApiView
from tests.api.conftest import World, errors_of, etag
from tests.factories import VillageFactory
from tests.households import build

HOUSEHOLDS = "/api/v1/households/"
DAY = datetime.date(2024, 5, 1)
STALE = {"If-Match": '"999"'}


def of(household: Household, action: str = "") -> str:
    return f"{HOUSEHOLDS}{household.pk}/{action}"


def version_of(household: Household) -> int:
    return Household.objects.get(pk=household.pk).version


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def household(commune: Area, village: Area) -> Household:
    return build.household(commune, village, persons=3, head="Đinh Văn Hrê")


def opened(unit: Area, village: Area, **changes: Any) -> dict[str, Any]:
    body = {
        "unit": unit.code,
        "year": 2026,
        "village": village.pk,
        "address": "Tổ 2",
        "opened_on": "2024-03-01",
        "members": [{"name": "Đinh Văn Hrê", "relation": "head", "sex": "male", "birth_year": 1980}],
    }
    return body | changes


# Lists


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(
    as_officer: APIClient, commune: Area, village: Area, number: int, django_assert_num_queries
) -> None:
    for place in range(number):
        build.household(commune, village, head=f"Nguyễn Văn {'ABC'[place]}")
    with django_assert_num_queries(6):  # session, user, grants, unit, count, rows
        rows = as_officer.get(HOUSEHOLDS, {"unit": commune.code}).json()["results"]
    assert [(row["head_name"], row["persons"]) for row in rows] == [
        (f"Nguyễn Văn {letter}", 4) for letter in "ABC"[:number]
    ]


def test_households_are_found_by_name_village_state_and_number(
    as_officer: APIClient, commune: Area, village: Area, household: Household
) -> None:
    elsewhere = build.household(commune, VillageFactory(parent=commune), head="Trần Thị Bê")
    number = build.citizen_id()
    Member.objects.filter(household=household, relation="head").update(citizen_id=number)

    def found(**asked: Any) -> list[int]:
        rows = as_officer.get(HOUSEHOLDS, {"unit": commune.code} | asked).json()["results"]
        return [row["id"] for row in rows]

    assert found() == [household.pk, elsewhere.pk]
    assert found(q="dinh hre") == found(q=number) == found(village=village.pk) == [household.pk]
    assert found(q=elsewhere.code) == [elsewhere.pk]
    assert found(state="closed") == []


def test_a_list_without_a_unit_or_with_a_village_of_another_is_refused(
    as_officer: APIClient, commune: Area, household: Household
) -> None:
    assert errors_of(as_officer.get(HOUSEHOLDS)) == {"unit": ["Thiếu trường này."]}
    foreign = VillageFactory()
    answer = as_officer.get(HOUSEHOLDS, {"unit": commune.code, "village": foreign.pk})
    assert answer.status_code == 400
    assert "không có thôn mang mã này" in errors_of(answer)["village"][0]


# Opening and correcting


def test_a_household_is_opened_with_its_members(as_officer: APIClient, commune: Area, village: Area) -> None:
    build.standard()
    body = opened(commune, village)
    body["members"] += [{"name": "Đinh Thị Y", "relation": "spouse", "sex": "female", "ethnicity": "Bana"}]
    answer = as_officer.post(HOUSEHOLDS, body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["head_name"], made["persons"], made["unit_code"]) == ("Đinh Văn Hrê", 2, commune.code)
    assert answer["Location"] == f"{HOUSEHOLDS}{made['id']}/"
    assert answer["ETag"] == as_officer.get(answer["Location"])["ETag"]
    members = as_officer.get(f"{answer['Location']}members/").json()
    assert (members[1]["ethnicity"]["name"], members[1]["ethnicity"]["is_minority"]) == ("Ba Na", True)


@pytest.mark.parametrize(("sent", "kind"), [({}, "opened"), ({"kind": "moved_in"}, "moved_in")])
def test_who_comes_from_elsewhere_is_told_from_who_lived_here(
    as_officer: APIClient, commune: Area, village: Area, sent: dict[str, str], kind: str
) -> None:
    assert as_officer.post(HOUSEHOLDS, opened(commune, village, **sent)).status_code == 201
    assert HouseholdChange.objects.get().kind == kind
    merged = as_officer.post(HOUSEHOLDS, opened(commune, village, kind="merged"))
    assert set(errors_of(merged)) == {"kind"}


def test_what_is_wrong_is_said_by_field_and_person_and_nothing_is_written(
    as_officer: APIClient, commune: Area, village: Area
) -> None:
    body = opened(commune, village, phone="123", opened_on="2099-01-01")
    body["members"][0] |= {"citizen_id": "123456789", "birth_date": "2099-01-01", "birth_year": None}
    answer = as_officer.post(HOUSEHOLDS, body)
    assert answer.status_code == 400
    errors = errors_of(answer)
    assert set(errors) == {"phone", "opened_on", "members.0.citizen_id", "members.0.birth_date"}
    assert "chứng minh nhân dân cũ" in errors["members.0.citizen_id"][0]
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"members": []}, {"members": ["Hộ chưa có người nào: ghi ít nhất chủ hộ."]}),
        ({"members": "A"}, {"members": ["Phải là danh sách."]}),
        ({"members": [{"relation": "head"}]}, {"members.0.name": ["Thiếu trường này."]}),
        (
            {"members": [{"name": "A", "relation": "boss"}]},
            {"members.0.relation": ["«boss» không có trong các giá trị được nhận."]},
        ),
        (
            {"members": [{"name": "A", "relation": "head", "ethnicity": "Klingon"}]},
            {"members.0.ethnicity": ["Không có dân tộc «Klingon» trong danh mục 54 dân tộc."]},
        ),
        ({"village": 0}, {"village": ["Phải từ 1 trở lên."]}),
        ({"adress": "x"}, {"adress": ["Không có trường này."]}),
        ({"address": "Nguy©n"}, None),
    ],
)
def test_bad_bodies_are_refused_in_vietnamese(
    as_officer: APIClient, commune: Area, village: Area, changes: dict[str, Any], errors: dict[str, Any] | None
) -> None:
    answer = as_officer.post(HOUSEHOLDS, opened(commune, village) | changes)
    assert answer.status_code == 400
    if errors is None:
        assert "không phải Unicode" in errors_of(answer)["address"][0]
    else:
        assert errors_of(answer) == errors


def test_a_body_that_is_no_object_is_refused(as_officer: APIClient) -> None:
    assert as_officer.post(HOUSEHOLDS, [1, 2]).status_code == 400


def test_a_correction_raises_the_version_and_names_it(as_officer: APIClient, household: Household) -> None:
    before = etag(as_officer, of(household))
    answer = as_officer.patch(of(household), {"phone": "0912 345 678", "note": ""}, headers=before)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["phone"], answer.json()["version"]) == ("0912345678", household.version + 1)
    assert answer["ETag"] != before["If-Match"]


def test_a_correction_on_an_older_version_is_refused_with_both_values(
    as_officer: APIClient, leader: User, officer: User, household: Household
) -> None:
    mine = etag(as_officer, of(household))
    household_update(by=officer, household=household, version=household.version, note="Chuyển sổ")
    answer = as_officer.patch(of(household), {"note": "Nhà mới", "phone": ""}, headers=mine)
    assert answer.status_code == 412
    conflict = answer.json()["conflict"]
    assert (conflict["who"], conflict["version"]) == (str(officer), household.version + 1)
    assert conflict["when"]
    assert conflict["fields"] == [{"name": "note", "label": "ghi chú", "theirs": "Chuyển sổ", "mine": "Nhà mới"}]
    assert "Chưa ghi gì" in errors_of(answer)["all"][0]
    household.refresh_from_db()
    assert household.note == "Chuyển sổ"


def test_a_change_of_another_field_on_an_older_version_is_refused_too(
    as_officer: APIClient, officer: User, household: Household
) -> None:
    """RFC 9110, 13.1.1: a method whose If-Match fails is not carried out."""
    mine = etag(as_officer, of(household))
    household_update(by=officer, household=household, version=household.version, note="Chuyển sổ")
    answer = as_officer.patch(of(household), {"address": "Tổ 9"}, headers=mine)
    assert answer.status_code == 412
    assert [field["name"] for field in answer.json()["conflict"]["fields"]] == ["address"]


def test_a_change_between_the_look_and_the_write_is_caught_by_the_service(
    as_officer: APIClient, officer: User, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_saves(view: ApiView, row: Household, changes: Any = None) -> int:
        household_update(by=None, household=row, version=row.version, note="Chuyển sổ")
        return row.version

    monkeypatch.setattr(ApiView, "version", somebody_saves)
    answer = as_officer.patch(of(household), {"note": "Nhà mới"}, headers=etag(as_officer, of(household)))
    assert answer.status_code == 412
    assert answer.json()["conflict"]["fields"][0]["theirs"] == "Chuyển sổ"


@pytest.mark.parametrize("tag", ["", "*", "7", '"abc"', 'W/"x"'])
def test_what_is_no_version_is_asked_for(as_officer: APIClient, household: Household, tag: str) -> None:
    headers = {"If-Match": tag} if tag else {}
    answer = as_officer.patch(of(household), {"note": "x"}, headers=headers)
    assert answer.status_code == 428
    assert "If-Match" in errors_of(answer)["all"][0]


def test_a_tag_weakened_by_compression_is_taken_back(as_officer: APIClient, household: Household) -> None:
    weak = {"If-Match": f"W/{as_officer.get(of(household))['ETag']}"}
    assert as_officer.patch(of(household), {"note": "x"}, headers=weak).status_code == 200


# What happens to a household


def test_a_household_moves_splits_changes_head_and_merges_back(
    as_officer: APIClient, commune: Area, household: Household
) -> None:
    there = VillageFactory(parent=commune)
    moved = as_officer.post(
        of(household, "move/"), {"village": there.pk, "on": "2024-05-01"}, headers=etag(as_officer, of(household))
    )
    assert (moved.status_code, moved.json()["village"]) == (200, there.pk)
    head, wife, child = household.members.present().order_by("position")
    changed = as_officer.post(
        of(household, "head/"),
        {"member": wife.pk, "on": "2024-06-01", "relations": {str(head.pk): "spouse"}},
        headers=etag(as_officer, of(household)),
    )
    assert (changed.status_code, changed.json()["head_name"]) == (200, wife.name)
    split = as_officer.post(
        of(household, "split/"),
        {"member_ids": [child.pk], "head_id": child.pk, "on": "2024-07-01"},
        headers=etag(as_officer, of(household)),
    )
    assert (split.status_code, split.json()["head_name"], split.json()["persons"]) == (201, child.name, 1)
    new = split["Location"]
    body = {"into": household.pk, "into_version": version_of(household), "on": "2024-08-01"}
    merged = as_officer.post(f"{new}merge/", body, headers=etag(as_officer, new))
    assert (merged.status_code, merged.json()["id"], merged.json()["persons"]) == (200, household.pk, 3)
    assert as_officer.get(new).json()["closed_because"] == HouseholdClosed.MERGED


def test_a_household_is_closed_and_followed_again(as_officer: APIClient, household: Household) -> None:
    body = {"on": "2024-05-01", "because": "moved_out"}
    closed = as_officer.post(of(household, "close/"), body, headers=etag(as_officer, of(household)))
    assert (closed.status_code, closed.json()["closed_on"], closed.json()["persons"]) == (200, "2024-05-01", 3)
    again = as_officer.post(of(household, "reopen/"), {"on": "2024-06-01"}, headers=etag(as_officer, of(household)))
    assert (again.status_code, again.json()["closed_on"], again.json()["persons"]) == (200, None, 3)


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("move/", {"village": 1, "on": "2024-05-01"}),
        ("split/", {"member_ids": [1], "head_id": 1, "on": "2024-05-01"}),
        ("merge/", {"into": 1, "into_version": 1, "on": "2024-05-01"}),
        ("head/", {"member": 1, "on": "2024-05-01"}),
        ("close/", {"on": "2024-05-01", "because": "moved_out"}),
        ("reopen/", {"on": "2024-05-01"}),
    ],
)
def test_an_action_on_another_version_is_refused(
    as_officer: APIClient, household: Household, action: str, body: dict[str, Any]
) -> None:
    assert as_officer.post(of(household, action), body, headers=STALE).status_code == 412


def added(household: Household) -> None:
    members.member_add(by=None, household=household, **build.person("Đinh Thị Mới"))


def corrected(household: Household) -> None:
    wife = household.members.get(relation="spouse")
    members.member_update(by=None, member=wife, version=wife.version, relation="other")


def gone(household: Household) -> None:
    wife = household.members.get(relation="spouse")
    members.member_leave(by=None, member=wife, version=wife.version, on=DAY, because="died")


def split_off(household: Household) -> None:
    wife = household.members.get(relation="spouse")
    common: dict[str, Any] = {"household": household, "version": household.version, "on": DAY, "relations": {}}
    moves.household_split(by=None, member_ids=[wife.pk], head_id=wife.pk, **common)


def under_another_head(household: Household) -> None:
    wife = household.members.get(relation="spouse")
    common: dict[str, Any] = {"household": household, "version": household.version, "on": DAY, "relations": {}}
    moves.head_change(by=None, member=wife, **common)


def joined_by_others(household: Household) -> None:
    other = build.household(household.unit, household.village, persons=1)
    common: dict[str, Any] = {"household": other, "version": other.version, "on": DAY, "relations": {}}
    moves.household_merge(by=None, into=household, into_version=household.version, **common)


@pytest.mark.parametrize("act", [added, corrected, gone, split_off, under_another_head, joined_by_others])
@pytest.mark.parametrize("action", ["head/", "split/", "merge/"])
def test_who_read_the_household_before_its_people_changed_is_refused(
    as_officer: APIClient, household: Household, action: str, act: Callable[[Household], None]
) -> None:
    mine = etag(as_officer, of(household))
    child = household.members.get(relation="child")
    other = build.household(household.unit, household.village)
    bodies = {
        "head/": {"member": child.pk},
        "split/": {"member_ids": [child.pk], "head_id": child.pk},
        "merge/": {"into": other.pk, "into_version": other.version},
    }
    act(household)
    late = as_officer.post(of(household, action), bodies[action] | {"on": "2025-06-01"}, headers=mine)
    assert late.status_code == 412
    into = {"into": household.pk, "into_version": 1, "on": "2025-06-01"}
    answer = as_officer.post(of(other, "merge/"), into, headers=etag(as_officer, of(other)))
    assert (answer.status_code, answer.json()["conflict"]["version"]) == (412, version_of(household))


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("move/", {"on": "2024-05-01"}, "village"),
        ("split/", {"member_ids": [], "head_id": 1, "on": "2024-05-01"}, "member_ids"),
        ("split/", {"member_ids": [1], "head_id": 1, "on": "2024-05-01", "relations": {"x": "child"}}, "relations"),
        ("merge/", {"into": 999_999, "into_version": 1, "on": "2024-05-01"}, "into"),
        ("merge/", {"into": 999_999, "on": "2024-05-01"}, "into_version"),
        ("head/", {"member": 999_999, "on": "2024-05-01"}, "member"),
        ("close/", {"on": "2024-05-01", "because": "merged"}, "because"),
        ("close/", {"on": "2019-05-01", "because": "moved_out"}, "on"),
    ],
)
def test_the_services_refusals_come_through_by_field(
    as_officer: APIClient, household: Household, action: str, body: dict[str, Any], field: str
) -> None:
    answer = as_officer.post(of(household, action), body, headers=etag(as_officer, of(household)))
    assert answer.status_code == 400
    assert field in errors_of(answer)


def test_a_household_of_a_stranger_takes_nobody_in(as_officer: APIClient, household: Household) -> None:
    foreign = build.household()
    body = {"into": foreign.pk, "into_version": foreign.version, "on": "2024-05-01"}
    answer = as_officer.post(of(household, "merge/"), body, headers=etag(as_officer, of(household)))
    assert errors_of(answer) == {"into": ["Không có hộ mang mã này."]}


def test_a_row_of_the_world_is_read_as_it_stands(world: World, as_leader: APIClient) -> None:
    shown = as_leader.get(of(world.household)).json()
    assert (shown["id"], shown["code"], shown["village_name"]) == (
        world.household.pk,
        world.household.code,
        world.village.name,
    )
