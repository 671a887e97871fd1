"""Writes of the goals beside the quota: what is to be reached while the plan is open, what was reached all year.

``by=None`` is the system.
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from households.selectors.law import standards_on
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes
from targets.choices import GoalUnit, Measure
from targets.models import IndicatorActual, IndicatorTarget, TargetPlan
from targets.permissions import can_plan
from targets.rules.goal_checks import possible
from targets.rules.goals import scopes_of, sentence, units_of
from targets.selectors.goals import facts_of, table_of
from targets.services.gate import lock_open

PARTS = ("measure", "scope", "unit_of_value", "comparison", "value")
FIELDS = ("text", "dimension", *PARTS, "lead_department", "lead_body")
ACTUAL_FIELDS = ("on", "part", "whole", "value", "source")
COUNTED = (GoalUnit.HOUSEHOLDS, GoalUnit.PERSONS, GoalUnit.TIMES)
CHANGED_MEANWHILE = "«{row}» vừa được sửa. Xem lại rồi xóa."


@transaction.atomic
def goal_add(*, by: User | None, plan: TargetPlan, **values: Any) -> IndicatorTarget:
    """A goal after the others; ``values`` are FIELDS. Without a text the sentence is made of the parts.

    Raises ValidationError by field, or while the plan is closed.
    """
    stored = lock_open(by=by, plan=plan)
    with acting(by=by, action="goal.add"):
        last = stored.goals.aggregate(last=Max("position"))["last"]
        goal = IndicatorTarget(plan=stored, unit=stored.unit, position=0 if last is None else last + 1)
        return _save(goal, _only(values, FIELDS))


@transaction.atomic
def goal_update(*, by: User | None, goal: IndicatorTarget, version: int, **values: Any) -> IndicatorTarget:
    """Change a goal; a sentence that was made of its parts is made anew. Raises EditConflict, ValidationError."""
    lock_open(by=by, plan=goal.plan)
    with acting(by=by, action="goal.update"):
        row, mine = lock_and_merge(_goals(), pk=goal.pk, version=version, changes=_only(values, FIELDS))
        return _save(row, mine)


@transaction.atomic
def goal_move(*, by: User | None, goal: IndicatorTarget, is_up: bool) -> None:
    """One place up or down among the goals of the plan; nothing at either end."""
    plan = lock_open(by=by, plan=goal.plan)
    rows = list(plan.goals.select_for_update(of=("self",)))
    place = next(number for number, row in enumerate(rows) if row.pk == goal.pk)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    with acting(by=by, action="goal.move"):
        for position, row in enumerate(rows):
            save_changes(row, {"position": position})


@transaction.atomic
def goal_remove(*, by: User | None, goal: IndicatorTarget, version: int) -> None:
    """Remove a goal with what was reported of it; the audit keeps both. ValidationError where it changed meanwhile."""
    lock_open(by=by, plan=goal.plan)
    with acting(by=by, action="goal.remove"):
        row, _ = lock_and_merge(_goals(), pk=goal.pk, version=version, changes={})
        if row.version != version:
            raise ValidationError(CHANGED_MEANWHILE.format(row=row))
        row.delete()


@transaction.atomic
def actual_add(*, by: User | None, goal: IndicatorTarget, **values: Any) -> IndicatorActual:
    """What was reached from the year's first day to ``on``, with its source; possible after approval, too.

    A share is given by its two counts, anything else by its value. Raises ValidationError by field.
    """
    demand(can_plan, by, goal.unit)
    with acting(by=by, action="goal_actual.add"):
        actual = IndicatorActual(goal=goal, unit=goal.unit)
        changes = _only(values, ACTUAL_FIELDS)
        _refuse_wrong_actual(actual, changes)
        return save_changes(actual, changes)


@transaction.atomic
def actual_update(*, by: User | None, actual: IndicatorActual, version: int, **values: Any) -> IndicatorActual:
    """Correct what was reported. Raises EditConflict, ValidationError."""
    demand(can_plan, by, actual.unit)
    with acting(by=by, action="goal_actual.update"):
        row, mine = lock_and_merge(_actuals(), pk=actual.pk, version=version, changes=_only(values, ACTUAL_FIELDS))
        _refuse_wrong_actual(row, mine)
        return save_changes(row, mine)


@transaction.atomic
def actual_remove(*, by: User | None, actual: IndicatorActual, version: int) -> None:
    """Remove a report entered by mistake; the audit keeps it."""
    demand(can_plan, by, actual.unit)
    with acting(by=by, action="goal_actual.remove"):
        row, _ = lock_and_merge(_actuals(), pk=actual.pk, version=version, changes={})
        if row.version != version:
            raise ValidationError(CHANGED_MEANWHILE.format(row=row))
        row.delete()


def _goals() -> Any:
    return IndicatorTarget.objects.select_related("unit", "plan", "dimension", "lead_department", "lead_body")


def _actuals() -> Any:
    return IndicatorActual.objects.select_related("unit", "goal__plan")


def _only(values: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    unknown = set(values) - set(fields)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    return {name: clean(value) if name in {"text", "source"} else value for name, value in values.items()}


def _save(goal: IndicatorTarget, mine: dict[str, Any]) -> IndicatorTarget:
    after = {name: mine.get(name, getattr(goal, name, None)) for name in FIELDS}
    errors = {**_wrong_parts(after), **wrong_lead(goal.unit_id, after)}
    dimension, day = after["dimension"], datetime.date(goal.plan.year, 1, 1)
    if dimension and dimension.standard_id not in {row.pk for row in standards_on(day, goal.unit)}:
        errors["dimension"] = ["Chiều thiếu hụt này không thuộc chuẩn nghèo của năm."]
    if not errors and after["text"] in {"", _sentence(vars(goal) if goal.pk else after)}:
        mine = mine | {"text": _sentence(after)}
        if not mine["text"]:
            errors["text"] = ["Ghi chỉ tiêu bằng lời, hoặc chọn số mà phần mềm đếm được."]
    if errors:
        raise ValidationError(errors)
    return save_changes(goal, mine)


def _sentence(parts: dict[str, Any]) -> str:
    return sentence(
        measure=parts["measure"],
        scope=parts["scope"],
        unit=parts["unit_of_value"],
        comparison=parts["comparison"],
        value=parts["value"],
    )


def _wrong_parts(after: dict[str, Any]) -> dict[str, list[str]]:
    """A measure is counted in certain units and over certain households only."""
    errors: dict[str, list[str]] = {}
    if after["value"] is None:
        errors["value"] = ["Ghi mức phải đạt."]
    elif after["unit_of_value"] == GoalUnit.PERCENT and after["value"] > 100:
        errors["value"] = ["Tỷ lệ không quá 100 %."]
    if after["unit_of_value"] in COUNTED and after["value"] is not None and after["value"] % 1:
        errors["value"] = ["Số đếm không có phần lẻ."]
    if not after["measure"]:
        return errors
    measure = Measure(after["measure"])
    if after["unit_of_value"] not in units_of(measure):
        names = " hoặc ".join(unit.label for unit in units_of(measure))
        errors["unit_of_value"] = [f"«{measure.label}» tính bằng {names}."]
    if after["scope"] not in scopes_of(measure):
        names = ", hoặc ".join(scope.label for scope in scopes_of(measure))
        errors["scope"] = [f"Phần mềm chỉ đếm được trên: {names}. Chọn lại, hoặc bỏ trống ô số thực hiện để nhập tay."]
    return errors


def wrong_lead(unit_id: int, after: dict[str, Any]) -> dict[str, list[str]]:
    """Errors of who leads: one office at most, of the unit itself."""
    errors: dict[str, list[str]] = {}
    for name in ("lead_department", "lead_body"):
        if after[name] is not None and after[name].unit_id != unit_id:
            errors[name] = ["Nơi chủ trì này của đơn vị khác."]
    if after["lead_department"] is not None and after["lead_body"] is not None:
        errors["lead_body"] = ["Chọn phòng, ban hoặc cơ quan chủ trì, không chọn cả hai."]
    return errors


def _refuse_wrong_actual(actual: IndicatorActual, changes: dict[str, Any]) -> None:
    after: dict[str, Any] = {name: changes.get(name, getattr(actual, name, None)) for name in ACTUAL_FIELDS}
    goal = actual.goal
    errors = _wrong_day(after["on"], goal.plan.year)
    if goal.unit_of_value == GoalUnit.PERCENT:
        errors |= {name: ["Ghi số đạt và tổng số."] for name in ("part", "whole") if after[name] is None}
        if after["value"] is not None:
            errors["value"] = ["Tỷ lệ tính từ số đạt trên tổng số; bỏ trống ô này."]
        if after["whole"] == 0:
            errors["whole"] = ["Tổng số phải lớn hơn không."]
        elif None not in (after["part"], after["whole"]) and after["part"] > after["whole"]:
            errors["part"] = ["Số đạt nhiều hơn tổng số."]
    else:
        if after["value"] is None:
            errors["value"] = ["Ghi kết quả."]
        elif goal.unit_of_value in COUNTED and after["value"] % 1:
            errors["value"] = ["Số đếm không có phần lẻ."]
        errors |= {name: ["Bỏ trống ô này."] for name in ("part", "whole") if after[name] is not None}
    if not after["source"]:
        errors["source"] = ["Ghi nguồn: nơi báo cáo, văn bản."]
    if errors := errors or _impossible(goal, after):
        raise ValidationError(errors)


def _impossible(goal: IndicatorTarget, after: dict[str, Any]) -> dict[str, list[str]]:
    """More than the table leaves possible; nothing while it is not complete."""
    figures = table_of(goal.plan)
    limit = possible(facts_of(goal), figures) if figures else None
    name = "whole" if goal.unit_of_value == GoalUnit.PERCENT else "value"
    if limit is None or after[name] <= limit.most:
        return {}
    return {name: [f"Chỉ có {limit.words}; không ghi nhiều hơn."]}


def _wrong_day(on: datetime.date | None, year: int) -> dict[str, list[str]]:
    if on is None:
        return {"on": ["Ghi ngày mà kết quả tính đến."]}
    if on.year != year:
        return {"on": [f"Kết quả của năm {year} tính đến một ngày trong năm đó."]}
    return {"on": ["Ngày này chưa đến."]} if on > timezone.localdate() else {}
