"""Words of target plans, as decisions and plans write them."""

from django.db.models import TextChoices


class PlanState(TextChoices):
    """Where the table is on its way; only ``services.review.plan_move`` changes it."""

    DRAFT = "draft", "đang lập"
    SUBMITTED = "submitted", "chờ lãnh đạo duyệt"
    RETURNED = "returned", "trả lại để sửa"
    FORWARDED = "forwarded", "chờ cấp trên duyệt"
    APPROVED = "approved", "đã duyệt"


OPEN_STATES = (PlanState.DRAFT, PlanState.RETURNED)


class LayoutName(TextChoices):
    """How the table is printed; figures are the same."""

    STANDARD = "standard", "14 cột, có dòng công thức"
    TWO_BLOCKS = "two_blocks", "hai khối: đầu năm, dự kiến cuối năm"
    COMPACT = "compact", "bảng gọn trong văn bản"


class StartSource(TextChoices):
    """Where the figures of the start come from."""

    TYPED = "typed", "nhập tay, có nguồn"
    RECOGNISED = "recognised", "kết quả rà soát năm trước được công nhận"


class QuotaIssuer(TextChoices):
    """Who assigned it: several may have, each differently."""

    PROVINCE = "province", "UBND tỉnh"
    DISTRICT = "district", "UBND huyện"
    PARTY_COMMITTEE = "party_committee", "cấp ủy"
    PEOPLES_COUNCIL = "peoples_council", "Hội đồng nhân dân"


class QuotaSubject(TextChoices):
    POOR = "poor", "hộ nghèo"
    NEAR_POOR = "near_poor", "hộ cận nghèo"
    MULTIDIMENSIONAL = "multidimensional", "nghèo đa chiều (nghèo và cận nghèo)"
    MINORITY_POOR = "minority_poor", "hộ nghèo dân tộc thiểu số"


class QuotaForm(TextChoices):
    """What was assigned: a number of households, the rate to be left, or points of the rate."""

    HOUSEHOLDS = "households", "số hộ giảm"
    END_RATE = "end_rate", "tỷ lệ cuối năm (%)"
    POINTS = "points", "mức giảm tỷ lệ (điểm %)"


class Meaning(TextChoices):
    """A reduction is net unless the decision speaks of households that escape."""

    NET = "net", "giảm thực (đầu năm trừ cuối năm)"
    GROSS = "gross", "số hộ thoát (chưa trừ phát sinh, tái nghèo)"


class Method(TextChoices):
    """How a quota is spread over villages."""

    PROPORTIONAL = "proportional", "theo tỷ trọng số hộ đầu năm"
    EQUAL_END_RATE = "equal_end_rate", "cùng tỷ lệ cuối năm"
    WEIGHTED = "weighted", "ưu tiên nơi đặc biệt khó khăn"
    REGISTERED = "registered", "theo số hộ đăng ký"
    BY_HAND = "by_hand", "nhập tay"


class VersionState(TextChoices):
    """What became of a version; the approved one before a newer one is ``replaced``."""

    SUBMITTED = "submitted", "chờ duyệt"
    FORWARDED = "forwarded", "chờ cấp trên duyệt"
    RETURNED = "returned", "đã trả lại"
    APPROVED = "approved", "đang có hiệu lực"
    REPLACED = "replaced", "đã được thay"


class GoalScope(TextChoices):
    """Over whom a goal speaks."""

    POOR = "poor", "hộ nghèo"
    NEAR_POOR = "near_poor", "hộ cận nghèo"
    LISTED = "listed", "hộ nghèo, hộ cận nghèo"
    LISTED_AND_ESCAPED = "listed_and_escaped", "hộ nghèo, hộ cận nghèo, hộ mới thoát nghèo"
    UNIT = "unit", "toàn địa bàn"


class GoalUnit(TextChoices):
    PERCENT = "percent", "%"
    POINTS = "points", "điểm %"
    HOUSEHOLDS = "households", "hộ"
    PERSONS = "persons", "người"
    TIMES = "times", "lần, lớp, mô hình"


class Comparison(TextChoices):
    AT_LEAST = "at_least", "ít nhất"
    MORE_THAN = "more_than", "trên"
    AT_MOST = "at_most", "không quá"
    EXACTLY = "exactly", "đúng bằng"


class Measure(TextChoices):
    """What the registry can count for a goal; a goal without one is reported by hand with its source."""

    INSURED = "insured", "người có bảo hiểm y tế"
    SCHOOLING = "schooling", "trẻ em đi học đúng độ tuổi"
    CLEAN_WATER = "clean_water", "hộ dùng nước sinh hoạt hợp vệ sinh"
    LATRINE = "latrine", "hộ có nhà tiêu hợp vệ sinh"
    TELECOM = "telecom", "hộ dùng dịch vụ viễn thông, internet"
    PARTY_MEMBER = "party_member", "hộ có đảng viên"
    POOR_RATE = "poor_rate", "tỷ lệ hộ nghèo"
    NEAR_POOR_RATE = "near_poor_rate", "tỷ lệ hộ cận nghèo"
    MULTIDIMENSIONAL_RATE = "multidimensional_rate", "tỷ lệ nghèo đa chiều"
    MINORITY_POOR_FALL = "minority_poor_fall", "mức giảm tỷ lệ hộ nghèo dân tộc thiểu số"
    POOR_FALL = "poor_fall", "số hộ nghèo giảm"
    NEAR_POOR_FALL = "near_poor_fall", "số hộ cận nghèo giảm"


class Period(TextChoices):
    HALF = "h1", "6 tháng đầu năm"
    YEAR = "year", "cả năm"
