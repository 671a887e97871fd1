"""Rounds, review forms and summaries over the API: the same doors as the pages."""

import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from households.choices import Category, ReviewState
from households.models import Recognition, Review, ReviewRound
from households.services.reviews import review_screen
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.api.conftest import World, client_of, errors_of, etag
from tests.factories import VillageFactory, user_with
from tests.households import build, walk

ROUNDS = "/api/v1/rounds/"
INDICATORS = (
    "employment", "dependants", "nutrition", "health_insurance", "adult_education", "child_schooling",
    "housing_quality", "housing_area", "water", "latrine", "telecom", "information_means",
)  # fmt: skip


def of(round: ReviewRound, action: str = "") -> str:
    return f"{ROUNDS}{round.pk}/{action}"


def form(review: Review, action: str = "") -> str:
    return f"/api/v1/reviews/{review.pk}/{action}"


def survey(**changes: Any) -> dict[str, Any]:
    """Phiếu B of a household that lacks three things."""
    lacking = {"employment", "telecom", "latrine"}
    return {
        "facts": {"floor_area": "60.0", "water": "tap", "latrine": "none", "devices": ["television"],
                  "is_wall_durable": True, "is_column_durable": True, "is_roof_durable": True},
        "answers": {code: {"is_deprived": code in lacking, "reason": "người dân khai"} for code in INDICATORS},
        "b1_score": 128,
        "incomes": [{"source": "crops", "earners": 2, "amount": 24_000_000}],
        "needs": [{"need": "credit"}],
        "surveyed_on": "2024-10-14",
        "surveyor": "Y Thử",
        "is_complete": True,
    } | changes  # fmt: skip


@pytest.fixture
def to_survey(world: World) -> Review:
    review_screen(by=None, review=world.review, version=world.review.version, result="continue", on=walk.LISTED_ON)
    world.review.refresh_from_db()
    return world.review


# Rounds


def test_a_round_is_opened_with_the_days_of_the_law(as_officer: APIClient, commune: Area) -> None:
    build.standard()
    VillageFactory(parent=commune)
    body = {"unit": commune.code, "year": 2024, "kind": "periodic", "standard": "2022_2025"}
    answer = as_officer.post(ROUNDS, body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["starts_on"], made["state"], made["standard"]) == ("2024-09-01", "open", "2022_2025")
    assert [step["step"] for step in made["progress"]["steps"]][:2] == ["listing", "quick_screen"]
    assert ReviewRound.objects.get().opened_by_id is not None
    again = as_officer.post(ROUNDS, body)
    assert errors_of(again) == {"all": ["Đơn vị đã có đợt rà soát này."]}
    wrong = as_officer.post(ROUNDS, body | {"standard": "1900", "year": 2023})
    assert errors_of(wrong) == {"standard": ["Không có chuẩn nghèo mang mã này."]}


@pytest.mark.parametrize("number", [1, 3])
def test_rounds_ask_the_database_the_same_number_of_times(
    as_officer: APIClient, commune: Area, number: int, django_assert_num_queries
) -> None:
    for month in range(1, number + 1):
        walk.opened(commune, kind="regular", month=month)
    with django_assert_num_queries(6):  # session, user, grants, unit, count, rows
        assert as_officer.get(ROUNDS, {"unit": commune.code, "year": 2024}).json()["count"] == number


@pytest.mark.parametrize("villages", [1, 3])
def test_a_round_with_its_progress_asks_the_same_number_of_times(
    as_officer: APIClient, commune: Area, villages: int, django_assert_num_queries
) -> None:
    round = walk.opened(commune)
    for place in range(villages):
        walk.added(round, build.household(commune, VillageFactory(parent=commune), head=f"Lê Văn {'ABC'[place]}"))
    with django_assert_num_queries(8):  # session, user, grants, round, and four of the progress
        shown = as_officer.get(of(round)).json()
    assert [village["listed"] for village in shown["progress"]["villages"]] == [1] * villages


def test_the_answer_of_a_round_changes_with_its_forms_while_its_version_stays(
    as_officer: APIClient, world: World
) -> None:
    before = as_officer.get(of(world.round))
    assert as_officer.get(of(world.round), headers={"If-None-Match": before["ETag"]}).status_code == 304
    other = build.household(world.unit, world.village, head="Lê Văn Thêm")
    added = as_officer.post(of(world.round, "reviews/"), {"household": other.pk})
    assert added.status_code == 201
    after = as_officer.get(of(world.round), headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after.json()["progress"]["listed"]) == (200, 2)
    assert after.json()["version"] == before.json()["version"]


