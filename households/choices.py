"""Words of the registry and of the annual review, as the paper forms write them."""

from django.db.models import TextChoices


class Category(TextChoices):
    """What B1 and B2 decide (Nghị định 07/2021, Điều 3; Thông tư 07/2021)."""

    POOR = "poor", "hộ nghèo"
    NEAR_POOR = "near_poor", "hộ cận nghèo"
    NOT_POOR = "not_poor", "hộ không nghèo"


LISTED = (Category.POOR, Category.NEAR_POOR)


class Sex(TextChoices):
    MALE = "male", "nam"
    FEMALE = "female", "nữ"


class Relation(TextChoices):
    HEAD = "head", "chủ hộ"
    SPOUSE = "spouse", "vợ, chồng"
    CHILD = "child", "con"
    CHILD_IN_LAW = "child_in_law", "con dâu, con rể"
    PARENT = "parent", "cha, mẹ"
    GRANDPARENT = "grandparent", "ông, bà"
    GRANDCHILD = "grandchild", "cháu"
    SIBLING = "sibling", "anh, chị, em"
    OTHER = "other", "quan hệ khác"


class Schooling(TextChoices):
    """Level a person attends now."""

    NONE = "none", "không đi học"
    PRESCHOOL = "preschool", "mầm non"
    PRIMARY = "primary", "tiểu học"
    LOWER_SECONDARY = "lower_secondary", "trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "trung học phổ thông"
    VOCATIONAL = "vocational", "học nghề (sơ cấp, trung cấp)"
    HIGHER = "higher", "cao đẳng, đại học"


class Qualification(TextChoices):
    """Highest level a person has finished."""

    NONE = "none", "chưa tốt nghiệp cấp nào"
    PRIMARY = "primary", "tiểu học"
    LOWER_SECONDARY = "lower_secondary", "trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "trung học phổ thông"
    ELEMENTARY_TRADE = "elementary_trade", "sơ cấp"
    INTERMEDIATE = "intermediate", "trung cấp"
    COLLEGE = "college", "cao đẳng"
    UNIVERSITY = "university", "đại học trở lên"


class Work(TextChoices):
    CONTRACT = "contract", "làm công, có hợp đồng lao động"
    NO_CONTRACT = "no_contract", "làm công, không có hợp đồng lao động"
    SELF_EMPLOYED = "self_employed", "tự làm (nông, lâm, ngư nghiệp, buôn bán …)"
    SEEKING = "seeking", "chưa có việc làm, muốn làm việc"
    NOT_SEEKING = "not_seeking", "không làm việc, không có nhu cầu"
    STUDYING = "studying", "đang đi học"
    TOO_YOUNG = "too_young", "còn nhỏ"
    UNABLE = "unable", "không có khả năng lao động"


class Disability(TextChoices):
    NONE = "none", "không khuyết tật"
    MILD = "mild", "nhẹ"
    SEVERE = "severe", "nặng"
    EXTREME = "extreme", "đặc biệt nặng"


class HealthCard(TextChoices):
    YES = "yes", "có thẻ"
    NO = "no", "không có thẻ"


class Nutrition(TextChoices):
    NORMAL = "normal", "bình thường"
    STUNTED = "stunted", "suy dinh dưỡng chiều cao theo tuổi"
    UNDERWEIGHT = "underweight", "suy dinh dưỡng cân nặng theo tuổi"


class Maternity(TextChoices):
    PREGNANT = "pregnant", "đang mang thai"
    NURSING = "nursing", "đang nuôi con nhỏ"


class MemberLeft(TextChoices):
    """Why a person is no longer a member."""

    MOVED_OUT = "moved_out", "chuyển đi"
    DIED = "died", "đã chết"
    SPLIT = "split", "tách hộ"
    JOINED = "joined", "nhập vào hộ khác"
    MISTAKE = "mistake", "ghi nhầm"


