"""The shipped law: what is known, how sure we are, and where it stands."""

import datetime

import pytest
from django.core.management import call_command

from households.choices import ParameterCode, Step
from households.models import (
    Cause,
    Ethnicity,
    EthnicityAlias,
    Indicator,
    OpinionAddressee,
    Parameter,
    Standard,
    StandardIndicator,
    StepWindow,
)
from households.selectors import law
from households.services.law import law_load, shipped_law
from povertyplan.areas.models import Area
from povertyplan.papers.choices import Certainty
from povertyplan.papers.models import Paper
from povertyplan.papers.national import papers_load

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def loaded(db: None) -> int:
    return law_load()


def test_loading_twice_is_loading_once(loaded: int) -> None:
    assert loaded > 0
    assert law_load() == 0
    papers_load()
    assert law_load() == 0


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_law")
    call_command("load_law")
    assert "Chuẩn nghèo và quy trình đã đủ." in capsys.readouterr().out


def test_papers_loaded_before_are_cited_and_not_doubled() -> None:
    papers_load()
    count = Paper.objects.count()
    law_load()
    assert Paper.objects.count() == count
    assert Standard.objects.get(code="2022_2025").paper.full_number == "07/2021/NĐ-CP"


def test_what_an_administrator_changed_stays(loaded: int) -> None:
    Standard.objects.filter(code="2022_2025").update(b1_rural=150)
    Parameter.objects.filter(code=ParameterCode.POSTING_DAYS).update(value=7)
    law_load()
    assert Standard.objects.get(code="2022_2025").b1_rural == 150
    assert Parameter.objects.get(code=ParameterCode.POSTING_DAYS).value == 7


@pytest.mark.parametrize(
    "model", [Standard, StandardIndicator, Cause, Parameter, StepWindow, OpinionAddressee, Ethnicity, Indicator]
)
def test_every_shipped_row_passes_its_own_checks(loaded: int, model: type) -> None:
    rows = list(model.objects.all())
    assert rows
    for row in rows:
        row.full_clean()


def test_fifty_four_ethnic_groups_with_both_codes(loaded: int) -> None:
    """121-TCTK/PPCĐ and 1019/QĐ-TCTK: 54 groups, code 04 is Hoa in one and Mường in the other."""
    assert Ethnicity.objects.count() == 54
    assert list(Ethnicity.objects.filter(is_minority=False).values_list("name", flat=True)) == ["Kinh"]
    assert Ethnicity.objects.get(code_121="04").name == "Hoa"
    assert Ethnicity.objects.get(code_1019="04").name == "Mường"
    assert set(Ethnicity.objects.values_list("code_1019", flat=True)) == {f"{n:02d}" for n in range(1, 55)}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Raglay", "Ra Glai"),
        ("ra-glai", "Ra Glai"),
        ("H'Mông", "Mông"),
        ("Hmông", "Mông"),
        ("Khơ-me", "Khmer"),
        ("Gia-rai", "Gia Rai"),
        ("Jrai", "Gia Rai"),
        ("Bahnar", "Ba Na"),
        ("BA NA", "Ba Na"),
        ("kinh", "Kinh"),
        ("Cơ-ho", "Cơ Ho"),
        ("Cơ Tu", "Cơ Tu"),
    ],
)
def test_spellings_of_papers_find_the_group(loaded: int, written: str, name: str) -> None:
    assert law.ethnicities_by_key()[law.ethnicity_key(written)].name == name


def test_an_unknown_spelling_finds_nothing(loaded: int) -> None:
    assert law.ethnicity_key("Không Có") not in law.ethnicities_by_key()


def test_no_alias_of_one_group_is_lost_to_another(loaded: int) -> None:
    known = law.ethnicities_by_key()
    for row in shipped_law("ethnicities"):
        for spelling in (row["name"], *row["aliases"]):
            assert known[law.ethnicity_key(spelling)].name == row["name"]
    assert EthnicityAlias.objects.count() > 54


def test_the_standard_in_force_until_the_end_of_2026(loaded: int) -> None:
    """Nghị định 07/2021, Điều 3 (READ); extended to 31/12/2026 by Nghị định 351/2025 (READ)."""
    standard = Standard.objects.get(code="2022_2025")
    assert (standard.valid_from, standard.valid_to) == (datetime.date(2022, 1, 1), datetime.date(2026, 12, 31))
    assert (standard.income_rural, standard.income_urban) == (1_500_000, 2_000_000)
    assert (standard.average_rural, standard.average_urban) == (2_250_000, 3_000_000)
    assert (standard.b1_rural, standard.b1_urban, standard.b2_poor, standard.b2_points) == (140, 175, 30, 10)
    assert standard.certainty == Certainty.CHECKED
    assert [dimension.indicators.count() for dimension in standard.dimensions.order_by("position")] == [2] * 6
    assert [row.number for row in standard.indicators.all()] == list(range(1, 13))
    assert standard.causes.count() == 8


def test_thresholds_that_nobody_read_are_not_checked(loaded: int) -> None:
    """Regulations 1.2: every threshold is READ-3P, READ-DRAFT or RECALLED."""
    assert set(StandardIndicator.objects.values_list("certainty", flat=True)) == {Certainty.UNCHECKED}
    assert set(Cause.objects.values_list("certainty", flat=True)) == {Certainty.UNCHECKED}


