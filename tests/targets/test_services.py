import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint
from django.test.utils import CaptureQueriesContext

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from targets.choices import LayoutName, PlanState
from targets.models import TargetPlan, TargetRow
from targets.rules.rows import BOUNDS
from targets.services import tables as services
from tests.factories import CommuneFactory, VillageFactory


@pytest.fixture
def plan(officer: User, commune: Area) -> TargetPlan:
    for name in ("Thượng", "Hạ"):
        VillageFactory(parent=commune, name=name)
    return services.plan_open(by=officer, unit=commune, year=2026)


@pytest.fixture
def row(plan: TargetPlan) -> TargetRow:
    first = plan.rows.order_by("pk")[0]
    return services.row_set(
        by=None, plan=plan, place=first.place, households=100, poor_households=10, near_poor_households=5
    )


def change(by: User, plan: TargetPlan, row: TargetRow, version: int, **values: int | None) -> TargetRow:
    (saved,) = services.cells_change(by=by, plan=plan, changes={row.pk: (version, values)})
    return saved


def test_opening_makes_a_row_per_village_and_twice_is_once(plan: TargetPlan, officer: User, commune: Area) -> None:
    VillageFactory(parent=commune, name="Mới")
    assert services.plan_open(by=officer, unit=commune, year=2026) == plan
    assert sorted(plan.rows.values_list("place__name", flat=True)) == ["Hạ", "Mới", "Thượng"]


def test_a_changed_cell_raises_the_version(plan: TargetPlan, row: TargetRow, officer: User) -> None:
    saved = change(officer, plan, row, row.version, poor_reduction=3)
    assert (saved.poor_reduction, saved.version) == (3, row.version + 1)


def test_saving_the_same_value_writes_nothing(plan: TargetPlan, row: TargetRow, officer: User) -> None:
    assert change(officer, plan, row, row.version, households=100).version == row.version


def test_two_officers_on_two_cells_of_a_row_keep_both(plan: TargetPlan, row: TargetRow, officer: User) -> None:
    change(officer, plan, row, row.version, poor_reduction=3)
    saved = change(officer, plan, row, row.version, near_poor_reduction=2)
    assert (saved.poor_reduction, saved.near_poor_reduction) == (3, 2)


def test_on_the_same_cell_the_second_is_told_and_nothing_is_lost(
    plan: TargetPlan, row: TargetRow, officer: User
) -> None:
    change(officer, plan, row, row.version, poor_reduction=3)
    with pytest.raises(EditConflict) as caught:
        change(officer, plan, row, row.version, poor_reduction=4)
    (field,) = caught.value.fields
    assert (field.theirs, field.mine, caught.value.who) == (3, 4, str(officer))
    assert caught.value.when is not None
    row.refresh_from_db()
    assert row.poor_reduction == 3


