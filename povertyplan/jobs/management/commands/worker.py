"""The worker: takes work from the queue, one at a time, and shows that it lives."""

import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django_tasks_db.management.commands.db_worker import Worker

from povertyplan.jobs import services
from povertyplan.jobs.tasks import WORKER

BEAT_SECONDS = 5
BEATS_BETWEEN_PRUNES = 720  # an hour


class Command(BaseCommand):
    help = "Chạy các việc trong hàng đợi cho đến khi bị dừng."

    def handle(self, *args: Any, **options: Any) -> None:
        services.worker_beat(worker=WORKER)
        services.jobs_of_lost_workers_fail()
        stop = threading.Event()
        pulse = threading.Thread(target=_pulse, args=(stop,), daemon=True)
        pulse.start()
        worker = Worker(
            queue_names=["default"],
            interval=0.5,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=WORKER,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        try:
            worker.run()
        finally:
            stop.set()
            pulse.join(timeout=BEAT_SECONDS)
            services.worker_leave(worker=WORKER)


def _pulse(stop: threading.Event) -> None:
    """A sign of life every few seconds, over a connection of its own; now and then the tidying."""
    beats = 0
    while not stop.wait(BEAT_SECONDS):
        services.worker_beat(worker=WORKER)
        services.jobs_of_lost_workers_fail()
        if beats % BEATS_BETWEEN_PRUNES == 0:
            services.jobs_prune()
        beats += 1
        connection.close()
