"""After many rows at once: let the database know, before the same transaction goes on to ask about them.

PostgreSQL plans by statistics that it gathers only from what is committed. A transaction that writes thousands of rows
and then joins them would be planned as if the tables were empty.
"""

from collections.abc import Sized

from django.db import connection, models

MANY = 200


def learn(written: Sized, *tables: type[models.Model]) -> None:
    """Gather statistics of the tables when ``written`` are many rows."""
    if len(written) < MANY:
        return
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
