"""What is asked of an allocation, and the shares that come back from its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from povertyplan.core.forms import CountField
from povertyplan.core.numbers import NotACount, parse_count
from targets.forms.quotas import RateField
from targets.rules.allocation import USUAL_WEIGHT

SHARE = "share-"
VERSION = "version-"
LEAST_WEIGHT = Decimal(1)
START_WEIGHT = Decimal(USUAL_WEIGHT.numerator) / USUAL_WEIGHT.denominator


class AskForm(forms.Form):
    """How many households, by which weight; asked by address, so that a link shows the same again."""

    number = CountField(
        label="Số hộ cần phân bổ", required=False, help_text="Điền sẵn theo chỉ tiêu được giao cao nhất; sửa được."
    )
    weight = RateField(
        label="Hệ số nơi đặc biệt khó khăn",
        required=False,
        help_text="Theo thông lệ, không do luật định: một hộ ở nơi đặc biệt khó khăn tính bằng từng này hộ.",
    )

    def __init__(self, data: Mapping[str, Any], *, number: int | None = None) -> None:
        """What is not asked yet is filled in: ``number``, and the usual weight."""
        super().__init__({"number": data.get("number", number), "weight": data.get("weight", START_WEIGHT)})

    def clean_weight(self) -> Decimal:
        weight: Decimal | None = self.cleaned_data["weight"]
        if weight is not None and weight < LEAST_WEIGHT:
            raise forms.ValidationError("Hệ số từ 1 trở lên.")
        return START_WEIGHT if weight is None else weight


@dataclass
class Shares:
    """Shares of a POST by the key of the place: read, what was typed, and what is wrong with it."""

    households: dict[int, int | None] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)


def read_shares(data: Mapping[str, str], places: Iterable[int], *, blank: int | None = 0) -> Shares:
    """``share-<place>`` and ``version-<place>``; a blank share counts as ``blank``."""
    shares = Shares()
    for key in places:
        text, version = data.get(f"{SHARE}{key}"), data.get(f"{VERSION}{key}", "")
        if version.isdecimal():
            shares.versions[key] = int(version)
        if text is None:
            continue
        shares.typed[key] = text
        try:
            shares.households[key] = parse_count(text) if text.strip() else blank
        except NotACount as error:
            shares.errors[key] = str(error)
    return shares
