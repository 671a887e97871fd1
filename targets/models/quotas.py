"""What the level above assigns, as it was assigned."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from povertyplan.core.audit import audited
from targets.choices import Meaning, QuotaForm, QuotaIssuer, QuotaSubject
from targets.models.plans import PlanPart, TargetPlan, only_while_open


@audited()
class Quota(PlanPart):
    """One number of one decision. A rate is kept as assigned; what follows from it is computed, never stored."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="quotas")
    issuer = models.CharField("cơ quan giao", max_length=20, choices=QuotaIssuer)
    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản giao"
    )
    subject = models.CharField("đối tượng", max_length=20, choices=QuotaSubject)
    form = models.CharField("giao theo", max_length=10, choices=QuotaForm)
    meaning = models.CharField("cách hiểu số giảm", max_length=5, choices=Meaning, default=Meaning.NET)
    households = models.PositiveIntegerField("số hộ", null=True, blank=True)
    rate = models.DecimalField(
        "tỷ lệ hoặc số điểm",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta(PlanPart.Meta):
        abstract = False
        verbose_name = "chỉ tiêu được giao"
        triggers = [*PlanPart.Meta.triggers, only_while_open()]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "issuer", "subject", "form", "paper"],
                name="quota_once",
                nulls_distinct=False,
                violation_error_message="Chỉ tiêu này của cơ quan ấy theo văn bản ấy đã có.",
            ),
            models.CheckConstraint(
                name="quota_households_or_rate",
                condition=Q(form=QuotaForm.HOUSEHOLDS, households__isnull=False, rate__isnull=True)
                | ~Q(form=QuotaForm.HOUSEHOLDS) & Q(households__isnull=True, rate__isnull=False),
                violation_error_message="Giao số hộ thì ghi số hộ; giao tỷ lệ hoặc điểm thì ghi tỷ lệ.",
            ),
            models.CheckConstraint(name="quota_rate_of_hundred", condition=Q(rate__gte=0, rate__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.get_issuer_display()}: {self.get_subject_display()}, {self.get_form_display()}"
