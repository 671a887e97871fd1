"""The target table by workbook: a unit just made, all errors at their cells, all rows or none, back unchanged."""

import datetime
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from households.choices import Category
from households.services.past import past_list_record
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.exchange.check import check
from povertyplan.exchange.kinds import kind_of
from povertyplan.exchange.services import workbook_try, workbook_write
from povertyplan.exchange.writer import export, template
from targets.models import TargetPlan, TargetRow
from targets.services.tables import plan_open, row_set
from tests.exchange.books import HEADERS, book, cells
from tests.factories import CommuneFactory, ProvinceFactory, VillageFactory, user_with
from tests.households.build import household, standard

YEAR = 2026
pytestmark = pytest.mark.django_db
ROWS = (
    ("Thượng", 120, 500, 20, 10, 122, 5, 3),
    ("Hạ", "1.080", None, 12, "8", None, 2, 0),
)


def write(commune: Area, file: io.BytesIO, *, by: User | None = None) -> Any:
    return workbook_write(by=by, kind=kind_of("targets", unit=commune), unit=commune, year=YEAR, file=file)


def errors(commune: Area, file: io.BytesIO) -> list[tuple[str, str]]:
    return [(error.cell, error.message) for error in write(commune, file).errors]


@pytest.fixture
def villages(commune: Area) -> list[Area]:
    return [VillageFactory(parent=commune, name=name) for name in ("Thượng", "Hạ")]


def test_a_unit_just_made_gets_its_villages_and_its_table(commune: Area) -> None:
    checked = write(commune, book(ROWS, above=3))
    assert (checked.counts, checked.errors) == ({"rows": 2, "new": 2, "changed": 0, "unchanged": 0}, [])
    rows = TargetRow.objects.filter(unit=commune).for_table()
    assert [(str(row.place), row.households, row.population) for row in rows] == [
        ("thôn Thượng", 120, 500),
        ("thôn Hạ", 1080, None),
    ]
    assert [row.near_poor_households for row in rows] == [10, 8]


def test_what_is_exported_comes_back_unchanged(commune: Area) -> None:
    write(commune, book(ROWS))
    kind = kind_of("targets", unit=commune)
    content = export(kind, kind.resource(unit=commune, year=YEAR, by=None))
    assert cells(content, "Chỉ tiêu")[2][:3] == ["Hạ", 1080, None]
    assert write(commune, io.BytesIO(content)).counts == {"rows": 2, "new": 0, "changed": 0, "unchanged": 2}


def test_the_template_holds_what_is_known(commune: Area, villages: list[Area]) -> None:
    kind = kind_of("targets", unit=commune)
    page = cells(template(kind, kind.resource(unit=commune, year=YEAR, by=None)), "Chỉ tiêu")
    assert page[0][: len(HEADERS)] == list(HEADERS)
    assert [row[0] for row in page[1:]] == ["Thượng", "Hạ"]


def test_the_template_knows_the_start_that_last_years_review_recognised(commune: Area, villages: list[Area]) -> None:
    rows = [
        {"household": household(commune, villages[0], opened_on=datetime.date(2024, 1, 1)), "category": Category.POOR}
    ]
    on = datetime.date(YEAR - 1, 12, 10)
    past_list_record(by=None, unit=commune, year=YEAR - 1, standard=standard(), on=on, rows=rows)
    row_set(by=None, plan=plan_open(by=None, unit=commune, year=YEAR), place=villages[1], poor_households=7)
    kind = kind_of("targets", unit=commune)
    head, *page = cells(template(kind, kind.resource(unit=commune, year=YEAR, by=None)), "Chỉ tiêu")
    assert [row[head.index("Hộ nghèo đầu năm")] for row in page] == [1, 7]
    assert TargetRow.objects.get(place=villages[0]).poor_households is None


def test_all_errors_at_once_each_at_its_cell_and_nothing_written(commune: Area, villages: list[Area]) -> None:
    rows = [
        ("Thượng", "1,5", 500, 20, 10, None, 5, 3),
        ("Hạ", 100, "nhiều", 80, 30, None, 5, 3),
        ("Hạ", 100, 1, 8, 3, None, 5, 3),
        ("Thưọng", 100, 1, 8, 3, None, 5, 3),
        ("", 100, 1, 8, 3, None, 5, 3),
    ]
    found = dict(errors(commune, book(rows, above=1)))
    assert sorted(found) == ["A5", "A6", "A7", "B3", "C4"]
    assert "số nguyên" in found["B3"]
    assert found["A5"] == "Trùng với dòng 4."
    assert found["A6"].endswith("Gần nhất là «thôn Thượng».")
    assert not TargetPlan.objects.exists()


