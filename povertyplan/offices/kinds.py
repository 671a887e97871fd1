"""The four lists of a unit, as addresses and pages name them."""

from dataclasses import dataclass

from django.http import Http404

from povertyplan.offices.forms import BoardForm, DepartmentForm, OfficerForm, OutsideBodyForm, UnitForm
from povertyplan.offices.models import Board, Department, Officer, OfficeRow, OutsideBody


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``slug`` stands in the address; ``word`` in sentences."""

    slug: str
    word: str
    model: type[OfficeRow]
    form: type[UnitForm]


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(slug="departments", word="phòng, ban", model=Department, form=DepartmentForm),
        Kind(slug="officers", word="cán bộ", model=Officer, form=OfficerForm),
        Kind(slug="boards", word="ban, tổ", model=Board, form=BoardForm),
        Kind(slug="bodies", word="cơ quan, đoàn thể", model=OutsideBody, form=OutsideBodyForm),
    )
}


def kind_or_404(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404("Không có danh sách này.")
    return KINDS[slug]
