"""The only writes of rounds and of the days of their steps. ``by=None`` is the system, which never approves."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from households.choices import ReviewState, RoundKind, RoundState
from households.models import Request, Review, ReviewRound, RoundStep, Standard
from households.rules.calendar import StepDays, round_days, step_days
from households.selectors.law import parameters, windows
from households.services.round_gate import lock_round
from households.services.round_list import review_add, review_drop, round_list_fill
from households.services.round_steps import step_finish, step_plan, step_reopen
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from povertyplan.offices.choices import BoardKind
from povertyplan.offices.models import Board
from povertyplan.papers.models import Paper

__all__ = [
    "review_add",
    "review_drop",
    "round_cancel",
    "round_list_fill",
    "round_open",
    "round_update",
    "step_finish",
    "step_plan",
    "step_reopen",
]

ROUND_FIELDS = ("starts_on", "ends_on", "board", "team", "plan_paper", "standard")
ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def round_open(
    *,
    by: User | None,
    unit: Area,
    year: int,
    kind: str,
    standard: Standard,
    month: int = 0,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    board: Board | None = None,
    team: Board | None = None,
    plan_paper: Paper | None = None,
) -> ReviewRound:
    """Open a round of the commune with its steps; days not given come from the calendar of the province or the law.

    The standard is always the caller's choice: any national one or one of the unit's own province.
    Raises ValidationError with every reason at once.
    """
    demand(can_enter, by, unit)
    _require_commune(unit, year, kind, month)
    by_law = _days_by_law(unit, year, kind, month)
    round = ReviewRound(
        unit=unit,
        year=year,
        kind=kind,
        month=month,
        standard=standard,
        board=board,
        team=team,
        plan_paper=plan_paper,
        opened_by=by,
    )
    round.starts_on = starts_on or by_law.starts_on  # type: ignore[assignment]
    round.ends_on = ends_on or _ends_on(kind, starts_on, by_law)  # type: ignore[assignment]
    _require_sound(round)
    with acting(by=by, action="round.open"):
        round.full_clean()
        round.save()
        days = _step_days(round)
        RoundStep.objects.bulk_create(
            RoundStep(
                round=round,
                unit=unit,
                step=step,
                position=position,
                starts_on=days[step].starts_on,
                due_on=days[step].due_on,
            )
            for position, step in enumerate(days, start=1)
        )
    return round


@transaction.atomic
def round_update(*, by: User | None, round: ReviewRound, version: int, **changes: Any) -> ReviewRound:
    """Change days, boards, plan or standard of an open round; due days that nobody planned otherwise follow.

    The standard stays once a household is scored by it. Raises EditConflict.
    """
    demand(can_enter, by, round.unit)
    unknown = set(changes) - set(ROUND_FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a round: {sorted(unknown)}")
    with acting(by=by, action="round.update"):
        lock_round(round)
        rounds = ReviewRound.objects.select_related("unit", "standard")
        row, mine = lock_and_merge(rounds, pk=round.pk, version=version, changes=changes)
        before = _step_days(row)
        standard = mine.get("standard", row.standard)
        if standard != row.standard and Review.objects.filter(round=row, state=ReviewState.SURVEYED).exists():
            raise ValidationError({"standard": f"Đã có hộ chấm điểm theo {row.standard} nên không đổi chuẩn nghèo."})
        for name, value in mine.items():
            setattr(row, name, value)
        _require_sound(row)
        _save(row)
        _move_due_days(row, before)
    return row


@transaction.atomic
def round_cancel(*, by: User | None, round: ReviewRound, version: int, reason: str) -> ReviewRound:
    """Give up an open round; its forms stay to read, its requests wait for another round. Raises EditConflict."""
    demand(can_enter, by, round.unit)
    because = clean(reason)
    if not because:
        raise ValidationError({"reason": "Ghi lý do hủy đợt rà soát."})
    with acting(by=by, action="round.cancel"):
        lock_round(round)
        changes = {"state": RoundState.CANCELLED, "cancelled_because": because}
        row = save_changes(*lock_and_merge(ReviewRound.objects.all(), pk=round.pk, version=version, changes=changes))
        Request.objects.filter(round=row, result="").update(round=None)
    return row


def _save(row: ReviewRound) -> None:
    row.full_clean()
    row.save()
    row.refresh_from_db(fields=["version"])


def _require_commune(unit: Area, year: int, kind: str, month: int) -> None:
    errors: dict[str, list[str]] = {}
    if unit.level != Level.COMMUNE:
        errors.setdefault("unit", []).append(f"{unit.title} không phải cấp xã; đợt rà soát mở ở cấp xã.")
    if unit.valid_from.year > year or (unit.valid_to is not None and unit.valid_to.year < year):
        errors.setdefault("year", []).append(f"Năm {year} không có {unit}.")
    if kind == RoundKind.REGULAR and not 1 <= month <= 12:
        errors.setdefault("month", []).append("Đợt thường xuyên ghi rõ tháng, từ 1 đến 12.")
    if kind == RoundKind.PERIODIC and month:
        errors.setdefault("month", []).append("Đợt định kỳ không ghi tháng.")
    if kind not in RoundKind.values:
        errors.setdefault("kind", []).append("Chọn loại đợt.")
    if errors:
        raise ValidationError(errors)


def _days_by_law(unit: Area, year: int, kind: str, month: int) -> StepDays:
    figures = parameters(unit=unit, day=datetime.date(year, month or 9, 1))
    calendar = windows(unit=unit, year=year, kind=kind)
    return round_days(kind=kind, year=year, month=month, windows=calendar, parameters=figures)


def _ends_on(kind: str, starts_on: datetime.date | None, by_law: StepDays) -> datetime.date | None:
    """A regular round that starts on another day still has as many days as the law gives it."""
    if kind == RoundKind.REGULAR and starts_on and by_law.starts_on and by_law.due_on:
        return starts_on + (by_law.due_on - by_law.starts_on)
    return by_law.due_on


def _step_days(round: ReviewRound) -> dict[Any, StepDays]:
    return step_days(
        kind=round.kind,
        starts_on=round.starts_on,
        ends_on=round.ends_on,
        windows=windows(unit=round.unit, year=round.year, kind=round.kind),
        parameters=parameters(unit=round.unit, day=round.starts_on),
    )


def _move_due_days(round: ReviewRound, before: dict[Any, StepDays]) -> None:
    """Steps that are not done and still have the due day computed before get the new one."""
    after = _step_days(round)
    for row in round.steps.filter(done_on__isnull=True):
        old = before[row.step]
        if (row.starts_on, row.due_on) == (old.starts_on, old.due_on) and after[row.step] != old:
            save_changes(row, {"starts_on": after[row.step].starts_on, "due_on": after[row.step].due_on})


def _require_sound(round: ReviewRound) -> None:
    """Days, standard, boards and papers fit the unit and the year; every fault at once."""
    errors: dict[str, list[str]] = {}
    _check_days(round, errors)
    _check_standard(round, errors)
    for name, kind in (("board", BoardKind.REVIEW), ("team", BoardKind.SURVEY_TEAM)):
        board = getattr(round, name)
        if board is not None and board.unit_id != round.unit_id:
            errors.setdefault(name, []).append(f"«{board}» không thuộc đơn vị này.")
        elif board is not None and board.kind != kind:
            errors.setdefault(name, []).append(f"«{board}» không phải {kind.label}.")
    if round.plan_paper is not None and round.plan_paper.unit_id not in {None, round.unit_id}:
        errors.setdefault("plan_paper", []).append(f"«{round.plan_paper}» không thuộc danh mục văn bản của đơn vị.")
    if errors:
        raise ValidationError(errors)


def _check_days(round: ReviewRound, errors: dict[str, list[str]]) -> None:
    first, last, unit = round.starts_on, round.ends_on, round.unit
    for name, day in (("starts_on", first), ("ends_on", last)):
        if day is None:
            errors.setdefault(name, []).append("Chưa có lịch rà soát của năm này; ghi ngày.")
    if first is None or last is None:
        return
    if last < first:
        errors.setdefault("ends_on", []).append("Ngày kết thúc không được trước ngày bắt đầu.")
    if first.year != round.year or (round.kind == RoundKind.REGULAR and first.month != round.month):
        period = f"tháng {round.month:02d}/{round.year}" if round.month else f"năm {round.year}"
        errors.setdefault("starts_on", []).append(f"Đợt của {period} bắt đầu trong {period}.")
    if first < unit.valid_from or (unit.valid_to is not None and first > unit.valid_to):
        span = f"từ {format_date(unit.valid_from)}"
        if unit.valid_to:
            span += f" đến {format_date(unit.valid_to)}"
        errors.setdefault("starts_on", []).append(f"{unit.title} có {span}.")
    if round.kind == RoundKind.REGULAR:
        longest = _days_by_law(unit, round.year, round.kind, round.month)
        if longest.starts_on and longest.due_on and last - first > longest.due_on - longest.starts_on:
            days = (longest.due_on - longest.starts_on).days
            errors.setdefault("ends_on", []).append(
                f"Đợt thường xuyên có quyết định trong {days} ngày: muộn nhất {format_date(first + ONE_DAY * days)}."
            )


def _check_standard(round: ReviewRound, errors: dict[str, list[str]]) -> None:
    area = round.standard.area_id
    above = {round.unit.pk, round.unit.parent_id}
    if round.unit.parent is not None:
        above.add(round.unit.parent.parent_id)
    if area is not None and area not in above:
        errors.setdefault("standard", []).append(f"{round.standard} là chuẩn riêng của tỉnh khác.")
