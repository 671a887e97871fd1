"""Persons and what follows from them for their household: ages, typed numbers, refusals, flags.

The working-age and ability parts of ``has_no_labour`` are RECALLED (low): no text that defines «hộ không có khả năng
lao động» was found, see ``docs/rules/registry.md``.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from households.choices import Disability, Maternity, MinorityBasis, Relation, Sex, Work

CHILD_BELOW = 16
OLDEST = 120
# Working age: a convention of practice, read in no text.
WORKING_FROM = 15
WORKING_TO = {Sex.FEMALE: 60, Sex.MALE: 62}
DISABLED = frozenset({Disability.SEVERE, Disability.EXTREME})

SPACERS = re.compile(r"[\s.\-·]+")
CITIZEN_ID_LENGTH = 12
OLD_ID_LENGTH = 9
INSURANCE_LENGTH = 10
PHONE = re.compile(r"^0[0-9]{9,10}$")
SHOWN_IN_FRONT, SHOWN_BEHIND = 4, 2


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the flags of a household ask of a person; ``None`` and ``""`` are unknown."""

    relation: str
    age: int | None = None
    sex: str = ""
    is_minority: bool | None = None
    is_merit: bool = False
    work: str = ""
    disability: str = ""


@dataclass(frozen=True, kw_only=True)
class HouseholdFlags:
    is_ethnic_minority: bool
    is_merit: bool
    has_no_labour: bool
    is_female_head: bool


def age_on(day: datetime.date, *, birth_date: datetime.date | None, birth_year: int | None) -> int | None:
    """Completed years on the day; by the year alone where no more is known; None where nothing is."""
    if birth_date is not None:
        had_no_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
        return day.year - birth_date.year - had_no_birthday
    return None if birth_year is None else day.year - birth_year


def is_child(age: int | None) -> bool:
    """A child is under 16, as in indicators 2, 3 and 6; somebody of unknown age is not counted as one."""
    return age is not None and age < CHILD_BELOW


def is_able(person: Person) -> bool:
    """Of working age and able to work, as far as known: neither marked unable nor severely disabled."""
    if person.age is None or person.age < WORKING_FROM:
        return False
    ends = WORKING_TO[Sex.FEMALE] if person.sex == Sex.FEMALE else WORKING_TO[Sex.MALE]
    return person.age < ends and person.work != Work.UNABLE and person.disability not in DISABLED


def household_flags(persons: Sequence[Person], *, basis: str = MinorityBasis.HEAD) -> HouseholdFlags:
    """Groups of table 8 and the list columns. A household with a person of unknown age is not «không có khả năng»."""
    head = next((person for person in persons if person.relation == Relation.HEAD), None)
    known = bool(persons) and all(person.age is not None for person in persons)
    return HouseholdFlags(
        is_ethnic_minority=_is_minority(persons, head, basis),
        is_merit=any(person.is_merit for person in persons),
        has_no_labour=known and not any(is_able(person) for person in persons),
        is_female_head=head is not None and head.sex == Sex.FEMALE,
    )


def _is_minority(persons: Sequence[Person], head: Person | None, basis: str) -> bool:
    minority = sum(bool(person.is_minority) for person in persons)
    if basis == MinorityBasis.MAJORITY:
        return minority * 2 > len(persons)
    if basis == MinorityBasis.ANY:
        return minority > 0
    return head is not None and bool(head.is_minority)


def bare_digits(value: str) -> str:
    """A number as it is stored: spaces, dots and hyphens between its figures are of the writing only."""
    return SPACERS.sub("", value)


def bare_phone(value: str) -> str:
    """``+84 912.345.678`` as ``0912345678``."""
    digits = bare_digits(value)
    return "0" + digits.removeprefix("+84") if digits.startswith("+84") else digits


def masked(citizen_id: str) -> str:
    """``064012345612`` as ``0640••••••12``; nothing for nothing."""
    hidden = len(citizen_id) - SHOWN_IN_FRONT - SHOWN_BEHIND
    if hidden <= 0:
        return citizen_id
    return citizen_id[:SHOWN_IN_FRONT] + "•" * hidden + citizen_id[-SHOWN_BEHIND:]


def is_same_person(one: Any, other: Any) -> bool:
    """Two rows of a person who came back: by citizen number where both have one, else by name and year of birth."""
    if one.citizen_id and other.citizen_id:
        return bool(one.citizen_id == other.citizen_id)
    return bool(one.search_key == other.search_key and one.birth_year == other.birth_year)


Errors = dict[str, list[str]]


def person_errors(values: Mapping[str, Any], *, today: datetime.date) -> Errors:
    """Sentences by field on what cannot be true of a person; ``values`` are cleaned."""
    found = {
        "name": _name_error(values.get("name", "")),
        "birth_date": _birth_date_error(values.get("birth_date"), today),
        "birth_year": _birth_year_error(values.get("birth_date"), values.get("birth_year"), today),
        "citizen_id": _citizen_id_error(values.get("citizen_id") or ""),
        "insurance_number": _insurance_error(values.get("insurance_number") or ""),
        "card_to": _card_error(values.get("card_from"), values.get("card_to")),
        "joined_on": _joined_error(values, today),
        "maternity": "Thai sản chỉ ghi cho nữ." if _is_pregnant_man(values) else "",
    }
    return {field: [sentence] for field, sentence in found.items() if sentence}


