"""Tables 1–11 of a round: figures by village and for the unit, and the households behind every one of them."""

import datetime
from collections.abc import Iterator

import pytest
from pytest_django import DjangoAssertNumQueries

from households.choices import ChangeKind, RequestKind, StatusKind, StatusState
from households.models import Answer, Cause, Household, Request, ReviewCause, ReviewRound, Status, VillageCount
from households.rules.summaries import SummaryCell, SummaryTable, breaks
from households.rules.summary_layouts import GROUP_TABLE, NUMBERS, Layer
from households.selectors.summaries import (
    NotRecognised,
    findings,
    rows_of,
    start_figures,
    summaries,
    summary,
    table_of,
)
from households.selectors.summary_cells import open_cell
from povertyplan.areas.models import Area
from povertyplan.areas.services import unit_merge
from tests.factories import VillageFactory
from tests.households import build
from tests.households.years import close, family, happened, past, periodic, recognise, reviewed

pytestmark = pytest.mark.django_db
D = datetime.date
TABLES = (*NUMBERS, GROUP_TABLE)


def fill_round(unit: Area, size: int = 1) -> ReviewRound:
    """Two villages with ``size`` of each kind of household, a list of last year and a scored round of this one."""
    standard = build.standard("2022_2025")
    bana, kinh = build.ethnicity("Ba Na"), build.ethnicity("Kinh")
    upper, lower = (VillageFactory(parent=unit) for _ in range(2))
    VillageCount.objects.create(
        unit=unit, village=upper, cut_off=D(2026, 6, 30), households=100, population=400, source="Công an xã"
    )
    kinds = [
        ("poor", "poor", 4, 6, {"is_ethnic_minority": True, "ethnicity": bana}),
        ("poor", "near_poor", 4, 3, {"ethnicity": kinh, "is_merit": True, "is_ethnic_minority": True}),
        ("poor", "not_poor", 4, 4, {"ethnicity": kinh}),
        ("near_poor", "near_poor", 4, 2, {"ethnicity": kinh, "has_no_labour": True}),
        ("near_poor", "poor", 4, 5, {"ethnicity": bana, "is_ethnic_minority": True, "is_female_head": True}),
        ("", "poor", 0, 3, {}),
        ("", "near_poor", 0, 1, {"ethnicity": kinh}),
    ]
    households = [(family(upper), *kind) for kind in kinds for _ in range(size)]
    gone = [family(lower) for _ in range(size)]
    past(
        unit,
        2025,
        poor=[row[0] for row in households if row[1] == "poor"] + gone,
        near_poor=[row[0] for row in households if row[1] == "near_poor"],
    )
    for household in gone:
        close(household, D(2026, 3, 1))
    mover = households[0][0]
    Household.objects.filter(pk=mover.pk).update(village=lower)
    mover.refresh_from_db()
    happened(mover, ChangeKind.MOVED, D(2026, 4, 1))
    round = periodic(unit, 2026, standard=standard)
    indicators = list(standard.indicators.values_list("indicator_id", flat=True))
    causes = list(Cause.objects.filter(standard=standard))
    for number, (household, _, category, _, persons, flags) in enumerate(households):
        review = reviewed(
            round,
            household,
            category,
            persons=persons,
            children=persons - 1,
            children_uninsured=min(1, persons - 1),
            children_malnourished=number % 2,
            **flags,
        )
        for place, indicator in enumerate(indicators):
            Answer.objects.create(unit=unit, review=review, indicator_id=indicator, is_deprived=place <= number)
        for cause in causes[: number % 3]:
            ReviewCause.objects.create(unit=unit, review=review, cause=cause)
    average_living(lower)
    return round


def average_living(village: Area) -> None:
    request = Request.objects.create(
        unit=village.parent,
        village=village,
        kind=RequestKind.FORM_01_AVERAGE,
        received_on=D(2026, 1, 5),
        due_on=D(2026, 1, 20),
        applicant="Người Đề Nghị",
    )
    Status.objects.create(
        unit=village.parent,
        kind=StatusKind.AVERAGE_LIVING,
        request=request,
        household=build.household(village=village, persons=3),
        village=village,
        persons=3,
        income=60_000_000,
        income_from=D(2025, 1, 1),
        state=StatusState.DECIDED,
        valid_from=D(2026, 1, 20),
    )


