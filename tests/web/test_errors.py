import datetime
import uuid
from collections.abc import Callable

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Succession
from povertyplan.areas.services import reach_rebuild
from tests.web.conftest import Place, area

pytestmark = pytest.mark.django_db


def test_unknown_address_is_explained(officer: User, signed_in: Callable[[User], Client]) -> None:
    response = signed_in(officer).get("/khong-co/")
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_unknown_address_is_explained_to_strangers(client: Client) -> None:
    assert "Không có trang này" in client.get("/khong-co/").content.decode()


def test_ended_unit_is_opened_in_its_last_year_and_says_who_followed(
    place: Place, person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    gone = area(Level.COMMUNE, "21295", "Sơn Thành", "xã", place.province, valid_to=datetime.date(2025, 6, 30))
    Succession.objects.create(predecessor=gone, successor=place.commune, on=datetime.date(2025, 7, 1))
    reach_rebuild()
    client = signed_in(person("gone", (Role.OFFICER, gone)))
    page = client.get("/u/21295/2027/targets/").content.decode()
    assert "Không có đơn vị nào mang mã 21295 trong năm 2027." in page
    assert 'href="/u/21295/2025/"' in page
    assert "/u/22492/" not in page
    page = signed_in(person("both", (Role.OFFICER, place.commune))).get("/u/21295/2027/").content.decode()
    assert 'href="/u/22492/2027/">xã Đại Lãnh</a>' in page


def test_unit_outside_the_grants_is_not_helped_to(officer: User, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(officer).get("/u/22495/1990/").content.decode()
    assert "Không có đơn vị nào mang mã 22495 trong năm 1990." in page
    assert "Vạn Phước" not in page


def test_missing_page_of_a_unit_names_no_other_year(officer: User, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(officer).get(f"/u/22492/2024/jobs/{uuid.uuid4()}/").content.decode()
    assert "Không có trang này" in page
    assert "mở được ở năm" not in page


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
