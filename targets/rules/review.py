"""The way of a target table from the officer to the version in force, as one table of moves.

``docs/rules/target-review.md`` draws it. Who may act beside the role, and what a table must hold before it is
submitted, is asked by ``services.review``; here stands only what may follow what.
"""

from dataclasses import dataclass
from enum import StrEnum

from targets.choices import PlanState, VersionState


class Act(StrEnum):
    """What somebody does with the whole table."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    FORWARD = "forward"
    APPROVE_ABOVE = "approve_above"
    RETURN_ABOVE = "return_above"
    ADJUST = "adjust"
    DROP = "drop"


class Actor(StrEnum):
    """On whose behalf: who keeps the table, who leads the unit, the level above it."""

    KEEPER = "keeper"
    LEADER = "leader"
    ABOVE = "above"


WHO: dict[Act, frozenset[Actor]] = {
    Act.SUBMIT: frozenset({Actor.KEEPER}),
    Act.RETURN: frozenset({Actor.LEADER}),
    Act.APPROVE: frozenset({Actor.LEADER}),
    Act.FORWARD: frozenset({Actor.LEADER}),
    Act.APPROVE_ABOVE: frozenset({Actor.ABOVE}),
    Act.RETURN_ABOVE: frozenset({Actor.ABOVE}),
    Act.ADJUST: frozenset({Actor.KEEPER, Actor.LEADER}),
    Act.DROP: frozenset({Actor.KEEPER, Actor.LEADER}),
}

# Acts that say «these figures hold»: nobody does that with what they typed or submitted themselves.
CHECKS = frozenset({Act.APPROVE, Act.FORWARD, Act.APPROVE_ABOVE})
NEEDS_REASON = frozenset({Act.RETURN, Act.RETURN_ABOVE, Act.ADJUST})


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where the plan goes, and what becomes of its last version; None leaves that version as it is."""

    plan: PlanState
    version: VersionState | None = None


MOVES: dict[tuple[PlanState, Act], Move] = {
    (PlanState.DRAFT, Act.SUBMIT): Move(plan=PlanState.SUBMITTED, version=VersionState.SUBMITTED),
    (PlanState.RETURNED, Act.SUBMIT): Move(plan=PlanState.SUBMITTED, version=VersionState.SUBMITTED),
    (PlanState.SUBMITTED, Act.RETURN): Move(plan=PlanState.RETURNED, version=VersionState.RETURNED),
    (PlanState.SUBMITTED, Act.APPROVE): Move(plan=PlanState.APPROVED, version=VersionState.APPROVED),
    (PlanState.SUBMITTED, Act.FORWARD): Move(plan=PlanState.FORWARDED, version=VersionState.FORWARDED),
    (PlanState.FORWARDED, Act.APPROVE_ABOVE): Move(plan=PlanState.APPROVED, version=VersionState.APPROVED),
    (PlanState.FORWARDED, Act.RETURN_ABOVE): Move(plan=PlanState.RETURNED, version=VersionState.RETURNED),
    # What is in force stays in force until a newer version is approved.
    (PlanState.APPROVED, Act.RETURN_ABOVE): Move(plan=PlanState.RETURNED),
    (PlanState.APPROVED, Act.ADJUST): Move(plan=PlanState.DRAFT),
    (PlanState.DRAFT, Act.DROP): Move(plan=PlanState.APPROVED),
    (PlanState.RETURNED, Act.DROP): Move(plan=PlanState.APPROVED),
}

VERBS = {
    Act.SUBMIT: "trình",
    Act.RETURN: "trả lại",
    Act.APPROVE: "duyệt",
    Act.FORWARD: "duyệt và chuyển cấp trên",
    Act.APPROVE_ABOVE: "duyệt",
    Act.RETURN_ABOVE: "trả lại",
    Act.ADJUST: "mở điều chỉnh",
    Act.DROP: "bỏ điều chỉnh",
}


class NotNow(Exception):
    """The act does not follow on the state; the message is a Vietnamese sentence."""


def move(state: PlanState, act: Act, *, has_version_in_force: bool = False) -> Move:
    """What the act does in the state. Raises NotNow."""
    found = MOVES.get((state, act))
    if found is None:
        raise NotNow(f"Bảng chỉ tiêu {state.label} nên không {VERBS[act]} được.")
    if act == Act.DROP and not has_version_in_force:
        raise NotNow("Chưa có bản nào được duyệt nên không có điều chỉnh để bỏ.")
    return found


def approval(*, above_is_asked: bool) -> Act:
    """What the leader's approval is: the last word, or the way to the level above."""
    return Act.FORWARD if above_is_asked else Act.APPROVE