class HouseholdClosed(TextChoices):
    """Why a household is no longer in the registry."""

    MOVED_OUT = "moved_out", "chuyển khỏi địa bàn"
    MERGED = "merged", "nhập vào hộ khác"
    DISSOLVED = "dissolved", "không còn người (chết, giải thể)"
    MISTAKE = "mistake", "ghi nhầm"


class ChangeKind(TextChoices):
    """What happened to a household on a day."""

    OPENED = "opened", "lập hộ"
    MOVED_IN = "moved_in", "chuyển đến"
    SPLIT = "split", "tách hộ"
    MERGED = "merged", "nhập hộ"
    MOVED = "moved", "chuyển nơi ở"
    REORGANISED = "reorganised", "sang đơn vị mới do sắp xếp"
    HEAD_CHANGED = "head_changed", "đổi chủ hộ"
    MEMBER_IN = "member_in", "thêm người"
    MEMBER_OUT = "member_out", "bớt người"
    CLOSED = "closed", "thôi theo dõi"
    REOPENED = "reopened", "theo dõi lại"


class MinorityBasis(TextChoices):
    """Which household counts as an ethnic-minority household."""

    HEAD = "head", "theo dân tộc của chủ hộ"
    MAJORITY = "majority", "quá nửa số người là dân tộc thiểu số"
    ANY = "any", "có ít nhất một người dân tộc thiểu số"


class SheetPurpose(TextChoices):
    QUICK_SCREEN = "quick_screen", "Phiếu A (nhận dạng nhanh)"
    B1 = "b1", "bảng điểm B1"


class ItemKind(TextChoices):
    """How a score item is answered: one option, several, a number, or a number that falls into a range."""

    SINGLE = "single", "chọn một"
    MULTI = "multi", "chọn nhiều"
    COUNT = "count", "đếm"
    RANGE = "range", "khoảng"


class RoundKind(TextChoices):
    PERIODIC = "periodic", "định kỳ"
    REGULAR = "regular", "thường xuyên"


class RoundState(TextChoices):
    OPEN = "open", "đang rà soát"
    RECOGNISED = "recognised", "đã công nhận"
    CANCELLED = "cancelled", "đã hủy"


class Step(TextChoices):
    """Steps of a round in their order (Quyết định 24/2021, Điều 4)."""

    LISTING = "listing", "Lập danh sách"
    QUICK_SCREEN = "quick_screen", "Nhận dạng nhanh"
    SURVEY = "survey", "Rà soát, chấm điểm"
    VILLAGE_MEETING = "village_meeting", "Họp dân"
    POSTING = "posting", "Niêm yết"
    RECHECK = "recheck", "Khiếu nại, phúc tra"
    OPINION = "opinion", "Xin ý kiến cấp trên"
    RECOGNITION = "recognition", "Công nhận"
    CERTIFICATES = "certificates", "Cấp giấy chứng nhận"


class ListedBecause(TextChoices):
    ON_LIST = "on_list", "đang trong danh sách nghèo, cận nghèo"
    REQUEST = "request", "có giấy đề nghị"
    ADDED = "added", "thôn, rà soát viên đề xuất"


class ReviewState(TextChoices):
    """Where the form of one household is."""

    LISTED = "listed", "chờ Phiếu A"
    SCREENED_OUT = "screened_out", "Phiếu A: không rà soát tiếp"
    TO_SURVEY = "to_survey", "chờ Phiếu B"
    SURVEYED = "surveyed", "đã chấm điểm"
    DROPPED = "dropped", "đưa ra khỏi danh sách"
    RECOGNISED = "recognised", "đã công nhận"


class ScreenResult(TextChoices):
    CONTINUE = "continue", "tiếp tục rà soát"
    STOP = "stop", "không rà soát"


class B1Source(TextChoices):
    ENTERED = "entered", "nhập tổng điểm"
    COMPUTED = "computed", "tính từ bảng điểm"


