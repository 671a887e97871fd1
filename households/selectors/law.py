"""Reads of the law: what is in force on a day for a unit, a province's own rows before the national ones."""

import datetime
import re
from dataclasses import dataclass, fields
from typing import cast

from django.db.models import F, Q, QuerySet

from households.choices import ParameterCode, RoundKind
from households.models import (
    EthnicityAlias,
    OpinionAddressee,
    Parameter,
    Standard,
    StepWindow,
)
from households.models.law import Ethnicity
from households.querysets import LawQuerySet
from households.rules.classification import StandardRules
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.text import plain
from povertyplan.papers.choices import Certainty

NOT_A_LETTER = re.compile(r"[^a-z0-9]")
# Rows of a year are those in force when its periodic review opens.
OPENING = (9, 1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a step (or, without one, the round) may be done in a year."""

    first: datetime.date | None
    last: datetime.date
    is_checked: bool
    source: str
    is_of_province: bool


def standard_rules(standard: Standard) -> StandardRules:
    return StandardRules(**{field.name: getattr(standard, field.name) for field in fields(StandardRules)})


def provinces_of(unit: Area) -> QuerySet[Area]:
    """The provinces above the unit, or itself: asked for in a subquery."""
    above = Q(pk=unit.pk) | Q(pk=unit.parent_id) | Q(children=unit.parent_id)
    return Area.objects.filter(above, level=Level.PROVINCE)


def in_force(rows: LawQuerySet, unit: Area, day: datetime.date) -> LawQuerySet:
    """National rows first, then those of the unit's province, which go before."""
    areas = cast("tuple[int, ...]", provinces_of(unit).values("pk"))
    return rows.in_force(day, areas).order_by(F("area").asc(nulls_first=True), "valid_from", "pk")


def standards_on(day: datetime.date, unit: Area | None = None) -> list[Standard]:
    """Standards in force on a day; those of the unit's province come first."""
    rows = Standard.objects.all()
    found = list(in_force(rows, unit, day) if unit else rows.in_force(day).order_by("valid_from"))
    return found[::-1]


def standard_by_code(code: str) -> Standard | None:
    return Standard.objects.filter(code=code).first()


def parameters(*, unit: Area, day: datetime.date) -> dict[ParameterCode, int]:
    """Figures of procedure on a day, in one query; a figure that nobody knows is absent."""
    rows = in_force(Parameter.objects.all(), unit, day).values_list("code", "value")
    return {ParameterCode(code): value for code, value in rows}


def windows(*, unit: Area, year: int, kind: str = RoundKind.PERIODIC) -> dict[str, Window]:
    """Windows by step (``""``: the whole round) for a year, the province's calendar before the national one."""
    rows = in_force(StepWindow.objects.filter(kind=kind), unit, datetime.date(year, *OPENING))
    return {
        row.step: Window(
            first=_day(year, row.first) if row.first else None,
            last=_day(year, row.last),
            is_checked=row.certainty == Certainty.CHECKED,
            source=row.source,
            is_of_province=row.area_id is not None,
        )
        for row in rows
    }


def _day(year: int, month_day: str) -> datetime.date:
    month, day = (int(part) for part in month_day.split("-"))
    return datetime.date(year, month, day)


def addressee(*, unit: Area, day: datetime.date) -> OpinionAddressee | None:
    """Whom the unit asks for an opinion on a day."""
    return in_force(OpinionAddressee.objects.all(), unit, day).last()


def ethnicity_key(text: str) -> str:
    """Spelling without accents, hyphens, apostrophes and spaces: «H'Mông» and «Hmông» are one."""
    return NOT_A_LETTER.sub("", plain(text))


def ethnicities_by_key() -> dict[str, Ethnicity]:
    """Every known spelling at once, for lists of many persons: look up with ``ethnicity_key``."""
    return {alias.key: alias.ethnicity for alias in EthnicityAlias.objects.select_related("ethnicity")}
