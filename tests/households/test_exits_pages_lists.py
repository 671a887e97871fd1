"""Pages of exit registration: marks without a choice, lists that nobody recognised, minutes on paper, households of one
name."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import Need
from households.models import ExitRegistration
from households.selectors.exit_pages import overview
from households.services.exit_meetings import meeting_record
from households.services.exits import drive_open
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from tests.factories import VillageFactory
from tests.households import years
from tests.households.exit_rows import OPENED, Spring, spring
from tests.households.test_exits_meetings import MINUTES
from tests.households.test_exits_pages import TODAY, signed_in, text, url


@pytest.fixture
def world(commune: Area) -> Spring:
    return spring(commune)


@pytest.fixture
def officer(world: Spring) -> Client:
    return signed_in(Role.OFFICER, world.unit)


@pytest.mark.parametrize(("name", "value"), [("signed", "1"), ("needs", "credit")])
def test_a_mark_on_a_household_that_is_not_chosen_is_named_and_nothing_is_written(
    world: Spring, officer: Client, name: str, value: str
) -> None:
    chosen, marked = world.poor[0], world.poor[1]
    data = {"registered_on": "20/03/2023", "household": [chosen.pk], f"{name}-{marked.pk}": value}

    answer = officer.post(url(world, "add", world.here.pk), data)

    assert answer.status_code == 422
    assert f"Hộ Nghèo Đông Hai, mã {marked.code}: đã đánh dấu đơn ký hoặc nhu cầu nhưng chưa chọn hộ." in text(answer)
    assert not ExitRegistration.objects.exists()


def test_needs_proposed_for_a_household_are_no_mark(world: Spring, officer: Client) -> None:
    review = world.poor[1].reviews.get()
    review.needs.model.objects.create(review=review, unit=world.unit, need=Need.CREDIT)
    years.Recognised.objects.filter(household=world.poor[1]).update(review=review)
    data = {"registered_on": "20/03/2023", "household": [world.poor[0].pk], f"needs-{world.poor[1].pk}": "credit"}

    officer.post(url(world, "add", world.here.pk), data)

    assert [row.household for row in ExitRegistration.objects.all()] == [world.poor[0]]


def test_households_that_nobody_recognised_are_unknown_not_zero(commune: Area) -> None:
    VillageFactory(parent=commune, name="Đông")
    drive_open(by=None, unit=commune, year=2023, on=OPENED)

    page = signed_in(Role.OFFICER, commune).get(reverse("exits:list", args=[commune.code, 2023]))

    assert "Danh sách ngày 31/12/2022 chưa có" in text(page)
    assert len(re.findall(r"–\s*</td>", page.content.decode())) == 4
    assert "Không có điều gì cần xem lại" not in text(page)


def test_a_recognised_list_without_households_is_known(commune: Area) -> None:
    village = VillageFactory(parent=commune, name="Đông")
    reach_rebuild()
    years.past(commune, 2022, not_poor=[years.family(village)])
    drive_open(by=None, unit=commune, year=2023, on=OPENED)
    assert overview(unit=commune, year=2023, today=TODAY).has_list
    assert not overview(unit=commune, year=2023, today=datetime.date(2022, 1, 1)).has_list


def test_the_code_tells_households_of_one_name_apart(world: Spring, officer: Client) -> None:
    row = world.register(world.poor[0])
    code = row.household.code
    pages: list[Any] = [("village", world.here.pk), ("households",), ("edit", row.pk), ("withdraw", row.pk)]
    assert [code in text(officer.get(url(world, *page))) for page in pages] == [True] * 4


def test_minutes_are_printed_with_all_they_hold_and_who_registered(world: Spring, officer: Client) -> None:
    row = world.register(world.poor[0], needs=[Need.CREDIT])
    world.register(world.poor[2])
    address = url(world, "minutes", world.here.pk)
    assert "ngày …… tháng …… năm 2023" in text(officer.get(address))
    meeting_record(by=None, drive=world.drive, village=world.here, **(MINUTES | {"opinions": "Vay sớm\nCho đủ"}))

    page = text(officer.get(address))

    for said in ("họp ngày 20/03/2023", *(str(MINUTES[name]) for name in ("place", "chair", "secretary", "present"))):
        assert said in page
    assert "Số người dự họp: 40; số hộ có người đại diện dự: 35." in page
    assert "1 hộ, gồm 1 hộ nghèo, 0 hộ cận nghèo." in page
    assert f"Nghèo Đông Một {row.household.code} Hộ nghèo vay vốn" in page
    assert "Vay sớm Cho đủ" in page
    assert "Nghèo Tây Một" not in page
    assert "……" not in page
    assert address in officer.get(url(world, "village", world.here.pk)).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_printing_the_minutes_asks_the_same_number_of_queries(
    commune: Area, many: int, django_assert_num_queries: Any
) -> None:
    world = spring(commune, poor=3)
    for household in world.poor[:many]:
        world.register(household, needs=[Need.CREDIT])
    client = signed_in(Role.LEADER, world.unit)
    client.get(url(world, "list"))
    with django_assert_num_queries(12):
        assert client.get(url(world, "minutes", world.here.pk)).status_code == 200
