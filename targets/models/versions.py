"""What was submitted, returned and approved: frozen copies of the table, and what others said of it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from povertyplan.core.audit import audited
from targets.choices import VersionState
from targets.models.plans import Counts, PlanPart, TargetPlan, TargetRow


@audited()
class PlanVersion(PlanPart):
    """The table as it was submitted; its rows never change. One version of a plan is in force at most."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("bản số")
    state = models.CharField("tình trạng", max_length=10, choices=VersionState, default=VersionState.SUBMITTED)
    submitted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trình"
    )
    submitted_at = models.DateTimeField("trình lúc", auto_now_add=True)
    submit_note = models.CharField("lời trình", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lãnh đạo quyết định"
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    above_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cấp trên quyết định"
    )
    above_at = models.DateTimeField("cấp trên quyết định lúc", null=True, blank=True)
    returned_because = models.CharField("lý do trả lại", max_length=500, blank=True)
    paper = models.ForeignKey(
        "papers.Paper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quyết định giao, điều chỉnh",
    )
    adjusted_because = models.CharField("lý do điều chỉnh", max_length=500, blank=True)
    poor_persons = models.PositiveIntegerField("khẩu nghèo đầu năm", null=True, blank=True)
    near_poor_persons = models.PositiveIntegerField("khẩu cận nghèo đầu năm", null=True, blank=True)
    minority_households = models.PositiveIntegerField("hộ dân tộc thiểu số", null=True, blank=True)
    minority_poor_households = models.PositiveIntegerField("hộ nghèo dân tộc thiểu số", null=True, blank=True)
    minority_near_poor_households = models.PositiveIntegerField("hộ cận nghèo dân tộc thiểu số", null=True, blank=True)

    class Meta(PlanPart.Meta):
        abstract = False
        verbose_name = "bản chỉ tiêu"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number"),
            models.UniqueConstraint(
                fields=["plan"], name="plan_version_one_in_force", condition=Q(state=VersionState.APPROVED)
            ),
        ]

    def __str__(self) -> str:
        return f"bản {self.number}"


class VersionRow(Counts):
    """A row of a version, as it stood when it was submitted."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="rows")
    place = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "dòng của bản chỉ tiêu"
        triggers = [pgtrigger.Protect(name="version_row_stays", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.UniqueConstraint(fields=["version", "place"], name="version_row_once")]

    def __str__(self) -> str:
        return f"{self.place}, {self.version}"


@audited()
class Comment(PlanPart):
    """What the leader or the level above says of a cell, a line or the table; open until the unit has dealt with it."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="comments")
    row = models.ForeignKey(TargetRow, models.CASCADE, null=True, blank=True, related_name="comments")
    column = models.CharField("cột", max_length=40, blank=True)
    text = models.CharField("góp ý", max_length=500)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="người góp ý")
    at = models.DateTimeField("lúc", auto_now_add=True)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xử lý"
    )
    closed_at = models.DateTimeField("xử lý lúc", null=True, blank=True)
    answer = models.CharField("trả lời", max_length=500, blank=True)

    class Meta(PlanPart.Meta):
        abstract = False
        verbose_name = "góp ý"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="comment_column_of_a_row", condition=Q(column="") | Q(row__isnull=False)),
            models.CheckConstraint(
                name="comment_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text
