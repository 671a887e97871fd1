"""Target plans over the API: the same doors, sentences and versions as the pages."""

import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from households.choices import Category
from households.models import ExitDrive, ExitRegistration
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from targets.choices import PlanState, QuotaForm
from targets.models import IndicatorTarget, Quota, TargetPlan, TargetRow
from targets.services import quotas
from targets.services import tables as services
from tests.api.conftest import client_of, errors_of, etag
from tests.factories import VillageFactory, user_with
from tests.households import build
from tests.targets.consolidated_rows import PLANNED, planned

PLANS = "/api/v1/target-plans/"
YEAR = 2026


def of(plan: TargetPlan, part: str = "") -> str:
    return f"{PLANS}{plan.pk}/{part}"


def row_of(row: TargetRow) -> str:
    return f"/api/v1/target-rows/{row.pk}/"


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    village = VillageFactory(parent=commune, name="Thượng")
    plan = services.plan_open(by=None, unit=commune, year=YEAR)
    services.plan_describe(by=None, plan=plan, version=plan.version, source_note="Công an xã")
    services.row_set(by=None, plan=plan, place=village, **PLANNED)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def row(plan: TargetPlan) -> TargetRow:
    return plan.rows.get()


def test_a_plan_is_opened_once_with_a_row_for_each_place(as_officer: APIClient, commune: Area) -> None:
    VillageFactory(parent=commune)
    body = {"unit": commune.code, "year": YEAR}
    answer = as_officer.post(PLANS, body)
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == f"{PLANS}{answer.json()['id']}/"
    assert len(answer.json()["table"]["rows"]) == 1
    assert as_officer.post(PLANS, body).json()["id"] == answer.json()["id"]


def test_a_plan_shows_its_table_with_rates_from_counts(as_officer: APIClient, plan: TargetPlan) -> None:
    shown = as_officer.get(of(plan)).json()
    figures = shown["table"]["total"]
    assert (shown["state"], shown["source_note"]) == ("draft", "Công an xã")
    assert (figures["poor_households"], figures["poor_end"], figures["poor_end_rate"]) == (20, 15, "15.00")
    assert figures["minority_poor_rate"] is None
    assert [line["name"] for line in shown["table"]["rows"]] == ["Thượng"]


def test_plans_are_listed_by_unit_year_and_state(as_officer: APIClient, commune: Area, plan: TargetPlan) -> None:
    planned(commune, YEAR - 1)

    def found(query: str) -> list[int]:
        return [shown["year"] for shown in as_officer.get(f"{PLANS}{query}").json()["results"]]

    assert found("") == [YEAR, YEAR - 1]
    assert found(f"?unit={commune.code}&year={YEAR}") == [YEAR]
    assert found("?state=approved") == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(
    as_officer: APIClient, commune: Area, number: int, django_assert_num_queries: Any
) -> None:
    for year in range(YEAR, YEAR + number):
        planned(commune, year)
    with django_assert_num_queries(5):
        assert as_officer.get(PLANS).json()["count"] == number


def test_where_the_figures_come_from_is_changed_with_a_version(as_officer: APIClient, plan: TargetPlan) -> None:
    mine = etag(as_officer, of(plan))
    assert as_officer.patch(of(plan), {"source_note": "UBND xã"}, headers=mine).json()["source_note"] == "UBND xã"
    assert as_officer.patch(of(plan), {"source_note": "Khác"}, headers=mine).status_code == 412
    wrong = as_officer.patch(of(plan), {"source_paper": 1}, headers=etag(as_officer, of(plan)))
    assert errors_of(wrong) == {"source_paper": ["Không có văn bản mang mã này."]}


# Cells


def test_cells_are_written_on_the_version_that_was_read(as_officer: APIClient, row: TargetRow) -> None:
    mine = etag(as_officer, row_of(row))
    answer = as_officer.patch(row_of(row), {"poor_reduction": 7, "expected_households": None}, headers=mine)
    assert answer.status_code == 200, answer.content
    assert answer.json()["figures"]["poor_end"] == 13
    stale = as_officer.patch(row_of(row), {"poor_reduction": 1}, headers=mine)
    assert stale.status_code == 412
    assert stale.json()["conflict"]["fields"] == [
        {"name": "poor_reduction", "label": "số hộ nghèo giảm", "theirs": 7, "mine": 1}
    ]
    row.refresh_from_db()
    assert row.poor_reduction == 7


def test_a_cell_that_cannot_be_is_refused_with_the_sentence_of_the_page(as_officer: APIClient, row: TargetRow) -> None:
    answer = as_officer.patch(row_of(row), {"poor_reduction": 21}, headers=etag(as_officer, row_of(row)))
    assert answer.status_code == 400
    assert errors_of(answer) == {"poor_reduction": ["Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm."]}
    unknown = as_officer.patch(row_of(row), {"poor_rate": 1}, headers=etag(as_officer, row_of(row)))
    assert errors_of(unknown) == {"poor_rate": ["Không có trường này."]}


def test_a_closed_table_takes_no_cells(as_officer: APIClient, row: TargetRow) -> None:
    TargetPlan.objects.update(state=PlanState.SUBMITTED)
    answer = as_officer.patch(row_of(row), {"poor_reduction": 1}, headers=etag(as_officer, row_of(row)))
    assert answer.status_code == 400
    assert "chờ lãnh đạo duyệt" in errors_of(answer)["all"][0]


# Quotas and goals


