"""Plan against result of a district and a province: by unit, from the lists of its communes."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household
from households.services.exits import drive_open, registration_add
from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild, unit_merge
from targets.choices import Period
from targets.selectors.results import plan_results
from targets.selectors.results_above import UnitResults, unit_results
from targets.services import tables
from tests.factories import AreaFactory, CommuneFactory, ProvinceFactory, VillageFactory, user_with
from tests.households.years import family, past, recognise, regular, reviewed
from tests.targets.result_rows import TODAY, YEAR

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture(autouse=True)
def after_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def province() -> Area:
    return ProvinceFactory()


def communes(above: Area, count: int = 2) -> list[Area]:
    """Each with a village."""
    made = [CommuneFactory(parent=above, name=f"Xã {number + 1}", position=number) for number in range(count)]
    for commune in made:
        VillageFactory(parent=commune)
    reach_rebuild()
    return made


def families(commune: Area, count: int) -> list[Household]:
    return [family(Area.objects.get(parent=commune, level=Level.VILLAGE)) for _ in range(count)]


def planned(above: Area, year: int = YEAR, **reductions: int) -> None:
    """The table of the level above takes on so many poor households of every unit."""
    plan = tables.plan_open(by=None, unit=above, year=year)
    for row in plan.rows.select_related("place"):
        figures = {"households": 100, "poor_households": 3, "near_poor_households": 1}
        tables.row_set(by=None, plan=plan, place=row.place, **figures, **reductions)


def of(above: Area, period: Period = Period.YEAR, year: int = YEAR) -> UnitResults:
    return unit_results(unit=above, year=year, period=period, today=TODAY)


def reviewer_of(area: Area) -> Client:
    client = Client()
    client.force_login(user_with(Role.REVIEWER, area))
    return client


def reached(found: UnitResults) -> list[int | None]:
    return [row.poor.reached for row in found.rows]


def test_planned_registered_and_recognised_of_each_unit_and_of_all(province: Area) -> None:
    one, two = communes(province)
    first, second = families(one, 3), families(two, 3)
    for unit, homes in ((one, first), (two, second)):
        past(unit, YEAR - 1, poor=homes)
    planned(province, poor_reduction=2, near_poor_reduction=0)
    drive = drive_open(by=None, unit=one, year=YEAR, on=D(YEAR, 3, 1))
    registration_add(by=None, drive=drive, household=first[0], on=D(YEAR, 3, 2), signer="Chủ hộ")
    past(one, YEAR, poor=first[2:], not_poor=first[:2])
    past(two, YEAR, poor=second[1:], near_poor=second[:1])
    found = of(province)
    assert [(row.poor.planned, row.poor.registered, row.poor.reached, row.poor.difference) for row in found.rows] == [
        (2, 1, 2, 0),
        (2, 0, 1, -1),
    ]
    assert (found.total.poor.planned, found.total.poor.reached, found.total.poor.difference) == (4, 3, -1)
    assert found.total.near_poor.reached == -1
    assert str(found.total.poor.result.points) == "1.50"
    assert found.without_end == ()


@pytest.mark.parametrize("period", list(Period))
def test_a_unit_has_the_numbers_of_its_own_page(province: Area, period: Period) -> None:
    """One escapes in March and is poor again in autumn, one escapes for good: nothing is added up."""
    (one,) = communes(province, 1)
    stays, returns, out = families(one, 3)
    past(one, YEAR - 1, poor=[stays, returns, out])
    march = regular(one, YEAR, 3)
    reviewed(march, returns, "near_poor")
    reviewed(march, out, "not_poor")
    recognise(march)
    past(one, YEAR, poor=[stays, returns])
    (row,) = of(province, period).rows
    own = plan_results(unit=one, year=YEAR, period=period, today=TODAY).total
    assert [row.poor.reached, row.near_poor.reached] == [own.poor.reached, own.near_poor.reached]
    assert row.poor.reached == (2 if period == Period.HALF else 1)


def test_a_unit_without_its_result_leaves_the_whole_unknown_and_is_named(province: Area) -> None:
    one, two = communes(province)
    for unit in (one, two):
        past(unit, YEAR - 1, poor=families(unit, 1))
    past(one, YEAR)
    found = of(province)
    assert (reached(found), found.total.poor.reached, found.without_end) == ([1, None], None, (two.title,))
    page = reviewer_of(province).get(reverse("targets:results", args=[province.code, YEAR])).content.decode()
    assert f"của 1/2 xã, nên chưa có số chung: {two.title}." in page


def test_after_a_merger_the_start_is_that_of_all_whom_it_followed(province: Area) -> None:
    one, two = communes(province)
    first, second = families(one, 2), families(two, 1)
    past(one, YEAR - 1, poor=first)
    past(two, YEAR - 1, poor=second)
    new = unit_merge(
        by=None, units=[one, two], from_day=D(YEAR, 3, 1), code="99123", name="Mới", kind="xã", parent=province
    )
    past(new, YEAR, poor=second)
    found = of(province)
    assert [(row.poor.result.start, row.poor.reached) for row in found.rows] == [(3, 2)]


def test_of_a_province_with_districts_each_district_is_the_sum_of_its_communes(province: Area) -> None:
    district = AreaFactory(level=Level.DISTRICT, kind="huyện", code="871", name="Sông", parent=province)
    one, two = communes(district)
    for unit in (one, two):
        homes = families(unit, 2)
        past(unit, YEAR - 1, poor=homes)
        past(unit, YEAR, poor=homes[1:])
    assert reached(of(province)) == [2]
    assert reached(of(district)) == [1, 1]


def test_without_a_list_of_the_start_the_table_says_it_and_who(province: Area) -> None:
    (one,) = communes(province, 1)
    planned(province, poor_reduction=2, near_poor_reduction=0)
    past(one, YEAR, poor=families(one, 2))
    found = of(province)
    assert (reached(found), found.start_planned) == ([1], (one.title,))


def test_a_number_opens_the_page_of_its_unit(province: Area) -> None:
    (one,) = communes(province, 1)
    homes = families(one, 2)
    past(one, YEAR - 1, poor=homes)
    past(one, YEAR, poor=homes[:1])
    client = reviewer_of(province)
    page = client.get(reverse("targets:results", args=[province.code, YEAR]), {"period": "year"}).content.decode()
    own = f"{reverse('targets:results', args=[one.code, YEAR])}?period=year"
    assert re.search(rf'<a href="{re.escape(own)}">1</a>', page)
    assert client.get(own).status_code == 200
    assert "Ai ra khỏi" not in page


def test_a_code_that_another_unit_got_within_the_year_opens_nothing(province: Area) -> None:
    district = AreaFactory(
        level=Level.DISTRICT, kind="huyện", code="871", name="Sông", parent=province, valid_to=D(YEAR, 6, 30)
    )
    one, two = communes(district)
    Area.objects.filter(parent=district).update(valid_to=D(YEAR, 6, 30))
    CommuneFactory(parent=province, code=one.code, valid_from=D(YEAR, 7, 1))
    reach_rebuild()
    assert [row.code for row in of(district).rows] == ["", two.code]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("period", "number"), [(Period.HALF, 14), (Period.YEAR, 12)])
def test_queries_do_not_grow_with_units(
    province: Area, count: int, period: Period, number: int, django_assert_num_queries
) -> None:
    for unit in communes(province, count):
        homes = families(unit, 2)
        past(unit, YEAR - 1, poor=homes)
        past(unit, YEAR, poor=homes[:1])
    planned(province, poor_reduction=1, near_poor_reduction=0)
    client = reviewer_of(province)
    address = reverse("targets:results", args=[province.code, YEAR])
    with django_assert_num_queries(number):
        assert len(client.get(address, {"period": period}).context["found"].rows) == count


def test_of_many_units_without_a_result_the_first_are_named_and_the_others_counted(province: Area) -> None:
    CommuneFactory.create_batch(7, parent=province)
    page = reviewer_of(province).get(reverse("targets:results", args=[province.code, YEAR])).content.decode()
    named = page.partition("nên chưa có số chung: ")[2].partition("</p>")[0]
    assert named.count(",") == 4
    assert named.endswith(" nơi khác.")
