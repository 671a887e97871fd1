"""Goals beside the quota, and who sees to each deprivation."""

from django.db import models
from django.db.models import F, Q

from povertyplan.core.audit import audited
from targets.choices import Comparison, GoalScope, GoalUnit, Measure
from targets.models.plans import PlanPart, TargetPlan, only_while_open

ONE_LEAD = Q(lead_department__isnull=True) | Q(lead_body__isnull=True)


class Led(PlanPart):
    """Work with one department of the committee, or one body outside it, in the lead."""

    lead_department = models.ForeignKey(
        "offices.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="phòng, ban chủ trì"
    )
    lead_body = models.ForeignKey(
        "offices.OutsideBody", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan chủ trì"
    )

    class Meta(PlanPart.Meta):
        abstract = True

    @property
    def lead(self) -> str:
        """Name of who leads; empty while nobody does."""
        return str(self.lead_department or self.lead_body or "")


@audited()
class IndicatorTarget(Led):
    """A goal in words and number: «at least 95 % of poor and near-poor households with a hygienic latrine»."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    text = models.CharField("chỉ tiêu", max_length=300)
    dimension = models.ForeignKey(
        "households.Dimension", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chiều thiếu hụt"
    )
    measure = models.CharField(
        "số thực hiện", max_length=25, choices=Measure, blank=True, help_text="Bỏ trống thì nhập kết quả, có nguồn."
    )
    scope = models.CharField("tính trên", max_length=20, choices=GoalScope, default=GoalScope.LISTED)
    unit_of_value = models.CharField("đơn vị tính", max_length=10, choices=GoalUnit, default=GoalUnit.PERCENT)
    comparison = models.CharField("so sánh", max_length=10, choices=Comparison, default=Comparison.AT_LEAST)
    value = models.DecimalField("mức", max_digits=9, decimal_places=2)

    class Meta(Led.Meta):
        abstract = False
        verbose_name = "chỉ tiêu khác"
        ordering = ["position", "pk"]
        triggers = [*Led.Meta.triggers, only_while_open()]
        constraints = [
            models.CheckConstraint(
                name="indicator_target_one_lead",
                condition=ONE_LEAD,
                violation_error_message="Chọn phòng, ban hoặc cơ quan chủ trì, không chọn cả hai.",
            ),
            models.CheckConstraint(
                name="indicator_target_percent_of_hundred",
                condition=~Q(unit_of_value=GoalUnit.PERCENT) | Q(value__lte=100),
                violation_error_message="Tỷ lệ không quá 100 %%.",
            ),
            models.CheckConstraint(name="indicator_target_not_negative", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return self.text


@audited()
class IndicatorActual(PlanPart):
    """What was reached by a day, reported with its source. A share is kept as its two counts."""

    goal = models.ForeignKey(IndicatorTarget, models.CASCADE, related_name="actuals")
    on = models.DateField("tính đến ngày")
    part = models.PositiveIntegerField("số đạt", null=True, blank=True)
    whole = models.PositiveIntegerField("trên tổng số", null=True, blank=True)
    value = models.DecimalField("kết quả", max_digits=9, decimal_places=2, null=True, blank=True)
    source = models.CharField("nguồn", max_length=300)

    class Meta(PlanPart.Meta):
        abstract = False
        verbose_name = "kết quả của chỉ tiêu"
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "on"], name="indicator_actual_once", violation_error_message="Ngày này đã có kết quả."
            ),
            models.CheckConstraint(
                name="indicator_actual_share_or_value",
                condition=Q(part__isnull=False, whole__isnull=False, value__isnull=True)
                | Q(part__isnull=True, whole__isnull=True, value__isnull=False),
                violation_error_message="Tỷ lệ ghi số đạt trên tổng số; chỉ tiêu khác ghi kết quả.",
            ),
            models.CheckConstraint(
                name="indicator_actual_part_of_whole",
                condition=Q(whole__gte=F("part")),
                violation_error_message="Số đạt nhiều hơn tổng số.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal}: {self.on:%d/%m/%Y}"


@audited()
class DeprivationOwner(Led):
    """Who sees to one deprivation in the year, how many households are to be freed of it, and how."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="deprivations")
    indicator = models.ForeignKey("households.Indicator", models.PROTECT, related_name="+", verbose_name="chỉ số")
    to_resolve = models.PositiveIntegerField("số hộ giải quyết trong năm", null=True, blank=True)
    way = models.CharField("cách làm", max_length=500, blank=True)

    class Meta(Led.Meta):
        abstract = False
        verbose_name = "phụ trách chỉ số thiếu hụt"
        constraints = [
            models.UniqueConstraint(fields=["plan", "indicator"], name="deprivation_owner_once"),
            models.CheckConstraint(
                name="deprivation_owner_one_lead",
                condition=ONE_LEAD,
                violation_error_message="Chọn phòng, ban hoặc cơ quan chủ trì, không chọn cả hai.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.lead or 'chưa có nơi chủ trì'}"


@audited()
class DeprivationHousehold(PlanPart):
    """A household named to be freed of a deprivation this year; the next review says whether it was."""

    owner = models.ForeignKey(DeprivationOwner, models.CASCADE, related_name="households")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="hộ")

    class Meta(PlanPart.Meta):
        abstract = False
        verbose_name = "hộ được giải quyết thiếu hụt"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "household"],
                name="deprivation_household_once",
                violation_error_message="Hộ này đã có trong danh sách.",
            )
        ]

    def __str__(self) -> str:
        return str(self.household)
