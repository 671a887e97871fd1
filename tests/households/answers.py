"""A standard with a few indicators, and answers written straight into forms."""

from households.models import Answer, Dimension, Indicator, Review, Standard, StandardIndicator
from tests.households.years import poverty_standard

CODES = ("water", "latrine", "telecom")


def indicators(*codes: str, standard: Standard | None = None) -> dict[str, Indicator]:
    """These indicators in a standard (the one of ``years``), each once, all of one dimension."""
    standard = standard or poverty_standard()
    dimension, _ = Dimension.objects.get_or_create(standard=standard, position=1, defaults={"name": "Chiều thử"})
    found = {}
    for number, code in enumerate(codes or CODES, start=1):
        found[code] = Indicator.objects.get_or_create(code=code, defaults={"name": f"Chỉ số {code}"})[0]
        StandardIndicator.objects.get_or_create(
            standard=standard, indicator=found[code], defaults={"dimension": dimension, "number": number}
        )
    return found


def answer(review: Review, **deprived: bool | None) -> None:
    """By code: deprived, not, or asked without an answer."""
    for code, is_deprived in deprived.items():
        indicator = indicators(*CODES)[code] if code in CODES else Indicator.objects.get(code=code)
        Answer.objects.create(unit=review.unit, review=review, indicator=indicator, is_deprived=is_deprived)