def test_a_stale_value_that_i_did_not_touch_does_not_come_back(plan: TargetPlan, row: TargetRow, officer: User) -> None:
    change(officer, plan, row, row.version, households=120)
    saved = change(officer, plan, row, row.version, households=100, poor_reduction=1)
    assert (saved.households, saved.poor_reduction) == (120, 1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"poor_reduction": 11}, "Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm."),
        ({"near_poor_reduction": 6}, "Số hộ cận nghèo giảm nhiều hơn số hộ cận nghèo đầu năm."),
        ({"poor_households": 96}, "Hộ nghèo và hộ cận nghèo cộng lại nhiều hơn tổng số hộ."),
    ],
)
def test_impossible_counts_are_refused_at_their_cell(
    plan: TargetPlan, row: TargetRow, officer: User, values: dict[str, int], sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        change(officer, plan, row, row.version, **values)
    assert caught.value.message_dict == {f"{row.pk}.{next(iter(values))}": [sentence]}


def test_bad_cells_of_several_rows_come_all_at_once_and_nothing_is_written(
    plan: TargetPlan, row: TargetRow, officer: User
) -> None:
    other = plan.rows.exclude(pk=row.pk).get()
    services.row_set(by=None, plan=plan, place=other.place, households=5, poor_households=1)
    other.refresh_from_db()
    wrong = {row.pk: (row.version, {"poor_reduction": 99}), other.pk: (other.version, {"poor_reduction": 9})}
    with pytest.raises(ValidationError) as caught:
        services.cells_change(by=officer, plan=plan, changes=wrong)
    assert set(caught.value.message_dict) == {f"{row.pk}.poor_reduction", f"{other.pk}.poor_reduction"}
    assert not TargetRow.objects.exclude(poor_reduction=None).exists()


def test_the_database_repeats_the_rule(row: TargetRow) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetRow.objects.filter(pk=row.pk).update(poor_reduction=11)


@pytest.mark.parametrize("who", ["leader", "stranger"])
def test_only_who_enters_in_the_unit_may_write(
    plan: TargetPlan, row: TargetRow, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        change(request.getfixturevalue(who), plan, row, row.version, poor_reduction=1)


def test_the_audit_says_who_and_what(plan: TargetPlan, row: TargetRow, officer: User) -> None:
    change(officer, plan, row, row.version, poor_reduction=3)
    last = _events(row).last()
    assert (last.poor_reduction, last.pgh_context.metadata["user"]) == (3, officer.pk)
    assert last.pgh_context.metadata["action"] == "target_row.change"


def test_raw_sql_is_in_the_audit(row: TargetRow) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE targets_targetrow SET remark = 'psql' WHERE id = %s", [row.pk])
    old, new = list(_events(row))[-2:]
    assert (old.remark, new.remark, new.version) == ("", "psql", old.version + 1)


def test_copy_is_in_the_audit(commune: Area) -> None:
    import io

    plan = {"unit_id": commune.pk, "year": 2031, "version": 1, "state": "draft", "layout": "standard"}
    plan |= {"start_source": "typed", "source_note": "", "adjusted_because": ""}
    line = "\t".join(str(value) for value in plan.values())
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY targets_targetplan ({', '.join(plan)}) FROM STDIN", io.StringIO(line))
    event = apps.get_model("targets.TargetPlanEvent").objects.get(year=2031)
    assert (event.pgh_label, event.unit_id) == ("insert", commune.pk)


def test_the_audit_cannot_be_rewritten(row: TargetRow) -> None:
    from django.db.utils import InternalError

    with pytest.raises(InternalError, match="append"), transaction.atomic():
        _events(row).delete()


def _events(row: TargetRow):
    return apps.get_model("targets.TargetRowEvent").objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")


# One cell beside one row


@pytest.mark.parametrize("villages", [3, 30])
def test_a_cell_costs_three_queries_more_than_a_bare_row_whatever_the_table_is(
    commune: Area, officer: User, villages: int
) -> None:
    """Rights, the gate of the plan and the lock of the row beside the one that writes."""
    VillageFactory.create_batch(villages, parent=commune)
    plan = services.plan_open(by=None, unit=commune, year=2026)
    row = plan.rows.order_by("pk")[0]
    with CaptureQueriesContext(connection) as bare, transaction.atomic():
        TargetRow.objects.filter(pk=row.pk).update(households=100)
    row.refresh_from_db()
    writer = User.objects.get(pk=officer.pk)
    with CaptureQueriesContext(connection) as ours:
        change(writer, plan, row, row.version, poor_households=3)
    assert len(ours) == len(bare) + 3


@pytest.mark.parametrize("villages", [1, 3, 30])
def test_all_rows_are_set_in_a_constant_number_of_queries(commune: Area, officer: User, villages: int) -> None:
    places = VillageFactory.create_batch(villages, parent=commune)
    plan = services.plan_open(by=None, unit=commune, year=2026)
    rows = {place.pk: {"households": 50 + number, "remark": "từ tệp"} for number, place in enumerate(places)}
    writer = User.objects.get(pk=officer.pk)
    with CaptureQueriesContext(connection) as queries:
        done = services.rows_set(by=writer, plan=plan, rows=rows)
    assert (done.new, done.changed, done.unchanged) == (0, villages, 0)
    # savepoint and its release, rights, gate, rows, update
    assert len(queries) == 6
    assert list(plan.rows.order_by("households").values_list("households", "remark", "version")) == [
        (50 + number, "từ tệp", 2) for number in range(villages)
    ]


# Rows at once


def test_rows_as_stored_are_not_touched_and_missing_ones_are_made(plan: TargetPlan, row: TargetRow) -> None:
    new = VillageFactory(parent=plan.unit, name="Mới")
    done = services.rows_set(
        by=None, plan=plan, rows={row.place_id: {"households": 100, "remark": " "}, new.pk: {"households": 7}}
    )
    assert (done.new, done.changed, done.unchanged) == (1, 0, 1)
    assert _events(row).count() == 2
    assert plan.rows.get(place=new).households == 7


def test_bad_rows_are_named_all_at_once_by_place_and_field(plan: TargetPlan, row: TargetRow) -> None:
    foreign = VillageFactory(parent=CommuneFactory())
    other = plan.rows.exclude(pk=row.pk).get()
    with pytest.raises(ValidationError) as caught:
        services.rows_set(
            by=None,
            plan=plan,
            rows={
                row.place_id: {"poor_reduction": 11, "minority_households": 200},
                other.place_id: {"households": -1, "remark": "x" * 301},
                foreign.pk: {"households": 1},
            },
        )
    assert caught.value.message_dict == {
        f"{row.place_id}.poor_reduction": ["Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm."],
        f"{row.place_id}.minority_households": ["Hộ dân tộc thiểu số nhiều hơn tổng số hộ."],
        f"{other.place_id}.households": ["Số đếm là số nguyên, không âm."],
        f"{other.place_id}.remark": ["Ghi chú dài 301 chữ, nhiều nhất 300."],
        f"{foreign.pk}.place": [f"{foreign.title} không thuộc {plan.unit}."],
    }
    assert not TargetRow.objects.exclude(minority_households=None).exists()


def test_a_field_that_no_row_has_is_a_mistake_of_the_program(plan: TargetPlan, row: TargetRow) -> None:
    with pytest.raises(TypeError, match="hộ"):
        services.rows_set(by=None, plan=plan, rows={row.place_id: {"hộ": 1}})


def test_rows_at_once_are_in_the_audit(plan: TargetPlan, row: TargetRow, officer: User) -> None:
    services.rows_set(by=officer, plan=plan, rows={row.place_id: {"poor_increase": 2}})
    last = _events(row).last()
    assert (last.poor_increase, last.version, last.pgh_context.metadata["user"]) == (2, 3, officer.pk)


def test_the_rules_are_the_constraints_of_the_database() -> None:
    checks = [constraint for constraint in TargetRow._meta.constraints if isinstance(constraint, CheckConstraint)]
    assert {bound.sentence for bound in BOUNDS} == {str(check.violation_error_message) for check in checks}


# The gate


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        (PlanState.SUBMITTED, "đề nghị lãnh đạo trả lại"),
        (PlanState.FORWARDED, "đề nghị cấp trên trả lại"),
    ],
)
def test_a_closed_plan_refuses_every_write_and_says_what_to_do(
    plan: TargetPlan, row: TargetRow, officer: User, state: PlanState, advice: str
) -> None:
    VillageFactory(parent=plan.unit, name="Mới")
    TargetPlan.objects.filter(pk=plan.pk).update(state=state)
    plan.refresh_from_db()
    writes = (
        lambda: change(officer, plan, row, row.version, poor_reduction=1),
        lambda: services.rows_set(by=officer, plan=plan, rows={row.place_id: {"households": 1}}),
        lambda: services.row_set(by=None, plan=plan, place=row.place, households=1),
        lambda: services.plan_describe(by=officer, plan=plan, version=plan.version, source_note="x"),
        lambda: services.plan_open(by=officer, unit=plan.unit, year=2026),
    )
    for write in writes:
        with pytest.raises(ValidationError, match=advice):
            write()
    row.refresh_from_db()
    assert row.households == 100


def test_opening_a_closed_plan_with_all_its_places_changes_nothing(plan: TargetPlan, officer: User) -> None:
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    assert services.plan_open(by=officer, unit=plan.unit, year=2026) == plan


def test_the_layout_of_the_plan_is_chosen(plan: TargetPlan, officer: User) -> None:
    described = services.plan_describe(by=officer, plan=plan, version=plan.version, layout=LayoutName.TWO_BLOCKS)
    assert described.layout == LayoutName.TWO_BLOCKS
    with pytest.raises(ValidationError):
        services.plan_describe(by=officer, plan=plan, version=described.version, layout="khác")
