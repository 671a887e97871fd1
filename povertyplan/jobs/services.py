"""Starting, cancelling and ending long work."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.jobs.choices import FINISHED, State
from povertyplan.jobs.models import Heartbeat, Job

KEEP = datetime.timedelta(days=30)
SILENT = datetime.timedelta(seconds=30)
LOST = "Máy chủ dừng giữa chừng nên việc này chưa xong. Hãy làm lại."


@transaction.atomic
def job_start(*, by: User, unit: Area, title: str, task: Task, **kwargs: Any) -> Job:
    """Put work in the queue, in the caller's transaction. ``task`` comes from ``tasks.long_work``; kwargs are JSON."""
    job = Job(unit=unit, requested_by=by, title=title)
    job.full_clean(exclude=["result"])
    job.save()
    task.enqueue(job_id=str(job.pk), **kwargs)
    return job


@transaction.atomic
def job_cancel(*, by: User, job: Job) -> Job:
    """Ask a job to stop: at once while it waits, at its next step while it runs."""
    row = Job.objects.visible_to(by).select_for_update(of=("self",)).get(pk=job.pk)
    if row.state in FINISHED:
        raise ValidationError("Việc này đã kết thúc nên không hủy được.")
    row.cancel_requested = True
    if row.state == State.WAITING:
        row.state, row.finished_at = State.CANCELLED, timezone.now()
    row.save()
    return row


def job_claim(*, pk: str, worker: str) -> Job | None:
    """Mark the job as running here; None when it was cancelled or taken before."""
    taken = Job.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.RUNNING, started_at=timezone.now(), worker=worker
    )
    return Job.objects.get(pk=pk) if taken else None


def job_finish(*, job: Job, state: State, message: str = "") -> None:
    job.state, job.message, job.finished_at = state, message[:1000], timezone.now()
    job.save(update_fields=["state", "message", "finished_at", "result", "result_name"])


def worker_beat(*, worker: str) -> None:
    Heartbeat.objects.update_or_create(worker=worker)


def worker_leave(*, worker: str) -> None:
    Heartbeat.objects.filter(worker=worker).delete()


def jobs_of_lost_workers_fail() -> int:
    """End jobs whose worker has given no sign of life; people are told to ask again. Returns how many."""
    alive = Heartbeat.objects.filter(at__gte=timezone.now() - SILENT).values("worker")
    Heartbeat.objects.filter(at__lt=timezone.now() - SILENT).delete()
    return (
        Job.objects.filter(state=State.RUNNING)
        .exclude(worker__in=alive)
        .update(state=State.FAILED, message=LOST, finished_at=timezone.now())
    )


def jobs_prune() -> int:
    """Drop jobs that ended a month ago, with their files. Returns how many."""
    old = list(Job.objects.filter(finished_at__lt=timezone.now() - KEEP))
    for job in old:
        job.result.delete(save=False)
    Job.objects.filter(pk__in=[job.pk for job in old]).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP).delete()
    return len(old)
