"""What every address of the API shares: who gets in, how refusals look, pages of rows, versions."""

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APIClient
from rest_framework.throttling import UserRateThrottle

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.areas.reach import reach_rebuild
from povertyplan.core.api.access import Json, TooLong
from tests.factories import VillageFactory, user_with

UNITS = "/api/v1/units/"


def test_who_is_not_logged_in_gets_401_in_json() -> None:
    answer = APIClient().get(UNITS)
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"all": ["Chưa đăng nhập."]}}
    assert answer["WWW-Authenticate"] == "Session"


def test_an_address_that_does_not_exist_answers_in_json(as_officer: APIClient) -> None:
    for answer in (as_officer.get("/api/v1/nothing/"), as_officer.post("/api/v1/nothing/", {})):
        assert answer.status_code == 404
        assert answer.json() == {"errors": {"all": ["Không tìm thấy trong phạm vi được xem."]}}


def test_who_must_change_the_password_is_refused_in_words(commune: Area) -> None:
    user = user_with(Role.OFFICER, commune)
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client = APIClient()
    client.force_login(user)
    answer = client.get(UNITS)
    assert answer.status_code == 403
    assert answer.json()["errors"]["all"] == ["Phải đổi mật khẩu trước: đăng nhập trên trình duyệt rồi đổi."]


