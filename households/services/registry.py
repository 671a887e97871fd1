"""Households of a commune: opened, corrected, closed, followed again."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from households.choices import ChangeKind, HouseholdClosed, MemberLeft, Relation
from households.models import Household, HouseholdChange, Member
from households.rules.persons import Errors
from households.services import entries
from households.services.snapshots import snapshots_refresh
from povertyplan.accounts.models import User
from povertyplan.accounts.permissions import can_enter, demand
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.audit import acting
from povertyplan.core.bulk import learn
from povertyplan.core.text import clean
from povertyplan.core.versions import lock_and_merge, save_changes

BATCH = 2000
CODE_DIGITS = 4
UPDATABLE = ("code", *entries.HOUSEHOLD_FIELDS)
OPENING = ("village", "members", "code", "opened_on", "kind", *entries.HOUSEHOLD_FIELDS)
# How members leave with a household that is closed; one person alone who is gone has died.
LEAVE_WITH = {
    HouseholdClosed.MOVED_OUT: MemberLeft.MOVED_OUT,
    HouseholdClosed.DISSOLVED: MemberLeft.MOVED_OUT,
    HouseholdClosed.MISTAKE: MemberLeft.MISTAKE,
}


@dataclass(kw_only=True)
class _Draft:
    """A household about to be opened. Errors of persons are keyed ``members-<place>-<field>``."""

    village: Area
    code: str
    opened_on: datetime.date
    kind: ChangeKind
    values: dict[str, Any]
    members: list[dict[str, Any]]
    errors: Errors = field(default_factory=dict)

    @property
    def name(self) -> str:
        heads = [member["name"] for member in self.members if member.get("relation") == Relation.HEAD]
        return heads[0] if heads else self.code

    def add(self, errors: Errors) -> None:
        self.errors = entries.joined(self.errors, errors)


@entries.looked_at_again
@transaction.atomic
def household_open(
    *,
    by: User | None,
    unit: Area,
    village: Area,
    members: Sequence[Mapping[str, Any]],
    code: str = "",
    opened_on: datetime.date | None = None,
    kind: ChangeKind = ChangeKind.OPENED,
    **fields: Any,
) -> Household:
    """A household with its members, one of them head. Raises ValidationError by field.

    Errors of persons are keyed ``members-<place>-<field>``. Without ``code`` the next free one of the unit is given.
    """
    row = {"village": village, "members": members, "code": code, "opened_on": opened_on, "kind": kind, **fields}
    with acting(by=by, action="household.open"):
        drafts = _drafts(by, unit, [row])
        if drafts[0].errors:
            raise ValidationError(drafts[0].errors)
        return _write(unit, drafts)[0]


@entries.looked_at_again
@transaction.atomic
def households_open(*, by: User | None, unit: Area, rows: Sequence[Mapping[str, Any]]) -> list[Household]:
    """Many households at once, all or none; each row as the arguments of ``household_open``.

    The number of queries does not depend on the number of rows (up to 2,000). ValidationError lists every fault.
    """
    with acting(by=by, action="household.open"):
        drafts = _drafts(by, unit, rows)
        faults = [sentence for place, draft in enumerate(drafts, start=1) for sentence in _faults(place, draft)]
        if faults:
            raise ValidationError(faults)
        return _write(unit, drafts)


def _faults(place: int, draft: _Draft) -> Iterator[str]:
    for key, sentences in draft.errors.items():
        _, _, rest = key.partition("members-")
        number = f", người thứ {int(rest.split('-')[0]) + 1}" if rest else ""
        for sentence in sentences:
            yield f"Hộ thứ {place} ({draft.name}){number}: {sentence}"


def _drafts(by: User | None, unit: Area, rows: Sequence[Mapping[str, Any]]) -> list[_Draft]:
    demand(can_enter, by, unit)
    if unit.level != Level.COMMUNE:
        raise ValidationError(f"{unit.title} không phải cấp xã nên không có sổ hộ.")
    Area.objects.select_for_update(no_key=True).get(pk=unit.pk)  # codes are given one writer at a time
    today = timezone.localdate()
    drafts = [_draft(unit, row, today) for row in rows]
    _refuse_known_ids(by, drafts)
    _give_codes(unit, drafts)
    return drafts


def _draft(unit: Area, row: Mapping[str, Any], today: datetime.date) -> _Draft:
    entries.refuse_unknown(row, OPENING, of="household")
    village: Area = row["village"]
    opened_on = row.get("opened_on") or min(today, village.valid_to or today)
    values = entries.cleaned_household({name: row[name] for name in entries.HOUSEHOLD_FIELDS if name in row})
    draft = _Draft(
        village=village,
        code=clean(row.get("code") or ""),
        opened_on=opened_on,
        kind=ChangeKind(row.get("kind") or ChangeKind.OPENED),
        values=values,
        members=[entries.cleaned_member(member) for member in row["members"]],
    )
    draft.add(entries.household_errors(values | {"code": draft.code}))
    draft.add(_where_and_when(unit, draft, today))
    draft.add(_people_errors(draft.members, today))
    return draft


def _people_errors(members: Sequence[Mapping[str, Any]], today: datetime.date) -> Errors:
    errors = _head_errors(members)
    for place, member in enumerate(members):
        wrong = entries.member_errors(member, today=today)
        errors |= {f"members-{place}-{name}": sentences for name, sentences in wrong.items()}
    return errors


def errors_so_far(*, members: Sequence[Mapping[str, Any]], **fields: Any) -> Errors:
    """What ``household_open`` would refuse of an entry that is not whole yet, as far as no row need be looked up.

    Of a field that is left out it may say that it is missing. Nothing is written.
    """
    today, opened_on = timezone.localdate(), fields.get("opened_on")
    values = {name: fields[name] for name in entries.HOUSEHOLD_FIELDS if name in fields}
    return entries.joined(
        entries.household_errors(entries.cleaned_household(values)),
        _future_errors(opened_on, today) if opened_on else {},
        _people_errors([entries.cleaned_member(member) for member in members], today),
    )


def _where_and_when(unit: Area, draft: _Draft, today: datetime.date) -> Errors:
    refused = entries.village_errors(draft.village, unit=unit, on=draft.opened_on)
    return _future_errors(draft.opened_on, today) | ({"village": refused} if refused else {})


def _future_errors(opened_on: datetime.date, today: datetime.date) -> Errors:
    return {"opened_on": [f"Ngày {opened_on:%d/%m/%Y} ở tương lai."]} if opened_on > today else {}


def _head_errors(members: Sequence[Mapping[str, Any]]) -> Errors:
    heads = sum(member.get("relation") == Relation.HEAD for member in members)
    if not members:
        return {"members": ["Hộ chưa có người nào: ghi ít nhất chủ hộ."]}
    if not heads:
        return {"members": ["Hộ chưa có chủ hộ: chọn quan hệ «chủ hộ» cho một người."]}
    return {"members": [f"Hộ có {heads} chủ hộ: chỉ một người là chủ hộ."]} if heads > 1 else {}


def _refuse_known_ids(by: User | None, drafts: Sequence[_Draft]) -> None:
    bearers: dict[str, list[tuple[_Draft, int]]] = {}
    for draft in drafts:
        for place, member in enumerate(draft.members):
            if member.get("citizen_id"):
                bearers.setdefault(member["citizen_id"], []).append((draft, place))
    known = entries.id_errors(by=by, numbers=bearers)
    for number, places in bearers.items():
        for draft, place in places:
            key = f"members-{place}-citizen_id"
            if number in known:
                draft.add({key: [known[number]]})
            if len(places) > 1:
                draft.add({key: [f"Số định danh {number} ghi cho {len(places)} người."]})


def _give_codes(unit: Area, drafts: Sequence[_Draft]) -> None:
    typed = [draft.code for draft in drafts if draft.code]
    taken = set(Household.objects.filter(unit=unit, code__in=typed).values_list("code", flat=True)) if typed else set()
    for draft in drafts:
        if draft.code in taken:
            draft.add({"code": [f"Mã hộ «{draft.code}» đã có."]})
        elif draft.code and typed.count(draft.code) > 1:
            draft.add({"code": [f"Mã hộ «{draft.code}» ghi cho nhiều hộ."]})
    codes = free_codes(unit, besides=typed)
    for draft in drafts:
        draft.code = draft.code or next(codes)


def free_codes(unit: Area, *, besides: Sequence[str] = ()) -> Iterator[str]:
    """``<code of the unit>-NNNN`` after the last one given. One query; the caller holds the lock of the unit."""
    prefix = f"{unit.code}-"
    numbered = Household.objects.filter(unit=unit, code__regex=rf"^{prefix}[0-9]{{1,8}}$")
    number = Cast(Substr("code", len(prefix) + 1), IntegerField())
    last = numbered.annotate(number=number).aggregate(last=Max("number"))["last"] or 0
    used = frozenset(besides)
    while True:
        last += 1
        code = f"{prefix}{last:0{CODE_DIGITS}d}"
        if code not in used:
            yield code


def _write(unit: Area, drafts: Sequence[_Draft]) -> list[Household]:
    households = Household.objects.bulk_create(
        [
            Household(unit=unit, village=draft.village, code=draft.code, opened_on=draft.opened_on, **draft.values)
            for draft in drafts
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(households, drafts, strict=True))
    Member.objects.bulk_create(
        [
            entries.new_member(household, **{"position": place} | member)
            for household, draft in pairs
            for place, member in enumerate(draft.members, start=1)
        ],
        batch_size=BATCH * 10,
    )
    HouseholdChange.objects.bulk_create(
        [
            HouseholdChange(household=household, unit=unit, kind=draft.kind, on=draft.opened_on)
            for household, draft in pairs
        ],
        batch_size=BATCH,
    )
    learn(households, Household, Member, HouseholdChange)
    return households


@entries.looked_at_again
@transaction.atomic
def household_update(*, by: User | None, household: Household, version: int, **changes: Any) -> Household:
    """Correct code, address, setting, phone, note. Raises EditConflict, ValidationError."""
    demand(can_enter, by, household.unit)
    entries.refuse_unknown(changes, UPDATABLE, of="household")
    with acting(by=by, action="household.update"):
        row, mine = entries.household_locked(household, version, entries.cleaned_household(changes))
        errors = entries.household_errors(mine)
        if not mine.get("code", row.code):
            errors = entries.joined(errors, {"code": ["Chưa ghi mã hộ."]})
        entries.refuse(errors)
        return save_changes(row, mine)


@transaction.atomic
def household_close(
    *, by: User | None, household: Household, version: int, on: datetime.date, because: str
) -> Household:
    """The household is no longer followed from the day on; its members leave with it. Raises EditConflict.

    ``because`` is «nhập vào hộ khác» only through ``household_merge``. A single person of a household that is no
    more is recorded as dead, several as moved out: record the dead one by one before.
    """
    demand(can_enter, by, household.unit)
    with acting(by=by, action="household.close"):
        row, _ = entries.household_locked(household, version, {"closed_on": on, "closed_because": because})
        if because not in LEAVE_WITH:
            raise ValidationError({"because": "Hộ nhập vào hộ khác thì dùng «Nhập hộ»; hoặc chọn lý do khác."})
        members = entries.members_locked(row)
        entries.refuse({"on": sentences} if (sentences := day_to_leave_errors(row, members, on)) else {})
        entries.end_membership(members, on=on, because=left_with(because, len(members)))
        closed = close(row, on, HouseholdClosed(because))
        snapshots_refresh(household_ids=[row.pk])
    return closed


def left_with(because: str, persons: int) -> MemberLeft:
    """How the members of a closed household leave it."""
    if because == HouseholdClosed.DISSOLVED and persons == 1:
        return MemberLeft.DIED
    return LEAVE_WITH[HouseholdClosed(because)]


def day_to_leave_errors(household: Household, members: Sequence[Member], on: datetime.date) -> list[str]:
    """On ``on`` the household is followed and all these are members already."""
    late = [
        f"{member.name} vào hộ ngày {member.joined_on:%d/%m/%Y}, sau ngày {on:%d/%m/%Y}."
        for member in members
        if member.joined_on and member.joined_on > on
    ]
    return entries.day_errors(on, household) + late


def close(household: Household, on: datetime.date, because: HouseholdClosed, **fields: Any) -> Household:
    """The part of closing that merging and the last person's leaving share; inside their act."""
    saved = save_changes(household, {"closed_on": on, "closed_because": because})
    kind = ChangeKind.MERGED if because == HouseholdClosed.MERGED else ChangeKind.CLOSED
    entries.write_change(saved, kind, on, **{"note": because.label} | fields)
    return saved