def test_the_list_is_filled_once(as_officer: APIClient, world: World) -> None:
    world.request.household = build.household(world.unit, world.village, head="Lê Văn Thêm")
    world.request.save()
    assert as_officer.post(of(world.round, "list-fill/")).json() == {"added": 1}
    assert as_officer.post(of(world.round, "list-fill/")).json() == {"added": 0}


def test_a_round_is_changed_on_its_version(as_officer: APIClient, world: World) -> None:
    mine = etag(as_officer, of(world.round))
    changed = as_officer.patch(of(world.round), {"ends_on": "2024-12-10"}, headers=mine)
    assert (changed.status_code, changed.json()["ends_on"]) == (200, "2024-12-10")
    refused = as_officer.patch(of(world.round), {"ends_on": "2024-12-01"}, headers=mine)
    assert refused.status_code == 412
    assert refused.json()["conflict"]["fields"] == [
        {"name": "ends_on", "label": "kết thúc", "theirs": "2024-12-10", "mine": "2024-12-01"}
    ]
    foreign = as_officer.patch(of(world.round), {"board": 999_999}, headers=etag(as_officer, of(world.round)))
    assert errors_of(foreign) == {"board": ["Đơn vị không có ban, tổ mang mã này."]}


def test_a_round_is_given_up_with_a_reason(as_officer: APIClient, world: World) -> None:
    mine = etag(as_officer, of(world.round))
    assert errors_of(as_officer.post(of(world.round, "cancel/"), {"reason": ""}, headers=mine)) == {
        "reason": ["Trường này không được để trống."]
    }
    done = as_officer.post(of(world.round, "cancel/"), {"reason": "Mở nhầm"}, headers=mine)
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")