def test_the_standard_of_2027_is_provisional_and_nothing_is_made_up(loaded: int) -> None:
    """Nghị định 351/2025 (READ): 2,2 / 2,8 million and three indicators; points and thresholds NOT FOUND."""
    standard = Standard.objects.get(code="2027_2030")
    assert standard.is_provisional
    assert (standard.income_rural, standard.income_urban, standard.poor_indicators) == (2_200_000, 2_800_000, 3)
    assert {standard.b1_rural, standard.b1_urban, standard.b2_poor, standard.b2_points, standard.average_rural} == {
        None
    }
    codes = set(standard.indicators.values_list("indicator__code", flat=True))
    assert "waste" in codes
    assert "information_means" not in codes
    assert standard.causes.count() == 0


def test_the_rural_cut_off_of_2016_was_not_found_and_stays_empty(loaded: int) -> None:
    standard = Standard.objects.get(code="2016_2020")
    assert (standard.b1_always_rural, standard.b1_always_urban) == (120, 140)
    assert (standard.b1_rural, standard.b1_urban) == (None, 175)
    assert standard.indicators.count() == 0


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2021-12-31", "2016_2020"),
        ("2022-01-01", "2022_2025"),
        ("2026-12-31", "2022_2025"),
        ("2027-01-01", "2027_2030"),
    ],
)
def test_one_national_standard_on_a_day(loaded: int, day: str, code: str) -> None:
    assert [standard.code for standard in law.standards_on(datetime.date.fromisoformat(day))] == [code]


def test_figures_of_procedure_on_a_day(loaded: int, commune: Area) -> None:
    found = law.parameters(unit=commune, day=TODAY)
    assert set(found) == set(ParameterCode) - {ParameterCode.TARGETS_APPROVED_ABOVE}, "the provinces' own to ask for"
    assert found[ParameterCode.MEETING_AGREE_PERCENT] == 50
    assert law.parameters(unit=commune, day=datetime.date(2021, 8, 31)) == {}


def test_what_was_not_read_with_its_day_is_unchecked(loaded: int) -> None:
    """Regulations 1, 3.2, 2.5: days of posting and opinion, 36 months and Nghị định 30/2025 with its first day."""
    unchecked = Parameter.objects.filter(certainty=Certainty.UNCHECKED).values_list("code", flat=True)
    assert set(unchecked) == {
        ParameterCode.POSTING_DAYS,
        ParameterCode.RECHECK_DAYS,
        ParameterCode.RECHECK_POSTING_DAYS,
        ParameterCode.OPINION_DAYS,
        ParameterCode.RECENTLY_ESCAPED_MONTHS,
        ParameterCode.LOW_INCOME_RURAL,
        ParameterCode.LOW_INCOME_URBAN,
    }


def test_a_province_goes_before_the_nation(loaded: int, commune: Area) -> None:
    Parameter.objects.create(
        code=ParameterCode.POSTING_DAYS, area=commune.parent, value=7, valid_from=datetime.date(2026, 1, 1)
    )
    assert law.parameters(unit=commune, day=TODAY)[ParameterCode.POSTING_DAYS] == 7
    assert law.parameters(unit=commune.parent, day=TODAY)[ParameterCode.POSTING_DAYS] == 7
    assert law.parameters(unit=commune, day=datetime.date(2025, 11, 1))[ParameterCode.POSTING_DAYS] == 3


def test_another_province_is_not_touched(loaded: int, commune: Area, stranger: object) -> None:
    other = Area.objects.exclude(pk=commune.parent_id).get(level="province")
    Parameter.objects.create(code=ParameterCode.POSTING_DAYS, area=other, value=7, valid_from=TODAY)
    assert law.parameters(unit=commune, day=TODAY)[ParameterCode.POSTING_DAYS] == 3


def test_figures_are_one_question(loaded: int, commune: Area, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        law.parameters(unit=commune, day=TODAY)


def test_the_periodic_round_runs_from_september_to_december(loaded: int, commune: Area) -> None:
    """Quyết định 24/2021 (READ): 01/09 – 14/12."""
    window = law.windows(unit=commune, year=2026)[""]
    assert (window.first, window.last) == (datetime.date(2026, 9, 1), datetime.date(2026, 12, 14))
    assert window.is_checked


def test_a_calendar_of_the_province_for_one_year(loaded: int, commune: Area) -> None:
    StepWindow.objects.create(
        area=commune.parent,
        step=Step.POSTING,
        first="11-01",
        last="11-10",
        valid_from=datetime.date(2026, 1, 1),
        valid_to=datetime.date(2026, 12, 31),
    )
    assert law.windows(unit=commune, year=2026)[Step.POSTING].last == datetime.date(2026, 11, 10)
    assert Step.POSTING not in law.windows(unit=commune, year=2025)


@pytest.mark.parametrize(("day", "level"), [("2025-06-30", "district"), ("2025-07-01", "province")])
def test_the_addressee_changes_with_the_end_of_districts(loaded: int, commune: Area, day: str, level: str) -> None:
    """Quyết định 24/2021 names the district chairman (READ); afterwards known from one commune only."""
    found = law.addressee(unit=commune, day=datetime.date.fromisoformat(day))
    assert found.level == level
    assert (found.certainty == Certainty.CHECKED) is (level == "district")
