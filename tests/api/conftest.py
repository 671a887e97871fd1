"""Clients of the API, and one row of everything that it shows."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from households.models import Household, Member, Request, Review, ReviewRound
from households.services.requests import request_register
from households.services.rounds import review_add
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.choices import VersionState
from targets.models import Comment, PlanVersion, Quota
from targets.services.quotas import quota_add
from targets.services.tables import plan_open
from tests.factories import UserFactory, VillageFactory
from tests.households import build, walk
from tests.targets.goal_rows import goal_rows

YEAR = 2024


def client_of(user: User | None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_login(user)
    return client


def errors_of(answer: Any) -> dict[str, list[str]]:
    return answer.json()["errors"]


def etag(client: APIClient, address: str) -> dict[str, str]:
    """If-Match for a change of what stands at the address."""
    return {"If-Match": client.get(address)["ETag"]}


@pytest.fixture(autouse=True)
def nobody_has_called_yet() -> None:
    """The throttle counts in the cache of the process."""
    cache.clear()


@pytest.fixture
def as_officer(officer: User) -> APIClient:
    return client_of(officer)


@pytest.fixture
def as_leader(leader: User) -> APIClient:
    return client_of(leader)


@pytest.fixture
def as_stranger(stranger: User) -> APIClient:
    return client_of(stranger)


@dataclass
class World:
    """A commune with one row of everything."""

    unit: Area
    village: Area
    household: Household
    member: Member
    request: Request
    round: ReviewRound
    review: Review
    quota: Quota
    version: PlanVersion
    comment: Comment
    goals: dict[str, dict[str, Any]]

    def given(self) -> dict[str, dict[str, Any]]:
        """What fills the addresses, by the first word of the route's name."""
        goals = self.goals
        return {
            "unit": {"pk": self.unit.pk},
            "household": {"pk": self.household.pk},
            "members": {"pk": self.household.pk},
            "member": {"pk": self.member.pk},
            "request": {"pk": self.request.pk},
            "round": {"pk": self.round.pk},
            "step": {"pk": self.round.pk, "step": "listing"},
            "reviews": {"pk": self.round.pk},
            "review": {"pk": self.review.pk},
            "summary": {"pk": self.round.pk, "number": 1},
            "plan": {"pk": self.quota.plan_id},
            "row": {"pk": self.quota.plan.rows.get().pk},
            "quota": {"pk": self.quota.pk},
            "version": {"pk": self.version.pk},
            "comment": {"pk": self.comment.pk},
            "goal": goals["goal"],
            "actual": goals["goal-actual"],
            "deprivation": {"pk": self.quota.plan_id, "indicator": goals["indicator"]["indicator_pk"]},
            "nowhere": {"rest": "x/"},
        }


@pytest.fixture
def world(commune: Area) -> World:
    village = VillageFactory(parent=commune)
    household = build.household(commune, village, persons=2)
    round = walk.opened(commune, year=YEAR)
    review = review_add(by=None, round=round, household=household)
    request = request_register(
        by=None,
        unit=commune,
        kind="form_01",
        channel="counter",
        received_on=datetime.date(YEAR, 9, 20),
        due_on=datetime.date(YEAR, 10, 20),
        village=village,
        applicant="Lê Thị Nộp",
    )
    member = build.head_of(household)
    plan = plan_open(by=None, unit=commune, year=YEAR)
    quota = quota_add(by=None, plan=plan, issuer="district", subject="poor", form="households", households=1)
    version = PlanVersion.objects.create(unit=commune, plan=plan, number=1, state=VersionState.RETURNED)
    comment = Comment.objects.create(unit=commune, plan=plan, by=UserFactory(), text="Xem lại thôn này")
    goals = goal_rows(plan)
    return World(commune, village, household, member, request, round, review, quota, version, comment, goals)
