"""The form of one household in one round: Phiếu A, Phiếu B, scores and category, causes and needs."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from households.choices import (
    B1Source,
    Category,
    Device,
    IncomeSource,
    Latrine,
    ListedBecause,
    Need,
    ReviewState,
    ScreenResult,
    Water,
)
from households.models.rounds import ReviewRound, RoundRow
from households.querysets import ReviewQuerySet
from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import Versioned


@audited()
class Review(Versioned):
    """One household in one round. ``is_frozen`` closes it; a correction is another row that takes its place."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="reviews", verbose_name="đợt rà soát")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="reviews", verbose_name="hộ")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    listed_because = models.CharField("lý do rà soát", max_length=10, choices=ListedBecause)
    request = models.ForeignKey(
        "households.Request", models.PROTECT, null=True, blank=True, related_name="reviews", verbose_name="giấy đề nghị"
    )
    state = models.CharField("tình trạng", max_length=15, choices=ReviewState, default=ReviewState.LISTED)
    dropped_because = models.CharField("lý do đưa ra khỏi danh sách", max_length=300, blank=True)
    redo_because = models.CharField("lý do rà soát lại", max_length=300, blank=True)
    screen_result = models.CharField("kết quả Phiếu A", max_length=10, choices=ScreenResult, blank=True)
    screened_on = models.DateField("ngày làm Phiếu A", null=True, blank=True)

    surveyed_on = models.DateField("ngày làm Phiếu B", null=True, blank=True)
    surveyor = models.CharField("rà soát viên", max_length=100, blank=True)
    b1_source = models.CharField("cách có điểm B1", max_length=10, choices=B1Source, default=B1Source.ENTERED)
    b1_sheet = models.ForeignKey(
        "households.ScoreSheet", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bảng điểm B1"
    )
    b1_score = models.PositiveSmallIntegerField("điểm B1", null=True, blank=True)
    is_wall_durable = models.BooleanField("tường bền chắc", null=True, blank=True)
    is_column_durable = models.BooleanField("cột bền chắc", null=True, blank=True)
    is_roof_durable = models.BooleanField("mái bền chắc", null=True, blank=True)
    floor_area = models.DecimalField("diện tích nhà ở (m²)", max_digits=6, decimal_places=1, null=True, blank=True)
    water = models.CharField("nguồn nước sinh hoạt", max_length=20, choices=Water, blank=True)
    latrine = models.CharField("nhà tiêu", max_length=15, choices=Latrine, blank=True)
    devices = ArrayField(
        models.CharField(max_length=15, choices=Device),
        verbose_name="phương tiện thông tin",
        null=True,
        blank=True,
        help_text="Rỗng: không có phương tiện nào; chưa hỏi thì để trống.",
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)

    b2_score = models.PositiveSmallIntegerField("điểm B2", null=True, blank=True, editable=False)
    category = models.CharField("phân loại", max_length=10, choices=Category, blank=True, editable=False)
    reasons = ArrayField(models.CharField(max_length=200), default=list, blank=True, editable=False)

    # As the household is at the last save of the form; frozen with it.
    head_name = models.CharField("chủ hộ", max_length=100, blank=True, editable=False)
    head_sort_key = models.CharField(max_length=400, blank=True, editable=False)
    ethnicity = models.ForeignKey(
        "households.Ethnicity", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    persons = models.PositiveSmallIntegerField("số khẩu", default=0, editable=False)
    is_ethnic_minority = models.BooleanField("hộ dân tộc thiểu số", default=False, editable=False)
    is_merit = models.BooleanField("hộ có người có công", default=False, editable=False)
    has_no_labour = models.BooleanField("hộ không có khả năng lao động", default=False, editable=False)
    is_female_head = models.BooleanField("chủ hộ là nữ", default=False, editable=False)
    children = models.PositiveSmallIntegerField("trẻ em", default=0, editable=False)
    children_malnourished = models.PositiveSmallIntegerField(default=0, editable=False)
    children_uninsured = models.PositiveSmallIntegerField(default=0, editable=False)
    children_out_of_school = models.PositiveSmallIntegerField(default=0, editable=False)

    authors = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="điều chỉnh phiếu"
    )
    correction_reason = models.CharField("lý do điều chỉnh", max_length=300, blank=True)
    is_current = models.BooleanField(default=True, editable=False)
    is_frozen = models.BooleanField("đã khóa", default=False, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "phiếu rà soát"
        triggers = [
            *Versioned.Meta.triggers,
            pgtrigger.Trigger(
                name="frozen_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.is_frozen"),
                func="""
                    IF TG_OP = 'DELETE' OR (NEW.category, NEW.b1_score, NEW.b2_score, NEW.persons, NEW.village_id,
                        NEW.is_frozen) IS DISTINCT FROM (OLD.category, OLD.b1_score, OLD.b2_score, OLD.persons,
                        OLD.village_id, OLD.is_frozen) THEN
                        RAISE EXCEPTION 'review % is frozen', OLD.id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "household"],
                name="review_once",
                condition=Q(is_current=True),
                violation_error_message="Hộ này đã có phiếu trong đợt.",
            ),
            models.CheckConstraint(
                name="review_scored_has_category",
                condition=~Q(state__in=[ReviewState.SURVEYED, ReviewState.RECOGNISED])
                | Q(category__in=[category.value for category in Category]),
            ),
        ]
        indexes = [
            models.Index(fields=["round", "village", "category"]),
            models.Index(fields=["household", "-round"]),
            models.Index(fields=["unit", "round"]),
        ]

    def __str__(self) -> str:
        return f"phiếu của {self.head_name or self.household}"


class ReviewPart(models.Model):
    """Part of a form; carries the unit."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", db_index=False)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        abstract = True


@audited()
class Answer(ReviewPart):
    """Whether the household is deprived in an indicator: computed from facts, or answered; empty is not answered.

    ``computed`` is what the facts say with ``why``; where the answer differs, ``override_reason`` says why.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="answers")
    indicator = models.ForeignKey("households.Indicator", models.PROTECT, related_name="+")
    is_deprived = models.BooleanField("thiếu hụt", null=True)
    computed = models.BooleanField("tự tính", null=True)
    why = models.CharField("cách tính", max_length=300, blank=True)
    override_reason = models.CharField("lý do khác với tự tính", max_length=300, blank=True)

    class Meta(ReviewPart.Meta):
        abstract = False
        verbose_name = "trả lời chỉ số"
        constraints = [
            models.UniqueConstraint(fields=["review", "indicator"], name="answer_once"),
            models.CheckConstraint(
                name="answer_override_has_reason",
                condition=Q(computed__isnull=True)
                | Q(is_deprived__isnull=True)
                | Q(is_deprived=models.F("computed"))
                | ~Q(override_reason=""),
                violation_error_message="Trả lời khác với tự tính thì ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.is_deprived}"


@audited()
class ReviewScore(ReviewPart):
    """An answer to an item of a score sheet, with the points it gave."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    item = models.ForeignKey("households.ScoreItem", models.PROTECT, related_name="+")
    option = models.ForeignKey("households.ScoreOption", models.PROTECT, related_name="+", null=True, blank=True)
    amount = models.DecimalField("số", max_digits=12, decimal_places=2, null=True, blank=True)
    points = models.SmallIntegerField("điểm", default=0)

    class Meta(ReviewPart.Meta):
        abstract = False
        verbose_name = "trả lời bảng điểm"
        constraints = [
            models.UniqueConstraint(fields=["review", "item", "option"], name="review_score_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.points}"


@audited()
class ReviewIncome(ReviewPart):
    """Income of twelve months from one source, social allowances of the state left out."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="incomes")
    source = models.CharField("nguồn thu", max_length=10, choices=IncomeSource)
    earners = models.PositiveSmallIntegerField("số người có thu nhập", default=1)
    amount = models.PositiveBigIntegerField("thu nhập 12 tháng (đồng)")

    class Meta(ReviewPart.Meta):
        abstract = False
        verbose_name = "thu nhập"
        constraints = [models.UniqueConstraint(fields=["review", "source"], name="review_income_once")]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.amount}"


@audited()
class ReviewCause(ReviewPart):
    review = models.ForeignKey(Review, models.CASCADE, related_name="causes")
    cause = models.ForeignKey("households.Cause", models.PROTECT, related_name="+")

    class Meta(ReviewPart.Meta):
        abstract = False
        verbose_name = "nguyên nhân của hộ"
        constraints = [models.UniqueConstraint(fields=["review", "cause"], name="review_cause_once")]

    def __str__(self) -> str:
        return str(self.cause)


@audited()
class ReviewNeed(ReviewPart):
    review = models.ForeignKey(Review, models.CASCADE, related_name="needs")
    need = models.CharField("nhu cầu", max_length=10, choices=Need)
    note = models.CharField("cụ thể", max_length=200, blank=True)

    class Meta(ReviewPart.Meta):
        abstract = False
        verbose_name = "nhu cầu hỗ trợ"
        constraints = [models.UniqueConstraint(fields=["review", "need"], name="review_need_once")]

    def __str__(self) -> str:
        return self.get_need_display()


class ReviewDraft(RoundRow):
    """What a person has typed into a form and not saved yet: the fields as the browser sends them."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="drafts")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    base_version = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "bản nháp"
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="review_draft_once")]

    def __str__(self) -> str:
        return f"nháp của {self.review}"
