import re

import pytest
from django.test import Client
from django.urls import reverse

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from targets.choices import LayoutName, PlanState
from targets.layouts import MORE
from targets.models import Comment, TargetPlan, TargetRow
from targets.rules.figures import COUNTS as FIELDS
from targets.rules.figures import FOR_THE_UNIT
from targets.selectors.tables import target_table
from targets.services import tables as services
from targets.tables import screen, total_cells
from tests.factories import CommuneFactory, PaperFactory, ProvinceFactory, VillageFactory, user_with

YEAR = 2026
COUNTS = {"households": 100, "population": 400, "poor_households": 10, "near_poor_households": 5}


def make_plan(commune: Area, villages: int) -> TargetPlan:
    for _ in range(villages):
        VillageFactory(parent=commune)
    plan = services.plan_open(by=None, unit=commune, year=YEAR)
    for row in plan.rows.all():
        services.row_set(by=None, plan=plan, place=row.place, **COUNTS)
    return plan


@pytest.fixture
def plan(commune: Area) -> TargetPlan:
    return make_plan(commune, 2)


@pytest.fixture
def row(plan: TargetPlan) -> TargetRow:
    return plan.rows.order_by("place__position")[0]


def address(unit: Area, name: str = "targets:table") -> str:
    return reverse(name, args=[unit.code, YEAR])


def save(client: Client, row: TargetRow, *, htmx: bool = True, version: int | None = None, **cells: str):
    data = {f"cell-{row.pk}-{name}": value for name, value in cells.items()}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(address(row.unit), data | {f"version-{row.pk}": version or row.version}, headers=headers)


# session, user, grants, unit, rows with their plan, villages not listed, remarks, quotas, and the frame of the page
# (units, years).
PAGE_QUERIES = 10


@pytest.mark.parametrize("villages", [1, 3])
def test_the_page_asks_the_database_the_same_number_of_times(
    officer_client: Client, commune: Area, villages: int, django_assert_num_queries
) -> None:
    make_plan(commune, villages)
    with django_assert_num_queries(PAGE_QUERIES):
        response = officer_client.get(address(commune))
    assert len(response.context["table"].rows) == villages


