"""Remarks, allocation, goals and deprivations of a plan over the API, and an adjustment that is dropped."""

from typing import Any

import pghistory.models
import pytest
from rest_framework.test import APIClient

from households.models import Household, Indicator
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.offices.models import Department
from povertyplan.offices.services import office_add
from targets.choices import PlanState
from targets.models import Comment, DeprivationOwner, IndicatorActual, IndicatorTarget, TargetPlan
from targets.services import review
from targets.services import tables as services
from tests.api.conftest import errors_of, etag
from tests.factories import CommuneFactory, VillageFactory
from tests.households import years
from tests.households.answers import answer, indicators
from tests.targets.consolidated_rows import PLANNED

YEAR = 2025
# households, poor and near-poor of villages
VILLAGES = ((100, 30, 20), (200, 20, 10), (100, 10, 0))


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    villages = [VillageFactory(parent=commune, name=f"Làng {number}") for number in range(len(VILLAGES))]
    plan = services.plan_open(by=None, unit=commune, year=YEAR)
    for village, (households, poor, near) in zip(villages, VILLAGES, strict=True):
        counts = PLANNED | {"households": households, "poor_households": poor, "near_poor_households": near}
        counts |= {"poor_reduction": None, "near_poor_reduction": 0}
        services.row_set(by=None, plan=plan, place=village, **counts)
    services.plan_describe(by=None, plan=plan, version=plan.version, source_note="Công an xã")
    plan.refresh_from_db()
    return plan


def of(plan: TargetPlan, part: str = "") -> str:
    return f"/api/v1/target-plans/{plan.pk}/{part}"


def reductions(plan: TargetPlan) -> list[int | None]:
    return list(plan.rows.order_by("place__position").values_list("poor_reduction", flat=True))


def actions(row: Any) -> set[str]:
    return {event.pgh_context["action"] for event in pghistory.models.Events.objects.tracks(row)}


# Remarks


def test_a_remark_on_a_cell_is_said_by_the_leader_and_closed_by_the_unit(
    as_officer: APIClient, as_leader: APIClient, plan: TargetPlan, leader: User
) -> None:
    row = plan.rows.order_by("pk")[0]
    body = {"row": row.pk, "column": "poor_reduction", "text": "Giảm quá ít"}
    said = as_leader.post(of(plan, "comments/"), body)
    assert said.status_code == 201, said.content
    assert (said.json()["author"], said.json()["closed_at"]) == (str(leader), None)
    address = said["Location"]
    stale = etag(as_officer, address)
    assert set(errors_of(as_officer.post(f"{address}close/", {"answer": " "}, headers=stale))) == {"answer"}
    closed = as_officer.post(f"{address}close/", {"answer": "Đã sửa"}, headers=stale)
    assert (closed.status_code, closed.json()["answer"]) == (200, "Đã sửa")
    assert as_officer.post(f"{address}close/", {"answer": "Khác"}, headers=stale).status_code == 412
    again = as_officer.post(f"{address}close/", {"answer": "Khác"}, headers=etag(as_officer, address))
    assert errors_of(again) == {"all": ["Góp ý này đã xử lý."]}
    assert "target_comment.close" in actions(Comment.objects.get())
    assert [shown["id"] for shown in as_officer.get(of(plan, "comments/")).json()["results"]] == [said.json()["id"]]


def test_a_remark_is_of_a_row_of_the_plan_and_says_something(as_leader: APIClient, plan: TargetPlan) -> None:
    other = services.plan_open(by=None, unit=plan.unit, year=YEAR + 1).rows.first()
    assert other is not None
    elsewhere = as_leader.post(of(plan, "comments/"), {"row": other.pk, "text": "Xem lại"})
    assert errors_of(elsewhere) == {"row": ["Dòng này không thuộc bảng."]}
    column = as_leader.post(of(plan, "comments/"), {"column": "poor_reduction", "text": "Xem lại"})
    assert errors_of(column) == {"column": ["Chọn dòng của ô được góp ý."]}
    assert set(errors_of(as_leader.post(of(plan, "comments/"), {"column": "poor_rate"}))) == {"column", "text"}


