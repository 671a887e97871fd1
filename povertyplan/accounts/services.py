"""Writes of accounts and grants. ``by=None`` is the system: it needs no right, the other rules hold for it too."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from povertyplan.accounts import permissions, rules
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.accounts.passwords import check_password, temporary_password
from povertyplan.areas.models import Area
from povertyplan.core import text
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.versions import lock_and_merge


@transaction.atomic
def user_create(
    *,
    by: User | None,
    username: str,
    full_name: str,
    title: str = "",
    password: str | None = None,
    must_change_password: bool = True,
) -> User:
    """A new account without any role; without a password nobody can log in to it."""
    if by and not permissions.can_administer_somewhere(by):
        raise ValidationError("Chỉ người có vai trò quản trị mới được tạo tài khoản.")
    user = User(
        username=text.clean(username).lower(),
        full_name=text.clean(full_name),
        title=text.clean(title),
        must_change_password=must_change_password,
        sort_key=text.sort_key(full_name),
    )
    if by and password is not None:
        _refuse_password(password, user)
    user.set_password(password)
    user.full_clean()
    with acting(by=by, action="user.create"):
        user.save()
    return user


@transaction.atomic
def person_add(
    *,
    by: User | None,
    username: str,
    full_name: str,
    title: str,
    role: str,
    area: Area,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
) -> tuple[User, str]:
    """A new account with its first role; returns it with the temporary password, which is stored nowhere."""
    password = temporary_password()
    user = user_create(by=by, username=username, full_name=full_name, title=title, password=password)
    grant_give(by=by, user=user, role=role, area=area, valid_from=valid_from, valid_to=valid_to)
    return user, password


@transaction.atomic
def user_update(*, by: User | None, pk: int, version: int, full_name: str, title: str, is_active: bool) -> User:
    """Change name and title, close or open the account. Raises EditConflict."""
    changes = {"full_name": text.clean(full_name), "title": text.clean(title), "is_active": is_active}
    user, mine = lock_and_merge(User.objects.all(), pk=pk, version=version, changes=changes)
    if by and not permissions.can_manage(by, user):
        raise ValidationError("Tài khoản này còn vai trò ở nơi bạn không quản trị; bạn không sửa được.")
    if by and by.pk == user.pk and not is_active:
        raise ValidationError({"is_active": "Không tự khóa tài khoản của mình."})
    for name, value in mine.items():
        setattr(user, name, value)
    user.sort_key = text.sort_key(user.full_name)
    user.full_clean(exclude={"password"})
    with acting(by=by, action="user.update"):
        user.save()
    return user


@transaction.atomic
def password_set(*, by: User | None, user: User, password: str, must_change: bool) -> User:
    """Set the password of ``user``: one's own, or that of an account one manages. Ends the user's other sessions."""
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if by and by.pk == row.pk:
        if row.check_password(password):
            raise ValidationError({"password": "Mật khẩu mới phải khác mật khẩu đang dùng."})
    elif by and not permissions.can_manage(by, row):
        raise ValidationError("Tài khoản này còn vai trò ở nơi bạn không quản trị; bạn không đặt lại mật khẩu được.")
    if by:
        _refuse_password(password, row)
    row.set_password(password)
    row.must_change_password = must_change
    row.full_clean()
    with acting(by=by, action="user.password"):
        row.save()
    user.password, user.must_change_password = row.password, row.must_change_password
    return row


@transaction.atomic
def grant_give(
    *,
    by: User | None,
    user: User,
    role: str,
    area: Area,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
) -> Grant:
    """Give a role on an area from a day to a day, both included."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _demand_right_to_give(by, user, area)
    grant = Grant(user=user, role=role, area=area, valid_from=valid_from, valid_to=valid_to)
    grant.full_clean()
    if refusal := rules.level_refusal(role, area.level) or _clash(grant):
        raise ValidationError({"role": refusal})
    if area.valid_to and valid_from > area.valid_to:
        end = format_date(area.valid_to)
        raise ValidationError({"valid_from": f"{area.title} chỉ còn đến ngày {end}; sau đó không giao vai trò mới."})
    with acting(by=by, action="grant.give"):
        grant.save()
    _forget(user)
    return grant


@transaction.atomic
def grant_end(*, by: User | None, pk: int, version: int, on: datetime.date) -> Grant:
    """Let the role hold to the end of the day ``on``. The grant stays on record. Raises EditConflict."""
    grants = Grant.objects.select_related("user", "area")
    grant, _ = lock_and_merge(grants, pk=pk, version=version, changes={"valid_to": on})
    if by and not permissions.can_administer(by, grant.area):
        raise ValidationError(f"Bạn không có vai trò quản trị ở {grant.area}.")
    if by and by.pk == grant.user_id and grant.role == Role.ADMINISTRATOR and not by.is_superuser:
        raise ValidationError("Không tự thôi vai trò quản trị của mình; hãy nhờ người quản trị khác.")
    _refuse_day(grant, on)
    grant.valid_to = on
    grant.full_clean()
    with acting(by=by, action="grant.end"):
        grant.save()
    _forget(grant.user)
    return grant


def _refuse_password(password: str, user: User) -> None:
    try:
        check_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error


def _demand_right_to_give(by: User | None, user: User, area: Area) -> None:
    if by is None:
        return
    if not permissions.can_administer(by, area):
        raise ValidationError(f"Bạn không có vai trò quản trị ở {area}.")
    if by.pk == user.pk and not by.is_superuser:
        raise ValidationError("Không ai tự giao vai trò cho mình; hãy nhờ người quản trị khác.")


def _clash(grant: Grant) -> str:
    """Why the role does not go with one the person holds in the same place at the same time; empty when it does."""
    place = Q(area=grant.area) | Q(area__reaches__reached=grant.area) | Q(area__reached_from__area=grant.area)
    held = (
        Grant.objects.filter(place, user=grant.user, role__in=rules.incompatible_with(grant.role))
        .valid_between(grant.valid_from, grant.valid_to or datetime.date.max)
        .select_related("area")
        .first()
    )
    if held is None:
        return ""
    until = f" đến ngày {format_date(held.valid_to)}" if held.valid_to else ""
    return (
        f"Người nhập liệu không đồng thời là người duyệt: {grant.user} đang có vai trò "
        f"{held.get_role_display().lower()} ở {held.area} từ ngày {format_date(held.valid_from)}{until}."
    )


def _refuse_day(grant: Grant, on: datetime.date) -> None:
    if on < grant.valid_from:
        first = format_date(grant.valid_from)
        raise ValidationError({"on": f"Vai trò bắt đầu từ ngày {first}; ngày cuối không được trước đó."})
    if grant.valid_to and on > grant.valid_to:
        last = format_date(grant.valid_to)
        raise ValidationError({"on": f"Vai trò chỉ đến hết ngày {last}; muốn dùng lâu hơn, hãy giao lại."})


def _forget(user: User) -> None:
    """Drop what the instance remembers of its grants."""
    for name in ("grants_today", "_grants_reaching"):
        user.__dict__.pop(name, None)
