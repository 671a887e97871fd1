"""Who may register to escape poverty, and the needs that a household states. Pure; no law prescribes the act."""

import datetime
from collections.abc import Iterable

from households.choices import LISTED, Need

NeedNotes = dict[str, str]
LONGEST_NOTE = 200


def refusal(
    *,
    is_here: bool,
    closed_on: datetime.date | None,
    category: str,
    on: datetime.date,
    registered_on: datetime.date | None = None,
    withdrawn_on: datetime.date | None = None,
) -> str:
    """Why the household cannot register on the day, to follow its name; empty when it can.

    ``category`` is what it is on the list of that day, empty when it is not on it; ``registered_on`` a registration of
    the year that stands; ``withdrawn_on`` the last day on which it took one back.
    """
    if not is_here:
        return "không thuộc đơn vị này"
    if closed_on is not None:
        return f"thôi theo dõi từ ngày {closed_on:%d/%m/%Y}"
    if registered_on is not None:
        return f"đã đăng ký thoát nghèo ngày {registered_on:%d/%m/%Y}"
    if category not in LISTED:
        return f"ngày {on:%d/%m/%Y} không có trong danh sách hộ nghèo, hộ cận nghèo"
    if withdrawn_on is not None and on < withdrawn_on:
        return f"đã rút đăng ký ngày {withdrawn_on:%d/%m/%Y}; đăng ký lại không trước ngày đó"
    return ""


def read_needs(given: Iterable[str | tuple[str, str]]) -> tuple[NeedNotes, list[str]]:
    """Need → what exactly, in the order of the catalogue; what is unknown, said twice or too long in the second."""
    found: NeedNotes = {}
    faults: list[str] = []
    for need, note in ((one, "") if isinstance(one, str) else one for one in given):
        tidy = " ".join(note.split())
        if need not in set(Need):
            faults.append(f"nhu cầu «{need}» không có trong danh mục")
        elif need in found:
            faults.append(f"nhu cầu «{Need(need).label}» ghi hai lần")
        elif len(tidy) > LONGEST_NOTE:
            faults.append(f"nhu cầu «{Need(need).label}»: phần cụ thể dài quá {LONGEST_NOTE} ký tự")
        else:
            found[need] = tidy
    return {need.value: found[need] for need in Need if need in found}, faults
