"""What waits for whom on the home page: the tasks of a person's roles, and the communes below a unit."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.areas.querysets import AreaQuerySet
from povertyplan.web.selectors import State, UnitHome
from targets.models import TargetPlan, VillageTarget


@dataclass(frozen=True, kw_only=True)
class Task:
    """``view`` is where it is done, ``action`` the verb of its button; ``is_now`` before the others."""

    title: str
    why: str
    view: str
    action: str
    is_now: bool = True


NUMBERING = Task(
    title="Ghi số, ngày ban hành",
    why="Kế hoạch đã soạn đủ; ghi số và ngày sau khi lãnh đạo ký.",
    view="reports:number",
    action="Ghi số",
)
SIGNING = Task(
    title="Xem kế hoạch trước khi ký",
    why="Kế hoạch đã soạn đủ, chưa ban hành.",
    view="reports:index",
    action="Xem kế hoạch",
)
STAFFING = Task(
    title="Lập tài khoản cho cán bộ nhập liệu",
    why="Đơn vị chưa có ai giữ vai trò Cán bộ nhập liệu nên chưa ai nhập được số.",
    view="people:list",
    action="Mở Quản trị",
)


def tasks(*, home: UnitHome, roles: frozenset[Role], unit: Area, today: datetime.date) -> list[Task]:
    """No query but for an administrator: one."""
    due = []
    if Role.OFFICER in roles:
        due += [
            Task(title=step.task, why=step.why, view=step.view, action=step.action, is_now=step.state == State.NOW)
            for step in home.waiting
        ]
    if Role.REGISTRY_CLERK in roles and home.is_ready:
        due.append(NUMBERING)
    if Role.LEADER in roles and home.is_ready:
        due.append(SIGNING)
    if Role.ADMINISTRATOR in roles and not _has_officer(unit, today):
        due.append(STAFFING)
    return due


def _has_officer(unit: Area, today: datetime.date) -> bool:
    held = Grant.objects.valid_on(today).filter(area=unit, role=Role.OFFICER, user__is_active=True)
    return held.exists()


def communes_below(*, user: User, unit: Area, year: int) -> AreaQuerySet:
    """Communes of the year that the user sees, with ``has_table`` and ``poor`` (households at the start)."""
    sums = VillageTarget.objects.filter(plan__unit=OuterRef("pk"), plan__year=year).order_by().values("plan")
    return (
        Area.objects.visible_to(user)
        .filter(Q(parent=unit) | Q(parent__parent=unit), level=Level.COMMUNE)
        .valid_in_year(year)
        .annotate(
            has_table=Exists(TargetPlan.objects.filter(unit=OuterRef("pk"), year=year)),
            poor=Subquery(sums.annotate(sum=Sum("poor_households")).values("sum")),
        )
        .order_by("sort_key", "pk")
    )
