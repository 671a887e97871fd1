"""Kinds of documents (Nghị định 30/2020, Phụ lục III; the law's own types; party and council documents)."""

from django.db.models import TextChoices


class PaperType(TextChoices):
    LAW = "law", "Luật"
    DECREE = "decree", "Nghị định"
    CIRCULAR = "circular", "Thông tư"
    CONSOLIDATED = "consolidated", "Văn bản hợp nhất"
    RESOLUTION = "resolution", "Nghị quyết"
    DECISION = "decision", "Quyết định"
    DIRECTIVE = "directive", "Chỉ thị"
    CONCLUSION = "conclusion", "Kết luận"
    PLAN = "plan", "Kế hoạch"
    PROGRAMME = "programme", "Chương trình"
    GUIDANCE = "guidance", "Hướng dẫn"
    REPORT = "report", "Báo cáo"
    PROPOSAL = "proposal", "Tờ trình"
    NOTICE = "notice", "Thông báo"
    LETTER = "letter", "Công văn"


class System(TextChoices):
    STATE = "state", "Nhà nước"
    PARTY = "party", "Đảng"
    COUNCIL = "council", "Hội đồng nhân dân"
    FRONT = "front", "Mặt trận, đoàn thể"


class Certainty(TextChoices):
    """How sure we are of a shipped legal fact."""

    CHECKED = "checked", "đã đối chiếu văn bản"
    UNCHECKED = "unchecked", "chưa đối chiếu văn bản"