def _name_error(name: str) -> str:
    if not name:
        return "Chưa ghi họ và tên."
    return "Họ và tên không có chữ số." if any(char.isdigit() for char in name) else ""


def _birth_date_error(birth_date: datetime.date | None, today: datetime.date) -> str:
    if birth_date is None:
        return ""
    if birth_date > today:
        return f"Ngày sinh {birth_date:%d/%m/%Y} ở tương lai."
    if (age_on(today, birth_date=birth_date, birth_year=None) or 0) > OLDEST:
        return f"Ngày sinh {birth_date:%d/%m/%Y}: người này hơn {OLDEST} tuổi. Xem lại năm sinh."
    return ""


def _birth_year_error(birth_date: datetime.date | None, birth_year: int | None, today: datetime.date) -> str:
    if birth_year is None:
        return ""
    if birth_date is not None:
        return "" if birth_year == birth_date.year else "Năm sinh khác với năm của ngày sinh."
    if birth_year > today.year:
        return f"Năm sinh {birth_year} ở tương lai."
    if today.year - birth_year > OLDEST:
        return f"Năm sinh {birth_year}: người này hơn {OLDEST} tuổi. Xem lại năm sinh."
    return ""


def _citizen_id_error(number: str) -> str:
    if not number:
        return ""
    if not (number.isascii() and number.isdigit()):
        return "Số định danh chỉ gồm chữ số."
    if len(number) == OLD_ID_LENGTH:
        return (
            "Đây là số chứng minh nhân dân cũ (9 chữ số), không còn giá trị sử dụng. "
            "Ghi số định danh 12 chữ số trên thẻ căn cước, chưa có thì để trống."
        )
    if len(number) != CITIZEN_ID_LENGTH:
        return f"Số định danh gồm đúng 12 chữ số, đang có {len(number)}."
    return ""


def _insurance_error(number: str) -> str:
    if not number or (number.isascii() and number.isdigit() and len(number) == INSURANCE_LENGTH):
        return ""
    if not (number.isascii() and number.isdigit()):
        return "Mã số bảo hiểm xã hội chỉ gồm chữ số, không ghi phần chữ in trước mã trên thẻ."
    return f"Mã số bảo hiểm xã hội gồm đúng 10 chữ số, đang có {len(number)}."


def _card_error(first: datetime.date | None, last: datetime.date | None) -> str:
    return "Ngày hết hạn thẻ không được trước ngày bắt đầu." if first and last and last < first else ""


def _joined_error(values: Mapping[str, Any], today: datetime.date) -> str:
    joined, born, year = values.get("joined_on"), values.get("birth_date"), values.get("birth_year")
    if joined is None:
        return ""
    if joined > today:
        return f"Ngày vào hộ {joined:%d/%m/%Y} ở tương lai."
    if (born and joined < born) or (year and joined.year < year):
        return "Ngày vào hộ không được trước khi sinh."
    return ""


def _is_pregnant_man(values: Mapping[str, Any]) -> bool:
    return values.get("sex") == Sex.MALE and values.get("maternity") in set(Maternity)


def phone_error(number: str) -> str:
    if not number or PHONE.match(number):
        return ""
    return "Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng số 0."


# What somebody is to a new head, from what both were to the old one; other pairs are asked for.
AFTER_HEAD_CHANGE = {
    (Relation.SPOUSE, Relation.HEAD): Relation.SPOUSE,
    (Relation.SPOUSE, Relation.CHILD): Relation.CHILD,
    (Relation.SPOUSE, Relation.CHILD_IN_LAW): Relation.CHILD_IN_LAW,
    (Relation.SPOUSE, Relation.GRANDCHILD): Relation.GRANDCHILD,
    (Relation.CHILD, Relation.HEAD): Relation.PARENT,
    (Relation.CHILD, Relation.SPOUSE): Relation.PARENT,
    (Relation.CHILD, Relation.CHILD): Relation.SIBLING,
    (Relation.CHILD, Relation.PARENT): Relation.GRANDPARENT,
    (Relation.PARENT, Relation.HEAD): Relation.CHILD,
    (Relation.PARENT, Relation.SPOUSE): Relation.CHILD_IN_LAW,
    (Relation.PARENT, Relation.CHILD): Relation.GRANDCHILD,
    (Relation.PARENT, Relation.SIBLING): Relation.CHILD,
    (Relation.SIBLING, Relation.HEAD): Relation.SIBLING,
    (Relation.SIBLING, Relation.SIBLING): Relation.SIBLING,
    (Relation.SIBLING, Relation.PARENT): Relation.PARENT,
    (Relation.SIBLING, Relation.GRANDPARENT): Relation.GRANDPARENT,
}


def relation_after(relation: str, *, new_head: str) -> Relation:
    """Likely relation to the new head of who was ``relation`` to the old one, whose ``new_head`` the new one was."""
    return AFTER_HEAD_CHANGE.get((Relation(new_head), Relation(relation)), Relation.OTHER)
