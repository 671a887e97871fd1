"""What of the rounds waits for a person of a unit, whatever the year of the page they look at."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from households.choices import RecognitionKind, RoundState
from households.models import Opinion, Recognition, ReviewRound, RoundStep
from households.rules.calendar import who_acts
from households.selectors.rounds import opinion_queue
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area


@dataclass(frozen=True, kw_only=True)
class WaitingStep:
    """The present step of a round and the roles that must act; ``days`` until it is due, negative when late."""

    round: ReviewRound
    step: RoundStep
    days: int | None
    roles: frozenset[Role]

    @property
    def is_late(self) -> bool:
        return self.days is not None and self.days < 0


def steps_waiting(unit: Area, *, today: datetime.date) -> list[WaitingStep]:
    """The first step that is not done of each round of the unit, the most urgent first. One query."""
    undone = RoundStep.objects.filter(
        unit=unit, done_on__isnull=True, round__state__in=[RoundState.OPEN, RoundState.RECOGNISED]
    )
    asked = Exists(Opinion.objects.filter(round=OuterRef("round"), reply=""))
    first = undone.order_by("round_id", "position").distinct("round_id").select_related("round")
    found = [_waiting(step, today) for step in first.annotate(is_asked=asked)]
    return sorted(found, key=lambda row: (row.days is None, row.days or 0, row.round.pk))


def _waiting(step: Any, today: datetime.date) -> WaitingStep:
    roles = frozenset(Role(code) for code in who_acts(step.step, is_opinion_asked=step.is_asked))
    return WaitingStep(round=step.round, step=step, days=_days(step.due_on, today), roles=roles)


def _days(due_on: datetime.date | None, today: datetime.date) -> int | None:
    return None if due_on is None else (due_on - today).days


def decisions_to_number(unit: Area) -> QuerySet[Recognition]:
    """Decisions of the unit that văn thư has given no number yet, the oldest first."""
    waiting = Recognition.objects.filter(unit=unit, paper__isnull=True).exclude(kind=RecognitionKind.PAST)
    return waiting.select_related("round").order_by("on", "pk")


def opinions_to_answer(user: User, unit: Area) -> QuerySet[Opinion]:
    """Opinions that a commune asked and the user, as the level above, has to answer."""
    return opinion_queue(user).filter(unit=unit)
