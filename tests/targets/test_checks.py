"""Each check on the smallest table that sets it off, and one table that sets off none."""

import datetime
from typing import Any

import pytest

from targets.checks import NamedFigures, TableFacts, check
from targets.rules.figures import Figures

SOUND = {
    "households": 100, "population": 400, "poor_households": 10, "near_poor_households": 5, "poor_reduction": 2,
    "near_poor_reduction": 1,
}  # fmt: skip


def codes(*rows: dict[str, int | None], **facts: Any) -> list[str]:
    named = [NamedFigures(name=f"thôn {n}", anchor=f"#row-{n}", figures=Figures(**row)) for n, row in enumerate(rows)]
    known: dict[str, Any] = {
        "unlisted": (), "year": 2026, "has_source": True, "cut_off": datetime.date(2025, 12, 15), "poor_persons": 40,
        "near_poor_persons": None,
    }  # fmt: skip
    return [finding.code for finding in check(TableFacts(rows=named, **(known | facts)))]


def test_a_sound_table_has_no_findings() -> None:
    assert codes(SOUND, SOUND) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"near_poor_households": None}, "missing-start"),
        ({"population": 90}, "few-people"),
        ({"poor_persons": 9}, "few-persons"),
        ({"poor_households": 0, "poor_reduction": 0, "poor_persons": 5}, "persons-without-households"),
        ({"expected_households": 121}, "unusual-change"),
        ({"poor_reduction": 0, "near_poor_reduction": 0, "expected_households": 95}, "rate-rises"),
        ({"poor_reduction": 0, "near_poor_reduction": None}, "no-reduction"),
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


def test_a_table_without_rows_is_an_error() -> None:
    assert codes() == ["no-villages"]


def test_errors_come_first_and_name_their_place() -> None:
    table = TableFacts(
        rows=[NamedFigures(name="thôn Giữa", anchor="#row-1", figures=Figures(**(SOUND | {"households": None})))],
        unlisted=(), year=2026, has_source=False, cut_off=None, poor_persons=None, near_poor_persons=None,
    )  # fmt: skip
    first, second = check(table)
    assert (first.severity, first.place, first.message) == ("error", "thôn Giữa", "Chưa có tổng số hộ.")
    assert second.code == "no-source"
