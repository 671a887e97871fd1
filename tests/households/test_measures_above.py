"""Figures of a district or province are the sums of what its communes count."""

import datetime
from typing import Any

import pytest

from households.models import Member, VillageCount
from households.selectors.measures import MEASURES, Sums, measured
from households.selectors.measures_above import added
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, VillageFactory
from tests.households import build, years
from tests.households.answers import answer, indicators

YEAR = 2024
DAY = datetime.date(YEAR, 12, 31)
ADDED = set(MEASURES) - {"schooling"}


@pytest.fixture
def province(commune: Area) -> Area:
    assert commune.parent is not None
    return commune.parent


def reviewed(unit: Area, homes: int, *, freed: int = 0) -> None:
    """Lists of both years: ``homes`` poor households, ``freed`` of them near-poor a year later, and one new then."""
    village = VillageFactory(parent=unit)
    for year in (YEAR - 1, YEAR):
        count = {"cut_off": datetime.date(year, 6, 30), "households": 10 * homes, "minority_households": 5 * homes}
        VillageCount.objects.create(unit=unit, village=village, source="Công an xã", **count)
    families = [build.household(unit, village, persons=3) for _ in range(homes)]
    before, now = years.periodic(unit, YEAR - 1), years.periodic(unit, YEAR)
    for number, home in enumerate(families):
        years.reviewed(before, home, "poor", is_ethnic_minority=number % 2 == 0)
    years.recognise(before)
    for number, home in enumerate(families):
        category = "near_poor" if number < freed else "poor"
        form = years.reviewed(now, home, category, is_ethnic_minority=number % 2 == 0)
        answer(form, latrine=number % 2 == 0, water=None, telecom=False)
    answer(years.reviewed(now, build.household(unit, village, persons=2), "near_poor"), latrine=True)
    years.recognise(now)
    members = Member.objects.filter(household=families[0])
    members.filter(position=1).update(health_card="yes", is_party_member=True)
    members.filter(position=2).update(health_card="yes", card_to=DAY - datetime.timedelta(days=1))


def counts(sums: Sums) -> tuple[int, int, int, int]:
    return sums.part, sums.whole, sums.unknown, sums.unknown_homes


@pytest.mark.parametrize("categories", [("poor",), ("near_poor",), ("poor", "near_poor")])
def test_every_figure_is_the_sum_of_its_communes(commune: Area, province: Area, categories: tuple[str, ...]) -> None:
    units = [commune, CommuneFactory(parent=province)]
    for unit, homes, freed in zip(units, (3, 4), (1, 2), strict=True):
        reviewed(unit, homes, freed=freed)

    found = added(area=province, year=YEAR, day=DAY, wanted=MEASURES)
    apart = [measured(unit=unit, year=YEAR, day=DAY) for unit in units]

    assert set(found) == ADDED
    for name, together in found.items():
        of_units = [one[name] for one in apart]
        if together.before is None and together.whole is None:
            by_unit = [counts(one.sums(categories)) for one in of_units]
            assert counts(together.sums(categories)) == tuple(map(sum, zip(*by_unit, strict=True))), name
        elif len(categories) == 2:
            assert together.sums().part == sum(one.sums().part for one in of_units), name
            assert together.whole == sum(one.whole or 0 for one in of_units), name
            assert together.before == _added_before(of_units), name
    assert (found["poor_fall"].sums().part, found["poor_fall"].before) == (3, (7, 70))


def _added_before(found: list[Any]) -> tuple[int, int] | None:
    pairs = [one.before for one in found if one.before]
    return (sum(part for part, _ in pairs), sum(whole for _, whole in pairs)) if pairs else None


def test_a_commune_that_is_not_recognised_by_the_day_is_lacking(commune: Area, province: Area) -> None:
    reviewed(commune, 1)
    later = CommuneFactory(parent=province)
    years.periodic(later, YEAR)

    found = added(area=province, year=YEAR, day=DAY, wanted=["poor_rate"])["poor_rate"]

    assert (found.lacking, found.sums().part, found.whole) == (1, 1, 10)
    assert added(area=province, year=YEAR, day=datetime.date(YEAR, 6, 30), wanted=["poor_rate"]) == {}
    assert added(area=province, year=YEAR, day=DAY, wanted=[]) == {}


def test_without_a_list_of_the_year_before_there_is_no_fall(commune: Area, province: Area) -> None:
    years.past(commune, YEAR, poor=[years.family(VillageFactory(parent=commune))])

    assert set(added(area=province, year=YEAR, day=DAY, wanted=["poor_fall", "poor_rate"])) == {"poor_rate"}


# Communes, rounds, lists, cards, party members, answers, households of the villages.
@pytest.mark.parametrize("number", [1, 3])
def test_the_communes_cost_no_queries(
    commune: Area, province: Area, number: int, django_assert_num_queries: Any
) -> None:
    indicators()
    for unit in (commune, *(CommuneFactory(parent=province) for _ in range(number - 1))):
        reviewed(unit, 1)

    with django_assert_num_queries(7):
        assert set(added(area=province, year=YEAR, day=DAY, wanted=MEASURES)) == ADDED
