import datetime
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from povertyplan.core.findings import Finding, Severity
from povertyplan.core.forms import CountField, TextField
from povertyplan.core.versions import FieldConflict


class PersonForm(forms.Form):
    name = TextField(label="họ và tên", help_text="Như trên giấy tờ.")
    count = CountField(label="số người", required=False)


def test_field_ties_help_and_error_to_its_input() -> None:
    page = str(PersonForm({"name": "", "count": "x"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page


def test_first_wrong_field_takes_the_focus() -> None:
    assert str(PersonForm({"name": "", "count": "x"})).count("autofocus") == 1
    assert "autofocus" not in str(PersonForm())


def test_optional_field_says_so() -> None:
    assert str(PersonForm()).count("không bắt buộc") == 1


def test_form_keeps_the_version_and_what_was_typed(rf: RequestFactory) -> None:
    form = PersonForm({"name": "", "count": "mười"})
    page = render_to_string("ui/form.html", {"form": form, "version": 7}, rf.get("/"))
    assert 'name="version" value="7"' in page
    assert 'value="mười"' in page
    assert "Có 2 ô cần sửa" in page


def test_form_with_a_password_does_not_promise_to_keep_it(rf: RequestFactory) -> None:
    class PasswordForm(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    page = render_to_string("ui/form.html", {"form": PasswordForm({})}, rf.get("/"))
    assert "gõ lại mật khẩu" in page
    assert "đã gõ vẫn còn" not in page


def test_findings_carry_word_and_one_link_that_says_the_remedy() -> None:
    texts = {"message": "Thiếu số hộ.", "place": "Thôn 1", "anchor": "#row-1", "remedy": "Tới dòng"}
    page = render_to_string("ui/findings.html", {"findings": [Finding(severity=Severity.ERROR, code="x", **texts)]})
    assert "Phải sửa" in page
    assert '<a href="#row-1">Tới dòng</a>' in page
    assert page.count("Tới dòng") == 1


def test_finding_without_a_link_still_says_the_remedy() -> None:
    finding = Finding(severity=Severity.HINT, code="x", message="Thiếu.", remedy="Khai thôn")
    assert "Khai thôn" in render_to_string("ui/findings.html", {"findings": [finding]})


def test_beyond_twenty_findings_the_rest_is_folded() -> None:
    def page(number: int) -> str:
        found = [Finding(severity=Severity.ERROR, code="x", message=f"Dòng {n}") for n in range(number)]
        return render_to_string("ui/findings.html", {"findings": found})

    assert "<details" not in page(20)
    shown, _, folded = page(23).partition("<details>")
    assert "Còn 3 điều nữa" in folded
    assert (shown.count('<li class="finding">'), folded.count('<li class="finding">')) == (20, 3)
    assert folded.count("</ul>") == folded.count("</details>") == 1


def test_no_findings_means_passed() -> None:
    assert "Đạt" in render_to_string("ui/findings.html", {"findings": []})


def test_conflict_shows_both_values_and_sends_mine_again(rf: RequestFactory) -> None:
    when = datetime.datetime(2026, 11, 22, 2, 41, tzinfo=datetime.UTC)
    field = FieldConflict(name="households", label="tổng số hộ", theirs=1433, mine=1434)
    conflict = SimpleNamespace(row="thôn Đông Nam", fields=[field], who="Trần Văn An", when=when)
    hidden = [("households", 1434), ("version", 8)]
    context = {"conflict": conflict, "hidden": hidden, "action": "/x/", "back_url": "/y/"}
    page = render_to_string("ui/conflict.html", context, rf.get("/"))
    assert "do Trần Văn An lưu lúc 09:41 22/11/2026" in page
    assert "1.433" in page
    assert 'name="version" value="8"' in page


def test_pager_keeps_the_search(rf: RequestFactory) -> None:
    page = Paginator(range(30), 10).get_page(2)
    text = render_to_string("ui/pager.html", {"page": page}, rf.get("/", {"q": "tây", "page": "2"}))
    assert "?q=t%C3%A2y&amp;page=3" in text
    assert "Trang 2 / 3" in text
