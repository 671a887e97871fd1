"""The demo against the paper: what the real plan prints, cell by cell, and where only the paper is wrong."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from povertyplan.areas.selectors import unit_in_year
from povertyplan.web.demo import demo_load
from targets.layouts import STANDARD
from targets.selectors.tables import target_table

FOLDER = os.environ.get("POVERTYPLAN_REAL_PLANS", "")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="POVERTYPLAN_REAL_PLANS không đặt: không có văn bản thật để đối chiếu"
)
CELL = r"[0-9.]+(?:,[0-9]+)?"
MISPRINTS = {("Tây Nam 2", "14"): Decimal("2.16"), ("Tổng cộng", "12"): Decimal("0.29")}


def printed_rows() -> dict[str, list[Decimal]]:
    """Name of the village → its fourteen cells as the paper prints them."""
    text = (Path(FOLDER) / "dai-lanh-2024.txt").read_text(encoding="utf-8")
    pattern = re.compile(rf"^(?:[1-9] )?([^\d\n]+?(?: [12])?) ((?:{CELL} ){{13}}{CELL})\s*$", re.MULTILINE)
    return {
        match[1]: [Decimal(cell.replace(".", "").replace(",", ".")) for cell in match[2].split()]
        for match in pattern.finditer(text)
    }


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
