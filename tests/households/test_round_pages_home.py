"""What of the rounds waits for whom on the home pages."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.choices import RoundKind, Step
from households.models import Recognition, ReviewRound, RoundStep
from households.services import rounds
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.web.navigation import items
from tests.factories import user_with
from tests.households.build import standard
from tests.households.round_steps import YEAR, agreed_round, asked, opened, posted_round
from tests.households.test_round_pages_index import address, text


def home(unit: Area, year: int = YEAR) -> str:
    return reverse("unit-home", args=[unit.code, year])


def tasks(user: User, unit: Area, year: int = YEAR) -> list[Any]:
    client = Client()
    client.force_login(user)
    return list(client.get(home(unit, year)).context["tasks"])


def test_the_officer_sees_the_present_step_late_first(commune: Area, officer: User) -> None:
    round = opened(commune)

    first = tasks(officer, commune)[0]

    assert first.title == "Rà soát định kỳ năm 2025: lập danh sách"
    assert first.url == address("detail", commune, round.pk)
    RoundStep.objects.filter(round=round, step=Step.LISTING).update(
        due_on=timezone.localdate() - datetime.timedelta(days=3)
    )
    late = tasks(officer, commune)[0]
    assert (late.badge, late.tone) == ("Trễ 3 ngày", "late")


@pytest.mark.parametrize("year", [YEAR, YEAR + 1])
def test_an_open_round_waits_on_the_page_of_any_year(commune: Area, officer: User, year: int) -> None:
    round = opened(commune)

    assert tasks(officer, commune, year)[0].url == address("detail", commune, round.pk)


def test_the_leader_sees_a_round_that_is_ready_and_no_step_of_others(commune: Area, leader: User) -> None:
    reviewer = user_with(Role.REVIEWER, commune.parent)
    round = agreed_round(commune, reviewer=reviewer)

    assert [task.url for task in tasks(leader, commune)] == [address("recognise", commune, round.pk)]


def test_nothing_of_an_earlier_step_waits_for_the_leader(commune: Area, leader: User) -> None:
    posted_round(commune)

    assert tasks(leader, commune) == []


def test_while_the_level_above_answers_it_waits_for_them_alone(commune: Area, officer: User) -> None:
    opinion = asked(commune)
    reviewer = user_with(Role.REVIEWER, commune.parent)
    reply = address("opinion-reply", commune.parent, opinion.pk)

    assert not [task for task in tasks(officer, commune) if "Rà soát" in task.title]
    assert [task.url for task in tasks(reviewer, commune)] == [reply]
    assert [task.url for task in tasks(reviewer, commune.parent)] == [reply]


def test_the_clerk_sees_decisions_without_a_number(commune: Area) -> None:
    round = opened(commune)
    decision = Recognition.objects.create(unit=commune, round=round, kind="initial", on=datetime.date(2025, 11, 5))
    clerk = user_with(Role.REGISTRY_CLERK, commune)

    assert [task.url for task in tasks(clerk, commune)] == [address("number", commune, round.pk, decision.pk)]


def test_a_cancelled_round_waits_for_nobody(commune: Area, officer: User) -> None:
    round = opened(commune)
    rounds.round_cancel(by=None, round=round, version=round.version, reason="mở nhầm")

    assert not [task for task in tasks(officer, commune) if "Rà soát" in task.title]


@pytest.mark.parametrize("count", [1, 3])
def test_the_home_page_asks_the_same_questions_for_one_and_three_rounds(
    commune: Area, officer_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    opened(commune)
    for month in range(1, count):
        opened(commune, kind=RoundKind.REGULAR, month=month)

    with django_assert_num_queries(11):
        page = officer_client.get(home(commune))

    assert len([task for task in page.context["tasks"] if task.url]) == count


def test_the_section_of_reviews_holds_its_pages(commune: Area) -> None:
    for view in ("rounds:detail", "reviews:form", "summaries:table", "law:index"):
        current = [
            item.label
            for item in items(code=commune.code, year=YEAR, roles=frozenset({Role.OFFICER}), view=view)
            if item.is_current
        ]
        assert current == ["Rà soát"]


def test_the_badge_is_said_in_words(commune: Area, officer_client: Client) -> None:
    standard()
    round = ReviewRound.objects.get(pk=opened(commune).pk)
    RoundStep.objects.filter(round=round).update(due_on=datetime.date(2025, 9, 2))

    assert "Trễ " in text(officer_client.get(home(commune)))
