"""Villages listed as extremely difficult: marked by a decision, ended, removed; by whom and for which year."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area, AreaFlag
from povertyplan.villages import difficulty
from povertyplan.villages.services import villages_add
from tests.factories import PaperFactory, VillageFactory

YEAR = 2024
FROM = datetime.date(2022, 1, 1)


@pytest.fixture
def villages(commune: Area) -> list[Area]:
    return villages_add(by=None, unit=commune, names=["Thượng", "Hạ", "Trung"], kind="làng")


def page(commune: Area, year: int = YEAR) -> str:
    return reverse("villages:difficult", args=[commune.code, year])


def listed(commune: Area, year: int = YEAR) -> list[str]:
    return [flag.area.name for flag in difficulty.difficult_in(commune, year)]


def test_the_officer_marks_several_villages_by_one_decision(
    officer_client: Client, commune: Area, villages: list[Area]
) -> None:
    paper = PaperFactory(unit=commune)
    chosen = [villages[2].pk, villages[0].pk]
    data = {"villages": chosen, "paper": paper.pk, "valid_from": "1/1/2022", "valid_to": ""}
    assert officer_client.post(page(commune), data).status_code == 302
    assert listed(commune) == ["Thượng", "Trung"]
    shown = officer_client.get(page(commune)).content.decode()
    assert paper.short_citation in shown
    assert "Làng đặc biệt khó khăn năm 2024" in shown


def test_a_village_marked_twice_is_named_and_nothing_is_written(
    officer_client: Client, commune: Area, villages: list[Area]
) -> None:
    difficulty.difficult_mark(by=None, unit=commune, villages=villages[:1], valid_from=FROM)
    data = {"villages": [row.pk for row in villages], "valid_from": "1/1/2023"}
    answer = officer_client.post(page(commune), data)
    assert answer.status_code == 422
    assert "Làng Thượng: Tình trạng này đã có trong cùng thời gian." in answer.content.decode()
    assert listed(commune) == ["Thượng"]


def test_the_list_is_of_a_year_and_ends_with_its_last_day(
    officer_client: Client, commune: Area, villages: list[Area]
) -> None:
    (flag,) = difficulty.difficult_mark(by=None, unit=commune, villages=villages[:1], valid_from=FROM)
    end = reverse("villages:difficult-end", args=[commune.code, YEAR, flag.pk])
    assert officer_client.get(end).status_code == 200
    assert officer_client.post(end, {"version": flag.version, "last_day": "30/6/2024"}).status_code == 302
    assert [listed(commune, year) for year in (2021, 2022, 2024, 2025)] == [[], ["Thượng"], ["Thượng"], []]
    assert officer_client.post(end, {"version": flag.version, "last_day": "30/7/2024"}).status_code == 409


def test_a_last_day_before_the_first_is_refused(officer: User, commune: Area, villages: list[Area]) -> None:
    (flag,) = difficulty.difficult_mark(by=officer, unit=commune, villages=villages[:1], valid_from=FROM)
    with pytest.raises(ValidationError, match="trước ngày đầu"):
        difficulty.difficult_end(
            by=officer, unit=commune, flag=flag, version=flag.version, last_day=datetime.date(2021, 1, 1)
        )


def test_a_mistake_is_removed_after_asking_and_not_over_anothers_edit(
    officer_client: Client, officer: User, commune: Area, villages: list[Area]
) -> None:
    (flag,) = difficulty.difficult_mark(by=None, unit=commune, villages=villages[:1], valid_from=FROM)
    remove = reverse("villages:difficult-remove", args=[commune.code, YEAR, flag.pk])
    assert "Chỉ xóa khi ghi nhầm" in officer_client.get(remove).content.decode()
    seen = flag.version
    changed = difficulty.difficult_end(by=officer, unit=commune, flag=flag, version=seen, last_day=FROM)
    with pytest.raises(ValidationError, match="người khác sửa"):
        difficulty.difficult_remove(by=officer, unit=commune, flag=flag, version=seen)
    difficulty.difficult_end(
        by=officer, unit=commune, flag=flag, version=changed.version, last_day=datetime.date(2030, 1, 1)
    )
    assert officer_client.post(remove, {"version": flag.version + 2}).status_code == 302
    assert listed(commune) == []


def test_only_who_enters_in_the_unit_marks_and_only_its_own_villages(
    officer: User, leader: User, commune: Area, villages: list[Area]
) -> None:
    with pytest.raises(PermissionDenied):
        difficulty.difficult_mark(by=leader, unit=commune, villages=villages, valid_from=FROM)
    foreign = VillageFactory()
    with pytest.raises(ValidationError, match="không thuộc"):
        difficulty.difficult_mark(by=officer, unit=commune, villages=[foreign], valid_from=FROM)
    assert not AreaFlag.objects.exists()


def test_a_leader_reads_the_list_without_the_form(leader: User, commune: Area, villages: list[Area]) -> None:
    client = Client()
    client.force_login(leader)
    shown = client.get(page(commune)).content.decode()
    assert "chưa ghi làng nào" in shown
    assert '<form method="post"' not in shown.partition("<main")[2]
    assert client.post(page(commune), {}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_times(
    officer_client: Client, commune: Area, villages: list[Area], count: int, django_assert_num_queries
) -> None:
    difficulty.difficult_mark(by=None, unit=commune, villages=villages[:count], valid_from=FROM)
    officer_client.get(page(commune))
    with django_assert_num_queries(10):
        officer_client.get(page(commune))
