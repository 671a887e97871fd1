"""The statements behind ``selectors.consolidated``: sums over thousands of rows, asked as SQL.

Everywhere: of a plan with a version in force the rows of that version, of others the rows as they stand.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from targets.rules.figures import COUNTS, START_COUNTS

SUMS = ", ".join(f"sum(r.{name})" for name in COUNTS)
LACKING = " OR ".join(f"r.{name} IS NULL" for name in START_COUNTS)
# Households expected at the end, blank meaning those of the start: ``rules.figures.total``.
ENDS = "sum(coalesce(r.expected_households, r.households, 0))"

# Communes with whom they took over; ``divided``: not every one of these wholly; ``followed``: before the end of the
# year another unit got the code.
UNITS = """
SELECT unit.id, unit.code, unit.name, unit.kind, unit.sort_key, unit.is_sample,
    CASE WHEN unit.parent_id <> %(area)s THEN above.kind || ' ' || above.name ELSE '' END,
    ARRAY(SELECT s.predecessor_id FROM areas_succession s WHERE s.successor_id = unit.id),
    EXISTS (
        SELECT FROM areas_succession s JOIN areas_succession other USING (predecessor_id)
        WHERE s.successor_id = unit.id AND other.successor_id <> unit.id
    ),
    %(day)s < %(end)s AND EXISTS (
        SELECT FROM areas_area later
        WHERE later.level = 'commune' AND later.code = unit.code
            AND later.valid_from > %(day)s AND later.valid_from <= %(end)s
    ),
    (
        SELECT count(*) FROM targets_comment c JOIN targets_targetplan p ON p.id = c.plan_id
        WHERE c.unit_id = unit.id AND p.year = %(year)s AND c.closed_at IS NULL
    )
FROM areas_area unit JOIN areas_area above ON above.id = unit.parent_id
WHERE unit.level = 'commune' AND (unit.parent_id = %(area)s OR above.parent_id = %(area)s)
    AND unit.valid_from <= %(day)s AND (unit.valid_to IS NULL OR unit.valid_to >= %(day)s)
ORDER BY unit.sort_key, unit.id
"""

# Plans of the year, and of the year before also of predecessors.
PLANS = f"""
WITH wanted AS (
    SELECT id, unit_id, year, state, in_force_id FROM targets_targetplan
    WHERE year = %(year)s AND unit_id = ANY(%(units)s) OR year = %(year)s - 1 AND unit_id = ANY(%(before)s)
)
SELECT p.unit_id, p.year, p.id, p.state, NULL::smallint,
    count(r.id), count(r.id) FILTER (WHERE {LACKING}), {ENDS}, {SUMS}
FROM wanted p LEFT JOIN targets_targetrow r ON r.plan_id = p.id
WHERE p.in_force_id IS NULL GROUP BY 1, 2, 3, 4
UNION ALL
SELECT p.unit_id, p.year, p.id, p.state, v.number, count(r.id), count(r.id) FILTER (WHERE {LACKING}), {ENDS}, {SUMS}
FROM wanted p JOIN targets_planversion v ON v.id = p.in_force_id LEFT JOIN targets_versionrow r ON r.version_id = v.id
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 -- made of our own names of columns

# What is asked of units: net households in the tables above that have them as places, and the quotas they wrote down.
ASKED = """
SELECT r.place_id, upper.level, said.subject, 'households', 'net', said.households, NULL::numeric
FROM targets_targetplan p JOIN areas_area upper ON upper.id = p.unit_id AND upper.level IN ('province', 'district')
CROSS JOIN LATERAL (
    SELECT place_id, poor_reduction, near_poor_reduction FROM targets_targetrow
    WHERE plan_id = p.id AND p.in_force_id IS NULL
    UNION ALL
    SELECT place_id, poor_reduction, near_poor_reduction FROM targets_versionrow WHERE version_id = p.in_force_id
) r
CROSS JOIN LATERAL (VALUES ('poor', r.poor_reduction), ('near_poor', r.near_poor_reduction)) said (subject, households)
WHERE p.year = %(year)s AND r.place_id = ANY(%(units)s) AND said.households IS NOT NULL
UNION ALL
SELECT q.unit_id, q.issuer, q.subject, q.form, q.meaning, q.households, q.rate
FROM targets_quota q JOIN targets_targetplan p ON p.id = q.plan_id
WHERE p.year = %(year)s AND q.unit_id = ANY(%(units)s)
"""

# By year, of all communes that the area reaches, its predecessors' included; a plan does not count where a unit that
# followed has one for the same year. Up to three rows a year, to be added: how many plans, and two with sums.
TREND = f"""
WITH wanted AS MATERIALIZED (
    SELECT p.id, p.year, p.in_force_id
    FROM targets_targetplan p JOIN areas_reach reach ON reach.reached_id = p.unit_id AND reach.area_id = %(area)s
    JOIN areas_area unit ON unit.id = p.unit_id AND unit.level = 'commune'
    WHERE p.year BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
        SELECT FROM areas_succession s JOIN targets_targetplan later ON later.unit_id = s.successor_id
        WHERE s.predecessor_id = p.unit_id AND later.year = p.year
    )
)
SELECT p.year, 0, {ENDS}, {SUMS} FROM wanted p JOIN targets_targetrow r ON r.plan_id = p.id
WHERE p.in_force_id IS NULL GROUP BY 1
UNION ALL
SELECT p.year, 0, {ENDS}, {SUMS} FROM wanted p JOIN targets_versionrow r ON r.version_id = p.in_force_id GROUP BY 1
UNION ALL
SELECT p.year, count(*), NULL, {", ".join("NULL" for _ in COUNTS)} FROM wanted p GROUP BY 1
"""  # noqa: S608 -- made of our own names of columns


def ask(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(values))
        return cursor.fetchall()
