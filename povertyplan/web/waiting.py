"""What waits for whom on the home page: the tasks of a person's roles, and the communes below a unit."""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from households.choices import Step
from households.models import Opinion, Recognition
from households.selectors.rounds import opinion_queue
from households.selectors.waiting import WaitingStep, decisions_to_number, opinions_to_answer, steps_waiting
from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.accounts.permissions import can_review
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.text import first_upper
from povertyplan.web.selectors import State, UnitHome
from targets.choices import PlanState
from targets.models import TargetPlan
from targets.permissions import can_approve, can_plan, can_review_below
from targets.selectors.versions import authors_of, forwarded_to, last_return

SOON = 7


@dataclass(frozen=True, kw_only=True)
class Task:
    """``view`` is where it is done, ``action`` the verb of its button; ``is_now`` before the others.

    ``url`` instead of ``view`` where it is a page of another year or of one row; ``badge`` says how urgent it is.
    """

    title: str
    why: str
    action: str
    view: str = ""
    url: str = ""
    badge: str = ""
    tone: str = ""
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


def tasks(*, home: UnitHome, user: User, unit: Area, today: datetime.date) -> list[Task]:
    """What waits for the person: reviews of households first, then the target table, then the plan.

    At most one query for each role; for who decides on a table two more.
    """
    roles = user.roles_on(unit)
    due = round_tasks(user=user, roles=roles, unit=unit, today=today)
    plan = home.table.plan if home.table else None
    due += table_tasks(user=user, unit=unit, plan=plan)
    if Role.OFFICER in roles:
        # A table on its way waits for others, or is a task of its own: returned.
        is_sent = plan is not None and plan.state != PlanState.DRAFT
        due += [
            Task(title=step.task, why=step.why, view=step.view, action=step.action, is_now=step.state == State.NOW)
            for step in home.waiting
            if not (is_sent and step.view == "targets:versions")
        ]
    if Role.REGISTRY_CLERK in roles and home.is_ready:
        due.append(NUMBERING)
    if Role.LEADER in roles and home.is_ready:
        due.append(SIGNING)
    if Role.ADMINISTRATOR in roles and not _has_officer(unit, today):
        due.append(STAFFING)
    return due


def round_tasks(*, user: User, roles: frozenset[Role], unit: Area, today: datetime.date) -> list[Task]:
    """Steps of the unit's rounds for who does them, decisions without a number, opinions without an answer."""
    due = []
    if roles & {Role.OFFICER, Role.LEADER}:
        wanted = [row for row in steps_waiting(unit, today=today) if row.roles & roles - {Role.REVIEWER}]
        due += [_step_task(row, unit) for row in wanted]
    if Role.REGISTRY_CLERK in roles:
        due += [_number_task(decision, unit) for decision in decisions_to_number(unit)]
    if Role.REVIEWER in roles:
        due += [opinion_task(opinion, today) for opinion in opinions_to_answer(user, unit)]
    return due


def _step_task(row: WaitingStep, unit: Area) -> Task:
    page, action = ("recognise", "Xem") if row.step.step == Step.RECOGNITION else ("detail", "Làm tiếp")
    badge, tone = _urgency(row.days)
    until = f"hạn {format_date(row.step.due_on)}" if row.step.due_on else "chưa có hạn"
    return Task(
        title=f"{first_upper(str(row.round))}: {str(row.step)[:1].lower()}{str(row.step)[1:]}",
        why=f"Bước {row.step.position}, {until}.",
        url=reverse(f"rounds:{page}", args=[unit.code, row.round.year, row.round.pk]),
        action=action,
        badge=badge,
        tone=tone,
    )


def _number_task(decision: Recognition, unit: Area) -> Task:
    return Task(
        title=f"Ghi số quyết định {decision.get_kind_display()}",
        why=f"{first_upper(str(decision.round))}, ký ngày {format_date(decision.on)}.",
        url=reverse("rounds:number", args=[unit.code, decision.round.year, decision.round_id, decision.pk]),
        action="Ghi số",
    )


