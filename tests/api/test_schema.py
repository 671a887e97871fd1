"""The schema says what the API does: every operation, every refusal, and the shape of real answers."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from tests.api.conftest import World, etag
from tests.api.test_access import RULES, api_patterns, operations

SCHEMA = "/api/v1/schema/"
WITHOUT_BODY = {"round-fill", "plan-approve", "plan-drop-adjustment", "quota-remove", "goal-remove", "actual-remove"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def address_of(name: str) -> str:
    """Path of a route as the schema writes it: ``/api/v1/households/{id}/``."""
    route = next(str(pattern.pattern) for pattern in api_patterns() if pattern.name == name)
    for kind in ("int:", "str:"):
        route = route.replace(kind, "")
    route = route.replace("<", "{").replace(">", "}")
    return f"/api/v1/{route}".replace("{pk}", "{id}")


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema names the type null."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    rest = {key: as_json_schema(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [rest, {"type": "null"}]} if node.get("nullable") is True else rest


def faults(schema: dict[str, Any], component: str, value: Any) -> list[str]:
    document = {"$ref": f"#/components/schemas/{component}", "components": as_json_schema(schema["components"])}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(document).iter_errors(value)]


def test_the_schema_is_made_without_a_warning_and_is_valid(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_the_schema_is_served_as_openapi_3_to_who_is_logged_in(as_officer: APIClient) -> None:
    answer = as_officer.get(SCHEMA)
    assert answer["Content-Type"].startswith("application/")
    assert answer.json()["openapi"].startswith("3.")
    assert "/api/v1/households/{id}/split/" in answer.json()["paths"]
    assert as_officer.get(SCHEMA, headers={"Accept": "application/json"}).status_code == 200
    assert APIClient().get(SCHEMA).status_code == 401


def test_every_operation_stands_in_the_schema(schema: dict[str, Any]) -> None:
    said = {
        f"{method} {path}" for path, methods in schema["paths"].items() for method in methods if method != "parameters"
    }
    done = {f"{operation.split()[0]} {address_of(operation.split()[1])}" for operation in operations()}
    assert said == done


@pytest.mark.parametrize("operation", sorted(RULES))
def test_every_operation_names_its_bodies_and_refusals(schema: dict[str, Any], operation: str) -> None:
    method, name = operation.split()
    said = schema["paths"][address_of(name)][method]
    codes = set(said["responses"])
    assert {"401", "403", "404", "429"} <= codes
    for code in codes - {"304"}:
        assert said["responses"][code]["content"]["application/json"]["schema"], code
    assert said["description"]
    assert said["security"] == [{"session": []}]
    if method != "get":
        assert {"400", "415"} <= codes
        assert ("requestBody" in said) == (name not in WITHOUT_BODY)
    headers = {
        entry["name"] for entry in said.get("parameters", []) if entry["in"] == "header" and entry.get("required")
    }
    assert ({"412", "428"} <= codes) == ("If-Match" in headers) == RULES[operation].needs_version


def test_bodies_hold_no_other_fields_as_the_api_refuses_them(schema: dict[str, Any]) -> None:
    operations = [said for methods in schema["paths"].values() for said in methods.values() if "requestBody" in said]
    for said in operations:
        name = said["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert schema["components"]["schemas"][name]["additionalProperties"] is False, name


def test_operations_have_names_of_their_own(schema: dict[str, Any]) -> None:
    names = [said["operationId"] for methods in schema["paths"].values() for said in methods.values()]
    assert len(names) == len(set(names))


def test_real_answers_have_the_shapes_of_the_schema(
    schema: dict[str, Any], as_officer: APIClient, world: World
) -> None:
    round = f"/api/v1/rounds/{world.round.pk}/"
    plan = f"/api/v1/target-plans/{world.quota.plan_id}/"
    shapes = {
        "/api/v1/units/": "PaginatedUnitList",
        f"/api/v1/units/{world.unit.pk}/": "Unit",
        f"/api/v1/households/?unit={world.unit.code}": "PaginatedHouseholdShownList",
        f"/api/v1/households/{world.household.pk}/": "HouseholdShown",
        f"/api/v1/members/{world.member.pk}/": "MemberShown",
        "/api/v1/requests/": "PaginatedRequestShownList",
        f"/api/v1/requests/{world.request.pk}/": "RequestShown",
        "/api/v1/rounds/": "PaginatedRoundShownList",
        round: "RoundWhole",
        f"{round}steps/listing/": "StepShown",
        f"{round}reviews/": "PaginatedReviewShownList",
        f"/api/v1/reviews/{world.review.pk}/": "ReviewWhole",
        f"{round}summaries/2/": "SummaryShown",
        "/api/v1/target-plans/": "PaginatedPlanShownList",
        plan: "PlanWhole",
        f"{plan}quotas/": "PaginatedQuotaShownList",
        f"{plan}versions/": "PaginatedVersionShownList",
        f"{plan}goals/": "PaginatedGoalShownList",
        f"{plan}goals/reached/": "PaginatedGoalLineShownList",
        f"{plan}comments/": "PaginatedCommentShownList",
        f"{plan}allocation/?households=0": "AllocationShown",
        f"{plan}deprivations/": "OwnedTableShown",
        f"{plan}deprivations/{world.given()['deprivation']['indicator']}/": "OwnedShown",
        f"/api/v1/target-comments/{world.comment.pk}/": "CommentShown",
        f"/api/v1/target-goals/{world.given()['goal']['pk']}/actuals/": "PaginatedActualShownList",
        f"/api/v1/target-rows/{world.given()['row']['pk']}/": "TargetRowShown",
        f"/api/v1/target-quotas/{world.quota.pk}/": "QuotaShown",
        f"/api/v1/target-versions/{world.version.pk}/": "VersionWhole",
        f"/api/v1/consolidated/?unit={world.unit.code}": "ConsolidatedShown",
        f"/api/v1/exit-registrations/?unit={world.unit.code}&year=2024": "PaginatedExitShownList",
    }
    for address, component in shapes.items():
        answer = as_officer.get(address)
        assert answer.status_code == 200, address
        assert faults(schema, component, answer.json()) == [], address


def test_real_refusals_have_the_shapes_of_the_schema(
    schema: dict[str, Any], as_officer: APIClient, world: World
) -> None:
    address = f"/api/v1/households/{world.household.pk}/"
    mine = etag(as_officer, address)
    assert faults(schema, "Errors", as_officer.patch(address, {"phone": "x"}, headers=mine).json()) == []
    assert faults(schema, "Errors", as_officer.get("/api/v1/households/0/").json()) == []
    as_officer.patch(address, {"note": "một"}, headers=mine)
    stale = as_officer.patch(address, {"note": "hai"}, headers=mine)
    assert faults(schema, "Conflict", stale.json()) == []


def test_the_check_of_shapes_sees_a_wrong_one(schema: dict[str, Any]) -> None:
    assert faults(schema, "Errors", {"errors": {"all": "not a list"}})
    assert faults(schema, "HouseholdShown", {"id": 1})
