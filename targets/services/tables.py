"""The only writes of target plans. ``by=None`` is the system (commands), which enters but never approves."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.versions import lock_and_merge, save_changes
from targets.models import TargetPlan, TargetRow
from targets.rules.figures import COUNTS
from targets.selectors.tables import recognised_start

PLAN_FIELDS = ("source_paper", "source_note", "cut_off", "poor_persons", "near_poor_persons")


@transaction.atomic
def plan_open(*, by: User | None, unit: Area, year: int) -> TargetPlan:
    """The unit's plan of the year, made with an empty row per village where there was none.

    Villages that the unit got later are added. Twice is once.
    """
    demand(can_enter, by, unit)
    with acting(by=by, action="target_plan.open"):
        plan, _ = TargetPlan.objects.get_or_create(unit=unit, year=year)
        known = set(plan.rows.values_list("place_id", flat=True))
        villages = Area.objects.filter(level=Level.VILLAGE, parent=unit).valid_in_year(year).exclude(pk__in=known)
        TargetRow.objects.bulk_create(TargetRow(plan=plan, unit=unit, place=village) for village in villages)
    return plan


@transaction.atomic
def plan_describe(*, by: User | None, plan: TargetPlan, version: int, **changes: Any) -> TargetPlan:
    """Where the start figures come from, and counts known for the unit only. Raises EditConflict."""
    demand(can_enter, by, plan.unit)
    unknown = set(changes) - set(PLAN_FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a target plan: {sorted(unknown)}")
    with acting(by=by, action="target_plan.describe"):
        return save_changes(*lock_and_merge(TargetPlan.objects.all(), pk=plan.pk, version=version, changes=changes))


@transaction.atomic
def row_set(*, by: User | None, plan: TargetPlan, place: Area, **counts: int | None) -> TargetRow:
    """Write counts of a place as a whole, whatever is stored: for loading, not for editing."""
    demand(can_enter, by, plan.unit)
    if place.parent_id != plan.unit_id:
        raise ValidationError(f"{place.title} không thuộc {plan.unit}.")
    with acting(by=by, action="target_row.set"):
        row = TargetRow.objects.filter(plan=plan, place=place).first()
        return save_changes(row or TargetRow(plan=plan, unit=plan.unit, place=place), counts)


@transaction.atomic
def start_take(*, by: User | None, plan: TargetPlan) -> int:
    """Copy the start figures from the review recognised the year before; how many villages changed.

    A copy, not a link: what is corrected afterwards shows as a finding. ValidationError while nothing is recognised,
    or where a village would reduce more than it then has.
    """
    demand(can_enter, by, plan.unit)
    recognised = recognised_start(unit=plan.unit, year=plan.year)
    if recognised is None:
        raise ValidationError(f"Chưa có kết quả rà soát năm {plan.year - 1} được công nhận.")
    errors, changed = [], 0
    with acting(by=by, action="target_plan.take_start"):
        for row in plan.rows.select_for_update(of=("self",)).select_related("place").order_by("pk"):
            before = row.version
            try:
                changed += save_changes(row, recognised.get(row.place_id, {})).version != before
            except ValidationError as error:
                errors += [f"{row.place.title}: {sentence}" for sentence in error.messages]
        if errors:
            raise ValidationError(errors)
    return changed


@transaction.atomic
def cells_change(
    *, by: User | None, plan: TargetPlan, changes: Mapping[int, tuple[int, Mapping[str, int | None]]]
) -> list[TargetRow]:
    """Change single cells: ``{row pk: (version it was read at, {field: value})}``; all or nothing.

    A cell that somebody else changed since that version raises EditConflict; other cells of the row do not matter.
    Raises ValidationError with a dict ``{"<pk>.<field>": [sentence]}`` that names every bad cell at once.
    """
    demand(can_enter, by, plan.unit)
    rows = TargetRow.objects.select_related("place").filter(plan=plan)
    errors: dict[str, list[str]] = {}
    saved = []
    with acting(by=by, action="target_row.change"):
        for pk, (version, values) in sorted(changes.items()):
            row, mine = lock_and_merge(rows, pk=pk, version=version, changes=values)
            mine = {name: value for name, value in mine.items() if getattr(row, name) != value}
            try:
                saved.append(save_changes(row, mine))
            except ValidationError as error:
                errors |= _by_cell(pk, mine, error)
        if errors:
            raise ValidationError(errors)
    return saved


def _by_cell(pk: int, values: Iterable[str], error: ValidationError) -> dict[str, list[str]]:
    """Put each sentence on the cell it speaks of; one about the row goes to the first cell that was changed."""
    first = next(iter(values))
    by_field = error.message_dict if hasattr(error, "error_dict") else {first: error.messages}
    cells: dict[str, list[str]] = {}
    for field, sentences in by_field.items():
        cells.setdefault(f"{pk}.{field if field in COUNTS else first}", []).extend(sentences)
    return cells
