from django.db.models import TextChoices


class BoardKind(TextChoices):
    REVIEW = "review_board", "Ban Chỉ đạo rà soát"
    MANAGEMENT = "management_board", "Ban Quản lý các chương trình mục tiêu quốc gia"
    SURVEY_TEAM = "survey_team", "Tổ rà soát"
    OTHER = "other", "Ban, tổ khác"


class BodyKind(TextChoices):
    """Outside bodies by their place in the political system."""

    PARTY = "party", "Cấp ủy Đảng"
    COUNCIL = "council", "Hội đồng nhân dân"
    FRONT = "front", "Mặt trận Tổ quốc và đoàn thể"
    UPPER = "upper", "Cơ quan cấp trên"
    SERVICE = "service", "Đơn vị sự nghiệp"
    VILLAGE = "village", "Thôn, tổ dân phố"
    OTHER = "other", "Tổ chức khác"
