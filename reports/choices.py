"""Words of documents (Nghị định 30/2020)."""

from django.db.models import TextChoices


class Authority(TextChoices):
    """Signing authority of a plan of the committee; the collective's line always stands above."""

    CHAIR = "chair", "Chủ tịch ký"
    DEPUTY = "deputy", "Phó Chủ tịch ký thay (KT.)"
    ACTING = "acting", "Quyền Chủ tịch ký (Q.)"
