"""The pages of an allocation: methods side by side, one explained, one taken."""

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.choices import Flag
from povertyplan.areas.models import Area, AreaFlag
from povertyplan.core.versions import EditConflict
from targets.choices import Method, PlanState, QuotaSubject
from targets.models import TargetPlan
from targets.selectors.allocation import KINDS, last_take, places_for, replaced_by
from targets.selectors.tables import target_table
from targets.services.allocation import allocation_take
from targets.services.quotas import quota_add
from targets.services.tables import cells_change, plan_open, row_set
from tests.factories import CommuneFactory, ProvinceFactory, VillageFactory

YEAR = 2026
# households, poor, near-poor of villages
VILLAGES = ((100, 30, 20), (200, 20, 10), (100, 10, 0))


def make_plan(commune: Area, count: int = 3) -> TargetPlan:
    villages = [VillageFactory(parent=commune, name=f"Làng {number}") for number in range(count)]
    plan = plan_open(by=None, unit=commune, year=YEAR)
    for village, (households, poor, near) in zip(villages, VILLAGES, strict=False):
        row_set(by=None, plan=plan, place=village, households=households, poor_households=poor,
                near_poor_households=near)  # fmt: skip
    return plan


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    return make_plan(commune)


def address(unit: Area, method: str = "", query: str = "") -> str:
    if not method:
        return reverse("targets:allocation", args=[unit.code, YEAR]) + query
    return reverse("targets:allocation-method", args=[unit.code, YEAR, method]) + query


def reductions(plan: TargetPlan, field: str = "poor_reduction") -> list[int | None]:
    return list(plan.rows.order_by("place__position").values_list(field, flat=True))


def seen(plan: TargetPlan, *shares: int | str, **more: Any) -> dict[str, Any]:
    """What the page of a method sends back when these shares were seen."""
    rows = plan.rows.order_by("place__position")
    data: dict[str, Any] = {"kind": "poor", "number": sum(one for one in shares if isinstance(one, int)),
                            "weight": "1,50"}  # fmt: skip
    for row, share in zip(rows, shares, strict=True):
        data |= {f"share-{row.place_id}": share, f"version-{row.place_id}": row.version}
    return data | more


def boxes(page: str) -> dict[str, str]:
    """What the form of a take sends when nothing is typed."""
    form = page[page.index('<form method="post" class="card"') :]
    return dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', form[: form.index("</form>")]))


# session, user, grants, unit, rows with their plan, places not listed, quotas, flags, registrations, last take,
# and the frame (units, years).
PAGE_QUERIES = 12


@pytest.mark.parametrize("count", [1, 3])
def test_the_comparison_asks_the_database_the_same_number_of_times(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries
) -> None:
    plan = make_plan(commune, count)
    officer_client.post(address(commune, "by_hand"), seen(plan, *[1, 0, 0][:count]))
    with django_assert_num_queries(PAGE_QUERIES):
        page = officer_client.get(address(commune, query="?number=5"))
    assert len(page.context["comparison"].lines) == count


