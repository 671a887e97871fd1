"""What every write of the registry shares: cleaning, refusals, the row of history, the carried person."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from households.choices import ChangeKind, MemberLeft, Relation
from households.models import Household, HouseholdChange, Member
from households.rules import persons
from households.rules.persons import Errors
from povertyplan.accounts.models import User
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.text import clean, legacy_encoding, plain, sort_key
from povertyplan.core.versions import lock_and_merge

Given = ParamSpec("Given")
Result = TypeVar("Result")
DERIVED = {"id", "version", "unit", "household", "search_key", "sort_key", "left_on", "left_because"}
MEMBER_FIELDS = tuple(field.name for field in Member._meta.concrete_fields if field.name not in DERIVED)
HOUSEHOLD_FIELDS = ("address", "setting", "phone", "note")
CHOICES = {
    model: {
        field.name: (str(field.verbose_name), frozenset(value for value, _ in field.flatchoices) | {""})
        for field in model._meta.concrete_fields
        if field.choices
    }
    for model in (Household, Member)
}
LENGTHS = {
    model: {
        field.name: (str(field.verbose_name), field.max_length)
        for field in model._meta.concrete_fields
        if field.max_length and not field.choices and field.editable
    }
    for model in (Household, Member)
}


# What two writers may give at the same instant; neither sees the other's row before it is committed.
GIVEN_ONCE = frozenset({"member_citizen_id", "household_code"})


def looked_at_again(service: Callable[Given, Result]) -> Callable[Given, Result]:
    """A service that is tried once more where a number or a code was taken between its look and its write.

    The second look finds who took it, so that the person reads the same sentence as on any other day. Stands outside
    ``transaction.atomic``: the first try is undone.
    """

    @wraps(service)
    def tried(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return service(*args, **kwargs)
        except IntegrityError as error:
            diagnosis = getattr(error.__cause__, "diag", None)
            if diagnosis is None or diagnosis.constraint_name not in GIVEN_ONCE:
                raise
        return service(*args, **kwargs)

    return tried


def refuse_unknown(given: Iterable[str], allowed: Iterable[str], *, of: str) -> None:
    unknown = set(given) - set(allowed)
    if unknown:
        raise TypeError(f"no such fields of a {of}: {sorted(unknown)}")


def cleaned_member(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Text in one form, numbers without their spaces, the year from the date."""
    refuse_unknown(fields, MEMBER_FIELDS, of="member")
    values = dict(fields)
    for name in ("citizen_id", "insurance_number"):
        if name in values:
            values[name] = persons.bare_digits(clean(str(values[name] or "")))
    if "name" in values:
        values["name"] = clean(values["name"] or "")
    if values.get("birth_date"):
        values.setdefault("birth_year", None)
        values["birth_year"] = values["birth_year"] or values["birth_date"].year
    return values


