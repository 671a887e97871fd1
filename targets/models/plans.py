"""The year's target plan of a unit: counts per place, with their source. Rates are never stored."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from households.choices import Transition
from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import Versioned
from targets.choices import OPEN_STATES, LayoutName, PlanState, StartSource
from targets.querysets import TargetPlanQuerySet, TargetRowQuerySet


def count(label: str, help_text: str = "") -> models.PositiveIntegerField:
    """A typed count; empty means not known yet, which is not zero."""
    return models.PositiveIntegerField(label, null=True, blank=True, help_text=help_text)


def only_while_open() -> pgtrigger.Trigger:
    """Trigger that refuses every write to rows of a plan outside ``OPEN_STATES``: submitted or approved."""
    return pgtrigger.Trigger(
        name="only_while_open",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func="""
            PERFORM 1 FROM targets_targetplan
                WHERE id = (CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END)
                AND state NOT IN ('draft', 'returned');
            IF FOUND THEN
                RAISE EXCEPTION 'target plan of row is closed' USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class PlanPart(Versioned):
    """What belongs to a plan; carries the unit so that scope needs no join."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")

    objects = UnitScopedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = True


class Counts(models.Model):
    """The counts of a place in a plan; ``targets.rules.figures.COUNTS`` names the same. Reductions are net."""

    households = count("tổng số hộ")
    population = count("nhân khẩu")
    poor_households = count("hộ nghèo đầu năm")
    near_poor_households = count("hộ cận nghèo đầu năm")
    poor_persons = count("khẩu nghèo đầu năm")
    near_poor_persons = count("khẩu cận nghèo đầu năm")
    minority_households = count("hộ dân tộc thiểu số")
    minority_poor_households = count("hộ nghèo dân tộc thiểu số đầu năm")
    minority_near_poor_households = count("hộ cận nghèo dân tộc thiểu số đầu năm")
    poor_reduction = count("số hộ nghèo giảm")
    near_poor_reduction = count("số hộ cận nghèo giảm")
    poor_increase = count("dự kiến hộ nghèo phát sinh, tái nghèo")
    near_poor_increase = count("dự kiến hộ cận nghèo phát sinh, tái cận nghèo")
    expected_households = count("tổng số hộ cuối năm", help_text="Bỏ trống nếu như đầu năm.")
    remark = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        abstract = True


@audited()
class TargetPlan(Versioned):
    """One unit, one year. Holds what is known only for the unit as a whole and where its start figures come from.

    ``in_force`` is the version approved last: it stays while an adjustment is being drawn up.
    """

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="target_plans")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("tình trạng", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    in_force = models.ForeignKey(
        "targets.PlanVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản có hiệu lực"
    )
    adjusted_because = models.CharField("lý do điều chỉnh", max_length=500, blank=True)
    layout = models.CharField("mẫu bảng", max_length=10, choices=LayoutName, default=LayoutName.STANDARD)
    start_source = models.CharField("số đầu năm lấy từ", max_length=10, choices=StartSource, default=StartSource.TYPED)
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
    minority_households = count("hộ dân tộc thiểu số", help_text="Số chung của cả đơn vị khi không có số từng thôn.")
    minority_poor_households = count(
        "hộ nghèo dân tộc thiểu số", help_text="Số chung của cả đơn vị khi không có số từng thôn."
    )
    minority_near_poor_households = count(
        "hộ cận nghèo dân tộc thiểu số", help_text="Số chung của cả đơn vị khi không có số từng thôn."
    )

    objects = TargetPlanQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "kế hoạch chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="one_target_plan_per_unit_year"),
            models.CheckConstraint(name="target_plan_year", condition=Q(year__gte=1990, year__lte=2100)),
            models.CheckConstraint(
                name="target_plan_approved_has_version",
                condition=~Q(state=PlanState.APPROVED) | Q(in_force__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Chỉ tiêu năm {self.year} của {self.unit}"

    @property
    def is_open(self) -> bool:
        """Figures may be typed."""
        return self.state in OPEN_STATES


@audited()
class TargetRow(Versioned, Counts):
    """A place in the plan: what it has at the start, the net reductions it takes on, what is expected.

    A place is a village in the plan of a commune; one level up it is a unit: a commune in the plan of a province.
    """

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="rows")
    place = models.ForeignKey("areas.Area", models.PROTECT, related_name="targets")

    objects = TargetRowQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "chỉ tiêu của thôn"
        triggers = [*Versioned.Meta.triggers, only_while_open()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="one_target_row_per_place"),
            models.CheckConstraint(
                name="target_row_listed_within_households",
                condition=Q(households__gte=F("poor_households") + F("near_poor_households")),
                violation_error_message="Hộ nghèo và hộ cận nghèo cộng lại nhiều hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                name="target_row_poor_reduction_within_start",
                condition=Q(poor_households__gte=F("poor_reduction")),
                violation_error_message="Số hộ nghèo giảm nhiều hơn số hộ nghèo đầu năm.",
            ),
            models.CheckConstraint(
                name="target_row_near_poor_reduction_within_start",
                condition=Q(near_poor_households__gte=F("near_poor_reduction")),
                violation_error_message="Số hộ cận nghèo giảm nhiều hơn số hộ cận nghèo đầu năm.",
            ),
            models.CheckConstraint(
                name="target_row_minority_within_households",
                condition=Q(households__gte=F("minority_households")),
                violation_error_message="Hộ dân tộc thiểu số nhiều hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                name="target_row_minority_poor_within_poor",
                condition=Q(poor_households__gte=F("minority_poor_households")),
                violation_error_message="Hộ nghèo dân tộc thiểu số nhiều hơn hộ nghèo.",
            ),
            models.CheckConstraint(
                name="target_row_minority_near_poor_within_near_poor",
                condition=Q(near_poor_households__gte=F("minority_near_poor_households")),
                violation_error_message="Hộ cận nghèo dân tộc thiểu số nhiều hơn hộ cận nghèo.",
            ),
            models.CheckConstraint(
                name="target_row_minority_listed_within_minority",
                condition=Q(
                    minority_households__gte=F("minority_poor_households") + F("minority_near_poor_households")
                ),
                violation_error_message="Hộ nghèo, cận nghèo dân tộc thiểu số cộng lại nhiều hơn hộ dân tộc thiểu số.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, năm {self.plan.year}"


@audited()
class Movement(PlanPart):
    """What became of listed households in the year before the plan: of a place, or of the unit as a whole."""

    plan = models.ForeignKey(TargetPlan, models.CASCADE, related_name="movements")
    place = models.ForeignKey("areas.Area", models.PROTECT, null=True, blank=True, related_name="+")
    transition = models.CharField("diễn biến", max_length=25, choices=Transition)
    households = count("số hộ")
    persons = count("số khẩu")

    class Meta(PlanPart.Meta):
        abstract = False
        verbose_name = "diễn biến năm trước"
        triggers = [*PlanPart.Meta.triggers, only_while_open()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place", "transition"], name="movement_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.get_transition_display()}: {self.households}"
