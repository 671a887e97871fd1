"""Where the start figures come from: copied from the round recognised the year before, or typed.

A copy, not a link: what a correction changes afterwards shows as a finding until the table is submitted again.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from targets.choices import StartSource
from targets.models import TargetPlan
from targets.selectors.start import OF_THE_LIST, Start, recognised_start
from targets.services.gate import lock_open
from targets.services.movements import movements_copy
from targets.services.tables import set_rows


@transaction.atomic
def start_take(*, by: User | None, plan: TargetPlan) -> int:
    """Copy the start figures and movements from that round and keep to it; how many rows changed.

    From now on what the list knows is not typed by hand. ValidationError while nothing is recognised, or where a row
    would then contradict itself (reduces more than it has).
    """
    stored = lock_open(by=by, plan=plan)
    recognised = recognised_start(unit=stored.unit, year=stored.year)
    if recognised is None:
        raise ValidationError(f"Chưa có kết quả rà soát năm {stored.year - 1} được công nhận.")
    changed = _copy(by, stored, recognised, action="target_plan.take_start")
    _keep(by, stored, StartSource.RECOGNISED)
    return changed


@transaction.atomic
def start_refresh(*, plan: TargetPlan, by: User | None = None) -> int:
    """At submission: copy again what the list knows where the plan keeps to the round; how many rows changed.

    Households and population stay as they stand in the table: newer ones may have been typed since. Nothing happens
    to a plan with typed figures. ValidationError as in ``start_take``.
    """
    stored = lock_open(by=by, plan=plan)
    if stored.start_source != StartSource.RECOGNISED:
        return 0
    recognised = recognised_start(unit=stored.unit, year=stored.year) or {}
    listed = {
        place: {name: value for name, value in counts.items() if name in OF_THE_LIST}
        for place, counts in recognised.items()
    }
    return _copy(by, stored, listed, action="target_plan.refresh_start")


@transaction.atomic
def start_typed(*, by: User | None, plan: TargetPlan) -> TargetPlan:
    """Back to figures typed by hand; what was copied stays until somebody changes it."""
    stored = lock_open(by=by, plan=plan)
    _keep(by, stored, StartSource.TYPED)
    return stored


def _copy(by: User | None, plan: TargetPlan, recognised: Start, *, action: str) -> int:
    """Only rows that the table has: places added since come with ``plan_open``."""
    listed = set(plan.rows.values_list("place_id", flat=True))
    rows = {place: counts for place, counts in recognised.items() if place in listed and counts}
    try:
        done = set_rows(by=by, plan=plan, rows=rows, action=action, is_copy=True)
    except ValidationError as error:
        raise ValidationError(_by_place(error)) from error
    movements_copy(by=by, plan=plan, action=action)
    return done.changed


def _by_place(error: ValidationError) -> list[str]:
    """«Thôn Thượng: Số hộ nghèo giảm nhiều hơn …», row by row."""
    said = error.message_dict
    titles = {area.pk: area.title for area in Area.objects.filter(pk__in={key.partition(".")[0] for key in said})}
    return [
        f"{titles[int(key.partition('.')[0])]}: {sentence}" for key, sentences in said.items() for sentence in sentences
    ]


def _keep(by: User | None, plan: TargetPlan, source: StartSource) -> None:
    if plan.start_source != source:
        plan.start_source = source
        with acting(by=by, action="target_plan.start_source"):
            plan.save(update_fields=["start_source"])
            plan.refresh_from_db(fields=["version"])