def test_what_the_service_refuses_stands_at_its_cell_beside_what_cannot_be_read(
    commune: Area, villages: list[Area]
) -> None:
    rows = [("Thượng", 100, 300, 80, 30, None, 5, 3), ("Hạ", -3, 300, 5, 5, None, 1, 1)]
    found = errors(commune, book(rows))
    assert {cell[-1] for cell, _ in found} == {"2", "3"}
    assert any("cộng lại nhiều hơn tổng số hộ" in message for _, message in found)
    assert not TargetRow.objects.exists()


def test_a_trial_writes_nothing(commune: Area) -> None:
    kind = kind_of("targets", unit=commune)
    checked = workbook_try(by=None, kind=kind, unit=commune, year=YEAR, file=book(ROWS))
    assert (checked.counts["new"], checked.errors) == (2, [])
    assert not Area.objects.villages_of(commune).exists()


def test_columns_that_are_absent_leave_their_values_and_blank_ones_forget(commune: Area) -> None:
    write(commune, book(ROWS))
    few = [name for name in HEADERS if name != "Nhân khẩu"]
    write(commune, book([("Thượng", 121, 20, 10, None, 5, 3)], headers=few))
    row = TargetRow.objects.get(place__name="Thượng")
    assert (row.households, row.population, row.expected_households) == (121, 500, None)
    assert TargetRow.objects.filter(place__name="Hạ", households=1080).exists()


def test_a_local_word_heads_the_names_totals_and_numbers_are_left_out(commune: Area, villages: list[Area]) -> None:
    rows = [(1, *ROWS[0], "x"), (2, *ROWS[1], ""), (None, "Tổng cộng", 1200, 500, 32, 18, None, 7, 3, None)]
    checked = write(commune, book(rows, headers=("TT", "Làng", *HEADERS[1:], "Người lập")))
    assert (checked.counts["new"], checked.errors) == (2, [])
    assert checked.sheet.ignored == ("Người lập",)


def test_a_name_that_lacks_only_accents_to_be_a_total_is_a_village(commune: Area) -> None:
    names = ("Cống", "Cổng", "CỘNG", "Tong cong")
    checked = write(commune, book([(name, *ROWS[0][1:]) for name in names]))
    assert (checked.counts["new"], checked.errors) == (2, [])
    assert [village.name for village in Area.objects.villages_of(commune)] == ["Cống", "Cổng"]


def test_villages_that_a_sheet_makes_are_of_the_kind_before_their_name(commune: Area) -> None:
    names = ("làng Kon", "Thượng", "TỔ DÂN PHỐ 3", "thôn thôn Hạ")
    assert write(commune, book([(name, *ROWS[0][1:]) for name in names])).errors == []
    assert [str(village) for village in Area.objects.villages_of(commune)] == [
        "làng Kon",
        "thôn Thượng",
        "tổ dân phố 3",
        "thôn Hạ",
    ]


def test_a_village_that_cannot_be_made_is_said_at_its_cell(commune: Area) -> None:
    rows = [(name, *ROWS[0][1:]) for name in ("Thượng", "THÔN THƯỢNG", "làng Kon", "buôn Kon")]
    found = errors(commune, book(rows))
    assert [cell for cell, _ in found] == ["A3", "A5"]
    assert found[0][1] == "Trùng với dòng 2."
    assert found[1][1].endswith("Đơn vị đã có thôn tên này.")
    assert not Area.objects.villages_of(commune).exists()


@pytest.mark.parametrize("typed", ["thôn Thượng", "THƯỢNG", " Thượng "])
def test_a_village_is_known_by_its_title_and_in_capitals(commune: Area, villages: list[Area], typed: str) -> None:
    assert write(commune, book([(typed, *ROWS[0][1:])])).errors == []
    assert TargetRow.objects.get(place=villages[0]).households == 120


