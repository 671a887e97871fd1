"""The register of requests over the API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from households.models import Request
from households.services.rounds import round_cancel
from tests.api.conftest import World, errors_of, etag
from tests.households import build

REQUESTS = "/api/v1/requests/"


def body(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "unit": world.unit.code,
        "year": 2024,
        "kind": "form_04",
        "channel": "post",
        "received_on": "2024-09-25",
        "due_on": "2024-10-10",
        "applicant": "Trần Văn Xin",
        "village": world.village.pk,
    } | changes


def of(world: World, action: str = "") -> str:
    return f"{REQUESTS}{world.request.pk}/{action}"


def test_a_request_is_taken_in_for_a_household_and_joins_the_open_round(as_officer: APIClient, world: World) -> None:
    sent = body(world, household=world.household.pk)
    sent.pop("village")
    answer = as_officer.post(REQUESTS, sent)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["village"], made["household"], made["round"], made["result"]) == (
        world.village.pk,
        world.household.pk,
        world.round.pk,
        "",
    )
    assert as_officer.get(answer["Location"])["ETag"] == answer["ETag"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_asks_the_database_the_same_number_of_times(
    as_officer: APIClient, world: World, number: int, django_assert_num_queries
) -> None:
    for place in range(number - 1):
        assert as_officer.post(REQUESTS, body(world, applicant=f"Người {'AB'[place]}")).status_code == 201
    with django_assert_num_queries(6):  # session, user, grants, unit, count, rows
        assert as_officer.get(REQUESTS, {"unit": world.unit.code}).json()["count"] == number


def test_the_register_is_narrowed(as_officer: APIClient, world: World) -> None:
    as_officer.post(REQUESTS, body(world))

    def found(**asked: Any) -> int:
        return as_officer.get(REQUESTS, asked).json()["count"]

    assert found() == found(unit=world.unit.code, state="open") == 2
    assert found(kind="form_04") == found(received_from="2024-09-21") == found(received_to="2024-09-20") == 1
    assert found(state="answered") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_on": "2099-01-01", "due_on": "2099-02-01"}, "received_on"),
        ({"due_on": "2024-09-01"}, "due_on"),
        ({"village": None}, "village"),
        ({"kind": "form_99"}, "kind"),
        ({"applicant": ""}, "applicant"),
        ({"household": 999_999}, "household"),
        ({"member": 999_999}, "member"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    as_officer: APIClient, world: World, changes: dict[str, Any], field: str
) -> None:
    answer = as_officer.post(REQUESTS, body(world) | changes)
    assert answer.status_code == 400
    assert field in errors_of(answer)
    assert Request.objects.count() == 1


def test_a_household_of_another_unit_cannot_be_named(as_officer: APIClient, world: World) -> None:
    foreign = build.household()
    answer = as_officer.post(REQUESTS, body(world, household=foreign.pk))
    assert errors_of(answer) == {"household": ["Đơn vị không có hộ mang mã này."]}


def test_a_request_is_corrected_on_its_version_and_refused_on_an_older_one(as_officer: APIClient, world: World) -> None:
    mine = etag(as_officer, of(world))
    corrected = as_officer.patch(of(world), {"applicant": "Lê Thị Nộp Đơn"}, headers=mine)
    assert (corrected.status_code, corrected.json()["applicant"]) == (200, "Lê Thị Nộp Đơn")
    refused = as_officer.patch(of(world), {"applicant": "Lê Thị Khác"}, headers=mine)
    assert refused.status_code == 412
    assert refused.json()["conflict"]["fields"][0]["theirs"] == "Lê Thị Nộp Đơn"
    assert refused.json()["conflict"]["fields"][0]["mine"] == "Lê Thị Khác"


def test_what_a_round_reviews_is_answered_by_its_recognition(as_officer: APIClient, world: World) -> None:
    answered = {"result": "refused", "on": "2024-10-10", "reason": "Không đủ điều kiện"}
    answer = as_officer.post(of(world, "answer/"), answered, headers=etag(as_officer, of(world)))
    assert answer.status_code == 400
    assert "có khi" in errors_of(answer)["result"][0]


def test_a_request_outside_a_round_is_refused_with_its_reason(as_officer: APIClient, world: World) -> None:
    round_cancel(by=None, round=world.round, version=world.round.version, reason="Mở nhầm")
    without = as_officer.post(
        of(world, "answer/"), {"result": "refused", "on": "2024-10-10"}, headers=etag(as_officer, of(world))
    )
    assert errors_of(without) == {"reason": ["Không công nhận thì ghi lý do."]}
    answered = {"result": "refused", "on": "2024-10-10", "reason": "Không đủ điều kiện"}
    done = as_officer.post(of(world, "answer/"), answered, headers=etag(as_officer, of(world)))
    assert (done.status_code, done.json()["result"], done.json()["refusal_reason"]) == (
        200,
        "refused",
        "Không đủ điều kiện",
    )
