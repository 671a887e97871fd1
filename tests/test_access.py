"""Closed by default, proved over every address of the resolver: anonymous, a stranger, and each role in the unit."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.jobs.services import job_start
from povertyplan.offices import services as offices
from povertyplan.offices.models import Board, Department, Officer
from povertyplan.villages.difficulty import difficult_mark
from targets.services import tables as targets
from targets.services.quotas import quota_add
from tests.exchange.books import staged
from tests.factories import START, CommuneFactory, PaperFactory, VillageFactory, user_with
from tests.households import build
from tests.households.exit_rows import exit_given
from tests.households.law_rows import law_rows
from tests.households.request_rows import request_rows
from tests.households.round_rows import round_rows
from tests.jobs.work import writes_a_file
from tests.targets.goal_rows import goal_rows
from tests.targets.review_rows import submitted_rows

YEAR = 2026
SINCE = datetime.date(2026, 1, 1)
# The login and what must work without one: leaving, a cookie of how dense tables are, the sign of life.
PUBLIC = {"accounts:login", "accounts:logout", "web:density", "web:healthz"}
EVERYBODY = {"web:home", "web:units", "web:switch", "accounts:password-change"}

READS = frozenset(Role) - {Role.VILLAGE_HEAD}
ENTERS = frozenset({Role.OFFICER})
NUMBERS = frozenset({Role.REGISTRY_CLERK})
DECIDES = frozenset({Role.LEADER})
REVIEWS = frozenset({Role.REVIEWER})
ADMINISTERS = frozenset({Role.ADMINISTRATOR})
# The law is set above the unit: by the installation, or by administrators of the province.
NOBODY_HERE: frozenset[Role] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who may, by which method; ``given`` fills the address; ``hidden``: others do not even learn that it exists."""

    may: frozenset[Role]
    method: str = "get"
    given: str = ""
    hidden: bool = False