def test_quotas_are_kept_as_assigned_corrected_and_removed(as_officer: APIClient, plan: TargetPlan) -> None:
    body = {"issuer": "province", "subject": "poor", "form": "end_rate", "rate": "11.91"}
    added = as_officer.post(of(plan, "quotas/"), body)
    assert added.status_code == 201, added.content
    address = added["Location"]
    assert added.json()["rate"] == "11.91"
    corrected = as_officer.patch(address, {"rate": "12.00"}, headers=etag(as_officer, address))
    assert corrected.json()["rate"] == "12.00"
    assert [quota["id"] for quota in as_officer.get(of(plan, "quotas/")).json()["results"]] == [added.json()["id"]]
    gone = as_officer.post(f"{address}remove/", headers=etag(as_officer, address))
    assert gone.status_code == 200
    assert not Quota.objects.exists()


def test_a_quota_without_its_number_is_refused(as_officer: APIClient, plan: TargetPlan) -> None:
    body = {"issuer": "province", "subject": "poor", "form": QuotaForm.HOUSEHOLDS}
    assert errors_of(as_officer.post(of(plan, "quotas/"), body)) == {"households": ["Giao số hộ thì ghi số hộ."]}


def test_goals_are_read_in_their_order(as_officer: APIClient, plan: TargetPlan) -> None:
    for position, text in enumerate(("100 % hộ nghèo có bảo hiểm y tế", "Ít nhất 20 lao động có việc làm")):
        IndicatorTarget.objects.create(plan=plan, unit=plan.unit, position=position, text=text, value=20)
    shown = as_officer.get(of(plan, "goals/")).json()["results"]
    assert [goal["position"] for goal in shown] == [0, 1]
    assert shown[0]["lead"] == ""


# The way to the version in force


def test_a_plan_is_submitted_returned_submitted_and_approved(
    as_officer: APIClient, as_leader: APIClient, plan: TargetPlan
) -> None:
    def done(client: APIClient, part: str, body: Any = None) -> Any:
        answer = client.post(of(plan, part), body or {}, headers=etag(client, of(plan)))
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert done(as_officer, "submit/", {"note": "Trình duyệt"})["state"] == "submitted"
    assert done(as_leader, "return/", {"reason": "Xem lại thôn Thượng"})["state"] == "returned"
    done(as_officer, "submit/")
    approved = done(as_leader, "approve/")
    versions = as_officer.get(of(plan, "versions/")).json()["results"]

    assert approved["state"] == "approved"
    assert [(version["number"], version["state"]) for version in versions] == [(2, "approved"), (1, "returned")]
    assert versions[1]["returned_because"] == "Xem lại thôn Thượng"
    assert approved["in_force"] == versions[0]["id"]
    frozen = as_officer.get(f"/api/v1/target-versions/{versions[0]['id']}/").json()
    assert frozen["table"]["total"]["poor_households"] == 20
    assert done(as_officer, "adjust/", {"reason": "Quyết định điều chỉnh"})["state"] == "draft"


def test_what_the_table_lacks_is_said_when_it_is_submitted(as_officer: APIClient, commune: Area) -> None:
    VillageFactory(parent=commune)
    empty = services.plan_open(by=None, unit=commune, year=YEAR)
    answer = as_officer.post(of(empty, "submit/"), {}, headers=etag(as_officer, of(empty)))
    assert answer.status_code == 400
    assert errors_of(answer)["all"]


def test_who_made_the_figures_never_approves_them(commune: Area, plan: TargetPlan) -> None:
    both = user_with(Role.OFFICER, commune)
    both.grants.create(role=Role.LEADER, area=commune, valid_from=commune.valid_from)
    client = client_of(both)
    client.post(of(plan, "submit/"), {}, headers=etag(client, of(plan)))
    answer = client.post(of(plan, "approve/"), headers=etag(client, of(plan)))
    assert answer.status_code == 400
    assert "không duyệt chính bảng đó" in errors_of(answer)["all"][0]


# The level above


def test_the_level_above_reads_its_units_in_one_answer(commune: Area, plan: TargetPlan) -> None:
    quotas.quota_add(by=None, plan=plan, issuer="province", subject="poor", form="households", households=8)
    area = Area.objects.get(pk=commune.parent_id)
    client = client_of(user_with(Role.REVIEWER, area))

    shown = client.get(f"/api/v1/consolidated/?unit={area.code}&year={YEAR}").json()

    assert shown["day"] == f"{YEAR}-12-31"
    line = shown["lines"][0]
    assert (line["code"], line["state"], line["is_missing"], line["villages"]) == (commune.code, "draft", True, 1)
    assert line["asked"] == [{"subject": "poor", "households": 8, "beyond": -3}]
    assert (line["figures"]["poor_end_rate"], line["before"]) == ("15.00", None)
    assert shown["total"]["poor_households"] == 20


def test_a_commune_has_no_units_below(as_officer: APIClient, commune: Area) -> None:
    assert as_officer.get(f"/api/v1/consolidated/?unit={commune.code}").json()["lines"] == []


@pytest.mark.parametrize("number", [1, 3])
def test_registrations_to_escape_are_read_with_the_same_number_of_queries(
    as_officer: APIClient, commune: Area, number: int, django_assert_num_queries: Any
) -> None:
    village = VillageFactory(parent=commune)
    day = datetime.date(YEAR, 3, 1)
    drive = ExitDrive.objects.create(unit=commune, year=YEAR, opened_on=day)
    for _ in range(number):
        home = build.household(commune, village, opened_on=day)
        ExitRegistration.objects.create(
            unit=commune,
            drive=drive,
            household=home,
            village=village,
            category=Category.POOR,
            registered_on=day,
            signer="Lê Thị Ký",
        )
    with django_assert_num_queries(6):
        shown = as_officer.get(f"/api/v1/exit-registrations/?unit={commune.code}&year={YEAR}").json()
    assert shown["count"] == number
    assert (shown["results"][0]["category"], shown["results"][0]["signer"]) == ("poor", "Lê Thị Ký")
    assert shown["results"][0]["head"]
