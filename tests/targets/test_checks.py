"""Each check on the smallest table that sets it off, and one table that sets off none."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from targets.checks import NamedFigures, StartGap, TableFacts, check, check_start
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.rules.figures import FOR_THE_UNIT, Figures
from targets.rules.quotas import QuotaLine

SOUND = {
    "households": 100, "population": 400, "poor_households": 10, "near_poor_households": 5, "poor_reduction": 2,
    "near_poor_reduction": 1,
}  # fmt: skip


GAP = StartGap(place="thôn 0", anchor="#row-0", label="hộ nghèo đầu năm", stored=10, recognised=11)


def quota(households: int, *, meaning: Meaning = Meaning.NET) -> QuotaLine:
    return QuotaLine(
        issuer=QuotaIssuer.DISTRICT, subject=QuotaSubject.POOR, form=QuotaForm.HOUSEHOLDS, meaning=meaning,
        households=households, pk=7,
    )  # fmt: skip


def codes(*rows: dict[str, int | None], **facts: Any) -> list[str]:
    named = [NamedFigures(name=f"thôn {n}", anchor=f"#row-{n}", figures=Figures(**row)) for n, row in enumerate(rows)]
    known: dict[str, Any] = {
        "unlisted": (), "year": 2026, "has_source": True, "cut_off": datetime.date(2025, 12, 15),
    }  # fmt: skip
    typed = {name: facts.pop(name, None) for name in FOR_THE_UNIT}
    return [finding.code for finding in check(TableFacts(rows=named, typed=typed, **(known | facts)))]


def test_a_sound_table_has_no_findings() -> None:
    assert codes(SOUND, SOUND) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"near_poor_households": None}, "missing-start"),
        ({"population": 90}, "few-people"),
        ({"poor_persons": 9}, "few-persons"),
        ({"poor_persons": 300, "near_poor_persons": 101}, "persons-above-population"),
        ({"poor_households": 0, "poor_reduction": 0, "poor_persons": 5}, "persons-without-households"),
        ({"expected_households": 121}, "unusual-change"),
        ({"poor_reduction": 0, "near_poor_reduction": 0, "expected_households": 95}, "rate-rises"),
        ({"poor_reduction": 0, "near_poor_reduction": None}, "no-reduction"),
        ({"poor_reduction": 11}, "reduced-too-much"),
        ({"near_poor_reduction": 6}, "reduced-too-much"),
        ({"poor_reduction": 8, "poor_increase": 3}, "escapes-above-start"),
        ({"near_poor_reduction": None, "near_poor_increase": 2}, "increase-without-reduction"),
        ({"minority_households": 101}, "minority-impossible"),
        ({"minority_households": 50, "minority_poor_households": 11}, "minority-impossible"),
        ({"minority_households": 3, "minority_near_poor_households": 4}, "minority-impossible"),
    ],
)
def test_each_doubt_about_a_village_is_said(change: dict[str, int | None], code: str) -> None:
    assert code in codes(SOUND | change)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"unlisted": ("thôn Mới",)}, "unlisted"),
        ({"has_source": False}, "no-source"),
        ({"cut_off": datetime.date(2035, 12, 31)}, "late-cut-off"),
        ({"poor_persons": 401}, "persons-above-population"),
        ({"quotas": (quota(5),)}, "quota-missed"),
        ({"quotas": (quota(2, meaning=Meaning.GROSS),)}, "gross-without-increase"),
    ],
)
def test_each_doubt_about_the_table_is_said(facts: dict[str, Any], code: str) -> None:
    assert codes(SOUND, **facts) == [code]


def test_population_may_be_unknown_for_all_but_not_for_some() -> None:
    unknown = SOUND | {"population": None}
    assert codes(unknown, unknown) == []
    assert codes(SOUND, unknown) == ["missing-start"]


def test_persons_of_some_villages_only_are_not_the_units() -> None:
    assert codes(SOUND | {"poor_persons": 30}, SOUND) == ["partial-persons"]


def test_minority_households_of_some_villages_only_are_not_the_units() -> None:
    assert codes(SOUND | {"minority_households": 40}, SOUND) == ["partial-minority"]


def test_nobody_takes_a_reduction_yet() -> None:
    none = {"poor_reduction": None, "near_poor_reduction": None}
    assert codes(SOUND | none, SOUND | none)[0] == "no-reductions"
    assert codes(SOUND | none | {"poor_households": 0, "near_poor_households": 0}, poor_persons=None) == []


def test_a_net_quota_met_only_by_escapes_is_said_to_be_confused() -> None:
    """Two households fewer, three newly poor: five escape; a quota of four says which it means."""
    row = SOUND | {"poor_increase": 3}
    assert codes(row, quotas=(quota(4),)) == ["quota-missed", "net-met-by-gross"]
    assert codes(row, quotas=(quota(4, meaning=Meaning.GROSS),)) == []


def test_rates_that_rise_are_one_sentence_a_village() -> None:
    row = SOUND | {"poor_reduction": 0, "near_poor_reduction": 0, "expected_households": 95}
    table = TableFacts(
        rows=[NamedFigures(name="thôn Giữa", anchor="#row-1", figures=Figures(**row))],
        unlisted=(), year=2026, has_source=True, cut_off=None, typed={},
    )  # fmt: skip
    rising = next(finding for finding in check(table) if finding.code == "rate-rises")
    assert rising.message.startswith("Tỷ lệ hộ nghèo, tỷ lệ hộ cận nghèo, tỷ lệ nghèo đa chiều cuối năm cao hơn")


def test_start_figures_that_differ_are_one_sentence_a_village() -> None:
    more = replace(GAP, label="hộ cận nghèo đầu năm", stored=0, recognised=4)
    (finding,) = check_start((GAP, more), 2026)
    assert (finding.severity, finding.code) == ("warning", "start-differs")
    assert (finding.place, finding.anchor) == ("thôn 0", "#row-0")
    assert finding.message == (
        "Số đầu năm khác kết quả rà soát năm 2025 được công nhận: hộ nghèo đầu năm 10, công nhận 11; hộ cận nghèo đầu "
        "năm 0, công nhận 4."
    )


def test_start_figures_that_are_blank_are_one_sentence_for_all_villages() -> None:
    blank = [replace(GAP, place=f"thôn {n}", label=label, stored=None) for n in (0, 1) for label in ("hộ", "khẩu")]
    finding, other = check_start((*blank, GAP), 2026)
    assert (finding.code, finding.place, finding.anchor) == ("start-blank", "", "#beside")
    assert finding.message == "Bảng còn trống số đầu năm mà kết quả rà soát năm 2025 đã công nhận: thôn 0, thôn 1."
    assert "hộ nghèo đầu năm 10, công nhận 11." in other.message


def test_villages_without_any_start_figure_are_one_error() -> None:
    assert codes({}, SOUND, {}) == ["no-start"]
    assert codes({}, SOUND) == ["missing-start"]
    assert codes({}, {"households": 100}, SOUND | {"population": None}) == ["missing-start"] * 2


def test_persons_typed_for_the_unit_are_held_against_its_households_and_population() -> None:
    """Not again where every village has its own."""
    assert codes(SOUND, poor_persons=9) == ["few-persons"]
    assert codes(SOUND, poor_persons=10) == []
    assert codes(SOUND, poor_persons=300, near_poor_persons=101) == ["persons-above-population"]
    assert codes(SOUND, poor_persons=300, near_poor_persons=100) == []
    assert codes(SOUND | {"poor_persons": 9}, poor_persons=9) == ["few-persons"]
    assert codes(SOUND, {}, poor_persons=9) == ["missing-start"]


def test_households_expected_at_the_end_hold_those_left() -> None:
    """Eight poor and four near-poor are left of the sound table: a rate above 100 % is an error, and said once."""
    assert codes(SOUND | {"expected_households": 11}) == ["expected-too-few"]
    assert "expected-too-few" not in codes(SOUND | {"expected_households": 12})


def test_a_table_without_rows_is_an_error() -> None:
    assert codes() == ["no-villages"]


def test_errors_come_first_and_name_their_place() -> None:
    table = TableFacts(
        rows=[NamedFigures(name="thôn Giữa", anchor="#row-1", figures=Figures(**(SOUND | {"households": None})))],
        unlisted=(), year=2026, has_source=False, cut_off=None, typed={},
    )  # fmt: skip
    first, second = check(table)
    assert (first.severity, first.place, first.message) == ("error", "thôn Giữa", "Chưa có tổng số hộ.")
    assert second.code == "no-source"


def test_minorities_typed_for_the_unit_whole_are_checked_with_the_sums() -> None:
    """Two sound villages: 20 poor households."""
    assert codes(SOUND, SOUND, minority_households=30, minority_poor_households=20) == []
    assert codes(SOUND, SOUND, minority_households=30, minority_poor_households=21) == ["minority-impossible"]
    assert codes(SOUND, SOUND, minority_households=19, minority_poor_households=20) == ["minority-impossible"]


def test_a_quota_of_a_minority_counts_what_is_typed_for_the_unit_whole() -> None:
    asked = QuotaLine(
        issuer=QuotaIssuer.DISTRICT, subject=QuotaSubject.MINORITY_POOR, form=QuotaForm.END_RATE, meaning=Meaning.NET,
        rate=Decimal("50"), pk=7,
    )  # fmt: skip
    assert codes(SOUND, SOUND, quotas=[asked]) == ["quota-unknown"]
    assert "quota-unknown" not in codes(
        SOUND, SOUND, quotas=[asked], minority_households=30, minority_poor_households=20
    )


def test_a_count_of_some_villages_is_no_remark_where_the_unit_whole_is_typed() -> None:
    assert "partial-minority" in codes(SOUND | {"minority_households": 9}, SOUND)
    assert "partial-minority" not in codes(SOUND | {"minority_households": 9}, SOUND, minority_households=12)
