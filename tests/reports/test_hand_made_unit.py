"""A unit just made and a workbook made by hand are all that a printed table needs."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from tests.exchange.books import book
from tests.factories import ProvinceFactory

CODE, YEAR = "99123", "2026"
WHERE = ("--unit", CODE, "--year", YEAR)
ROWS = [
    ("Suối Cạn", 94, None, 15, 27, 96, 8, 24),
    ("Đồi Chè", 475, None, 58, 83, 483, 23, 68),
]


@pytest.fixture
def unit(db: None, tmp_path: Path) -> None:
    """Made as an installation makes it, and filled by a workbook without our marks."""
    province = ProvinceFactory()
    made = ("--level", "commune", "--code", CODE, "--name", "Cửa Rừng", "--kind", "xã", "--parent", province.code)
    call_command("create_unit", *made, verbosity=0)
    path = tmp_path / "tay.xlsx"
    path.write_bytes(book(ROWS, above=2).getvalue())
    assert run("import_workbook", "targets", str(path))["new"] == 2


def run(*args: str) -> dict[str, object]:
    out = io.StringIO()
    call_command(*args, *WHERE, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("layout", ["standard", "two_blocks", "compact"])
def test_it_prints_in_every_layout(unit: None, tmp_path: Path, layout: str) -> None:
    output = tmp_path / "bang.pdf"
    call_command(
        "render_document", "target_table", *WHERE, "--format", "pdf", "--layout", layout, "--output", str(output),
        verbosity=0,
    )  # fmt: skip
    text = " ".join(page.extract_text() for page in PdfReader(output).pages)
    assert all(name in text for name, *_ in ROWS)
    # End over the start (12=11/1) or over the households expected: 42 of 569, 42 of 579.
    assert {"standard": "7,38", "two_blocks": "7,25", "compact": "7,25"}[layout] in text


def test_it_comes_back_unchanged(unit: None, tmp_path: Path) -> None:
    output = tmp_path / "xuat.xlsx"
    call_command("export_workbook", "targets", *WHERE, "--output", str(output), verbosity=0)
    found = run("import_workbook", "targets", str(output))
    assert (found["rows"], found["unchanged"], found["errors"]) == (2, 2, [])
