"""Long work as people see it. The queue itself is the tables of ``django_tasks_db``."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models

from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.jobs.choices import FINISHED, State

if TYPE_CHECKING:
    from povertyplan.accounts.models import User


class JobQuerySet(UnitScopedQuerySet):
    def visible_to(self, user: "User") -> Self:
        """A job and its result belong to who asked for it, while the unit is still in reach."""
        return super().visible_to(user).filter(requested_by_id=user.pk)

    def for_list(self) -> Self:
        return self.select_related("unit", "requested_by").order_by("-created_at")


class Job(models.Model):
    """One piece of work that a person asked for: how far it is, how it ended, what it made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    title = models.CharField("việc", max_length=200)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng số", default=0)
    message = models.CharField("thông báo", max_length=1000, blank=True)
    worker = models.CharField("máy chạy", max_length=64, blank=True)
    cancel_requested = models.BooleanField("yêu cầu hủy", default=False)
    result = models.FileField("kết quả", upload_to="jobs/%Y/%m", blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


class Heartbeat(models.Model):
    """A worker's last sign of life; ``/healthz`` reads it."""

    worker = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.worker} {self.at:%H:%M:%S}"