@entries.looked_at_again
@transaction.atomic
def household_reopen(*, by: User | None, household: Household, version: int, on: datetime.date) -> Household:
    """Follow a closed household again, with the members who left when it was closed. Raises ValidationError."""
    demand(can_enter, by, household.unit)
    with acting(by=by, action="household.reopen"):
        rows = Household.objects.select_related("village", "unit")
        row, _ = lock_and_merge(rows, pk=household.pk, version=version, changes={})
        _refuse_reopening(row, on)
        back = _who_left_with(row)
        _refuse_return(by, back)
        closed_on = row.closed_on
        save_changes(row, {"closed_on": None, "closed_because": ""})
        _bring_back(row, back, on, is_undone=on == closed_on)
        entries.write_change(row, ChangeKind.REOPENED, on)
        snapshots_refresh(household_ids=[row.pk])
    return row


def _who_left_with(row: Household) -> list[Member]:
    """The head and who left for the same reason on the day of closing."""
    gone = list(Member.objects.filter(household=row, left_on=row.closed_on).order_by("position", "pk"))
    head = entries.head_of(gone)
    return [member for member in gone if head and member.left_because == head.left_because]


def _bring_back(row: Household, back: Sequence[Member], on: datetime.date, *, is_undone: bool) -> None:
    """On the day of closing itself the leaving is undone; later they join anew, and the gap stays in the history."""
    if is_undone:
        Member.objects.filter(pk__in=[member.pk for member in back]).update(left_on=None, left_because="")
        return
    Member.objects.bulk_create(
        entries.carried(member, household=row, position=member.position, relation=member.relation, on=on)
        for member in back
    )


def _refuse_reopening(row: Household, on: datetime.date) -> None:
    if row.closed_on is None:
        raise ValidationError(f"Hộ {row.code} vẫn đang được theo dõi.")
    if row.closed_because == HouseholdClosed.MERGED:
        raise ValidationError("Hộ này đã nhập vào hộ khác: mở hộ đó và chọn «Tách hộ».")
    sentences = entries.day_errors(on, row)
    if not sentences and on < row.closed_on:
        sentences = [f"Ngày theo dõi lại không được trước ngày thôi theo dõi ({row.closed_on:%d/%m/%Y})."]
    refused = entries.village_errors(row.village, unit=row.unit, on=on)
    entries.refuse({"on": sentences + refused} if sentences + refused else {})


def _refuse_return(by: User | None, back: Sequence[Member]) -> None:
    if entries.head_of(back) is None:
        raise ValidationError("Không còn người nào để theo dõi lại: lập hộ mới.")
    known = entries.id_errors(by=by, numbers=[member.citizen_id for member in back if member.citizen_id])
    if known:
        raise ValidationError(
            [f"{member.name}: {known[member.citizen_id]}" for member in back if member.citizen_id in known]
        )
