"""Who makes accounts and gives roles, and every refusal."""

import datetime
import unicodedata
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from povertyplan.accounts import services
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.accounts.passwords import check_password, temporary_password
from povertyplan.accounts.permissions import can_enter
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area, Succession
from povertyplan.areas.services import reach_rebuild
from povertyplan.core.text import sort_key
from povertyplan.core.versions import EditConflict
from tests.factories import AreaFactory, CommuneFactory, UserFactory, VillageFactory, user_with

from .conftest import PASSWORD, TODAY

DAY = datetime.timedelta(days=1)


def give(by: User | None, user: User, area: Area, role: Role = Role.OFFICER, **days: Any) -> Grant:
    return services.grant_give(by=by, user=user, role=role, area=area, **{"valid_from": TODAY} | days)


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return " ".join(caught.value.messages)


def test_a_new_account_is_clean_text_with_a_sort_key(administrator: User) -> None:
    decomposed = unicodedata.normalize("NFD", " Đinh  Thị Hằng ")
    user = services.user_create(by=administrator, username=" Hang.DT ", full_name=decomposed, password=PASSWORD)
    assert (user.username, user.full_name) == ("hang.dt", "Đinh Thị Hằng")
    assert user.sort_key == sort_key("Đinh Thị Hằng")
    assert user.must_change_password
    assert user.check_password(PASSWORD)


def test_without_a_password_nobody_logs_in(db: None) -> None:
    assert not services.user_create(by=None, username="a", full_name="A").has_usable_password()


def test_only_administrators_make_accounts(officer: User) -> None:
    assert "quản trị" in refusal(services.user_create, by=officer, username="a", full_name="A")


def test_a_taken_or_accented_name_is_refused_in_vietnamese(administrator: User) -> None:
    assert "đã có người dùng" in refusal(services.user_create, by=None, username=administrator.username, full_name="A")
    assert "chữ không dấu" in refusal(services.user_create, by=None, username="hằng", full_name="A")


def test_person_add_is_all_or_nothing(administrator: User) -> None:
    elsewhere = CommuneFactory()
    person = {"username": "moi", "full_name": "Người Mới", "title": "", "role": Role.OFFICER, "valid_from": TODAY}
    assert "quản trị" in refusal(services.person_add, by=administrator, area=elsewhere, **person)
    assert not User.objects.filter(username="moi").exists()


def test_person_add_returns_the_temporary_password(administrator: User, commune: Area) -> None:
    person = {"username": "moi", "full_name": "Người Mới", "title": ""}
    role = {"role": Role.OFFICER, "area": commune, "valid_from": TODAY}
    user, password = services.person_add(by=administrator, **person, **role)
    assert user.check_password(password)
    assert user.must_change_password
    assert can_enter(user, commune)


def test_a_given_role_counts_at_once_and_the_audit_says_who(administrator: User, commune: Area) -> None:
    user = UserFactory()
    assert not can_enter(user, commune)
    grant = give(administrator, user, commune)
    assert can_enter(user, commune)
    event = apps.get_model("accounts.GrantEvent").objects.select_related("pgh_context").get(pgh_obj_id=grant.pk)
    assert event.pgh_context.metadata == {"user": administrator.pk, "action": "grant.give"}


def test_an_administrator_gives_on_villages_below(administrator: User, commune: Area) -> None:
    village = VillageFactory(parent=commune)
    reach_rebuild()
    assert give(administrator, UserFactory(), village, Role.VILLAGE_HEAD).pk


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.REVIEWER])
def test_only_who_administers_the_area_gives_there(commune: Area, role: Role) -> None:
    assert "quản trị" in refusal(give, user_with(role, commune), UserFactory(), commune)


def test_an_administrator_of_elsewhere_gives_nothing(commune: Area) -> None:
    assert "quản trị" in refusal(give, user_with(Role.ADMINISTRATOR, CommuneFactory()), UserFactory(), commune)


def test_nobody_gives_to_himself_but_the_superuser(administrator: User, superuser: User, commune: Area) -> None:
    assert "cho mình" in refusal(give, administrator, administrator, commune)
    assert give(superuser, superuser, commune).pk


@pytest.mark.parametrize(("held", "role"), [(Role.OFFICER, Role.LEADER), (Role.LEADER, Role.OFFICER)])
def test_who_enters_does_not_approve(commune: Area, held: Role, role: Role) -> None:
    user = user_with(held, commune, valid_to=TODAY)
    assert "không đồng thời" in refusal(give, None, user, commune, role)
    assert give(None, user, commune, role, valid_from=TODAY + DAY).pk


def test_nor_through_an_area_above_or_before(db: None) -> None:
    before, after = CommuneFactory(valid_to=TODAY), CommuneFactory()
    Succession.objects.create(predecessor=before, successor=after, on=TODAY)
    assert "không đồng thời" in refusal(give, None, user_with(Role.OFFICER, after.parent), after, Role.LEADER)
    assert "không đồng thời" in refusal(give, None, user_with(Role.LEADER, before), after, Role.OFFICER)
    assert give(None, user_with(Role.LEADER, CommuneFactory()), after, Role.OFFICER).pk


def test_compatible_roles_go_together(officer: User, commune: Area) -> None:
    assert give(None, officer, commune, Role.ACCOUNTANT).pk


def test_roles_fit_levels(commune: Area) -> None:
    assert "chọn thôn" in refusal(give, None, UserFactory(), commune, Role.VILLAGE_HEAD)
    assert "trưởng thôn" in refusal(give, None, UserFactory(), VillageFactory(parent=commune), Role.OFFICER)