# Every address of a unit. A page that is missing here fails the sweep.
RULES: dict[str, Rule] = {
    "unit-home": Rule(may=READS),
    "web:search": Rule(may=READS),
    "households:list": Rule(may=READS),
    "households:duplicates": Rule(may=READS),
    "households:detail": Rule(may=READS, given="household"),
    "households:add": Rule(may=ENTERS),
    "households:follow": Rule(may=ENTERS),
    "households:edit": Rule(may=ENTERS, given="household"),
    "households:close": Rule(may=ENTERS, given="household"),
    "households:reopen": Rule(may=ENTERS, given="household"),
    "households:move": Rule(may=ENTERS, given="household"),
    "households:split": Rule(may=ENTERS, given="household"),
    "households:merge": Rule(may=ENTERS, given="household"),
    "households:head": Rule(may=ENTERS, given="household"),
    "households:member-add": Rule(may=ENTERS, given="household"),
    "households:member-edit": Rule(may=ENTERS, given="person"),
    "households:member-leave": Rule(may=ENTERS, given="person"),
    "targets:table": Rule(may=READS),
    "targets:history": Rule(may=READS),
    "targets:consolidated": Rule(may=frozenset(), hidden=True),
    "targets:open": Rule(may=ENTERS, method="post"),
    "targets:source": Rule(may=ENTERS),
    "targets:take-start": Rule(may=ENTERS, method="post"),
    "targets:results": Rule(may=READS),
    "targets:result-households": Rule(may=READS, given="result"),
    "targets:charts": Rule(may=READS),
    "targets:beside": Rule(may=READS),
    "targets:type-start": Rule(may=ENTERS, method="post"),
    "targets:movements": Rule(may=READS),
    "targets:printed": Rule(may=READS),
    "targets:versions": Rule(may=READS),
    "targets:version": Rule(may=READS, given="target-version"),
    "targets:submit": Rule(may=ENTERS),
    "targets:decide": Rule(may=DECIDES | REVIEWS),
    "targets:adjust": Rule(may=ENTERS | DECIDES),
    "targets:version-check": Rule(may=READS),
    "targets:drop": Rule(may=ENTERS | DECIDES),
    "targets:comments": Rule(may=READS),
    "targets:comment-close": Rule(may=ENTERS, given="target-comment"),
    "targets:quotas": Rule(may=READS),
    "targets:quota-add": Rule(may=ENTERS),
    "targets:quota-edit": Rule(may=ENTERS, given="quota"),
    "targets:quota-remove": Rule(may=ENTERS, given="quota"),
    "targets:allocation": Rule(may=READS),
    "targets:allocation-method": Rule(may=READS, given="method"),
    "exits:list": Rule(may=READS),
    "exits:drive": Rule(may=ENTERS),
    "exits:households": Rule(may=READS),
    "exits:village": Rule(may=READS, given="exit-village"),
    "exits:add": Rule(may=ENTERS, given="exit-village"),
    "exits:meeting": Rule(may=ENTERS, given="exit-village"),
    "exits:minutes": Rule(may=READS, given="exit-village"),
    "exits:forms": Rule(may=READS, given="exit-village"),
    "exits:edit": Rule(may=ENTERS, given="exit"),
    "exits:withdraw": Rule(may=ENTERS, given="exit"),
    "targets:goals": Rule(may=READS),
    "targets:goal-check": Rule(may=READS),
    "targets:goal-add": Rule(may=ENTERS),
    "targets:goal-edit": Rule(may=ENTERS, given="goal"),
    "targets:goal-remove": Rule(may=ENTERS, given="goal"),
    "targets:goal-move": Rule(may=ENTERS, method="post", given="goal"),
    "targets:goal-households": Rule(may=READS, given="goal"),
    "targets:goal-actuals": Rule(may=ENTERS, given="goal"),
    "targets:goal-actual-edit": Rule(may=ENTERS, given="goal-actual"),
    "targets:goal-actual-remove": Rule(may=ENTERS, given="goal-actual"),
    "targets:deprivations": Rule(may=READS),
    "targets:deprivation": Rule(may=READS, given="indicator"),
    "targets:deprivation-owner": Rule(may=ENTERS, given="indicator"),
    "reports:index": Rule(may=READS),
    "reports:frame": Rule(may=ENTERS),
    "reports:number": Rule(may=NUMBERS),
    "reports:preview": Rule(may=READS, given="document"),
    "reports:pdf": Rule(may=READS, method="post", given="document"),
    "reports:xlsx": Rule(may=READS, method="post", given="summary-file"),
    "reviews:villages": Rule(may=READS, given="round"),
    "reviews:village": Rule(may=READS, given="round-village"),
    "reviews:paper": Rule(may=READS, given="round-village"),
    "reviews:form": Rule(may=READS, given="review"),
    "reviews:preview": Rule(may=ENTERS, method="post", given="review"),
    "reviews:draft": Rule(may=ENTERS, method="post", given="review"),
    "reviews:draft-drop": Rule(may=ENTERS, method="post", given="review"),
    "reviews:screen": Rule(may=ENTERS, given="review"),
    "villages:list": Rule(may=READS),
    "villages:add": Rule(may=ENTERS),
    "villages:edit": Rule(may=ENTERS, given="village"),
    "villages:end": Rule(may=ENTERS, given="village"),
    "villages:remove": Rule(may=ENTERS, given="village"),
    "villages:difficult": Rule(may=READS),
    "villages:difficult-end": Rule(may=ENTERS, given="difficult"),
    "villages:difficult-remove": Rule(may=ENTERS, given="difficult"),
    "villages:move": Rule(may=ENTERS, method="post", given="village"),
    "papers:list": Rule(may=READS),
    "papers:add": Rule(may=ENTERS),
    "papers:edit": Rule(may=ENTERS, given="paper"),
    "papers:confirm": Rule(may=NOBODY_HERE, given="national-paper"),
    "papers:remove": Rule(may=ENTERS, given="paper"),
    "papers:replace": Rule(may=ENTERS, given="paper"),
    "offices:index": Rule(may=READS),
    "offices:add": Rule(may=ENTERS, given="kind"),
    "offices:edit": Rule(may=ENTERS, given="department"),
    "offices:remove": Rule(may=ENTERS, given="department"),
    "offices:end": Rule(may=ENTERS, given="department"),
    "offices:member-add": Rule(may=ENTERS, given="board"),
    "offices:member-edit": Rule(may=ENTERS, given="member"),
    "offices:member-remove": Rule(may=ENTERS, given="member"),
    "requests:list": Rule(may=READS),
    "requests:add": Rule(may=ENTERS),
    "requests:detail": Rule(may=READS, given="request"),
    "requests:edit": Rule(may=ENTERS, given="request"),
    "requests:answer": Rule(may=ENTERS, given="request"),
    "requests:reopen": Rule(may=ENTERS, method="post", given="request"),
    "requests:to-round": Rule(may=ENTERS, method="post", given="request-round"),
    "requests:assess": Rule(may=ENTERS, given="request"),
    "requests:statuses": Rule(may=READS),
    "requests:post": Rule(may=ENTERS, given="status"),
    "requests:decide": Rule(may=DECIDES, given="status"),
    "requests:number": Rule(may=NUMBERS, given="status"),
    "requests:refuse": Rule(may=DECIDES, given="status"),
    "requests:end": Rule(may=DECIDES, given="status"),
    "requests:counts": Rule(may=READS),
    "requests:counting": Rule(may=ENTERS),
    "requests:counts-remove": Rule(may=ENTERS, given="cut-off"),
    "requests:past": Rule(may=ENTERS),
    "rounds:index": Rule(may=READS),
    "rounds:open": Rule(may=ENTERS),
    "rounds:opinions": Rule(may=READS),
    "rounds:opinion-reply": Rule(may=REVIEWS, given="opinion"),
    "rounds:certificates": Rule(may=READS),
    "rounds:certificate-hand-over": Rule(may=ENTERS, given="certificate"),
    "rounds:certificate-withdraw": Rule(may=ENTERS, given="certificate"),
    "rounds:detail": Rule(may=READS, given="round"),
    "rounds:edit": Rule(may=ENTERS, given="round"),
    "rounds:cancel": Rule(may=ENTERS, given="round"),
    "rounds:fill": Rule(may=ENTERS, method="post", given="round"),
    "rounds:add": Rule(may=ENTERS, given="round"),
    "rounds:drop": Rule(may=ENTERS, given="round-review"),
    "rounds:step": Rule(may=READS, given="round-step"),
    "rounds:finish": Rule(may=ENTERS, method="post", given="round-step"),
    "rounds:reopen": Rule(may=ENTERS, given="round-step"),
    "rounds:plan": Rule(may=ENTERS, given="round-step"),
    "rounds:meeting": Rule(may=READS, given="round-village"),
    "rounds:minutes": Rule(may=ENTERS, given="round-meeting"),
    "rounds:posting": Rule(may=ENTERS, given="round"),
    "rounds:posting-edit": Rule(may=ENTERS, given="round-posting"),
    "rounds:complaint-add": Rule(may=ENTERS, given="round"),
    "rounds:complaint-answer": Rule(may=ENTERS, given="round-complaint"),
    "rounds:opinion-ask": Rule(may=ENTERS, given="round"),
    "rounds:recognise": Rule(may=DECIDES, given="round"),
    "rounds:number": Rule(may=NUMBERS, given="round-decision"),
    "rounds:corrections": Rule(may=READS, given="round"),
    "rounds:correction-open": Rule(may=ENTERS, given="round-frozen"),
    "rounds:correction-recognise": Rule(may=DECIDES, given="round-correction"),
    "rounds:correction-withdraw": Rule(may=ENTERS, given="round-correction"),
    "rounds:issue": Rule(may=ENTERS, given="round"),
    "law:index": Rule(may=READS),
    "law:procedure": Rule(may=READS),
    "law:parameter": Rule(may=NOBODY_HERE),
    "law:window": Rule(may=NOBODY_HERE),
    "law:addressee": Rule(may=NOBODY_HERE),
    "law:confirm": Rule(may=NOBODY_HERE, given="law-national"),
    "law:remove": Rule(may=NOBODY_HERE, given="law-own"),
    "law:sheets": Rule(may=READS),
    "law:sheet-template": Rule(may=READS),
    "law:sheet-add": Rule(may=NOBODY_HERE),
    "law:sheet": Rule(may=READS, given="law-sheet"),
    "law:sheet-activate": Rule(may=NOBODY_HERE, given="law-sheet"),
    "law:sheet-deactivate": Rule(may=NOBODY_HERE, given="law-sheet"),
    "law:sheet-remove": Rule(may=NOBODY_HERE, given="law-sheet"),
    "law:compare": Rule(may=READS, given="round"),
    "summaries:index": Rule(may=READS, given="round"),
    "summaries:table": Rule(may=READS, given="summary-table"),
    "summaries:cell": Rule(may=READS, given="summary-cell"),
    "people:list": Rule(may=ADMINISTERS),
    "people:add": Rule(may=ADMINISTERS),
    "exchange:index": Rule(may=READS),
    "exchange:template": Rule(may=READS, given="workbook"),
    "exchange:export": Rule(may=READS, given="workbook"),
    "exchange:add": Rule(may=ENTERS, given="workbook"),
    "exchange:upload": Rule(may=ENTERS, given="upload"),
    "exchange:drop": Rule(may=ENTERS, method="post", given="upload"),
    "people:assign": Rule(may=ADMINISTERS),
    "people:edit": Rule(may=ADMINISTERS, given="account"),
    "people:grant": Rule(may=ADMINISTERS, given="account"),
    "people:password": Rule(may=ADMINISTERS, given="account"),
    "people:end-grant": Rule(may=ADMINISTERS, given="grant"),
    "jobs:index": Rule(may=READS),
    "jobs:detail": Rule(may=ENTERS, given="job", hidden=True),
    "jobs:cancel": Rule(may=ENTERS, method="post", given="job", hidden=True),
    "jobs:result": Rule(may=frozenset(), given="job", hidden=True),
}


def routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"


# Addresses of programs answer with refusals, not with pages: ``tests/api/test_access.py`` sweeps them.
API = "api:"
ALL_ROUTES = sorted(route for route in set(routes()) if not route.startswith(API))


@dataclass
class World:
    """A unit with one row of everything, an account for every role in it, and a stranger."""

    unit: Area
    given: dict[str, dict[str, Any]]
    users: dict[Role, User]
    stranger: User

    def address(self, route: str) -> str:
        if route in EVERYBODY | PUBLIC:
            return reverse(route)
        return reverse(route, kwargs={"code": self.unit.code, "year": YEAR} | self.given[RULES[route].given])

    def answer(self, route: str, user: User | None) -> Any:
        client = Client()
        if user:
            client.force_login(user)
        rule = RULES.get(route)
        return client.post(self.address(route)) if rule and rule.method == "post" else client.get(self.address(route))


@pytest.fixture
def world(commune: Area) -> World:
    village = VillageFactory(parent=commune, valid_from=SINCE)
    plan = targets.plan_open(by=None, unit=commune, year=YEAR)
    counts = {"households": 10, "population": 40, "poor_households": 2, "near_poor_households": 1}
    targets.row_set(by=None, plan=plan, place=village, poor_reduction=1, near_poor_reduction=0, **counts)
    quota = quota_add(by=None, plan=plan, issuer="district", subject="poor", form="households", households=1)
    users = {role: user_with(role, commune) for role in Role}
    common = {"by": None, "unit": commune, "valid_from": SINCE}
    department = offices.office_add(model=Department, name="Văn phòng", **common)
    officer = offices.office_add(model=Officer, full_name="Người Thử", title="Chủ tịch", **common)
    board = offices.office_add(model=Board, kind="other", name="Tổ thử", **common)
    member = offices.member_add(by=None, board=board, officer=officer, role="Tổ trưởng")
    job = job_start(by=users[Role.OFFICER], unit=commune, title="Việc thử", task=writes_a_file, text="")
    household = build.household(commune, village, opened_on=SINCE)
    given: dict[str, dict[str, Any]] = {
        "": {},
        "household": {"pk": household.pk},
        "person": {"pk": household.pk, "member_pk": build.head_of(household).pk},
        "quota": {"pk": quota.pk},
        "method": {"method": "proportional"},
        "document": {"kind": "annual_plan"},
        "workbook": {"kind": "targets"},
        "upload": {"pk": staged(by=users[Role.OFFICER], unit=commune, year=YEAR).pk},
        "result": {"category": "poor", "part": "start"},
        "village": {"pk": village.pk},
        "difficult": {"pk": difficult_mark(by=None, unit=commune, villages=[village], valid_from=START)[0].pk},
        "paper": {"pk": PaperFactory(unit=commune).pk},
        "national-paper": {"pk": PaperFactory(unit=None).pk},
        "kind": {"kind": "departments"},
        "department": {"kind": "departments", "pk": department.pk},
        "board": {"board_pk": board.pk},
        "member": {"pk": member.pk},
        "account": {"pk": users[Role.LEADER].pk},
        "grant": {"pk": users[Role.LEADER].grants.get().pk},
        "job": {"pk": job.pk},
        **round_rows(commune, village, YEAR),
        **law_rows(commune),
    }
    summary_table = given["round"] | {"number": 1}
    given |= {
        "summary-table": summary_table,
        "summary-cell": summary_table | {"column": 3, "layer": "all", "village": 0},
        "summary-file": {"kind": "review_summary"},
    }
    given |= request_rows(household, given["round"]["pk"])
    given |= goal_rows(plan)
    given |= submitted_rows(plan, by=users[Role.LEADER])
    given |= exit_given(household, YEAR)
    return World(unit=commune, given=given, users=users, stranger=user_with(Role.OFFICER, CommuneFactory()))


