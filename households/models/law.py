"""The law as dated rows: standards, indicators, causes, procedure. No unit: national, or of a province.

Every row says how sure we are of it (``certainty``) and where it stands (``source``, ``paper``).
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from households.choices import ParameterCode, RoundKind, Step
from households.querysets import LawQuerySet
from povertyplan.areas.choices import Setting
from povertyplan.core.audit import audited
from povertyplan.core.models import SPAN, Dated, Versioned
from povertyplan.papers.choices import Certainty

ENDS_AFTER_START = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))


class LegalRow(Versioned):
    """A legal fact with its source; «chưa đối chiếu văn bản» until an administrator confirms it."""

    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản"
    )
    source = models.CharField("nguồn", max_length=300, blank=True, help_text="Điều, khoản, phụ lục.")
    certainty = models.CharField("đối chiếu", max_length=10, choices=Certainty, default=Certainty.UNCHECKED)

    class Meta(Versioned.Meta):
        abstract = True


class Ethnicity(models.Model):
    """One of the 54 ethnic groups with both official codes, which are never mixed."""

    name = models.CharField("tên", max_length=40, unique=True)
    code_121 = models.CharField("mã 121-TCTK/PPCĐ", max_length=2, unique=True)
    code_1019 = models.CharField("mã 1019/QĐ-TCTK", max_length=2, unique=True)
    is_minority = models.BooleanField("dân tộc thiểu số", default=True)

    class Meta:
        verbose_name = "dân tộc"
        ordering = ["code_121"]

    def __str__(self) -> str:
        return self.name


class EthnicityAlias(models.Model):
    """Another spelling found on papers; ``key`` is ``core.text.plain`` of it without hyphens and spaces."""

    ethnicity = models.ForeignKey(Ethnicity, models.CASCADE, related_name="aliases")
    spelling = models.CharField("cách viết", max_length=40)
    key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "cách viết khác của dân tộc"

    def __str__(self) -> str:
        return self.spelling


class Indicator(models.Model):
    """What can be lacking, whatever the standard; ``code`` names its rule in ``households.rules.indicators``."""

    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("chỉ số", max_length=100)

    class Meta:
        verbose_name = "chỉ số thiếu hụt"

    def __str__(self) -> str:
        return self.name


@audited()
class Standard(LegalRow, Dated):
    """Chuẩn nghèo đa chiều of a period. What is not known is empty, and whatever needs it says so."""

    code = models.CharField("mã", max_length=30, unique=True, help_text="Ví dụ 2022_2025.")
    name = models.CharField("tên", max_length=100)
    area = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tỉnh ban hành chuẩn riêng"
    )
    income_rural = models.PositiveBigIntegerField("mức thu nhập nông thôn (đồng/người/tháng)", null=True, blank=True)
    income_urban = models.PositiveBigIntegerField("mức thu nhập thành thị (đồng/người/tháng)", null=True, blank=True)
    near_income_rural = models.PositiveBigIntegerField(
        "mức thu nhập cận nghèo nông thôn (đồng/người/tháng)", null=True, blank=True
    )
    near_income_urban = models.PositiveBigIntegerField(
        "mức thu nhập cận nghèo thành thị (đồng/người/tháng)", null=True, blank=True
    )
    average_rural = models.PositiveBigIntegerField(
        "mức sống trung bình nông thôn (đồng/người/tháng)", null=True, blank=True
    )
    average_urban = models.PositiveBigIntegerField(
        "mức sống trung bình thành thị (đồng/người/tháng)", null=True, blank=True
    )
    b1_rural = models.PositiveSmallIntegerField("mốc điểm B1 nông thôn", null=True, blank=True)
    b1_urban = models.PositiveSmallIntegerField("mốc điểm B1 thành thị", null=True, blank=True)
    b1_always_rural = models.PositiveSmallIntegerField("mốc B1 nghèo không xét B2, nông thôn", null=True, blank=True)
    b1_always_urban = models.PositiveSmallIntegerField("mốc B1 nghèo không xét B2, thành thị", null=True, blank=True)
    b2_poor = models.PositiveSmallIntegerField("điểm B2 từ mức này là nghèo", null=True, blank=True)
    b2_points = models.PositiveSmallIntegerField("điểm B2 mỗi chỉ số thiếu hụt", null=True, blank=True)
    poor_indicators = models.PositiveSmallIntegerField("nghèo khi thiếu hụt từ số chỉ số này", null=True, blank=True)
    is_provisional = models.BooleanField("tạm thời", default=False, help_text="Chưa đủ ngưỡng, biểu mẫu chính thức.")

    objects = LawQuerySet.as_manager()

    class Meta(LegalRow.Meta, Dated.Meta):
        abstract = False
        verbose_name = "chuẩn nghèo"
        constraints = [models.CheckConstraint(name="standard_ends_after_start", condition=ENDS_AFTER_START)]

    def __str__(self) -> str:
        return self.name


class Dimension(models.Model):
    """Chiều of a standard."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="dimensions")
    name = models.CharField("chiều", max_length=100)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "chiều thiếu hụt"
        constraints = [models.UniqueConstraint(fields=["standard", "position"], name="dimension_position")]

    def __str__(self) -> str:
        return self.name


