"""The consolidated table of a province of 135 communes with 16 villages over ten years, against SQL written by hand."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import connection

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas.choices import Level, Setting
from povertyplan.areas.models import Area
from povertyplan.areas.services import reach_rebuild
from targets.choices import PlanState, QuotaSubject, VersionState
from targets.models import PlanVersion, TargetPlan, TargetRow, VersionRow
from targets.rules.consolidated import Line, TrendYear
from targets.rules.figures import COUNTS, Figures
from targets.selectors.consolidated import TREND_YEARS, consolidated, trend
from tests.bench.measure import Row

COMMUNES, VILLAGES, YEAR = 135, 16, 2026
SINCE = datetime.date(2010, 1, 1)
KNOWN = (
    "households",
    "population",
    "poor_households",
    "near_poor_households",
    "minority_households",
    "minority_poor_households",
    "poor_reduction",
    "near_poor_reduction",
)


def rows() -> Iterator[Row]:
    area, user = make()
    assert TargetRow.objects.filter(plan__unit__parent=area).count() >= 20_000
    yield Row(
        workload=f"bảng tổng hợp {COMMUNES} xã × {VILLAGES} thôn × {TREND_YEARS} năm / SQL viết tay",
        ours=lambda: ours(area, user),
        other=lambda: by_hand(area),
        same=_same,
        bound=1.5,
        rounds=40,
    )


def make() -> tuple[Area, User]:
    """All years but the last are approved; the last is being drawn up."""
    area = _areas([("tỉnh", "Đo Tổng Hợp", "98", Level.PROVINCE, None)])[0]
    units = _areas([("xã", f"Đo {n}", f"{98000 + n}", Level.COMMUNE, area) for n in range(COMMUNES)])
    villages = _areas([("thôn", f"Thôn {n}", "", Level.VILLAGE, unit) for unit in units for n in range(VILLAGES)])
    for year in range(YEAR - TREND_YEARS + 1, YEAR + 1):
        _plans(units, villages, year)
    _upper(area, units)
    user = User.objects.create(username="do-tong-hop", full_name="Người Đo", must_change_password=False)
    Grant.objects.create(user=user, role=Role.REVIEWER, area=area, valid_from=SINCE)
    reach_rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself a minute later
    return area, user


def _areas(said: list[tuple[str, str, str, Level, Area | None]]) -> list[Area]:
    return Area.objects.bulk_create(
        Area(
            kind=kind,
            name=name,
            code=code,
            level=level,
            parent=parent,
            valid_from=SINCE,
            sort_key=f"{number:05d}",
            setting=Setting.RURAL if level == Level.COMMUNE else "",
        )
        for number, (kind, name, code, level, parent) in enumerate(said)
    )


def _plans(units: list[Area], villages: list[Area], year: int) -> None:
    plans = {unit.pk: TargetPlan(unit=unit, year=year) for unit in units}
    TargetPlan.objects.bulk_create(plans.values())
    rows = [(village.parent_id or 0, village, _row(number, year)) for number, village in enumerate(villages)]
    TargetRow.objects.bulk_create(
        TargetRow(plan=plans[unit], unit_id=unit, place=village, **row) for unit, village, row in rows
    )
    if year == YEAR:
        return
    versions = {
        unit: PlanVersion(plan=plan, unit_id=unit, number=1, state=VersionState.APPROVED)
        for unit, plan in plans.items()
    }
    PlanVersion.objects.bulk_create(versions.values())
    VersionRow.objects.bulk_create(
        VersionRow(version=versions[unit], unit_id=unit, place=village, **row) for unit, village, row in rows
    )
    for unit, plan in plans.items():
        plan.in_force, plan.state = versions[unit], PlanState.APPROVED
    TargetPlan.objects.bulk_update(plans.values(), ["in_force", "state"])


def _row(number: int, year: int) -> dict[str, int]:
    poor, near_poor = (number * 7 + year) % 23, (number * 5 + year) % 19
    counts = (
        100 + number % 90,
        400 + number % 300,
        poor,
        near_poor,
        poor + near_poor,
        poor // 2,
        poor // 3,
        near_poor // 4,
    )
    more = {"expected_households": 101 + number % 90} if number % 3 == 0 else {}
    return dict(zip(KNOWN, counts, strict=True)) | more


def _upper(area: Area, units: list[Area]) -> None:
    """The province's own table is approved: only then it asks something of its units."""
    plan = TargetPlan.objects.create(unit=area, year=YEAR)
    version = PlanVersion.objects.create(plan=plan, unit=area, number=1, state=VersionState.APPROVED)
    rows = [(unit, {"poor_households": 400, "poor_reduction": 40 + number}) for number, unit in enumerate(units)]
    TargetRow.objects.bulk_create(TargetRow(plan=plan, unit=area, place=unit, **row) for unit, row in rows)
    VersionRow.objects.bulk_create(VersionRow(version=version, unit=area, place=unit, **row) for unit, row in rows)
    plan.in_force, plan.state = version, PlanState.APPROVED
    plan.save()


Answer = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


def ours(area: Area, user: User) -> tuple[tuple[Line, ...], tuple[TrendYear, ...]]:
    """What the page asks for."""
    return consolidated(area=area, year=YEAR, user=user).lines, trend(area=area, year=YEAR)


