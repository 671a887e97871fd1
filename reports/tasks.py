"""Documents made by the worker."""

from povertyplan.areas.models import Area
from povertyplan.jobs.tasks import Progress, WorkRefused, long_work
from reports.catalogue import PDF, UnknownKind, render
from reports.datasets import MissingData
from reports.pdf import FontsMissing


@long_work
def render_document_task(
    progress: Progress, *, kind: str, unit_id: int, year: int, format: str = PDF, **options: str
) -> tuple[str, bytes]:
    """The file of a document, from what is stored when the worker gets to it."""
    progress.report(0, 1)
    try:
        rendered = render(kind, unit=Area.objects.get(pk=unit_id), year=year, format=format, **options)
    except (MissingData, UnknownKind, FontsMissing) as error:
        raise WorkRefused(str(error)) from error
    progress.report(1, 1)
    return rendered.name, rendered.content
