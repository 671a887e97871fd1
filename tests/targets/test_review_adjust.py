"""Adjustment in the year; and two browsers at once."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from povertyplan.accounts.choices import Role
from targets.choices import PlanState, QuotaForm, QuotaIssuer, QuotaSubject, VersionState
from targets.models import PlanVersion, Quota, TargetPlan, TargetRow, VersionRow
from targets.rules.figures import FOR_THE_UNIT
from targets.selectors.versions import authors_of, changes_between
from targets.services import review, tables
from tests.factories import PaperFactory, VillageFactory
from tests.targets.review_rows import World, also, world


@pytest.fixture
def told(db: None) -> World:
    return world()


@pytest.fixture
def committed(transactional_db: None) -> Iterator[World]:
    """Really in the database, so that others see it and the audit tells one act from the next by the clock."""
    yield world()
    connection.close()


@pytest.fixture
def approved(told: World) -> World:
    told.submit()
    told.approve()
    return told


def drop(told: World, by: object = None) -> TargetPlan:
    return review.adjustment_drop(by=by or told.officer, plan=told.plan, version=told.fresh().version)  # type: ignore[arg-type]


def test_an_adjustment_keeps_the_old_version_in_force_and_readable(approved: World) -> None:
    first = approved.fresh().in_force
    approved.adjust(reason=" tỉnh giao thêm ")
    plan = approved.fresh()
    assert (plan.state, plan.in_force, plan.adjusted_because) == (PlanState.DRAFT, first, "tỉnh giao thêm")
    approved.type(poor_reduction=6)
    paper = PaperFactory(unit=approved.unit)
    second = approved.submit(paper=paper)
    assert (second.number, second.adjusted_because, second.paper) == (2, "tỉnh giao thêm", paper)
    approved.approve()
    assert first is not None
    first.refresh_from_db()
    assert (first.state, approved.fresh().in_force, approved.plan.adjusted_because) == (
        VersionState.REPLACED,
        second,
        "",
    )
    assert VersionRow.objects.filter(version=first, poor_reduction=3).count() == 2


@pytest.mark.parametrize("name", FOR_THE_UNIT)
def test_counts_of_the_unit_belong_to_a_version_and_come_back_with_it(approved: World, name: str) -> None:
    approved.adjust()
    tables.plan_describe(by=approved.officer, plan=approved.plan, version=approved.fresh().version, **{name: 9})
    changed = approved.submit(paper=PaperFactory(unit=approved.unit))
    assert getattr(changed, name) == 9
    first = approved.fresh().in_force
    assert first is not None
    assert [(row.old, row.new) for row in changes_between(first, changed)] == [(None, 9)]
    approved.send_back()
    drop(approved)
    assert getattr(approved.fresh(), name) is None


def test_an_adjustment_needs_a_reason(approved: World) -> None:
    with pytest.raises(ValidationError) as caught:
        approved.adjust(reason=" ")
    assert caught.value.message_dict == {"reason": ["Ghi lý do."]}


def test_an_adjustment_is_submitted_only_with_the_decision_that_adjusts(approved: World) -> None:
    approved.adjust()
    TargetRow.objects.filter(pk=approved.row().pk).update(households=None)
    with pytest.raises(ValidationError) as caught:
        approved.submit(paper=None)
    said = caught.value.message_dict
    assert said["paper"] == [review.NO_DECISION]
    assert said["__all__"] == ["thôn Xóm 1: Chưa có tổng số hộ."], "all at once"
    TargetRow.objects.filter(pk=approved.row().pk).update(households=100)
    with pytest.raises(ValidationError, match="Chọn quyết định điều chỉnh"):
        review.plan_submit(by=None, plan=approved.plan, version=approved.fresh().version)
    assert approved.submit().paper is not None


def test_what_the_level_above_sent_back_is_no_adjustment_and_needs_no_decision(approved: World) -> None:
    approved.send_back(approved.reviewer)
    assert approved.submit(paper=None).number == 2


def test_the_leader_may_open_an_adjustment_and_still_approve_it(approved: World) -> None:
    approved.adjust(approved.leader)
    approved.type(poor_reduction=6)
    approved.submit()
    assert approved.approve().number == 2


def test_the_level_above_opens_no_adjustment(approved: World) -> None:
    with pytest.raises(PermissionDenied):
        approved.adjust(approved.reviewer)


@pytest.mark.django_db(transaction=True)
def test_makers_are_those_since_the_version_in_force(committed: World) -> None:
    """Who typed the first table may approve an adjustment in which others did the work."""
    typist = also(committed.leader, Role.OFFICER, committed.unit)
    committed.type(typist, poor_reduction=2)
    assert authors_of(committed.plan) == {typist.pk}
    committed.submit()
    other = also(committed.reviewer, Role.LEADER, committed.unit)
    committed.approve(other)
    committed.adjust()
    committed.type(poor_reduction=4)
    committed.submit()
    assert authors_of(committed.fresh()) == {committed.officer.pk}
    assert committed.approve(typist).number == 2


def test_a_quota_typed_makes_a_maker(told: World) -> None:
    Quota.objects.create(
        plan=told.plan,
        unit=told.unit,
        issuer=QuotaIssuer.PROVINCE,
        subject=QuotaSubject.POOR,
        form=QuotaForm.HOUSEHOLDS,
        households=6,
    )
    assert authors_of(told.plan) == set(), "written by no account"


def test_a_dropped_adjustment_brings_the_figures_back(approved: World) -> None:
    gone = approved.row(1)
    approved.adjust()
    approved.type(poor_reduction=6, households=120)
    TargetRow.objects.filter(pk=gone.pk).delete()
    added = VillageFactory(parent=approved.unit, name="Mới")
    TargetRow.objects.create(plan=approved.plan, unit=approved.unit, place=added, households=9)
    drop(approved)
    plan = approved.fresh()
    assert (plan.state, plan.adjusted_because) == (PlanState.APPROVED, "")
    stored = TargetRow.objects.filter(plan=plan).values_list("place__name", "poor_reduction", "households")
    assert sorted(stored) == [("Xóm 1", 3, 100), ("Xóm 2", 3, 100)]
    assert PlanVersion.objects.filter(plan=plan).count() == 1


def test_what_no_version_keeps_cannot_be_dropped(approved: World) -> None:
    approved.adjust()
    Quota.objects.create(
        plan=approved.plan,
        unit=approved.unit,
        issuer=QuotaIssuer.PROVINCE,
        subject=QuotaSubject.POOR,
        form=QuotaForm.HOUSEHOLDS,
        households=6,
    )
    with pytest.raises(ValidationError, match="Đã sửa chỉ tiêu được giao trong lần điều chỉnh này"):
        drop(approved)


def test_an_adjustment_that_the_level_above_asked_for_is_not_dropped(approved: World) -> None:
    approved.send_back(approved.reviewer, reason="thiếu 2 hộ")
    with pytest.raises(ValidationError, match="Cấp trên yêu cầu sửa bản đã duyệt: thiếu 2 hộ"):
        drop(approved)


def test_without_an_approved_version_nothing_is_dropped(told: World) -> None:
    with pytest.raises(ValidationError, match="Chưa có bản nào được duyệt"):
        drop(told)


# Two browsers at once


def both_press(act: Callable[[], object]) -> list[str]:
    """What two people at once are told; «done» where it went through."""
    start, said = threading.Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            act()
            said.append("done")
        except ValidationError as error:
            said.append(" ".join(error.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_submit_once(committed: World) -> None:
    version = committed.plan.version
    said = both_press(lambda: review.plan_submit(by=committed.officer, plan=committed.plan, version=version))
    assert said == ["Bảng chỉ tiêu chờ lãnh đạo duyệt nên không trình được.", "done"]
    assert PlanVersion.objects.get().rows.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_browsers_approve_once(committed: World) -> None:
    committed.submit()
    version = committed.fresh().version
    said = both_press(lambda: review.plan_approve(by=committed.leader, plan=committed.plan, version=version))
    assert said == ["Bảng chỉ tiêu đã duyệt nên không duyệt được.", "done"]


@pytest.mark.django_db(transaction=True)
def test_a_cell_typed_while_the_table_is_submitted_is_in_the_version_or_refused(committed: World) -> None:
    row, version = committed.row(), committed.plan.version
    start, said = threading.Barrier(2), []

    def submit() -> None:
        start.wait()
        review.plan_submit(by=committed.officer, plan=committed.plan, version=version)
        connection.close()

    def type_a_cell() -> None:
        start.wait()
        try:
            committed.type(poor_reduction=9)
            said.append("typed")
        except ValidationError:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (submit, type_a_cell)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    row.refresh_from_db()
    frozen = VersionRow.objects.get(version__plan=committed.plan, place=row.place)
    assert frozen.poor_reduction == row.poor_reduction == (9 if said == ["typed"] else 3)
