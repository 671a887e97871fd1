"""Households that change as a whole: another village, split, merged, another head, another unit."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from households.choices import ChangeKind, HouseholdClosed, MemberLeft, Relation
from households.models import Household, HouseholdChange, Member
from households.rules.persons import relation_after
from households.selectors.one_household import former_relations
from households.services import entries
from households.services.registry import BATCH, close, day_to_leave_errors, free_codes
from households.services.snapshots import snapshots_refresh
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.models import Area, Reach
from povertyplan.core.audit import acting
from povertyplan.core.text import clean
from povertyplan.core.versions import EditConflict, last_author, save_changes

RELATIONS = frozenset(Relation) - {Relation.HEAD}


@transaction.atomic
def household_move(
    *, by: User | None, household: Household, version: int, village: Area, on: datetime.date, address: str = ""
) -> Household:
    """To another village of the unit from the day on. Raises EditConflict, ValidationError."""
    demand(can_enter, by, household.unit)
    changes = {"village": village, "address": clean(address)}
    with acting(by=by, action="household.move"):
        row, mine = entries.household_locked(household, version, changes)
        before = row.village
        errors = {"on": entries.day_errors(on, row), "village": entries.village_errors(village, unit=row.unit, on=on)}
        if village.parent_id != row.unit_id:
            errors["village"] = [
                f"{village.title} thuộc đơn vị khác: ghi thôi theo dõi «chuyển khỏi địa bàn», nơi đến lập hộ."
            ]
        elif village.pk == before.pk:
            errors["village"] = [f"Hộ đang ở {before}: chọn thôn khác."]
        entries.refuse(_only_wrong(errors))
        saved = save_changes(row, mine)
        entries.write_change(saved, ChangeKind.MOVED, on, from_village=before, to_village=village)
        snapshots_refresh(household_ids=[saved.pk])
    return saved


@transaction.atomic
def household_split(
    *,
    by: User | None,
    household: Household,
    version: int,
    member_ids: Collection[int],
    head_id: int,
    on: datetime.date,
    relations: Mapping[int, str],
    village: Area | None = None,
) -> Household:
    """Some members become a household of their own under a new head; the new household is returned.

    ``relations`` are to the new head; what is left out is guessed from the old ones. Raises ValidationError.
    """
    demand(can_enter, by, household.unit)
    with acting(by=by, action="household.split"):
        row, _ = entries.household_locked(household, version)
        members = entries.members_locked(row)
        leaving = [member for member in members if member.pk in set(member_ids)]
        place = village or row.village
        errors = {
            "member_ids": _split_errors(members, leaving, set(member_ids)),
            "head_id": [] if head_id in set(member_ids) else ["Chủ hộ mới phải là một người tách ra."],
            "on": day_to_leave_errors(row, leaving, on),
            "village": entries.village_errors(place, unit=row.unit, on=on),
            "relations": _relation_errors(relations),
        }
        entries.refuse(_only_wrong(errors))
        new = _new_household(row, place, on)
        head = next(member for member in leaving if member.pk == head_id)
        entries.end_membership(leaving, on=on, because=MemberLeft.SPLIT)
        ordered = [head, *(member for member in leaving if member.pk != head_id)]
        known = _relations_to(head, ordered, relations) | {head.pk: Relation.HEAD.value}
        _carry(ordered, new, known, on, first=1)
        note = f"{len(leaving)} người: {', '.join(member.name for member in ordered)}"[:300]
        entries.write_change(row, ChangeKind.SPLIT, on, other=new, note=note)
        entries.write_change(new, ChangeKind.SPLIT, on, other=row, note=note)
        entries.people_changed(row)
        snapshots_refresh(household_ids=[row.pk, new.pk])
    return new


@transaction.atomic
def household_merge(
    *,
    by: User | None,
    household: Household,
    version: int,
    into: Household,
    into_version: int,
    on: datetime.date,
    relations: Mapping[int, str],
) -> Household:
    """All members go over to the household ``into``, which is returned; theirs is closed.

    ``relations`` of the newcomers are to the head of ``into``; what is left out is what they were there before, else
    «quan hệ khác». Raises ValidationError; EditConflict also where ``into`` is no longer at ``into_version``.
    """
    demand(can_enter, by, household.unit)
    if household.pk == into.pk:
        raise ValidationError({"into": "Chọn một hộ khác để nhập vào."})
    if household.unit_id != into.unit_id:
        raise ValidationError({"into": "Hộ nhập vào phải cùng đơn vị."})
    with acting(by=by, action="household.merge"):
        list(Household.objects.filter(pk__in=[household.pk, into.pk]).order_by("pk").select_for_update(of=("self",)))
        row, _ = entries.household_locked(
            household, version, {"closed_on": on, "closed_because": HouseholdClosed.MERGED.value}
        )
        target, _ = entries.household_locked(into, into_version)
        _refuse_newer(target, into_version)
        members, there = entries.members_locked(row), entries.members_locked(target)
        days = [*day_to_leave_errors(row, members, on), *entries.day_errors(on, target)]
        entries.refuse(_only_wrong({"on": list(dict.fromkeys(days)), "relations": _relation_errors(relations)}))
        entries.end_membership(members, on=on, because=MemberLeft.JOINED)
        known = dict.fromkeys([member.pk for member in members], Relation.OTHER.value)
        known |= former_relations(members, target) | dict(relations)
        _carry(members, target, known, on, first=max((member.position for member in there), default=0) + 1)
        note = f"{len(members)} người: {', '.join(member.name for member in members)}"[:300]
        close(row, on, HouseholdClosed.MERGED, other=target, note=note)
        entries.write_change(target, ChangeKind.MERGED, on, other=row, note=note)
        entries.people_changed(target)
        snapshots_refresh(household_ids=[row.pk, target.pk])
    return target


@transaction.atomic
def head_change(
    *,
    by: User | None,
    household: Household,
    version: int,
    member: Member,
    on: datetime.date,
    relations: Mapping[int, str],
) -> Household:
    """Another member becomes head. ``relations`` of all others are to the new head; what is left out is guessed."""
    demand(can_enter, by, household.unit)
    with acting(by=by, action="household.head_change"):
        row, _ = entries.household_locked(household, version)
        members = entries.members_locked(row)
        head = next((person for person in members if person.pk == member.pk), None)
        wrong = [] if head else [f"{member.name} không phải người đang ở trong hộ."]
        if head and head.relation == Relation.HEAD:
            wrong = [f"{head.name} đang là chủ hộ: chọn người khác."]
        errors = {"member": wrong, "on": entries.day_errors(on, row), "relations": _relation_errors(relations)}
        entries.refuse(_only_wrong(errors))
        if head is not None:
            before = entries.head_of(members)
            _relate(members, head, relations)
            note = f"{before.name if before else '(chưa có)'} → {head.name}"
            entries.write_change(row, ChangeKind.HEAD_CHANGED, on, member=head, note=note)
            entries.people_changed(row)
        snapshots_refresh(household_ids=[row.pk])
    return row


@transaction.atomic
def households_follow(*, by: User | None, unit: Area, villages: Mapping[Area, Area], on: datetime.date) -> int:
    """After a merger: followed households of the old villages go over to the new ones of ``unit``; how many did.

    Codes stay unless the unit has them already. Closed households stay where they were. Twice is once.
    """
    demand(can_enter, by, unit)
    _refuse_foreign(unit, villages, on)
    with acting(by=by, action="household.follow"):
        Area.objects.select_for_update(no_key=True).get(pk=unit.pk)
        coming = Household.objects.followed().filter(village__in=list(villages)).order_by("village__position", "code")
        moved = list(coming.select_for_update(of=("self",)))
        late = [household.code for household in moved if household.opened_on > on]
        if late:
            raise ValidationError(f"Ngày {on:%d/%m/%Y} trước ngày bắt đầu theo dõi hộ {', '.join(late[:5])}.")
        _recode(unit, moved)
        ids = [household.pk for household in moved]
        for old, new in villages.items():
            Household.objects.filter(pk__in=ids, village=old).update(unit=unit, village=new)
        Member.objects.filter(household__in=ids, left_on__isnull=True).update(unit=unit)
        HouseholdChange.objects.bulk_create(
            [_following(household, unit, villages, on) for household in moved], batch_size=BATCH
        )
        snapshots_refresh(household_ids=ids)
    return len(moved)


def _refuse_foreign(unit: Area, villages: Mapping[Area, Area], on: datetime.date) -> None:
    reached = set(
        Reach.objects.filter(area=unit, reached__in=[old.pk for old in villages]).values_list("reached_id", flat=True)
    )
    sentences = [
        f"{old.title} không thuộc đơn vị nào đã sáp nhập vào {unit}."
        for old in villages
        if old.pk not in reached or old.parent_id == unit.pk
    ]
    for new in dict.fromkeys(villages.values()):
        sentences += entries.village_errors(new, unit=unit, on=on)
    if on > timezone.localdate():
        sentences.append(f"Ngày {on:%d/%m/%Y} ở tương lai.")
    if sentences:
        raise ValidationError(sentences)


def _recode(unit: Area, moved: Sequence[Household]) -> None:
    """New codes for those whose code the unit, or another newcomer, has; free in the old unit too."""
    codes = [household.code for household in moved]
    seen = set(Household.objects.filter(unit=unit, code__in=codes).values_list("code", flat=True))
    clashing = []
    for household in moved:
        if household.code in seen:
            clashing.append(household)
        seen.add(household.code)
    if not clashing:
        return
    old_codes = Household.objects.filter(unit__in={household.unit_id for household in clashing})
    codes_free = free_codes(unit, besides=list(old_codes.values_list("code", flat=True)))
    for household in clashing:
        household.code = next(codes_free)
    Household.objects.bulk_update(clashing, ["code"], batch_size=BATCH)


def _following(household: Household, unit: Area, villages: Mapping[Area, Area], on: datetime.date) -> HouseholdChange:
    old = next(area for area in villages if area.pk == household.village_id)
    return HouseholdChange(
        unit=unit,
        household=household,
        kind=ChangeKind.REORGANISED,
        on=on,
        from_village=old,
        to_village=villages[old],
    )


def _refuse_newer(household: Household, version: int) -> None:
    """Nothing of the row is written, so there is nothing to merge: who comes in must have been seen as it is now."""
    if household.version != version:
        who, when = last_author(household)
        raise EditConflict(row=household, fields=[], mine={}, who=who, when=when)


def _only_wrong(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {field: sentences for field, sentences in errors.items() if sentences}


def _split_errors(members: Sequence[Member], leaving: Sequence[Member], wanted: set[int]) -> list[str]:
    if not leaving:
        return ["Chọn ít nhất một người tách ra."]
    if len(leaving) < len(wanted):
        return ["Có người được chọn không còn ở trong hộ: mở lại trang hộ."]
    if len(leaving) == len(members):
        return ["Mọi người đều được chọn: cả hộ chuyển đi thì dùng «Chuyển thôn»."]
    head = entries.head_of(leaving)
    return [f"{head.name} là chủ hộ, trong hộ còn người ở lại: đổi chủ hộ trước."] if head else []


def _relation_errors(relations: Mapping[int, str]) -> list[str]:
    wrong = {relation for relation in relations.values() if relation not in RELATIONS}
    if Relation.HEAD in wrong:
        return ["Mỗi hộ chỉ một chủ hộ: chọn quan hệ khác cho những người còn lại."]
    return [f"Không có quan hệ «{relation}» với chủ hộ." for relation in sorted(wrong)]


def _new_household(row: Household, village: Area, on: datetime.date) -> Household:
    Area.objects.select_for_update(no_key=True).get(pk=row.unit_id)
    is_same_place = village.pk == row.village_id
    new = Household(
        unit=row.unit,
        village=village,
        code=next(free_codes(row.unit)),
        opened_on=on,
        address=row.address if is_same_place else "",
        setting=row.setting if is_same_place else "",
    )
    return save_changes(new, {})


def _relations_to(head: Member, members: Iterable[Member], relations: Mapping[int, str]) -> dict[int, str]:
    """What everybody is to the new head: as said, else as it follows from what both were to the old one."""
    return {
        member.pk: relations.get(member.pk) or relation_after(member.relation, new_head=head.relation).value
        for member in members
    }


def _carry(
    members: Sequence[Member], household: Household, relations: Mapping[int, str], on: datetime.date, *, first: int
) -> None:
    rows: list[Any] = [
        entries.carried(member, household=household, position=place, relation=relations[member.pk], on=on)
        for place, member in enumerate(members, start=first)
    ]
    Member.objects.bulk_create(rows)


def _relate(members: Sequence[Member], head: Member, relations: Mapping[int, str]) -> None:
    """The old head first: a household never has two."""
    known = _relations_to(head, [member for member in members if member.pk != head.pk], relations)
    for member in sorted(members, key=lambda member: member.relation != Relation.HEAD):
        if member.pk != head.pk and member.relation != known[member.pk]:
            member.relation = known[member.pk]
            member.save(update_fields=["relation"])
    head.relation = Relation.HEAD
    head.save(update_fields=["relation"])
