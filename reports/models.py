"""What a unit's plan of a year says about itself: its frame, not its figures."""

from django.db import models
from django.db.models import Q

from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import Versioned
from reports.choices import Authority


@audited()
class AnnualPlan(Versioned):
    """The KẾ HOẠCH of a unit for a year: how it is headed, on what it rests, who signs, who receives it."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="annual_plans")
    year = models.PositiveSmallIntegerField("năm")
    subject = models.CharField(
        "trích yếu", max_length=500, blank=True, help_text="Bỏ trống để dùng câu mẫu theo tên đơn vị và năm."
    )
    place = models.CharField("địa danh", max_length=100, blank=True, help_text="Bỏ trống để dùng tên đơn vị.")
    number = models.PositiveIntegerField("số", null=True, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    planned_month = models.DateField(
        "dự kiến ban hành tháng", null=True, blank=True, help_text="Ngày đầu của tháng; in khi chưa có ngày."
    )
    authority = models.CharField("quyền hạn ký", max_length=10, choices=Authority, default=Authority.CHAIR)
    signer = models.ForeignKey(
        "offices.Officer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ký"
    )
    drafted_by = models.ForeignKey(
        "offices.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị soạn thảo"
    )

    objects = UnitScopedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "kế hoạch"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="one_annual_plan_per_unit_year"),
            models.CheckConstraint(
                name="annual_plan_numbered_when_dated",
                condition=Q(number__isnull=True, issued_on__isnull=True)
                | Q(number__isnull=False, issued_on__isnull=False),
                violation_error_message="Số và ngày ban hành được ghi cùng lúc.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kế hoạch năm {self.year} của {self.unit}"


@audited()
class LegalBasis(models.Model):
    """A paper the plan rests on, in the order it is cited."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="bases")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, related_name="+", verbose_name="văn bản")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "paper"], name="legal_basis_once")]

    def __str__(self) -> str:
        return str(self.paper)


@audited()
class Duty(models.Model):
    """What a department or a body does for the plan; one task a line."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="duties")
    department = models.ForeignKey("offices.Department", models.PROTECT, null=True, blank=True, related_name="+")
    body = models.ForeignKey("offices.OutsideBody", models.PROTECT, null=True, blank=True, related_name="+")
    tasks = models.TextField("nhiệm vụ", help_text="Mỗi dòng một nhiệm vụ.")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="duty_of_one",
                condition=Q(department__isnull=False, body__isnull=True)
                | Q(department__isnull=True, body__isnull=False),
                violation_error_message="Chọn một phòng, ban hoặc một cơ quan, đoàn thể.",
            )
        ]

    def __str__(self) -> str:
        return str(self.department or self.body)


@audited()
class Recipient(models.Model):
    """A line of «Nơi nhận»: a body of the unit's list, or the words as the unit writes them."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="recipients")
    text = models.CharField("nơi nhận", max_length=200)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text
