"""The pages on which an administrator makes accounts and gives roles."""

from typing import Any

import pytest
from django.test import Client

from povertyplan.accounts import services
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, VillageFactory, user_with

from .conftest import TODAY

ACCOUNT = {"full_name": "Y Hằng", "title": "Công chức", "username": "yhang"}
NEW_PERSON = ACCOUNT | {"role": Role.OFFICER, "valid_from": "22/11/2026"}
PAGES = ["", "add/", "assign/", "{user}/", "{user}/grant/", "{user}/password/", "grants/{grant}/end/"]


def page(commune: Area, rest: str = "") -> str:
    return f"/u/{commune.code}/2026/people/{rest}"


def listed(client: Client, commune: Area) -> list[User]:
    return [person.user for person in client.get(page(commune)).context["people"]]


@pytest.mark.parametrize("rest", PAGES)
def test_only_administrators_enter(client: Client, commune: Area, officer: User, stranger: User, rest: str) -> None:
    address = page(commune, rest.format(user=officer.pk, grant=officer.grants.get().pk))
    for user, status in ((officer, 403), (stranger, 404), (user_with(Role.ADMINISTRATOR, commune), 200)):
        client.force_login(user)
        assert client.get(address).status_code == status


def test_the_list_holds_the_unit_and_nobody_else(
    administrator_client: Client, administrator: User, commune: Area, officer: User, stranger: User
) -> None:
    head = user_with(Role.VILLAGE_HEAD, VillageFactory(parent=commune))
    above = user_with(Role.REVIEWER, commune.parent)
    seen = listed(administrator_client, commune)
    assert set(seen) == {administrator, officer, head}
    assert not {stranger, above} & set(seen)