def test_a_step_is_refused_with_all_that_is_missing_then_done_and_opened_again(
    as_officer: APIClient, world: World
) -> None:
    early = of(world.round, "steps/survey/")
    refused = as_officer.post(f"{early}finish/", {"on": "2024-10-14"}, headers=etag(as_officer, early))
    assert refused.status_code == 400
    assert errors_of(refused)["all"]
    step = of(world.round, "steps/listing/")
    done = as_officer.post(f"{step}finish/", {"on": "2024-09-10"}, headers=etag(as_officer, step))
    assert (done.status_code, done.json()["done_on"]) == (200, "2024-09-10")
    stale = as_officer.post(f"{step}reopen/", {"reason": "Sót hộ"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    again = as_officer.post(f"{step}reopen/", {"reason": "Sót hộ"}, headers=etag(as_officer, step))
    assert (again.status_code, again.json()["done_on"], again.json()["note"]) == (200, None, "Sót hộ")
    assert as_officer.get(of(world.round, "steps/dancing/")).status_code == 404


# Recognition


@pytest.fixture
def ready(world: World) -> ReviewRound:
    """A round that waits for the leader alone."""
    walk.scored(world.review, Category.POOR)
    walk.agreed_round(world.round, reviewer=user_with(Role.REVIEWER, Area.objects.get(pk=world.unit.parent_id)))
    world.round.refresh_from_db()
    return world.round


def test_the_leader_recognises_once_and_the_lists_are_official(
    as_leader: APIClient, as_officer: APIClient, ready: ReviewRound, leader: User, world: World
) -> None:
    mine = etag(as_leader, of(ready))
    body = {"on": walk.DECIDED_ON.isoformat()}
    assert as_officer.post(of(ready, "recognise/"), body, headers=mine).status_code == 403
    answer = as_leader.post(of(ready, "recognise/"), body, headers=mine)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["kind"], answer.json()["households"]) == ("initial", 1)
    assert Recognition.objects.get().by == leader
    assert as_leader.post(of(ready, "recognise/"), body, headers=mine).status_code == 412
    again = as_leader.post(of(ready, "recognise/"), body, headers=etag(as_leader, of(ready)))
    assert again.status_code == 400
    assert as_leader.get(of(ready)).json()["state"] == "recognised"
    assert as_leader.get(of(ready, "summaries/1/")).json()["is_official"] is True
    frozen = as_officer.put(form(world.review), survey(), headers=etag(as_officer, form(world.review)))
    assert "đã khóa" in errors_of(frozen)["all"][0]


def test_who_opened_the_round_does_not_recognise_it(as_leader: APIClient, ready: ReviewRound, leader: User) -> None:
    ReviewRound.objects.filter(pk=ready.pk).update(opened_by=leader)
    answer = as_leader.post(
        of(ready, "recognise/"), {"on": walk.DECIDED_ON.isoformat()}, headers=etag(as_leader, of(ready))
    )
    assert answer.status_code == 400
    assert "không công nhận" in errors_of(answer)["all"][0]
    assert not Recognition.objects.exists()


# Forms


@pytest.mark.parametrize("number", [1, 3])
def test_forms_of_a_round_ask_the_same_number_of_times(
    as_officer: APIClient, commune: Area, number: int, django_assert_num_queries
) -> None:
    village = VillageFactory(parent=commune)
    round = walk.opened(commune)
    for place in range(number):
        walk.added(round, build.household(commune, village, head=f"Lê Văn {'ABC'[place]}"))
    with django_assert_num_queries(6):  # session, user, grants, round, count, rows
        rows = as_officer.get(of(round, "reviews/")).json()["results"]
    assert [row["head_name"] for row in rows] == [f"Lê Văn {letter}" for letter in "ABC"[:number]]


def test_forms_are_narrowed_by_village_and_state(as_officer: APIClient, world: World) -> None:
    def found(**asked: Any) -> int:
        return as_officer.get(of(world.round, "reviews/"), asked).json()["count"]

    assert found(village=world.village.pk) == found(state="listed") == 1
    assert found(village=world.unit.pk) == found(category="poor") == 0


def test_phieu_a_then_phieu_b_give_the_category_with_reasons(as_officer: APIClient, world: World) -> None:
    too_early = as_officer.put(form(world.review), survey(), headers=etag(as_officer, form(world.review)))
    assert "Phiếu A" in errors_of(too_early)["all"][0]
    screened = as_officer.post(
        form(world.review, "screen/"),
        {"result": "continue", "on": "2024-09-20"},
        headers=etag(as_officer, form(world.review)),
    )
    assert (screened.status_code, screened.json()["state"]) == (200, "to_survey")
    saved = as_officer.put(form(world.review), survey(), headers={"If-Match": screened["ETag"]})
    assert saved.status_code == 200, saved.content
    shown = saved.json()
    assert (shown["state"], shown["category"], shown["b1_score"], shown["b2_score"]) == ("surveyed", "poor", 128, 30)
    assert shown["reasons"]
    assert {row["indicator"] for row in shown["answers"] if row["is_deprived"]} == {"employment", "telecom", "latrine"}
    assert shown["incomes"] == [{"source": "crops", "earners": 2, "amount": 24_000_000}]
    assert shown["needs"] == [{"need": "credit", "note": ""}]
    assert (shown["floor_area"], shown["devices"]) == ("60.0", ["television"])


@pytest.mark.parametrize("answers", [1, 12])
def test_a_form_asks_the_same_number_of_times_however_full_it_is(
    as_officer: APIClient, to_survey: Review, answers: int, django_assert_num_queries
) -> None:
    few = {code: {"is_deprived": False, "reason": "x"} for code in INDICATORS[:answers]}
    body = survey(is_complete=False, answers=few, causes=[1, 2][:answers], needs=[{"need": "credit"}][:answers])
    saved = as_officer.put(form(to_survey), body, headers=etag(as_officer, form(to_survey)))
    assert saved.status_code == 200, saved.content
    # session, user, grants, form; answers, indicators, incomes, causes, their names, needs, scores
    with django_assert_num_queries(11):
        assert as_officer.get(form(to_survey)).json()["causes"] == [1, 2][:answers]


def test_what_is_left_out_of_a_form_is_emptied(as_officer: APIClient, to_survey: Review) -> None:
    full = as_officer.put(form(to_survey), survey(), headers=etag(as_officer, form(to_survey)))
    assert full.status_code == 200, full.content
    emptied = as_officer.put(form(to_survey), {}, headers={"If-Match": full["ETag"]})
    assert emptied.status_code == 400  # it was finished: nothing may be missing
    assert {"surveyor", "surveyed_on"} <= set(errors_of(emptied))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"answers": {"flying": {"is_deprived": True}}}, "answers.flying"),
        ({"answers": {"water": {"is_deprived": "maybe"}}}, "answers.water.is_deprived"),
        ({"answers": {"water": True}}, "answers.water"),
        ({"b1_answers": {"1": "a"}}, "b1_score"),
        ({"incomes": [{"source": "crops", "earners": 0, "amount": 1}]}, "incomes.0.earners"),
        ({"incomes": [{"source": "crops", "earners": 1, "amount": 1}] * 2}, "incomes.crops.amount"),
        ({"incomes": [{"source": "crops", "earners": 1, "amount": 99_999_999_999_999}]}, "incomes.0.amount"),
        ({"causes": [999]}, "causes"),
        ({"needs": [{"need": "luck"}]}, "needs.0.need"),
        ({"facts": {"floor_area": "-1"}}, "facts.floor_area"),
        ({"facts": {"roof": True}}, "facts.roof"),
        ({"surveyed_on": "2099-01-01"}, "surveyed_on"),
        ({"surveyed_on": "14/10/2024"}, "surveyed_on"),
        ({"b1_score": -1}, "b1_score"),
    ],
)
def test_what_is_wrong_in_a_form_is_said_at_its_place(
    as_officer: APIClient, to_survey: Review, changes: dict[str, Any], place: str
) -> None:
    answer = as_officer.put(form(to_survey), survey(**changes), headers=etag(as_officer, form(to_survey)))
    assert answer.status_code == 400
    assert place in errors_of(answer)
    to_survey.refresh_from_db()
    assert to_survey.state == ReviewState.TO_SURVEY


