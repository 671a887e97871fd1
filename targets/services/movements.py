"""Writes of last year's movements: typed with the source of the start figures, or copied from the same round."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from households.choices import Transition
from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.versions import lock_and_merge
from targets.models import Movement, TargetPlan
from targets.rules.rows import count_fault
from targets.selectors.movements import is_from_the_round, recognised_movements
from targets.services.gate import lock_open

FIELDS = ("households", "persons")
FROM_THE_ROUND = (
    "Diễn biến lấy từ kết quả rà soát đã công nhận nên không gõ được. Muốn gõ thì đổi nguồn ở trang Nguồn số liệu."
)

Key = tuple[int | None, str]


@transaction.atomic
def movements_set(*, by: User | None, plan: TargetPlan, rows: Mapping[Key, Mapping[str, int | None]]) -> int:
    """Write ``{(place pk or None, transition): {"households": …, "persons": …}}`` whatever is stored, all or nothing.

    None is the unit as a whole. What is not named stays; a movement without any figure goes. Returns how many changed.
    Raises ValidationError by «<place pk or 0>.<transition>.<field>», or with one sentence.
    """
    stored = _typed_gate(by, plan)
    errors = {
        f"{place or 0}.{transition}.{name}": [sentence]
        for (place, transition), values in rows.items()
        for name, sentence in _faults(transition, values).items()
    }
    strangers = {place for place, _ in rows if place} - set(
        Area.objects.filter(parent=plan.unit).values_list("pk", flat=True)
    )
    errors |= {f"{place}.place": ["Địa bàn này không thuộc đơn vị."] for place in sorted(strangers)}
    if errors:
        raise ValidationError(errors)
    wanted = {key: {**dict.fromkeys(FIELDS), **values} for key, values in rows.items()}
    return _replace(by, stored, wanted, among=_stored(stored, wanted), action="movement.set")


@transaction.atomic
def movements_change(
    *,
    by: User | None,
    plan: TargetPlan,
    place: Area | None,
    changes: Mapping[str, tuple[int, Mapping[str, int | None]]],
) -> int:
    """Change movements of a place, or of the unit: ``{transition: (version or 0, {field: value})}``; how many changed.

    Raises EditConflict where somebody else wrote the same figure, ValidationError by «<transition>.<field>».
    """
    stored = _typed_gate(by, plan)
    errors = {
        f"{transition}.{name}": [sentence]
        for transition, (_, values) in changes.items()
        for name, sentence in _faults(transition, values).items()
    }
    if place is not None and place.parent_id != stored.unit_id:
        errors["place"] = [f"{place.title} không thuộc {stored.unit}."]
    if errors:
        raise ValidationError(errors)
    keys: dict[Key, Any] = {(place.pk if place else None, transition): None for transition in changes}
    among = _stored(stored, keys)
    wanted = {}
    for key in keys:
        version, mine = changes[key[1]]
        if key in among and among[key].version != version:
            rows = Movement.objects.filter(plan=stored)
            among[key], mine = lock_and_merge(rows, pk=among[key].pk, version=version, changes=mine)
        row = among.get(key)
        wanted[key] = {name: mine.get(name, getattr(row, name) if row else None) for name in FIELDS}
    return _replace(by, stored, wanted, among=among, action="movement.change")


def movements_copy(*, by: User | None, plan: TargetPlan, action: str) -> int:
    """Take the movements of the recognised round, where it knows them, instead of all that stand in the plan.

    For ``services.start``, inside its gate and transaction. How many changed.
    """
    known = recognised_movements(unit=plan.unit, year=plan.year)
    if known is None:
        return 0
    wanted: dict[Key, dict[str, int | None]] = {
        (place, transition): moves._asdict() for place, found in known.items() for transition, moves in found.items()
    }
    among = _stored(plan)
    gone = {key: dict.fromkeys(FIELDS) for key in among if key not in wanted}
    return _replace(by, plan, wanted | gone, among=among, action=action)


def _typed_gate(by: User | None, plan: TargetPlan) -> TargetPlan:
    stored = lock_open(by=by, plan=plan)
    if is_from_the_round(stored):
        raise ValidationError(FROM_THE_ROUND)
    return stored


def _faults(transition: str, values: Mapping[str, Any]) -> dict[str, str]:
    if transition not in Transition.values or set(values) - set(FIELDS):
        raise TypeError(f"no such movement: {transition} {sorted(values)}")
    return {name: sentence for name, value in values.items() if (sentence := count_fault(value))}


def _stored(plan: TargetPlan, keys: Iterable[Key] | None = None) -> dict[Key, Movement]:
    """Movements of the plan, locked, those of ``keys`` only if given; one query."""
    rows = Movement.objects.filter(plan=plan).select_for_update(of=("self",)).order_by("pk")
    found = {(row.place_id, row.transition): row for row in rows}
    return found if keys is None else {key: found[key] for key in keys if key in found}


def _replace(
    by: User | None,
    plan: TargetPlan,
    wanted: Mapping[Key, Mapping[str, int | None]],
    *,
    among: Mapping[Key, Movement],
    action: str,
) -> int:
    """Bring the stored movements to what is wanted: at most one insert, one update and one delete."""
    new, changed, gone = [], [], []
    for (place, transition), values in wanted.items():
        row = among.get((place, transition))
        is_empty = all(value is None for value in values.values())
        if row is None:
            if not is_empty:
                new.append(Movement(plan=plan, unit=plan.unit, place_id=place, transition=transition, **values))
        elif is_empty:
            gone.append(row.pk)
        elif any(getattr(row, name) != values[name] for name in FIELDS):
            for name in FIELDS:
                setattr(row, name, values[name])
            changed.append(row)
    with acting(by=by, action=action):
        Movement.objects.bulk_create(new)
        if changed:
            Movement.objects.bulk_update(changed, FIELDS)
        if gone:
            Movement.objects.filter(pk__in=gone).delete()
    return len(new) + len(changed) + len(gone)
