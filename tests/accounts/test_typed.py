"""A form that is sent after the session ended: the login carries it along and nothing typed is lost."""

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from povertyplan.accounts import services
from povertyplan.accounts.models import User
from povertyplan.accounts.typed import fields_of

from .conftest import PASSWORD

LOGIN = "/accounts/login/"
PAGE = "/u/90000/2026/?place=7"
TYPED = {"note": 'Hộ "A" & <b>', "needs": ["vốn", "nghề"], "new_password": "bi-mat"}


@pytest.fixture
def user(db: None) -> User:
    return services.user_create(
        by=None, username="hang", full_name="Hằng", password=PASSWORD, must_change_password=False
    )


def hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page):
        if name == "csrfmiddlewaretoken":
            continue
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def test_what_was_typed_comes_back_after_the_login(client: Client, user: User) -> None:
    page = client.post(PAGE, TYPED)
    assert page.status_code == 401
    assert "đăng nhập lại" in page.content.decode()
    kept = hidden(page.content.decode())
    assert kept["next"] == [PAGE]
    wrong = client.post(LOGIN, {"username": "hang", "password": "sai", "typed": kept["typed"][0], "next": PAGE})
    assert hidden(wrong.content.decode())["typed"] == kept["typed"]
    again = client.post(LOGIN, {"username": "hang", "password": PASSWORD, "typed": kept["typed"][0], "next": PAGE})
    assert f'action="{PAGE}"' in again.content.decode()
    assert hidden(again.content.decode()) == {"note": [TYPED["note"]], "needs": TYPED["needs"]}
    assert client.get(LOGIN).url == "/"


def test_it_is_never_sent_to_another_site(client: Client, user: User) -> None:
    typed = json.dumps([["note", "x"]])
    again = client.post(
        LOGIN, {"username": "hang", "password": PASSWORD, "typed": typed, "next": "https://example.org/"}
    )
    assert 'action="/"' in again.content.decode()


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(client: Client, db: None) -> None:
    page = client.post(PAGE, {"kind": "villages", "file": SimpleUploadedFile("a.xlsx", b"x")}).content.decode()
    assert "tệp đính kèm phải chọn lại" in page


def test_scripts_and_empty_forms_are_sent_to_the_login_as_before(client: Client, db: None) -> None:
    assert client.post(PAGE, {"note": "x"}, headers={"HX-Request": "true"}).status_code == 302
    assert client.post(PAGE, {"csrfmiddlewaretoken": "x"}).status_code == 302


@pytest.mark.parametrize("text", ["", "x", "1", "[1]", '[["a"]]'])
def test_a_text_of_another_form_holds_no_fields(text: str) -> None:
    assert fields_of(text) == []
