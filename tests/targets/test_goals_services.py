"""Goals and reports are written through services: gated, versioned, refused with reasons by field."""

import datetime
from decimal import Decimal
from typing import Any

import pghistory.models
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from households.models import Dimension
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from povertyplan.offices.models import Department, OutsideBody
from povertyplan.offices.services import office_add
from targets.models import IndicatorTarget, TargetPlan
from targets.services import goals as services
from targets.services.tables import plan_open, row_set
from tests.factories import CommuneFactory, VillageFactory
from tests.households.answers import indicators
from tests.targets.goal_rows import goal

YEAR = 2025
LATRINE: dict[str, Any] = {
    "text": "",
    "measure": "latrine",
    "scope": "listed",
    "unit_of_value": "percent",
    "comparison": "at_least",
    "value": Decimal(95),
}


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    return plan_open(by=None, unit=commune, year=YEAR)


@pytest.fixture
def department(commune: Area) -> Department:
    return office_add(by=None, unit=commune, model=Department, name="Phòng Kinh tế", valid_from=commune.valid_from)


def add(plan: TargetPlan, by: User | None = None, **values: Any) -> IndicatorTarget:
    return services.goal_add(by=by, plan=plan, **LATRINE | values)


def errors_of(call: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        call()
    return caught.value.message_dict


def test_a_goal_without_words_gets_the_sentence_of_its_parts(plan: TargetPlan, officer: User) -> None:
    row = add(plan, by=officer)

    assert row.text == "Ít nhất 95 % hộ nghèo, hộ cận nghèo có nhà tiêu hợp vệ sinh"
    event = pghistory.models.Events.objects.tracks(row).get()
    assert event.pgh_context["action"] == "goal.add"


def test_a_made_sentence_follows_its_parts_and_a_typed_one_stays(plan: TargetPlan) -> None:
    made, typed = add(plan), add(plan, text="Nhà tiêu")

    made = services.goal_update(
        by=None, goal=made, version=made.version, **LATRINE | {"text": made.text, "value": Decimal(90)}
    )
    typed = services.goal_update(
        by=None, goal=typed, version=typed.version, **LATRINE | {"text": "Nhà tiêu", "value": Decimal(90)}
    )

    assert made.text.startswith("Ít nhất 90 %")
    assert typed.text == "Nhà tiêu"


def test_a_goal_that_nothing_counts_needs_words(plan: TargetPlan) -> None:
    assert set(errors_of(lambda: add(plan, measure=""))) == {"text"}
    assert add(plan, measure="", text="Việc làm", unit_of_value="persons", value=Decimal(20)).text == "Việc làm"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"unit_of_value": "points"}, {"unit_of_value"}),
        ({"scope": "unit"}, {"scope"}),
        ({"scope": "listed_and_escaped", "unit_of_value": "persons"}, {"scope", "unit_of_value"}),
        ({"measure": "poor_rate"}, {"scope"}),
        ({"measure": "", "text": "Việc làm", "unit_of_value": "persons", "value": Decimal("1.5")}, {"value"}),
        ({"value": None}, {"value"}),
        ({"value": Decimal(101)}, {"value"}),
    ],
)
def test_what_cannot_be_counted_so_is_refused_all_at_once(
    plan: TargetPlan, values: dict[str, Any], fields: set[str]
) -> None:
    assert set(errors_of(lambda: add(plan, **values))) == fields


def test_one_office_of_the_own_unit_leads(plan: TargetPlan, department: Department) -> None:
    body = office_add(by=None, unit=plan.unit, model=OutsideBody, name="Trạm Y tế", kind="service")
    elsewhere = office_add(by=None, unit=CommuneFactory(), model=Department, name="Phòng khác")

    assert add(plan, lead_department=department).lead == "Phòng Kinh tế"
    assert set(errors_of(lambda: add(plan, lead_department=department, lead_body=body))) == {"lead_body"}
    assert set(errors_of(lambda: add(plan, lead_department=elsewhere))) == {"lead_department"}


def test_the_dimension_is_of_the_standard_of_the_year(plan: TargetPlan) -> None:
    indicators()
    dimension = Dimension.objects.get()
    assert add(plan, dimension=dimension).dimension == dimension

    standard = dimension.standard
    standard.valid_to = datetime.date(YEAR - 1, 12, 31)
    standard.save()

    assert set(errors_of(lambda: add(plan, dimension=dimension))) == {"dimension"}


def test_goals_are_moved_one_place(plan: TargetPlan) -> None:
    rows = [add(plan, text=text) for text in ("một", "hai", "ba")]

    services.goal_move(by=None, goal=rows[2], is_up=True)
    services.goal_move(by=None, goal=rows[0], is_up=True)
    services.goal_move(by=None, goal=rows[1], is_up=False)

    assert [row.text for row in plan.goals.all()] == ["một", "ba", "hai"]


def test_two_officers_who_change_different_boxes_keep_both(plan: TargetPlan) -> None:
    row = add(plan, text="Nhà tiêu")
    version = row.version
    services.goal_update(by=None, goal=row, version=version, **LATRINE | {"text": "Nhà tiêu hợp vệ sinh"})
    saved = services.goal_update(
        by=None, goal=row, version=version, **LATRINE | {"text": "Nhà tiêu", "value": Decimal(97)}
    )
    assert (saved.text, saved.value) == ("Nhà tiêu hợp vệ sinh", 97)

    with pytest.raises(EditConflict):
        services.goal_update(by=None, goal=row, version=version, **LATRINE | {"text": "Nhà tiêu", "value": Decimal(98)})