def test_names_from_a_mac_and_from_old_fonts(commune: Area, villages: list[Area]) -> None:
    import unicodedata

    assert write(commune, book([(unicodedata.normalize("NFD", "Thượng"), *ROWS[0][1:])])).errors == []
    ((cell, message),) = errors(commune, book([("Th«n §«ng", *ROWS[0][1:])]))
    assert (cell, "TCVN3" in message) == ("A2", True)


def test_missing_columns_are_named(commune: Area) -> None:
    from povertyplan.exchange.cells import WorkbookRefused

    with pytest.raises(WorkbookRefused, match="Thiếu cột: Tổng số hộ, Số hộ cận nghèo giảm"):
        write(
            commune,
            book([("A", 1, 1, 1)], headers=("Thôn", "Hộ nghèo đầu năm", "Hộ cận nghèo đầu năm", "Số hộ nghèo giảm")),
        )


def test_what_somebody_wrote_between_reading_and_writing_is_not_lost(commune: Area, villages: list[Area]) -> None:
    plan = plan_open(by=None, unit=commune, year=YEAR)
    resource = kind_of("targets", unit=commune).resource(unit=commune, year=YEAR, by=None)
    checked = check(book(ROWS), kind="targets", resource=resource)
    row_set(by=None, plan=plan, place=villages[0], households=90)
    with pytest.raises(ValidationError, match="vừa thay đổi"):
        resource.write(checked.lines)
    assert TargetRow.objects.get(place=villages[0]).households == 90


def test_marks_of_another_unit_are_refused(commune: Area) -> None:
    from povertyplan.exchange.cells import WorkbookRefused

    other = CommuneFactory()
    kind = kind_of("targets", unit=other)
    content = template(kind, kind.resource(unit=other, year=YEAR, by=None))
    with pytest.raises(WorkbookRefused, match=f"mã đơn vị «{other.code}»"):
        write(commune, io.BytesIO(content))


def test_a_row_equal_to_what_is_stored_is_unchanged_also_where_the_plan_is_closed(commune: Area) -> None:
    from targets.choices import PlanState

    write(commune, book(ROWS))
    TargetPlan.objects.update(state=PlanState.SUBMITTED)
    assert write(commune, book(ROWS)).counts["unchanged"] == 2
    ((cell, message),) = errors(commune, book([("Thượng", 130, *ROWS[0][2:])]))
    assert (cell, "không sửa được" in message) == ("", True)


def test_a_formula_that_nobody_worked_out_is_not_taken_for_blank(commune: Area) -> None:
    ((cell, message),) = errors(commune, book([("Thượng", "=100+20", *ROWS[0][2:])]))
    assert (cell, message.startswith("Công thức chưa có kết quả")) == ("B2", True)
    assert not Area.objects.villages_of(commune).exists()


def test_nor_where_the_file_says_that_it_is_smaller_than_it_is(commune: Area) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(book([("Thượng", "=100+20", *ROWS[0][2:])])) as good, zipfile.ZipFile(file, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b'<dimension ref="A1:H2"', b'<dimension ref="A1"'))
    file.seek(0)
    assert [cell for cell, _ in errors(commune, file)] == ["B2"]


def test_a_formula_that_went_wrong_is_refused_at_its_cell(commune: Area) -> None:
    rows = [("Thượng", "#REF!", *ROWS[0][2:], ""), (*ROWS[1], "#DIV/0!")]
    found = errors(commune, book(rows, headers=(*HEADERS, "Ghi chú")))
    assert [(cell, "bị lỗi #" in message) for cell, message in found] == [("B2", True), ("I3", True)]


@pytest.mark.parametrize("kind", ["targets", "villages"])
def test_every_column_is_explained(commune: Area, kind: str) -> None:
    found = kind_of(kind, unit=commune)
    resource = found.resource(unit=commune, year=YEAR, by=None)
    _, _, _, *lines = cells(template(found, resource), "Cách điền")
    told = dict(line[:2] for line in lines[: len(resource.columns())])
    assert list(told) == [column.column_name for column in resource.columns()]
    assert all(how.strip() == how and len(how) > len("Có thể bỏ cột này.") for how in told.values())


def test_a_text_that_excel_made_a_date_of_is_refused_at_its_cell(commune: Area) -> None:
    rows = [(datetime.date(2026, 9, 2), *ROWS[0][1:], ""), (*ROWS[1], datetime.date(2026, 3, 15))]
    found = errors(commune, book(rows, headers=(*HEADERS, "Ghi chú")))
    assert [(cell, "thành ngày" in message) for cell, message in found] == [("A2", True), ("I3", True)]


