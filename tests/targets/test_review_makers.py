"""Whoever made any of the figures, in whichever way, is not who approves them."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.exchange.kinds import kind_of
from povertyplan.exchange.services import workbook_write
from targets.choices import Method, PlanState, QuotaSubject
from targets.services import allocation, review, tables
from targets.services.goals import goal_add
from targets.services.movements import movements_set
from targets.services.quotas import quota_add
from tests.exchange.books import book
from tests.targets.review_rows import YEAR, World, also, world


@pytest.fixture
def told(db: None) -> World:
    return world()


def one_cell(told: World, by: User) -> None:
    told.type(by, poor_reduction=4)


def many_rows(told: World, by: User) -> None:
    rows = {told.row(number).place_id: {"poor_reduction": 4} for number in (0, 1)}
    tables.rows_set(by=by, plan=told.plan, rows=rows)


def workbook(told: World, by: User) -> None:
    """As the worker and ``import_workbook --as`` write it."""
    file = book([(f"Xóm {number}", 100, 400, 10, 5, None, 4, 1) for number in (1, 2)])
    kind = kind_of("targets", unit=told.unit)
    checked = workbook_write(by=by, kind=kind, unit=told.unit, year=YEAR, file=file)
    assert checked.counts["changed"] == 2


def allocation_taken(told: World, by: User) -> None:
    rows = [told.row(0), told.row(1)]
    allocation.allocation_take(
        by=by,
        plan=told.plan,
        method=Method.PROPORTIONAL,
        kind=QuotaSubject.POOR,
        quota=8,
        shares={row.place_id: 4 for row in rows},
        versions={row.place_id: row.version for row in rows},
    )


def source_described(told: World, by: User) -> None:
    tables.plan_describe(by=by, plan=told.plan, version=told.fresh().version, source_note="Công an xã")


def quota_typed(told: World, by: User) -> None:
    quota_add(by=by, plan=told.plan, issuer="district", subject="poor", form="households", households=5)


def movement_typed(told: World, by: User) -> None:
    movements_set(by=by, plan=told.plan, rows={(None, "poor_to_above"): {"households": 3, "persons": 9}})


def goal_typed(told: World, by: User) -> None:
    goal_add(by=by, plan=told.plan, text="Ít nhất 95 % có nhà tiêu", comparison="at_least", value=95)


WAYS = (
    one_cell,
    many_rows,
    workbook,
    allocation_taken,
    source_described,
    quota_typed,
    movement_typed,
    goal_typed,
)


@pytest.mark.parametrize("make", WAYS, ids=lambda make: make.__name__)
def test_every_way_to_make_figures_makes_a_maker(told: World, make: Callable[[World, User], None]) -> None:
    both = also(told.leader, Role.OFFICER, told.unit)
    make(told, both)
    told.submit()
    with pytest.raises(ValidationError, match=review.OWN_WORK):
        told.approve(both)
    assert told.fresh().state == PlanState.SUBMITTED


def test_who_dropped_an_adjustment_made_no_figures_and_may_approve_the_next(told: World) -> None:
    told.submit()
    told.approve()
    told.adjust()
    told.type(poor_reduction=6)
    review.adjustment_drop(by=told.leader, plan=told.plan, version=told.fresh().version)
    told.adjust()
    told.type(poor_reduction=5)
    told.submit()
    assert told.approve().number == 2
