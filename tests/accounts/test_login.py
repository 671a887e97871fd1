"""Logging in and out, the forced change of a password, the lock after wrong ones, the end of a session."""

import datetime
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from povertyplan.accounts import services
from povertyplan.accounts.models import User

from .conftest import PASSWORD

LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/"
WRONG = "sai-mat-khau-1"
NEW = "nuong-ngo-mua-3"


@pytest.fixture
def user(db: None) -> User:
    person = {"username": "hang", "full_name": "Hằng", "password": PASSWORD}
    made = services.user_create(by=None, must_change_password=False, **person)
    return User.objects.get(pk=made.pk)


def log_in(client: Client, username: str = "hang", password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"username": username, "password": password} | more)


def test_login_goes_where_one_wanted(client: Client, user: User) -> None:
    assert client.get("/u/90000/2026/").url == f"{LOGIN}?next=/u/90000/2026/"
    assert log_in(client, next="/u/90000/2026/").url == "/u/90000/2026/"
    assert client.get(LOGIN).url == "/"


def test_login_never_leads_to_another_site(client: Client, user: User) -> None:
    assert log_in(client, next="https://example.org/").url == "/"


def test_the_login_page_says_why_it_stands_there(client: Client, db: None) -> None:
    assert "phiên làm việc 8 giờ đã hết" in client.get(f"{LOGIN}?next=/u/90000/2026/").content.decode()
    assert "phiên làm việc" not in client.get(f"{LOGIN}?next=/").content.decode()


def test_unknown_wrong_and_closed_answer_alike(client: Client, user: User) -> None:
    User.objects.create(username="dong", full_name="Đóng", is_active=False, password=user.password)
    pages = [log_in(client, name, word) for name, word in (("hang", WRONG), ("khong-co", PASSWORD), ("dong", PASSWORD))]
    assert {page.status_code for page in pages} == {200}
    assert len({tuple(page.context["form"].non_field_errors()) for page in pages}) == 1
    assert "không đúng" in pages[0].content.decode()


@pytest.mark.parametrize("name", ["hang", "khong-co"])
def test_five_wrong_passwords_lock_and_five_minutes_open(client: Client, user: User, name: str) -> None:
    assert [log_in(client, name, WRONG).status_code for _ in range(5)] == [200] * 4 + [429]
    locked = log_in(client, name)
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 300
    until = timezone.localtime(locked.context["until"])
    assert f"{until:%H:%M} ngày {until:%d/%m/%Y}" in locked.content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=5, seconds=1))
    assert log_in(client, name).status_code == (302 if name == "hang" else 200)


def test_a_lock_is_of_one_name_only(client: Client, user: User) -> None:
    for _ in range(6):
        log_in(client, "khong-co", WRONG)
    assert log_in(client).status_code == 302


def test_logout_is_a_post_and_needs_no_session(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/accounts/logout/").url == LOGIN
    assert client.get("/").url == f"{LOGIN}?next=/"
    assert client.post("/accounts/logout/").url == LOGIN


def test_a_session_ends_after_its_hours(client: Client, user: User) -> None:
    log_in(client)
    session = Session.objects.get()
    assert session.expire_date - timezone.now() <= datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert client.get("/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get("/u/90000/2026/").url == f"{LOGIN}?next=/u/90000/2026/"


def test_a_closed_account_is_out_at_once(client: Client, user: User) -> None:
    client.force_login(user)
    services.user_update(by=None, pk=user.pk, version=user.version, full_name="Hằng", title="", is_active=False)
    assert client.get("/").status_code == 302


def test_a_temporary_password_opens_its_change_only(client: Client, user: User) -> None:
    services.password_set(by=None, user=user, password=PASSWORD, must_change=True)
    log_in(client)
    for page in ("/", "/u/90000/2026/", reverse("people:list", kwargs={"code": "90000", "year": 2026})):
        assert client.get(page).url == CHANGE
    assert client.get("/healthz").status_code == 200
    assert "mật khẩu tạm" in client.get(CHANGE).content.decode()
    typed = {"old_password": PASSWORD, "password": NEW, "repeated": NEW}
    assert client.post(CHANGE, typed).url == "/"
    assert client.get("/").status_code == 200


def test_after_the_change_this_session_goes_on_and_others_end(user: User) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        log_in(browser)
    assert here.post(CHANGE, {"old_password": PASSWORD, "password": NEW, "repeated": NEW}).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert log_in(there, password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"old_password": WRONG}, "Mật khẩu đang dùng không đúng"),
        ({"repeated": NEW + "x"}, "không giống nhau"),
        ({"password": PASSWORD, "repeated": PASSWORD}, "phải khác"),
        ({"password": "ngan", "repeated": "ngan"}, "ít nhất 10 ký tự"),
        ({"password": "a\0b" * 5, "repeated": ""}, "ký tự không dùng được"),
    ],
)
def test_refused_changes(client: Client, user: User, changes: dict[str, str], sentence: str) -> None:
    client.force_login(user)
    typed = {"old_password": PASSWORD, "password": NEW, "repeated": NEW} | changes
    response = client.post(CHANGE, typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_a_fragment_takes_the_browser_to_the_login_and_back(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/u/90000/2026/"}
    response = client.get(f"{LOGIN}?next=/u/90000/2026/cell/", headers=headers)
    assert response["HX-Redirect"] == f"{LOGIN}?next=%2Fu%2F90000%2F2026%2F"


def test_the_first_administrator_of_an_installation(superuser: User) -> None:
    assert superuser.is_superuser
    assert not superuser.must_change_password
    assert superuser.sort_key
