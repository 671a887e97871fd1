"""One row per cited or own document: everything that says «by decision …» points here."""

from django.db import models
from django.db.models import Q

from povertyplan.core.audit import audited
from povertyplan.core.dates import official_date
from povertyplan.core.models import Versioned
from povertyplan.papers.choices import Certainty, PaperType, System
from povertyplan.papers.querysets import PaperQuerySet


@audited()
class Paper(Versioned):
    unit = models.ForeignKey(
        "areas.Area",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="đơn vị lưu",
        help_text="Bỏ trống với văn bản của trung ương, dùng chung cho mọi đơn vị.",
    )
    system = models.CharField("hệ thống", max_length=10, choices=System, default=System.STATE)
    type = models.CharField("tên loại", max_length=20, choices=PaperType)
    number = models.CharField("số", max_length=20, blank=True, help_text="Chỉ phần số, ví dụ 123.")
    notation = models.CharField("ký hiệu", max_length=40, blank=True, help_text="Ví dụ QĐ-UBND.")
    date = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    subject = models.CharField("trích yếu", max_length=1000)
    in_force_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    in_force_to = models.DateField("hết hiệu lực từ", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="bị thay thế bởi"
    )
    is_own = models.BooleanField("do đơn vị ban hành", default=False)
    certainty = models.CharField("đối chiếu", max_length=10, choices=Certainty, default=Certainty.CHECKED)
    source = models.CharField("nguồn đã đối chiếu", max_length=300, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "type", "number", "notation", "date"],
                name="paper_once",
                nulls_distinct=False,
                condition=~Q(number=""),
                violation_error_message="Văn bản này đã có trong danh mục.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_citation

    @property
    def full_number(self) -> str:
        """``123/QĐ-UBND``; party documents write «24-NQ/TU»."""
        if not self.number:
            return ""
        mark = "-" if self.system == System.PARTY else "/"
        number = self.number.zfill(2) if self.number.isdigit() else self.number
        return f"{number}{mark}{self.notation}" if self.notation else number

    @property
    def short_citation(self) -> str:
        """Second and later citations: type and number only (a law: its name)."""
        if self.type == PaperType.LAW or not self.number:
            return f"{self.get_type_display()} {self.subject}"
        return f"{self.get_type_display()} số {self.full_number}"

    @property
    def full_citation(self) -> str:
        """First citation: type, number, date, issuer, subject (Nghị định 30/2020, Phụ lục I)."""
        if self.type == PaperType.LAW:
            return self.short_citation
        parts = [self.get_type_display()]
        if self.number:
            parts.append(f"số {self.full_number}")
        if self.date:
            parts.append(official_date(self.date))
        return " ".join([*parts, f"của {self.issuer} {self.subject}"])
