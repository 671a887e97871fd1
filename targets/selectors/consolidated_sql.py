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
UNKNOWN = ", ".join("NULL" for _ in COUNTS)

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

# What is asked of units: net households in the approved tables above that have them as places, and the quotas they
# wrote down. A table above that nobody approved asks nothing yet.
ASKED = """
SELECT r.place_id, upper.level, said.subject, 'households', 'net', said.households, NULL::numeric
FROM targets_targetplan p JOIN areas_area upper ON upper.id = p.unit_id AND upper.level IN ('province', 'district')
JOIN targets_versionrow r ON r.version_id = p.in_force_id
CROSS JOIN LATERAL (VALUES ('poor', r.poor_reduction), ('near_poor', r.near_poor_reduction)) said (subject, households)
WHERE p.year = %(year)s AND r.place_id = ANY(%(units)s) AND said.households IS NOT NULL
UNION ALL
SELECT q.unit_id, q.issuer, q.subject, q.form, q.meaning, q.households, q.rate
FROM targets_quota q JOIN targets_targetplan p ON p.id = q.plan_id
WHERE p.year = %(year)s AND q.unit_id = ANY(%(units)s)
"""

# By year, of all communes that the area reaches, its predecessors' included: whose plans count, how many of these
# nobody submitted, the communes of the year's last day, and in up to two rows the sums, to be added. A plan counts once
# every village has its start, and not where a unit that followed has one for the same year.
TREND = f"""
WITH commune AS MATERIALIZED (
    SELECT unit.id, unit.valid_from, unit.valid_to
    FROM areas_area unit JOIN areas_reach reach ON reach.reached_id = unit.id AND reach.area_id = %(area)s
    WHERE unit.level = 'commune'
), wanted AS MATERIALIZED (
    SELECT p.id, p.year, p.unit_id, p.in_force_id, p.in_force_id IS NULL AND p.state IN ('draft', 'returned') AS unsent
    FROM targets_targetplan p JOIN commune ON commune.id = p.unit_id
    WHERE p.year BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
        SELECT FROM areas_succession s JOIN targets_targetplan later ON later.unit_id = s.successor_id
        WHERE s.predecessor_id = p.unit_id AND later.year = p.year
    ) AND (p.in_force_id IS NOT NULL OR (SELECT NOT bool_or({LACKING}) FROM targets_targetrow r WHERE r.plan_id = p.id))
)
SELECT p.year, NULL::bigint[], 0, NULL::bigint[], {ENDS}, {SUMS}
FROM wanted p JOIN targets_targetrow r ON r.plan_id = p.id WHERE p.in_force_id IS NULL GROUP BY 1
UNION ALL
SELECT p.year, NULL, 0, NULL, {ENDS}, {SUMS}
FROM wanted p JOIN targets_versionrow r ON r.version_id = p.in_force_id GROUP BY 1
UNION ALL
SELECT p.year, array_agg(p.unit_id), count(*) FILTER (WHERE p.unsent), NULL, NULL, {UNKNOWN} FROM wanted p GROUP BY 1
UNION ALL
SELECT day.year, NULL, 0, array_agg(commune.id), NULL, {UNKNOWN}
FROM (
    SELECT year, least(make_date(year, 12, 31), %(until)s::date) AS last FROM generate_series(%(first)s, %(last)s) year
) day JOIN commune ON commune.valid_from <= day.last AND (commune.valid_to IS NULL OR commune.valid_to >= day.last)
GROUP BY 1
"""  # noqa: S608 -- made of our own names of columns


def ask(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(values))
        return cursor.fetchall()
