"""What changed between two versions; whose approval is asked for; which tables wait above."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import ParameterCode
from households.models import Parameter
from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level
from povertyplan.areas.services import reach_rebuild
from targets.models import PlanVersion, TargetRow, VersionRow
from targets.selectors.versions import approval_above_needed, changes_between, forwarded_to, last_return, versions_of
from tests.factories import AreaFactory, VillageFactory, user_with
from tests.targets.review_rows import World, world

TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def told(db: None) -> World:
    return world()


def ask(told: World, value: int = 1, *, since: datetime.date = datetime.date(2026, 1, 1), **fields: object) -> None:
    given = {"area": told.province, "value": value, "valid_from": since} | fields
    Parameter.objects.create(code=ParameterCode.TARGETS_APPROVED_ABOVE, **given)


def test_changes_name_place_column_old_and_new(told: World) -> None:
    first = told.submit()
    told.send_back()
    told.type(poor_reduction=7, near_poor_reduction=0)
    TargetRow.objects.filter(pk=told.row(1).pk).update(remark="xa trung tâm")
    added = VillageFactory(parent=told.unit, name="Mới", position=9)
    given = {"households": 9, "population": 30, "poor_households": 0, "near_poor_households": 0}
    TargetRow.objects.create(plan=told.plan, unit=told.unit, place=added, **given)
    second = told.submit()
    found = changes_between(first, second)
    assert [(row.place, row.label, row.old, row.new) for row in found] == [
        ("Thôn Xóm 1", "Số hộ nghèo giảm", 3, 7),
        ("Thôn Xóm 1", "Số hộ cận nghèo giảm", 1, 0),
        ("Thôn Xóm 2", "Ghi chú", None, "xa trung tâm"),
        ("Thôn Mới", "Tổng số hộ", None, 9),
        ("Thôn Mới", "Nhân khẩu", None, 30),
        ("Thôn Mới", "Hộ nghèo đầu năm", None, 0),
        ("Thôn Mới", "Hộ cận nghèo đầu năm", None, 0),
    ]


def test_a_figure_of_the_whole_unit_differs_without_a_place(told: World) -> None:
    first = told.submit()
    second = PlanVersion.objects.create(plan=told.plan, unit=told.unit, number=2, poor_persons=44)
    for row in first.rows.all():
        VersionRow.objects.create(version=second, unit=told.unit, place=row.place, **{"households": row.households})
    last = changes_between(first, second)[-1]
    assert (last.place, last.label, last.old, last.new) == ("", "Khẩu nghèo đầu năm", None, 44)


def test_the_first_version_has_nothing_to_differ_from(told: World) -> None:
    assert changes_between(None, told.submit()) == ()


@pytest.mark.parametrize("villages", [1, 3])
def test_changes_are_one_query_for_any_number_of_villages(db: None, villages: int, django_assert_num_queries) -> None:
    told = world(villages)
    first = told.submit()
    told.send_back()
    told.type(poor_reduction=7)
    second = told.submit()
    with django_assert_num_queries(1):
        assert len(changes_between(first, second)) == 1


def test_versions_come_newest_first_with_the_reason_of_the_last_return(told: World) -> None:
    told.submit()
    told.send_back(reason="lần một")
    told.submit()
    told.send_back(reason="lần hai")
    assert [version.number for version in versions_of(told.plan)] == [2, 1]
    last = last_return(told.plan)
    assert last is not None
    assert last.returned_because == "lần hai"


# Whether the level above is asked


def test_a_province_that_says_nothing_does_not_ask(told: World) -> None:
    assert not approval_above_needed(told.unit, TODAY)


def test_a_province_asks_from_a_day_to_a_day(told: World) -> None:
    ask(told, valid_to=datetime.date(2026, 11, 22))
    assert approval_above_needed(told.unit, datetime.date(2026, 11, 22))
    assert not approval_above_needed(told.unit, TODAY)
    assert not approval_above_needed(told.unit, datetime.date(2025, 12, 31))


def test_zero_of_the_province_goes_before_one_of_the_nation(told: World) -> None:
    ask(told, area=None)
    assert approval_above_needed(told.unit, TODAY)
    ask(told, value=0)
    assert not approval_above_needed(told.unit, TODAY)


def test_the_table_of_a_province_is_approved_by_its_own_leader(told: World) -> None:
    ask(told)
    assert not approval_above_needed(told.province, TODAY)


def test_the_setting_is_made_on_the_page_of_procedure_by_the_province(told: World) -> None:
    client = Client()
    client.force_login(user_with(Role.ADMINISTRATOR, told.province))
    place = [told.unit.code, 2026]
    typed = {"place": "province", "code": "targets_approved_above", "value": "1", "valid_from": "01/01/2026"}
    assert client.post(reverse("law:parameter", args=place), typed).status_code == 302
    assert approval_above_needed(told.unit, TODAY)
    page = client.get(reverse("law:procedure", args=place)).content.decode()
    assert "Chỉ tiêu giảm nghèo của xã chờ cấp trên duyệt (1: có, 0: không)" in page


# What waits above


def test_forwarded_tables_wait_for_reviewers_of_the_area_above_only(told: World) -> None:
    other = world()
    for one in (told, other):
        ask(one)
        one.submit()
        one.approve()
    assert list(forwarded_to(told.reviewer)) == [told.plan]
    assert list(forwarded_to(told.reviewer, within=told.province)) == [told.plan]
    assert list(forwarded_to(told.reviewer, within=other.province)) == []
    assert list(forwarded_to(told.leader)) == []


def test_nothing_waits_for_the_reviewer_of_a_district_that_has_ended(told: World) -> None:
    end = datetime.date(2025, 6, 30)
    district = AreaFactory(
        level=Level.DISTRICT, code="571", name="Cũ", kind="huyện", parent=told.province, valid_to=end
    )
    told.unit.parent = district
    told.unit.save()
    reach_rebuild()
    ask(told)
    told.submit()
    told.approve()
    assert list(forwarded_to(user_with(Role.REVIEWER, district))) == []
    assert list(forwarded_to(told.reviewer)) == [told.plan]