def cleaned_household(fields: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(fields)
    for name in ("code", "address", "note"):
        if name in values:
            values[name] = clean(values[name] or "")
    if "phone" in values:
        values["phone"] = persons.bare_phone(clean(values["phone"] or ""))
    return values


def member_errors(values: Mapping[str, Any], *, today: datetime.date) -> Errors:
    errors = persons.person_errors(values, today=today)
    if not values.get("relation"):
        errors.setdefault("relation", []).append("Chưa chọn quan hệ với chủ hộ.")
    encoding = legacy_encoding(values.get("name", ""))
    if encoding:
        errors.setdefault("name", []).append(f"Họ và tên gõ bằng bảng mã {encoding}, không phải Unicode.")
    return joined(errors, _form_errors(Member, values))


def household_errors(values: Mapping[str, Any]) -> Errors:
    errors = _form_errors(Household, values)
    phone = persons.phone_error(values.get("phone", ""))
    return joined(errors, {"phone": [phone]} if phone else {})


def _form_errors(model: type[Household] | type[Member], values: Mapping[str, Any]) -> Errors:
    """Choices that do not exist, text that is too long."""
    errors: Errors = {}
    for name, (label, allowed) in CHOICES[model].items():
        value = values.get(name, "")
        if value not in allowed:
            errors[name] = [f"Mục «{label}» không có lựa chọn «{value}»."]
    for name, (label, most) in LENGTHS[model].items():
        length = len(values.get(name) or "")
        if length > most and name not in {"citizen_id", "insurance_number"}:
            errors[name] = [f"Mục «{label}» dài quá {most} ký tự, đang có {length}."]
    return errors


def joined(*several: Errors) -> Errors:
    together: Errors = {}
    for errors in several:
        for field, sentences in errors.items():
            together.setdefault(field, []).extend(sentences)
    return together


def new_member(household: Household, *, position: int, **values: Any) -> Member:
    """A row with its derived keys; nothing is written."""
    return Member(
        household=household,
        unit_id=household.unit_id,
        position=position,
        **values,
        **name_keys(values["name"]),
    )


def name_keys(name: str) -> dict[str, str]:
    """What is stored beside a name, to search and to order by."""
    return {"search_key": plain(name), "sort_key": sort_key(name)}


def id_errors(*, by: User | None, numbers: Collection[str], besides: Collection[int] = ()) -> dict[str, str]:
    """For each citizen number that a present person already bears: the sentence that says who, if ``by`` may see it."""
    if not numbers:
        return {}
    bearers = Member.objects.present().filter(citizen_id__in=numbers).exclude(pk__in=besides)
    heads = Member.objects.present().filter(household=OuterRef("household"), relation=Relation.HEAD)
    found = list(
        bearers.select_related("household__village", "unit").annotate(head_name=Subquery(heads.values("name")[:1]))
    )
    visible = {member.pk for member in found}
    if by is not None and found:
        visible = set(Member.objects.visible_to(by).filter(pk__in=visible).values_list("pk", flat=True))
    return {member.citizen_id: _who_bears(member) if member.pk in visible else UNSEEN_BEARER for member in found}


UNSEEN_BEARER = (
    "Số định danh này đã có trong sổ hộ của một đơn vị khác. Kiểm tra lại số; "
    "nếu đúng thì đề nghị đơn vị đó ghi người này chuyển đi trước."
)


def _who_bears(member: Any) -> str:
    household = member.household
    return (
        f"Số định danh này đã có: {member.name}, hộ {member.head_name or household.code} (mã {household.code}), "
        f"{household.village}, {member.unit}. Nếu là một người thì ghi người đó ra khỏi hộ cũ trước."
    )


def day_errors(on: datetime.date, household: Household) -> list[str]:
    """A day on which something may be recorded of the household."""
    today = timezone.localdate()
    if on > today:
        return [f"Ngày {on:%d/%m/%Y} ở tương lai."]
    if on < household.opened_on:
        return [f"Ngày {on:%d/%m/%Y} trước ngày bắt đầu theo dõi hộ ({household.opened_on:%d/%m/%Y})."]
    return []


def village_errors(village: Area, *, unit: Area, on: datetime.date) -> list[str]:
    if village.level != Level.VILLAGE or village.parent_id != unit.pk:
        return [f"{village.title} không thuộc {unit}."]
    if village.valid_to is not None and village.valid_to < on:
        return [f"{village.title} đã thôi dùng từ sau ngày {village.valid_to:%d/%m/%Y}."]
    return []


def refuse(errors: Errors) -> None:
    if errors:
        raise ValidationError(errors)


def household_locked(
    household: Household, version: int, changes: Mapping[str, Any] | None = None
) -> tuple[Household, dict[str, Any]]:
    """The row under lock, still followed, and what is really mine to write. Raises EditConflict, ValidationError."""
    rows = Household.objects.select_related("village", "unit")
    row, mine = lock_and_merge(rows, pk=household.pk, version=version, changes=changes or {})
    refuse_closed(row)
    return row, mine


def refuse_closed(household: Household) -> None:
    if household.closed_on is not None:
        raise ValidationError(
            f"Hộ {household.code} đã thôi theo dõi từ ngày {household.closed_on:%d/%m/%Y}. "
            "Chọn «Theo dõi lại» trước khi sửa."
        )


def members_locked(household: Household) -> list[Member]:
    """Who is a member now, in the order of the household's list."""
    return list(Member.objects.present().filter(household=household).order_by("position", "pk").select_for_update())


def head_of(members: Iterable[Member]) -> Member | None:
    return next((member for member in members if member.relation == Relation.HEAD), None)


def write_change(household: Household, kind: ChangeKind, on: datetime.date, **fields: Any) -> HouseholdChange:
    """A line of the household's history."""
    return HouseholdChange.objects.create(household=household, unit_id=household.unit_id, kind=kind, on=on, **fields)


def people_changed(household: Household) -> None:
    """One version more: a household is read with its people, so a change made on an older reading of them is told."""
    Household.objects.filter(pk=household.pk).update(version=F("version") + 1)
    household.refresh_from_db(fields=["version"])


def end_membership(members: Collection[Member], *, on: datetime.date, because: MemberLeft) -> None:
    Member.objects.filter(pk__in=[member.pk for member in members]).update(left_on=on, left_because=because)


NOT_CARRIED = {"id", "version", "unit", "household", "position", "relation", "joined_on", "left_on", "left_because"}


def carried(member: Member, *, household: Household, position: int, relation: str, on: datetime.date) -> Member:
    """The same person in another household from the day on; nothing is written."""
    facts = {
        field.attname: getattr(member, field.attname)
        for field in Member._meta.concrete_fields
        if field.name not in NOT_CARRIED
    }
    return Member(
        household=household,
        unit_id=household.unit_id,
        position=position,
        relation=relation,
        joined_on=on,
        **facts,
    )
