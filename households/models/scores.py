"""Score sheets as data: the table of B1 points and the questions of Phiếu A, loaded by an administrator."""

from django.db import models
from django.db.models import F, Q

from households.choices import ItemKind, ScreenResult, SheetPurpose
from households.models.law import ENDS_AFTER_START, LegalRow, Standard, setting_field
from households.querysets import LawQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import Dated


@audited()
class ScoreSheet(LegalRow, Dated):
    """One version of a sheet, for a standard, a setting (or both) and an area (or the country).

    A sheet that a review used is never changed: a corrected one is a new version.
    """

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="sheets", verbose_name="chuẩn nghèo")
    purpose = models.CharField("dùng cho", max_length=15, choices=SheetPurpose, default=SheetPurpose.B1)
    setting = setting_field(blank=True, help_text="Bỏ trống: cả nông thôn và thành thị.")
    area = models.ForeignKey("areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tỉnh")
    region = models.CharField("vùng", max_length=100, blank=True)
    number = models.PositiveSmallIntegerField("phiên bản", default=1)
    name = models.CharField("tên", max_length=200)
    is_active = models.BooleanField("đang dùng", default=False)

    objects = LawQuerySet.as_manager()

    class Meta(LegalRow.Meta, Dated.Meta):
        abstract = False
        verbose_name = "bảng điểm"
        constraints = [
            models.CheckConstraint(name="score_sheet_ends_after_start", condition=ENDS_AFTER_START),
            models.UniqueConstraint(
                fields=["standard", "purpose", "setting", "area", "region", "number"],
                name="score_sheet_version",
                nulls_distinct=False,
                violation_error_message="Phiên bản này của bảng điểm đã có.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (phiên bản {self.number})"


class ScoreItem(models.Model):
    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="items")
    code = models.CharField("mã", max_length=20)
    group = models.CharField("nhóm", max_length=200, blank=True)
    label = models.CharField("câu hỏi", max_length=300)
    kind = models.CharField("cách trả lời", max_length=10, choices=ItemKind, default=ItemKind.SINGLE)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "câu hỏi"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sheet", "code"], name="score_item_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class ScoreOption(models.Model):
    """An answer with its points; of a range item from ``minimum`` to ``maximum``, both included.

    A count item has one option: points for each one counted, at most ``maximum`` counted.
    """

    item = models.ForeignKey(ScoreItem, models.CASCADE, related_name="options")
    code = models.CharField("mã", max_length=20)
    label = models.CharField("trả lời", max_length=300)
    minimum = models.DecimalField("từ", max_digits=12, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField("đến", max_digits=12, decimal_places=2, null=True, blank=True)
    points = models.SmallIntegerField("điểm", default=0)
    outcome = models.CharField(
        "kết quả Phiếu A",
        max_length=10,
        choices=ScreenResult,
        blank=True,
        help_text="Chọn câu này thì dừng hay tiếp tục.",
    )
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "phương án trả lời"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="score_option_code"),
            models.CheckConstraint(
                name="score_option_range",
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
            ),
        ]

    def __str__(self) -> str:
        return self.label
