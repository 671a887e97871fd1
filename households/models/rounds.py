"""A review round of a commune and its steps (Quyết định 24/2021/QĐ-TTg, Điều 4)."""

from django.db import models
from django.db.models import F, Q

from households.choices import (
    Agreement,
    Category,
    ComplaintResult,
    OpinionReply,
    RoundKind,
    RoundState,
    Step,
)
from households.querysets import RoundQuerySet
from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import Versioned


class RoundRow(Versioned):
    """What belongs to a round; carries the unit so that scope needs no join."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")

    objects = UnitScopedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = True


@audited()
class ReviewRound(Versioned):
    """One commune, one period, one kind, one standard."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="đơn vị")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("loại đợt", max_length=10, choices=RoundKind)
    month = models.PositiveSmallIntegerField("tháng", default=0, help_text="0 với đợt định kỳ.")
    standard = models.ForeignKey(
        "households.Standard", models.PROTECT, related_name="+", verbose_name="chuẩn nghèo áp dụng"
    )
    state = models.CharField("tình trạng", max_length=10, choices=RoundState, default=RoundState.OPEN)
    starts_on = models.DateField("bắt đầu")
    ends_on = models.DateField("kết thúc")
    board = models.ForeignKey(
        "offices.Board", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Ban Chỉ đạo rà soát"
    )
    team = models.ForeignKey(
        "offices.Board", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ rà soát"
    )
    plan_paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kế hoạch rà soát"
    )
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    recognised_on = models.DateField("ngày công nhận", null=True, blank=True)
    cancelled_because = models.CharField("lý do hủy", max_length=300, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "đợt rà soát"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "kind", "month"],
                name="round_once",
                condition=~Q(state=RoundState.CANCELLED),
                violation_error_message="Đơn vị đã có đợt rà soát này.",
            ),
            models.CheckConstraint(
                name="round_month",
                condition=Q(kind=RoundKind.PERIODIC, month=0) | Q(kind=RoundKind.REGULAR, month__gte=1, month__lte=12),
            ),
            models.CheckConstraint(
                name="round_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                name="round_recognised_with_day",
                condition=Q(state=RoundState.RECOGNISED, recognised_on__isnull=False)
                | ~Q(state=RoundState.RECOGNISED) & Q(recognised_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == RoundKind.REGULAR:
            return f"rà soát thường xuyên tháng {self.month:02d}/{self.year}"
        return f"rà soát định kỳ năm {self.year}"


@audited()
class RoundStep(RoundRow):
    """A step of a round: until when, and when it was really done."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="steps")
    step = models.CharField("bước", max_length=20, choices=Step)
    position = models.PositiveSmallIntegerField()
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "bước"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["round", "step"], name="round_step_once")]

    def __str__(self) -> str:
        return self.get_step_display()


@audited()
class VillageMeeting(RoundRow):
    """Minutes of the meeting of a village (Thông tư 07/2021, Phụ lục V). A redo is another meeting, ``sitting`` + 1."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="meetings")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    sitting = models.PositiveSmallIntegerField("lần họp", default=1)
    held_on = models.DateField("ngày họp")
    place = models.CharField("địa điểm", max_length=200)
    chair = models.CharField("chủ trì (họ tên, chức danh)", max_length=200)
    secretary = models.CharField("thư ký", max_length=200)
    board_present = models.CharField("Ban Chỉ đạo, cán bộ xã dự", max_length=500, blank=True)
    bodies_present = models.CharField("chi bộ, đoàn thể dự", max_length=500, blank=True)
    front_present = models.CharField("Mặt trận Tổ quốc giám sát", max_length=300, blank=True)
    surveyors_present = models.CharField("rà soát viên dự", max_length=500, blank=True)
    participants = models.PositiveSmallIntegerField("số người dự họp")
    households_represented = models.PositiveSmallIntegerField("số hộ có người đại diện dự")
    households_listed = models.PositiveSmallIntegerField("số hộ trong danh sách rà soát")
    opinions = models.TextField("ý kiến khác", blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "cuộc họp dân"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village", "sitting"],
                name="village_meeting_sitting",
                violation_error_message="Lần họp này của thôn đã ghi.",
            ),
            models.CheckConstraint(
                name="village_meeting_represented",
                condition=Q(households_represented__lte=F("households_listed")),
                violation_error_message="Số hộ có đại diện nhiều hơn số hộ trong danh sách.",
            ),
        ]

    def __str__(self) -> str:
        return f"họp {self.village} ngày {self.held_on:%d/%m/%Y}"


@audited()
class MeetingVerdict(RoundRow):
    """What the meeting said of one household: how many agreed, of those who were there, to which category.

    A form whose category is another one since has not been before the meeting.
    """

    meeting = models.ForeignKey(VillageMeeting, models.CASCADE, related_name="verdicts")
    review = models.ForeignKey("households.Review", models.PROTECT, related_name="verdicts")
    category = models.CharField("phân loại đưa ra họp", max_length=10, choices=Category, default="")
    agreed = models.PositiveSmallIntegerField("số người thống nhất")
    result = models.CharField("kết luận", max_length=10, choices=Agreement)
    opinion = models.CharField("ý kiến", max_length=500, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "kết luận của cuộc họp"
        constraints = [models.UniqueConstraint(fields=["meeting", "review"], name="meeting_verdict_once")]

    def __str__(self) -> str:
        return self.get_result_display()


@audited()
class Posting(RoundRow):
    """The result of a village, posted in public from a day to a day, both included."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="postings")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    place = models.CharField("nơi niêm yết", max_length=300)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    is_recheck = models.BooleanField("niêm yết kết quả phúc tra", default=False)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "niêm yết"
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Ngày hết niêm yết không được trước ngày bắt đầu.",
            ),
            models.UniqueConstraint(
                fields=["round", "village"],
                name="posting_once",
                condition=Q(is_recheck=False),
                violation_error_message="Thôn này đã niêm yết.",
            ),
        ]

    def __str__(self) -> str:
        return f"niêm yết {self.village}"


@audited()
class Complaint(RoundRow):
    """A complaint about a posted result and the recheck that answers it; ``category`` is what a recheck changed to."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="complaints")
    review = models.ForeignKey(
        "households.Review", models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name="về hộ"
    )
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    complainant = models.CharField("người khiếu nại", max_length=100)
    content = models.TextField("nội dung")
    received_on = models.DateField("ngày nhận")
    due_on = models.DateField("hạn phúc tra")
    rechecked_on = models.DateField("ngày phúc tra", null=True, blank=True)
    result = models.CharField("kết quả", max_length=10, choices=ComplaintResult, blank=True)
    category = models.CharField("phân loại sau phúc tra", max_length=10, choices=Category, blank=True)
    answer = models.TextField("trả lời", blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "khiếu nại"
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_whole",
                condition=Q(result="", rechecked_on__isnull=True) | ~Q(result="") & Q(rechecked_on__isnull=False),
                violation_error_message="Ngày phúc tra và kết quả đi cùng nhau.",
            )
        ]

    def __str__(self) -> str:
        return f"khiếu nại của {self.complainant}"


@audited()
class Opinion(RoundRow):
    """The preliminary result sent to the level above, and its answer.

    ``list_digest`` stands for who was on the lists as they were sent: equal counts may be other households.
    """

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="opinions")
    asked_of = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="cấp trên")
    addressee = models.CharField("nơi nhận", max_length=200)
    via = models.CharField("qua cơ quan", max_length=200, blank=True)
    sent_on = models.DateField("ngày gửi")
    due_on = models.DateField("hạn trả lời", null=True, blank=True)
    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản xin ý kiến"
    )
    poor = models.PositiveIntegerField("hộ nghèo khi gửi")
    near_poor = models.PositiveIntegerField("hộ cận nghèo khi gửi")
    list_digest = models.CharField(max_length=32, blank=True, default="", editable=False)
    reply = models.CharField("trả lời", max_length=10, choices=OpinionReply, blank=True)
    replied_on = models.DateField("ngày trả lời", null=True, blank=True)
    replied_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    reply_text = models.TextField("ý kiến", blank=True)
    reply_number = models.CharField("số văn bản trả lời", max_length=60, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "xin ý kiến cấp trên"
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                name="opinion_one_open",
                condition=Q(reply=""),
                violation_error_message="Đợt này đang chờ ý kiến cấp trên.",
            ),
            models.CheckConstraint(
                name="opinion_replied_whole",
                condition=Q(reply="", replied_on__isnull=True) | ~Q(reply="") & Q(replied_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["asked_of", "reply", "due_on"])]

    def __str__(self) -> str:
        return f"xin ý kiến {self.addressee}"
