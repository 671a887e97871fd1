"""Reads of papers."""

from django.db.models import QuerySet

from povertyplan.areas.models import Area
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper
from povertyplan.papers.rules import split_number


def national_papers() -> QuerySet[Paper]:
    """Papers of the centre, which every unit may cite, newest first."""
    return Paper.objects.filter(unit__isnull=True).for_list()


def papers_kept_by(unit: Area) -> QuerySet[Paper]:
    """The unit's own file: what it issued and what reached it, newest first."""
    return Paper.objects.filter(unit=unit).for_list()


def paper_by_number(number: str, *, unit: Area | None = None, type: PaperType | None = None) -> Paper | None:
    """The paper printed as «123/QĐ-UBND», out of the unit's file first and then of the national ones."""
    whole, notation = split_number(number, "")
    found = Paper.objects.filter(number=whole, notation=notation)
    found = found.filter(type=type) if type else found
    own = found.filter(unit=unit).order_by("-date").first() if unit else None
    return own or found.filter(unit__isnull=True).order_by("-date").first()
