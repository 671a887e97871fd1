"""Every page of households, requests, reviews and law is reached by links from the first page of the unit."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse

from households.choices import HouseholdClosed, RequestKind, RoundKind, StatusKind, StatusState, Step
from households.models import Household, Opinion, Request, ReviewRound, RoundStep, ScoreSheet, Status, VillageCount
from households.services import certificates, recognition
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area, Succession
from tests.factories import CommuneFactory, PaperFactory, UserFactory, VillageFactory, user_with
from tests.households import round_steps, walk, years
from tests.households.build import standard
from tests.households.exit_rows import exit_given
from tests.households.round_rows import round_rows
from tests.test_access import RULES

SPACES = ("households", "requests", "rounds", "reviews", "summaries", "law", "exits")
HREF = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
PAST, DECIDED, ASKING, UNDER_WAY = 2023, 2024, 2025, 2026
# A figure of a table opens like any other.
FEW = {"summaries:cell": 5}
MOST = 4000
WITHOUT_LINK = {
    "law:sheet-template",  # everybody may load the empty workbook; it is offered to who may load it filled in
    "reviews:screen",  # where the form of Phiếu A is posted to; by GET it leads back to the form
}
# A closed household is found by the filter of the list, which is a form.
FILTERED = "?state=all"
OF_THE_INSTALLATION = {
    "law:parameter",
    "law:window",
    "law:addressee",
    "law:confirm",
    "law:sheet-add",
    "law:sheet-template",
}


def crawl(user: User, start: str, codes: set[str]) -> set[str]:
    """Names of the routes that links lead to from ``start``, each path asked for once; every page must open."""
    client = Client()
    client.force_login(user)
    met: Counter[str] = Counter()
    _, _, code, year, *_ = urlsplit(start).path.split("/")
    everybody = reverse("households:list", args=[code, year]) + FILTERED
    seen, waiting = {urlsplit(start).path}, [(start, ""), (everybody, "the filter")]
    while waiting:
        url, before = waiting.pop()
        answer = client.get(url)
        assert answer.status_code in {200, 302}, f"{before} leads to {url}: {answer.status_code}"
        for link in links(url, answer):
            path = urlsplit(link).path
            if path in seen or not is_inside(path, codes):
                continue
            seen.add(path)
            name = resolve(path).view_name
            met[name] += 1
            if met[name] <= FEW.get(name, MOST):
                waiting.append((link, url))
        assert len(seen) < MOST
    return set(met)


def links(url: str, answer: Any) -> Iterator[str]:
    if answer.status_code == 302:
        yield answer["Location"]
    elif answer["Content-Type"].startswith("text/html"):
        for target in HREF.findall(answer.content.decode()):
            yield urljoin(url, unescape(target)).partition("#")[0]


def is_inside(path: str, codes: set[str]) -> bool:
    """A page of these units in a year of the story."""
    parts = path.split("/")
    years_told = {str(year) for year in (PAST, DECIDED, ASKING, UNDER_WAY)}
    return len(parts) > 4 and parts[1] == "u" and parts[2] in codes and parts[3] in years_told


def readable(role: Role) -> set[str]:
    """Pages of these sections that the role may open."""
    return {
        name
        for name, rule in RULES.items()
        if name.split(":")[0] in SPACES and rule.method == "get" and role in rule.may
    } - WITHOUT_LINK


@pytest.fixture
def unit(db: None) -> Area:
    """After a merger: a list from paper, a decided round, one that asks for an opinion, one under way, requests."""
    unit = walk.commune()
    village = Area.objects.villages_of(unit).get()
    old = CommuneFactory(parent=unit.parent, valid_to=datetime.date(PAST, 12, 31))
    years.family(VillageFactory(parent=old))
    Succession.objects.create(predecessor=old, successor=unit, on=datetime.date(DECIDED, 1, 1))
    homes = walk.listed_homes(unit)
    ScoreSheet.objects.create(standard=standard(), name="Bảng thử", valid_from=datetime.date(PAST, 1, 1))
    decided(unit, homes)
    asking(unit)
    under_way(unit, village)
    closed = years.family(village)
    years.close(closed, datetime.date(DECIDED, 6, 1), HouseholdClosed.MOVED_OUT)
    asked(homes["poor"], village)
    exit_given(homes["poor"], UNDER_WAY)
    figures = {"cut_off": datetime.date(DECIDED, 6, 30), "source": "Công an xã", "households": 10, "population": 40}
    VillageCount.objects.create(unit=unit, village=village, **figures)
    return unit


def decided(unit: Area, homes: dict[str, Household]) -> None:
    """Recognised, numbered, booklets issued, one correction waiting."""
    round = walk.ready_round(unit, homes)
    decision = walk.recognised(round, by=user_with(Role.LEADER, unit))
    recognition.decision_number(
        by=None, recognition=decision, version=decision.version, number="1", date=walk.DECIDED_ON
    )
    certificates.certificates_issue(by=None, round=round, on=walk.TODAY)
    walk.opened_correction(round, "near_poor")


def asking(unit: Area) -> None:
    """Everything up to the recheck is done; the opinion of the level above is next."""
    round = round_steps.opened(unit)
    reviews = round_steps.listed(round, Area.objects.villages_of(unit).get())
    round_steps.scored(reviews)
    before = round.steps.get(step=Step.OPINION).position
    round.steps.filter(position__lt=before).update(done_on=round_steps.DONE)


def under_way(unit: Area, village: Area) -> None:
    """A periodic round with a row of everything, and a regular one that only waits for the decision."""
    round_rows(unit, village, UNDER_WAY)
    Opinion.objects.update(asked_of=unit.parent)
    first = datetime.date(UNDER_WAY, 3, 1)
    periodic = ReviewRound.objects.get(year=UNDER_WAY)
    common = {"unit": unit, "kind": RoundKind.REGULAR, "month": 3, "standard": periodic.standard}
    round = ReviewRound.objects.create(year=UNDER_WAY, starts_on=first, ends_on=first, **common)
    before = (Step.LISTING, Step.QUICK_SCREEN, Step.SURVEY, Step.VILLAGE_MEETING, Step.POSTING, Step.RECHECK)
    for place, step in enumerate((*before, Step.RECOGNITION, Step.CERTIFICATES), start=1):
        RoundStep.objects.create(
            unit=unit, round=round, step=step, position=place, done_on=first if step in before else None
        )


def asked(home: Household, village: Area) -> None:
    """A request that waits for its assessment, and statuses found, posted and decided."""
    day = datetime.date(UNDER_WAY, 3, 2)
    common = {"unit": home.unit, "village": village, "household": home}
    states: tuple[StatusState | None, ...] = (None, StatusState.ASSESSED, StatusState.POSTED, StatusState.DECIDED)
    for state in states:
        request = Request.objects.create(
            kind=RequestKind.FORM_01_AVERAGE, received_on=day, due_on=day, applicant="Nguyễn Văn A", **common
        )
        if state is None:
            continue
        status = {"income": 1, "income_from": datetime.date(DECIDED, 1, 1), "is_eligible": True}
        posted = {"posted_from": day, "posted_to": day} if state != StatusState.ASSESSED else {}
        Status.objects.create(
            kind=StatusKind.AVERAGE_LIVING,
            request=request,
            state=state,
            valid_from=day if state == StatusState.DECIDED else None,
            **status | posted | common,
        )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.REGISTRY_CLERK])
def test_links_lead_from_the_home_of_the_unit_to_every_page_of_the_role(unit: Area, role: Role) -> None:
    met = crawl(user_with(role, unit), reverse("unit-home", args=[unit.code, UNDER_WAY]), {unit.code})

    assert readable(role) - met == set()


def test_links_lead_the_level_above_to_the_same_pages(unit: Area) -> None:
    """From the home of the province through its communes, and to the opinion that it owes."""
    above = unit.parent
    assert above is not None
    start = reverse("unit-home", args=[above.code, UNDER_WAY])

    met = crawl(user_with(Role.REVIEWER, above), start, {above.code, unit.code})

    assert readable(Role.REVIEWER) - met == set()


def test_links_lead_an_administrator_of_the_installation_to_what_is_set_for_everybody(unit: Area) -> None:
    PaperFactory(unit=None)
    start = reverse("unit-home", args=[unit.code, UNDER_WAY])

    met = crawl(UserFactory(is_superuser=True), start, {unit.code})

    assert OF_THE_INSTALLATION | {"papers:confirm"} <= met


def test_a_way_leads_to_the_follow_page_only_after_a_merger(officer_client: Client, commune: Area) -> None:
    page = officer_client.get(reverse("households:list", args=[commune.code, DECIDED])).content.decode()

    assert reverse("households:follow", args=[commune.code, DECIDED]) not in page
    assert reverse("requests:counts", args=[commune.code, DECIDED]) in page
