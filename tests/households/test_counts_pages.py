"""The page of village counts: typed in a table, kept by day, and how the unit counts."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import RegistrySetting, VillageCount
from households.selectors.counts import denominators
from households.services.counts import counts_set
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households.build import household

YEAR = 2024
DAY = datetime.date(2024, 9, 1)
FOUR = {"households": 100, "population": 400, "minority_households": 30, "minority_population": 130}


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


def address(unit: Area, name: str = "counts", *rest: Any) -> str:
    return reverse(f"requests:{name}", args=[unit.code, YEAR, *rest])


def typed(village: Area, version: int = 0, **changes: str) -> dict[str, Any]:
    cells = {f"cell-{village.pk}-{name}": str(value) for name, value in FOUR.items()}
    cells |= {f"cell-{village.pk}-{name}": value for name, value in changes.items()}
    return {"cut_off": "01/09/2024", "source": "Công an xã", f"version-{village.pk}": version} | cells


def stored(unit: Area, village: Area, **changes: Any) -> VillageCount:
    return counts_set(by=None, unit=unit, cut_off=DAY, source="Công an xã", rows={village.pk: FOUR | changes})[0]


def test_figures_are_typed_and_then_used(officer_client: Client, commune: Area, village: Area) -> None:
    page = officer_client.post(address(commune), typed(village, households="1.000"), follow=True)
    assert page.status_code == 422  # «1.000» households of 400 persons

    page = officer_client.post(address(commune), typed(village), follow=True).content.decode()

    assert "Đã lưu số dân cư chốt ngày 01/09/2024." in page
    assert "Công an xã, chốt ngày 01/09/2024" in page
    assert denominators(unit=commune, day=DAY)[village.pk].population == 400


def test_a_version_that_is_no_number_of_a_row_is_an_old_one(
    officer_client: Client, commune: Area, village: Area
) -> None:
    stored(commune, village)
    sent = typed(village, households="101") | {f"version-{village.pk}": "9" * 5000}

    assert officer_client.post(address(commune), sent).status_code == 409

    assert VillageCount.objects.get().households == 100


def test_the_table_names_villages_with_their_kind(officer_client: Client, commune: Area, village: Area) -> None:
    assert f'class="grid-name">{village.title}<' in officer_client.get(address(commune)).content.decode()


def test_a_wrong_cell_says_why_and_nothing_typed_is_lost(officer_client: Client, commune: Area, village: Area) -> None:
    answer = officer_client.post(address(commune), typed(village, minority_households="101", population="4.x"))
    assert answer.status_code == 422
    assert "«4.x»" in answer.content.decode()

    answer = officer_client.post(address(commune), typed(village, minority_households="101"))

    assert answer.status_code == 422
    assert "Số hộ dân tộc thiểu số (101) nhiều hơn tổng số hộ (100)." in answer.content.decode()
    assert 'value="101"' in answer.content.decode()
    assert not VillageCount.objects.exists()


def test_a_day_and_a_source_are_asked_for(officer_client: Client, commune: Area, village: Area) -> None:
    answer = officer_client.post(address(commune), typed(village) | {"cut_off": "", "source": ""})

    assert set(answer.context["form"].errors) == {"cut_off", "source"}


def test_a_cell_changed_by_somebody_else_is_shown_with_both_values(
    officer_client: Client, commune: Area, village: Area
) -> None:
    row = stored(commune, village)
    stored(commune, village, households=101, population=401)

    answer = officer_client.post(address(commune), typed(village, row.version, households="102"))

    assert answer.status_code == 409
    hidden = dict(answer.context["hidden"])
    assert hidden[f"cell-{village.pk}-households"] == "102"
    assert hidden[f"cell-{village.pk}-population"] == 401  # theirs: I left it alone
    officer_client.post(address(commune), hidden)
    assert list(VillageCount.objects.values_list("households", "population")) == [(102, 401)]


def test_the_page_of_an_earlier_day_shows_its_figures(officer_client: Client, commune: Area, village: Area) -> None:
    stored(commune, village)
    later = datetime.date(2024, 12, 31)
    counts_set(by=None, unit=commune, cut_off=later, source="Thống kê", rows={village.pk: FOUR | {"households": 111}})

    def first(query: str) -> str:
        return str(officer_client.get(address(commune) + query).context["lines"][0].cells[0].text)

    assert [first(""), first("?cut_off=2024-09-01"), first("?new=1")] == ["111", "100", ""]
    assert officer_client.get(address(commune) + "?cut_off=xyz").status_code == 404


def test_a_village_without_figures_is_named(officer_client: Client, commune: Area, village: Area) -> None:
    page = officer_client.get(address(commune)).content.decode()

    assert f"Chưa có số của thôn {village.name}" in page


def test_a_unit_that_ended_within_the_year_shows_its_last_day(
    officer_client: Client, commune: Area, village: Area
) -> None:
    stored(commune, village)
    last = datetime.date(YEAR, 10, 31)
    Area.objects.filter(pk__in=[commune.pk, village.pk]).update(valid_to=last)

    assert officer_client.get(address(commune)).context["used"]["households"] == 100


def test_a_mistyped_day_is_removed_after_a_question(officer_client: Client, commune: Area, village: Area) -> None:
    row = stored(commune, village)
    url = address(commune, "counts-remove", "2024-09-01")

    assert "Xóa số đã nhập của 1 thôn" in officer_client.get(url).content.decode()
    officer_client.post(url, {f"version-{village.pk}": row.version - 1})
    assert VillageCount.objects.exists()
    officer_client.post(url, {f"version-{village.pk}": row.version})

    assert not VillageCount.objects.exists()


def test_a_reader_sees_figures_without_inputs(leader: User, commune: Area, village: Area) -> None:
    stored(commune, village)
    client = Client()
    client.force_login(leader)

    page = client.get(address(commune)).content.decode()

    assert "100" in page
    assert "cell-" not in page
    assert client.post(address(commune), typed(village)).status_code == 403


def test_a_new_way_of_counting_is_asked_before_it_is_written(
    officer_client: Client, commune: Area, village: Area
) -> None:
    household(commune, village, persons=3)
    values = {"valid_from": "01/09/2024", "minority_basis": "any", "is_complete": "on"}

    asked = officer_client.post(address(commune, "counting"), values)
    assert "đếm từ sổ hộ (nay có 1 hộ, 3 khẩu), không lấy số nhập" in asked.content.decode()
    assert not RegistrySetting.objects.exists()

    page = officer_client.post(address(commune, "counting"), dict(asked.context["hidden"]), follow=True)

    assert "Đã đặt cách tính từ ngày 01/09/2024." in page.content.decode()
    assert "đếm từ sổ hộ" in page.content.decode()
    assert denominators(unit=commune, day=DAY)[village.pk].population == 3


def test_a_way_of_counting_before_the_last_is_refused_on_the_page(officer_client: Client, commune: Area) -> None:
    RegistrySetting.objects.create(unit=commune, valid_from=DAY)
    values = {"valid_from": "01/08/2024", "minority_basis": "any", "confirmed": "1"}

    answer = officer_client.post(address(commune, "counting"), values)

    assert answer.status_code == 422
    assert "Đã có cách tính từ ngày 01/09/2024" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_villages(
    officer_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    for village in VillageFactory.create_batch(count, parent=commune):
        stored(commune, village)

    with django_assert_num_queries(11):
        page = officer_client.get(address(commune))

    assert len(page.context["lines"]) == count


def test_a_province_is_told_where_counts_are(commune: Area, officer_client: Client) -> None:
    Area.objects.filter(pk=commune.pk).update(level="district", code="123")

    page = officer_client.get(reverse("requests:counts", args=["123", YEAR])).content.decode()

    assert "Cấp này không nhập số dân cư" in page
