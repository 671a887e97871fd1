"""The year's target plan of a unit: counts per village, typed with their source. Rates are never stored."""

from django.db import models
from django.db.models import F, Q

from povertyplan.core.audit import audited
from povertyplan.core.models import Versioned
from targets.querysets import TargetPlanQuerySet, VillageTargetQuerySet


def count(label: str, help_text: str = "") -> models.PositiveIntegerField:
    """A typed count; empty means not known yet, which is not zero."""
    return models.PositiveIntegerField(label, null=True, blank=True, help_text=help_text)


@audited()
class TargetPlan(Versioned):
    """One unit, one year. Holds what is known only for the unit as a whole and where its start figures come from."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="target_plans")
    year = models.PositiveSmallIntegerField("năm")
    source_paper = models.ForeignKey(
        "papers.Paper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="văn bản nguồn",
        help_text="Văn bản công bố số hộ nghèo, hộ cận nghèo đầu năm.",
    )
    source_note = models.CharField(
        "nguồn số liệu", max_length=300, blank=True, help_text="Nơi cung cấp tổng số hộ, nhân khẩu; ví dụ Công an xã."
    )
    cut_off = models.DateField("chốt số liệu ngày", null=True, blank=True)
    poor_persons = count("khẩu nghèo đầu năm", help_text="Số chung của cả đơn vị khi không có số từng thôn.")
    near_poor_persons = count("khẩu cận nghèo đầu năm", help_text="Số chung của cả đơn vị khi không có số từng thôn.")

    objects = TargetPlanQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "kế hoạch chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="one_target_plan_per_unit_year"),
            models.CheckConstraint(name="target_plan_year", condition=Q(year__gte=1990, year__lte=2100)),
        ]

    def __str__(self) -> str:
        return f"Chỉ tiêu năm {self.year} của {self.unit}"


@audited()
class VillageTarget(Versioned):
    """A village in the plan: what it has at the start, the net reductions it takes on, what is expected."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="villages")
    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="targets")
    households = count("tổng số hộ")
    population = count("nhân khẩu")
    poor_households = count("hộ nghèo đầu năm")
    near_poor_households = count("hộ cận nghèo đầu năm")
    poor_persons = count("khẩu nghèo đầu năm")
    near_poor_persons = count("khẩu cận nghèo đầu năm")
    poor_reduction = count("số hộ nghèo giảm")
    near_poor_reduction = count("số hộ cận nghèo giảm")
    expected_households = count("tổng số hộ cuối năm", help_text="Bỏ trống nếu như đầu năm.")
    remark = models.CharField("ghi chú", max_length=300, blank=True)

    objects = VillageTargetQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "chỉ tiêu của thôn"
        constraints = [
            models.UniqueConstraint(fields=["plan", "village"], name="one_target_row_per_village"),
            models.CheckConstraint(
                name="village_target_listed_within_households",
                condition=Q(households__gte=F("poor_households") + F("near_poor_households")),
                violation_error_message="Hộ nghèo và hộ cận nghèo cộng lại nhiều hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                name="village_target_poor_reduction_within_start",
                condition=Q(poor_households__gte=F("poor_reduction")),
                violation_error_message="Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm.",
            ),
            models.CheckConstraint(
                name="village_target_near_poor_reduction_within_start",
                condition=Q(near_poor_households__gte=F("near_poor_reduction")),
                violation_error_message="Số hộ cận nghèo giảm nhiều hơn số hộ cận nghèo đầu năm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village}, năm {self.plan.year}"
