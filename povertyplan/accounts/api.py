"""What addresses of units share: the unit that a code and a year name, the right in it, rows in scope."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils import timezone

from povertyplan.accounts.models import User
from povertyplan.accounts.scope import require
from povertyplan.areas.models import Area
from povertyplan.areas.selectors import UnknownUnit, unit_in_year
from povertyplan.core.api.fields import Body, Text, Whole
from povertyplan.core.api.views import ApiView

FIRST_YEAR, LAST_YEAR = 1900, 2200


class UnitFields(Body):
    """Which unit: the last one that bore the code on any day of the year."""

    unit = Text(max_length=5, help_text="Official code of the unit.")
    year = Whole(
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="Year in which the unit bears the code; this year when left out.",
    )


class UnitQuery(UnitFields):
    """The same as a filter: without ``unit`` rows of all units of the user."""

    unit = Text(required=False, max_length=5, help_text="Official code of the unit; all units when left out.")


class UnitApi(ApiView):
    """An address whose rows belong to units."""

    @property
    def user(self) -> User:
        return self.request.user

    @staticmethod
    def this_year() -> int:
        """The year that is meant when none is said."""
        return timezone.localdate().year

    def unit(self, code: str, year: int | None) -> Area:
        """The last unit that bore the code in the year (this year without one), in the scope of who asks; else 404."""
        try:
            return unit_in_year(code, year or self.this_year(), among=Area.objects.visible_to(self.user))
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
