"""The way of a target table: what may follow what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.choices import OPEN_STATES, PlanState, VersionState
from targets.rules.review import CHECKS, MOVES, WHO, Act, Actor, NotNow, approval, move

DRAFT, SUBMITTED, RETURNED = PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED
FORWARDED, APPROVED = PlanState.FORWARDED, PlanState.APPROVED


@pytest.mark.parametrize(
    ("state", "act", "then"),
    [
        (DRAFT, Act.SUBMIT, SUBMITTED),
        (RETURNED, Act.SUBMIT, SUBMITTED),
        (SUBMITTED, Act.RETURN, RETURNED),
        (SUBMITTED, Act.APPROVE, APPROVED),
        (SUBMITTED, Act.FORWARD, FORWARDED),
        (FORWARDED, Act.APPROVE_ABOVE, APPROVED),
        (FORWARDED, Act.RETURN_ABOVE, RETURNED),
        (APPROVED, Act.RETURN_ABOVE, RETURNED),
        (APPROVED, Act.ADJUST, DRAFT),
        (DRAFT, Act.DROP, APPROVED),
        (RETURNED, Act.DROP, APPROVED),
    ],
)
def test_what_follows_what(state: PlanState, act: Act, then: PlanState) -> None:
    assert move(state, act, has_version_in_force=True).plan == then


@given(state=st.sampled_from(PlanState), act=st.sampled_from(Act))
def test_everything_else_is_refused_with_a_sentence(state: PlanState, act: Act) -> None:
    if (state, act) in MOVES:
        return
    with pytest.raises(NotNow, match=r"^Bảng chỉ tiêu .* nên không .* được\.$"):
        move(state, act, has_version_in_force=True)


def test_without_a_version_in_force_there_is_no_adjustment_to_drop() -> None:
    with pytest.raises(NotNow, match="Chưa có bản nào được duyệt"):
        move(DRAFT, Act.DROP)


@given(acts=st.lists(st.sampled_from(Act), max_size=25))
def test_no_way_leads_to_approved_but_through_somebody_who_checks(acts: list[Act]) -> None:
    """Whatever is tried: what is first approved was submitted before, and passed the leader."""
    state, done = DRAFT, [Act.DROP]
    for act in acts:
        try:
            state = move(state, act, has_version_in_force=bool({Act.APPROVE, Act.APPROVE_ABOVE} & set(done))).plan
        except NotNow:
            continue
        done.append(act)
        if state == APPROVED and act != Act.DROP:
            assert act in CHECKS
            assert Act.SUBMIT in done
            assert act == Act.APPROVE or Act.FORWARD in done


def test_figures_are_open_only_before_a_submission() -> None:
    leaving = {act for (state, act) in MOVES if state in OPEN_STATES}
    assert leaving == {Act.SUBMIT, Act.DROP}


def test_a_return_from_above_leaves_the_version_in_force() -> None:
    assert move(APPROVED, Act.RETURN_ABOVE).version is None
    assert move(FORWARDED, Act.RETURN_ABOVE).version == VersionState.RETURNED


def test_nobody_keeps_and_checks_by_one_right() -> None:
    assert all(Actor.KEEPER not in WHO[act] for act in CHECKS)


@pytest.mark.parametrize(("asked", "act"), [(False, Act.APPROVE), (True, Act.FORWARD)])
def test_the_leaders_word_is_the_last_unless_the_level_above_is_asked(asked: bool, act: Act) -> None:
    assert approval(above_is_asked=asked) == act
