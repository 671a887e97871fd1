"""Start figures copied from the review recognised the year before."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from households.choices import Category
from households.services.counts import counts_set
from households.services.past import past_list_record
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.models import TargetPlan
from targets.selectors.tables import recognised_start, start_differences, target_table
from targets.services import start as start_services
from targets.services import tables as services
from tests.factories import VillageFactory
from tests.households.build import household, standard

LISTED = ((4, Category.POOR), (3, Category.POOR), (5, Category.NEAR_POOR))


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    VillageFactory(parent=commune, name="Thượng")
    return services.plan_open(by=None, unit=commune, year=2026)


@pytest.fixture
def recognised(plan: TargetPlan, commune: Area) -> Area:
    """Three listed households and the counts of the village, for 2025."""
    village = Area.objects.villages_of(commune).get()
    rows = [
        {
            "household": household(commune, village, persons=persons, opened_on=datetime.date(2024, 1, 1)),
            "category": category,
        }
        for persons, category in LISTED
    ]
    on = datetime.date(2025, 12, 10)
    past_list_record(by=None, unit=commune, year=2025, standard=standard(), on=on, rows=rows)
    counts = {village.pk: {"households": 80, "population": 300}}
    counts_set(by=None, unit=commune, cut_off=datetime.date(2025, 8, 31), source="Công an xã", rows=counts)
    return village


def test_the_plan_starts_where_the_last_review_ended(recognised: Area, plan: TargetPlan, officer: User) -> None:
    assert start_services.start_take(by=officer, plan=plan) == 1
    assert start_services.start_take(by=officer, plan=plan) == 0

    row = plan.rows.get()
    assert (row.households, row.population) == (80, 300)
    assert (row.poor_households, row.poor_persons) == (2, 7)
    assert (row.near_poor_households, row.near_poor_persons) == (1, 5)


def test_nothing_is_taken_while_nothing_is_recognised(plan: TargetPlan, officer: User) -> None:
    assert recognised_start(unit=plan.unit, year=2026) is None
    with pytest.raises(ValidationError, match="Chưa có kết quả rà soát năm 2025"):
        start_services.start_take(by=officer, plan=plan)


def test_a_reduction_greater_than_the_start_is_named_and_nothing_is_written(
    recognised: Area, plan: TargetPlan, officer: User
) -> None:
    services.row_set(by=None, plan=plan, place=recognised, poor_households=9, poor_reduction=5)

    with pytest.raises(ValidationError, match="Thôn Thượng: Số hộ nghèo giảm nhiều hơn"):
        start_services.start_take(by=officer, plan=plan)
    assert plan.rows.get().poor_households == 9


def test_the_page_names_villages_that_differ_and_takes(
    recognised: Area, plan: TargetPlan, officer_client: Client, commune: Area
) -> None:
    page = reverse("targets:source", args=[commune.code, 2026])
    assert "khác kết quả đã công nhận ở: thôn Thượng" in officer_client.get(page).content.decode()

    answer = officer_client.post(reverse("targets:take-start", args=[commune.code, 2026]), follow=True)

    assert "Đã lấy số đầu năm từ kết quả rà soát năm 2025: 1 dòng thay đổi." in answer.content.decode()
    assert "khớp với kết quả đã công nhận" in officer_client.get(page).content.decode()
    table = target_table(unit=commune, year=2026)
    assert table is not None
    assert start_differences(table, recognised_start(unit=commune, year=2026)) == []