class Water(TextChoices):
    TAP = "tap", "nước máy"
    DRILLED_WELL = "drilled_well", "giếng khoan"
    PROTECTED_WELL = "protected_well", "giếng đào được bảo vệ"
    PROTECTED_SPRING = "protected_spring", "nước khe, mó được bảo vệ"
    RAIN = "rain", "nước mưa"
    BOTTLED = "bottled", "nước đóng chai, bình"
    UNPROTECTED_WELL = "unprotected_well", "giếng đào không được bảo vệ"
    UNPROTECTED_SPRING = "unprotected_spring", "nước khe, mó không được bảo vệ"
    SURFACE = "surface", "nước sông, suối, hồ, ao"
    OTHER = "other", "nguồn khác"


class Latrine(TextChoices):
    SEPTIC = "septic", "tự hoại, bán tự hoại"
    POUR_FLUSH = "pour_flush", "thấm dội nước"
    VENTILATED = "ventilated", "cải tiến có ống thông hơi (VIP)"
    TWO_VAULT = "two_vault", "hai ngăn"
    OTHER = "other", "loại khác"
    NONE = "none", "không có nhà tiêu"


class Device(TextChoices):
    TELEVISION = "television", "ti vi"
    RADIO = "radio", "ra-đi-ô"
    DESKTOP = "desktop", "máy tính để bàn"
    TELEPHONE = "telephone", "điện thoại"
    LAPTOP = "laptop", "máy tính xách tay"
    TABLET = "tablet", "máy tính bảng"
    SMARTPHONE = "smartphone", "điện thoại thông minh"


class IncomeSource(TextChoices):
    WAGE = "wage", "tiền công, tiền lương"
    CROPS = "crops", "trồng trọt"
    LIVESTOCK = "livestock", "chăn nuôi"
    FORESTRY = "forestry", "lâm nghiệp"
    FISHERY = "fishery", "thủy sản, diêm nghiệp"
    BUSINESS = "business", "buôn bán, dịch vụ, nghề khác"
    GIVEN = "given", "người thân cho, biếu"
    OTHER = "other", "nguồn khác"


class Need(TextChoices):
    """Support a household asks for, as the household lists have it."""

    HEALTH = "health", "y tế"
    EDUCATION = "education", "giáo dục"
    PRODUCTION = "production", "sản xuất"
    CREDIT = "credit", "vay vốn tín dụng"
    HOUSING = "housing", "nhà ở"
    OTHER = "other", "khác"


class Agreement(TextChoices):
    """What the village meeting decides on a household."""

    AGREED = "agreed", "thống nhất"
    REDO = "redo", "rà soát lại"


class ComplaintResult(TextChoices):
    KEPT = "kept", "giữ nguyên kết quả"
    CHANGED = "changed", "thay đổi kết quả"
    WITHDRAWN = "withdrawn", "người khiếu nại rút"


class OpinionReply(TextChoices):
    AGREED = "agreed", "thống nhất"
    RETURNED = "returned", "đề nghị xem lại"


class RecognitionKind(TextChoices):
    INITIAL = "initial", "công nhận"
    CORRECTION = "correction", "điều chỉnh"
    PAST = "past", "ghi lại danh sách đã công nhận trên giấy"


class Transition(TextChoices):
    """What became of a household between two recognised lists; each household of either list has exactly one."""

    REMAINED_POOR = "remained_poor", "nghèo cũ"
    REMAINED_NEAR_POOR = "remained_near_poor", "cận nghèo cũ"
    POOR_TO_NEAR_POOR = "poor_to_near_poor", "hộ nghèo thành hộ cận nghèo"
    POOR_TO_ABOVE = "poor_to_above", "hộ nghèo vượt chuẩn cận nghèo"
    NEAR_POOR_TO_POOR = "near_poor_to_poor", "hộ cận nghèo thành hộ nghèo"
    ESCAPED_NEAR_POVERTY = "escaped_near_poverty", "thoát cận nghèo"
    FELL_BACK = "fell_back", "tái nghèo"
    NEWLY_POOR = "newly_poor", "nghèo phát sinh mới"
    FELL_BACK_NEAR_POOR = "fell_back_near_poor", "tái cận nghèo"
    NEWLY_NEAR_POOR = "newly_near_poor", "cận nghèo phát sinh mới"
    OTHER_INCREASE = "other_increase", "khác tăng"
    OTHER_DECREASE = "other_decrease", "khác giảm"


