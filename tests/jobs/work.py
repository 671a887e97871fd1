"""Work that the tests of the queue put into it."""

from povertyplan.jobs.models import Job
from povertyplan.jobs.tasks import Progress, WorkRefused, long_work


@long_work
def writes_a_file(progress: Progress, *, text: str) -> tuple[str, bytes]:
    progress.report(1, 2, "nửa đường")
    return "ket-qua.txt", text.encode()


@long_work
def is_stopped_half_way(progress: Progress) -> None:
    progress.report(1, 3)
    Job.objects.filter(pk=progress.job.pk).update(cancel_requested=True)
    progress.report(2, 3)


@long_work
def refuses(progress: Progress) -> None:
    raise WorkRefused("Chưa có bảng chỉ tiêu năm 2026.")


@long_work
def breaks(progress: Progress) -> None:
    raise ZeroDivisionError
