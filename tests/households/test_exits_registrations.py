"""Who may register to escape poverty, what is corrected, and how a household takes its word back."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.choices import Category, Need
from households.models import ExitNeed, ExitRegistration
from households.selectors.exits import (
    Registered,
    needs_in,
    needs_said,
    registered_counts,
    registration_of,
    registrations_of,
)
from households.selectors.parts import events
from households.services.exits import (
    drive_update,
    registration_add,
    registration_update,
    registration_withdraw,
    registrations_add,
)
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from povertyplan.core.versions import EditConflict
from tests.factories import user_with
from tests.households import build, years
from tests.households.exit_rows import JUNE, MARCH, OPENED, Spring, spring


@pytest.fixture
def world(commune: Area) -> Spring:
    return spring(commune)


def said(caught: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(caught.value.messages)


def test_a_poor_household_registers_with_its_needs(world: Spring) -> None:
    needs = [Need.CREDIT, (Need.PRODUCTION, " 2 con  bò ")]
    row = world.register(world.poor[0], is_form_signed=True, needs=needs)

    assert (row.category, row.village, row.signer) == (Category.POOR, world.here, "Nghèo Đông Một")
    found = registration_of(household=world.poor[0], year=2023)
    assert found == row
    assert needs_in(found) == {"production": "2 con bò", "credit": ""}
    assert needs_said(found) == "sản xuất (2 con bò), vay vốn tín dụng"
    assert registration_of(household=world.poor[0], year=2024) is None


def test_counts_are_by_village_and_by_what_the_household_was(world: Spring) -> None:
    for household in (world.poor[0], world.poor[1], world.near_poor[0], world.poor[2]):
        world.register(household)
    gone = world.register(world.near_poor[1])
    registration_withdraw(by=None, registration=gone, version=1, on=JUNE, reason="đi làm xa")

    assert registered_counts(unit=world.unit, year=2023) == {
        world.here.pk: Registered(poor=2, near_poor=1),
        world.there.pk: Registered(poor=1),
    }
    assert [row.head_name for row in registrations_of(unit=world.unit, year=2023, village=world.here)] == [
        "Cận Đông Một",
        "Nghèo Đông Hai",
        "Nghèo Đông Một",
    ]


def test_every_refusal_is_said_at_once(world: Spring) -> None:
    stranger = build.household(head="Xã Khác")
    world.register(world.poor[0])
    years.close(world.poor[1], datetime.date(2023, 3, 2))
    asked = [world.poor[0], world.poor[1], world.other, stranger, world.poor[2], world.poor[2]]
    rows = [{"household": household} for household in asked]
    rows[4] |= {"needs": ["đất"], "signer": "x" * 101}

    with pytest.raises(ValidationError) as caught:
        registrations_add(by=None, drive=world.drive, on=MARCH, rows=rows)

    assert set(caught.value.message_dict) == {"households"}
    assert "Hộ Nghèo Đông Một: đã đăng ký thoát nghèo ngày 20/03/2023" in said(caught)
    assert "thôi theo dõi từ ngày 02/03/2023" in said(caught)
    assert "Hộ Không Nghèo: ngày 20/03/2023 không có trong danh sách hộ nghèo, hộ cận nghèo" in said(caught)
    assert "Hộ Xã Khác: không thuộc đơn vị này" in said(caught)
    assert "Hộ Nghèo Tây Một: chọn hai lần" in said(caught)
    assert "nhu cầu «đất» không có trong danh mục" in said(caught)
    assert "người ký đơn:" in said(caught)
    assert ExitRegistration.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (OPENED - datetime.timedelta(days=1), "Đăng ký mở từ ngày 01/03/2023"),
        (datetime.date(2024, 1, 1), "Ngày phải trong năm 2023"),
        (datetime.date(2999, 1, 1), "không ghi ngày chưa đến"),
        (datetime.date(2023, 5, 1), "đến hết ngày 30/04/2023"),
    ],
)
def test_a_day_outside_the_drive_is_refused(world: Spring, day: datetime.date, sentence: str) -> None:
    last = datetime.date(2023, 4, 30)
    world.drive = drive_update(by=None, drive=world.drive, version=1, closes_on=last, paper=None)

    with pytest.raises(ValidationError) as caught:
        world.register(world.poor[0], day)

    assert sentence in " ".join(caught.value.message_dict["registered_on"])


def test_nothing_chosen_is_said(world: Spring) -> None:
    with pytest.raises(ValidationError, match="Chưa chọn hộ nào"):
        registrations_add(by=None, drive=world.drive, on=MARCH, rows=[])


def test_the_last_day_does_not_go_before_a_registration(world: Spring) -> None:
    world.register(world.poor[0], JUNE)

    with pytest.raises(ValidationError, match="Đã có hộ đăng ký ngày 01/06/2023"):
        drive_update(by=None, drive=world.drive, version=1, closes_on=MARCH, paper=None)


def test_many_register_in_as_many_queries_as_one(commune: Area, django_assert_num_queries: object) -> None:
    world = spring(commune, poor=6)

    for households in (world.poor[:1], world.poor[1:9]):
        rows = [{"household": household, "needs": [Need.CREDIT, Need.HOUSING]} for household in households]
        with django_assert_num_queries(10):  # type: ignore[operator]
            registrations_add(by=None, drive=world.drive, on=MARCH, rows=rows)


def test_who_withdrew_stays_in_the_list_and_may_register_again(world: Spring) -> None:
    first = world.register(world.poor[0])
    registration_withdraw(by=None, registration=first, version=1, on=JUNE, reason=" đi làm  xa ")

    with pytest.raises(ValidationError, match="đã rút đăng ký ngày 01/06/2023; đăng ký lại không trước ngày đó"):
        world.register(world.poor[0], MARCH)
    again = world.register(world.poor[0], datetime.date(2023, 6, 5))

    assert registration_of(household=world.poor[0], year=2023) == again
    kept = registrations_of(unit=world.unit, year=2023).get(pk=first.pk)
    assert (kept.withdrawn_on, kept.withdrawn_because) == (JUNE, "đi làm xa")


def test_a_withdrawal_says_when_and_why(world: Spring) -> None:
    row = world.register(world.poor[0])
    early = datetime.date(2023, 3, 10)

    with pytest.raises(ValidationError) as caught:
        registration_withdraw(by=None, registration=row, version=1, on=early, reason=" ")
    assert caught.value.message_dict == {
        "on": ["Hộ đăng ký ngày 20/03/2023; ngày rút không trước ngày đó."],
        "reason": ["Ghi lý do rút đăng ký."],
    }

    registration_withdraw(by=None, registration=row, version=1, on=JUNE, reason="đi làm xa")
    with pytest.raises(ValidationError, match="đã rút đăng ký ngày 01/06/2023"):
        registration_withdraw(by=None, registration=row, version=2, on=JUNE, reason="nữa")
    with pytest.raises(ValidationError, match="đã rút đăng ký ngày 01/06/2023"):
        registration_update(by=None, registration=row, version=2, signer="Khác")


def test_a_changed_day_takes_the_category_of_its_list(world: Spring) -> None:
    row = world.register(world.poor[0])
    change = years.regular(world.unit, 2023, 4)
    years.reviewed(change, world.poor[0], Category.NEAR_POOR)
    years.reviewed(change, world.poor[1], Category.NOT_POOR)
    years.recognise(change)
    other = world.register(world.poor[1])

    moved = registration_update(by=None, registration=row, version=1, registered_on=JUNE, is_form_signed=True)

    assert (moved.category, moved.is_form_signed) == (Category.NEAR_POOR, True)
    with pytest.raises(ValidationError, match="Ngày 01/06/2023 hộ không có trong danh sách"):
        registration_update(by=None, registration=other, version=1, registered_on=JUNE)
    with pytest.raises(ValidationError, match="Đăng ký mở từ ngày"):
        registration_update(by=None, registration=other, version=1, registered_on=datetime.date(2023, 2, 1))


def test_two_officers_change_different_things_and_both_stay(world: Spring) -> None:
    row = world.register(world.poor[0], needs=[Need.CREDIT])
    registration_update(by=None, registration=row, version=1, signer="Vợ Chủ Hộ", needs=[Need.CREDIT])

    saved = registration_update(by=None, registration=row, version=1, note="mới", needs=[Need.CREDIT, Need.HOUSING])

    assert (saved.signer, saved.note) == ("Vợ Chủ Hộ", "mới")
    assert needs_in(registration_of(household=world.poor[0], year=2023)) == {"credit": "", "housing": ""}


def test_needs_that_were_left_alone_stay_as_somebody_else_changed_them(world: Spring) -> None:
    row = world.register(world.poor[0], needs=[Need.CREDIT])
    changed = registration_update(by=None, registration=row, version=1, needs=[(Need.CREDIT, "50 triệu đồng")])
    assert changed.version == 2

    registration_update(by=None, registration=row, version=1, note="mới", needs=[Need.CREDIT])

    assert needs_in(registration_of(household=world.poor[0], year=2023)) == {"credit": "50 triệu đồng"}


def test_needs_that_both_changed_are_a_conflict(world: Spring) -> None:
    officer = user_with(Role.OFFICER, world.unit)
    row = world.register(world.poor[0], needs=[Need.CREDIT])
    registration_update(by=officer, registration=row, version=1, needs=[Need.HOUSING])

    with pytest.raises(EditConflict) as caught:
        registration_update(by=None, registration=row, version=1, needs=[Need.HEALTH])

    assert [(field.label, field.theirs, field.mine) for field in caught.value.fields] == [("Nhu cầu", "nhà ở", "y tế")]
    assert caught.value.who == str(officer)
    assert needs_in(registration_of(household=world.poor[0], year=2023)) == {"housing": ""}


def test_a_field_that_both_changed_is_a_conflict_that_names_changed_needs_too(world: Spring) -> None:
    row = world.register(world.poor[0], needs=[Need.CREDIT])
    registration_update(by=None, registration=row, version=1, signer="Một", needs=[Need.HOUSING])

    with pytest.raises(EditConflict) as caught:
        registration_update(by=None, registration=row, version=1, signer="Hai", needs=[Need.CREDIT])

    assert [field.name for field in caught.value.fields] == ["signer", "needs"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.REVIEWER])
def test_only_an_officer_writes(world: Spring, role: Role) -> None:
    user = user_with(role, world.unit)
    row = world.register(world.poor[0])
    with pytest.raises(PermissionDenied):
        registration_add(by=user, drive=world.drive, household=world.poor[1], on=MARCH)
    with pytest.raises(PermissionDenied):
        registration_update(by=user, registration=row, version=1, note="x")
    with pytest.raises(PermissionDenied):
        registration_withdraw(by=user, registration=row, version=1, on=JUNE, reason="x")
    with pytest.raises(PermissionDenied):
        drive_update(by=user, drive=world.drive, version=1, closes_on=None, paper=None)


def test_an_unknown_field_is_a_mistake_of_the_caller(world: Spring) -> None:
    row = world.register(world.poor[0])
    with pytest.raises(TypeError):
        world.register(world.poor[1], colour="xanh")
    with pytest.raises(TypeError):
        registration_update(by=None, registration=row, version=1, category="near_poor")


def test_every_act_says_who_did_what(world: Spring) -> None:
    officer = user_with(Role.OFFICER, world.unit)
    row = registration_add(by=officer, drive=world.drive, household=world.poor[0], on=MARCH, needs=[Need.CREDIT])
    registration_update(by=officer, registration=row, version=1, needs=[Need.HOUSING])
    registration_withdraw(by=officer, registration=row, version=2, on=JUNE, reason="đi làm xa")

    told = [
        event.pgh_context.metadata
        for event in events(ExitRegistration).order_by("pgh_id").select_related("pgh_context")
    ]
    assert [(act["user"], act["action"]) for act in told] == [
        (officer.pk, "exit.register"),
        (officer.pk, "exit.update"),
        (officer.pk, "exit.withdraw"),
    ]
    assert {event.need for event in events(ExitNeed)} == {"credit", "housing"}
