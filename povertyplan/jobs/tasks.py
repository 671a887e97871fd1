"""From a plain function to work in the queue with progress, cancel and a result file."""

import logging
import os
import socket
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django_tasks import task
from django_tasks.base import Task

from povertyplan.core.audit import acting
from povertyplan.jobs import services
from povertyplan.jobs.choices import State
from povertyplan.jobs.models import Job

logger = logging.getLogger(__name__)
WORKER = f"{socket.gethostname()[:40]}:{os.getpid()}"
Work = Callable[..., "tuple[str, bytes] | None"]


class JobCancelled(Exception):
    """The person who asked for the work stopped it."""


class WorkRefused(Exception):
    """The work cannot be done as asked; the message is a Vietnamese sentence for the person."""


class Progress:
    """What the work says of itself. Call outside transactions, or nobody sees it before the end."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def report(self, done: int, total: int, message: str = "") -> None:
        """Store how far the work is. Raises JobCancelled when the person has asked to stop."""
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, message=message)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled


def long_work(function: Work) -> Task:
    """Decorator of ``(progress, **kwargs) -> (file name, bytes) | None`` at module level; give it to ``job_start``."""

    @task()
    @wraps(function)
    def run(*, job_id: str, **kwargs: Any) -> None:
        job = services.job_claim(pk=job_id, worker=WORKER)
        if job is not None:
            _run(job, function, kwargs)

    return run


def _run(job: Job, function: Work, kwargs: dict[str, Any]) -> None:
    try:
        with acting(by=job.requested_by, action=f"job {job.title}"):
            result = function(Progress(job), **kwargs)
        if result is not None:
            job.result_name, content = result
            job.result.save(job.result_name, ContentFile(content), save=False)
        services.job_finish(job=job, state=State.DONE)
    except JobCancelled:
        services.job_finish(job=job, state=State.CANCELLED)
    except (WorkRefused, ValidationError) as refusal:
        sentences = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        services.job_finish(job=job, state=State.FAILED, message=" ".join(sentences))
    except Exception:
        logger.exception("job %s failed", job.pk)
        services.job_finish(job=job, state=State.FAILED, message=f"Lỗi của phần mềm. Báo quản trị mã {job.pk}.")
        raise
