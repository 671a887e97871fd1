"""The demo against the paper: what the real plans print, cell by cell, and where only the paper is wrong."""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from povertyplan.areas.selectors import unit_in_year
from povertyplan.web.demo import demo_load
from targets.choices import LayoutName
from targets.layouts import LAYOUTS, STANDARD
from targets.rules.pasted import read
from targets.rules.printed import Place, compare
from targets.selectors.tables import target_table

FOLDER = os.environ.get("POVERTYPLAN_REAL_PLANS", "")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="POVERTYPLAN_REAL_PLANS không đặt: không có văn bản thật để đối chiếu"
)
CELL = r"[0-9.]+(?:,[0-9]+)?"
MISPRINTS = {("Tây Nam 2", "14"): Decimal("2.16"), ("Tổng cộng", "12"): Decimal("0.29")}
# The file of a plan, its unit and year, its layout, and the cells that its paper has wrong.
TABLES = [
    ("dai-lanh-2024.txt", "22492", 2024, LayoutName.STANDARD, {("Thôn Tây Nam 2", "14"), ("Tổng cộng", "12")}),
    ("son-thanh-2025.txt", "21295", 2025, LayoutName.TWO_BLOCKS, set()),
]


def printed_rows() -> dict[str, list[Decimal]]:
    """Name of the village → its fourteen cells as the paper prints them."""
    text = (Path(FOLDER) / "dai-lanh-2024.txt").read_text(encoding="utf-8")
    pattern = re.compile(rf"^(?:[1-9] )?([^\d\n]+?(?: [12])?) ((?:{CELL} ){{13}}{CELL})\s*$", re.MULTILINE)
    return {
        match[1]: [Decimal(cell.replace(".", "").replace(",", ".")) for cell in match[2].split()]
        for match in pattern.finditer(text)
    }


def pasted(name: str) -> str:
    """The table of a plan as its parsed figures print it, one row a line; the test is skipped aloud without them."""
    path = Path(FOLDER).parent / "plan_figures.json"
    if not path.exists():
        pytest.skip(f"không có {path.name} cạnh các văn bản thật: không đối chiếu được từng ô của bảng")
    plans: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["documents"]
    (table,) = next(plan for plan in plans if plan["file"] == name)["tables"]
    keys = [column["key"] for column in table["columns"]]
    rows = [table["total_row"] | {"name": table["total_row"]["label"]}, *table["rows"]]
    return "\n".join("\t".join([row["name"], *(row["cells"][key]["printed"] for key in keys)]) for row in rows)


@pytest.mark.django_db
def test_the_paper_differs_from_the_arithmetic_only_where_it_misprints() -> None:
    demo_load()
    table = target_table(unit=unit_in_year("22492", 2024), year=2024)
    assert table is not None
    ours = {row.name: row.figures for row in table.rows} | {"Tổng cộng": table.total}
    printed = printed_rows()
    assert set(printed) == set(ours)
    differences = {
        (name, column.key): cell
        for name, cells in printed.items()
        for column, cell in zip(STANDARD, cells, strict=True)
        if cell != column.value(ours[name])
    }
    assert differences == MISPRINTS


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "code", "year", "layout", "wrong"), TABLES, ids=[row[0] for row in TABLES])
def test_the_printed_values_typed_in_list_exactly_the_wrong_cells_of_the_paper(
    name: str, code: str, year: int, layout: LayoutName, wrong: set[tuple[str, str]]
) -> None:
    demo_load()
    table = target_table(unit=unit_in_year(code, year), year=year)
    assert table is not None
    places = [Place(name=row.name, kind=row.kind, figures=row.figures) for row in table.rows]
    comparison = compare(read(pasted(name), LAYOUTS[layout]), LAYOUTS[layout], places)
    assert {(difference.place, difference.key) for difference in comparison.differences} == wrong
    assert (comparison.cells, comparison.remarks) == (7 * 14, ())
