"""System checks: what must be there before anything is migrated or served."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from povertyplan import postgres


@register(Tags.database)
def database_can_carry_us(databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """An old server or a missing extension is named by ``migrate``, ``serve`` and ``check --database default``."""
    return [
        Error(problem, id="core.E001") for alias in databases or [] for problem in postgres.problems(connections[alias])
    ]
