"""The national papers of ``fixtures/papers.json``, shared by every unit."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from povertyplan.areas.national import successions_cite
from povertyplan.core.audit import acting
from povertyplan.papers.models import Paper
from povertyplan.papers.services import paper_add

SHIPPED = Path(settings.BASE_DIR) / "fixtures" / "papers.json"
DATES = ("date", "in_force_from", "in_force_to")


def shipped_papers() -> list[dict[str, Any]]:
    """Rows of the file with dates read."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return [
        {name: datetime.date.fromisoformat(value) if name in DATES and value else value for name, value in row.items()}
        for row in rows
    ]


@transaction.atomic
def papers_load() -> int:
    """Store what is missing and cite the resolutions in the successions of units; returns how many were added."""
    stored = set(Paper.objects.filter(unit__isnull=True).values_list("type", "number", "notation"))
    missing = [row for row in shipped_papers() if (row["type"], row["number"], row["notation"]) not in stored]
    with acting(by=None, action="paper.load"):
        for row in missing:
            paper_add(by=None, unit=None, **row)
        successions_cite(
            by=None, papers={paper.full_number: paper for paper in Paper.objects.filter(unit__isnull=True)}
        )
    return len(missing)
