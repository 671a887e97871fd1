from django.db.models import TextChoices


class UploadState(TextChoices):
    WAITING = "waiting", "chờ ghi"
    WRITTEN = "written", "đã ghi"
    DROPPED = "dropped", "đã bỏ"