@pytest.fixture
def round(commune: Area) -> ReviewRound:
    return fill_round(commune)


def cells(table: SummaryTable) -> Iterator[tuple[int | None, Layer, SummaryCell]]:
    for row in (*table.rows, table.total):
        for line in row.lines:
            for cell in line.cells:
                yield row.place.pk if row.place else None, line.layer, cell


def total(table: SummaryTable, layer: str = "all") -> list[int | None]:
    return [cell.value for cell in table.line(None, layer).cells]


@pytest.mark.parametrize("number", TABLES)
@pytest.mark.parametrize("is_official", [False, True], ids=["preliminary", "official"])
def test_every_figure_opens_to_exactly_its_households(round: ReviewRound, number: int, is_official: bool) -> None:
    if is_official:
        recognise(round)
    rows = rows_of(round, is_official=is_official)
    opened = 0
    for village, layer, cell in cells(table_of(rows, number)):
        if cell.column.code == "all":
            continue
        found = open_cell(rows, table=number, column=cell.column.number, layer=layer.code, village=village)
        assert sum(row.counted for row in found.households) == cell.value, (village, layer.code, cell.key)
        assert len({row.household_id for row in found.households}) == len(found.households)
        opened += bool(found.households)
    assert opened


@pytest.mark.parametrize("number", TABLES)
def test_preliminary_and_official_agree_once_everything_is_scored(round: ReviewRound, number: int) -> None:
    before = list(cells(summary(round=round, table=number, is_official=False)))
    recognise(round)
    assert list(cells(summary(round=round, table=number, is_official=True))) == before


@pytest.mark.parametrize("is_official", [False, True], ids=["preliminary", "official"])
def test_tables_agree_with_each_other(round: ReviewRound, is_official: bool) -> None:
    if is_official:
        recognise(round)
    tables = {table.layout.number: table for table in summaries(round=round, is_official=is_official)}
    results = total(tables[1])
    assert [results[place] for place in (2, 4, 6)] == [3, 3, 1]
    for number, (households, persons) in {2: (results[2], results[8]), 3: (results[4], results[10])}.items():
        assert total(tables[number], "households")[8] == households
        assert total(tables[number], "persons")[8] == persons
        assert breaks(tables[number]) == []
    for layer in ("households", "persons"):
        poor, near_poor = total(tables[2], layer), total(tables[3], layer)
        assert poor[1] == near_poor[4]
        assert near_poor[1] == poor[4]
    for poor_table, near_poor_table in ((4, 6), (5, 7)):
        assert total(tables[poor_table])[0] == results[2]
        assert total(tables[near_poor_table])[0] == results[4]
    lacking = total(tables[4])
    assert lacking[1] == sum(value or 0 for value in lacking[2:])
    groups = total(tables[8], "households")
    assert (groups[0], groups[5]) == (results[2], results[4])
    ethnic = total(tables[9])
    half = len(ethnic) // 2
    for part in (ethnic[:half], ethnic[half:]):
        assert part[0] == (part[1] or 0) + (part[2] or 0) + (part[-1] or 0)


def test_table_2_by_hand(round: ReviewRound) -> None:
    """Three poor stay, rise or change; one left; one came from near-poor, one is new; one moved between villages."""
    table = summary(round=round, table=2, is_official=False)
    upper, lower = (row.place.pk for row in table.rows if row.place)
    assert total(table, "households") == [4, 1, 1, 2, 1, 0, 1, 1, 3]
    assert [cell.value for cell in table.line(upper, "households").cells] == [3, 1, 1, 1, 1, 0, 1, 0, 2]
    assert [cell.value for cell in table.line(lower, "households").cells] == [1, 0, 0, 1, 0, 0, 0, 1, 1]
    assert total(table, "persons") == [16, 4, 4, 8, 4, 0, 3, 4 + 2 + 1, 14]


