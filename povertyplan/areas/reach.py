"""Who reaches what: the table ``Reach`` derived from the tree and its successions."""

from collections.abc import Iterable

from django.db import connection, transaction

from povertyplan.areas.models import Area

REBUILD = """
WITH RECURSIVE edge (upper, lower) AS (
    SELECT parent_id, id FROM areas_area WHERE parent_id IS NOT NULL
    UNION
    SELECT successor_id, predecessor_id FROM areas_succession
), closure (area_id, reached_id) AS (
    SELECT id, id FROM areas_area
    UNION
    SELECT closure.area_id, edge.lower FROM closure JOIN edge ON edge.upper = closure.reached_id
), gone AS (
    DELETE FROM areas_reach old
    WHERE NOT EXISTS (
        SELECT FROM closure WHERE closure.area_id = old.area_id AND closure.reached_id = old.reached_id
    )
)
INSERT INTO areas_reach (area_id, reached_id)
SELECT area_id, reached_id FROM closure
WHERE NOT EXISTS (
    SELECT FROM areas_reach old WHERE old.area_id = closure.area_id AND old.reached_id = closure.reached_id
)
"""

EXTEND = """
INSERT INTO areas_reach (area_id, reached_id)
SELECT above.area_id, leaf.id FROM areas_area leaf JOIN areas_reach above ON above.reached_id = leaf.parent_id
WHERE leaf.id = ANY(%(ids)s)
UNION
SELECT leaf.id, leaf.id FROM areas_area leaf WHERE leaf.id = ANY(%(ids)s)
ON CONFLICT DO NOTHING
"""

# One writer at a time, so that two changes of the tree cannot each miss the other's rows; readers go on.
LOCK = "LOCK TABLE areas_reach IN SHARE ROW EXCLUSIVE MODE"


@transaction.atomic
def reach_rebuild() -> None:
    """Bring the whole table in line with the tree: only rows that differ are touched."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(REBUILD)


@transaction.atomic
def reach_extend(leaves: Iterable[Area]) -> None:
    """Add areas that have nothing below them and no predecessor yet: what the rebuild would add for them."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(EXTEND, {"ids": [leaf.pk for leaf in leaves]})
