"""Small helpers of the templates in ``templates/ui``."""

import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, PasswordInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from povertyplan.accounts.models import User
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import format_count
from povertyplan.web import units

register = template.Library()
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
BAR = 1000


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a field; of a refused form the first wrong one takes the focus."""
    wrong = next((name for name in field.form.fields if name in field.form.errors), None)
    return field.as_widget(attrs={"autofocus": True} if wrong == field.name else None)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def has_password(form: BaseForm) -> bool:
    """A browser gets no typed password back: such a form has to be typed again."""
    return any(isinstance(field.widget, PasswordInput) for field in form.fields.values())


@register.filter
def shown(value: Any) -> str:
    """A stored value as people write it."""
    if value is None or value == "":
        return "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return format_count(value)
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"
    return format_date(value) if isinstance(value, datetime.date) else str(value)


@register.filter
def weekday(day: datetime.date) -> str:
    """``Chủ nhật, 22/11/2026``"""
    return f"{WEEKDAYS[day.weekday()]}, {format_date(day)}"


@register.filter
def bar_length(part: int | None, whole: int) -> int:
    """Length of a bar in thousandths of the full width, for an SVG attribute."""
    return (part or 0) * BAR // whole if whole else 0


@register.inclusion_tag("web/elsewhere.html")
def elsewhere(request: HttpRequest, message: str) -> dict[str, Any]:
    """On «not found» under ``/u/CODE/YEAR/``: why, and where the unit opens. Nothing for a unit that is there."""
    match, user = getattr(request, "resolver_match", None), getattr(request, "user", None)
    given = match.kwargs if match else {}
    if not {"code", "year"} <= given.keys() or hasattr(request, "unit") or not getattr(user, "is_authenticated", False):
        return {}
    nearest, followers = units.elsewhere(cast(User, user), given["code"], given["year"])
    return {"message": message, "nearest": nearest, "followers": followers}


@register.simple_tag
def page_query(request: HttpRequest, number: int) -> str:
    """The query of this page with another page number."""
    query = {name: values for name, values in request.GET.lists() if name != "page"}
    return "?" + urlencode({**query, "page": number}, doseq=True)
