"""Workbooks that were brought in through the browser."""

from django.db import models

from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.exchange.choices import UploadState


@audited()
class Upload(models.Model):
    """A workbook that waits to be looked at, and what became of it; the file of a written one is kept as its source."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("loại bảng", max_length=20)
    file = models.FileField("tệp", upload_to="exchange/%Y/%m", blank=True)
    name = models.CharField("tên tệp", max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="người nạp")
    at = models.DateTimeField("lúc", auto_now_add=True)
    state = models.CharField("tình trạng", max_length=10, choices=UploadState, default=UploadState.WAITING)
    new = models.PositiveIntegerField("dòng mới", default=0)
    changed = models.PositiveIntegerField("dòng thay đổi", default=0)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp Excel nạp vào"
        indexes = [models.Index(fields=["unit", "-at"])]

    def __str__(self) -> str:
        return self.name