def test_nothing_is_given_after_the_end_of_a_district(db: None) -> None:
    end = datetime.date(2025, 6, 30)
    district = AreaFactory(level=Level.DISTRICT, kind="huyện", code="999", name="Thử", valid_to=end)
    assert "30/06/2025" in refusal(give, None, UserFactory(), district, Role.REVIEWER, valid_from=end + DAY)
    assert give(None, UserFactory(), district, Role.REVIEWER, valid_from=end).pk


def test_the_same_role_twice_and_days_in_the_wrong_order(officer: User, commune: Area) -> None:
    assert "cùng thời gian" in refusal(give, None, officer, commune)
    assert "Ngày cuối" in refusal(give, None, UserFactory(), commune, valid_to=TODAY - DAY)


def test_an_ended_grant_stays_on_record(administrator: User, officer: User) -> None:
    grant = officer.grants.get()
    services.grant_end(by=administrator, pk=grant.pk, version=grant.version, on=TODAY - DAY)
    grant.refresh_from_db()
    assert grant.valid_to == TODAY - DAY
    assert not User.objects.get(pk=officer.pk).grants_today
    assert "chỉ đến hết ngày" in refusal(services.grant_end, by=None, pk=grant.pk, version=grant.version, on=TODAY)


def test_refusals_of_ending(administrator: User, officer: User, stranger: User) -> None:
    own, other = administrator.grants.get(), officer.grants.get()
    end = {"version": 1, "on": TODAY}
    assert "Không tự thôi" in refusal(services.grant_end, by=administrator, pk=own.pk, **end)
    assert "quản trị" in refusal(services.grant_end, by=officer, pk=other.pk, **end)
    assert "quản trị" in refusal(services.grant_end, by=administrator, pk=stranger.grants.get().pk, **end)
    early = {"version": 1, "on": other.valid_from - DAY}
    assert "bắt đầu từ ngày" in refusal(services.grant_end, by=administrator, pk=other.pk, **early)


def test_two_ends_at_once_are_a_conflict(administrator: User, officer: User) -> None:
    grant = officer.grants.get()
    services.grant_end(by=administrator, pk=grant.pk, version=1, on=TODAY)
    with pytest.raises(EditConflict):
        services.grant_end(by=administrator, pk=grant.pk, version=1, on=TODAY - DAY)


def update(by: User | None, user: User, **changes: Any) -> User:
    values = {"version": user.version, "full_name": user.full_name, "title": user.title, "is_active": True} | changes
    return services.user_update(by=by, pk=user.pk, **values)


def test_changes_of_different_fields_both_stand(administrator: User, officer: User) -> None:
    update(administrator, officer, full_name="Lê Văn Ấn")
    saved = update(administrator, officer, title="Công chức")
    assert (saved.full_name, saved.title, saved.sort_key) == ("Lê Văn Ấn", "Công chức", sort_key("Lê Văn Ấn"))
    with pytest.raises(EditConflict):
        update(administrator, officer, full_name="Lê Văn An")


def test_a_changed_password_is_no_conflict(administrator: User, officer: User) -> None:
    version = officer.version
    services.password_set(by=administrator, user=officer, password=PASSWORD, must_change=True)
    assert update(administrator, officer, version=version, title="Công chức").must_change_password


def test_an_account_that_counts_elsewhere_is_out_of_reach(administrator: User, commune: Area) -> None:
    elsewhere = user_with(Role.ADMINISTRATOR, CommuneFactory())
    give(administrator, elsewhere, commune)
    assert "không sửa được" in refusal(update, administrator, elsewhere)
    reset = {"by": administrator, "user": elsewhere, "password": PASSWORD, "must_change": True}
    assert "không đặt lại" in refusal(services.password_set, **reset)
    for grant in elsewhere.grants.exclude(area=commune):
        services.grant_end(by=None, pk=grant.pk, version=grant.version, on=TODAY - DAY)
    assert services.password_set(**reset).must_change_password


def test_nobody_but_a_superuser_changes_a_superuser(administrator: User, superuser: User, commune: Area) -> None:
    give(None, superuser, commune)
    assert "không sửa được" in refusal(update, administrator, superuser)
    assert update(superuser, superuser, title="Quản trị hệ thống").title


def test_an_officer_changes_nobody(officer: User, leader: User) -> None:
    assert "không sửa được" in refusal(update, officer, leader)


def test_nobody_closes_his_own_account(administrator: User) -> None:
    assert "của mình" in refusal(update, administrator, administrator, is_active=False)


def test_own_password(officer: User) -> None:
    services.password_set(by=officer, user=officer, password=PASSWORD, must_change=False)
    again = {"by": officer, "user": officer, "must_change": False}
    assert "phải khác" in refusal(services.password_set, password=PASSWORD, **again)
    assert "ít nhất 10" in refusal(services.password_set, password="ngan", **again)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("ab-c", "ít nhất 10 ký tự"),
        ("83650174925", "chỉ có chữ số"),
        ("password123", "dễ bị đoán"),
        ("nguyenvana1", "gần giống tên đăng nhập"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_in_vietnamese(password: str, sentence: str) -> None:
    user = User(username="nguyenvana", full_name="Nguyễn Văn A")
    assert sentence in refusal(check_password, password, user)


def test_temporary_passwords_pass_and_differ() -> None:
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password, User(username="nguyenvana"))
