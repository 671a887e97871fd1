"""Start figures copied from the review recognised the year before."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.choices import Category
from households.models import Recognised, ReviewRound
from households.services.counts import counts_set
from households.services.past import past_list_record
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.models import TargetPlan
from targets.selectors.tables import recognised_start, start_differences, target_table
from targets.services import start as start_services
from targets.services import tables as services
from tests.factories import CommuneFactory, VillageFactory
from tests.households import years
from tests.households.build import ethnicity, household, standard

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
    said = officer_client.get(page).content.decode()
    assert "Số đầu năm trong bảng khác kết quả đã công nhận:" in said
    assert said.count("Thôn Thượng</th>") == 8

    answer = officer_client.post(reverse("targets:take-start", args=[commune.code, 2026]), follow=True)

    assert "Đã lấy số đầu năm từ kết quả rà soát năm 2025: 1 dòng thay đổi." in answer.content.decode()
    assert "khớp với kết quả đã công nhận" in officer_client.get(page).content.decode()
    table = target_table(unit=commune, year=2026)
    assert table is not None
    assert start_differences(table, recognised_start(unit=commune, year=2026)) == []


def test_what_the_list_knows_is_not_typed_while_the_plan_keeps_to_it(
    recognised: Area, plan: TargetPlan, officer: User
) -> None:
    start_services.start_take(by=officer, plan=plan)
    row = plan.rows.get()

    with pytest.raises(ValidationError) as caught:
        services.cells_change(by=officer, plan=plan, changes={row.pk: (row.version, {"poor_households": 3})})
    assert list(caught.value.message_dict) == [f"{row.pk}.poor_households"]
    assert "đổi nguồn" in caught.value.messages[0]
    services.cells_change(by=officer, plan=plan, changes={row.pk: (row.version, {"households": 90})})

    start_services.start_typed(by=officer, plan=plan)
    services.cells_change(by=officer, plan=plan, changes={row.pk: (row.version, {"poor_households": 3})})
    assert (plan.rows.get().households, plan.rows.get().poor_households) == (90, 3)


def test_an_import_of_the_same_list_is_no_typing(recognised: Area, plan: TargetPlan) -> None:
    start_services.start_take(by=None, plan=plan)
    services.row_set(by=None, plan=plan, place=recognised, poor_households=2, poor_reduction=1)
    with pytest.raises(ValidationError, match="không gõ được"):
        services.row_set(by=None, plan=plan, place=recognised, poor_households=1)


def test_the_page_shows_the_list_as_links_to_its_households(
    recognised: Area, plan: TargetPlan, officer_client: Client, commune: Area
) -> None:
    start_services.start_take(by=None, plan=plan)
    page = officer_client.get(reverse("targets:table", args=[commune.code, 2026])).content.decode()
    row = plan.rows.get()
    assert f'name="cell-{row.pk}-poor_households"' not in page
    assert f'name="cell-{row.pk}-households"' in page
    links = re.findall(r'href="(/u/[0-9]+/2025/review/summaries/[^"]+)">2</a>', page)
    assert [link.rsplit("/", 2)[1] for link in links] == [str(recognised.pk), "0"]
    Area.objects.filter(pk=recognised.pk).update(kind="làng")
    for link in links:
        opened = officer_client.get(link).content.decode()
        assert "2 hộ: Hộ nghèo" in opened
        assert '<th scope="col">Làng</th>' in opened


def test_submission_copies_a_corrected_list_and_keeps_households_typed_since(
    recognised: Area, plan: TargetPlan, officer: User
) -> None:
    start_services.start_take(by=officer, plan=plan)
    services.row_set(by=None, plan=plan, place=recognised, households=85)
    poor = Recognised.objects.filter(category=Category.POOR).first()
    assert poor is not None
    Recognised.objects.filter(pk=poor.pk).update(is_current=False)

    corrected = [("poor_households", 2, 1), ("poor_persons", 7, 7 - poor.persons)]
    assert _found(plan) == [("households", 85, 80), *corrected]
    assert start_services.start_refresh(plan=plan) == 1
    assert (plan.rows.get().poor_households, plan.rows.get().households) == (1, 85)
    assert _found(plan) == [("households", 85, 80)]


def _found(plan: TargetPlan) -> list[tuple[str, int | None, int]]:
    table = target_table(unit=plan.unit, year=2026)
    assert table is not None
    found = start_differences(table, recognised_start(unit=plan.unit, year=2026))
    assert {one.place for one in found} == {"thôn Thượng"}
    return sorted((one.field, one.stored, one.recognised) for one in found)


def test_the_page_asks_after_it_is_shown_whether_the_list_was_corrected(
    recognised: Area, plan: TargetPlan, officer_client: Client, commune: Area
) -> None:
    check = reverse("targets:beside", args=[commune.code, 2026])
    page = officer_client.get(reverse("targets:table", args=[commune.code, 2026])).content.decode()
    assert f'hx-get="{check}" hx-trigger="load"' in page
    part = officer_client.get(check, headers={"HX-Request": "true"}).content.decode()
    assert "thôn Thượng" in part
    assert "<html" not in part
    button = "Lấy số đầu năm từ kết quả rà soát năm 2025</button>"
    assert button in part
    start_services.start_take(by=None, plan=plan)
    assert button not in officer_client.get(check).content.decode()
    assert "findings" not in officer_client.get(check, headers={"HX-Request": "true"}).content.decode()
    assert "Số đầu năm khớp kết quả đã công nhận" in officer_client.get(check).content.decode()


def test_a_typed_plan_is_not_refreshed(recognised: Area, plan: TargetPlan) -> None:
    services.row_set(by=None, plan=plan, place=recognised, poor_households=9)
    assert start_services.start_refresh(plan=plan) == 0
    assert plan.rows.get().poor_households == 9


def test_minority_households_are_taken_only_where_every_ethnicity_is_known(commune: Area) -> None:
    known, unknown = (VillageFactory(parent=commune, name=name) for name in ("Rõ", "Chưa Rõ"))
    kinh, hre = ethnicity("Kinh"), ethnicity("Hrê")
    for village, group in ((known, hre), (known, kinh), (unknown, hre), (unknown, None)):
        home = years.family(village)
        review = {"is_ethnic_minority": group == hre, "ethnicity": group}
        round = ReviewRound.objects.filter(unit=commune).first() or years.periodic(commune, 2025)
        years.reviewed(round, home, Category.POOR, **review)
    years.recognise(round)

    found = recognised_start(unit=commune, year=2026)

    assert found is not None
    assert (found[known.pk]["poor_households"], found[known.pk]["minority_poor_households"]) == (2, 1)
    assert "minority_poor_households" not in found[unknown.pk]


def test_one_village_or_three_take_as_many_queries(db: None) -> None:
    counted = []
    for villages in (1, 3):
        unit = CommuneFactory()
        homes = [household(unit, VillageFactory(parent=unit)) for _ in range(villages)]
        rows = [{"household": home, "category": Category.POOR} for home in homes]
        past_list_record(by=None, unit=unit, year=2025, standard=standard(), on=datetime.date(2025, 12, 10), rows=rows)
        plan = services.plan_open(by=None, unit=unit, year=2026)
        with CaptureQueriesContext(connection) as queries:
            assert start_services.start_take(by=None, plan=plan) == villages
        counted.append(len(queries))
    assert counted[0] == counted[1] < 30
