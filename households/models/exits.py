"""Exit registration: in spring households undertake to escape poverty within the year; the village meets on it."""

from django.db import models
from django.db.models import F, Q

from households.choices import Category, Need
from households.models.registry import VILLAGE_OF_UNIT
from households.models.rounds import RoundRow
from povertyplan.core.audit import audited

LISTED_CATEGORY = Q(category__in=[Category.POOR, Category.NEAR_POOR])


@audited()
class ExitDrive(RoundRow):
    """The registration of a unit and year; open from the day on which the targets of the villages were approved."""

    year = models.PositiveSmallIntegerField("năm")
    opened_on = models.DateField("mở đăng ký từ ngày")
    closes_on = models.DateField("nhận đăng ký đến hết ngày", null=True, blank=True)
    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản giao chỉ tiêu"
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "đợt đăng ký thoát nghèo"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="exit_drive_once"),
            models.CheckConstraint(
                name="exit_drive_ends_after_start",
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opened_on")),
                violation_error_message="Ngày cuối nhận đăng ký không được trước ngày mở.",
            ),
        ]

    def __str__(self) -> str:
        return f"đăng ký thoát nghèo năm {self.year}"


@audited()
class ExitMeeting(RoundRow):
    """Minutes of a village on who registers; one a village and year, corrected in place."""

    drive = models.ForeignKey(ExitDrive, models.CASCADE, related_name="meetings")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    held_on = models.DateField("ngày họp")
    place = models.CharField("địa điểm", max_length=200)
    chair = models.CharField("chủ trì (họ tên, chức danh)", max_length=200)
    secretary = models.CharField("thư ký", max_length=200)
    present = models.CharField("cán bộ phụ trách hộ, đoàn thể dự", max_length=500, blank=True)
    participants = models.PositiveSmallIntegerField("số người dự họp")
    households_represented = models.PositiveSmallIntegerField("số hộ có người đại diện dự")
    opinions = models.TextField("ý kiến khác", blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "cuộc họp thôn về đăng ký thoát nghèo"
        triggers = [*RoundRow.Meta.triggers, VILLAGE_OF_UNIT]
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "village"],
                name="exit_meeting_once",
                violation_error_message="Thôn này đã có biên bản họp đăng ký.",
            ),
            models.CheckConstraint(
                name="exit_meeting_represented_within_present",
                condition=Q(participants__gte=F("households_represented")),
                violation_error_message="Số hộ có đại diện nhiều hơn số người dự họp.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village}, họp ngày {self.held_on:%d/%m/%Y}"


@audited()
class ExitRegistration(RoundRow):
    """A household that undertakes to escape; ``category`` is what it was on the list of that day."""

    drive = models.ForeignKey(ExitDrive, models.PROTECT, related_name="registrations")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="exit_registrations")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    meeting = models.ForeignKey(
        ExitMeeting, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name="cuộc họp thôn"
    )
    category = models.CharField("phân loại khi đăng ký", max_length=10, choices=Category)
    registered_on = models.DateField("ngày đăng ký")
    signer = models.CharField("người ký đơn", max_length=100, help_text="Chủ hộ hoặc người đại diện.")
    is_form_signed = models.BooleanField("đã có đơn ký của hộ", default=False)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    withdrawn_on = models.DateField("ngày rút đăng ký", null=True, blank=True)
    withdrawn_because = models.CharField("lý do rút", max_length=300, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "hộ đăng ký thoát nghèo"
        triggers = [*RoundRow.Meta.triggers, VILLAGE_OF_UNIT]
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "household"],
                name="exit_registration_once",
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message="Hộ này đã đăng ký thoát nghèo trong năm.",
            ),
            models.CheckConstraint(name="exit_registration_of_a_listed_household", condition=LISTED_CATEGORY),
            models.CheckConstraint(
                name="exit_registration_withdrawn_with_reason",
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | Q(withdrawn_on__gte=F("registered_on")) & ~Q(withdrawn_because=""),
                violation_error_message="Rút đăng ký thì ghi ngày, không trước ngày đăng ký, và lý do.",
            ),
        ]
        indexes = [models.Index(fields=["drive", "village"])]

    def __str__(self) -> str:
        return f"{self.signer}, đăng ký ngày {self.registered_on:%d/%m/%Y}"


@audited()
class ExitNeed(RoundRow):
    """What the household asks for to get there."""

    registration = models.ForeignKey(ExitRegistration, models.CASCADE, related_name="needs")
    need = models.CharField("nhu cầu", max_length=10, choices=Need)
    note = models.CharField("cụ thể", max_length=200, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "nhu cầu để thoát nghèo"
        constraints = [models.UniqueConstraint(fields=["registration", "need"], name="exit_need_once")]

    def __str__(self) -> str:
        return self.get_need_display()