class RequestKind(TextChoices):
    """Forms of Quyết định 24/2021: Mẫu 01 asks to be reviewed, Mẫu 04 to be recognised as escaped."""

    FORM_01 = "form_01", "Mẫu số 01 – đề nghị rà soát hộ nghèo, hộ cận nghèo"
    FORM_01_AVERAGE = "form_01_average", "Mẫu số 01 – đề nghị xác định hộ có mức sống trung bình"
    FORM_04 = "form_04", "Mẫu số 04 – đề nghị công nhận hộ thoát nghèo, thoát cận nghèo"
    LOW_INCOME = "low_income", "Đề nghị xác định người lao động có thu nhập thấp"


class Channel(TextChoices):
    COUNTER = "counter", "nộp trực tiếp"
    POST = "post", "bưu chính"
    PORTAL = "portal", "cổng dịch vụ công"


class RequestResult(TextChoices):
    ACCEPTED = "accepted", "đã công nhận"
    REFUSED = "refused", "không công nhận"
    WITHDRAWN = "withdrawn", "người nộp rút"


class StatusKind(TextChoices):
    """Statuses beside the category, on request only, never from B1 and B2."""

    AVERAGE_LIVING = "average_living", "hộ có mức sống trung bình"
    LOW_INCOME_WORKER = "low_income_worker", "người lao động có thu nhập thấp"


class StatusState(TextChoices):
    ASSESSED = "assessed", "đã xác định thu nhập"
    POSTED = "posted", "đang niêm yết"
    DECIDED = "decided", "đã quyết định"
    REFUSED = "refused", "không công nhận"
    ENDED = "ended", "đã hết"


class ParameterCode(TextChoices):
    """Dated figures of procedure and policy; the unit of each stands in its label."""

    POSTING_DAYS = "posting_days", "niêm yết kết quả rà soát (ngày làm việc)"
    RECHECK_DAYS = "recheck_days", "phúc tra khi có khiếu nại (ngày làm việc)"
    RECHECK_POSTING_DAYS = "recheck_posting_days", "niêm yết kết quả phúc tra (ngày làm việc)"
    OPINION_DAYS = "opinion_days", "cấp trên trả lời ý kiến (ngày làm việc)"
    REQUEST_DAYS = "request_days", "quyết định theo giấy đề nghị (ngày, từ ngày bắt đầu rà soát của tháng)"
    REGULAR_START_DAY = "regular_start_day", "ngày bắt đầu rà soát thường xuyên hằng tháng"
    MONTHLY_REPORT_DAY = "monthly_report_day", "ngày báo cáo kết quả rà soát thường xuyên hằng tháng"
    MEETING_AGREE_PERCENT = "meeting_agree_percent", "tỷ lệ người dự họp phải thống nhất (%)"
    AVERAGE_POSTING_DAYS = "average_posting_days", "niêm yết hộ có mức sống trung bình (ngày làm việc)"
    AVERAGE_RECHECK_DAYS = "average_recheck_days", "phúc tra hộ có mức sống trung bình (ngày làm việc)"
    AVERAGE_DECISION_DAYS = "average_decision_days", "quyết định hộ có mức sống trung bình (ngày)"
    RECENTLY_ESCAPED_MONTHS = "recently_escaped_months", "thời gian là hộ mới thoát nghèo (tháng)"
    LOW_INCOME_RURAL = "low_income_rural", "thu nhập tối đa của người lao động thu nhập thấp, nông thôn (đồng/tháng)"
    LOW_INCOME_URBAN = "low_income_urban", "thu nhập tối đa của người lao động thu nhập thấp, thành thị (đồng/tháng)"
    TARGETS_APPROVED_ABOVE = "targets_approved_above", "chỉ tiêu giảm nghèo của xã chờ cấp trên duyệt (1: có, 0: không)"
