"""The pages of assigned quotas."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.choices import PlanState
from targets.forms.quotas import RateField
from targets.models import Quota, TargetPlan
from targets.services.quotas import quota_add, quota_update
from targets.services.tables import plan_open, row_set
from tests.factories import PaperFactory, ProvinceFactory, VillageFactory

YEAR = 2026
TYPED = {"issuer": "district", "subject": "poor", "form": "end_rate", "rate": "11,91", "meaning": "net"}
ISSUERS = ("province", "district", "party_committee")


def address(unit: Area, name: str = "quotas", **more: Any) -> str:
    return reverse(f"targets:{name}", kwargs={"code": unit.code, "year": YEAR} | more)


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    village = VillageFactory(parent=commune)
    plan = plan_open(by=None, unit=commune, year=YEAR)
    row_set(by=None, plan=plan, place=village, households=200, poor_households=30, poor_reduction=4)
    return plan


def assign(plan: TargetPlan, issuer: str = "district", households: int = 5) -> Quota:
    return quota_add(by=None, plan=plan, issuer=issuer, subject="poor", form="households", households=households)


# session, user, grants, unit, rows with their plan, places not listed, quotas, and the frame (units, years).
PAGE_QUERIES = 9


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_the_same_number_of_times(
    officer_client: Client, commune: Area, plan: TargetPlan, count: int, django_assert_num_queries
) -> None:
    for issuer in ISSUERS[:count]:
        assign(plan, issuer)
    with django_assert_num_queries(PAGE_QUERIES):
        page = officer_client.get(address(commune))
    assert len(page.context["lines"]) == count


def test_a_unit_that_knows_only_a_rate_and_points_keeps_these(officer_client: Client, commune: Area) -> None:
    """Nothing else is known: no villages, no plan yet; the first quota opens it."""
    assert "Chưa ghi chỉ tiêu nào được giao" in officer_client.get(address(commune)).content.decode()
    assert officer_client.post(address(commune, "quota-add"), TYPED).status_code == 302
    officer_client.post(address(commune, "quota-add"), TYPED | {"form": "points", "rate": "5,96"})
    html = officer_client.get(address(commune)).content.decode()
    for fragment in ("còn 11,91 %", "giảm 5,96 điểm %", "chưa tính được", "vì chưa có số hộ nghèo đầu năm"):
        assert fragment in html


def test_the_page_says_what_each_asks_for_and_what_is_missing(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    assign(plan)
    quota_add(by=None, plan=plan, issuer="province", subject="poor", form="end_rate", rate=12)
    html = officer_client.get(address(commune)).content.decode()
    for fragment in (
        "30 − 24 = 6 hộ",
        "cao nhất",
        "Thiếu 1 hộ: số hộ giảm trong bảng là 4, cần 5.",
        "Thiếu 2 hộ: số hộ giảm trong bảng là 4, cần 6.",
        "Tính theo mức cao hơn.",
        f'<a href="{address(commune, "table")}">Mở bảng chỉ tiêu</a>',
    ):
        assert fragment in html
    assert "Xem chỉ tiêu được giao" not in html
    (strictest,) = [line.quota.issuer for line in officer_client.get(address(commune)).context["lines"]
                    if line.is_strictest]  # fmt: skip
    assert strictest == "province"


def test_what_cannot_be_met_shows_no_number_that_nobody_can_derive(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    quota_add(by=None, plan=plan, issuer="party_committee", subject="poor", form="points", rate=50)
    html = officer_client.get(address(commune)).content.decode()
    assert "không thể: chỉ có 30 hộ" in html
    assert '<th scope="row">Cấp ủy' in html
    assert "cao nhất</span>" not in html


def test_every_quota_leads_to_its_form_and_removal(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    quota = assign(plan)
    edit = address(commune, "quota-edit", pk=quota.pk)
    assert f'href="{edit}"' in officer_client.get(address(commune)).content.decode()
    form = officer_client.get(edit).content.decode()
    assert 'value="5"' in form
    assert address(commune, "quota-remove", pk=quota.pk) in form
    values = TYPED | {"form": "households", "rate": "", "households": "1.005", "version": quota.version}
    assert officer_client.post(edit, values).status_code == 302
    quota.refresh_from_db()
    assert quota.households == 1005
    assert officer_client.get(address(commune, "quota-remove", pk=quota.pk)).status_code == 200
    officer_client.post(address(commune, "quota-remove", pk=quota.pk), {"version": quota.version})
    assert not Quota.objects.exists()


def test_an_error_stands_at_its_box_and_nothing_typed_is_lost(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    response = officer_client.post(address(commune, "quota-add"), TYPED | {"rate": "11,915"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "«11,915»: không phải số có nhiều nhất hai chữ số lẻ." in html
    assert 'value="11,915"' in html
    html = officer_client.post(address(commune, "quota-add"), TYPED | {"form": "households"}).content.decode()
    assert "Chưa ghi số hộ." in html


def test_of_two_boxes_only_the_one_that_fits_counts_and_it_is_never_called_optional(
    officer_client: Client, commune: Area
) -> None:
    boxes = officer_client.get(address(commune, "quota-add")).context["form"]
    assert [boxes.fields[name].required for name in ("households", "rate", "paper")] == [True, True, False]
    left = TYPED | {"households": "chưa rõ"}
    assert officer_client.post(address(commune, "quota-add"), left).status_code == 302
    left = TYPED | {"form": "households", "households": "5", "issuer": "province"}
    assert officer_client.post(address(commune, "quota-add"), left).status_code == 302
    assert list(Quota.objects.order_by("pk").values_list("households", "rate")) == [(None, Decimal("11.91")), (5, None)]
    wrong = officer_client.post(address(commune, "quota-add"), TYPED | {"form": ""})
    assert wrong.status_code == 422


def test_a_first_quota_that_is_refused_opens_no_plan(officer_client: Client, commune: Area) -> None:
    assert officer_client.post(address(commune, "quota-add"), TYPED | {"form": "households"}).status_code == 422
    assert not TargetPlan.objects.exists()


def test_the_second_of_two_editors_sees_both_values_and_insists_without_undoing_the_rest(
    officer_client: Client, officer: User, commune: Area, plan: TargetPlan
) -> None:
    quota = assign(plan)
    quota_update(by=officer, quota=quota, version=quota.version, households=6, note="Văn bản mới")
    mine = {"issuer": "district", "subject": "poor", "form": "households", "households": "7", "meaning": "net"}
    response = officer_client.post(
        address(commune, "quota-edit", pk=quota.pk), mine | {"version": quota.version, "rate": "", "note": ""}
    )
    assert response.status_code == 409
    officer_client.post(address(commune, "quota-edit", pk=quota.pk), dict(response.context["hidden"]))
    quota.refresh_from_db()
    assert (quota.households, quota.note) == (7, "Văn bản mới")


def test_a_removal_of_something_else_than_was_seen_is_refused(
    officer_client: Client, officer: User, commune: Area, plan: TargetPlan
) -> None:
    quota = assign(plan)
    quota_update(by=officer, quota=quota, version=quota.version, households=6)
    remove = address(commune, "quota-remove", pk=quota.pk)
    answer = officer_client.post(remove, {"version": quota.version}, follow=True)
    assert "vừa được sửa" in answer.content.decode()
    assert Quota.objects.exists()


def test_while_the_plan_is_submitted_the_page_says_so_and_offers_nothing(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    quota = assign(plan)
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    html = officer_client.get(address(commune)).content.decode()
    assert "chờ lãnh đạo duyệt nên chỉ tiêu được giao không sửa được. Muốn sửa thì đề nghị lãnh đạo trả lại." in html
    assert "quotas/add/" not in html
    for name, more in (("add", {}), ("edit", {"pk": quota.pk}), ("remove", {"pk": quota.pk})):
        assert officer_client.get(address(commune, f"quota-{name}", **more)).url == address(commune)
    response = officer_client.post(address(commune, "quota-add"), TYPED)
    assert "Muốn sửa thì đề nghị lãnh đạo trả lại." in response.content.decode()


def test_a_leader_reads_and_writes_nothing(leader: User, commune: Area, plan: TargetPlan) -> None:
    quota = assign(plan)
    client = Client()
    client.force_login(leader)
    html = client.get(address(commune)).content.decode()
    assert "giảm 5 hộ" in html
    assert "quotas/add/" not in html
    assert client.post(address(commune, "quota-add"), TYPED).status_code == 403
    assert client.post(address(commune, "quota-edit", pk=quota.pk), TYPED).status_code == 403


def test_a_quota_of_another_unit_or_year_is_not_found(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    foreign = assign(plan_open(by=None, unit=ProvinceFactory(), year=YEAR))
    assert officer_client.get(address(commune, "quota-edit", pk=foreign.pk)).status_code == 404
    last_year = assign(plan_open(by=None, unit=commune, year=YEAR - 1))
    assert officer_client.get(address(commune, "quota-edit", pk=last_year.pk)).status_code == 404


def test_only_papers_that_the_unit_may_cite_are_offered(officer_client: Client, commune: Area) -> None:
    own, foreign = PaperFactory(unit=commune, number="11"), PaperFactory(unit=ProvinceFactory(), number="22")
    html = officer_client.get(address(commune, "quota-add")).content.decode()
    assert own.full_citation in html
    assert foreign.full_citation not in html
    assert officer_client.post(address(commune, "quota-add"), TYPED | {"paper": foreign.pk}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "value"), [("11,91", "11.91"), ("11.91", "11.91"), ("7", "7.0"), ("5,9 %", "5.9"), (" 0,36 ", "0.36")]
)
def test_a_rate_is_read_as_people_write_it(typed: str, value: str) -> None:
    assert str(RateField().clean(typed)) == value