def test_a_past_role_is_shown_as_past(administrator_client: Client, commune: Area, officer: User) -> None:
    grant = officer.grants.get()
    services.grant_end(by=None, pk=grant.pk, version=grant.version, on=TODAY.replace(day=1))
    assert officer in listed(administrator_client, commune)
    assert "đến hết 01/11/2026 · đã thôi" in administrator_client.get(page(commune)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list_do_not_grow(
    administrator_client: Client, commune: Area, count: int, django_assert_num_queries: Any
) -> None:
    made = [user_with(Role.OFFICER, commune) for _ in range(count)]
    # session, user, grants of today, unit, reach of the unit, people, their grants
    with django_assert_num_queries(6):
        people = administrator_client.get(page(commune)).context["people"]
    assert len(people) == count + 1
    assert all(person.manageable and person.grants for person in people)
    assert {*made} < {person.user for person in people}


def test_add_shows_the_password_once(administrator_client: Client, commune: Area) -> None:
    response = administrator_client.post(page(commune, "add/"), NEW_PERSON | {"area": commune.pk})
    user = User.objects.get(username="yhang")
    assert user.check_password(response.context["password"])
    assert response.context["password"] in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert user.roles_on(commune) == {Role.OFFICER}
    assert response.context["password"] not in administrator_client.get(page(commune)).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "hằng"}, "chữ không dấu"),
        ({"role": Role.VILLAGE_HEAD}, "chọn thôn"),
        ({"valid_to": "01/11/2026"}, "Ngày cuối không được trước ngày đầu"),
        ({"valid_from": "32/11/2026"}, "Không có ngày"),
        ({"area": "0"}, "không thuộc đơn vị"),
        ({"role": "king"}, "Không có vai trò này"),
    ],
)
def test_add_says_what_is_wrong_and_writes_nothing(
    administrator_client: Client, commune: Area, changes: dict[str, str], sentence: str
) -> None:
    response = administrator_client.post(page(commune, "add/"), NEW_PERSON | {"area": commune.pk} | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Y Hằng" in response.content.decode()
    assert not User.objects.filter(full_name="Y Hằng").exists()


def test_a_village_head_is_made_on_a_village(administrator_client: Client, commune: Area) -> None:
    village = VillageFactory(parent=commune)
    foreign = VillageFactory()
    user_with(Role.VILLAGE_HEAD, foreign)
    areas = administrator_client.get(page(commune, "add/")).context["form"].fields["area"].queryset
    assert list(areas) == [commune, village]


def test_grant_and_end(administrator_client: Client, commune: Area, officer: User) -> None:
    form = {"role": Role.ACCOUNTANT, "area": commune.pk, "valid_from": "22/11/2026"}
    assert administrator_client.post(page(commune, f"{officer.pk}/grant/"), form).url == page(commune)
    grant = officer.grants.get(role=Role.ACCOUNTANT)
    end = page(commune, f"grants/{grant.pk}/end/")
    assert f'value="{grant.version}"' in administrator_client.get(end).content.decode()
    assert administrator_client.post(end, {"version": grant.version, "on": "22/11/2026"}).url == page(commune)
    assert Grant.objects.get(pk=grant.pk).valid_to == TODAY
    conflict = administrator_client.post(end, {"version": grant.version, "on": "23/11/2026"})
    assert conflict.status_code == 409


def test_assign_finds_an_account_of_elsewhere(administrator_client: Client, commune: Area, stranger: User) -> None:
    form = {"username": stranger.username, "role": Role.OFFICER, "area": commune.pk, "valid_from": "22/11/2026"}
    assert administrator_client.post(page(commune, "assign/"), form).url == page(commune)
    assert stranger in listed(administrator_client, commune)
    assert administrator_client.get(page(commune, f"{stranger.pk}/")).status_code == 403
    assert administrator_client.post(page(commune, f"{stranger.pk}/password/")).status_code == 403
    form["username"] = "khong-co"
    assert "Không có tài khoản" in administrator_client.post(page(commune, "assign/"), form).content.decode()


def test_edit_and_its_conflict(administrator_client: Client, commune: Area, officer: User) -> None:
    form = {"version": officer.version, "full_name": "Lê Ấn", "title": "", "is_active": "on"}
    address = page(commune, f"{officer.pk}/")
    assert administrator_client.post(address, form).url == page(commune)
    conflict = administrator_client.post(address, form | {"full_name": "Lê An", "title": "Công chức"})
    assert conflict.status_code == 409
    again = dict(conflict.context["hidden"])
    assert again == {"version": officer.version + 1, "full_name": "Lê An", "title": "Công chức", "is_active": True}
    assert administrator_client.post(conflict.context["action"], again).url == page(commune)
    assert User.objects.get(pk=officer.pk).full_name == "Lê An"


def test_a_reset_password_must_be_changed(administrator_client: Client, commune: Area, officer: User) -> None:
    address = page(commune, f"{officer.pk}/password/")
    before = officer.password
    administrator_client.get(address)
    assert User.objects.get(pk=officer.pk).password == before
    response = administrator_client.post(address)
    reset = User.objects.get(pk=officer.pk)
    assert reset.must_change_password
    assert reset.check_password(response.context["password"])


def test_the_own_password_is_changed_not_reset(
    administrator_client: Client, administrator: User, commune: Area
) -> None:
    assert administrator_client.get(page(commune, f"{administrator.pk}/password/")).url == "/accounts/password/"


def test_an_account_of_elsewhere_is_not_found(administrator_client: Client, commune: Area, stranger: User) -> None:
    for rest in (f"{stranger.pk}/", f"{stranger.pk}/grant/", f"grants/{stranger.grants.get().pk}/end/"):
        assert administrator_client.get(page(commune, rest)).status_code == 404


def test_roles_of_an_ended_unit_are_given_on_its_heir(client: Client, superuser: User) -> None:
    old = CommuneFactory(valid_to=TODAY.replace(month=6, day=30))
    new = CommuneFactory(valid_from=TODAY.replace(month=7, day=1))
    old.inheritances.model.objects.create(predecessor=old, successor=new, on=new.valid_from)
    officer = user_with(Role.OFFICER, new)
    client.force_login(superuser)
    assert listed(client, old) == [officer]
    assert list(client.get(page(old, "add/")).context["form"].fields["area"].queryset) == [new]
