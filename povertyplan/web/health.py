"""Is the installation alive: the database answers and a worker has given a sign of life."""

import datetime
from dataclasses import asdict, dataclass

from django.db import Error
from django.utils import timezone

from povertyplan.jobs.models import Heartbeat

FRESH = datetime.timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Health:
    database: bool
    worker: bool

    @property
    def is_well(self) -> bool:
        return self.database and self.worker

    def as_dict(self) -> dict[str, bool]:
        return asdict(self)


def health() -> Health:
    try:
        beats = Heartbeat.objects.filter(at__gt=timezone.now() - FRESH).exists()
    except Error:
        return Health(database=False, worker=False)
    return Health(database=True, worker=beats)
