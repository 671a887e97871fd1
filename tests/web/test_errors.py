from collections.abc import Callable

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory

from povertyplan.accounts.models import User

pytestmark = pytest.mark.django_db


def test_unknown_address_is_explained(officer: User, signed_in: Callable[[User], Client]) -> None:
    response = signed_in(officer).get("/khong-co/")
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_unknown_address_is_explained_to_strangers(client: Client) -> None:
    assert "Không có trang này" in client.get("/khong-co/").content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_page_needs_no_context(name: str) -> None:
    assert "Về trang chủ" in get_template(name).render()


@pytest.mark.parametrize("name", ["403.html", "404.html", "403_csrf.html"])
def test_page_says_what_to_do(rf: RequestFactory, name: str) -> None:
    assert "Về trang chủ" in get_template(name).render({}, rf.get("/"))


def test_missing_token_is_explained(officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/density/", {"mode": "dense"})
    assert response.status_code == 403
    assert "Chưa ghi gì" in response.content.decode()


def test_wrong_host_is_refused_in_vietnamese(client: Client) -> None:
    response = client.get("/", headers={"host": "example.org"})
    assert response.status_code == 400
    assert "Yêu cầu không đúng" in response.content.decode()
