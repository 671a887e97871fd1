"""Each deprivation has an owner, a number and households named; the next review says which were freed."""

import datetime
from typing import Any

import pghistory.models
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from households.models import Household, Indicator
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.findings import Severity
from povertyplan.core.versions import EditConflict
from povertyplan.offices.models import Department
from povertyplan.offices.services import office_add
from targets.models import DeprivationHousehold, DeprivationOwner, TargetPlan
from targets.selectors.deprivations import OwnedTable, owned_table
from targets.services import deprivations as services
from targets.services.tables import plan_open
from targets.views.deprivations import PER_PAGE
from tests.factories import CommuneFactory, VillageFactory
from tests.households import years
from tests.households.answers import answer, indicators

YEAR = 2025


@pytest.fixture
def village(commune: Area) -> Area:
    return VillageFactory(parent=commune)


@pytest.fixture
def water(db: None) -> Indicator:
    return indicators()["water"]


@pytest.fixture
def plan(commune: Area, village: Area) -> TargetPlan:
    return plan_open(by=None, unit=commune, year=YEAR)


@pytest.fixture
def homes(commune: Area, village: Area, water: Indicator) -> list[Household]:
    """Two poor and a near-poor household without clean water, and a poor one that has it."""
    found = [years.family(village) for _ in range(4)]
    round = years.periodic(commune, YEAR - 1)
    for home, category, is_deprived in zip(
        found, ("poor", "poor", "near_poor", "poor"), (True, True, True, False), strict=True
    ):
        answer(years.reviewed(round, home, category), water=is_deprived)
    years.recognise(round)
    return found


def owner(plan: TargetPlan, indicator: Indicator, by: User | None = None, **values: Any) -> DeprivationOwner:
    empty = {"lead_department": None, "lead_body": None, "to_resolve": None, "way": ""}
    return services.owner_set(by=by, plan=plan, indicator=indicator, **empty | values)


def name(
    plan: TargetPlan, indicator: Indicator, *homes: Household, drop: tuple[Household, ...] = (), by: Any = None
) -> Any:
    add, out = [home.pk for home in homes], [home.pk for home in drop]
    return services.households_name(by=by, plan=plan, indicator=indicator, add=add, drop=out)


def table(plan: TargetPlan) -> OwnedTable:
    return owned_table(unit=plan.unit, year=YEAR, plan=plan)


def line(plan: TargetPlan) -> Any:
    return table(plan).lines[0]


def codes(plan: TargetPlan) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in table(plan).findings]


def test_an_owner_leads_for_a_number_of_households_in_a_way(
    plan: TargetPlan, homes: list[Household], water: Indicator, officer: User
) -> None:
    lead = office_add(by=None, unit=plan.unit, model=Department, name="Phòng Kinh tế")

    row = owner(plan, water, by=officer, lead_department=lead, to_resolve=3, way=" Giếng  chung ")

    assert (line(plan).lead, line(plan).to_resolve, row.way) == ("Phòng Kinh tế", 3, "Giếng chung")
    assert (line(plan).count.poor, line(plan).count.near_poor) == (2, 1)
    assert pghistory.models.Events.objects.tracks(row).get().pgh_context["action"] == "deprivation_owner.set"


def test_no_more_are_resolved_than_are_deprived(plan: TargetPlan, homes: list[Household], water: Indicator) -> None:
    with pytest.raises(ValidationError) as caught:
        owner(plan, water, to_resolve=4)
    assert caught.value.message_dict == {"to_resolve": ["Chỉ có 3 hộ thiếu hụt; không ghi nhiều hơn."]}
    assert owner(plan, water, to_resolve=3).pk


def test_where_no_list_says_how_many_there_are_any_number_is_taken(plan: TargetPlan, water: Indicator) -> None:
    assert owner(plan, water, to_resolve=40).to_resolve == 40


