"""What the chairman of the commune has decided: frozen lists, and the certificates that follow."""

import pgtrigger
from django.db import models
from django.db.models import Q

from households.choices import Category, RecognitionKind, Transition
from households.models.rounds import ReviewRound, RoundRow
from povertyplan.core.audit import audited


@audited()
class Recognition(RoundRow):
    """A decision on a round: the first one recognises it, later ones correct single households."""

    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="recognitions")
    kind = models.CharField("loại", max_length=10, choices=RecognitionKind)
    on = models.DateField("ngày quyết định")
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quyết định"
    )
    signer = models.ForeignKey(
        "offices.Officer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ký"
    )
    reason = models.CharField("lý do", max_length=500, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "công nhận"
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                name="recognition_once",
                condition=~Q(kind=RecognitionKind.CORRECTION),
                violation_error_message="Đợt này đã được công nhận.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


@audited()
class Recognised(RoundRow):
    """One household in a recognised round: its category and what became of it since the last list.

    Every household of last year's list or of this one has exactly one current row; reviewed ones that stay outside
    both lists have one too, without a transition. ``category`` is empty for a household that is gone.
    ``from_…`` is the household on the last recognised list: empty where it was on none.
    """

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="households")
    round = models.ForeignKey(ReviewRound, models.PROTECT, related_name="recognised")
    year = models.PositiveSmallIntegerField("năm")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="recognised")
    review = models.ForeignKey("households.Review", models.PROTECT, null=True, blank=True, related_name="recognised")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="thôn")
    category = models.CharField("phân loại", max_length=10, choices=Category, blank=True)
    transition = models.CharField("diễn biến", max_length=25, choices=Transition, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    head_name = models.CharField("chủ hộ", max_length=100)
    head_sort_key = models.CharField(max_length=400, blank=True)
    ethnicity = models.ForeignKey("households.Ethnicity", models.PROTECT, null=True, blank=True, related_name="+")
    persons = models.PositiveSmallIntegerField("số khẩu", default=0)
    is_ethnic_minority = models.BooleanField(default=False)
    is_merit = models.BooleanField(default=False)
    has_no_labour = models.BooleanField(default=False)
    is_female_head = models.BooleanField(default=False)
    from_category = models.CharField("phân loại kỳ trước", max_length=10, choices=Category, blank=True)
    from_persons = models.PositiveSmallIntegerField("số khẩu kỳ trước", default=0)
    from_village = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thôn kỳ trước"
    )
    is_current = models.BooleanField(default=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "hộ được công nhận"
        triggers = [
            *RoundRow.Meta.triggers,
            pgtrigger.Trigger(
                name="recognised_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP = 'DELETE' OR (NEW.category, NEW.persons, NEW.transition, NEW.household_id, NEW.round_id)
                        IS DISTINCT FROM (OLD.category, OLD.persons, OLD.transition, OLD.household_id, OLD.round_id)
                    THEN
                        RAISE EXCEPTION 'recognised row % stays', OLD.id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "household"], name="recognised_once", condition=Q(is_current=True))
        ]
        indexes = [
            models.Index(fields=["unit", "year", "category"]),
            models.Index(fields=["household", "-year"]),
            models.Index(fields=["round", "village"]),
        ]

    def __str__(self) -> str:
        return f"{self.head_name}: {self.get_category_display()} {self.year}"


@audited()
class Certificate(RoundRow):
    """Giấy chứng nhận (Mẫu 03): a booklet with its own number, confirmed every year."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField("số")
    year = models.PositiveSmallIntegerField("năm cấp")
    issued_on = models.DateField("ngày cấp")
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="+")
    handed_over_on = models.DateField("ngày giao", null=True, blank=True)
    withdrawn_on = models.DateField("ngày thu hồi", null=True, blank=True)
    withdrawn_because = models.CharField("lý do thu hồi", max_length=300, blank=True)

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "giấy chứng nhận"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"],
                name="certificate_number",
                violation_error_message="Số giấy chứng nhận này đã cấp.",
            ),
            models.UniqueConstraint(
                fields=["household"],
                name="certificate_one_in_force",
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message="Hộ đang có giấy chứng nhận còn giá trị.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}/GCN-HN.HCN"


@audited()
class CertificateYear(RoundRow):
    """The class that the commune confirms in a booklet for a year."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField("năm")
    category = models.CharField("phân loại", max_length=10, choices=Category)
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="+")
    confirmed_on = models.DateField("ngày xác nhận")

    class Meta(RoundRow.Meta):
        abstract = False
        verbose_name = "xác nhận hằng năm"
        constraints = [models.UniqueConstraint(fields=["certificate", "recognition"], name="certificate_year_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.get_category_display()}"