def test_only_json_goes_in_and_out(as_officer: APIClient) -> None:
    assert as_officer.get(UNITS)["Content-Type"] == "application/json"
    assert as_officer.get(UNITS, headers={"Accept": "text/html"}).status_code == 406
    sent_as_a_form = as_officer.post("/api/v1/households/", "unit=1", content_type="application/x-www-form-urlencoded")
    assert sent_as_a_form.status_code == 415
    broken = as_officer.post("/api/v1/households/", "{", content_type="application/json")
    assert broken.status_code == 400
    assert broken.json() == {"errors": {"all": ["Nội dung gửi lên không phải JSON đúng."]}}


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"unit": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"unit": NaN}',
        b'{"unit": "\xff"}',
    ],
)
def test_what_is_no_json_that_we_could_keep_is_refused(as_officer: APIClient, body: str | bytes) -> None:
    answer = as_officer.post("/api/v1/households/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json() == {"errors": {"all": ["Nội dung gửi lên không phải JSON đúng."]}}


def test_a_body_that_is_too_long_is_refused(as_officer: APIClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = as_officer.post("/api/v1/households/", {"unit": "x" * 100})
    assert answer.status_code == 413
    assert answer.json() == {"errors": {"all": ["Nội dung gửi lên quá dài."]}}


def test_a_body_that_does_not_say_its_length_is_cut_off_too(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    with pytest.raises(TooLong):
        Json().parse(io.BytesIO(b'"' + b"x" * 100 + b'"'))


def test_a_method_that_is_not_offered_is_refused(as_officer: APIClient, commune: Area) -> None:
    for method in ("delete", "put", "options"):
        answer = getattr(as_officer, method)(f"{UNITS}{commune.pk}/")
        assert answer.status_code == 405
        assert answer.json() == {"errors": {"all": ["Địa chỉ này không nhận cách gọi đó."]}}


def test_a_write_from_a_browser_without_the_token_against_forgery_is_refused(officer: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(officer)
    answer = client.post("/api/v1/households/", {})
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["errors"]["all"][0]


def test_a_login_over_the_page_opens_the_api_for_reading_and_writing(officer: User) -> None:
    """As docs/api.md shows it with curl: the cookie of the login, the token of its page."""
    officer.set_password("mat-khau-cua-toi")
    officer.save()
    client = APIClient(enforce_csrf_checks=True)
    login = reverse("accounts:login")
    client.get(login)
    posted = {
        "username": officer.username,
        "password": "mat-khau-cua-toi",
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
    }
    assert client.post(login, posted, format="multipart").status_code == 302
    assert client.get(UNITS).status_code == 200
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert client.post("/api/v1/households/", {}, headers=headers).status_code == 400


def test_answers_stay_out_of_shared_caches(as_officer: APIClient) -> None:
    assert as_officer.get(UNITS)["Cache-Control"] == "private, no-cache"


def test_too_many_calls_of_one_user_are_put_off(as_officer: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/minute"})
    cache.clear()
    assert [as_officer.get(UNITS).status_code for _ in range(3)] == [200, 200, 429]
    refused = as_officer.get(UNITS)
    assert refused.json()["errors"]["all"] == ["Gọi quá nhiều lần trong một phút. Đợi một lát rồi gọi lại."]
    assert int(refused["Retry-After"]) <= 60


def test_a_filter_that_we_do_not_know_is_refused_not_ignored(as_officer: APIClient) -> None:
    answer = as_officer.get(UNITS, {"yaer": "2026", "level": "hamlet"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"yaer": ["Không có trường này."]}
    answer = as_officer.get(UNITS, {"year": "hai nghìn", "level": "hamlet"})
    assert answer.json()["errors"] == {
        "year": ["Phải là số nguyên."],
        "level": ["«hamlet» không có trong các giá trị được nhận."],
    }


def test_units_are_those_of_the_grants(as_officer: APIClient, as_stranger: APIClient, commune: Area) -> None:
    village = VillageFactory(parent=commune)
    reach_rebuild()
    seen = as_officer.get(UNITS).json()
    assert {row["id"] for row in seen["results"]} == {commune.pk, village.pk}
    assert commune.pk not in {row["id"] for row in as_stranger.get(UNITS).json()["results"]}
    assert as_stranger.get(f"{UNITS}{commune.pk}/").status_code == 404
    assert as_officer.get(f"{UNITS}{commune.pk}/").json()["code"] == commune.code


def test_units_are_found_by_year_level_parent_and_part_of_the_name(as_officer: APIClient, commune: Area) -> None:
    village = VillageFactory(parent=commune, name="Ấp Đông")
    reach_rebuild()
    for asked in ({"level": "village"}, {"parent": commune.pk}, {"q": "ap dong"}, {"q": "đông", "year": 2026}):
        assert [row["id"] for row in as_officer.get(UNITS, asked).json()["results"]] == [village.pk]
    assert as_officer.get(UNITS, {"year": 2019}).json()["count"] == 0


def test_pages_hold_fifty_rows_or_as_many_as_asked_up_to_two_hundred(as_officer: APIClient, commune: Area) -> None:
    VillageFactory.create_batch(205, parent=commune)
    reach_rebuild()
    first = as_officer.get(UNITS).json()
    assert (first["count"], len(first["results"])) == (206, 50)
    assert len(as_officer.get(UNITS, {"page_size": 1000}).json()["results"]) == 200
    assert len(as_officer.get(UNITS, {"page_size": 200, "page": 2}).json()["results"]) == 6
    assert as_officer.get(UNITS, {"page": 99}).status_code == 404


@pytest.mark.parametrize("villages", [1, 3])
def test_units_ask_the_database_the_same_number_of_times(
    as_officer: APIClient, commune: Area, villages: int, django_assert_num_queries
) -> None:
    VillageFactory.create_batch(villages, parent=commune)
    reach_rebuild()
    with django_assert_num_queries(5):  # session, user, grants, count, rows
        assert as_officer.get(UNITS).json()["count"] == villages + 1


def test_an_answer_that_the_client_has_is_not_sent_again(as_officer: APIClient, commune: Area) -> None:
    first = as_officer.get(f"{UNITS}{commune.pk}/")
    assert first["ETag"].startswith(f'"{commune.version}-')
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"1-0", {first["ETag"]}'):
        again = as_officer.get(f"{UNITS}{commune.pk}/", headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Area.objects.filter(pk=commune.pk).update(position=7)
    changed = as_officer.get(f"{UNITS}{commune.pk}/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
