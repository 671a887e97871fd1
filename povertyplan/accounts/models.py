"""Who may do what where, and since when."""

import datetime

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from povertyplan.accounts.choices import Role
from povertyplan.accounts.querysets import GrantQuerySet, UserQuerySet
from povertyplan.areas.models import Area, Reach
from povertyplan.core.audit import acting, audited
from povertyplan.core.models import SPAN, Dated, Versioned, raise_version
from povertyplan.core.text import sort_key


class Users(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager of users with our scope; people are made by ``services``."""

    def create_superuser(self, username: str, full_name: str, password: str | None = None) -> "User":
        """What the command ``createsuperuser`` calls: the first administrator of an installation."""
        user = self.model(
            username=username,
            full_name=full_name,
            sort_key=sort_key(full_name),
            is_superuser=True,
            must_change_password=False,
        )
        user.set_password(password)
        user.full_clean()
        with acting(by=None, action="user.create"):
            user.save(using=self._db)
        return user


@audited(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin, Versioned):
    """A person with an account. ``is_superuser`` is the administrator of the whole installation."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator(message="Tên đăng nhập chỉ gồm chữ không dấu, chữ số và các dấu @ . + - _")],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("họ và tên", max_length=100)
    title = models.CharField("chức danh", max_length=100, blank=True)
    is_active = models.BooleanField("đang dùng", default=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=True)
    sort_key = models.CharField(max_length=400, editable=False, default="")

    objects = Users()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "tài khoản"
        triggers = [raise_version(but_for=("last_login",))]

    def __str__(self) -> str:
        return self.full_name or self.username

    @cached_property
    def grants_today(self) -> list["Grant"]:
        """Grants in force today, with their areas; read once for a request."""
        today = timezone.localdate()
        return list(self.grants.valid_on(today).select_related("area")) if self.is_active else []

    def granted_area_ids(self) -> list[int]:
        return [grant.area_id for grant in self.grants_today]

    def reached_area_ids(self) -> models.QuerySet:
        """Subquery: ids of all areas that a grant in force today reaches."""
        return Reach.objects.filter(area_id__in=self.granted_area_ids()).values("reached_id")

    def grants_reaching(self, unit: Area) -> list["Grant"]:
        """Grants in force today whose area reaches the unit; asked of the database at most once for a unit.

        An area reaches itself: where all grants are on the unit there is nothing to ask.
        """
        known = self.__dict__.setdefault("_grants_reaching", {})
        if unit.pk not in known:
            areas = {unit.pk}
            others = [area for area in self.granted_area_ids() if area != unit.pk]
            if others:
                areas |= set(Reach.objects.filter(reached=unit, area__in=others).values_list("area_id", flat=True))
            known[unit.pk] = [grant for grant in self.grants_today if grant.area_id in areas]
        return known[unit.pk]

    def roles_on(self, unit: Area) -> frozenset[Role]:
        """Roles that count in the unit today; the installation's administrator administers and enters nothing."""
        roles = frozenset(Role(grant.role) for grant in self.grants_reaching(unit))
        return roles | {Role.ADMINISTRATOR} if self.is_superuser else roles

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.full_name.split()[-2:]).upper()


@audited()
class Grant(Dated, Versioned):
    """``user`` acts as ``role`` on ``area`` and all it reaches, from a day to a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField("vai trò", max_length=20, choices=Role)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="grants")

    objects = GrantQuerySet.as_manager()

    class Meta(Dated.Meta, Versioned.Meta):
        abstract = False
        verbose_name = "phân quyền"
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_start", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="grant_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Người này đã có vai trò đó trong cùng thời gian.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} {self.area}"

    def is_open(self, today: datetime.date) -> bool:
        return self.valid_from <= today and (self.valid_to is None or self.valid_to >= today)
