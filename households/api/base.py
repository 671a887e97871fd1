"""What the household addresses share: villages of a unit, names of ethnic groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from households.selectors.law import ethnicities_by_key, ethnicity_key
from povertyplan.accounts.api import UnitApi
from povertyplan.areas.models import Area
from povertyplan.core.api.views import one_or_none


class HouseholdApi(UnitApi):
    """An address of the households' app."""


def village_of(unit: Area, pk: int | None) -> Area | None:
    return one_or_none(
        Area.objects.villages_of(unit), pk, field="village", sentence=f"{unit.title} không có thôn mang mã này."
    )


def with_ethnicities(persons: Sequence[Mapping[str, Any]], *, place: str = "") -> list[dict[str, Any]]:
    """Names of ethnic groups as their rows; all unknown ones are refused at once, by ``place`` and number."""
    known = ethnicities_by_key() if any(person.get("ethnicity") for person in persons) else {}
    errors: dict[str, list[str]] = {}
    rows = []
    for number, person in enumerate(persons):
        values = dict(person)
        if name := values.get("ethnicity"):
            values["ethnicity"] = known.get(ethnicity_key(name))
            if values["ethnicity"] is None:
                sentence = f"Không có dân tộc «{name}» trong danh mục 54 dân tộc."
                errors[f"{place.format(number)}ethnicity"] = [sentence]
        rows.append(values)
    if errors:
        raise ValidationError(errors)
    return rows
