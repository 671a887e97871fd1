"""Households and their members as the commune follows them, what happened to them, and the counts of villages."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from households.choices import (
    ChangeKind,
    Disability,
    HealthCard,
    HouseholdClosed,
    Maternity,
    MemberLeft,
    MinorityBasis,
    Nutrition,
    Qualification,
    Relation,
    Schooling,
    Sex,
    Work,
)
from households.models.law import ENDS_AFTER_START, setting_field
from households.querysets import HouseholdQuerySet, MemberQuerySet, UnitDatedQuerySet
from povertyplan.accounts.querysets import UnitScopedQuerySet
from povertyplan.core.audit import audited
from povertyplan.core.models import SPAN, Dated, Versioned

VILLAGE_OF_UNIT = pgtrigger.Trigger(
    name="village_of_unit",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("unit_id", "village_id"),
    when=pgtrigger.Before,
    func="""
        IF (SELECT parent_id FROM areas_area WHERE id = NEW.village_id) IS DISTINCT FROM NEW.unit_id THEN
            RAISE EXCEPTION 'village % is not of unit %', NEW.village_id, NEW.unit_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


@audited()
class Household(Versioned):
    """A household that the commune follows. Its head is the member with the relation «chủ hộ»."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="đơn vị")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="households", verbose_name="thôn")
    code = models.CharField("mã hộ", max_length=30)
    address = models.CharField("địa chỉ", max_length=200, blank=True, help_text="Tổ, xóm, số nhà.")
    setting = setting_field(blank=True, help_text="Chỉ chọn khi khác với khu vực của thôn.")
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    opened_on = models.DateField("theo dõi từ ngày")
    closed_on = models.DateField("thôi theo dõi từ ngày", null=True, blank=True)
    closed_because = models.CharField("lý do thôi theo dõi", max_length=15, choices=HouseholdClosed, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "hộ"
        triggers = [*Versioned.Meta.triggers, VILLAGE_OF_UNIT]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"], name="household_code", violation_error_message="Mã hộ này đã có."
            ),
            models.CheckConstraint(
                name="household_closed_with_reason",
                condition=Q(closed_on__isnull=True, closed_because="")
                | Q(closed_on__isnull=False) & ~Q(closed_because=""),
                violation_error_message="Ngày thôi theo dõi và lý do đi cùng nhau.",
            ),
            models.CheckConstraint(
                name="household_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="Ngày thôi theo dõi không được trước ngày bắt đầu.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "village", "code"])]

    def __str__(self) -> str:
        return f"hộ {self.code}"


@audited()
class Member(Versioned):
    """A person of a household. Facts that nobody has asked for yet are empty, which is not «không»."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="members", verbose_name="hộ")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    name = models.CharField("họ và tên", max_length=100)
    search_key = models.CharField(max_length=100, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    ethnicity = models.ForeignKey(
        "households.Ethnicity", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dân tộc"
    )
    citizen_id = models.CharField(
        "số định danh (CCCD)",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^\d{12}$", "Số định danh gồm đúng 12 chữ số.")],
    )
    insurance_number = models.CharField(
        "mã số bảo hiểm xã hội",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{10}$", "Mã số bảo hiểm xã hội gồm đúng 10 chữ số.")],
    )
    health_card = models.CharField("thẻ bảo hiểm y tế", max_length=3, choices=HealthCard, blank=True)
    card_from = models.DateField("thẻ có giá trị từ", null=True, blank=True)
    card_to = models.DateField("thẻ có giá trị đến", null=True, blank=True)
    relation = models.CharField("quan hệ với chủ hộ", max_length=15, choices=Relation)
    schooling = models.CharField("đang học", max_length=15, choices=Schooling, blank=True)
    qualification = models.CharField("trình độ đã tốt nghiệp", max_length=20, choices=Qualification, blank=True)
    is_trained_on_job = models.BooleanField(
        "được tuyển dụng, đào tạo tại chỗ có chứng nhận", null=True, blank=True, help_text="Người từ 16 đến 30 tuổi."
    )
    work = models.CharField("việc làm", max_length=15, choices=Work, blank=True)
    disability = models.CharField("khuyết tật", max_length=10, choices=Disability, blank=True)
    nutrition = models.CharField(
        "dinh dưỡng", max_length=12, choices=Nutrition, blank=True, help_text="Trẻ dưới 16 tuổi."
    )
    uses_internet = models.BooleanField("dùng internet", null=True, blank=True)
    is_merit = models.BooleanField("người có công với cách mạng", default=False)
    has_social_allowance = models.BooleanField("hưởng trợ cấp xã hội hằng tháng", default=False)
    is_party_member = models.BooleanField("đảng viên", default=False)
    maternity = models.CharField("thai sản", max_length=10, choices=Maternity, blank=True)
    joined_on = models.DateField("vào hộ từ ngày", null=True, blank=True)
    left_on = models.DateField("ra khỏi hộ từ ngày", null=True, blank=True)
    left_because = models.CharField("lý do ra khỏi hộ", max_length=10, choices=MemberLeft, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "người trong hộ"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                name="member_one_head",
                condition=Q(relation=Relation.HEAD, left_on__isnull=True),
                violation_error_message="Hộ đã có chủ hộ; dùng «Đổi chủ hộ».",
            ),
            models.UniqueConstraint(
                fields=["citizen_id"],
                name="member_citizen_id",
                condition=~Q(citizen_id="") & Q(left_on__isnull=True),
                violation_error_message="Số định danh này đã có ở một người khác.",
            ),
            models.CheckConstraint(
                name="member_citizen_id_form", condition=Q(citizen_id="") | Q(citizen_id__regex=r"^[0-9]{12}$")
            ),
            models.CheckConstraint(
                name="member_insurance_form",
                condition=Q(insurance_number="") | Q(insurance_number__regex=r"^[0-9]{10}$"),
            ),
            models.CheckConstraint(
                name="member_left_with_reason",
                condition=Q(left_on__isnull=True, left_because="") | Q(left_on__isnull=False) & ~Q(left_because=""),
                violation_error_message="Ngày ra khỏi hộ và lý do đi cùng nhau.",
            ),
            models.CheckConstraint(
                name="member_birth_year_agrees",
                condition=Q(birth_date__isnull=True) | Q(birth_year=F("birth_date__year")),
                violation_error_message="Năm sinh khác với năm của ngày sinh.",
            ),
            models.CheckConstraint(
                name="member_card_term",
                condition=Q(card_from__isnull=True) | Q(card_to__isnull=True) | Q(card_to__gte=F("card_from")),
                violation_error_message="Ngày hết hạn thẻ không được trước ngày bắt đầu.",
            ),
        ]
        indexes = [
            GinIndex(name="member_name_parts", fields=["search_key"], opclasses=["gin_trgm_ops"]),
            models.Index(fields=["household", "position"]),
            models.Index(fields=["unit", "birth_year"]),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class HouseholdChange(models.Model):
    """What happened to a household on a day; written once, never changed."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="history")
    kind = models.CharField("việc", max_length=15, choices=ChangeKind)
    on = models.DateField("ngày")
    other = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hộ liên quan"
    )
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người")
    from_village = models.ForeignKey("areas.Area", models.PROTECT, null=True, blank=True, related_name="+")
    to_village = models.ForeignKey("areas.Area", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("ghi chú", max_length=300, blank=True)

    objects = UnitScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "biến động của hộ"
        indexes = [models.Index(fields=["household", "on"]), models.Index(fields=["unit", "kind", "on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


@audited()
class VillageCount(Versioned):
    """Households and population of a village on a day, from a source outside the registry: what rates divide by."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="counts", verbose_name="thôn")
    cut_off = models.DateField("chốt số liệu ngày")
    households = models.PositiveIntegerField("tổng số hộ dân cư")
    population = models.PositiveIntegerField("nhân khẩu", null=True, blank=True)
    minority_households = models.PositiveIntegerField("hộ dân tộc thiểu số", null=True, blank=True)
    minority_population = models.PositiveIntegerField("khẩu dân tộc thiểu số", null=True, blank=True)
    source = models.CharField("nguồn", max_length=300, help_text="Nơi cung cấp, ví dụ Công an xã.")
    paper = models.ForeignKey(
        "papers.Paper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản"
    )

    objects = UnitScopedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = "số dân cư của thôn"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "cut_off"],
                name="village_count_per_day",
                violation_error_message="Thôn đã có số liệu chốt ngày này.",
            ),
            models.CheckConstraint(
                name="village_count_minority_within",
                condition=Q(minority_households__isnull=True) | Q(minority_households__lte=F("households")),
                violation_error_message="Số hộ dân tộc thiểu số nhiều hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                name="village_count_minority_persons_within",
                condition=Q(minority_population__isnull=True)
                | Q(population__isnull=True)
                | Q(minority_population__lte=F("population")),
                violation_error_message="Số khẩu dân tộc thiểu số nhiều hơn nhân khẩu.",
            ),
            models.CheckConstraint(
                name="village_count_people_in_households",
                condition=Q(population__isnull=True) | Q(population__gte=F("households")),
                violation_error_message="Nhân khẩu ít hơn số hộ.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-cut_off"])]

    def __str__(self) -> str:
        return f"{self.village}, {self.cut_off:%d/%m/%Y}"


@audited()
class RegistrySetting(Dated, Versioned):
    """How the unit counts: which household is of an ethnic minority, and whether the registry holds everybody."""

    unit = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    minority_basis = models.CharField(
        "hộ dân tộc thiểu số", max_length=10, choices=MinorityBasis, default=MinorityBasis.HEAD
    )
    is_complete = models.BooleanField(
        "sổ hộ có đủ mọi hộ dân cư",
        default=False,
        help_text="Khi đó tổng số hộ, nhân khẩu đếm từ sổ hộ, không lấy số nhập.",
    )

    objects = UnitDatedQuerySet.as_manager()

    class Meta(Dated.Meta, Versioned.Meta):
        abstract = False
        verbose_name = "cách tính của đơn vị"
        constraints = [
            models.CheckConstraint(name="registry_setting_ends_after_start", condition=ENDS_AFTER_START),
            ExclusionConstraint(
                name="registry_setting_once_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (SPAN, RangeOperators.OVERLAPS)],
                violation_error_message="Đã có cách tính khác trong cùng thời gian.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} từ {self.valid_from:%d/%m/%Y}"
