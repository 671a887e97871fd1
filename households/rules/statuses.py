"""Who is a household of average living standard, who a low-income worker: by income of twelve months, nothing else.

Never from the scores B1 and B2. Amounts are whole đồng; income is compared with limit × months (× persons),
so that nothing is rounded before it is decided.
"""

import datetime
from dataclasses import dataclass

from povertyplan.core.numbers import format_count

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """Whether the status fits, and the sentence that says how it was found."""

    is_eligible: bool
    verdict: str


def average_living(
    *, income: int, persons: int, above: int, up_to: int, is_listed: bool, is_rural_work: bool | None
) -> Assessed:
    """Hộ làm nông, lâm, ngư, diêm nghiệp có mức sống trung bình (Nghị định 07/2021, Điều 3; Quyết định 24/2021).

    ``income`` of the household in twelve months, without social allowances from the budget; per person and month it
    lies over ``above`` and not over ``up_to``. ``is_listed``: poor or near-poor now. ``is_rural_work``: lives from
    agriculture, forestry, fishery or salt, as the law demands; None is not known, and then it does not fit.
    """
    shares = persons * MONTHS
    said = f"{_amount(income, shares)} đồng/người/tháng ({format_count(income)} đồng, {persons} người, 12 tháng)"
    if is_listed:
        return Assessed(is_eligible=False, verdict=f"{said}; hộ đang trong danh sách hộ nghèo, cận nghèo.")
    if is_rural_work is None:
        return Assessed(is_eligible=False, verdict=f"{said}; chưa ghi hộ có làm nông, lâm, ngư, diêm nghiệp không.")
    if not is_rural_work:
        return Assessed(is_eligible=False, verdict=f"{said}; hộ không làm nông, lâm, ngư, diêm nghiệp.")
    if income <= above * shares:
        return Assessed(is_eligible=False, verdict=f"{said}; không trên mức {format_count(above)} đồng.")
    if income > up_to * shares:
        return Assessed(is_eligible=False, verdict=f"{said}; trên mức {format_count(up_to)} đồng.")
    verdict = f"{said}; trên {format_count(above)} và không quá {format_count(up_to)} đồng."
    return Assessed(is_eligible=True, verdict=verdict)


def low_income_worker(*, income: int, up_to: int) -> Assessed:
    """Người lao động có thu nhập thấp (Nghị định 30/2025): monthly average of the person not over ``up_to``."""
    said = f"{_amount(income, MONTHS)} đồng/tháng ({format_count(income)} đồng, 12 tháng)"
    if income > up_to * MONTHS:
        return Assessed(is_eligible=False, verdict=f"{said}; trên mức {format_count(up_to)} đồng.")
    return Assessed(is_eligible=True, verdict=f"{said}; không quá {format_count(up_to)} đồng.")


def last_day(first: datetime.date) -> datetime.date:
    """The last of the twelve months that begin on ``first``."""
    year, month = first.year + 1, first.month
    try:
        return datetime.date(year, month, first.day) - datetime.timedelta(days=1)
    except ValueError:
        return datetime.date(year, month, first.day - 1)


def twelve_months_before(day: datetime.date) -> datetime.date:
    """First day of the twelve whole months before the month of ``day``."""
    return datetime.date(day.year - 1, day.month, 1)


def _amount(income: int, shares: int) -> str:
    """Rounded half up to a đồng, for reading only."""
    return format_count((2 * income + shares) // (2 * shares))
