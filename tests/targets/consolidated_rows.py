"""Plans of units, with versions where one is in force, written row by row."""

import datetime
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from targets.choices import PlanState, VersionState
from targets.models import PlanVersion, TargetPlan, TargetRow, VersionRow
from tests.factories import AreaFactory, CommuneFactory, VillageFactory

Counts = Mapping[str, int | None]
START = {"households": 100, "population": 400, "poor_households": 20, "near_poor_households": 10}
PLANNED = START | {"poor_reduction": 5, "near_poor_reduction": 2}


_codes = count(100)


def district(parent: Area | None, **fields: Any) -> Area:
    code = str(next(_codes) % 900 + 100)
    said = {"name": "Vạn Thử"} | fields
    return AreaFactory(level=Level.DISTRICT, kind="huyện", code=code, parent=parent, **said)


def planned(
    unit: Area,
    year: int,
    rows: Sequence[Counts] = (PLANNED,),
    *,
    state: PlanState = PlanState.DRAFT,
    in_force: Sequence[Counts] | None = None,
    places: Sequence[Area] = (),
) -> TargetPlan:
    """A plan with a row a village, made anew unless ``places`` are given; ``in_force``: the rows approved."""
    plan = TargetPlan.objects.create(unit=unit, year=year)
    villages = list(places) or list(Area.objects.villages_of(unit))
    villages += [VillageFactory(parent=unit) for _ in range(max(len(rows), len(in_force or ())) - len(villages))]
    for village, counts in zip(villages, rows, strict=False):
        TargetRow.objects.create(plan=plan, unit=unit, place=village, **counts)
    if in_force is not None:
        version = PlanVersion.objects.create(plan=plan, unit=unit, number=1, state=VersionState.APPROVED)
        for village, counts in zip(villages, in_force, strict=False):
            VersionRow.objects.create(version=version, unit=unit, place=village, **counts)
        plan.in_force = version
    plan.state = state
    plan.save()
    return plan


def communes(parent: Area, number: int, **fields: Any) -> list[Area]:
    return [CommuneFactory(parent=parent, **fields) for _ in range(number)]


LAST_DAY_OF_DISTRICTS = datetime.date(2025, 6, 30)
