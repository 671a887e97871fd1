"""The register of requests (Mẫu 01, Mẫu 04) and the statuses beside the category."""

from django.db import models
from django.db.models import F, Q

from households.choices import Channel, RequestKind, RequestResult, StatusKind, StatusState
from households.models.rounds import RoundRow
from povertyplan.core.audit import audited


@audited()
class Request(RoundRow):
    """Giấy đề nghị as it came in: who, how, until when, with what result."""

    kind = models.CharField("loại giấy", max_length=20, choices=RequestKind)
    channel = models.CharField("cách nộp", max_length=10, choices=Channel, default=Channel.COUNTER)
    file_number = models.CharField("mã hồ sơ", max_length=60, blank=True)
    received_on = models.DateField("ngày nhận")
    due_on = models.DateField("hạn trả kết quả")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    household = models.ForeignKey(
        "households.Household", models.PROTECT, null=True, blank=True, related_name="requests", verbose_name="hộ"
    )
    member = models.ForeignKey(
        "households.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="người lao động",
    )
    applicant = models.CharField("người đề nghị", max_length=100)
    reason = models.CharField("lý do đề nghị", max_length=500, blank=True)
    round = models.ForeignKey(
        "households.ReviewRound", models.PROTECT, null=True, blank=True, related_name="requests", verbose_name="đợt"
    )
    result = models.CharField("kết quả", max_length=10, choices=RequestResult, blank=True)
    result_on = models.DateField("ngày trả kết quả", null=True, blank=True)
    refusal_reason = models.CharField("lý do không công nhận", max_length=500, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "giấy đề nghị"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "file_number"],
                name="request_file_number",
                condition=~Q(file_number=""),
                violation_error_message="Mã hồ sơ này đã có trong sổ.",
            ),
            models.CheckConstraint(
                name="request_due_after_received",
                condition=Q(due_on__gte=F("received_on")),
                violation_error_message="Hạn trả không được trước ngày nhận.",
            ),
            models.CheckConstraint(
                name="request_answered_whole",
                condition=Q(result="", result_on__isnull=True) | ~Q(result="") & Q(result_on__isnull=False),
                violation_error_message="Kết quả và ngày trả đi cùng nhau.",
            ),
            models.CheckConstraint(
                name="request_refused_with_reason",
                condition=~Q(result=RequestResult.REFUSED) | ~Q(refusal_reason=""),
                violation_error_message="Không công nhận thì ghi lý do.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "result", "due_on"])]

    def __str__(self) -> str:
        return f"giấy đề nghị của {self.applicant}"


@audited()
class Status(RoundRow):
    """A dated status of a household or a person, on request, by income of twelve months."""

    kind = models.CharField("loại", max_length=20, choices=StatusKind)
    request = models.OneToOneField(Request, models.PROTECT, related_name="status", verbose_name="giấy đề nghị")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="statuses", verbose_name="hộ")
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="statuses", verbose_name="người"
    )
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    is_rural_work = models.BooleanField(
        "làm nông, lâm, ngư, diêm nghiệp",
        null=True,
        blank=True,
        help_text="Chỉ hộ làm các nghề này được xác định có mức sống trung bình.",
    )
    persons = models.PositiveSmallIntegerField("số người tính thu nhập", default=1)
    income = models.PositiveBigIntegerField("thu nhập 12 tháng (đồng)")
    income_from = models.DateField("tính từ tháng", help_text="Ngày đầu của 12 tháng.")
    state = models.CharField("tình trạng", max_length=10, choices=StatusState, default=StatusState.ASSESSED)
    is_eligible = models.BooleanField("đủ điều kiện", default=False, editable=False)
    verdict = models.CharField("cách xác định", max_length=300, blank=True, editable=False)
    posted_from = models.DateField("niêm yết từ ngày", null=True, blank=True)
    posted_to = models.DateField("niêm yết đến hết ngày", null=True, blank=True)
    posted_at = models.CharField("nơi niêm yết", max_length=300, blank=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    ended_because = models.CharField("lý do thôi", max_length=300, blank=True)
    decision = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quyết định"
    )
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "mức sống trung bình, thu nhập thấp"
        constraints = [
            models.CheckConstraint(
                name="status_of_household_or_person",
                condition=Q(kind=StatusKind.AVERAGE_LIVING, member__isnull=True)
                | Q(kind=StatusKind.LOW_INCOME_WORKER, member__isnull=False),
            ),
            models.CheckConstraint(
                name="status_decided_with_day", condition=~Q(state=StatusState.DECIDED) | Q(valid_from__isnull=False)
            ),
            models.CheckConstraint(
                name="status_ends_after_start",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày cuối không được trước ngày đầu.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "kind", "state"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