@audited()
class StandardIndicator(LegalRow):
    """An indicator in a standard: its number on the form and its threshold in words."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("số thứ tự")
    threshold = models.CharField("ngưỡng thiếu hụt", max_length=600)

    class Meta(LegalRow.Meta):
        abstract = False
        verbose_name = "chỉ số của chuẩn"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "indicator"], name="standard_indicator_once"),
            models.UniqueConstraint(fields=["standard", "number"], name="standard_indicator_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.indicator}"


@audited()
class Cause(LegalRow):
    """Nguyên nhân nghèo of a standard, by the number used in the report on causes."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="causes")
    number = models.PositiveSmallIntegerField("mã")
    name = models.CharField("nguyên nhân", max_length=200)

    class Meta(LegalRow.Meta):
        abstract = False
        verbose_name = "nguyên nhân nghèo"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="cause_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


@audited()
class Parameter(LegalRow, Dated):
    """One dated figure of procedure or policy; a province's row goes before the national one."""

    code = models.CharField("tham số", max_length=40, choices=ParameterCode)
    area = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tỉnh quy định riêng"
    )
    value = models.PositiveBigIntegerField("giá trị")

    objects = LawQuerySet.as_manager()

    class Meta(LegalRow.Meta, Dated.Meta):
        abstract = False
        verbose_name = "tham số"
        constraints = [
            models.CheckConstraint(name="parameter_ends_after_start", condition=ENDS_AFTER_START),
            ExclusionConstraint(
                name="parameter_once_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (models.functions.Coalesce("area", 0), RangeOperators.EQUAL),
                    (SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Tham số này đã có giá trị khác trong cùng thời gian.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.value}"


@audited()
class StepWindow(LegalRow, Dated):
    """When a step of a round may be done, as days of the year (``MM-DD``); a province's calendar goes before."""

    area = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tỉnh quy định riêng"
    )
    kind = models.CharField("loại đợt", max_length=10, choices=RoundKind, default=RoundKind.PERIODIC)
    step = models.CharField("bước", max_length=20, choices=Step, blank=True, help_text="Bỏ trống: cả đợt.")
    first = models.CharField("từ ngày (tháng-ngày)", max_length=5, blank=True)
    last = models.CharField("đến ngày (tháng-ngày)", max_length=5)

    objects = LawQuerySet.as_manager()

    class Meta(LegalRow.Meta, Dated.Meta):
        abstract = False
        verbose_name = "thời hạn của bước rà soát"
        constraints = [
            models.CheckConstraint(name="step_window_ends_after_start", condition=ENDS_AFTER_START),
            models.CheckConstraint(
                name="step_window_days",
                condition=Q(last__regex=r"^[01][0-9]-[0-3][0-9]$")
                & (Q(first="") | Q(first__regex=r"^[01][0-9]-[0-3][0-9]$")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display() or 'Cả đợt'} {self.first}–{self.last}"


@audited()
class OpinionAddressee(LegalRow, Dated):
    """Whom a commune asks for an opinion before recognition, and through whom."""

    area = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tỉnh quy định riêng"
    )
    level = models.CharField("cấp", max_length=10, choices=[("district", "huyện"), ("province", "tỉnh")])
    title = models.CharField("nơi nhận", max_length=200, help_text="Ví dụ Chủ tịch UBND cấp tỉnh.")
    via = models.CharField("qua cơ quan", max_length=200, blank=True)

    objects = LawQuerySet.as_manager()

    class Meta(LegalRow.Meta, Dated.Meta):
        abstract = False
        verbose_name = "nơi cho ý kiến"
        constraints = [models.CheckConstraint(name="addressee_ends_after_start", condition=ENDS_AFTER_START)]

    def __str__(self) -> str:
        return self.title


def setting_field(**options: object) -> models.CharField:
    return models.CharField("khu vực", max_length=5, choices=Setting, **options)  # type: ignore[arg-type]