def test_the_number_is_that_of_the_strictest_quota(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    for issuer, households in (("district", 12), ("party_committee", 15)):
        quota_add(by=None, plan=plan, issuer=issuer, subject="poor", form="households", households=households)
    page = officer_client.get(address(commune))
    assert page.context["ask"].number == 15
    assert "Chỉ tiêu cao nhất – cấp ủy: hộ nghèo, giảm 15 hộ" in page.content.decode()


def test_a_quota_beyond_what_there_is_asks_for_all_of_it(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    quota_add(by=None, plan=plan, issuer="district", subject="poor", form="households", households=99)
    assert officer_client.get(address(commune)).context["ask"].number == 60


def test_methods_stand_side_by_side_with_end_rates_and_differences(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    row_set(by=None, plan=plan, place=plan.rows.order_by("place__position")[0].place, poor_reduction=10)
    page = officer_client.get(address(commune, query="?number=12"))
    comparison = page.context["comparison"]
    assert [column.method for column in comparison.columns] == [Method.EQUAL_END_RATE, Method.PROPORTIONAL]
    first = comparison.lines[0]
    assert [(cell.households, str(cell.end_rate), cell.change) for cell in first.cells] == [
        (12, "18.00", 2),
        (6, "24.00", -4),
    ]
    html = page.content.decode()
    for fragment in ("còn 18,00 %", "thêm 2", "bớt 4", "Không có nơi nào đặc biệt khó khăn", "Chưa có hộ nào đăng ký"):
        assert fragment in html


def test_near_poor_households_are_asked_for_by_themselves(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    page = officer_client.get(address(commune, query="?kind=near_poor&number=6"))
    proportional = page.context["comparison"].columns[1].allocation
    assert [share.households for share in proportional.shares] == [4, 2, 0]


def test_what_was_listed_extremely_difficult_in_the_year_counts_more(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    first, second, third = (row.place for row in plan.rows.order_by("place__position"))
    flag = {"flag": Flag.EXTREMELY_DIFFICULT}
    AreaFlag.objects.create(area=first, valid_from=datetime.date(YEAR, 7, 1), **flag)
    AreaFlag.objects.create(
        area=second, valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(YEAR - 1, 12, 31), **flag
    )
    AreaFlag.objects.create(area=third, valid_from=datetime.date(YEAR + 1, 1, 1), **flag)
    table = target_table(unit=commune, year=YEAR)
    assert table is not None
    assert [place.is_extremely_difficult for place in places_for(table, KINDS[QuotaSubject.POOR])] == [
        True,
        False,
        False,
    ]
    page = officer_client.get(address(commune, "weighted", "?number=15&weight=2"))
    assert "30 hộ nghèo × 2 (đặc biệt khó khăn) / 90 × 15 = 10,00 → 10" in page.content.decode()


def test_a_weight_below_one_is_told_at_its_box(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    response = officer_client.get(address(commune, query="?number=5&weight=0,5"))
    assert response.status_code == 422
    assert "Hệ số từ 1 trở lên." in response.content.decode()


def test_each_share_is_explained_and_what_will_change_is_said(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    html = officer_client.get(address(commune, "proportional", "?number=7")).content.decode()
    assert "20 hộ nghèo / 60 × 7 = 2,33 → 2" in html
    assert "Thay số hộ nghèo giảm của 3 trong 3 thôn; tổng chưa có thành 7 hộ." in html


def test_a_blank_cell_that_gets_none_is_said_to_change(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    page = officer_client.get(address(commune, "proportional", "?number=1"))
    assert [row.households for row in page.context["rows"]] == [1, 0, 0]
    assert "Thay số hộ nghèo giảm của 3 trong 3 thôn" in page.content.decode()
    answer = officer_client.post(address(commune, "proportional"), seen(plan, 1, 0, 0), follow=True)
    assert "3 dòng thay đổi" in answer.content.decode()


def test_a_method_is_taken_as_it_was_seen(
    officer_client: Client, officer: User, commune: Area, plan: TargetPlan
) -> None:
    answer = officer_client.post(address(commune, "proportional"), seen(plan, 4, 2, 1), follow=True)
    assert reductions(plan) == [4, 2, 1]
    assert "Đã ghi 7 hộ nghèo giảm, cách «theo tỷ trọng số hộ đầu năm»: 3 dòng thay đổi." in answer.content.decode()
    take = last_take(plan, KINDS[QuotaSubject.POOR])
    assert take is not None
    assert (take.who, take.method) == (str(officer), Method.PROPORTIONAL)
    assert list(replaced_by(plan, KINDS[QuotaSubject.POOR], take).values()) == [None, None, None]
    assert last_take(plan, KINDS[QuotaSubject.NEAR_POOR]) is None


def test_what_a_take_replaced_is_put_back_at_one_press(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    """Also where the quota asks for another number than the shares of before add up to."""
    quota_add(by=None, plan=plan, issuer="district", subject="poor", form="households", households=9)
    officer_client.post(address(commune, "proportional"), seen(plan, 4, 2, 1))
    officer_client.post(address(commune, "equal_end_rate"), seen(plan, 7, 0, 0))
    page = officer_client.get(address(commune)).content.decode()
    assert "Lần ghi phân bổ gần nhất" in page
    hand = officer_client.get(address(commune, "by_hand", "?number=9&from=before"))
    assert [row.typed for row in hand.context["rows"]] == ["4", "2", "1"]
    assert hand.context["ask"].number == 7
    assert officer_client.post(address(commune, "by_hand"), boxes(hand.content.decode())).status_code == 302
    assert reductions(plan) == [4, 2, 1]


def test_a_cell_that_was_blank_before_a_take_is_put_back_blank(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    row_set(by=None, plan=plan, place=plan.rows.order_by("place__position")[1].place, poor_reduction=0)
    officer_client.post(address(commune, "proportional"), seen(plan, 4, 2, 1))
    hand = officer_client.get(address(commune, "by_hand", "?number=7&from=before"))
    assert [row.typed for row in hand.context["rows"]] == ["", "0", ""]
    wrong = officer_client.post(address(commune, "by_hand"), seen(plan, "", 0, "x", **{"from": "before"}))
    assert 'name="from" value="before"' in wrong.content.decode()
    again = officer_client.get(address(commune, "by_hand", "?number=7&from=before")).content.decode()
    officer_client.post(address(commune, "by_hand"), boxes(again))
    assert reductions(plan) == [None, 0, None]


def test_only_by_hand_leaves_a_cell_blank(officer: User, plan: TargetPlan) -> None:
    rows = list(plan.rows.order_by("place__position"))
    common: dict[str, Any] = {"by": officer, "plan": plan, "kind": QuotaSubject.POOR, "quota": 0}
    common |= {"shares": {row.place_id: None for row in rows}, "versions": {row.place_id: row.version for row in rows}}
    with pytest.raises(ValidationError, match="kết quả khác với lúc xem"):
        allocation_take(method=Method.PROPORTIONAL, **common)
    assert allocation_take(method=Method.BY_HAND, **common) == 0


def test_by_hand_starts_from_a_method_and_has_to_add_up(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    page = officer_client.get(address(commune, "by_hand", "?number=7&from=proportional"))
    assert [row.typed for row in page.context["rows"]] == ["4", "2", "1"]
    response = officer_client.post(address(commune, "by_hand"), seen(plan, 4, 2, 2, number="7"))
    assert response.status_code == 422
    assert "Cộng lại 8 hộ, thừa 1 hộ so với 7 hộ cần phân bổ." in response.content.decode()
    assert [row.typed for row in response.context["rows"]] == ["4", "2", "2"]
    assert reductions(plan) == [None, None, None]
    assert officer_client.post(address(commune, "by_hand"), seen(plan, 5, 2, "", number="7")).status_code == 302
    assert reductions(plan) == [5, 2, 0]


def test_by_hand_what_is_no_number_is_told_at_its_box(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    response = officer_client.post(address(commune, "by_hand"), seen(plan, 4, 2, "một", number="7"))
    assert response.status_code == 422
    assert "«một»: không phải số nguyên." in response.content.decode()
    assert [row.typed for row in response.context["rows"]] == ["4", "2", "một"]


@pytest.mark.parametrize("method", ["proportional", "by_hand"])
def test_a_row_changed_since_it_was_seen_is_told_and_nothing_is_written(
    officer_client: Client, officer: User, commune: Area, plan: TargetPlan, method: str
) -> None:
    data = seen(plan, 4, 2, 1)
    row = plan.rows.order_by("place__position")[0]
    cells_change(by=officer, plan=plan, changes={row.pk: (row.version, {"poor_reduction": 9})})
    response = officer_client.post(address(commune, method), data)
    assert response.status_code == 409
    assert f"Thôn Làng 0 vừa được {officer} sửa lúc" in response.content.decode()
    assert reductions(plan) == [9, None, None]
    again = {f"version-{one.place.key}": one.version for one in response.context["rows"]}
    assert officer_client.post(address(commune, method), data | again).status_code == 302
    assert reductions(plan) == [4, 2, 1]


def test_shares_that_the_method_no_longer_gives_are_not_written(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    response = officer_client.post(address(commune, "proportional"), seen(plan, 3, 3, 1))
    assert response.status_code == 409
    assert "cách tính cho kết quả khác với lúc xem" in response.content.decode()
    assert reductions(plan) == [None, None, None]


def test_a_closed_plan_is_read_and_not_written(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    data = seen(plan, 4, 2, 1)
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    assert "<h2>Ghi vào bảng" not in officer_client.get(address(commune, "proportional", "?number=7")).content.decode()
    response = officer_client.post(address(commune, "proportional"), data)
    assert response.status_code == 422
    assert "chờ lãnh đạo duyệt" in response.content.decode()


def test_a_leader_compares_and_takes_nothing(leader: User, commune: Area, plan: TargetPlan) -> None:
    client = Client()
    client.force_login(leader)
    assert client.get(address(commune, query="?number=7")).status_code == 200
    assert client.post(address(commune, "proportional"), seen(plan, 4, 2, 1)).status_code == 403


def test_an_unknown_method_is_not_found_and_no_number_leads_back(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    assert officer_client.get(address(commune, "guessed", "?number=7")).status_code == 404
    assert officer_client.get(address(commune, "proportional")).status_code == 302


def test_without_a_table_the_page_teaches_the_next_step(officer_client: Client, commune: Area) -> None:
    assert "Mở bảng chỉ tiêu" in officer_client.get(address(commune)).content.decode()


def test_places_without_a_start_are_named(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    VillageFactory(parent=commune, name="Mới")
    plan_open(by=None, unit=commune, year=YEAR)
    html = officer_client.get(address(commune, query="?number=7")).content.decode()
    assert "Chưa có số hộ nghèo đầu năm của Thôn Mới." in html


def test_one_level_up_the_places_are_communes(db: None) -> None:
    province = ProvinceFactory()
    plan = plan_open(by=None, unit=province, year=YEAR)
    for number in (10, 30):
        commune = CommuneFactory(parent=province)
        row_set(by=None, plan=plan, place=commune, households=100, poor_households=number, near_poor_households=0)
    table = target_table(unit=province, year=YEAR)
    assert table is not None
    places = places_for(table, KINDS[QuotaSubject.POOR])
    assert [place.listed for place in places] == [10, 30]
    versions = {row.place_id: row.version for row in table.rows}
    shares = {places[0].key: 2, places[1].key: 6}
    common = {"by": None, "plan": plan, "method": Method.PROPORTIONAL, "kind": QuotaSubject.POOR, "quota": 8}
    assert allocation_take(shares=shares, versions=versions, **common) == 2


def test_the_service_refuses_who_may_not_plan_other_places_and_more_than_there_is(
    commune: Area, plan: TargetPlan, leader: User, officer: User
) -> None:
    rows = list(plan.rows.order_by("place__position"))
    shares = {row.place_id: 1 for row in rows}
    versions = {row.place_id: row.version for row in rows}
    common: dict[str, Any] = {"plan": plan, "method": Method.BY_HAND, "kind": QuotaSubject.NEAR_POOR, "quota": 3}
    with pytest.raises(PermissionDenied):
        allocation_take(by=leader, shares=shares, versions=versions, **common)
    with pytest.raises(ValidationError, match="thêm hoặc bớt dòng"):
        allocation_take(by=officer, shares={rows[0].place_id: 1}, versions=versions, **common)
    with pytest.raises(ValidationError, match="Thôn Làng 2: 1 hộ, chỉ có 0 hộ cận nghèo"):
        allocation_take(by=officer, shares=shares, versions=versions, **common)
    with pytest.raises(EditConflict):
        allocation_take(by=officer, shares=shares, versions={}, **common)
    assert reductions(plan, "near_poor_reduction") == [None, None, None]