def test_who_leads_is_of_the_unit_and_the_indicator_of_the_standard(
    plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    elsewhere = office_add(by=None, unit=CommuneFactory(), model=Department, name="Phòng khác")
    with pytest.raises(ValidationError) as caught:
        owner(plan, water, lead_department=elsewhere, to_resolve=9)
    assert set(caught.value.message_dict) == {"lead_department", "to_resolve"}

    other = Indicator.objects.create(code="other", name="Chỉ số khác")
    for write in (lambda: owner(plan, other), lambda: name(plan, other)):
        with pytest.raises(ValidationError, match="không thuộc chuẩn"):
            write()


def test_owners_are_written_all_year_by_who_plans(
    plan: TargetPlan, homes: list[Household], water: Indicator, officer: User, leader: User, stranger: User
) -> None:
    TargetPlan.objects.filter(pk=plan.pk).update(state="submitted")

    assert owner(plan, water, by=officer, to_resolve=1).pk
    assert name(plan, water, homes[0], by=officer).pk
    for user in (leader, stranger):
        with pytest.raises(PermissionDenied):
            owner(plan, water, by=user)
        with pytest.raises(PermissionDenied):
            name(plan, water, homes[1], by=user)


def test_two_who_write_the_same_owner_do_not_overwrite_each_other(
    plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    row = owner(plan, water, to_resolve=1)
    owner(plan, water, to_resolve=1, way="Giếng chung", version=row.version)
    saved = owner(plan, water, to_resolve=2, way="", version=row.version)
    assert (saved.to_resolve, saved.way) == (2, "Giếng chung")

    with pytest.raises(EditConflict):
        owner(plan, water, to_resolve=3, version=row.version)
    with pytest.raises(EditConflict):
        owner(plan, water, to_resolve=3)


def test_only_deprived_households_of_the_list_are_named(
    plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    name(plan, water, *homes[:2])
    assert line(plan).named == 2

    with pytest.raises(ValidationError, match="1 hộ đã chọn không thiếu hụt"):
        name(plan, water, homes[2], homes[3])
    assert DeprivationHousehold.objects.count() == 2


def test_naming_adds_and_drops_only_what_it_says(plan: TargetPlan, homes: list[Household], water: Indicator) -> None:
    name(plan, water, homes[0])
    name(plan, water, homes[0], homes[1])
    name(plan, water, homes[2], drop=(homes[0], homes[3]))

    assert set(DeprivationHousehold.objects.values_list("household", flat=True)) == {homes[1].pk, homes[2].pk}


def test_findings(plan: TargetPlan, homes: list[Household], water: Indicator) -> None:
    assert codes(plan) == [("deprivation-no-lead", Severity.WARNING)]
    lead = office_add(by=None, unit=plan.unit, model=Department, name="Phòng Kinh tế")
    row = owner(plan, water, lead_department=lead, to_resolve=1)
    assert codes(plan) == []

    name(plan, water, *homes[:2])
    assert codes(plan) == [("deprivation-named-more", Severity.WARNING)]
    DeprivationOwner.objects.filter(pk=row.pk).update(to_resolve=9)
    assert codes(plan) == [("deprivation-too-many", Severity.ERROR)]


def test_the_review_of_the_year_says_which_of_the_named_were_freed(
    plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    name(plan, water, *homes[:3])
    assert not table(plan).has_review
    round = years.periodic(plan.unit, YEAR)
    for home, category, is_deprived in zip(homes, ("poor", "not_poor", "poor"), (False, True, True), strict=False):
        answer(years.reviewed(round, home, category), water=is_deprived)

    assert (line(plan).resolved, table(plan).has_review, table(plan).is_preliminary) == (2, True, True)
    years.recognise(round)
    assert (line(plan).resolved, table(plan).is_preliminary) == (2, False)


# Pages


def address(unit: Area, page: str = "deprivations", *args: int) -> str:
    return reverse(f"targets:{page}", args=[unit.code, YEAR, *args])


def test_every_number_opens_its_households(
    officer_client: Client, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    page = address(plan.unit, "deprivation", water.pk)
    html = officer_client.get(address(plan.unit)).content.decode()
    assert f'href="{page}?category=poor">2<' in html
    assert f'href="{page}?category=near_poor">1<' in html

    def found(**query: Any) -> set[int]:
        lines = officer_client.get(page, query).context["page"]
        return {row.household.household_id for row in lines}

    poor = {homes[0].pk, homes[1].pk}
    assert found(category="poor") == poor
    assert found() == poor | {homes[2].pk}
    assert found(q=homes[1].code.lower()) == {homes[1].pk}
    assert found(village=homes[0].village_id, category="near_poor") == {homes[2].pk}
    assert found(village="0", category="gì đó") == found()
    name(plan, water, homes[1])
    assert found(show="named") == {homes[1].pk}
    assert found(show="not-named") == {homes[0].pk, homes[2].pk}


def test_villages_add_up_to_the_indicator(
    officer_client: Client, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    opened = officer_client.get(address(plan.unit, "deprivation", water.pk)).context["opened"]

    assert [(row.poor, row.near_poor, row.total) for row in opened.villages] == [(2, 1, 3)]
    assert sum(row.total for row in opened.villages) == opened.owned.count.deprived == len(opened.lines)


def test_households_are_named_with_check_boxes_and_those_not_shown_stay(
    officer_client: Client, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    name(plan, water, homes[0], homes[2])
    url = address(plan.unit, "deprivation", water.pk) + "?category=poor"

    answered = officer_client.post(url, {"was": [homes[0].pk], "named": [homes[1].pk]})

    assert answered["Location"] == url
    assert set(DeprivationHousehold.objects.values_list("household", flat=True)) == {homes[1].pk, homes[2].pk}
    officer_client.post(url, {"named": [homes[3].pk, "x"]})
    assert DeprivationHousehold.objects.count() == 2


def test_the_boxes_of_all_households_stand_on_one_page_and_go_in_one_request() -> None:
    assert PER_PAGE >= 2000
    assert 2 * PER_PAGE < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_boxes_of_more_than_a_hundred_households_are_saved_together(
    officer_client: Client, plan: TargetPlan, village: Area, water: Indicator
) -> None:
    round = years.periodic(plan.unit, YEAR - 1)
    found = [years.family(village) for _ in range(101)]
    for home in found:
        answer(years.reviewed(round, home, "poor"), water=True)
    years.recognise(round)
    url = address(plan.unit, "deprivation", water.pk)
    assert officer_client.get(url).content.decode().count('name="named"') == 101

    officer_client.post(url, {"named": [home.pk for home in found]})

    assert DeprivationHousehold.objects.count() == 101


def test_a_household_shows_what_the_review_says_with_its_form(
    officer_client: Client, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    round = years.periodic(plan.unit, YEAR)
    form = years.reviewed(round, homes[0], "poor")
    answer(form, water=False)

    html = officer_client.get(address(plan.unit, "deprivation", water.pk)).content.decode()

    assert "Hết thiếu hụt" in html
    assert reverse("reviews:form", args=[plan.unit.code, YEAR, form.pk]) in html
    last = homes[1].reviews.get()
    assert reverse("reviews:form", args=[plan.unit.code, YEAR - 1, last.pk]) in html


def test_a_named_household_that_a_correction_took_off_can_be_dropped(
    officer_client: Client, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    row = name(plan, water, homes[0])
    DeprivationHousehold.objects.create(owner=row, unit=plan.unit, household=homes[3])
    url = address(plan.unit, "deprivation", water.pk)
    assert officer_client.get(url).context["opened"].gone == (homes[3].pk,)

    officer_client.post(url, {"was": [homes[3].pk]})

    assert list(row.households.values_list("household", flat=True)) == [homes[0].pk]


def test_an_owner_is_written_on_its_page_and_a_second_writer_is_told(
    officer_client: Client, plan: TargetPlan, homes: list[Household], water: Indicator
) -> None:
    url = address(plan.unit, "deprivation-owner", water.pk)
    typed = {"to_resolve": "2", "way": "Giếng chung", "lead_department": "", "lead_body": "", "version": ""}
    assert officer_client.post(url, typed)["Location"] == address(plan.unit)
    assert officer_client.post(url, typed | {"to_resolve": "1"}).status_code == 409
    version = DeprivationOwner.objects.get().version
    wrong = officer_client.post(url, typed | {"to_resolve": "4", "version": version})
    assert wrong.status_code == 422
    assert "Chỉ có 3 hộ thiếu hụt" in wrong.content.decode()
    assert DeprivationOwner.objects.get().to_resolve == 2


def test_readers_see_no_boxes_and_an_unknown_indicator_is_not_found(
    plan: TargetPlan, homes: list[Household], water: Indicator, leader: User
) -> None:
    client = Client()
    client.force_login(leader)

    assert 'type="checkbox"' not in client.get(address(plan.unit, "deprivation", water.pk)).content.decode()
    assert client.post(address(plan.unit, "deprivation", water.pk), {"named": [1]}).status_code == 403
    assert client.get(address(plan.unit, "deprivation", 10**30)).status_code == 404


def test_without_a_plan_the_figures_are_shown_and_nothing_can_be_named(
    officer_client: Client, commune: Area, village: Area, homes: list[Household], water: Indicator
) -> None:
    html = officer_client.get(address(commune)).content.decode()
    assert address(commune, "table") in html
    assert address(commune, "deprivation-owner", water.pk) not in html
    assert officer_client.get(address(commune, "deprivation-owner", water.pk)).status_code == 404

    officer_client.post(address(commune, "deprivation", water.pk), {"named": [homes[0].pk]})

    assert not DeprivationHousehold.objects.exists()


def test_a_list_from_paper_and_no_list_are_told_apart(
    officer_client: Client, commune: Area, village: Area, plan: TargetPlan, water: Indicator
) -> None:
    assert "chưa có danh sách công nhận trước năm" in officer_client.get(address(commune)).content.decode()
    years.past(commune, YEAR - 1, poor=[years.family(village)])
    assert "ghi lại từ giấy" in officer_client.get(address(commune)).content.decode()


# Session, user, grants, unit, two of the frame; plan; round, answers, indicators; owners; forms of the year.
TABLE_QUERIES = 12
# The same with the households instead of the answers.
HOUSEHOLD_QUERIES = 12


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_same_number_of_times(
    officer_client: Client,
    plan: TargetPlan,
    village: Area,
    water: Indicator,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    found = [years.family(village) for _ in range(count)]
    for year in (YEAR - 1, YEAR):
        round = years.periodic(plan.unit, year)
        for home in found:
            answer(years.reviewed(round, home, "poor"), water=True)
        years.recognise(round)
    owner(plan, water, to_resolve=1)
    name(plan, water, *found)
    assert round.recognised_on == datetime.date(YEAR, 12, 14)

    with django_assert_num_queries(TABLE_QUERIES):
        officer_client.get(address(plan.unit))
    with django_assert_num_queries(HOUSEHOLD_QUERIES):
        response = officer_client.get(address(plan.unit, "deprivation", water.pk))

    assert len(response.context["page"]) == count
