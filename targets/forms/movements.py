"""What a page of movements sends: two counts for each transition of one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from households.choices import Transition
from povertyplan.core.numbers import NotACount
from targets.forms.table import VERSION, is_key, read_count

FIELDS = ("households", "persons")


@dataclass
class MovementCells:
    """``changes`` for the service, ``errors`` by «<transition>.<field>», and what was typed, likewise."""

    changes: dict[str, tuple[int, dict[str, int | None]]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def read_movements(data: Mapping[str, str], *, is_of_units: bool = False) -> MovementCells:
    """Cells are named ``<field>-<transition>``, each with its ``version-<transition>``, 0 where it is new."""
    cells = MovementCells()
    for transition in Transition.values:
        version = data.get(f"{VERSION}{transition}", "")
        if not is_key(version):
            continue
        values: dict[str, int | None] = {}
        for name in FIELDS:
            typed = data.get(f"{name}-{transition}")
            if typed is None:
                continue
            cells.typed[f"{transition}.{name}"] = typed
            try:
                values[name] = read_count(typed, is_of_units=is_of_units)
            except NotACount as error:
                cells.errors[f"{transition}.{name}"] = [str(error)]
        cells.changes[transition] = (int(version), values)
    return cells
