"""Who read or exported personal data, and how much of it."""

from django.db import models

from povertyplan.accounts.querysets import UnitScopedQuerySet


class AccessLog(models.Model):
    """One reading or export of citizen numbers; written once, never changed."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="người xem")
    what = models.CharField("nội dung", max_length=200)
    rows = models.PositiveIntegerField("số người")
    at = models.DateTimeField("lúc", auto_now_add=True)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký xem dữ liệu cá nhân"
        indexes = [models.Index(fields=["unit", "-at"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.what}"
