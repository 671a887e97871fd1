"""Reads of the tree."""

import datetime

from povertyplan.areas.models import Area
from povertyplan.areas.querysets import AreaQuerySet
from povertyplan.areas.rules import level_of_code


class UnknownUnit(LookupError):
    """No unit bore the code in that year; the message is a Vietnamese sentence."""


def unit_in_year(code: str, year: int, *, among: AreaQuerySet | None = None) -> Area:
    """The last unit that bore ``code`` on any day of ``year``, out of ``among`` (default: all). Raises UnknownUnit."""
    level = level_of_code(code)
    if level is None:
        raise UnknownUnit(f"Mã đơn vị «{code}» không đúng: tỉnh 2 chữ số, huyện 3 chữ số, xã 5 chữ số.")
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise UnknownUnit(f"Năm {year} không hợp lệ.")
    areas = Area.objects.all() if among is None else among
    unit = (
        areas.filter(level=level, code=code)
        .valid_in_year(year)
        .select_related("parent__parent")
        .order_by("-valid_from")
        .first()
    )
    if unit is None:
        raise UnknownUnit(f"Không có đơn vị nào mang mã {code} trong năm {year}.")
    return unit
