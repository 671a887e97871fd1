"""Who carries the programme in a unit: departments, officers, boards and bodies outside its committee."""

from django.db import models
from django.db.models import F, Q

from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import Dated, Versioned
from povertyplan.core.querysets import DatedQuerySet
from povertyplan.offices.choices import BoardKind, BodyKind


class OfficeQuerySet(UnitScopedQuerySet, DatedQuerySet):  # type: ignore[override]
    """Rows of a unit that hold from a day to a day."""


ENDS_AFTER_START = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))


class OfficeRow(Dated, Versioned):
    """What every row here has: its unit, its span, its place in the lists of the unit."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="đơn vị")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = OfficeQuerySet.as_manager()

    class Meta(Dated.Meta, Versioned.Meta):
        abstract = True
        constraints = [models.CheckConstraint(name="%(class)s_ends_after_start", condition=ENDS_AFTER_START)]


@audited()
class Department(OfficeRow):
    """Part of the committee that leads or joins work; its abbreviation goes into «Lưu: VT, …»."""

    name = models.CharField("tên", max_length=200)
    abbreviation = models.CharField("chữ viết tắt", max_length=20, blank=True)

    class Meta(OfficeRow.Meta):
        abstract = False
        verbose_name = "phòng, ban, công chức chuyên môn"

    def __str__(self) -> str:
        return self.name


@audited()
class OutsideBody(OfficeRow):
    """Party, front, school, station, bank …: a body that is not part of the committee."""

    name = models.CharField("tên", max_length=200)
    kind = models.CharField("nhóm", max_length=10, choices=BodyKind)

    class Meta(OfficeRow.Meta):
        abstract = False
        verbose_name = "cơ quan, đoàn thể"

    def __str__(self) -> str:
        return self.name


@audited()
class Officer(OfficeRow):
    """A person who signs, leads or helps; may have no account (party members, associations)."""

    full_name = models.CharField("họ và tên", max_length=100)
    title = models.CharField("chức vụ", max_length=100)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="officers", verbose_name="phòng, ban"
    )
    body = models.ForeignKey(
        OutsideBody, models.PROTECT, null=True, blank=True, related_name="officers", verbose_name="cơ quan, đoàn thể"
    )
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="tài khoản"
    )

    class Meta(OfficeRow.Meta):
        abstract = False
        verbose_name = "cán bộ"
        constraints = [
            *OfficeRow.Meta.constraints,
            models.CheckConstraint(
                name="officer_of_one_house",
                condition=Q(department__isnull=True) | Q(body__isnull=True),
                violation_error_message="Chọn phòng, ban hoặc cơ quan, đoàn thể, không chọn cả hai.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.title}"


@audited()
class Board(OfficeRow):
    kind = models.CharField("loại", max_length=20, choices=BoardKind)
    name = models.CharField("tên", max_length=200)
    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quyết định thành lập"
    )

    class Meta(OfficeRow.Meta):
        abstract = False
        verbose_name = "ban chỉ đạo, tổ công tác"

    def __str__(self) -> str:
        return self.name


@audited()
class BoardMember(Versioned):
    board = models.ForeignKey(Board, models.CASCADE, related_name="members")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="seats", verbose_name="cán bộ")
    role = models.CharField("chức danh trong ban", max_length=100)
    duty = models.CharField("nhiệm vụ", max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "thành viên"
        constraints = [
            models.UniqueConstraint(
                fields=["board", "officer"],
                name="board_member_once",
                violation_error_message="Người này đã là thành viên của ban.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer.full_name}, {self.role}"
