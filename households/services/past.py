"""The list of a year that was recognised on paper before the unit used this program.

It enters as a recognised periodic round without forms, so that the next review and the summaries have a list to start
from. Recording decides nothing: ``Recognition.by`` stays empty, the paper says who decided.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from households.choices import LISTED, Category, RecognitionKind, RoundKind, RoundState
from households.models import Household, Recognised, Recognition, ReviewRound, Standard
from households.rules.transitions import Fate, Presence, Standing, decide
from households.selectors.past import (
    HouseholdFacts,
    decisions_of,
    earlier_rows,
    facts_on,
    is_past,
    later_recognised,
    listed_before,
    periodic_of,
    recorded,
)
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.bulk import learn
from povertyplan.core.dates import format_date
from povertyplan.core.versions import save_changes
from povertyplan.papers.models import Paper

MOST_PERSONS = 50
BATCH = 2000
CHANGED_ON_PAPER = "Điều chỉnh danh sách ghi từ giấy"


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """What the paper says of a household; ``persons`` None is to be taken from the registry."""

    household: Household
    category: str
    persons: int | None


@transaction.atomic
def past_list_record(
    *,
    by: User | None,
    unit: Area,
    year: int,
    standard: Standard,
    on: datetime.date,
    rows: Sequence[Mapping[str, Any]],
    paper: Paper | None = None,
) -> ReviewRound:
    """Record who was poor and near-poor at the end of ``year``: rows ``{household, category, persons?}``.

    Households without a row were on neither list. Where an earlier list is known, every household of it gets what
    became of it; otherwise transitions stay empty. Constant number of queries (up to 2,000 rows). Raises
    ValidationError, also when the year has a periodic round already.
    """
    demand(can_enter, by, unit)
    errors = _whole_errors(unit, year, on, paper)
    if periodic_of(unit=unit, year=year):
        errors["year"] = [f"Năm {year} đã có đợt rà soát định kỳ."]
    entries = _entries(unit, rows, errors)
    if errors:
        raise ValidationError(errors)
    with acting(by=by, action="past_list.record"):
        round = save_changes(
            ReviewRound(unit=unit, year=year, kind=RoundKind.PERIODIC, opened_by=by),
            {
                "standard": standard,
                "state": RoundState.RECOGNISED,
                "starts_on": on,
                "ends_on": on,
                "recognised_on": on,
            },
        )
        recognition = save_changes(
            Recognition(unit=unit, round=round, kind=RecognitionKind.PAST), {"on": on, "paper": paper}
        )
        listed = {entry.household.pk: entry for entry in entries if entry.category in LISTED}
        known = listed_before(unit=unit, year=year)
        _write(recognition, listed, sorted({*listed, *known}), has_list=bool(known))
    return round


@transaction.atomic
def past_list_correct(
    *,
    by: User | None,
    round: ReviewRound,
    last: int,
    rows: Sequence[Mapping[str, Any]],
    reason: str = CHANGED_ON_PAPER,
    on: datetime.date | None = None,
) -> Recognition:
    """Correct single households of a recorded list; what stood before is kept, no longer current.

    ``last``: id of the last recognition of the round when it was read; a newer one means that somebody else corrected
    meanwhile. Raises ValidationError, also when a later round is recognised or nothing differs.
    """
    demand(can_enter, by, round.unit)
    ReviewRound.objects.select_for_update().get(pk=round.pk)
    _refuse_closed(round, last)
    errors: dict[str, list[str]] = {}
    entries = _entries(round.unit, rows, errors)
    if errors:
        raise ValidationError(errors)
    known = recorded(round)
    changed = {entry.household.pk: entry for entry in entries if _differs(entry, known.get(entry.household.pk))}
    if not changed:
        raise ValidationError("Không có hộ nào khác với danh sách đã ghi.")
    with acting(by=by, action="past_list.correct"):
        recognition = save_changes(
            Recognition(unit=round.unit, round=round, kind=RecognitionKind.CORRECTION),
            {"on": on or round.recognised_on, "reason": reason},
        )
        Recognised.objects.filter(round=round, is_current=True, household__in=changed).update(is_current=False)
        listed = {pk: entry for pk, entry in changed.items() if entry.category in LISTED}
        has_list = bool(listed_before(unit=round.unit, year=round.year))
        _write(recognition, listed, sorted(changed), has_list=has_list)
    return recognition


def _whole_errors(unit: Area, year: int, on: datetime.date, paper: Paper | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if unit.level != Level.COMMUNE:
        errors["unit"] = [f"{unit.title} không phải cấp xã nên không có danh sách hộ nghèo."]
    if on.year not in {year, year + 1} or on > timezone.localdate():
        errors["on"] = [
            f"Ngày quyết định danh sách năm {year} ở trong năm {year} hoặc đầu năm {year + 1}, đến hôm nay."
        ]
    if paper is not None and paper.unit_id not in {None, unit.pk}:
        errors["paper"] = ["Văn bản này của đơn vị khác."]
    return errors


def _entries(unit: Area, rows: Sequence[Mapping[str, Any]], errors: dict[str, list[str]]) -> list[_Entry]:
    """Rows as entries; what is wrong goes to ``errors`` under «<household id>»."""
    entries: dict[int, _Entry] = {}
    for row in rows:
        household: Household = row["household"]
        persons = row.get("persons")
        wrong = []
        if household.unit_id != unit.pk:
            wrong.append(f"{household} không thuộc {unit}.")
        if row["category"] not in {"", *Category.values}:
            wrong.append(f"{household}: phân loại «{row['category']}» không có.")
        if persons is not None and not 1 <= persons <= MOST_PERSONS:
            wrong.append(f"{household}: số khẩu từ 1 đến {MOST_PERSONS}.")
        if household.pk in entries:
            wrong.append(f"{household} ghi hai lần.")
        if wrong:
            errors.setdefault(str(household.pk), []).extend(wrong)
        entries[household.pk] = _Entry(household=household, category=row["category"], persons=persons)
    return list(entries.values())


def _differs(entry: _Entry, row: Recognised | None) -> bool:
    category = entry.category if entry.category in LISTED else ""
    stored = row.category if row and row.category in LISTED else ""
    if category != stored:
        return True
    return bool(row and category and entry.persons is not None and entry.persons != row.persons)


def _refuse_closed(round: ReviewRound, last: int) -> None:
    decisions = decisions_of(round)
    if not is_past(decisions):
        raise ValidationError("Đợt này rà soát trên phần mềm; muốn sửa thì điều chỉnh phiếu rà soát.")
    if later := later_recognised(round):
        day = format_date(later.recognised_on)
        raise ValidationError(f"Đã công nhận {later} (ngày {day}) dựa vào danh sách này; không sửa được nữa.")
    if decisions[0].pk != last:
        raise ValidationError("Có người vừa điều chỉnh danh sách này. Xem lại số đang lưu rồi ghi lại.")


def _write(
    recognition: Recognition, listed: Mapping[int, _Entry], households: Sequence[int], *, has_list: bool
) -> None:
    """One row for every household of ``households`` that is on this list or was on the last one.

    ``has_list``: an earlier list of the unit is known, so who was not on it is new on this one.
    """
    round = recognition.round
    day = round.recognised_on or recognition.on
    homes = Household.objects.in_bulk(households)
    facts = facts_on(unit=round.unit, households=households, day=day)
    before = earlier_rows(households=households, year=round.year)
    new = [
        _recognised(
            recognition,
            homes[pk],
            listed.get(pk),
            facts.get(pk),
            before.get(pk, []),
            _fate(homes[pk], listed.get(pk), before.get(pk, []), day, has_list=has_list),
        )
        for pk in households
        if pk in listed or _last_category(before.get(pk, [])) in LISTED
    ]
    Recognised.objects.bulk_create(new, batch_size=BATCH)
    learn(new, Recognised)


def _recognised(
    recognition: Recognition,
    home: Household,
    entry: _Entry | None,
    facts: HouseholdFacts | None,
    before: Sequence[Recognised],
    fate: Fate,
) -> Recognised:
    last = before[0] if before and before[0].category in LISTED else None
    persons = (entry.persons if entry else None) or (facts.persons if facts else 0)
    return Recognised(
        unit=recognition.unit,
        recognition=recognition,
        round=recognition.round,
        year=recognition.round.year,
        household=home,
        village_id=home.village_id,
        category=fate.category,
        transition=fate.transition,
        reason=fate.reason,
        head_name=(facts.head_name if facts else "") or (last.head_name if last else "") or home.code,
        head_sort_key=(facts.head_sort_key if facts else "") or (last.head_sort_key if last else ""),
        ethnicity_id=facts.ethnicity_id if facts else None,
        persons=persons if fate.category else 0,
        from_category=last.category if last else "",
        from_persons=last.persons if last else 0,
        from_village_id=last.village_id if last else None,
        **(vars(facts.flags) if facts else {}),
    )


def _fate(
    home: Household, entry: _Entry | None, before: Sequence[Recognised], day: datetime.date, *, has_list: bool
) -> Fate:
    """Without any earlier list nothing is known of where a household came from."""
    category = entry.category if entry else Category.NOT_POOR
    if not has_list:
        return Fate(category=category, transition="")
    is_gone = entry is None and home.closed_on is not None and home.closed_on <= day
    reason = home.get_closed_because_display() if is_gone else ""
    now = Standing(presence=Presence.GONE if is_gone else Presence.REVIEWED, category=category, reason=reason)
    return decide(
        before=_last_category(before),
        now=now,
        was_poor=any(row.category == Category.POOR for row in before),
        was_near_poor=any(row.category == Category.NEAR_POOR for row in before),
    )


def _last_category(before: Sequence[Recognised]) -> str:
    return before[0].category if before else ""