def opinion_task(opinion: Opinion, today: datetime.date) -> Task:
    """An opinion that a commune waits for."""
    badge, tone = _urgency((opinion.due_on - today).days if opinion.due_on else None)
    until = f", hạn trả lời {format_date(opinion.due_on)}" if opinion.due_on else ""
    return Task(
        title=f"Cho ý kiến kết quả rà soát của {opinion.unit}",
        why=f"{first_upper(str(opinion.round))}, gửi ngày {format_date(opinion.sent_on)}{until}.",
        url=reverse("rounds:opinion-reply", args=[opinion.asked_of.code, opinion.round.year, opinion.pk]),
        action="Cho ý kiến",
        badge=badge,
        tone=tone,
    )


def table_tasks(*, user: User, unit: Area, plan: TargetPlan | None) -> list[Task]:
    """The unit's target table: to correct for who keeps it, to decide on for who leads and made none of it, to approve
    for the level above; who leads is told what the level above returned. Nothing is asked of the database while the
    table is a draft or approved."""
    if plan is None:
        return []
    if plan.state == PlanState.RETURNED:
        return _returned_tasks(user, plan, unit)
    if plan.state == PlanState.SUBMITTED and can_approve(user, unit) and user.pk not in authors_of(plan):
        return [_decision_task(plan, unit, f"Duyệt bảng chỉ tiêu năm {plan.year}", "Cán bộ nhập liệu đã trình.")]
    if plan.state == PlanState.FORWARDED and can_review_below(user, unit):
        return [_forwarded_task(plan, unit)]
    return []


def _returned_tasks(user: User, plan: TargetPlan, unit: Area) -> list[Task]:
    keeps = can_plan(user, unit)
    if not keeps and not can_approve(user, unit):
        return []
    last = last_return(plan)
    if not keeps and (last is None or last.above_at is None):
        return []
    return [
        Task(
            title="Sửa bảng chỉ tiêu bị trả lại" if keeps else "Cấp trên trả lại bảng chỉ tiêu đã duyệt",
            why=f"Bản {last.number}: {last.returned_because}" if last else "",
            url=reverse("targets:versions", args=[unit.code, plan.year]),
            action="Xem và sửa" if keeps else "Xem lý do",
            badge="Bị trả lại",
            tone="soon",
            is_now=keeps,
        )
    ]


def _forwarded_task(plan: TargetPlan, unit: Area) -> Task:
    return _decision_task(plan, unit, f"Duyệt bảng chỉ tiêu năm {plan.year} của {unit}", "Lãnh đạo đơn vị đã duyệt.")


def _decision_task(plan: TargetPlan, unit: Area, title: str, why: str) -> Task:
    url = reverse("targets:decide", args=[unit.code, plan.year])
    return Task(title=title, why=why, url=url, action="Xem và duyệt", badge="Chờ duyệt", tone="soon")


def asked_of_area(*, user: User, unit: Area, year: int, today: datetime.date) -> list[Task]:
    """What communes ask of a district or a province and nobody has answered, for who may answer; and its own table.

    Opinions on reviews, which have a day, come first; then target tables, the one that waits longest first.
    """
    own = TargetPlan.objects.filter(unit=unit, year=year).select_related("in_force").first()
    due = table_tasks(user=user, unit=unit, plan=own)
    if not can_review(user, unit):
        return due
    opinions = [opinion_task(opinion, today) for opinion in opinion_queue(user).filter(asked_of=unit)]
    return opinions + due + [_forwarded_task(plan, plan.unit) for plan in forwarded_to(user, within=unit)]


def asked_of(*, user: User, today: datetime.date) -> list[Task]:
    """The same of every area where the user is the level above. Two queries, for reviewers only."""
    if not any(grant.role == Role.REVIEWER for grant in user.grants_today):
        return []
    opinions = [opinion_task(opinion, today) for opinion in opinion_queue(user)]
    return opinions + [_forwarded_task(plan, plan.unit) for plan in forwarded_to(user)]


def _urgency(days: int | None) -> tuple[str, str]:
    """Badge and its tone for so many days until the due day."""
    if days is None or days > SOON:
        return "", ""
    if days < 0:
        return f"Trễ {-days} ngày", "late"
    return ("Hạn hôm nay", "late") if days == 0 else (f"Còn {days} ngày", "soon")


def _has_officer(unit: Area, today: datetime.date) -> bool:
    held = Grant.objects.valid_on(today).filter(area=unit, role=Role.OFFICER, user__is_active=True)
    return held.exists()
