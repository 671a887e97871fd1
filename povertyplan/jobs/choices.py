from django.db.models import TextChoices


class State(TextChoices):
    WAITING = "waiting", "đang chờ"
    RUNNING = "running", "đang chạy"
    DONE = "done", "đã xong"
    FAILED = "failed", "bị lỗi"
    CANCELLED = "cancelled", "đã hủy"


FINISHED = (State.DONE, State.FAILED, State.CANCELLED)