def test_table_12_by_hand(round: ReviewRound) -> None:
    """Who left the lists counts with the persons it had, who is on one with those it has."""
    table = summary(round=round, table=GROUP_TABLE, is_official=False)
    households, persons, minority = (
        {cell.column.code: cell.value for cell in table.line(None, layer).cells}
        for layer in ("all-households", "all-persons", "minority-persons")
    )
    expected = {
        "remained_poor": (1, 6),
        "poor_to_near_poor": (1, 3),
        "poor_to_above": (1, 4),
        "other_decrease": (1, 4),
        "remained_near_poor": (1, 2),
        "near_poor_to_poor": (1, 5),
        "newly_poor": (1, 3),
        "newly_near_poor": (1, 1),
    }
    assert {code: (number, persons[code]) for code, number in households.items() if number} == expected
    assert {code for code, number in minority.items() if number} == {
        "remained_poor",
        "poor_to_near_poor",
        "near_poor_to_poor",
    }


def test_rates_and_unknown_population(round: ReviewRound) -> None:
    """Only the upper village has typed figures: there the rate, elsewhere and in the total a blank and a finding."""
    rows = rows_of(round, is_official=False)
    table = table_of(rows, 1)
    upper, lower = (row.place.pk for row in table.rows if row.place)
    cell = table.line(upper, "all").cells[3]
    assert (cell.value, cell.whole, str(cell.rate)) == (2, 100, "2.00")
    assert table.line(lower, "all").cells[0].value is None
    assert table.line(lower, "all").cells[2].value == 1
    assert table.total.lines[0].cells[3].rate is None
    assert [found.code for found in findings(rows, table)] == ["no-population", "cut-off"]


def test_other_is_in_none_of_the_groups_and_never_negative(round: ReviewRound) -> None:
    """One near-poor household is of merit and of a minority: 1−2−3−4 would be wrong."""
    table = summary(round=round, table=8, is_official=False)
    assert total(table, "households") == [3, 2, 0, 0, 1, 3, 1, 1, 1, 1]
    assert [found.code for found in findings(rows_of(round, is_official=False), table)] == ["overlap"]


def test_forms_without_score_are_said(round: ReviewRound) -> None:
    reviewed(round, family(Area.objects.villages_of(round.unit)[0]))
    rows = rows_of(round, is_official=False)
    assert "pending" in [found.code for found in findings(rows, table_of(rows, 4))]


def test_in_mid_round_tables_1_to_3_name_each_others_numbers(commune: Area) -> None:
    """Table 1 counts scored forms only, tables 2 and 3 keep the last category of the others."""
    village = VillageFactory(parent=commune)
    scored_poor, poor, near_poor, never, once, closed = (family(village) for _ in range(6))
    past(commune, 2024, poor=[once])
    past(commune, 2025, poor=[scored_poor, poor, closed], near_poor=[near_poor], not_poor=[once])
    round = periodic(commune, 2026)
    reviewed(round, scored_poor, "poor")
    for household in (poor, near_poor, never, once, closed):
        reviewed(round, household)
    close(closed, D(2026, 10, 1))

    rows = rows_of(round, is_official=False)
    tables = {number: table_of(rows, number) for number in (1, 2, 3)}
    said = {
        number: next(found.message for found in findings(rows, table) if found.code == "pending")
        for number, table in tables.items()
    }

    scored = {2: total(tables[1])[2], 3: total(tables[1])[4]}
    final = {number: total(tables[number], "households")[8] for number in (2, 3)}
    assert (scored, final) == ({2: 1, 3: 0}, {2: 2, 3: 1})
    for number, word in ((2, "hộ nghèo"), (3, "hộ cận nghèo")):
        ours, theirs = scored[number], final[number]
        assert f"Biểu 1 mới tính {ours} {word} đã chấm; Biểu {number} có {theirs}, tính cả 1 hộ chưa" in said[1]
        assert f"Cuối kỳ Biểu {number} có {theirs} {word}, tính cả 1 hộ ấy" in said[number]
        assert f"Biểu 1 mới tính {ours} {word} đã chấm" in said[number]
    assert "Còn 4 hộ chưa chấm điểm" in said[1]


@pytest.mark.parametrize(("cut_off", "is_old"), [(D(2025, 12, 14), False), (D(2025, 12, 13), True)])
def test_the_day_and_source_of_the_population_stand_under_table_1(
    round: ReviewRound, cut_off: datetime.date, is_old: bool
) -> None:
    """The round ends on 14/12/2026: figures of more than a year before are said to be old."""
    VillageCount.objects.update(cut_off=cut_off)
    rows = rows_of(round, is_official=False)
    found = {finding.code: finding.message for finding in findings(rows, table_of(rows, 1))}
    assert found["cut-off"] == f"Tổng số hộ, nhân khẩu: chốt ngày {cut_off:%d/%m/%Y}, Công an xã (1 thôn)."
    assert ("old-population" in found) == is_old
    assert not {"cut-off", "old-population"} & {finding.code for finding in findings(rows, table_of(rows, 4))}