def test_a_form_on_an_older_version_is_refused_with_both_values_of_rows_too(
    as_officer: APIClient, officer: User, to_survey: Review
) -> None:
    mine = etag(as_officer, form(to_survey))
    other = client_of(officer)
    saved = other.put(form(to_survey), survey(b1_score=130), headers=mine)
    assert saved.status_code == 200, saved.content
    answers = survey()["answers"] | {"telecom": {"is_deprived": False, "reason": "có mạng"}}
    refused = as_officer.put(form(to_survey), survey(b1_score=120, answers=answers), headers=mine)
    assert refused.status_code == 412
    fields = refused.json()["conflict"]["fields"]
    assert {"name": "b1_score", "label": "điểm B1", "theirs": 130, "mine": 120} in fields
    assert len(fields) == 2
    same = as_officer.put(form(to_survey), survey(b1_score=130), headers=mine)
    assert same.status_code == 412  # nothing differs, and still the version is old
    to_survey.refresh_from_db()
    assert to_survey.b1_score == 130


def test_a_household_is_taken_off_the_list_and_its_form_stays(as_officer: APIClient, world: World) -> None:
    dropped = as_officer.post(
        form(world.review, "drop/"), {"reason": "Ghi nhầm"}, headers=etag(as_officer, form(world.review))
    )
    assert (dropped.status_code, dropped.json()["state"]) == (200, "dropped")
    assert as_officer.get(form(world.review)).json()["dropped_because"] == "Ghi nhầm"


# Summaries


def test_a_summary_table_has_a_row_a_village_and_the_total(as_officer: APIClient, world: World) -> None:
    walk.scored(world.review, Category.POOR)
    table = as_officer.get(of(world.round, "summaries/1/")).json()
    assert (table["number"], table["is_official"]) == (1, False)
    assert [row["village"] for row in table["rows"]] == [world.village.pk]
    assert table["total"]["village"] is None
    numbers = [column["number"] for column in table["columns"]]
    for line in (*table["rows"][0]["lines"], *table["total"]["lines"]):
        assert [cell["column"] for cell in line["cells"]] == numbers
    assert 1 in {cell["value"] for cell in table["total"]["lines"][0]["cells"]}


@pytest.mark.parametrize("number", range(1, 12))
def test_all_eleven_tables_are_read(as_officer: APIClient, world: World, number: int) -> None:
    assert as_officer.get(of(world.round, f"summaries/{number}/")).json()["number"] == number


def test_official_figures_of_an_open_round_are_refused(as_officer: APIClient, world: World) -> None:
    answer = as_officer.get(of(world.round, "summaries/1/"), {"official": "true"})
    assert errors_of(answer) == {"official": ["Đợt rà soát chưa công nhận: mới có số liệu sơ bộ."]}
    for number in (0, 12, 99):
        assert as_officer.get(of(world.round, f"summaries/{number}/")).status_code == 404


@pytest.mark.parametrize("households", [1, 3])
def test_a_summary_asks_the_same_number_of_times(
    as_officer: APIClient, commune: Area, households: int, django_assert_num_queries
) -> None:
    village = VillageFactory(parent=commune)
    round = walk.opened(commune)
    for place in range(households):
        (review,) = walk.added(round, build.household(commune, village, head=f"Lê Văn {'ABC'[place]}"))
        walk.scored(review, on=datetime.date(2024, 10, 14))
    with django_assert_num_queries(6):  # session, user, grants, round, and two of the table
        as_officer.get(of(round, "summaries/8/"))
