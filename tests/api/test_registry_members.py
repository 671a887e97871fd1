"""Members of a household by the API."""

import pytest
from rest_framework.test import APIClient

from households.models import AccessLog, Household, Member
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.api.conftest import client_of, errors_of, etag
from tests.factories import VillageFactory
from tests.households import build

HOUSEHOLDS = "/api/v1/households/"
STALE = {"If-Match": '"999"'}


def of(household: Household, action: str = "") -> str:
    return f"{HOUSEHOLDS}{household.pk}/{action}"


def person(member: Member, action: str = "") -> str:
    return f"/api/v1/members/{member.pk}/{action}"


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def household(commune: Area, village: Area) -> Household:
    return build.household(commune, village, persons=3, head="Đinh Văn Hrê")


@pytest.mark.parametrize("persons", [1, 3])
def test_members_ask_the_database_the_same_number_of_times(
    as_officer: APIClient, commune: Area, village: Area, persons: int, django_assert_num_queries
) -> None:
    household = build.household(commune, village, persons=persons)
    with django_assert_num_queries(5):  # session, user, grants, household, rows
        assert len(as_officer.get(of(household, "members/")).json()) == persons


def test_whole_citizen_numbers_go_to_who_enters_and_the_reading_is_logged(
    as_officer: APIClient, as_leader: APIClient, officer: User, household: Household
) -> None:
    head = build.head_of(household)
    number = build.citizen_id()
    Member.objects.filter(pk=head.pk).update(citizen_id=number)
    masked = f"{number[:4]}••••••{number[-2:]}"
    assert as_leader.get(of(household, "members/")).json()[0]["citizen_id"] == masked
    assert as_leader.get(person(head)).json()["citizen_id"] == masked
    assert not AccessLog.objects.exists()
    assert as_officer.get(of(household, "members/")).json()[0]["citizen_id"] == number
    log = AccessLog.objects.get()
    assert (log.user, log.unit, log.rows, log.what) == (officer, household.unit, 1, f"API, hộ {household.code}")
    first = as_officer.get(person(head))
    assert first.json()["citizen_id"] == number
    assert AccessLog.objects.count() == 2
    assert as_officer.get(person(head), headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert AccessLog.objects.count() == 2


def test_a_person_is_added_corrected_and_leaves(as_officer: APIClient, household: Household) -> None:
    body = {"name": "Đinh Thị Mới", "relation": "child", "birth_date": "2020-02-03", "sex": "female"}
    added = as_officer.post(of(household, "members/"), body)
    assert (added.status_code, added.json()["birth_year"], added.json()["position"]) == (201, 2020, 4)
    address = added["Location"]
    corrected = as_officer.patch(address, {"schooling": "preschool"}, headers=etag(as_officer, address))
    assert (corrected.status_code, corrected.json()["schooling"]) == (200, "preschool")
    left = as_officer.post(
        f"{address}leave/", {"on": "2024-05-01", "because": "moved_out"}, headers=etag(as_officer, address)
    )
    assert (left.status_code, left.json()["left_because"]) == (200, "moved_out")
    assert len(as_officer.get(of(household, "members/")).json()) == 3
    assert len(as_officer.get(of(household, "members/"), {"left": "true"}).json()) == 4


def test_insurance_numbers_are_as_personal_as_citizen_numbers(
    as_officer: APIClient, as_leader: APIClient, household: Household
) -> None:
    head = build.head_of(household)
    Member.objects.filter(pk=head.pk).update(insurance_number="0123456789")
    assert as_leader.get(person(head)).json()["insurance_number"] == "0123••••89"
    assert not AccessLog.objects.exists()
    assert as_officer.get(person(head)).json()["insurance_number"] == "0123456789"
    assert AccessLog.objects.get().rows == 1


def test_a_correction_of_a_person_on_an_older_version_shows_both(
    as_officer: APIClient, officer: User, household: Household
) -> None:
    head = build.head_of(household)
    mine = etag(as_officer, person(head))
    other = client_of(officer)
    assert other.patch(person(head), {"birth_year": 1979}, headers=mine).status_code == 200
    answer = as_officer.patch(person(head), {"birth_year": 1981}, headers=mine)
    assert answer.status_code == 412
    assert answer.json()["conflict"]["fields"] == [
        {"name": "birth_year", "label": "năm sinh", "theirs": 1979, "mine": 1981}
    ]


def test_a_conflict_that_shows_a_number_is_a_reading(as_officer: APIClient, household: Household) -> None:
    head = build.head_of(household)
    Member.objects.filter(pk=head.pk).update(citizen_id=build.citizen_id())
    assert as_officer.patch(person(head), {"name": "Đinh Văn Khác"}, headers=STALE).status_code == 412
    assert not AccessLog.objects.exists()
    answer = as_officer.patch(person(head), {"citizen_id": build.citizen_id()}, headers=STALE)
    assert answer.json()["conflict"]["fields"][0]["theirs"] == build.head_of(household).citizen_id
    assert AccessLog.objects.get().what == f"API, hộ {household.code}"


def test_a_number_that_somebody_bears_is_refused_as_on_the_page(as_officer: APIClient, household: Household) -> None:
    number = build.citizen_id()
    build.household(members=[build.person("Lê Văn Khác", "head", citizen_id=number)])
    body = {"name": "Đinh Thị Mới", "relation": "child", "citizen_id": number}
    answer = as_officer.post(of(household, "members/"), body)
    assert answer.status_code == 400
    assert "đơn vị khác" in errors_of(answer)["citizen_id"][0]


def test_a_second_head_and_a_head_that_leaves_are_refused(as_officer: APIClient, household: Household) -> None:
    body = {"name": "Đinh Thị Mới", "relation": "head"}
    assert errors_of(as_officer.post(of(household, "members/"), body)) == {
        "relation": ["Hộ đã có chủ hộ; dùng «Đổi chủ hộ»."]
    }
    head = build.head_of(household)
    leave = {"on": "2024-05-01", "because": "died"}
    answer = as_officer.post(person(head, "leave/"), leave, headers=etag(as_officer, person(head)))
    assert "đổi chủ hộ trước" in errors_of(answer)["all"][0]