def test_a_goal_that_changed_meanwhile_is_not_removed(plan: TargetPlan) -> None:
    row = add(plan)
    services.goal_update(by=None, goal=row, version=row.version, **LATRINE | {"value": Decimal(97)})

    with pytest.raises(ValidationError, match="vừa được sửa"):
        services.goal_remove(by=None, goal=row, version=row.version)
    services.goal_remove(by=None, goal=row, version=row.version + 1)

    assert not plan.goals.exists()


def test_a_closed_plan_takes_reports_and_no_goals(plan: TargetPlan, officer: User) -> None:
    row = goal(plan)
    TargetPlan.objects.filter(pk=plan.pk).update(state="submitted")

    with pytest.raises(ValidationError, match="không sửa được"):
        add(plan, by=officer)
    for change in (
        lambda: services.goal_update(by=officer, goal=row, version=1, value=Decimal(90)),
        lambda: services.goal_move(by=officer, goal=row, is_up=True),
        lambda: services.goal_remove(by=officer, goal=row, version=1),
    ):
        with pytest.raises(ValidationError, match="không sửa được"):
            change()
    assert report(row, by=officer).pk


def test_only_who_plans_writes(plan: TargetPlan, leader: User, stranger: User) -> None:
    row = goal(plan)
    actual = report(row)
    for user in (leader, stranger):
        for change in (
            lambda user=user: add(plan, by=user),
            lambda user=user: services.goal_update(by=user, goal=row, version=1, value=Decimal(90)),
            lambda user=user: services.goal_remove(by=user, goal=row, version=1),
            lambda user=user: report(row, by=user, on=datetime.date(YEAR, 2, 1)),
            lambda user=user: services.actual_update(by=user, actual=actual, version=1, part=1),
            lambda user=user: services.actual_remove(by=user, actual=actual, version=1),
        ):
            with pytest.raises(PermissionDenied):
                change()


REPORT: dict[str, Any] = {
    "on": datetime.date(YEAR, 6, 30),
    "part": 90,
    "whole": 100,
    "value": None,
    "source": "Trạm Y tế",
}


def report(row: IndicatorTarget, by: User | None = None, **values: Any) -> Any:
    return services.actual_add(by=by, goal=row, **REPORT | values)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"on": None}, {"on"}),
        ({"on": datetime.date(YEAR + 1, 1, 1)}, {"on"}),
        ({"part": None}, {"part"}),
        ({"part": 101}, {"part"}),
        ({"part": 0, "whole": 0}, {"whole"}),
        ({"value": Decimal(90)}, {"value"}),
        ({"source": "  "}, {"source"}),
        ({"part": None, "whole": None, "source": "", "on": None}, {"part", "whole", "source", "on"}),
    ],
)
def test_a_share_is_reported_by_its_two_counts_with_a_day_and_a_source(
    plan: TargetPlan, values: dict[str, Any], fields: set[str]
) -> None:
    row = goal(plan)
    assert set(errors_of(lambda: report(row, **values))) == fields


def test_a_count_is_reported_by_its_value(plan: TargetPlan) -> None:
    row = goal(plan, unit_of_value="persons", value=Decimal(20))

    assert set(errors_of(lambda: report(row))) == {"part", "whole", "value"}
    assert set(errors_of(lambda: report(row, part=None, whole=None, value=Decimal("1.5")))) == {"value"}
    assert report(row, part=None, whole=None, value=Decimal(12)).value == 12


def test_more_than_the_table_has_is_not_reported(plan: TargetPlan) -> None:
    fall = goal(plan, measure="poor_fall", unit_of_value="households", scope="unit", value=2)
    share = goal(plan)
    village = VillageFactory(parent=plan.unit)
    typed = {"part": None, "whole": None}
    row_set(by=None, plan=plan, place=village, households=100, near_poor_households=5)
    actual = report(fall, on=datetime.date(YEAR, 1, 31), value=Decimal(500), **typed)
    row_set(by=None, plan=plan, place=village, poor_households=20)

    assert errors_of(lambda: report(fall, value=Decimal(21), **typed)) == {
        "value": ["Chỉ có 20 hộ nghèo đầu năm; không ghi nhiều hơn."]
    }
    with pytest.raises(ValidationError, match="Chỉ có 20 hộ nghèo"):
        services.actual_update(by=None, actual=actual, version=actual.version, value=Decimal(30))
    assert report(fall, value=Decimal(20), **typed).pk
    share.measure = "latrine"
    assert set(errors_of(lambda: report(share, whole=101))) == {"whole"}
    assert report(share, whole=100).pk


def test_a_day_that_has_not_come_is_refused(commune: Area) -> None:
    today = timezone.localdate()
    row = goal(plan_open(by=None, unit=commune, year=today.year + 1))

    assert set(errors_of(lambda: report(row, on=datetime.date(today.year + 1, 1, 1)))) == {"on"}


def test_a_day_has_one_report_that_can_be_corrected_and_removed(plan: TargetPlan) -> None:
    row = goal(plan)
    actual = report(row)
    assert "__all__" in errors_of(lambda: report(row))

    saved = services.actual_update(by=None, actual=actual, version=actual.version, **REPORT | {"part": 95})
    assert saved.part == 95
    with pytest.raises(EditConflict):
        services.actual_update(by=None, actual=actual, version=actual.version, **REPORT | {"part": 96})
    with pytest.raises(ValidationError, match="vừa được sửa"):
        services.actual_remove(by=None, actual=actual, version=actual.version)
    services.actual_remove(by=None, actual=actual, version=saved.version)

    assert not row.actuals.exists()


def test_a_field_that_there_is_not_is_a_fault_of_the_program(plan: TargetPlan) -> None:
    with pytest.raises(TypeError):
        services.goal_add(by=None, plan=plan, position=3)
