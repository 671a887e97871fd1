"""«Đối chiếu bản giấy»: what the officer pastes, and what the page answers."""

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.areas.models import Area
from targets.choices import LayoutName
from targets.models import TargetPlan
from targets.services import tables
from tests.factories import VillageFactory
from tests.targets.papers import COUNTS_OF_DAI_LANH, DAI_LANH, DAI_LANH_VILLAGES

YEAR = 2026


def address(unit: Area) -> str:
    return reverse("targets:printed", args=[unit.code, YEAR])


def fill(unit: Area, villages: int = 6) -> TargetPlan:
    names = list(DAI_LANH_VILLAGES)[:villages]
    for place, name in enumerate(names):
        VillageFactory(parent=unit, name=name, position=place)
    plan = tables.plan_open(by=None, unit=unit, year=YEAR)
    for village in Area.objects.villages_of(unit):
        counts = dict(zip(COUNTS_OF_DAI_LANH, DAI_LANH_VILLAGES[village.name], strict=True))
        tables.row_set(by=None, plan=plan, place=village, **counts)
    return plan


def test_a_pasted_table_answers_with_the_wrong_cells_and_nothing_is_written(
    officer_client: Client, commune: Area
) -> None:
    plan = fill(commune)
    before = list(plan.rows.values_list("version", flat=True))
    answer = officer_client.post(address(commune), {"layout": "standard", "text": DAI_LANH.replace(" | ", "\t")})
    page = answer.content.decode()
    assert answer.status_code == 200
    for fragment in (
        "2 số trên bản giấy không đúng",
        "Đã đối chiếu 98 ô, khớp 96 ô.",
        "Thôn Tây Nam 2, cột 14",
        "12 / 510 = 2,35 %.",
        "Tổng cộng, cột 12",
        "<del>0,29</del>",
    ):
        assert fragment in page
    assert list(plan.rows.values_list("version", flat=True)) == before


def test_a_rate_of_the_text_is_worked_out_again(officer_client: Client, commune: Area) -> None:
    fill(commune)
    answer = officer_client.post(address(commune), {"layout": "standard", "said_multidimensional_points": "0,63"})
    page = answer.content.decode()
    assert "1 số trên bản giấy không đúng" in page
    assert "93 / 3.022 − 75 / 3.022 = 0,60 điểm %." in page


def test_what_agrees_is_said(officer_client: Client, commune: Area) -> None:
    fill(commune)
    right = DAI_LANH.replace("2,16", "2,35").replace("0,29", "0,30")
    page = officer_client.post(address(commune), {"layout": "standard", "text": right}).content.decode()
    assert "Mọi số trên bản giấy đều khớp" in page


def test_nothing_pasted_is_refused_and_what_was_pasted_stays(officer_client: Client, commune: Area) -> None:
    fill(commune)
    empty = officer_client.post(address(commune), {"layout": "standard", "text": " \n"})
    assert (empty.status_code, "Chưa dán bảng" in empty.content.decode()) == (422, True)
    wrong = officer_client.post(address(commune), {"layout": "poem", "text": "Đông Nam\t360"})
    assert (wrong.status_code, "Đông Nam\t360" in wrong.content.decode()) == (422, True)


def test_hostile_text_is_text(officer_client: Client, commune: Area) -> None:
    fill(commune)
    row = "\t".join(["<script>alert(1)</script>", *["1"] * 14])
    page = officer_client.post(address(commune), {"layout": "standard", "text": row}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_layout_of_the_plan_is_offered_first(officer_client: Client, commune: Area) -> None:
    plan = fill(commune)
    TargetPlan.objects.filter(pk=plan.pk).update(layout=LayoutName.TWO_BLOCKS)
    assert '<option value="two_blocks" selected>' in officer_client.get(address(commune)).content.decode()


def test_without_a_table_the_page_teaches_the_next_step(officer_client: Client, commune: Area) -> None:
    page = officer_client.get(address(commune)).content.decode()
    assert "Chưa có bảng để đối chiếu" in page
    assert reverse("targets:table", args=[commune.code, YEAR]) in page


@pytest.mark.parametrize("villages", [1, 3])
def test_the_page_asks_the_same_number_of_queries_for_few_and_many_villages(
    officer_client: Client, commune: Area, villages: int, django_assert_num_queries
) -> None:
    fill(commune, villages)
    # session, user, grants, unit, rows with the plan, places of the unit, and the frame (units, years)
    with django_assert_num_queries(8):
        officer_client.post(address(commune), {"layout": "standard", "text": DAI_LANH})
