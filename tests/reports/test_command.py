"""``manage.py render_document``: a file, or one sentence and no file."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from povertyplan.areas.models import Area
from tests.factories import CommuneFactory
from tests.reports.conftest import YEAR


def render(
    unit: str, output: Path, *, kind: str = "annual_plan", year: str = str(YEAR), form: str = "pdf", **more: str
) -> None:
    options = {"unit": unit, "year": year, "format": form, "output": str(output), "verbosity": 0} | more
    call_command("render_document", kind, **options)


@pytest.mark.parametrize("kind", ["annual_plan", "target_table"])
@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF-"), ("html", b"<!DOCTYPE html>")])
def test_writes_the_file(dai_lanh: Area, tmp_path: Path, kind: str, form: str, start: bytes) -> None:
    render(dai_lanh.code, tmp_path / "out", kind=kind, form=form)
    assert (tmp_path / "out").read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "poem"}, "Không có loại văn bản «poem»"),
        ({"form": "docx"}, "không có dạng «docx»"),
        ({"year": "hai"}, "Năm «hai» không hợp lệ"),
        ({"year": "1800"}, "Không có đơn vị nào mang mã"),
        ({"year": "2023"}, "chưa có bảng chỉ tiêu của năm này"),
        ({"layout": "other"}, "Không có mẫu trình bày «other»"),
    ],
)
def test_refuses_with_a_sentence_and_leaves_no_file(
    dai_lanh: Area, tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as caught:
        render(dai_lanh.code, tmp_path / "out.pdf", **changes)
    assert "\n" not in str(caught.value)
    assert caught.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_unknown_unit_and_unwritable_place(dai_lanh: Area, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Mã đơn vị «7» không đúng"):
        render("7", tmp_path / "out.pdf")
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        render(dai_lanh.code, tmp_path / "nowhere" / "out.pdf")


def test_an_older_file_stays_when_it_fails(db: None, tmp_path: Path) -> None:
    older = tmp_path / "out.pdf"
    older.write_text("older")
    with pytest.raises(CommandError):
        render(CommuneFactory().code, older)
    assert older.read_text() == "older"
