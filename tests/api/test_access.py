"""Every operation of the API, found in the resolver: closed to who is not logged in, to strangers, and by right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from tests.api.conftest import World, client_of
from tests.factories import CommuneFactory, user_with
from tests.test_access import API, ENTERS, READS

METHODS = ("get", "post", "put", "patch", "delete")
DECIDES = frozenset({Role.LEADER})
REVIEWS = frozenset({Role.REVIEWER})
# Answers without a unit: what they hold is each user's own.
OWN = {"get schema", "get units"}
LISTS = {"households", "requests", "rounds", "plans", "consolidated", "exits", "units", "schema"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who may; ``needs_version``: refused without If-Match; ``asks``: the unit stands in the query or the body."""

    may: frozenset[Role]
    needs_version: bool = False
    asks: bool = False


READ, READ_LIST = Rule(may=READS), Rule(may=READS, asks=True)
ENTER, CHANGE = Rule(may=ENTERS), Rule(may=ENTERS, needs_version=True)
RULES: dict[str, Rule] = {
    "get unit": READ,
    "get households": READ_LIST,
    "post households": Rule(may=ENTERS, asks=True),
    "get household": READ,
    "patch household": CHANGE,
    "post household-move": CHANGE,
    "post household-split": CHANGE,
    "post household-merge": CHANGE,
    "post household-head": CHANGE,
    "post household-close": CHANGE,
    "post household-reopen": CHANGE,
    "get members": READ,
    "post members": ENTER,
    "get member": READ,
    "patch member": CHANGE,
    "post member-leave": CHANGE,
    "get requests": READ_LIST,
    "post requests": Rule(may=ENTERS, asks=True),
    "get request": READ,
    "patch request": CHANGE,
    "post request-answer": CHANGE,
    "get rounds": READ_LIST,
    "post rounds": Rule(may=ENTERS, asks=True),
    "get round": READ,
    "patch round": CHANGE,
    "post round-fill": ENTER,
    "post round-cancel": CHANGE,
    "post round-recognise": Rule(may=DECIDES, needs_version=True),
    "get step": READ,
    "post step-finish": CHANGE,
    "post step-reopen": CHANGE,
    "get reviews": READ,
    "post reviews": ENTER,
    "get review": READ,
    "put review": CHANGE,
    "post review-screen": CHANGE,
    "post review-drop": CHANGE,
    "get summary": READ,
    "get plans": READ_LIST,
    "post plans": Rule(may=ENTERS, asks=True),
    "get plan": READ,
    "patch plan": CHANGE,
    "post plan-submit": CHANGE,
    "post plan-return": Rule(may=DECIDES | REVIEWS, needs_version=True),
    "post plan-approve": Rule(may=DECIDES | REVIEWS, needs_version=True),
    "post plan-adjust": Rule(may=ENTERS | DECIDES, needs_version=True),
    "get plan-quotas": READ,
    "post plan-quotas": ENTER,
    "get plan-versions": READ,
    "post plan-drop-adjustment": Rule(may=ENTERS | DECIDES, needs_version=True),
    "get plan-allocation": READ,
    "post plan-allocation": ENTER,
    "get plan-comments": READ,
    "post plan-comments": Rule(may=DECIDES | REVIEWS),
    "get comment": READ,
    "post comment-close": CHANGE,
    "get plan-goals": READ,
    "post plan-goals": ENTER,
    "get plan-goals-reached": READ,
    "get goal": READ,
    "patch goal": CHANGE,
    "post goal-remove": CHANGE,
    "get goal-actuals": READ,
    "post goal-actuals": ENTER,
    "get actual": READ,
    "patch actual": CHANGE,
    "post actual-remove": CHANGE,
    "get plan-deprivations": READ,
    "get deprivation": READ,
    "patch deprivation": CHANGE,
    "get deprivation-households": READ,
    "post deprivation-households": ENTER,
    "get row": READ,
    "patch row": CHANGE,
    "get quota": READ,
    "patch quota": CHANGE,
    "post quota-remove": CHANGE,
    "get version": READ,
    "get consolidated": READ_LIST,
    "get exits": READ_LIST,
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def api_patterns() -> list[URLPattern]:
    resolvers = [entry for entry in get_resolver().url_patterns if isinstance(entry, URLResolver)]
    return list(patterns(next(entry for entry in resolvers if f"{entry.namespace}:" == API)))


def operations() -> set[str]:
    """``method name`` of every handler; the catch-all has none of its own."""
    return {
        f"{method} {pattern.name}"
        for pattern in api_patterns()
        for method in METHODS
        if hasattr(pattern.callback.view_class, method) and pattern.name != "nowhere"
    }


def call(client: APIClient, operation: str, world: World) -> Any:
    method, name = operation.split()
    given = world.given()
    keys = given[name] if name in given else given.get(name.split("-")[0], {})
    asked = {"unit": world.unit.code} if operation in RULES and RULES[operation].asks else {}
    is_list = name in LISTS
    return getattr(client, method)(reverse(f"{API}{name}", kwargs={} if is_list else keys), asked)


def statuses(client: APIClient, world: World, of: Any = RULES) -> dict[str, int]:
    return {operation: call(client, operation, world).status_code for operation in of}


def test_every_operation_has_a_rule() -> None:
    assert operations() == set(RULES) | OWN


def test_who_is_not_logged_in_gets_401_everywhere(world: World) -> None:
    found = statuses(client_of(None), world, {*RULES, *OWN, "get nowhere"})
    assert found == dict.fromkeys({*RULES, *OWN, "get nowhere"}, 401)


def test_outside_their_area_nobody_finds_anything(world: World) -> None:
    stranger = user_with(Role.OFFICER, CommuneFactory())
    assert statuses(client_of(stranger), world) == dict.fromkeys(RULES, 404)


@pytest.mark.parametrize("name", ["requests", "rounds", "plans"])
def test_a_list_without_a_unit_holds_only_what_is_in_scope(world: World, name: str) -> None:
    """Without ``unit`` the list is of all units of the user, never of all units."""
    row = {"requests": world.request, "rounds": world.round, "plans": world.quota.plan}[name]
    clerk, stranger = (user_with(Role.OFFICER, unit) for unit in (world.unit, CommuneFactory()))
    seen = [client_of(user).get(reverse(f"{API}{name}")).json()["results"] for user in (clerk, stranger)]
    assert [[found["id"] for found in rows] for rows in seen] == [[row.pk], []]


def test_a_village_head_reaches_the_village_and_nothing_of_the_unit(world: World) -> None:
    head = user_with(Role.VILLAGE_HEAD, world.village)
    assert statuses(client_of(head), world) == dict.fromkeys(RULES, 404)
    assert [row["id"] for row in client_of(head).get("/api/v1/units/").json()["results"]] == [world.village.pk]


@pytest.mark.parametrize("role", sorted(READS))
def test_inside_only_who_has_the_right_gets_through(world: World, role: Role) -> None:
    found = statuses(client_of(user_with(role, world.unit)), world)
    assert {name for name, status in found.items() if status == 403} == {
        name for name, rule in RULES.items() if role not in rule.may
    }
    assert {status for status in found.values() if status >= 400} <= {400, 403, 428}


def test_a_change_without_a_version_is_refused_with_428(world: World) -> None:
    officer, leader = (client_of(user_with(role, world.unit)) for role in (Role.OFFICER, Role.LEADER))
    for operation, rule in RULES.items():
        client = officer if rule.may & ENTERS else leader
        assert (call(client, operation, world).status_code == 428) == rule.needs_version, operation


def test_what_needs_a_version_says_so_in_its_view() -> None:
    said = {
        f"{method.lower()} {pattern.name}"
        for pattern in api_patterns()
        for method in getattr(pattern.callback.view_class, "needs_version", ())
    }
    assert said == {name for name, rule in RULES.items() if rule.needs_version}


def test_a_grant_on_the_province_reads_its_communes(world: World) -> None:
    above = client_of(user_with(Role.REVIEWER, Area.objects.get(pk=world.unit.parent_id)))
    reads = {name for name, rule in RULES.items() if name.startswith("get")}
    assert statuses(above, world, reads) == dict.fromkeys(reads, 200)