ADDED = (
    ", ".join(f"sum(r.{name})" for name in COUNTS if name != "expected_households")
    + ", CASE WHEN count(r.expected_households) > 0 THEN sum(coalesce(r.expected_households, r.households, 0)) END"
)
NAMES = ", ".join(COUNTS)
LACKING = "r.households IS NULL OR r.poor_households IS NULL OR r.near_poor_households IS NULL"
TABLE = f"""
WITH unit AS (
    SELECT id, code, name, sort_key FROM areas_area
    WHERE level = 'commune' AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
        AND (parent_id = %(area)s OR parent_id IN (SELECT id FROM areas_area WHERE parent_id = %(area)s))
), found (plan, unit, year, state, number, villages, incomplete, {NAMES}) AS (
    SELECT p.id, p.unit_id, p.year, p.state, NULL::smallint, count(r.id), count(r.id) FILTER (WHERE {LACKING}), {ADDED}
    FROM targets_targetplan p JOIN unit ON unit.id = p.unit_id LEFT JOIN targets_targetrow r ON r.plan_id = p.id
    WHERE p.year IN (%(year)s, %(year)s - 1) AND p.in_force_id IS NULL GROUP BY p.id
    UNION ALL
    SELECT p.id, p.unit_id, p.year, p.state, v.number, count(r.id), count(r.id) FILTER (WHERE {LACKING}), {ADDED}
    FROM targets_targetplan p JOIN unit ON unit.id = p.unit_id JOIN targets_planversion v ON v.id = p.in_force_id
    LEFT JOIN targets_versionrow r ON r.version_id = v.id
    WHERE p.year IN (%(year)s, %(year)s - 1) GROUP BY p.id, v.number
)
SELECT unit.id, unit.code, unit.name, coalesce(now.state, ''), now.number, coalesce(now.villages, 0),
    coalesce(now.incomplete, 0), asked.poor_reduction,
    (SELECT count(*) FROM targets_comment c WHERE c.plan_id = now.plan AND c.closed_at IS NULL),
    {", ".join(f"now.{name}" for name in COUNTS)}, {", ".join(f"before.{name}" for name in COUNTS)}
FROM unit LEFT JOIN found now ON now.unit = unit.id AND now.year = %(year)s
LEFT JOIN found before ON before.unit = unit.id AND before.year = %(year)s - 1
LEFT JOIN LATERAL (
    SELECT r.poor_reduction FROM targets_versionrow r JOIN targets_targetplan p ON p.in_force_id = r.version_id
    WHERE r.place_id = unit.id AND p.year = %(year)s
) asked ON true
ORDER BY unit.sort_key, unit.id
"""  # noqa: S608 -- names of columns, ours
BY_YEAR = f"""
WITH commune AS MATERIALIZED (
    SELECT c.id, c.valid_from, c.valid_to FROM areas_area c JOIN areas_reach ON reached_id = c.id AND area_id = %(area)s
    WHERE c.level = 'commune'
), plan AS MATERIALIZED (
    SELECT p.id, p.year, p.in_force_id, p.state FROM targets_targetplan p JOIN commune ON commune.id = p.unit_id
    WHERE p.year > %(year)s - {TREND_YEARS} AND p.year <= %(year)s
        AND (p.in_force_id IS NOT NULL
            OR (SELECT NOT bool_or({LACKING}) FROM targets_targetrow r WHERE r.plan_id = p.id))
)
SELECT year, sum(units)::int, sum(unsent)::int, (
        SELECT count(*) FROM commune
        WHERE valid_from <= make_date(year, 12, 31) AND (valid_to IS NULL OR valid_to >= make_date(year, 12, 31))
    )::int, {", ".join(f"sum({name})" for name in COUNTS if name != "expected_households")},
    CASE WHEN count(expected_households) > 0 THEN sum(coalesce(expected_households, households, 0)) END
FROM (
    SELECT p.year, count(DISTINCT p.id), count(DISTINCT p.id) FILTER (WHERE p.state IN ('draft', 'returned')), {ADDED}
    FROM plan p JOIN targets_targetrow r ON r.plan_id = p.id WHERE p.in_force_id IS NULL GROUP BY 1
    UNION ALL
    SELECT p.year, count(DISTINCT p.id), 0, {ADDED}
    FROM plan p JOIN targets_versionrow r ON r.version_id = p.in_force_id GROUP BY 1
) AS arms (year, units, unsent, {NAMES}) GROUP BY 1 ORDER BY 1
"""  # noqa: S608 -- names of columns, ours


def by_hand(area: Area) -> Answer:
    """The same rows with as little as a person would ask."""
    values: dict[str, Any] = {"area": area.pk, "year": YEAR, "day": datetime.date(YEAR, 12, 31)}
    with connection.cursor() as cursor:
        cursor.execute(TABLE, values)
        table = cursor.fetchall()
        cursor.execute(BY_YEAR, values)
        return table, cursor.fetchall()


def _same(found: Any, other: Answer) -> None:
    lines, years = found
    assert [_shown(line) for line in lines] == other[0]
    covers = [(row.year, row.cover) for row in years]
    said = [(year, cover.units, cover.unsent, cover.whole) for year, cover in covers]
    assert [(*facts, *_counts(row.figures)) for facts, row in zip(said, years, strict=True)] == other[1]
    assert len(lines) == COMMUNES
    assert len(years) == TREND_YEARS


def _shown(line: Line) -> tuple[Any, ...]:
    now, before = (_counts(figures) for figures in (line.figures, line.before))
    asked = line.asked_of(QuotaSubject.POOR)
    facts = (line.state, line.number, line.villages, line.incomplete, asked, line.comments)
    return (line.pk, line.code, line.name, *facts, *now, *before)


def _counts(figures: Figures | None) -> tuple[int | None, ...]:
    return tuple(getattr(figures, name, None) for name in COUNTS)
