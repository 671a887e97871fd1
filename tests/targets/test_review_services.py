"""From the draft to the version in force: who, once, and what is frozen."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from households.choices import ParameterCode
from households.models import ExitDrive, Parameter
from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level
from targets.choices import PlanState, VersionState
from targets.models import Movement, PlanVersion, TargetRow, VersionRow
from targets.services import review, tables
from tests.factories import AreaFactory, PaperFactory, UserFactory, VillageFactory, user_with
from tests.targets.review_rows import COUNTS, YEAR, World, also, world

SUBMIT_QUERIES = 32
MAKER = "Người nhập, phân bổ hoặc trình số liệu của bảng không duyệt chính bảng đó"


@pytest.fixture
def told(db: None) -> World:
    return world()


def ask_the_level_above(told: World) -> None:
    Parameter.objects.create(
        code=ParameterCode.TARGETS_APPROVED_ABOVE,
        area=told.province,
        value=1,
        valid_from=datetime.date(2020, 1, 1),
    )


# Submission


def test_a_submission_freezes_every_row_with_who_and_when(told: World) -> None:
    submitted = told.submit(note="  Kính trình  ", paper=PaperFactory(unit=told.unit))
    assert (submitted.number, submitted.state, submitted.submitted_by) == (1, VersionState.SUBMITTED, told.officer)
    assert submitted.submit_note == "Kính trình"
    assert submitted.submitted_at is not None
    frozen = VersionRow.objects.filter(version=submitted).values_list("place__name", "poor_households", "population")
    assert sorted(frozen) == [("Xóm 1", 10, 400), ("Xóm 2", 10, 400)]
    assert told.fresh().state == PlanState.SUBMITTED


@pytest.mark.parametrize("villages", [1, 3])
def test_a_submission_asks_the_same_number_of_times_for_any_number_of_villages(
    db: None, villages: int, django_assert_num_queries
) -> None:
    told = world(villages)
    version = told.plan.version
    with django_assert_num_queries(SUBMIT_QUERIES):
        review.plan_submit(by=told.officer, plan=told.plan, version=version)


def test_a_submission_is_refused_with_everything_that_is_missing(told: World) -> None:
    TargetRow.objects.filter(plan=told.plan).update(poor_reduction=None, near_poor_reduction=None)
    TargetRow.objects.filter(plan=told.plan).update(households=None)
    VillageFactory(parent=told.unit, name="Mới Lập")
    with pytest.raises(ValidationError) as caught:
        told.submit()
    said = " ".join(caught.value.messages)
    assert "thôn Xóm 1: Chưa có tổng số hộ." in said
    assert "thôn Xóm 2: Chưa có tổng số hộ." in said
    assert "thôn Mới Lập: Có trong danh sách của đơn vị nhưng chưa có trong bảng chỉ tiêu." in said
    assert not PlanVersion.objects.exists()


def test_a_second_submission_says_that_the_table_waits(told: World) -> None:
    told.submit()
    with pytest.raises(ValidationError, match="chờ lãnh đạo duyệt nên không trình được"):
        told.submit()
    assert PlanVersion.objects.count() == 1


def test_a_stale_page_decides_nothing(told: World) -> None:
    """The leader read version 1; meanwhile it was returned and submitted again with other figures."""
    told.submit()
    seen = told.fresh().version
    told.send_back()
    told.type(poor_reduction=4)
    told.submit()
    with pytest.raises(ValidationError, match="vừa có thay đổi từ khi mở trang này"):
        review.plan_approve(by=told.leader, plan=told.plan, version=seen)
    assert told.fresh().state == PlanState.SUBMITTED


@pytest.mark.parametrize("who", ["leader", "reviewer"])
def test_only_who_keeps_the_table_submits(told: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        told.submit(getattr(told, who))


# The lock


def test_what_is_submitted_is_closed_to_services_and_to_raw_sql(told: World) -> None:
    told.submit()
    with pytest.raises(ValidationError, match="đề nghị lãnh đạo trả lại"):
        told.type(poor_reduction=1)
    with (
        pytest.raises(DatabaseError, match="closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE targets_targetrow SET poor_reduction = 1 WHERE plan_id = %s", [told.plan.pk])


def test_nothing_is_added_to_or_taken_from_what_is_submitted(told: World) -> None:
    told.submit()
    added = VillageFactory(parent=told.unit)
    for write in (
        lambda: TargetRow.objects.create(plan=told.plan, unit=told.unit, place=added),
        lambda: TargetRow.objects.filter(plan=told.plan).delete(),
        lambda: Movement.objects.create(plan=told.plan, unit=told.unit, transition="newly_poor", households=1),
    ):
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            write()


@pytest.mark.parametrize(
    "statement", ["UPDATE targets_versionrow SET households = 1", "DELETE FROM targets_versionrow"]
)
def test_a_frozen_row_never_changes(told: World, statement: str) -> None:
    told.submit()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# The leader


def test_an_approval_puts_the_version_in_force_and_opens_the_exit_registration(told: World) -> None:
    told.submit()
    approved = told.approve()
    plan = told.fresh()
    assert (plan.state, plan.in_force) == (PlanState.APPROVED, approved)
    assert (approved.state, approved.decided_by, approved.above_by) == (VersionState.APPROVED, told.leader, None)
    assert approved.decided_at is not None
    assert ExitDrive.objects.filter(unit=told.unit, year=YEAR).count() == 1


def test_a_return_opens_the_table_and_keeps_the_reason(told: World) -> None:
    told.submit()
    returned = told.send_back(reason=" Xóm 2 giảm ít ")
    assert (returned.state, returned.returned_because) == (VersionState.RETURNED, "Xóm 2 giảm ít")
    assert told.fresh().is_open
    told.type(number=1, poor_reduction=5)
    assert told.submit().number == 2


def test_a_return_without_a_reason_is_refused(told: World) -> None:
    told.submit()
    with pytest.raises(ValidationError) as caught:
        told.send_back(reason="  ")
    assert caught.value.message_dict == {"reason": ["Ghi lý do."]}


def test_the_officer_neither_approves_nor_returns(told: World) -> None:
    told.submit()
    for act in (told.approve, told.send_back):
        with pytest.raises(PermissionDenied):
            act(told.officer)


def test_the_system_enters_and_never_decides(told: World) -> None:
    version = told.plan.version
    review.plan_submit(by=None, plan=told.plan, version=version)
    with pytest.raises(PermissionDenied):
        review.plan_approve(by=None, plan=told.plan, version=told.fresh().version)
    with pytest.raises(PermissionDenied):
        review.plan_return(by=None, plan=told.plan, version=told.plan.version, reason="x")


def test_a_draft_is_not_approved(told: World) -> None:
    with pytest.raises(ValidationError, match="đang lập nên không duyệt được"):
        told.approve()


# Maker is never checker


def test_who_submitted_does_not_approve(told: World) -> None:
    both = also(told.officer, Role.LEADER, told.unit)
    told.submit(both)
    with pytest.raises(ValidationError, match=MAKER):
        told.approve(both)
    told.approve()


def test_who_typed_one_cell_does_not_approve(told: World) -> None:
    both = also(told.leader, Role.OFFICER, told.unit)
    told.type(both, poor_reduction=2)
    told.submit()
    with pytest.raises(ValidationError, match=MAKER):
        told.approve(both)


def test_an_administrator_of_everything_approves_only_as_a_leader_who_made_nothing(told: World) -> None:
    administrator = UserFactory(is_superuser=True)
    told.submit()
    with pytest.raises(PermissionDenied):
        told.approve(administrator)
    leads = also(also(administrator, Role.LEADER, told.unit), Role.OFFICER, told.unit)
    told.send_back()
    told.type(leads, poor_reduction=2)
    told.submit()
    with pytest.raises(ValidationError, match=MAKER):
        told.approve(leads)


def test_to_return_what_one_submitted_is_to_take_it_back(told: World) -> None:
    both = also(told.officer, Role.LEADER, told.unit)
    told.submit(both)
    assert told.send_back(both).state == VersionState.RETURNED


# The level above


def test_where_the_province_asks_the_leader_forwards_and_the_level_above_approves(told: World) -> None:
    ask_the_level_above(told)
    told.submit()
    forwarded = told.approve()
    assert (told.fresh().state, forwarded.state) == (PlanState.FORWARDED, VersionState.FORWARDED)
    assert told.plan.in_force is None
    assert not ExitDrive.objects.exists()
    approved = told.approve(told.reviewer)
    assert (told.fresh().state, approved.state) == (PlanState.APPROVED, VersionState.APPROVED)
    assert (approved.decided_by, approved.above_by) == (told.leader, told.reviewer)
    assert ExitDrive.objects.filter(unit=told.unit).exists()


def test_the_setting_is_dated_and_of_one_province(told: World) -> None:
    other = world()
    Parameter.objects.create(
        code=ParameterCode.TARGETS_APPROVED_ABOVE,
        area=other.province,
        value=1,
        valid_from=datetime.date(2020, 1, 1),
        valid_to=datetime.date(2021, 1, 1),
    )
    for one in (told, other):
        one.submit()
        assert one.approve().state == VersionState.APPROVED


def test_the_level_above_returns_what_was_forwarded(told: World) -> None:
    ask_the_level_above(told)
    told.submit()
    told.approve()
    returned = told.send_back(told.reviewer)
    assert (returned.state, returned.above_by) == (VersionState.RETURNED, told.reviewer)
    assert told.fresh().state == PlanState.RETURNED


def test_the_level_above_returns_what_is_approved_and_the_old_version_holds_until_the_new_one(told: World) -> None:
    told.submit()
    first = told.approve()
    told.send_back(told.reviewer, reason="chưa đủ chỉ tiêu tỉnh giao")
    plan = told.fresh()
    assert (plan.state, plan.in_force) == (PlanState.RETURNED, first)
    first.refresh_from_db()
    assert (first.state, first.returned_because) == (VersionState.APPROVED, "chưa đủ chỉ tiêu tỉnh giao")
    told.type(poor_reduction=5)
    told.submit()
    second = told.approve()
    first.refresh_from_db()
    assert (first.state, told.fresh().in_force) == (VersionState.REPLACED, second)


def test_who_approved_in_the_unit_does_not_approve_for_the_level_above(told: World) -> None:
    ask_the_level_above(told)
    both = also(told.leader, Role.REVIEWER, told.province)
    told.submit()
    told.approve(both)
    with pytest.raises(ValidationError, match="không duyệt tiếp thay cấp trên"):
        told.approve(both)
    told.approve(told.reviewer)


def test_a_reviewer_who_typed_in_the_unit_does_not_approve_it(told: World) -> None:
    ask_the_level_above(told)
    both = also(told.reviewer, Role.OFFICER, told.unit)
    told.type(both, poor_reduction=2)
    told.submit()
    told.approve()
    with pytest.raises(ValidationError, match=MAKER):
        told.approve(both)


def test_the_level_above_does_not_act_before_the_leader(told: World) -> None:
    ask_the_level_above(told)
    told.submit()
    with pytest.raises(ValidationError, match="chờ lãnh đạo duyệt nên không duyệt được"):
        told.approve(told.reviewer)


def test_a_reviewer_of_a_district_that_has_ended_only_reads(told: World) -> None:
    district = AreaFactory(
        level=Level.DISTRICT,
        code="571",
        name="Cũ",
        kind="huyện",
        parent=told.province,
        valid_to=datetime.date(2025, 6, 30),
    )
    told.unit.parent = district
    told.unit.save()
    ask_the_level_above(told)
    told.submit()
    told.approve()
    with pytest.raises(PermissionDenied):
        told.approve(user_with(Role.REVIEWER, district))


def test_the_reviewers_of_a_province_keep_its_own_table_and_its_leader_approves(told: World) -> None:
    plan = tables.plan_open(by=None, unit=told.province, year=YEAR)
    TargetRow.objects.filter(plan=plan).delete()
    TargetRow.objects.create(plan=plan, unit=told.province, place=told.unit, **COUNTS)
    review.plan_submit(by=told.reviewer, plan=plan, version=plan.version)
    plan.refresh_from_db()
    leader = user_with(Role.LEADER, told.province)
    review.plan_approve(by=leader, plan=plan, version=plan.version)
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    assert not ExitDrive.objects.exists()