def test_text_never_becomes_a_formula(commune: Area) -> None:
    VillageFactory(parent=commune, name="=1+1")
    plan_open(by=None, unit=commune, year=YEAR)
    kind = kind_of("targets", unit=commune)
    content = export(kind, kind.resource(unit=commune, year=YEAR, by=None))
    assert cells(content, "Chỉ tiêu")[1][0] == "=1+1"


def test_one_level_up_the_rows_are_units() -> None:
    province = ProvinceFactory()
    for name in ("An", "Bình"):
        CommuneFactory(parent=province, name=name)
    headers = ("Xã", *HEADERS[1:])
    checked = write(province, book([("xã An", *ROWS[0][1:]), ("Bình", *ROWS[1][1:])], headers=headers))
    assert (checked.counts["new"], checked.errors) == (2, [])
    ((cell, message),) = errors(province, book([("Chung", *ROWS[0][1:])], headers=headers))
    assert (cell, "không có «Chung»" in message) == ("A2", True)


def test_who_may_not_enter_may_not_import(commune: Area, leader: User) -> None:
    with pytest.raises(PermissionDenied):
        write(commune, book(ROWS), by=leader)


# The commands of the contract


def run(command: str, *args: str) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def saved(path: Path, file: io.BytesIO) -> str:
    path.write_bytes(file.getvalue())
    return str(path)


def test_the_command_prints_one_object(commune: Area, tmp_path: Path) -> None:
    where = ("--unit", commune.code, "--year", str(YEAR))
    path = saved(tmp_path / "a.xlsx", book(ROWS))
    first = json.loads(run("import_workbook", "targets", path, *where, "--dry-run"))
    assert {name: first[name] for name in ("rows", "new", "changed", "unchanged", "errors")} == {
        "rows": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "errors": [],
    }
    assert not TargetPlan.objects.exists()
    assert json.loads(run("import_workbook", "targets", path, *where))["new"] == 2
    run("export_workbook", "targets", *where, "--output", str(tmp_path / "b.xlsx"))
    assert json.loads(run("import_workbook", "targets", str(tmp_path / "b.xlsx"), *where))["unchanged"] == 2


def test_the_command_ends_with_one_and_writes_nothing_on_any_error(
    commune: Area, villages: list[Area], tmp_path: Path
) -> None:
    path = saved(tmp_path / "a.xlsx", book([*ROWS, ("Lạ", 1, 1, 0, 0, None, 0, 0)]))
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("import_workbook", "targets", path, "--unit", commune.code, "--year", str(YEAR), stdout=out)
    (error,) = json.loads(out.getvalue())["errors"]
    assert (error["sheet"], error["cell"]) == ("Sheet1", "A4")
    assert not TargetRow.objects.exists()


def test_the_command_acts_for_a_person_with_that_persons_rights(commune: Area, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", book(ROWS))
    where = (path, "--unit", commune.code, "--year", str(YEAR))
    with pytest.raises(CommandError, match="không có quyền"):
        run("import_workbook", "targets", *where, "--as", user_with(Role.LEADER, commune).username)
    with pytest.raises(CommandError, match="Không có tài khoản"):
        run("import_workbook", "targets", *where, "--as", "khong-ai")
    assert (
        json.loads(run("import_workbook", "targets", *where, "--as", user_with(Role.OFFICER, commune).username))["new"]
        == 2
    )


@pytest.mark.parametrize(("kind", "unit"), [("nothing", ""), ("targets", "00000")])
def test_the_commands_name_what_they_do_not_know(commune: Area, tmp_path: Path, kind: str, unit: str) -> None:
    output = tmp_path / "a.xlsx"
    with pytest.raises(CommandError, match="Không có"):
        run("workbook_template", kind, "--unit", unit or commune.code, "--year", str(YEAR), "--output", str(output))
    assert not output.exists()


@pytest.mark.parametrize("count", [3, 30])
def test_a_workbook_costs_the_same_queries_whatever_its_rows(
    commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    names = [VillageFactory(parent=commune).name for _ in range(count)]
    plan_open(by=None, unit=commune, year=YEAR)
    file = book([(name, *ROWS[0][1:]) for name in names])
    with django_assert_num_queries(14):
        assert write(commune, file).counts["changed"] == count
