"""Remarks on a cell, a line, the whole table."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from povertyplan.accounts.models import User
from povertyplan.core.versions import EditConflict
from targets.models import Comment
from targets.selectors.versions import open_comments, remarked_cells
from targets.services.comments import comment_add, comment_close
from tests.factories import UserFactory
from tests.targets.review_rows import YEAR, World, world


@pytest.fixture
def told(db: None) -> World:
    return world()


def page(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(told: World, name: str = "comments", **more: int) -> str:
    return reverse(f"targets:{name}", kwargs={"code": told.unit.code, "year": YEAR} | more)


def test_a_remark_stands_on_a_cell_a_line_or_the_table(told: World) -> None:
    row = told.row(1)
    comment_add(by=told.leader, plan=told.plan, text="Cả bảng còn thấp")
    comment_add(by=told.reviewer, plan=told.plan, text="Xem lại dòng này", row=row)
    comment_add(by=told.reviewer, plan=told.plan, text="  Giảm   quá ít ", row=row, column="poor_reduction")
    found = open_comments(told.plan)
    assert [(line.where, line.text, line.cell) for line in found] == [
        ("Thôn Xóm 2, số hộ nghèo giảm", "Giảm quá ít", f"{row.pk}.poor_reduction"),
        ("Thôn Xóm 2", "Xem lại dòng này", f"{row.pk}."),
        ("Cả bảng", "Cả bảng còn thấp", ""),
    ]
    assert set(remarked_cells(found)) == {f"{row.pk}.poor_reduction", f"{row.pk}."}


@pytest.mark.parametrize("who", ["officer", "nobody"])
def test_only_the_leader_and_the_level_above_remark(told: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        comment_add(by=told.officer if who == "officer" else UserFactory(), plan=told.plan, text="x")


def test_a_remark_says_something_of_something_in_the_table(told: World) -> None:
    elsewhere = world().row()
    for given, field in (
        ({"text": " "}, "text"),
        ({"text": "x", "row": elsewhere}, "row"),
        ({"text": "x", "column": "poor_reduction"}, "column"),
        ({"text": "x", "row": told.row(), "column": "plan_id"}, "column"),
    ):
        with pytest.raises(ValidationError) as caught:
            comment_add(by=told.leader, plan=told.plan, **given)
        assert set(caught.value.message_dict) == {field}


def test_the_database_knows_no_column_without_a_row(told: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(plan=told.plan, unit=told.unit, by=told.leader, text="x", column="households")


def test_the_officer_answers_once(told: World) -> None:
    remark = comment_add(by=told.leader, plan=told.plan, text="Xem lại")
    closed = comment_close(by=told.officer, comment=remark, version=remark.version, answer="Đã tăng 2 hộ")
    assert (closed.closed_by, closed.answer) == (told.officer, "Đã tăng 2 hộ")
    assert closed.closed_at is not None
    assert open_comments(told.plan) == []
    with pytest.raises(ValidationError, match="Góp ý này đã xử lý"):
        comment_close(by=told.officer, comment=closed, version=closed.version, answer="nữa")
    with pytest.raises(EditConflict):
        comment_close(by=told.officer, comment=remark, version=1, answer="khác")


def test_a_remark_is_never_closed_without_an_answer(told: World) -> None:
    remark = comment_add(by=told.leader, plan=told.plan, text="Xem lại")
    with pytest.raises(ValidationError) as caught:
        comment_close(by=told.officer, comment=remark, version=remark.version, answer=" \n ")
    assert set(caught.value.message_dict) == {"answer"}
    refused = page(told.officer).post(
        address(told, "comment-close", pk=remark.pk), {"version": remark.version, "answer": " "}
    )
    assert refused.status_code == 422
    assert "Chưa ghi trả lời." in refused.content.decode()
    assert [line.pk for line in open_comments(told.plan)] == [remark.pk]


def test_a_remark_closed_in_former_years_without_an_answer_gets_none_invented(told: World) -> None:
    remark = comment_add(by=told.leader, plan=told.plan, text="Xem lại")
    Comment.objects.filter(pk=remark.pk).update(closed_by=told.officer, closed_at=timezone.now())
    assert "Đã đóng, không ghi trả lời." in page(told.officer).get(address(told)).content.decode()


def test_remarks_and_answers_keep_their_lines(told: World) -> None:
    remark = comment_add(by=told.leader, plan=told.plan, text=" Xem lại:\n Xóm 1 ")
    closed = comment_close(by=told.officer, comment=remark, version=remark.version, answer="Đã sửa:\nXóm 1")
    assert (closed.text, closed.answer) == ("Xem lại:\nXóm 1", "Đã sửa:\nXóm 1")


def test_who_remarked_does_not_close(told: World) -> None:
    remark = comment_add(by=told.reviewer, plan=told.plan, text="Xem lại")
    with pytest.raises(PermissionDenied):
        comment_close(by=told.reviewer, comment=remark, version=remark.version, answer="x")


def test_a_remark_may_come_while_the_table_is_closed(told: World) -> None:
    told.submit()
    comment_add(by=told.leader, plan=told.plan, text="Xem lại", row=told.row(), column="households")
    assert len(open_comments(told.plan)) == 1


# Pages


def test_a_reviewer_remarks_from_the_page_and_the_officer_answers(told: World) -> None:
    row = told.row()
    chosen = page(told.reviewer).get(address(told) + f"?row={row.pk}&column=poor_reduction").content.decode()
    assert f'<option value="{row.pk}" selected>Thôn Xóm 1</option>' in chosen
    assert '<option value="poor_reduction" selected>' in chosen
    page(told.reviewer).post(address(told), {"row": row.pk, "column": "poor_reduction", "text": "Giảm ít"})
    remark = Comment.objects.get()
    assert (remark.row, remark.column, remark.by) == (row, "poor_reduction", told.reviewer)
    listed = page(told.officer).get(address(told)).content.decode()
    assert f'#row-{row.pk}">Thôn Xóm 1, số hộ nghèo giảm</a>:' in listed
    answer_url = address(told, "comment-close", pk=remark.pk)
    assert answer_url in listed
    page(told.officer).post(answer_url, {"version": remark.version, "answer": "Đã tăng"})
    listed = page(told.reviewer).get(address(told)).content.decode()
    assert "Đã trả lời" in listed
    assert "Đã tăng" in listed


def test_a_remark_without_words_is_refused_at_its_field(told: World) -> None:
    refused = page(told.leader).post(address(told), {"text": ""})
    assert refused.status_code == 422
    assert "Chưa ghi góp ý." in refused.content.decode()


def test_an_officer_reads_remarks_and_adds_none(told: World) -> None:
    assert "Gửi góp ý" not in page(told.officer).get(address(told)).content.decode()
    assert page(told.officer).post(address(told), {"text": "x"}).status_code == 403


def test_a_row_of_another_table_cannot_be_remarked_on_through_mine(told: World) -> None:
    foreign = world().row()
    refused = page(told.leader).post(address(told), {"text": "x", "row": foreign.pk})
    assert refused.status_code == 422
    assert not Comment.objects.exists()


def test_a_remark_of_another_unit_is_not_found(told: World) -> None:
    other = world()
    remark = comment_add(by=other.leader, plan=other.plan, text="x")
    url = address(told, "comment-close", pk=remark.pk)
    assert page(told.officer).get(url).status_code == 404


# session, user, grants, unit, plan, remarks, rows of the form, and the frame of the page (units, years).
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_remarks_asks_the_same_number_of_times(db: None, count: int, django_assert_num_queries) -> None:
    told = world(count)
    for number in range(count):
        comment_add(by=told.leader, plan=told.plan, text="x", row=told.row(number))
    client = page(told.leader)
    client.get(address(told))
    with django_assert_num_queries(9):
        client.get(address(told))


# session, user, grants, unit, remark, and the frame of the page (2).
def test_the_page_of_an_answer_asks_few_times(told: World, django_assert_num_queries) -> None:
    remark = comment_add(by=told.leader, plan=told.plan, text="x", row=told.row())
    client, url = page(told.officer), address(told, "comment-close", pk=remark.pk)
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)


def test_what_was_written_in_a_remark_is_never_markup(told: World) -> None:
    comment_add(by=told.leader, plan=told.plan, text="<script>alert(1)</script>")
    html = page(told.officer).get(address(told)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_remark_stands_in_its_cell_and_under_the_table(told: World) -> None:
    row = told.row()
    comment_add(by=told.leader, plan=told.plan, text="Xem lại <số>", row=row, column="poor_reduction")
    shown = page(told.leader).get(address(told, "table"))
    marked = [cell for line in shown.context["grids"][0].lines for cell in line.cells if cell.remark]
    assert [cell.remark for cell in marked] == [f"{told.leader}: Xem lại <số>"]
    text = shown.content.decode()
    assert 'data-remark title="Góp ý: ' in text
    assert "Xem lại &lt;số&gt;" in text
    assert "Xem lại <số>" not in text
