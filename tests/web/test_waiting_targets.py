"""Target tables on the home pages: each role sees what waits for it, and nothing else."""

import datetime

import pytest
from django.test import Client

from households.choices import ParameterCode
from households.models import Parameter
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from tests.targets.review_rows import YEAR, World, also, world

DECIDE = f"Duyệt bảng chỉ tiêu năm {YEAR}"


@pytest.fixture
def told(db: None) -> World:
    return world()


@pytest.fixture
def forwarded(told: World) -> World:
    Parameter.objects.create(
        code=ParameterCode.TARGETS_APPROVED_ABOVE, area=told.province, value=1, valid_from=datetime.date(2020, 1, 1)
    )
    told.submit()
    told.approve()
    return told


def tasks(user: User, url: str) -> list[tuple[str, str]]:
    client = Client()
    client.force_login(user)
    shown = [(task.title, task.why) for task in client.get(url).context["tasks"]]
    return [(title, why) for title, why in shown if "bảng chỉ tiêu" in title]


def home(told: World) -> str:
    return f"/u/{told.unit.code}/{YEAR}/"


def test_a_draft_waits_for_nobody_to_decide(told: World) -> None:
    for user in (told.leader, told.reviewer):
        assert tasks(user, home(told)) == []


def test_a_submitted_table_waits_for_the_leader(told: World) -> None:
    told.submit()
    assert tasks(told.leader, home(told)) == [(DECIDE, "Cán bộ nhập liệu đã trình.")]
    assert tasks(told.officer, home(told)) == []
    assert tasks(told.reviewer, home(told)) == []


def test_it_does_not_wait_for_who_made_it(told: World) -> None:
    both = also(told.leader, Role.OFFICER, told.unit)
    told.type(both, poor_reduction=2)
    told.submit()
    assert tasks(both, home(told)) == []


def test_a_returned_table_waits_for_the_officer_with_the_reason(told: World) -> None:
    told.submit()
    told.send_back(reason="Xóm 2 giảm ít")
    assert tasks(told.officer, home(told)) == [("Sửa bảng chỉ tiêu bị trả lại", "Bản 1: Xóm 2 giảm ít")]
    assert tasks(told.leader, home(told)) == []


def test_a_leader_is_told_what_the_level_above_returned(forwarded: World) -> None:
    forwarded.send_back(forwarded.reviewer, reason="Thiếu 2 hộ")
    expected = [("Cấp trên trả lại bảng chỉ tiêu đã duyệt", "Bản 1: Thiếu 2 hộ")]
    assert tasks(forwarded.leader, home(forwarded)) == expected
    assert tasks(forwarded.officer, home(forwarded)) == [("Sửa bảng chỉ tiêu bị trả lại", "Bản 1: Thiếu 2 hộ")]
    assert tasks(forwarded.reviewer, home(forwarded)) == []
    forwarded.submit()
    forwarded.send_back()
    assert tasks(forwarded.leader, home(forwarded)) == [], "returned by the leader, who knows"


def test_a_leader_is_told_what_was_returned_after_the_approval(told: World) -> None:
    told.submit()
    told.approve()
    told.send_back(told.reviewer, reason="Thiếu 2 hộ")
    assert tasks(told.leader, home(told)) == [("Cấp trên trả lại bảng chỉ tiêu đã duyệt", "Bản 1: Thiếu 2 hộ")]


def test_a_forwarded_table_waits_for_the_level_above_wherever_it_looks(forwarded: World) -> None:
    expected = [(f"{DECIDE} của {forwarded.unit}", "Lãnh đạo đơn vị đã duyệt.")]
    for url in (home(forwarded), f"/u/{forwarded.province.code}/{YEAR}/"):
        assert tasks(forwarded.reviewer, url) == expected
    assert tasks(forwarded.leader, home(forwarded)) == []


def test_the_reviewer_of_another_province_sees_nothing(forwarded: World) -> None:
    other = world()
    assert tasks(other.reviewer, f"/u/{other.province.code}/{YEAR}/") == []


def test_an_approved_table_waits_for_nobody(told: World) -> None:
    told.submit()
    told.approve()
    for user in (told.officer, told.leader, told.reviewer):
        assert tasks(user, home(told)) == []