def test_official_figures_need_a_recognised_round(round: ReviewRound) -> None:
    with pytest.raises(NotRecognised, match="chưa công nhận"):
        summary(round=round, table=1, is_official=True)


def test_a_correction_replaces_its_household_in_the_official_figures(round: ReviewRound) -> None:
    recognition = recognise(round)
    row = round.recognised.get(transition="newly_near_poor")
    row.is_current = False
    row.save()
    row.pk, row.is_current, row.category, row.transition = None, True, "not_poor", ""
    row._state.adding = True
    row.recognition = recognition
    row.save()
    assert total(summary(round=round, table=1, is_official=True))[4] == 2


def test_a_corrected_household_counts_once_in_every_official_table(round: ReviewRound) -> None:
    """Newly near-poor at first, newly poor by the correction: it leaves every near-poor figure for the poor one."""
    recognition = recognise(round)
    before = {table.layout.number: table for table in summaries(round=round, is_official=True)}
    row = round.recognised.get(transition="newly_near_poor")
    row.is_current = False
    row.save()
    row.pk, row.is_current, row.category, row.transition = None, True, "poor", "newly_poor"
    row._state.adding = True
    row.recognition = recognition
    row.save()

    after = {table.layout.number: table for table in summaries(round=round, is_official=True)}

    assert total(before[2], "households") == [4, 1, 1, 2, 1, 0, 1, 1, 3]
    assert total(after[2], "households") == [4, 1, 1, 2, 1, 0, 2, 1, 4]
    assert [breaks(after[number]) for number in (2, 3)] == [[], []]
    assert [total(after[number])[0] for number in (4, 6)] == [4, 2]
    lacking = [sum(total(tables[number])[1] or 0 for number in (4, 6)) for tables in (before, after)]
    assert lacking[0] == lacking[1]
    assert total(after[10], "listed") == total(before[10], "listed")
    by_group = summary(round=round, table=GROUP_TABLE, is_official=True).line(None, "all-households").cells
    counted = {cell.column.code: cell.value for cell in by_group}
    assert (counted["newly_poor"], counted["newly_near_poor"]) == (2, 0)
    found = start_figures(unit=round.unit, year=2026)
    assert found is not None
    assert sum(figures.poor_households for figures in found.values()) == 4
    assert sum(figures.near_poor_households for figures in found.values()) == 2


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("is_official", "queries"), [(False, 15), (True, 11)], ids=["preliminary", "official"])
def test_all_tables_in_a_constant_number_of_queries(
    commune: Area, django_assert_num_queries: DjangoAssertNumQueries, size: int, is_official: bool, queries: int
) -> None:
    round = fill_round(commune, size)
    if is_official:
        recognise(round)
    with django_assert_num_queries(queries):
        summaries(round=round, is_official=is_official)


def test_start_figures_of_a_year_by_village(round: ReviewRound) -> None:
    assert start_figures(unit=round.unit, year=2026) is None
    recognise(round)
    found = start_figures(unit=round.unit, year=2026)
    assert found is not None
    upper, lower = Area.objects.villages_of(round.unit)
    assert (found[upper.pk].poor_households, found[upper.pk].poor_persons) == (2, 8)
    assert (found[upper.pk].near_poor_households, found[upper.pk].near_poor_minority_households) == (3, 1)
    assert (found[lower.pk].poor_households, found[lower.pk].poor_minority_households) == (1, 1)


def test_start_figures_after_a_merger_stand_in_the_villages_of_today(commune: Area) -> None:
    households = [family(VillageFactory(parent=commune)) for _ in range(2)]
    past(commune, 2024, poor=households)
    unit = unit_merge(
        by=None, units=[commune], from_day=D(2025, 7, 1), code="91235", name="Mới", kind="xã", parent=commune.parent
    )
    found = start_figures(unit=unit, year=2024)
    assert found is not None
    assert [found[village.pk].poor_households for village in Area.objects.villages_of(unit)] == [1, 1]
