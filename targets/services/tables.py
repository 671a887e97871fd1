"""Writes of the target table. ``by=None`` is the system (commands), which enters but never approves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import demand
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.versions import lock_and_merge, save_changes
from targets.models import TargetPlan, TargetRow
from targets.permissions import can_plan
from targets.rules.figures import FOR_THE_UNIT
from targets.selectors.places import places_of
from targets.services import rows as writing
from targets.services.gate import lock_open

PLAN_FIELDS = ("source_paper", "source_note", "cut_off", *FOR_THE_UNIT, "layout")


@transaction.atomic
def plan_open(*, by: User | None, unit: Area, year: int) -> TargetPlan:
    """The unit's plan of the year, made with an empty row per place where there was none.

    Places that the unit got later are added, which demands that the plan is open. Twice is once.
    """
    demand(can_plan, by, unit)
    with acting(by=by, action="target_plan.open"):
        plan, _ = TargetPlan.objects.get_or_create(unit=unit, year=year)
        missing = list(places_of(unit, year).exclude(pk__in=plan.rows.values("place_id")))
        if missing:
            lock_open(by=by, plan=plan)
            rows = [TargetRow(plan=plan, unit=unit, place=place) for place in missing]
            TargetRow.objects.bulk_create(rows, ignore_conflicts=True)
    return plan


@transaction.atomic
def plan_describe(*, by: User | None, plan: TargetPlan, version: int, **changes: Any) -> TargetPlan:
    """Where the start figures come from, counts known for the unit only, and how the table is printed.

    Raises EditConflict, or ValidationError while the plan is closed.
    """
    unknown = set(changes) - set(PLAN_FIELDS)
    if unknown:
        raise TypeError(f"no such fields of a target plan: {sorted(unknown)}")
    lock_open(by=by, plan=plan)
    with acting(by=by, action="target_plan.describe"):
        return save_changes(*lock_and_merge(TargetPlan.objects.all(), pk=plan.pk, version=version, changes=changes))


@transaction.atomic
def row_set(*, by: User | None, plan: TargetPlan, place: Area, **counts: Any) -> TargetRow:
    """Write counts of one place, whatever is stored: for loading, not for editing. ValidationError by field."""
    try:
        rows_set(by=by, plan=plan, rows={place.pk: counts})
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        raise ValidationError({key.partition(".")[2]: said for key, said in error.message_dict.items()}) from error
    return TargetRow.objects.get(plan=plan, place=place)


@dataclass(frozen=True, kw_only=True)
class RowsSet:
    """How many rows were made, changed, and left as they were."""

    new: int
    changed: int
    unchanged: int


@transaction.atomic
def rows_set(*, by: User | None, plan: TargetPlan, rows: Mapping[int, Mapping[str, Any]]) -> RowsSet:
    """Write ``{place pk: {field: value}}`` whatever is stored, all or nothing: for imports and allocation.

    Fields are the counts and ``remark``; what is not named stays. A constant number of queries; a row that is as
    stored is not touched. Raises ValidationError with a dict ``{"<place pk>.<field>": [sentence]}`` for all rows at
    once, the key «<place pk>.place» for a place that is not of the unit.
    """
    stored = lock_open(by=by, plan=plan)
    return set_rows(by=by, plan=stored, rows=rows, action="target_row.set")


def set_rows(
    *, by: User | None, plan: TargetPlan, rows: Mapping[int, Mapping[str, Any]], action: str, is_copy: bool = False
) -> RowsSet:
    """The same inside the gate, for services of this app; ``is_copy`` as in ``services.rows.put``."""
    for values in rows.values():
        writing.refuse_unknown(values)
    known = {row.place_id: row for row in _locked(plan).filter(place__in=list(rows))}
    errors = _strangers(plan, set(rows) - known.keys())
    new, changed = [], []
    for place, values in rows.items():
        row = known.get(place) or TargetRow(plan=plan, unit=plan.unit, place_id=place)
        differs, wrong = writing.put(plan, row, values, is_copy=is_copy)
        errors |= {f"{place}.{name}": said for name, said in wrong.items()}
        if place not in known:
            new.append(row)
        elif differs:
            changed.append(row)
    writing.raise_if(errors)
    with acting(by=by, action=action):
        TargetRow.objects.bulk_create(new)
        writing.write(changed)
    return RowsSet(new=len(new), changed=len(changed), unchanged=len(rows) - len(new) - len(changed))


def _locked(plan: TargetPlan) -> Any:
    return TargetRow.objects.filter(plan=plan).select_for_update(of=("self",)).order_by("pk")


def _strangers(plan: TargetPlan, places: set[int]) -> dict[str, list[str]]:
    """Places that get a row although they are no part of the unit."""
    if not places:
        return {}
    found = Area.objects.in_bulk(places)
    return {
        f"{pk}.place": [f"{found[pk].title} không thuộc {plan.unit}." if pk in found else "Không có địa bàn này."]
        for pk in sorted(places)
        if pk not in found or found[pk].parent_id != plan.unit_id
    }


@transaction.atomic
def cells_change(
    *, by: User | None, plan: TargetPlan, changes: Mapping[int, tuple[int, Mapping[str, Any]]]
) -> list[TargetRow]:
    """Change single cells: ``{row pk: (version it was read at, {field: value})}``; all or nothing.

    A cell that somebody else changed since that version raises EditConflict; other cells of the row do not matter.
    Raises ValidationError with a dict ``{"<pk>.<field>": [sentence]}`` that names every bad cell at once, or with one
    sentence while the plan is closed. Three statements where nobody else wrote meanwhile, however many cells.
    """
    stored = lock_open(by=by, plan=plan)
    rows = {row.pk: row for row in _locked(stored).filter(pk__in=list(changes))}
    if len(rows) < len(changes):
        raise TargetRow.DoesNotExist
    errors: dict[str, list[str]] = {}
    written = []
    with acting(by=by, action="target_row.change"):
        for pk, (version, values) in sorted(changes.items()):
            writing.refuse_unknown(values)
            row, mine = rows[pk], values
            if row.version != version:
                row, mine = lock_and_merge(TargetRow.objects.all(), pk=pk, version=version, changes=values)
                rows[pk] = row
            differs, wrong = writing.put(stored, row, mine)
            errors |= {f"{pk}.{name}": said for name, said in wrong.items()}
            if differs:
                written.append(row)
        writing.raise_if(errors)
        writing.write(written)
    return [rows[pk] for pk in sorted(rows)]
