"""The dated tree province -> (district) -> commune -> village.

An area is one unit under one code, name and parent for one span of time. A merger or a new name ends rows and
opens others; ``Succession`` says who followed whom. Facts recorded under a row stay true after it ended.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from povertyplan.areas.choices import CODE_LENGTHS, Flag, Level, Setting
from povertyplan.areas.querysets import AreaQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import SPAN, Dated, Versioned
from povertyplan.core.text import first_upper

CODE_BY_LEVEL = Q(level=Level.VILLAGE, code="") | Q(
    *[Q(level=level, code__regex=rf"^[0-9]{{{length}}}$") for level, length in CODE_LENGTHS.items()], _connector=Q.OR
)


@audited()
class Area(Dated, Versioned):
    level = models.CharField("cấp", max_length=10, choices=Level)
    code = models.CharField("mã", max_length=5, blank=True, help_text="Mã chính thức; thôn không có mã.")
    name = models.CharField("tên", max_length=100)
    kind = models.CharField("loại", max_length=20, help_text="xã, phường, thôn, làng …: in đúng như địa phương gọi.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    setting = models.CharField("khu vực", max_length=5, choices=Setting, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    sort_key = models.CharField(max_length=400, editable=False)
    is_sample = models.BooleanField(
        "bản mẫu", default=False, help_text="Số liệu trình diễn: mọi trang in mang chữ «BẢN MẪU»."
    )

    objects = AreaQuerySet.as_manager()

    class Meta(Dated.Meta, Versioned.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(name="area_code_fits_level", condition=CODE_BY_LEVEL),
            models.CheckConstraint(
                name="area_village_has_commune", condition=Q(parent__isnull=False) | ~Q(level=Level.VILLAGE)
            ),
            models.CheckConstraint(
                name="area_ends_after_start", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="area_one_bearer_of_a_code",
                expressions=[
                    ("level", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                condition=~Q(code=""),
                violation_error_message="Mã này đã thuộc một đơn vị khác trong cùng thời gian.",
            ),
            ExclusionConstraint(
                name="area_one_village_of_a_name",
                expressions=[
                    ("parent", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                condition=Q(level=Level.VILLAGE),
                violation_error_message="Đơn vị đã có thôn tên này.",
            ),
        ]
        indexes = [models.Index(fields=["parent", "position", "sort_key"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def title(self) -> str:
        """``Xã Hòa Bình``, to open a line."""
        return first_upper(str(self))


@audited()
class Succession(models.Model):
    """``successor`` took over all or part of ``predecessor`` on a day."""

    predecessor = models.ForeignKey(Area, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Area, models.CASCADE, related_name="inheritances")
    on = models.DateField("từ ngày")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(name="succession_of_another", condition=~Q(predecessor=F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


@audited()
class AreaFlag(Dated, Versioned):
    """A dated status of an area with the decision that lists it."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="flags")
    flag = models.CharField("tình trạng", max_length=30, choices=Flag)
    value = models.CharField("giá trị", max_length=10, blank=True, help_text="I, II hoặc III với khu vực.")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Dated.Meta, Versioned.Meta):
        abstract = False
        constraints = [
            ExclusionConstraint(
                name="area_flag_once_at_a_time",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("flag", RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Tình trạng này đã có trong cùng thời gian.",
            ),
            models.CheckConstraint(
                name="area_flag_region_value",
                condition=Q(flag=Flag.REGION_CLASS, value__in=["I", "II", "III"])
                | ~Q(flag=Flag.REGION_CLASS) & Q(value=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.get_flag_display()} {self.value}".rstrip()


class Reach(models.Model):
    """What a grant on ``area`` reaches: itself, all below it, and the same of its predecessors.

    Derived; ``services.reach_rebuild`` writes it in one statement after every change of the tree.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="reaches")
    reached = models.ForeignKey(Area, models.CASCADE, related_name="reached_from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "reached"], name="reach_once")]

    def __str__(self) -> str:
        return f"{self.area_id} ⊇ {self.reached_id}"