def test_the_page_shows_two_header_rows_the_formulas_and_the_totals(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    html = officer_client.get(address(commune)).content.decode()
    for fragment in ("Tổng số hộ dân cư", "Nhân khẩu", "4=3/1", "14=13/1", "Tổng cộng", "10,00", ">200<", ">800<"):
        assert fragment in html


def test_a_cell_saved_in_place_answers_with_its_line_totals_and_findings(
    officer_client: Client, plan: TargetPlan, row: TargetRow
) -> None:
    html = save(officer_client, row, poor_reduction="3").content.decode()
    other = plan.rows.exclude(pk=row.pk).get()
    for fragment in (
        f'id="row-{row.pk}"',
        f'id="more-{row.pk}"',
        'id="row-total"',
        'id="summary"',
        'id="findings"',
        "3,00",
    ):
        assert fragment in html
    assert f'id="row-{other.pk}"' not in html
    assert "<html" not in html


def test_a_bad_cell_is_answered_at_the_cell_and_the_good_one_is_saved(
    officer_client: Client, plan: TargetPlan, row: TargetRow
) -> None:
    other = plan.rows.exclude(pk=row.pk).get()
    response = officer_client.post(
        address(row.unit),
        {
            f"cell-{row.pk}-poor_reduction": "ba hộ", f"version-{row.pk}": row.version,
            f"cell-{other.pk}-poor_reduction": "11", f"cell-{other.pk}-near_poor_reduction": "2",
            f"version-{other.pk}": other.version,
        },
        headers={"HX-Request": "true"},
    )  # fmt: skip
    html = response.content.decode()
    assert response.status_code == 422
    assert "«ba hộ»: không phải số nguyên" in html
    assert "Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm." in html
    other.refresh_from_db()
    assert (other.poor_reduction, other.near_poor_reduction) == (None, 2)


def test_the_plain_form_is_saved_whole_or_not_at_all(officer_client: Client, plan: TargetPlan, row: TargetRow) -> None:
    response = save(officer_client, row, htmx=False, poor_reduction="4", near_poor_reduction="x")
    assert response.status_code == 422
    assert 'value="x"' in response.content.decode()
    assert 'value="4"' in response.content.decode()
    row.refresh_from_db()
    assert row.poor_reduction is None
    assert save(officer_client, row, htmx=False, poor_reduction="4", near_poor_reduction="").status_code == 302
    row.refresh_from_db()
    assert row.poor_reduction == 4


def test_a_conflict_in_place_names_who_and_shows_both(
    officer_client: Client, officer: User, plan: TargetPlan, row: TargetRow
) -> None:
    save(officer_client, row, poor_reduction="3")
    response = save(officer_client, row, poor_reduction="4")
    html = response.content.decode()
    assert response.status_code == 409
    assert f"{officer} vừa sửa thành 3" in html
    row.refresh_from_db()
    assert row.poor_reduction == 3


def test_a_conflict_without_script_can_be_settled_on_its_page(
    officer_client: Client, plan: TargetPlan, row: TargetRow
) -> None:
    save(officer_client, row, poor_reduction="3")
    response = save(officer_client, row, htmx=False, poor_reduction="4", near_poor_reduction="1")
    assert response.status_code == 409
    hidden = dict(response.context["hidden"])
    officer_client.post(address(row.unit), hidden)
    row.refresh_from_db()
    assert (row.poor_reduction, row.near_poor_reduction) == (4, 1)


def test_a_leader_sees_figures_and_no_inputs(leader: User, commune: Area, plan: TargetPlan, row: TargetRow) -> None:
    client = Client()
    client.force_login(leader)
    assert b"data-cell" not in client.get(address(commune)).content
    assert save(client, row, poor_reduction="1").status_code == 403


def test_a_stranger_gets_404(stranger: User, commune: Area, plan: TargetPlan, row: TargetRow) -> None:
    client = Client()
    client.force_login(stranger)
    assert client.get(address(commune)).status_code == 404
    assert save(client, row, poor_reduction="1").status_code == 404


def test_a_row_of_another_plan_cannot_be_reached_through_mine(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    foreign = make_plan(CommuneFactory(), 1).rows.get()
    response = officer_client.post(
        address(commune),
        {f"cell-{foreign.pk}-households": "1", f"version-{foreign.pk}": "1"},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 404
    foreign.refresh_from_db()
    assert foreign.households == 100


def test_without_a_plan_the_page_teaches_the_next_step(officer_client: Client, commune: Area) -> None:
    assert "Khai danh sách thôn" in officer_client.get(address(commune)).content.decode()
    VillageFactory(parent=commune)
    assert "Lập bảng chỉ tiêu năm 2026" in officer_client.get(address(commune)).content.decode()
    assert officer_client.post(address(commune, "targets:open")).status_code == 302
    assert TargetPlan.objects.get(unit=commune, year=YEAR).rows.count() == 1


def test_a_village_made_later_is_missed_and_added(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    VillageFactory(parent=commune, name="Mới Lập")
    page = officer_client.get(address(commune)).content.decode()
    assert "Chưa có trong bảng: thôn Mới Lập." in page
    officer_client.post(address(commune, "targets:open"))
    page = officer_client.get(address(commune)).content.decode()
    assert "Chưa có trong bảng" not in page
    assert plan.rows.filter(place__name="Mới Lập").exists()


def test_persons_of_the_whole_unit_stand_in_the_total(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    services.plan_describe(by=None, plan=plan, version=plan.version, poor_persons=45)
    assert "Số chung của đơn vị, ghi ở Nguồn số liệu" in officer_client.get(address(commune)).content.decode()


@pytest.mark.parametrize("name", FOR_THE_UNIT)
def test_counts_of_some_villages_do_not_pass_for_the_unit(
    commune: Area, plan: TargetPlan, row: TargetRow, name: str
) -> None:
    services.plan_describe(by=None, plan=plan, version=plan.version, **{name: 45})
    services.row_set(by=None, plan=plan, place=row.place, **{name: 4})
    table = target_table(unit=commune, year=YEAR)
    assert table is not None
    assert getattr(table.total, name) == 45
    cell = next(cell for cell, column in zip(total_cells(table, MORE), MORE, strict=True) if column.field == name)
    assert (cell.text, cell.note) == ("45", "Số chung của đơn vị, ghi ở Nguồn số liệu")
    other = plan.rows.exclude(pk=row.pk).get()
    services.row_set(by=None, plan=plan, place=other.place, **{name: 5})
    assert getattr(target_table(unit=commune, year=YEAR).total, name) == 9


def test_the_source_is_described_with_a_paper(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    paper = PaperFactory(unit=commune)
    data = {"version": plan.version, "source_paper": paper.pk, "source_note": "Công an xã", "cut_off": "31/12/2025",
            "poor_persons": "1.045", "near_poor_persons": "", "minority_households": "2.001",
            "layout": "standard"}  # fmt: skip
    assert officer_client.post(address(commune, "targets:source"), data).status_code == 302
    plan.refresh_from_db()
    assert (plan.source_paper, plan.cut_off.isoformat(), plan.poor_persons) == (paper, "2025-12-31", 1045)
    assert plan.minority_households == 2001


def test_a_paper_of_another_unit_cannot_be_the_source(officer_client: Client, commune: Area, plan: TargetPlan) -> None:
    foreign = PaperFactory(unit=ProvinceFactory())
    response = officer_client.post(
        address(commune, "targets:source"), {"version": plan.version, "source_paper": foreign.pk}
    )
    assert response.status_code == 422


def test_the_province_reads_the_table_of_its_commune(commune: Area, plan: TargetPlan) -> None:
    client = Client()
    client.force_login(user_with(Role.REVIEWER, commune.parent))
    assert client.get(address(commune)).status_code == 200


def test_hostile_village_names_are_text(officer_client: Client, commune: Area) -> None:
    VillageFactory(parent=commune, name="<script>alert(1)</script>")
    services.plan_open(by=None, unit=commune, year=YEAR)
    html = officer_client.get(address(commune)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_hostile_text_in_cells_is_text(officer_client: Client, leader: User, plan: TargetPlan, row: TargetRow) -> None:
    hostile = '"><script>alert(1)</script>'
    assert save(officer_client, row, remark=hostile).status_code == 200
    Comment.objects.create(plan=plan, unit=row.unit, row=row, column="households", text=hostile, by=leader)
    shown = officer_client.get(address(row.unit)).content.decode()
    refused = save(officer_client, row, htmx=False, poor_reduction=hostile, remark=hostile).content.decode()
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    closed = officer_client.get(address(row.unit)).content.decode()
    for html in (shown, refused, closed):
        assert "<script>alert" not in html
        assert "&quot;&gt;&lt;script&gt;alert(1)" in html
    assert 'title="Góp ý: ' in shown
    assert f'aria-describedby="why-cell-{row.pk}-poor_reduction"' in refused


@pytest.mark.parametrize("layout", LayoutName)
def test_every_count_is_typed_exactly_once_in_every_layout(
    officer_client: Client, commune: Area, plan: TargetPlan, row: TargetRow, layout: LayoutName
) -> None:
    services.plan_describe(by=None, plan=plan, version=plan.version, layout=layout)
    html = officer_client.get(address(commune)).content.decode()
    typed = re.findall(rf'name="cell-{row.pk}-([a-z_]+)"', html)
    assert sorted(typed) == sorted([*FIELDS, "remark"])
    assert ("4=3/1" in html) == (layout == LayoutName.STANDARD)


def test_what_a_layout_does_not_print_of_the_start_stands_under_the_start() -> None:
    more = {layout: [column.title for column in screen(layout)[1]] for layout in LayoutName}
    assert more[LayoutName.COMPACT][:2] == ["Đầu năm – Tổng số hộ", "Đầu năm – Nhân khẩu"]
    assert more[LayoutName.TWO_BLOCKS][0] == "Đầu năm – Nhân khẩu"
    assert more[LayoutName.STANDARD][0] == "Khẩu đầu năm – Nghèo"


def test_totals_and_rates_say_what_they_lack(
    officer_client: Client, plan: TargetPlan, row: TargetRow, commune: Area
) -> None:
    empty = officer_client.get(address(commune)).content.decode()
    assert empty.count("<dd>chưa có số</dd>") == 2
    save(officer_client, row, poor_reduction="3")
    row.refresh_from_db()
    part = save(officer_client, row, households="").content.decode()
    assert "3 hộ · chưa đủ số để tính điểm" in part
    assert "<dt>Nghèo đa chiều cuối năm</dt><dd>chưa đủ số</dd>" in part


def test_points_that_are_not_the_difference_of_the_shown_rates_are_explained(
    officer_client: Client, plan: TargetPlan, row: TargetRow, commune: Area
) -> None:
    said = "làm tròn một lần"
    assert said not in officer_client.get(address(commune)).content.decode()
    # Of 197 households: 10,15 % less 9,14 % are 1,01; two households are 1,02 points.
    services.row_set(by=None, plan=plan, place=row.place, households=97, poor_reduction=2)
    assert said in officer_client.get(address(commune)).content.decode()


def test_nothing_passes_beside_a_refused_cell(officer_client: Client, plan: TargetPlan, row: TargetRow) -> None:
    """The page hides what passed while one of its cells is refused (``findings.css``), also those refused before."""
    services.plan_describe(by=None, plan=plan, version=plan.version, source_note="Công an xã")
    services.row_set(by=None, plan=plan, place=plan.rows.exclude(pk=row.pk).get().place, poor_reduction=1)
    row.refresh_from_db()
    save(officer_client, row, poor_reduction="1")
    row.refresh_from_db()
    part = save(officer_client, row, poor_reduction="11").content.decode()
    assert 'class="finding finding-passed"' in part
    assert 'class="finding finding-unsaved"' in part


def test_the_counts_beside_the_printed_table_are_saved_with_errors_at_their_cell(
    officer_client: Client, plan: TargetPlan, row: TargetRow
) -> None:
    answer = save(officer_client, row, minority_households="60", poor_increase="2", minority_poor_households="11")
    assert answer.status_code == 422
    assert answer.content.decode().count('cell-why"') == 1
    assert "Hộ nghèo dân tộc thiểu số nhiều hơn hộ nghèo." in answer.content.decode()
    row.refresh_from_db()
    assert (row.minority_households, row.poor_increase, row.minority_poor_households) == (60, 2, None)


def test_a_remark_is_typed_beside_the_counts(officer_client: Client, plan: TargetPlan, row: TargetRow) -> None:
    assert save(officer_client, row, remark="  thôn mới   sáp nhập ").status_code == 200
    row.refresh_from_db()
    assert row.remark == "thôn mới sáp nhập"
    assert 'value="thôn mới sáp nhập"' in officer_client.get(address(row.unit)).content.decode()
    answer = save(officer_client, row, remark="x" * 301)
    assert "Ghi chú dài 301 chữ" in answer.content.decode()


def test_net_and_gross_stand_beside_each_other(officer_client: Client, plan: TargetPlan, row: TargetRow) -> None:
    save(officer_client, row, poor_reduction="3", poor_increase="2")
    html = officer_client.get(address(row.unit)).content.decode()
    assert "Giảm thực = đầu năm − cuối năm." in html
    assert "5 hộ thoát nghèo (giảm thực 3 + dự kiến phát sinh, tái nghèo 2)" in html


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (PlanState.SUBMITTED, "Bảng chỉ tiêu chờ lãnh đạo duyệt nên không sửa được. Muốn sửa thì đề nghị lãnh đạo"),
        (PlanState.FORWARDED, "đề nghị cấp trên trả lại"),
    ],
)
def test_a_closed_table_has_no_inputs_and_says_why(
    officer_client: Client, plan: TargetPlan, row: TargetRow, state: PlanState, why: str
) -> None:
    TargetPlan.objects.filter(pk=plan.pk).update(state=state)
    html = officer_client.get(address(row.unit)).content.decode()
    assert why in html
    assert "data-cell" not in html
    source = officer_client.get(address(row.unit, "targets:source")).content.decode()
    assert why in source
    assert 'name="source_note"' not in source


@pytest.mark.parametrize("htmx", [True, False])
def test_a_cell_sent_to_a_table_closed_meanwhile_is_refused_with_the_reason(
    officer_client: Client, plan: TargetPlan, row: TargetRow, htmx: bool
) -> None:
    TargetPlan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    answer = save(officer_client, row, htmx=htmx, poor_reduction="3", households="x")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="3"' in html
    assert ("Muốn sửa thì đề nghị lãnh đạo trả lại." in html) or not htmx
    row.refresh_from_db()
    assert row.poor_reduction is None


def test_an_open_table_leads_first_to_its_submission_and_an_approved_one_to_print(
    officer_client: Client, commune: Area, plan: TargetPlan
) -> None:
    def primary() -> str:
        page = officer_client.get(address(commune)).content.decode()
        (found,) = re.findall(r'class="button button-primary" href="([^"]+)"', page.partition("data-grid")[0])
        return str(found)

    assert primary() == address(commune, "targets:versions")
    TargetPlan.objects.update(state=PlanState.SUBMITTED)
    assert primary() == address(commune, "reports:index")
