"""Roles, each granted on an area from a day to a day."""

from django.db.models import TextChoices


class Role(TextChoices):
    VILLAGE_HEAD = "village_head", "Trưởng thôn"
    OFFICER = "officer", "Cán bộ nhập liệu"
    LEADER = "leader", "Lãnh đạo"
    REGISTRY_CLERK = "registry_clerk", "Văn thư"
    ACCOUNTANT = "accountant", "Kế toán"
    REVIEWER = "reviewer", "Cán bộ cấp trên"
    ADMINISTRATOR = "administrator", "Quản trị"
