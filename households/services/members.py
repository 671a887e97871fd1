"""Persons of a household: added, corrected, gone."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from households.choices import ChangeKind, HouseholdClosed, MemberLeft, Relation
from households.models import Household, Member
from households.rules.persons import Errors
from households.services import entries
from households.services.registry import close, day_to_leave_errors
from households.services.snapshots import snapshots_refresh
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.core.audit import acting
from povertyplan.core.versions import lock_and_merge, save_changes

# Why the household is closed when its last person leaves.
CLOSED_WITH_LAST = {
    MemberLeft.MOVED_OUT: HouseholdClosed.MOVED_OUT,
    MemberLeft.DIED: HouseholdClosed.DISSOLVED,
    MemberLeft.MISTAKE: HouseholdClosed.MISTAKE,
}


@entries.looked_at_again
@transaction.atomic
def member_add(*, by: User | None, household: Household, **fields: Any) -> Member:
    """One more person, at the end of the list. Raises ValidationError by field.

    The day in the household's history is ``joined_on``, or today where it is not known.
    """
    demand(can_enter, by, household.unit)
    values = entries.cleaned_member(fields)
    with acting(by=by, action="member.add"):
        row = _followed(household)
        today = timezone.localdate()
        errors = entries.member_errors(values, today=today)
        entries.refuse(entries.joined(errors, _head_errors(values), _id_errors(by, values)))
        last = Member.objects.filter(household=row).aggregate(last=Max("position"))["last"] or 0
        member = entries.new_member(row, **{"position": last + 1} | values)
        member.full_clean()
        member.save()
        day = max(member.joined_on or today, row.opened_on)
        entries.write_change(row, ChangeKind.MEMBER_IN, day, member=member)
        entries.people_changed(row)
        snapshots_refresh(household_ids=[row.pk])
    return member


@entries.looked_at_again
@transaction.atomic
def member_update(*, by: User | None, member: Member, version: int, **changes: Any) -> Member:
    """Correct what is written about a person. Raises EditConflict, ValidationError by field.

    Who is head changes only through ``head_change``.
    """
    demand(can_enter, by, member.unit)
    with acting(by=by, action="member.update"):
        household = _followed(member.household)
        typed = entries.cleaned_member(changes)
        row, mine = lock_and_merge(Member.objects.all(), pk=member.pk, version=version, changes=typed)
        _refuse_gone(row)
        mine = {name: value for name, value in mine.items() if getattr(row, name) != value}
        entries.refuse(_update_errors(by, row, mine))
        if "name" in mine:
            mine |= entries.name_keys(mine["name"])
        saved = save_changes(row, mine)
        if mine:
            entries.people_changed(household)
        snapshots_refresh(household_ids=[row.household_id])
    return saved


@transaction.atomic
def member_leave(*, by: User | None, member: Member, version: int, on: datetime.date, because: str) -> Member:
    """The person is no member from the day on. Raises EditConflict, ValidationError.

    A head leaves only as the last one, and the household is closed then.
    """
    demand(can_enter, by, member.unit)
    with acting(by=by, action="member.leave"):
        household = _followed(member.household)
        changes = {"left_on": on, "left_because": because}
        row, _ = lock_and_merge(Member.objects.all(), pk=member.pk, version=version, changes=changes)
        _refuse_gone(row)
        others = [person for person in entries.members_locked(household) if person.pk != row.pk]
        entries.refuse(_leave_errors(household, row, others, on, because))
        saved = save_changes(row, changes)
        reason = MemberLeft(because)
        entries.write_change(household, ChangeKind.MEMBER_OUT, on, member=saved, note=reason.label)
        if others:
            entries.people_changed(household)
        else:
            close(household, on, CLOSED_WITH_LAST[reason])
        snapshots_refresh(household_ids=[household.pk])
    return saved


def _followed(household: Household) -> Household:
    """The household under lock; ValidationError where it is closed."""
    row = Household.objects.select_for_update(of=("self",)).select_related("unit").get(pk=household.pk)
    entries.refuse_closed(row)
    return row


def _refuse_gone(member: Member) -> None:
    if member.left_on is not None:
        raise ValidationError(f"{member.name} đã ra khỏi hộ từ ngày {member.left_on:%d/%m/%Y}, không sửa được nữa.")


def _head_errors(values: dict[str, Any]) -> Errors:
    is_head = values.get("relation") == Relation.HEAD
    return {"relation": ["Hộ đã có chủ hộ; dùng «Đổi chủ hộ»."]} if is_head else {}


def _id_errors(by: User | None, values: dict[str, Any], besides: tuple[int, ...] = ()) -> Errors:
    known = entries.id_errors(
        by=by, numbers=[values["citizen_id"]] if values.get("citizen_id") else [], besides=besides
    )
    return {"citizen_id": list(known.values())} if known else {}


def _update_errors(by: User | None, row: Member, mine: dict[str, Any]) -> Errors:
    """Only what is changed is refused: an old row may hold what nobody has asked about yet."""
    whole = {name: getattr(row, name) for name in entries.MEMBER_FIELDS} | mine
    errors = entries.member_errors(whole, today=timezone.localdate())
    errors = {name: sentences for name, sentences in errors.items() if name in mine or _goes_with(name, mine)}
    if "relation" in mine and Relation.HEAD in (mine["relation"], row.relation):
        errors["relation"] = ["Muốn đổi người làm chủ hộ thì dùng «Đổi chủ hộ»."]
    return entries.joined(errors, _id_errors(by, mine, (row.pk,)))


# Sentences on the first field may come from a change of the others.
TOGETHER = {
    "birth_year": {"birth_date"},
    "card_to": {"card_from"},
    "joined_on": {"birth_date", "birth_year"},
    "maternity": {"sex"},
}


def _goes_with(name: str, mine: dict[str, Any]) -> bool:
    return not TOGETHER.get(name, set()).isdisjoint(mine)


def _leave_errors(
    household: Household, member: Member, others: list[Member], on: datetime.date, because: str
) -> Errors:
    errors: Errors = {}
    days = day_to_leave_errors(household, [member], on)
    if member.birth_date and on < member.birth_date:
        days.append("Ngày ra khỏi hộ không được trước ngày sinh.")
    if days:
        errors["on"] = days
    if because not in CLOSED_WITH_LAST:
        errors["because"] = ["Tách hộ, nhập hộ thì dùng «Tách hộ», «Nhập hộ»; hoặc chọn lý do khác."]
    if member.relation == Relation.HEAD and others:
        errors["__all__"] = [
            f"{member.name} là chủ hộ, hộ còn {len(others)} người: đổi chủ hộ trước, rồi ghi ra khỏi hộ."
        ]
    return errors
