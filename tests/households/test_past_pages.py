"""Typing a list recognised on paper, village after village."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import Category, RoundKind
from households.models import Household, Recognised, ReviewRound, Standard
from households.services.rounds import round_open
from povertyplan.areas.models import Area
from tests.factories import VillageFactory
from tests.households.build import household, standard

YEAR = 2023


@pytest.fixture
def law(db: None) -> Standard:
    return standard()


@pytest.fixture
def homes(law: Standard, commune: Area) -> list[Household]:
    """Two of the first village, one of the second."""
    first, second = VillageFactory.create_batch(2, parent=commune)
    return [household(commune, village, head=name) for village, name in ((first, "A"), (first, "B"), (second, "C"))]


def address(unit: Area, year: int = YEAR) -> str:
    return reverse("requests:past", args=[unit.code, year])


def test_what_was_chosen_in_one_village_is_kept_in_the_next(
    officer_client: Client, commune: Area, homes: list[Household], law: Standard
) -> None:
    first, _, last = homes
    header = {"standard": law.pk, "on": "10/12/2023"}
    page = officer_client.get(address(commune))
    assert [line.row.head_name for line in page.context["lines"]] == ["A", "B"]
    chosen = {f"category-{first.pk}": "poor", f"persons-{first.pk}": "6", "village": first.village_id, "typed": ""}

    page = officer_client.post(address(commune), header | chosen | {"go": last.village_id})
    assert page.status_code == 200
    assert [line.row.head_name for line in page.context["lines"]] == ["C"]
    assert page.context["poor"] == 1
    assert 'value="10/12/2023"' in page.content.decode()
    assert not ReviewRound.objects.exists()

    rest = {f"category-{last.pk}": "near_poor", "typed": page.context["carried"], "village": last.village_id}
    done = officer_client.post(address(commune), header | rest | {"save": "1"}, follow=True).content.decode()

    assert "Đã ghi danh sách năm 2023: 2 hộ nghèo, cận nghèo." in done
    rows = {row.household_id: (row.category, row.persons) for row in Recognised.objects.all()}
    assert rows == {first.pk: (Category.POOR, 6), last.pk: (Category.NEAR_POOR, 4)}


def test_choices_of_what_is_no_household_are_left_out(
    officer_client: Client, commune: Area, homes: list[Household]
) -> None:
    sent = {"typed": f"{'9' * 5000}:poor:", f"category-{'9' * 100}": "poor", "village": homes[0].village_id}

    assert officer_client.post(address(commune), sent).context["poor"] == 0


def test_what_is_missing_is_said_and_the_choices_stay(
    officer_client: Client, commune: Area, homes: list[Household], law: Standard
) -> None:
    chosen = {f"category-{homes[0].pk}": "poor", f"persons-{homes[0].pk}": "x", "typed": f"{homes[2].pk}:poor:"}

    answer = officer_client.post(address(commune), chosen | {"standard": law.pk, "on": "", "save": "1"})
    assert answer.status_code == 422
    assert answer.context["poor"] == 2
    assert "on" in answer.context["form"].errors

    answer = officer_client.post(address(commune), chosen | {"standard": law.pk, "on": "10/12/2023", "save": "1"})
    assert "không phải số nguyên" in answer.content.decode()

    answer = officer_client.post(
        address(commune), chosen | {f"persons-{homes[0].pk}": "99", "standard": law.pk, "on": "10/12/2023", "save": "1"}
    )
    assert "số khẩu từ 1 đến 50" in answer.content.decode()
    assert not ReviewRound.objects.exists()


def test_a_recorded_list_is_corrected_with_a_reason(
    officer_client: Client,
    commune: Area,
    homes: list[Household],
    law: Standard,
    django_assert_num_queries: Any,
) -> None:
    first, second, _ = homes
    officer_client.post(
        address(commune),
        {"standard": law.pk, "on": "10/12/2023", f"category-{first.pk}": "poor", "save": "1"},
    )
    with django_assert_num_queries(12):
        page = officer_client.get(address(commune))
    assert "Điều chỉnh danh sách ghi từ giấy năm 2023" in page.content.decode()
    last = page.context["form"]["last"].value()
    typed: dict[str, Any] = {
        "last": last,
        f"category-{first.pk}": "",
        f"category-{second.pk}": "near_poor",
        "save": "1",
    }

    assert officer_client.post(address(commune), typed).context["form"].errors == {
        "reason": ["Chưa ghi lý do điều chỉnh."]
    }
    officer_client.post(address(commune), typed | {"reason": "Ghi nhầm hộ"})

    current = Recognised.objects.filter(is_current=True)
    assert dict(current.values_list("household", "category")) == {second.pk: Category.NEAR_POOR}
    stale = officer_client.post(address(commune), typed | {"reason": "Lần nữa"})
    assert "Có người vừa điều chỉnh" in stale.content.decode()


def test_a_year_reviewed_here_is_not_typed_from_paper(
    officer_client: Client, commune: Area, homes: list[Household], law: Standard
) -> None:
    round_open(by=None, unit=commune, year=YEAR, kind=RoundKind.PERIODIC, standard=law)

    page = officer_client.get(address(commune)).content.decode()

    assert "Năm 2023 có rà soát định kỳ năm 2023 trên phần mềm" in page


def test_a_list_with_a_later_one_is_closed(
    officer_client: Client, commune: Area, homes: list[Household], law: Standard
) -> None:
    for year in (2023, 2024):
        officer_client.post(
            address(commune, year),
            {"standard": law.pk, "on": f"10/12/{year}", f"category-{homes[0].pk}": "poor", "save": "1"},
        )

    assert ReviewRound.objects.get(year=2024).recognised_on == datetime.date(2024, 12, 10)
    assert "không sửa được nữa" in officer_client.get(address(commune)).content.decode()


def test_a_registry_without_households_says_what_to_do_first(
    officer_client: Client, commune: Area, law: Standard
) -> None:
    assert "Sổ hộ chưa có hộ nào" in officer_client.get(address(commune)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_households(
    officer_client: Client, commune: Area, law: Standard, count: int, django_assert_num_queries: Any
) -> None:
    village = VillageFactory(parent=commune)
    for _ in range(count):
        household(commune, village)

    with django_assert_num_queries(11):
        page = officer_client.get(address(commune))

    assert len(page.context["lines"]) == count
