"""What the pages of workbooks read."""

from django.db.models import QuerySet

from povertyplan.areas.models import Area
from povertyplan.exchange.models import Upload


def uploads_of(*, unit: Area, year: int) -> QuerySet[Upload]:
    """Workbooks brought in, the last first, with who did."""
    return Upload.objects.filter(unit=unit, year=year).select_related("by").order_by("-at", "-pk")
