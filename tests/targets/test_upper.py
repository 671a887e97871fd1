"""The same table one level up: of a district over its communes, of a province over what stands right below it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild, unit_merge
from targets.choices import PlanState, VersionState
from targets.models import PlanVersion, TargetPlan, VersionRow
from targets.selectors.above import assigned_from_above
from targets.selectors.findings import findings_of
from targets.selectors.places import places_of
from targets.selectors.tables import recognised_start, target_table, version_table
from targets.services import start
from targets.services import tables as services
from tests.factories import AreaFactory, CommuneFactory, ProvinceFactory, VillageFactory, user_with
from tests.households import years
from tests.targets.consolidated_rows import planned

DISTRICTS_END = datetime.date(2025, 6, 30)
COMMUNES_NOW = datetime.date(2025, 7, 1)
PAGE_QUERIES = 10


def district_of(province: Area, name: str = "Sông") -> Area:
    return AreaFactory(
        level=Level.DISTRICT, kind="huyện", code=f"{Area.objects.count():03d}", name=name, parent=province,
        valid_to=DISTRICTS_END,
    )  # fmt: skip


def address(unit: Area, year: int, name: str = "targets:table") -> str:
    return reverse(name, args=[unit.code, year])


@pytest.fixture
def province(db: None) -> Area:
    return ProvinceFactory()


@pytest.fixture
def district(province: Area) -> Area:
    """With two communes until 30/06/2025."""
    district = district_of(province)
    for name, kind in (("Núi", "xã"), ("Bến", "thị trấn")):
        CommuneFactory(parent=district, name=name, kind=kind, valid_to=DISTRICTS_END)
    reach_rebuild()
    return district


def reviewer_of(area: Area) -> Client:
    client = Client()
    client.force_login(user_with(Role.REVIEWER, area))
    return client


def test_the_rows_are_the_units_right_below_on_the_last_day(province: Area, district: Area) -> None:
    commune = CommuneFactory(parent=province, name="Mới", valid_from=COMMUNES_NOW)
    assert [area.name for area in places_of(district, 2022)] == ["Bến", "Núi"]
    assert list(places_of(province, 2024)) == [district]
    assert list(places_of(province, 2025)) == [commune]
    assert list(places_of(province, 2026)) == [commune]


def test_the_staff_of_the_province_keeps_the_table_of_a_district_that_ended(province: Area, district: Area) -> None:
    client = reviewer_of(province)
    page = client.get(address(district, 2022)).content.decode()
    assert "có 2 xã, thị trấn" in page or "có 2 thị trấn, xã" in page
    assert client.post(address(district, 2022, "targets:open")).status_code == 302
    row = TargetPlan.objects.get(unit=district, year=2022).rows.order_by("pk")[0]
    data = {f"cell-{row.pk}-households": "1.250.000", f"version-{row.pk}": row.version}
    assert client.post(address(district, 2022), data, headers={"HX-Request": "true"}).status_code == 200
    page = client.get(address(district, 2022)).content.decode()
    assert f'href="{address(row.place, 2022)}"' in page
    assert "Danh sách" not in page
    assert client.get(address(district, 2022, "targets:source")).status_code == 200
    assert client.get(address(district, 2022, "targets:movements")).status_code == 200


def test_a_district_after_its_end_only_reads_and_a_commune_types_nothing_above_it(district: Area) -> None:
    services.plan_open(by=None, unit=district, year=2022)
    client = reviewer_of(district)
    assert client.get(address(district, 2022)).status_code == 200
    assert client.post(address(district, 2022), {}).status_code == 403
    officer = user_with(Role.OFFICER, Area.objects.filter(parent=district)[0])
    with pytest.raises(PermissionDenied):
        services.plan_open(by=officer, unit=district, year=2022)


@pytest.mark.parametrize("communes", [1, 3])
def test_the_page_of_a_province_asks_as_often_whatever_its_size(
    province: Area, communes: int, django_assert_num_queries
) -> None:
    for number in range(communes):
        CommuneFactory(parent=province, kind="phường" if number else "xã")
    services.plan_open(by=None, unit=province, year=2026)
    reach_rebuild()
    client = reviewer_of(province)
    with django_assert_num_queries(PAGE_QUERIES):
        page = client.get(address(province, 2026))
    assert page.context["table"].village_word == ("xã" if communes == 1 else "phường, xã")


# What is assigned


def test_the_commune_sees_a_draft_above_as_expected_and_writes_it_down_once_approved(district: Area) -> None:
    commune = Area.objects.filter(parent=district, name="Núi").get()
    VillageFactory(parent=commune, valid_to=DISTRICTS_END)
    services.plan_open(by=None, unit=commune, year=2024)
    plan = services.plan_open(by=None, unit=district, year=2024)
    assert assigned_from_above(unit=commune, year=2024) is None
    services.row_set(by=None, plan=plan, place=commune, poor_households=80, poor_reduction=23)

    client = Client()
    client.force_login(user_with(Role.OFFICER, commune))
    way = reverse("targets:beside", args=[commune.code, 2024])
    assert f'href="{way}"' in client.get(address(commune, 2024)).content.decode()
    page = client.get(way).content.decode()
    assert "(dự kiến, chưa duyệt) dự kiến giao xã Núi giảm thực 23 hộ nghèo. Chưa phải chỉ tiêu được giao." in page
    assert "?issuer=" not in page

    version = PlanVersion.objects.create(plan=plan, unit=district, number=1, state=VersionState.APPROVED)
    VersionRow.objects.create(version=version, unit=district, place=commune, poor_households=80, poor_reduction=23)
    TargetPlan.objects.filter(pk=plan.pk).update(in_force=version, state=PlanState.APPROVED)
    page = client.get(way).content.decode()
    assert "Bảng chỉ tiêu của huyện Sông (đã duyệt) giao xã Núi giảm thực 23 hộ nghèo." in page
    assert "Bảng này còn thiếu 23 hộ nghèo so với mức được giao." in page
    assert "?issuer=district&amp;subject=poor&amp;form=households&amp;households=23" in page


def test_an_approved_table_assigns_what_was_approved_while_it_is_being_adjusted(district: Area) -> None:
    commune = Area.objects.filter(parent=district, name="Núi").get()
    plan = services.plan_open(by=None, unit=district, year=2024)
    services.row_set(by=None, plan=plan, place=commune, poor_households=80, poor_reduction=23, remark="cũ")
    version = PlanVersion.objects.create(plan=plan, unit=district, number=1, state=VersionState.APPROVED)
    counts = {"poor_households": 80, "poor_reduction": 23, "remark": "cũ"}
    VersionRow.objects.create(version=version, unit=district, place=commune, **counts)
    TargetPlan.objects.filter(pk=plan.pk).update(in_force=version, state=PlanState.APPROVED)
    stored = target_table(unit=district, year=2024)
    assert stored is not None
    assert (stored.version_number, stored.is_open, stored.state) == (1, False, PlanState.APPROVED)
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    services.row_set(by=None, plan=plan, place=commune, poor_reduction=30)

    found = assigned_from_above(unit=commune, year=2024)

    assert found is not None
    assert (found.is_approved, found.poor_reduction, found.issuer) == (True, 23, "district")
    (frozen,) = version_table(version).rows
    assert (frozen.figures.poor_reduction, frozen.remark) == (23, "cũ")
    assert target_table(unit=district, year=2024).version_number is None


# Start figures


def test_a_start_that_is_not_the_units_own_approved_one_is_told(district: Area) -> None:
    first, second = Area.objects.filter(parent=district).order_by("pk")
    start = {"households": 935, "poor_households": 179, "near_poor_households": 80}
    villages = [VillageFactory(parent=unit, valid_to=DISTRICTS_END) for unit in (first, second)]
    planned(first, 2024, [start], in_force=[start], places=villages[:1])
    planned(second, 2024, [start], places=villages[1:])
    services.plan_open(by=None, unit=district, year=2024)
    plan = TargetPlan.objects.get(unit=district, year=2024)
    services.row_set(by=None, plan=plan, place=first, **(start | {"households": 1503}))
    services.row_set(by=None, plan=plan, place=second, **(start | {"households": 1503}))
    stored = target_table(unit=district, year=2024)
    assert stored is not None

    (finding,) = [row for row in findings_of(stored) if row.code == "unit-differs"]

    assert finding.place == str(first)
    assert "tổng số hộ 1.503, đơn vị 935." in finding.message


def test_the_start_of_a_unit_above_is_the_sum_of_the_recognised_lists_below(province: Area, district: Area) -> None:
    first, second = Area.objects.filter(parent=district).order_by("pk")
    homes = [years.family(VillageFactory(parent=unit, valid_to=DISTRICTS_END)) for unit in (first, second)]
    years.past(first, 2023, poor=homes[:1])

    assert list(recognised_start(unit=district, year=2024) or ()) == [first.pk]
    assert recognised_start(unit=province, year=2024) is None  # one commune of the district is missing
    years.past(second, 2023, near_poor=homes[1:])
    whole = recognised_start(unit=province, year=2024)
    assert whole is not None
    assert (whole[district.pk]["poor_households"], whole[district.pk]["near_poor_persons"]) == (1, 4)

    plan = services.plan_open(by=None, unit=district, year=2024)
    assert start.start_take(by=None, plan=plan) == 2
    assert plan.rows.get(place=first).poor_households == 1


def test_a_merged_commune_starts_with_the_lists_of_all_it_took_over(province: Area) -> None:
    old = [CommuneFactory(parent=province) for _ in range(2)]
    for unit in old:
        years.past(unit, 2024, poor=[years.family(VillageFactory(parent=unit))])
    merged = unit_merge(
        by=None, units=old, from_day=COMMUNES_NOW, code="91235", name="Nhập", kind="xã", parent=province
    )
    found = recognised_start(unit=province, year=2025)
    assert found is not None
    assert found[merged.pk]["poor_households"] == 2
