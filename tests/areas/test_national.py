"""The shipped lists of units: how many, how they follow one another, what a grant on them reaches."""

import datetime
from collections import Counter

import pytest

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Reach, Succession
from povertyplan.areas.national import REFORM, areas_load, units_before, units_today
from povertyplan.areas.selectors import UnknownUnit, unit_in_year
from povertyplan.papers.national import papers_load

# xã, phường, đặc khu of each province in the list of the statistics office.
COMMUNES = {
    "01": (75, 51, 0),
    "04": (53, 3, 0),
    "08": (117, 7, 0),
    "11": (42, 3, 0),
    "12": (36, 2, 0),
    "14": (67, 8, 0),
    "15": (89, 10, 0),
    "19": (77, 15, 0),
    "20": (61, 4, 0),
    "22": (22, 30, 2),
    "24": (54, 45, 0),
    "25": (133, 15, 0),
    "31": (67, 45, 2),
    "33": (93, 11, 0),
    "37": (97, 32, 0),
    "38": (147, 19, 0),
    "40": (119, 11, 0),
    "42": (60, 9, 0),
    "44": (69, 8, 1),
    "46": (19, 21, 0),
    "48": (70, 23, 1),
    "51": (86, 9, 1),
    "52": (110, 25, 0),
    "56": (48, 16, 1),
    "66": (88, 14, 0),
    "68": (103, 20, 1),
    "75": (62, 33, 0),
    "79": (54, 113, 1),
    "80": (82, 14, 0),
    "82": (82, 20, 0),
    "86": (105, 19, 0),
    "91": (85, 14, 3),
    "92": (72, 31, 0),
    "96": (55, 9, 0),
}


def test_todays_list_has_34_provinces_and_3321_communes_of_these_kinds() -> None:
    units = list(units_today())
    communes = Counter((unit.parent, unit.kind) for unit in units if unit.level == Level.COMMUNE)

    assert sum(unit.level == Level.PROVINCE for unit in units) == 34
    assert communes.total() == 3321
    assert {
        province: tuple(communes[province, kind] for kind in ("xã", "phường", "đặc khu")) for province in COMMUNES
    } == COMMUNES
    assert {unit.valid_from for unit in units} == {REFORM}


def test_names_of_today_do_not_repeat_their_kind() -> None:
    assert [unit for unit in units_today() if unit.name.lower().startswith(f"{unit.kind} ")] == []
    assert {unit.name for unit in units_today() if unit.code in {"52", "79", "22504"}} == {
        "Gia Lai",
        "Hồ Chí Minh",
        "Đại Lãnh",
    }


def test_older_list_has_63_provinces_that_went_into_34() -> None:
    provinces = [unit for unit in units_before() if unit.level == Level.PROVINCE and unit.valid_to.year == 2025]

    assert len(provinces) == 63
    assert len({code for unit in provinces for code in unit.to}) == 34


def test_loading_twice_is_loading_once(nation: int) -> None:
    stored = Area.objects.count(), Succession.objects.count(), Reach.objects.count()

    assert nation == stored[0]
    assert areas_load() == 0
    assert (Area.objects.count(), Succession.objects.count(), Reach.objects.count()) == stored


def test_a_code_names_the_unit_of_that_year(nation: int) -> None:
    named = {
        ("23668", 2022): "Kông Lơng Khơng",
        ("23668", 2023): "Kông Lơng Khơng",
        ("23668", 2025): "Tơ Tung",
        ("23668", 2026): "Tơ Tung",
        ("21295", 2025): "Sơn Thành",
        ("22492", 2024): "Đại Lãnh",
        ("22504", 2024): "Vạn Thọ",
        ("22504", 2026): "Đại Lãnh",
        ("52", 2024): "Bình Định",
        ("52", 2026): "Gia Lai",
        ("64", 2024): "Gia Lai",
        ("82", 2022): "Tiền Giang",
        ("82", 2026): "Đồng Tháp",
        ("46", 2024): "Thừa Thiên Huế",
        ("46", 2025): "Huế",
        ("870", 2022): "Hồng Ngự",
    }

    assert {key: unit_in_year(*key).name for key in named} == named
    merged = unit_in_year("23818", 2025)
    assert (merged.name, merged.valid_from, merged.parent.code) == ("Kon Chiêng", REFORM, "52")


@pytest.mark.parametrize("key", [("21295", 2026), ("870", 2026), ("64", 2026), ("22492", 2020)])
def test_a_code_names_nobody_outside_its_time(nation: int, key: tuple[str, int]) -> None:
    with pytest.raises(UnknownUnit, match=f"Không có đơn vị nào mang mã {key[0]} trong năm {key[1]}"):
        unit_in_year(*key)


def test_a_grant_on_todays_province_reaches_what_it_took_over_and_nothing_else(nation: int) -> None:
    reached = set(
        Reach.objects.filter(area=unit_in_year("52", 2026)).values_list("reached__code", "reached__valid_from__year")
    )

    assert ("23668", 2021) in reached
    assert ("64", 2021) in reached
    assert ("625", 2021) in reached
    assert not {code for code, _ in reached} & {"22492", "56", "571"}


def test_a_grant_on_todays_commune_reaches_its_predecessors(nation: int) -> None:
    reached = Reach.objects.filter(area=unit_in_year("22504", 2026)).values_list("reached__name", flat=True)

    assert sorted(reached) == ["Vạn Thạnh", "Vạn Thọ", "Đại Lãnh", "Đại Lãnh"]


def test_a_grant_on_an_ended_district_reaches_its_communes_only(nation: int) -> None:
    reached = Reach.objects.filter(area=unit_in_year("571", 2025)).values_list("reached__code", flat=True)

    assert sorted(reached) == ["22492", "22504", "22519", "571"]


def test_successions_cite_their_resolution(nation: int) -> None:
    papers_load()

    cited = Succession.objects.select_related("paper").get(
        predecessor__code="23821", successor__code="23818", on=datetime.date(2025, 7, 1)
    )
    assert cited.paper.full_number == "1664/NQ-UBTVQH15"
    assert Succession.objects.get(predecessor__code="64").paper.full_number == "202/2025/QH15"
    assert Succession.objects.filter(predecessor__code="01").values_list("paper", flat=True).get() is None
