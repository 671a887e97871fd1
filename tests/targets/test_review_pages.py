"""The pages of the way: submit, decide, adjust, versions."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.choices import ParameterCode
from households.models import Parameter
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.core.dates import format_date
from targets.choices import PlanState, VersionState
from targets.models import TargetRow
from targets.services import comments, review
from targets.services.quotas import quota_add
from tests.factories import PaperFactory
from tests.targets.review_rows import YEAR, World, also, world


@pytest.fixture
def told(db: None) -> World:
    return world()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(told: World, name: str = "versions", **more: int) -> str:
    return reverse(f"targets:{name}", kwargs={"code": told.unit.code, "year": YEAR} | more)


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def press(told: World, user: User, name: str, **data: object) -> object:
    return signed_in(user).post(address(told, name), {"version": told.fresh().version} | data, follow=True)


def steps(told: World, user: User) -> list[tuple[str, str]]:
    shown = signed_in(user).get(address(told)).context["steps"]
    return [(step.title, step.state) for step in shown]


PAGE_QUERIES = 12
DECIDE_QUERIES = 12
SUBMIT_QUERIES = 12
CHECK_QUERIES = 10
OTHER_PAGES = {"version": 9, "adjust": 7}


# session, user, grants, unit, rows with their plan, places not listed, versions, quotas, remarks, setting, frame (2).
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_versions_asks_the_same_number_of_times(db: None, count: int, django_assert_num_queries) -> None:
    told = world(count)
    for _ in range(count):
        told.submit()
        told.send_back()
    client = signed_in(told.officer)
    client.get(address(told))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(address(told))


# session, user, grants, unit, version with its plan, remarks, rows, makers, their names, setting, frame (2).
@pytest.mark.parametrize("villages", [1, 3])
def test_the_page_of_the_decision_asks_the_same_number_of_times(
    db: None, villages: int, django_assert_num_queries
) -> None:
    told = world(villages)
    told.submit()
    client = signed_in(told.leader)
    client.get(address(told, "decide"))
    with django_assert_num_queries(DECIDE_QUERIES):
        client.get(address(told, "decide"))


# session, user, grants, unit, rows with their plan, places not listed, quotas for the checks and as marks, frame (2).
@pytest.mark.parametrize("villages", [1, 3])
def test_what_stands_beside_the_decision_asks_the_same_number_of_times(
    db: None, villages: int, django_assert_num_queries
) -> None:
    told = world(villages)
    for issuer in ("province", "district", "party_committee")[:villages]:
        quota_add(by=None, plan=told.plan, issuer=issuer, subject="poor", form="households", households=3)
    told.submit()
    client = signed_in(told.leader)
    client.get(address(told, "version-check"))
    with django_assert_num_queries(CHECK_QUERIES):
        assert client.get(address(told, "version-check")).status_code == 200


# session, user, grants, unit, rows with their plan, places not listed, quotas, remarks, last return, papers, frame (2).
@pytest.mark.parametrize("villages", [1, 3])
def test_the_page_of_the_submission_asks_the_same_number_of_times(
    db: None, villages: int, django_assert_num_queries
) -> None:
    told = world(villages)
    told.submit()
    told.send_back()
    client = signed_in(told.officer)
    client.get(address(told, "submit"))
    with django_assert_num_queries(SUBMIT_QUERIES):
        assert client.get(address(told, "submit")).status_code == 200


# session, user, grants, unit, and the frame (2); the plan, or two versions, their rows and what differs.
@pytest.mark.parametrize("villages", [1, 3])
@pytest.mark.parametrize(("name", "queries"), OTHER_PAGES.items())
def test_the_other_pages_of_the_way_ask_the_same_number_of_times(
    db: None, villages: int, name: str, queries: int, django_assert_num_queries
) -> None:
    told = world(villages)
    told.submit()
    told.send_back()
    told.submit()
    told.approve()
    client, url = signed_in(told.officer), address(told, name, **({"number": 2} if name == "version" else {}))
    client.get(url)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_the_steps_say_what_is_done_now_and_next(told: World) -> None:
    assert steps(told, told.officer) == [
        ("Lập bảng", "done"),
        ("Trình", "now"),
        ("Lãnh đạo duyệt", "next"),
        ("Có hiệu lực", "next"),
    ]
    told.submit()
    assert dict(steps(told, told.officer))["Lãnh đạo duyệt"] == "now"
    told.approve()
    assert {state for _, state in steps(told, told.officer)} == {"done"}


def test_a_step_says_whose_turn_it_is_and_who_has_done_his(told: World) -> None:
    def details() -> list[str]:
        return [step.detail for step in signed_in(told.officer).get(address(told)).context["steps"]]

    assert details() == ["đủ số liệu", "cán bộ nhập liệu: trình được", "lãnh đạo đơn vị", "in, ban hành được"]
    TargetRow.objects.filter(pk=told.row().pk).update(households=None)
    assert details()[:2] == ["cán bộ nhập liệu: còn 1 điều phải sửa", "cán bộ nhập liệu"]
    TargetRow.objects.filter(pk=told.row().pk).update(households=100)
    told.submit()
    today = format_date(timezone.localdate())
    assert details()[1:3] == [f"bản 1, {told.officer}, {today}", "lãnh đạo đơn vị"]
    told.approve()
    assert details()[2:] == [f"{told.leader}, {today}", "bản 1"]


def test_where_the_level_above_is_asked_it_has_its_step(told: World) -> None:
    Parameter.objects.create(
        code=ParameterCode.TARGETS_APPROVED_ABOVE, area=told.province, value=1, valid_from=datetime.date(2020, 1, 1)
    )
    told.submit()
    page = text(signed_in(told.leader), address(told, "decide"))
    assert "Bản này chuyển cấp trên duyệt, theo quy định của tỉnh." in page
    press(told, told.leader, "decide", act="approve")
    assert steps(told, told.reviewer)[3] == ("Cấp trên duyệt", "now")
    press(told, told.reviewer, "decide", act="approve")
    assert told.fresh().state == PlanState.APPROVED
    assert steps(told, told.reviewer)[3] == ("Cấp trên duyệt", "done")


def test_why_it_cannot_be_submitted_yet_is_a_list_of_links_to_the_spots(told: World) -> None:
    row = told.row()
    TargetRow.objects.filter(pk=row.pk).update(households=None, poor_reduction=None, near_poor_reduction=None)
    page = text(signed_in(told.officer), address(told))
    assert "Vì sao chưa trình được" in page
    assert f'href="{reverse("targets:table", args=[told.unit.code, YEAR])}#row-{row.pk}"' in page
    assert address(told, "submit") not in page
    refused = press(told, told.officer, "submit")
    assert refused.status_code == 422
    assert "Chưa có tổng số hộ." in refused.content.decode()
    assert told.fresh().state == PlanState.DRAFT


def test_the_officer_submits_the_leader_returns_and_the_officer_reads_why(told: World) -> None:
    assert address(told, "submit") in text(signed_in(told.officer), address(told))
    press(told, told.officer, "submit", note="Kính trình")
    assert told.fresh().state == PlanState.SUBMITTED
    assert "Kính trình" in text(signed_in(told.leader), address(told, "decide"))
    press(told, told.leader, "decide", act="return", reason="Xóm 2 giảm quá ít")
    page = text(signed_in(told.officer), address(told))
    assert "Lý do trả lại bản 1:</strong> Xóm 2 giảm quá ít" in page
    assert "sửa rồi trình lại" in page
    press(told, told.officer, "submit")
    press(told, told.leader, "decide", act="approve")
    assert told.fresh().state == PlanState.APPROVED


def test_a_return_without_a_reason_keeps_what_was_typed_and_says_why(told: World) -> None:
    told.submit()
    refused = press(told, told.leader, "decide", act="return", reason=" ")
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "Chưa ghi lý do trả lại." in shown
    assert "(không bắt buộc)" not in shown


def test_neither_button_is_a_sentence(told: World) -> None:
    told.submit()
    assert "Bấm «Duyệt» hoặc «Trả lại»." in press(told, told.leader, "decide").content.decode()


def test_who_decides_on_a_stale_page_is_told_and_may_press_again(told: World) -> None:
    told.submit()
    seen = told.fresh().version
    told.send_back()
    told.submit()
    client = signed_in(told.leader)
    refused = client.post(
        address(told, "decide"), {"version": seen, "act": "return", "reason": "Gõ dài, không muốn mất"}
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "vừa có thay đổi từ khi mở trang này" in page
    assert "Gõ dài, không muốn mất" in page
    assert f'name="version" value="{told.fresh().version}"' in page


def test_a_maker_sees_why_another_decides(told: World) -> None:
    both = also(told.leader, Role.OFFICER, told.unit)
    told.type(both, poor_reduction=2)
    told.submit()
    page = text(signed_in(both), address(told, "decide"))
    assert "nên người khác duyệt" in page
    assert 'value="approve"' not in page
    assert "người khác duyệt." in press(told, both, "decide", act="approve").content.decode()
    assert told.fresh().state == PlanState.SUBMITTED


def test_a_leader_whose_colleague_was_faster_is_told_so(told: World) -> None:
    told.submit()
    version = told.fresh().version
    told.approve()
    answer = signed_in(told.leader).post(address(told, "decide"), {"version": version, "act": "approve"})
    assert "Bảng chỉ tiêu đã duyệt nên không duyệt được." in answer.content.decode()


def test_a_version_shows_its_whole_table_and_what_changed(told: World) -> None:
    told.submit()
    told.send_back()
    told.type(poor_reduction=7)
    told.submit()
    page = text(signed_in(told.reviewer), address(told, "version", number=2))
    assert "Thay đổi so với bản 1" in page
    assert "Số hộ nghèo giảm" in page
    assert "Xóm 1" in page
    context = signed_in(told.reviewer).get(address(told, "version", number=2)).context
    assert [(row.place, row.old, row.new) for row in context["changes"]] == [("Thôn Xóm 1", 3, 7)]
    assert context["table"].total.poor_reduction == 10
    first = signed_in(told.officer).get(address(told, "version", number=1))
    assert first.context["table"].total.poor_reduction == 6
    assert b"data-cell" not in first.content
    assert b"Thay \xc4\x91\xe1\xbb\x95i so v\xe1\xbb\x9bi" not in first.content


@pytest.mark.parametrize("name", ["versions", "version"])
def test_every_version_leads_to_its_printed_form(told: World, name: str) -> None:
    told.submit()
    told.send_back()
    told.type(poor_reduction=7)
    told.submit()
    told.approve()
    client = signed_in(told.officer)
    printed = reverse("reports:preview", args=[told.unit.code, YEAR, "target_table"])
    for number in (1, 2):
        more = {"number": number} if name == "version" else {}
        assert f'href="{printed}?edition={number}"' in text(client, address(told, name, **more))
    assert "10" in text(client, f"{printed}?edition=2")
    assert "bản số 1" in text(client, f"{printed}?edition=1")


def test_a_version_that_never_was_is_not_found(told: World) -> None:
    told.submit()
    assert signed_in(told.officer).get(address(told, "version", number=2)).status_code == 404


def test_an_adjustment_is_opened_and_dropped(told: World) -> None:
    told.submit()
    told.approve()
    page = text(signed_in(told.officer), address(told))
    assert address(told, "adjust") in page
    assert reverse("reports:index", args=[told.unit.code, YEAR]) in page
    press(told, told.officer, "adjust", reason="tỉnh giao thêm")
    page = text(signed_in(told.officer), address(told))
    assert "tỉnh giao thêm · bản 1 vẫn có hiệu lực" in page
    asked = signed_in(told.officer).get(address(told, "drop"))
    assert "trở về bản 1 đang có hiệu lực" in asked.content.decode()
    assert address(told, "drop") in page
    assert told.fresh().state == PlanState.DRAFT, "the page only asks"
    press(told, told.officer, "drop")
    assert (told.fresh().state, told.plan.in_force is not None) == (PlanState.APPROVED, True)


def test_an_adjustment_goes_up_with_its_decision_which_stays_chosen_after_a_return(told: World) -> None:
    told.submit()
    told.approve()
    told.adjust()
    page = text(signed_in(told.officer), address(told, "submit"))
    assert reverse("papers:add", args=[told.unit.code, YEAR]) in page
    assert "Quyết định điều chỉnh chỉ tiêu</label>" in page
    refused = press(told, told.officer, "submit")
    assert refused.status_code == 422
    assert review.NO_DECISION in refused.content.decode()
    paper = PaperFactory(unit=told.unit)
    press(told, told.officer, "submit", paper=paper.pk)
    assert told.fresh().state == PlanState.SUBMITTED
    told.send_back()
    assert f'<option value="{paper.pk}" selected>' in text(signed_in(told.officer), address(told, "submit"))


def test_an_adjustment_without_a_reason_is_refused_at_its_field(told: World) -> None:
    told.submit()
    told.approve()
    refused = press(told, told.officer, "adjust")
    assert refused.status_code == 422
    assert "Chưa ghi lý do điều chỉnh." in refused.content.decode()


def test_the_level_above_returns_an_approved_table_from_its_page(told: World) -> None:
    told.submit()
    told.approve()
    page = text(signed_in(told.reviewer), address(told, "decide"))
    assert 'value="approve"' not in page
    assert "vẫn có hiệu lực đến khi bản mới được duyệt" in page
    press(told, told.reviewer, "decide", act="return", reason="thiếu 2 hộ")
    assert told.fresh().state == PlanState.RETURNED
    assert "thiếu 2 hộ" in text(signed_in(told.officer), address(told))
    assert told.plan.in_force is not None
    assert told.plan.in_force.state == VersionState.APPROVED


def test_open_remarks_are_warnings_of_the_submission(told: World) -> None:
    comments.comment_add(by=told.leader, plan=told.plan, text="Xem lại Xóm 2")
    page = text(signed_in(told.officer), address(told, "submit"))
    assert "chưa trả lời: Xem lại Xóm 2" in page
    press(told, told.officer, "submit")
    assert told.fresh().state == PlanState.SUBMITTED


def test_nothing_is_there_before_the_table(told: World) -> None:
    url = reverse("targets:versions", args=[told.unit.code, YEAR + 1])
    assert "Chưa có bảng chỉ tiêu" in text(signed_in(told.leader), url)


def test_who_decides_reads_which_quotas_are_met_and_what_the_checks_say(told: World) -> None:
    for issuer, subject, households in (
        ("province", "poor", 6),
        ("peoples_council", "near_poor", 2),
        ("party_committee", "poor", 99),
    ):
        quota_add(by=None, plan=told.plan, issuer=issuer, subject=subject, form="households", households=households)
    quota_add(by=None, plan=told.plan, issuer="province", subject="minority_poor", form="end_rate", rate=5)
    told.submit()
    client, url = signed_in(told.leader), address(told, "version-check")
    assert f'hx-get="{url}"' in text(client, address(told, "decide"))
    shown = client.get(url)
    marks = [(mark.quota.households, mark.planned, mark.verdict) for mark in shown.context["marks"]]
    assert marks == [(6, 6, "met"), (99, 6, "missed"), (2, 2, "met"), (None, None, "unknown")]
    page = shown.content.decode()
    assert page.index("Chưa đạt") < page.index("Cần giảm 99 hộ nhưng đầu năm chỉ có 20 hộ")
    assert page.count(">Đạt") >= 2
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_beside_the_decision_a_table_without_quotas_says_so(told: World) -> None:
    told.submit()
    assert "Chưa ghi chỉ tiêu nào được giao." in text(signed_in(told.leader), address(told, "version-check"))
    without = reverse("targets:version-check", args=[told.unit.code, YEAR + 1])
    assert signed_in(told.leader).get(without).status_code == 404


def test_who_decides_is_warned_of_what_others_remarked_and_nobody_answered(told: World) -> None:
    comments.comment_add(by=told.leader, plan=told.plan, text="Của tôi")
    told.submit()
    client, url = signed_in(told.leader), address(told, "decide")
    assert "Còn góp ý chưa trả lời" not in text(client, url)
    remark = comments.comment_add(by=told.reviewer, plan=told.plan, text="Xem lại Xóm 2")
    assert f"Còn góp ý chưa trả lời của {told.reviewer}." in text(client, url)
    comments.comment_close(by=told.officer, comment=remark, version=remark.version, answer="Đã sửa")
    assert "Còn góp ý chưa trả lời" not in text(client, url)


def test_no_remark_is_no_passed_check(told: World) -> None:
    told.submit()
    page = text(signed_in(told.leader), address(told, "decide"))
    assert '<p class="quiet">Không có góp ý nào chờ trả lời.</p>' in page


def test_where_nothing_waits_the_page_of_the_decision_says_so(told: World) -> None:
    assert "không có bản nào chờ bạn quyết định" in text(signed_in(told.leader), address(told, "decide"))


def test_the_stored_rows_of_a_version_survive_the_end_of_a_row(told: World) -> None:
    told.submit()
    told.approve()
    review.plan_adjust(by=told.officer, plan=told.plan, version=told.fresh().version, reason="chia thôn")
    TargetRow.objects.filter(pk=told.row(1).pk).delete()
    table = signed_in(told.officer).get(address(told, "version", number=1)).context["table"]
    assert [row.name for row in table.rows] == ["Xóm 1", "Xóm 2"]
