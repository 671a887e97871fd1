"""The figures of the consolidated table: which units, which figures of each, and that the database adds as rules do."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area, Succession
from povertyplan.areas.services import reach_rebuild
from targets.choices import PlanState, QuotaForm, QuotaIssuer, QuotaSubject
from targets.models import Comment, Quota
from targets.rules.consolidated import Line
from targets.rules.figures import COUNTS, Figures, missing, total
from targets.selectors.consolidated import consolidated, trend
from tests.factories import CommuneFactory, ProvinceFactory, user_with
from tests.targets.consolidated_rows import LAST_DAY_OF_DISTRICTS, PLANNED, START, communes, district, planned

YEAR = 2026


@pytest.fixture
def province(db: None) -> Area:
    return ProvinceFactory(name="Gia Thử")


def lines_of(area: Area, year: int = YEAR) -> dict[str, Line]:
    user = user_with(Role.REVIEWER, area)
    return {line.name: line for line in consolidated(area=area, year=year, user=user).lines}


def test_units_without_a_plan_stand_in_the_table(province: Area) -> None:
    planned(CommuneFactory(parent=province, name="Có"), YEAR)
    CommuneFactory(parent=province, name="Chưa")

    lines = lines_of(province)

    assert (lines["Có"].state, lines["Có"].villages) == (PlanState.DRAFT, 1)
    assert (lines["Chưa"].state, lines["Chưa"].figures, lines["Chưa"].is_missing) == ("", None, True)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, int | None]:
    """Counts that the database accepts, each of them unknown or not."""
    poor, near_poor, minority, more = (draw(st.integers(0, 30)) for _ in range(4))
    row = {
        "households": poor + near_poor + minority + more,
        "population": draw(st.integers(0, 900)),
        "poor_households": poor,
        "near_poor_households": near_poor,
        "poor_reduction": draw(st.integers(0, poor)),
        "near_poor_reduction": draw(st.integers(0, near_poor)),
        "poor_increase": draw(st.integers(0, 4)),
        "minority_households": minority,
        "expected_households": draw(st.integers(0, 130)),
    }
    known = draw(st.sets(st.sampled_from(sorted(row))))
    return {name: value if name in known else None for name, value in row.items()}


UNITS = st.lists(
    st.tuples(st.lists(rows(), max_size=3), st.none() | st.lists(rows(), max_size=3)), min_size=1, max_size=5
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units=UNITS)
def test_the_database_adds_villages_as_the_rules_do(db: None, units: list[Any]) -> None:
    """Of plans with and without villages, in force and not, with unknown counts and blank expected households."""
    area = district(None)
    said, counted = {}, []
    for now, in_force in units:
        unit = CommuneFactory(parent=area)
        planned(unit, YEAR, now, in_force=in_force)
        villages = [Figures(**row) for row in (now if in_force is None else in_force)]
        said[unit.name] = total(villages)
        if in_force is not None or (villages and not any(missing(village) for village in villages)):
            counted.append(said[unit.name])
    user = user_with(Role.REVIEWER, area)

    assert {line.name: line.figures for line in consolidated(area=area, year=YEAR, user=user).lines} == said
    assert [year.figures for year in trend(area=area, year=YEAR)] == ([total(counted)] if counted else [])


@given(units=st.lists(st.lists(rows(), max_size=4), max_size=8))
def test_the_sum_of_sums_is_the_sum_of_all_villages(units: list[Any]) -> None:
    units = [[Figures(**row) for row in unit] for unit in units]
    assert total(total(unit) for unit in units) == total(row for unit in units for row in unit)


def test_the_version_in_force_is_shown_while_another_is_drawn_up(province: Area) -> None:
    unit = CommuneFactory(parent=province, name="Sửa")
    planned(unit, YEAR, [PLANNED | {"poor_reduction": 9}], in_force=[PLANNED])

    line = lines_of(province)["Sửa"]

    assert line.figures is not None
    assert (line.figures.poor_reduction, line.number, line.is_adjusting, line.is_missing) == (5, 1, True, False)


def test_villages_that_lack_a_count_of_the_start_are_counted(province: Area) -> None:
    planned(CommuneFactory(parent=province, name="Thiếu"), YEAR, [START, {"households": 10}, {}])

    assert (lines_of(province)["Thiếu"].villages, lines_of(province)["Thiếu"].incomplete) == (3, 2)


def test_open_comments_are_counted(province: Area) -> None:
    plan = planned(CommuneFactory(parent=province, name="Góp"), YEAR)
    writer = user_with(Role.REVIEWER, province)
    for closed in (None, None, datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)):
        Comment.objects.create(plan=plan, unit=plan.unit, text="Xem lại", by=writer, closed_at=closed)

    assert lines_of(province)["Góp"].comments == 2


# Which units a year has


def test_a_district_that_ended_keeps_the_units_of_its_last_day(province: Area) -> None:
    area = district(province, valid_to=LAST_DAY_OF_DISTRICTS)
    old = CommuneFactory(parent=area, code="22492", name="Cũ", valid_to=LAST_DAY_OF_DISTRICTS)
    CommuneFactory(parent=area, name="Nhập trước", valid_to=datetime.date(2024, 12, 31))
    planned(old, 2025)
    CommuneFactory(parent=province, code="22492", name="Mới", valid_from=LAST_DAY_OF_DISTRICTS + datetime.timedelta(1))

    in_2025, in_2024 = lines_of(area, 2025), lines_of(area, 2024)

    assert set(in_2025) == {"Cũ"}
    assert set(in_2024) == {"Cũ", "Nhập trước"}
    assert not in_2025["Cũ"].opens
    assert in_2024["Cũ"].opens


def test_a_province_sees_communes_of_its_districts_then_and_its_own_since(province: Area) -> None:
    area = district(province, valid_to=LAST_DAY_OF_DISTRICTS)
    CommuneFactory(parent=area, name="Cũ", valid_to=LAST_DAY_OF_DISTRICTS)
    CommuneFactory(parent=province, name="Mới", valid_from=LAST_DAY_OF_DISTRICTS + datetime.timedelta(1))

    assert {name: line.above for name, line in lines_of(province, 2024).items()} == {"Cũ": "huyện Vạn Thử"}
    assert {name: line.above for name, line in lines_of(province, 2025).items()} == {"Mới": ""}


def test_without_a_grant_nothing_is_listed(province: Area) -> None:
    CommuneFactory(parent=province)
    stranger = user_with(Role.REVIEWER, ProvinceFactory())
    assert consolidated(area=province, year=YEAR, user=stranger).lines == ()


# The year before


def merged(province: Area, *, divided: bool = False) -> tuple[Area, list[Area]]:
    old = communes(province, 2, valid_to=LAST_DAY_OF_DISTRICTS)
    new = CommuneFactory(parent=province, name="Mới", valid_from=LAST_DAY_OF_DISTRICTS + datetime.timedelta(1))
    others = [CommuneFactory(parent=province, valid_from=new.valid_from)] if divided else []
    for predecessor in old:
        for successor in [new, *others]:
            Succession.objects.create(predecessor=predecessor, successor=successor, on=new.valid_from)
    return new, old


def test_last_year_is_the_units_own_plan(province: Area) -> None:
    new, old = merged(province)
    planned(new, 2025, [PLANNED | {"poor_households": 30}])
    planned(old[0], 2025)

    before = lines_of(province)["Mới"].before

    assert before is not None
    assert before.poor_households == 30


def test_else_last_year_is_the_sum_of_all_who_were_merged(province: Area) -> None:
    new, old = merged(province)
    planned(new, YEAR)
    planned(old[0], 2025)
    assert lines_of(province)["Mới"].before is None

    planned(old[1], 2025)
    assert lines_of(province)["Mới"].before == total([Figures(**PLANNED)] * 2)


def test_a_unit_made_of_parts_has_no_year_before(province: Area) -> None:
    _, old = merged(province, divided=True)
    for unit in old:
        planned(unit, 2025)
    assert lines_of(province)["Mới"].before is None


# What is asked


def test_what_is_asked_is_the_strictest_of_the_table_above_and_the_quotas(province: Area) -> None:
    unit = CommuneFactory(parent=province, name="Giao")
    plan = planned(unit, YEAR)
    asked = [{"poor_reduction": 6, "poor_households": 20}]
    planned(province, YEAR, asked, in_force=asked, places=[unit])
    assert lines_of(province)["Giao"].asked_of(QuotaSubject.POOR) == 6

    Quota.objects.create(
        plan=plan,
        unit=unit,
        issuer=QuotaIssuer.PARTY_COMMITTEE,
        subject=QuotaSubject.POOR,
        form=QuotaForm.END_RATE,
        rate="12",
    )
    line = lines_of(province)["Giao"]

    assert (line.asked_of(QuotaSubject.POOR), line.beyond(QuotaSubject.POOR)) == (8, -3)
    assert line.missed == (QuotaSubject.POOR,)
    assert line.beyond(QuotaSubject.NEAR_POOR) is None


def test_of_a_table_above_in_force_counts_what_was_approved(province: Area) -> None:
    unit = CommuneFactory(parent=province, name="Giao")
    start = {"poor_households": 20}
    planned(province, YEAR, [start | {"poor_reduction": 9}], in_force=[start | {"poor_reduction": 4}], places=[unit])

    line = lines_of(province)["Giao"]

    assert line.asked_of(QuotaSubject.POOR) == 4
    assert line.missed == ()


def test_a_table_above_that_nobody_approved_asks_nothing(province: Area) -> None:
    unit = CommuneFactory(parent=province, name="Giao")
    planned(province, YEAR, [{"poor_reduction": 60, "poor_households": 80}], places=[unit])
    planned(unit, YEAR)

    line = lines_of(province)["Giao"]

    assert (line.asked, line.missed) == ({}, ())


# Years


def test_the_trend_adds_each_place_once_a_year(province: Area) -> None:
    new, old = merged(province)
    for unit in old:
        planned(unit, 2024)
        planned(unit, 2025, [PLANNED | {"poor_households": 15}])
    planned(new, 2025, in_force=[PLANNED])
    planned(CommuneFactory(parent=province), 2025)
    reach_rebuild()

    years = trend(area=province, year=YEAR)

    assert [(row.year, len(row.units), row.figures.poor_households) for row in years] == [(2024, 2, 40), (2025, 2, 40)]
    assert years[0].figures == total([Figures(**PLANNED)] * 2)


def test_a_year_counts_the_units_of_its_last_day_and_says_what_nobody_submitted(province: Area) -> None:
    new, old = merged(province)
    for unit in old:
        planned(unit, 2024, in_force=[PLANNED])
    planned(new, 2026)
    planned(CommuneFactory(parent=province, valid_from=new.valid_from), 2026, [PLANNED, {"households": 30}])
    reach_rebuild()

    before, now = trend(area=province, year=YEAR)

    assert (before.units, before.is_whole, before.unsent) == ({unit.pk for unit in old}, True, 0)
    assert (now.units, len(now.whole), now.is_whole, now.unsent) == ({new.pk}, 2, False, 1)
    assert now.figures == Figures(**PLANNED)


def test_last_year_is_compared_only_where_every_village_had_its_start(province: Area) -> None:
    unit = CommuneFactory(parent=province, name="Nửa")
    planned(unit, YEAR)
    planned(unit, YEAR - 1, [PLANNED, {"households": 30}])
    assert lines_of(province)["Nửa"].before is None


def test_the_trend_goes_back_as_many_years_as_asked(province: Area) -> None:
    unit = CommuneFactory(parent=province)
    for year in range(2021, 2027):
        planned(unit, year)
    reach_rebuild()
    assert [row.year for row in trend(area=province, year=2025, years=3)] == [2023, 2024, 2025]


@pytest.mark.parametrize("number", [1, 3])
def test_the_table_asks_three_times_however_many_units(province: Area, number: int) -> None:
    for unit in communes(province, number):
        planned(unit, YEAR)
        planned(unit, YEAR - 1, in_force=[PLANNED])
    user = user_with(Role.REVIEWER, province)
    assert user.grants_today

    with CaptureQueriesContext(connection) as queries:
        found = consolidated(area=province, year=YEAR, user=user)

    assert len(queries) == 3
    assert [line.figures for line in found.lines] == [Figures(**{**dict.fromkeys(COUNTS), **PLANNED})] * number