@pytest.mark.parametrize("number", [1, 3])
def test_remarks_are_listed_with_the_same_number_of_queries(
    as_officer: APIClient, plan: TargetPlan, leader: User, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        Comment.objects.create(unit=plan.unit, plan=plan, by=leader, text="Xem lại")
    with django_assert_num_queries(6):
        assert as_officer.get(of(plan, "comments/")).json()["count"] == number


# Allocation


def taken(shown: dict[str, Any], method: str, shares: list[int] | None = None) -> dict[str, Any]:
    """What a program sends back of what it saw."""
    seen = next((one for one in shown["methods"] if one["method"] == method), shown["methods"][0])
    numbers = shares or [share["households"] for share in seen["shares"]]
    return {
        "kind": shown["kind"],
        "method": method,
        "households": shown["households"],
        "shares": [
            {"place": row["place"], "version": row["version"], "households": number}
            for row, number in zip(shown["rows"], numbers, strict=True)
        ],
    }


def test_methods_stand_side_by_side_with_the_reason_of_each_share(as_officer: APIClient, plan: TargetPlan) -> None:
    shown = as_officer.get(of(plan, "allocation/?households=12")).json()
    assert [one["method"] for one in shown["methods"]] == ["equal_end_rate", "proportional"]
    assert [one["method"] for one in shown["refused"]] == ["weighted", "registered"]
    shares = shown["methods"][1]["shares"]
    assert [share["households"] for share in shares] == [6, 4, 2]
    assert (shares[0]["sentence"], shares[0]["end_rate"]) == ("30 hộ nghèo / 60 × 12 = 6,00 → 6", "24.00")
    assert [row["stored"] for row in shown["rows"]] == [None, None, None]
    assert reductions(plan) == [None, None, None]


def test_without_a_number_the_strictest_quota_says_how_many(as_officer: APIClient, plan: TargetPlan) -> None:
    unasked = as_officer.get(of(plan, "allocation/")).json()
    assert (unasked["households"], unasked["methods"]) == (None, [])
    for issuer, households in (("province", 12), ("party_committee", 15)):
        body = {"issuer": issuer, "subject": "poor", "form": "households", "households": households}
        assert as_officer.post(of(plan, "quotas/"), body).status_code == 201
    shown = as_officer.get(of(plan, "allocation/")).json()
    assert shown["households"] == 15
    assert shown["asked_for"].startswith("Giao giảm 15 hộ")


def test_what_is_asked_wrongly_is_said_at_its_place(as_officer: APIClient, plan: TargetPlan) -> None:
    wrong = as_officer.get(of(plan, "allocation/?kind=minority_poor&weight=0.5&number=3"))
    assert wrong.status_code == 400
    assert errors_of(wrong).keys() == {"number"}
    assert errors_of(as_officer.get(of(plan, "allocation/?kind=minority_poor&weight=0.5"))).keys() == {"kind", "weight"}


def test_a_method_is_taken_as_it_was_seen(as_officer: APIClient, plan: TargetPlan) -> None:
    shown = as_officer.get(of(plan, "allocation/?households=12")).json()
    answer = as_officer.post(of(plan, "allocation/"), taken(shown, "proportional"))
    assert answer.status_code == 200, answer.content
    assert answer.json()["table"]["total"]["poor_reduction"] == 12
    assert reductions(plan) == [6, 4, 2]
    assert "allocation.poor.proportional" in actions(plan.rows.all()[0])


def test_a_row_changed_since_is_a_conflict_and_nothing_is_written(as_officer: APIClient, plan: TargetPlan) -> None:
    body = taken(as_officer.get(of(plan, "allocation/?households=12")).json(), "proportional")
    row = plan.rows.order_by("place__position")[0]
    services.cells_change(by=None, plan=plan, changes={row.pk: (row.version, {"poor_reduction": 9})})
    stale = as_officer.post(of(plan, "allocation/"), body)
    assert stale.status_code == 412
    assert stale.json()["conflict"]["fields"][0]["theirs"] == 9
    assert reductions(plan) == [9, None, None]


def test_shares_that_the_method_does_not_give_or_that_do_not_add_up_are_refused(
    as_officer: APIClient, plan: TargetPlan
) -> None:
    shown = as_officer.get(of(plan, "allocation/?households=12")).json()
    other = as_officer.post(of(plan, "allocation/"), taken(shown, "proportional", [12, 0, 0]))
    assert "kết quả khác với lúc xem" in errors_of(other)["all"][0]
    sums = as_officer.post(of(plan, "allocation/"), taken(shown, "by_hand", [12, 1, 0]))
    assert "Cộng lại 13 hộ, thừa 1 hộ so với 12 hộ" in errors_of(sums)["all"][0]
    body = taken(shown, "by_hand", [12, 0, 0])
    twice = as_officer.post(of(plan, "allocation/"), body | {"shares": [body["shares"][0]] * 2})
    assert errors_of(twice) == {"shares": ["Mỗi nơi một dòng."]}
    assert reductions(plan) == [None, None, None]
    assert as_officer.post(of(plan, "allocation/"), body).status_code == 200
    assert reductions(plan) == [12, 0, 0]


# Goals


GOAL = {"text": "Ít nhất 20 lao động có việc làm", "scope": "listed", "unit_of_value": "persons", "value": "20"}


def test_a_goal_is_added_changed_and_removed(as_officer: APIClient, plan: TargetPlan) -> None:
    lead = office_add(by=None, unit=plan.unit, model=Department, name="Phòng Kinh tế")
    added = as_officer.post(of(plan, "goals/"), GOAL | {"comparison": "at_least", "lead_department": lead.pk})
    assert added.status_code == 201, added.content
    assert (added.json()["lead"], added.json()["value"]) == ("Phòng Kinh tế", "20.00")
    address = added["Location"]
    mine = etag(as_officer, address)
    assert as_officer.patch(address, {"value": "25"}, headers=mine).json()["value"] == "25.00"
    stale = as_officer.patch(address, {"value": "30"}, headers=mine)
    assert (stale.status_code, stale.json()["conflict"]["fields"][0]["theirs"]) == (412, "25.00")
    gone = as_officer.post(f"{address}remove/", headers=etag(as_officer, address))
    assert (gone.status_code, gone.json()["id"]) == (200, added.json()["id"])
    assert not IndicatorTarget.objects.exists()


def test_a_goal_is_refused_with_the_sentences_of_the_page(as_officer: APIClient, plan: TargetPlan) -> None:
    wrong = as_officer.post(of(plan, "goals/"), GOAL | {"comparison": "at_least", "value": "20.5", "text": ""})
    assert errors_of(wrong) == {"value": ["Số đếm không có phần lẻ."]}
    stranger = office_add(by=None, unit=CommuneFactory(), model=Department, name="Phòng khác")
    other = as_officer.post(of(plan, "goals/"), GOAL | {"comparison": "at_least", "lead_department": stranger.pk})
    assert errors_of(other) == {"lead_department": ["Năm đó đơn vị không có phòng, ban mang mã này."]}
    TargetPlan.objects.update(state=PlanState.SUBMITTED)
    closed = as_officer.post(of(plan, "goals/"), GOAL | {"comparison": "at_least"})
    assert "chờ lãnh đạo duyệt" in errors_of(closed)["all"][0]


def test_what_was_reached_is_reported_with_its_source_also_after_approval(
    as_officer: APIClient, plan: TargetPlan
) -> None:
    goal = IndicatorTarget.objects.create(plan=plan, unit=plan.unit, **GOAL)
    TargetPlan.objects.update(state=PlanState.SUBMITTED)
    address = f"/api/v1/target-goals/{goal.pk}/actuals/"
    no_source = as_officer.post(address, {"on": f"{YEAR}-06-30", "value": "12"})
    assert errors_of(no_source) == {"source": ["Thiếu trường này."]}
    added = as_officer.post(address, {"on": f"{YEAR}-06-30", "value": "12", "source": "Báo cáo 15/BC-UBND"})
    assert added.status_code == 201, added.content
    of_actual = added["Location"]
    changed = as_officer.patch(of_actual, {"value": "14"}, headers=etag(as_officer, of_actual))
    assert (changed.json()["value"], changed.json()["source"]) == ("14.00", "Báo cáo 15/BC-UBND")
    assert [shown["value"] for shown in as_officer.get(address).json()["results"]] == ["14.00"]
    line = as_officer.get(of(plan, "goals/reached/")).json()["results"][0]
    assert (line["target"], line["verdict"]) == ("ít nhất 20 người", "missed")
    assert (line["reached"]["figure"], line["reached"]["source"]) == ("14 người", "Báo cáo 15/BC-UBND")
    assert as_officer.post(f"{of_actual}remove/", headers=etag(as_officer, of_actual)).status_code == 200
    assert not IndicatorActual.objects.exists()


# Deprivations


@pytest.fixture
def water(db: None) -> Indicator:
    return indicators()["water"]


@pytest.fixture
def homes(commune: Area, plan: TargetPlan, water: Indicator) -> list[Household]:
    """Two poor households without clean water, and one that has it."""
    village = plan.rows.order_by("place__position")[0].place
    found = [years.family(village) for _ in range(3)]
    round = years.periodic(commune, YEAR - 1)
    for home, is_deprived in zip(found, (True, True, False), strict=True):
        answer(years.reviewed(round, home, "poor"), water=is_deprived)
    years.recognise(round)
    return found


def test_who_sees_to_a_deprivation_is_written_on_the_version_that_was_read(
    as_officer: APIClient, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    address = of(plan, f"deprivations/{water.pk}/")
    unwritten = etag(as_officer, address)
    assert unwritten["If-Match"].startswith('"0-')
    written = as_officer.patch(address, {"to_resolve": 2, "way": "Giếng chung"}, headers=unwritten)
    assert written.status_code == 200, written.content
    assert (written.json()["version"], written.json()["poor"], written.json()["to_resolve"]) == (1, 2, 2)
    stale = as_officer.patch(address, {"to_resolve": 1}, headers=unwritten)
    assert (stale.status_code, stale.json()["conflict"]["fields"][0]["theirs"]) == (412, 2)
    more = as_officer.patch(address, {"to_resolve": 3}, headers=etag(as_officer, address))
    assert errors_of(more) == {"to_resolve": ["Chỉ có 2 hộ thiếu hụt; không ghi nhiều hơn."]}
    kept = as_officer.patch(address, {"to_resolve": 1}, headers=etag(as_officer, address)).json()
    assert (kept["to_resolve"], kept["way"]) == (1, "Giếng chung")
    assert actions(DeprivationOwner.objects.get()) == {"deprivation_owner.set"}


def test_households_are_named_for_a_deprivation_and_taken_out(
    as_officer: APIClient, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    address = of(plan, f"deprivations/{water.pk}/households/")
    shown = as_officer.get(address).json()["results"]
    assert {row["household"] for row in shown} == {home.pk for home in homes[:2]}
    assert {row["is_named"] for row in shown} == {False}
    assert as_officer.post(address, {"add": [home.pk for home in homes[:2]]}).json()["named"] == 2
    assert as_officer.post(address, {"drop": [homes[0].pk]}).json()["named"] == 1
    not_deprived = as_officer.post(address, {"add": [homes[2].pk]})
    assert "không thiếu hụt chỉ số này" in errors_of(not_deprived)["all"][0]


def test_all_indicators_stand_in_one_answer_and_others_are_not_found(
    as_officer: APIClient, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    table = as_officer.get(of(plan, "deprivations/")).json()
    assert (table["list_year"], table["listed"]) == (YEAR - 1, 3)
    line = next(line for line in table["lines"] if line["indicator"] == water.pk)
    assert (line["poor"], line["version"], line["lead"], line["way"]) == (2, 0, "", "")
    assert as_officer.get(of(plan, "deprivations/999999/")).status_code == 404
    assert as_officer.post(of(plan, "deprivations/999999/households/"), {}).status_code == 404


# The adjustment


def test_an_adjustment_is_dropped_and_the_version_in_force_stands_again(
    as_officer: APIClient, officer: User, leader: User, plan: TargetPlan
) -> None:
    for row in plan.rows.all():
        services.cells_change(by=None, plan=plan, changes={row.pk: (row.version, {"poor_reduction": 2})})
    for act, by in ((review.plan_submit, officer), (review.plan_approve, leader)):
        plan.refresh_from_db()
        act(by=by, plan=plan, version=plan.version)
    plan.refresh_from_db()
    review.plan_adjust(by=officer, plan=plan, version=plan.version, reason="Tỉnh giao thêm")
    row = plan.rows.all()[0]
    services.cells_change(by=officer, plan=plan, changes={row.pk: (row.version, {"poor_reduction": 5})})
    dropped = as_officer.post(of(plan, "drop-adjustment/"), headers=etag(as_officer, of(plan)))
    assert dropped.status_code == 200, dropped.content
    assert (dropped.json()["state"], dropped.json()["adjusted_because"]) == ("approved", "")
    assert reductions(plan) == [2, 2, 2]
    again = as_officer.post(of(plan, "drop-adjustment/"), headers=etag(as_officer, of(plan)))
    assert again.status_code == 400