def test_every_address_has_a_rule() -> None:
    assert set(ALL_ROUTES) == set(RULES) | PUBLIC | EVERYBODY


@pytest.mark.parametrize("route", [route for route in ALL_ROUTES if route not in PUBLIC])
def test_who_is_not_logged_in_is_sent_to_the_login(world: World, route: str) -> None:
    answer = world.answer(route, None)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:login"))


@pytest.mark.parametrize("route", RULES)
def test_outside_their_area_nobody_finds_anything(world: World, route: str) -> None:
    assert world.answer(route, world.stranger).status_code == 404


@pytest.mark.parametrize("route", RULES)
def test_inside_only_who_has_the_right_gets_through(world: World, route: str) -> None:
    rule = RULES[route]
    refused = 404 if rule.hidden else 403
    got = {role: world.answer(route, user).status_code for role, user in world.users.items() if role in READS}
    through = {200, 302}
    assert {role for role, status in got.items() if status in through} == rule.may
    assert {status for status in got.values() if status not in through} <= {refused}


@pytest.mark.parametrize("route", RULES)
def test_a_village_head_reaches_the_village_and_no_page_of_the_unit(world: World, route: str) -> None:
    head = user_with(Role.VILLAGE_HEAD, Area.objects.villages_of(world.unit).get())
    assert [area.kind for area in Area.objects.visible_to(head)] == ["thôn"]
    assert world.answer(route, head).status_code == 404


def test_a_grant_that_has_ended_opens_nothing(commune: Area) -> None:
    gone = user_with(Role.OFFICER, commune, valid_to=datetime.date(2024, 12, 31))
    client = Client()
    client.force_login(gone)
    assert client.get(reverse("unit-home", args=[commune.code, YEAR])).status_code == 404
