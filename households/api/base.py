"""What the household addresses share: the unit that a code and a year name, its villages, full citizen numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils import timezone

from households.selectors.law import ethnicities_by_key, ethnicity_key
from households.serializers.registry import UnitFields
from povertyplan.accounts.models import User
from povertyplan.accounts.scope import require
from povertyplan.areas.models import Area
from povertyplan.areas.selectors import UnknownUnit, unit_in_year
from povertyplan.core.api.views import ApiView, one_or_none


class HouseholdApi(ApiView):
    """An address of the households' app."""

    @property
    def user(self) -> User:
        return self.request.user

    def unit(self, code: str, year: int | None) -> Area:
        """The last unit that bore the code in the year (this year without one), in the scope of who asks; else 404."""
        try:
            return unit_in_year(code, year or timezone.localdate().year, among=Area.objects.visible_to(self.user))
        except UnknownUnit as error:
            raise Http404(str(error)) from error

    def unit_sent(self, permission: Callable[[User, Area], bool]) -> Area:
        """The unit of the body, and the right in it, before anything else of the body is looked at."""
        data = self.request.data if isinstance(self.request.data, dict) else {}
        fields = UnitFields(data={name: data[name] for name in ("unit", "year") if name in data})
        fields.is_valid(raise_exception=True)
        unit = self.unit(fields.validated_data["unit"], fields.validated_data.get("year"))
        self.may(permission, unit)
        return unit

    @staticmethod
    def without_unit(sent: Mapping[str, Any]) -> dict[str, Any]:
        """What goes to the service beside the unit."""
        return {name: value for name, value in sent.items() if name not in {"unit", "year"}}

    @staticmethod
    def refuse(field: str, sentence: str) -> NoReturn:
        raise ValidationError({field: sentence})

    def may(self, permission: Callable[[User, Area], bool], unit: Area) -> None:
        """403 without the right: said before anything about what was sent."""
        require(permission, self.user, unit)

    def of_unit(self, rows: models.QuerySet, asked: Mapping[str, Any]) -> models.QuerySet:
        """Rows in the scope of who asks; of one unit when it is named."""
        seen = rows.visible_to(self.user)  # type: ignore[attr-defined]
        if "unit" not in asked:
            return seen
        return seen.filter(unit=self.unit(asked["unit"], asked.get("year")))


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
