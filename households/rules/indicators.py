"""Whether a household is deprived in an indicator, computed from facts, with the reason in words.

Thresholds: Nghị định 07/2021/NĐ-CP, Annex, as far as known; ``docs/rules/indicators.md`` says how sure each is.
A fact nobody has asked for is not «không»: without it there is no answer, only what is missing.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from households.choices import (
    Device,
    Disability,
    HealthCard,
    Latrine,
    Nutrition,
    Qualification,
    Schooling,
    Water,
    Work,
)
from households.rules.persons import CHILD_BELOW, WORKING_FROM, age_on
from povertyplan.core.dates import format_date
from povertyplan.core.numbers import HUNDREDTH, format_rate, rate

LONGEST = 300
NAMED = 3
# Ages of work and of the elderly are recalled, not read: between 55 and 62 working age depends on sex and on the year
# of the roadmap of retirement, so the surveyor decides.
SURELY_WORKING_TO, SURELY_RETIRED_FROM = 55, 62
ELDERLY_FROM = 60
INSURED_FROM = 6
ADULT_FROM, ADULT_OF_UPPER, ADULT_TO = 16, 18, 30
SCHOOL_FROM = 3
AREA_OF_ONE = Decimal(8)

NO_SUFFICIENT_JOB = frozenset({Work.SEEKING, Work.NO_CONTRACT})
MALNOURISHED = frozenset({Nutrition.STUNTED, Nutrition.UNDERWEIGHT})
CLEAN_WATER = frozenset(
    {Water.TAP, Water.DRILLED_WELL, Water.PROTECTED_WELL, Water.PROTECTED_SPRING, Water.RAIN, Water.BOTTLED}
)
HYGIENIC = frozenset({Latrine.SEPTIC, Latrine.POUR_FLUSH, Latrine.VENTILATED, Latrine.TWO_VAULT})
SCHOOLS = tuple(Schooling)
QUALIFICATIONS = tuple(Qualification)
# (below this age, the level that is right)
RIGHT_SCHOOL = ((6, Schooling.PRESCHOOL), (12, Schooling.PRIMARY), (CHILD_BELOW, Schooling.LOWER_SECONDARY))


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """A person on the day of the review; ``None`` and ``""`` are unknown. ``age`` is in completed years."""

    name: str
    age: int | None = None
    is_age_by_year: bool = False
    sex: str = ""
    schooling: str = ""
    qualification: str = ""
    work: str = ""
    disability: str = ""
    health_card: str = ""
    card_to: datetime.date | None = None
    nutrition: str = ""
    uses_internet: bool | None = None
    is_trained_on_job: bool | None = None
    has_social_allowance: bool | None = None

    @property
    def said(self) -> str:
        """Name and age as the reasons write them."""
        if self.age is None:
            return self.name
        return f"{self.name} ({self.age} tuổi{', chỉ biết năm sinh' if self.is_age_by_year else ''})"


@dataclass(frozen=True, kw_only=True)
class DwellingFacts:
    """The dwelling as Phiếu B asks; None and ``""`` are unknown. ``floor_area`` is m², ``devices`` empty is «none»."""

    is_wall_durable: bool | None = None
    is_column_durable: bool | None = None
    is_roof_durable: bool | None = None
    floor_area: Decimal | None = None
    water: str = ""
    latrine: str = ""
    devices: Sequence[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Computed:
    """``is_deprived`` None: facts are missing, ``why`` says which."""

    is_deprived: bool | None
    why: str


def facts_of(person: Any, day: datetime.date) -> PersonFacts:
    """Facts of a row with the fields of a member, on a day."""
    return PersonFacts(
        name=person.name,
        age=age_on(day, birth_date=person.birth_date, birth_year=person.birth_year),
        is_age_by_year=person.birth_date is None and person.birth_year is not None,
        sex=person.sex,
        schooling=person.schooling,
        qualification=person.qualification,
        work=person.work,
        disability=person.disability,
        health_card=person.health_card,
        card_to=person.card_to,
        nutrition=person.nutrition,
        uses_internet=person.uses_internet,
        is_trained_on_job=person.is_trained_on_job,
        has_social_allowance=person.has_social_allowance,
    )


def dwelling_of(review: Any) -> DwellingFacts:
    """Facts of a row with the fields of Phiếu B."""
    return DwellingFacts(
        is_wall_durable=review.is_wall_durable,
        is_column_durable=review.is_column_durable,
        is_roof_durable=review.is_roof_durable,
        floor_area=review.floor_area,
        water=review.water,
        latrine=review.latrine,
        devices=review.devices,
    )


def compute(code: str, *, persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    """The answer for the indicator ``code``; one that has no rule is answered by the surveyor."""
    rule = RULES.get(code)
    if rule is None:
        return Computed(is_deprived=None, why="Chưa có ngưỡng để tự tính, rà soát viên trả lời.")
    if not persons and code not in OF_DWELLING:
        return Computed(is_deprived=None, why="Chưa có người nào trong hộ.")
    answer = rule(persons, dwelling, day)
    why = answer.why if len(answer.why) <= LONGEST else answer.why[: LONGEST - 1] + "…"
    return Computed(is_deprived=answer.is_deprived, why=why)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One person by one rule: deprived, not, or unknown with what is missing; ``said`` goes into the reason."""

    is_deprived: bool | None
    said: str = ""


NOT_CONCERNED = _Case(is_deprived=False)


def _anybody(persons: Iterable[PersonFacts], judge: Callable[[PersonFacts], _Case], nobody: str) -> Computed:
    """Deprived when one person surely is; unknown while facts of anybody who might be are missing."""
    cases = [judge(person) for person in persons]
    deprived = [case.said for case in cases if case.is_deprived]
    missing = [case.said for case in cases if case.is_deprived is None]
    if deprived:
        return Computed(is_deprived=True, why=f"{_list(deprived)}.")
    if missing:
        return Computed(is_deprived=None, why=f"Còn thiếu: {_list(missing)}.")
    return Computed(is_deprived=False, why=nobody)


def _list(parts: Sequence[str]) -> str:
    more = f" và {len(parts) - NAMED} người khác" if len(parts) > NAMED else ""
    return "; ".join(parts[:NAMED]) + more


def _unknown(person: PersonFacts, what: str) -> _Case:
    return _Case(is_deprived=None, said=f"{what} của {person.said}")


def _employment(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    return _anybody(persons, _job_case, "Người trong tuổi lao động muốn làm việc đều có việc làm, có hợp đồng.")


def _job_case(person: PersonFacts) -> _Case:
    if person.age is not None and not WORKING_FROM <= person.age < SURELY_RETIRED_FROM:
        return NOT_CONCERNED
    if person.work and person.work not in NO_SUFFICIENT_JOB:
        return NOT_CONCERNED
    if person.age is None:
        return _unknown(person, "ngày sinh hoặc năm sinh")
    if not person.work:
        return _unknown(person, "việc làm")
    if person.age >= SURELY_WORKING_TO:
        return _Case(is_deprived=None, said=f"{person.said} còn trong tuổi lao động hay không, rà soát viên xác định")
    return _Case(is_deprived=True, said=f"{person.said} {Work(person.work).label}")


def _dependants(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    kinds = [(_dependant_kind(person), person) for person in persons]
    children = sum(kind == "child" for kind, _ in kinds)
    allowed = sum(kind == "allowance" for kind, _ in kinds)
    missing = [f"{kind} của {person.said}" for kind, person in kinds if kind not in {"child", "allowance", ""}]
    sure, most, everybody = children + allowed, children + allowed + len(missing), len(persons)
    if missing and sure * 2 <= everybody < most * 2:
        return Computed(is_deprived=None, why=f"Còn thiếu: {_list(missing)}.")
    parts = [f"{children} trẻ em dưới {CHILD_BELOW} tuổi"] if children else []
    parts += [f"{allowed} người cao tuổi, khuyết tật hưởng trợ cấp xã hội"] if allowed else []
    is_deprived = sure * 2 > everybody
    verdict = "quá một nửa" if is_deprived else "không quá một nửa"
    share = f"{' và '.join(parts) or 'không có người phụ thuộc'} / {everybody} người"
    return Computed(is_deprived=is_deprived, why=f"{share} = {format_rate(rate(sure, everybody))} %, {verdict}.")


def _dependant_kind(person: PersonFacts) -> str:
    """``child``, ``allowance``, nothing, or in words what is missing to tell."""
    if person.age is not None and person.age < CHILD_BELOW:
        return "child"
    if person.age is None:
        return "ngày sinh hoặc năm sinh"
    if person.has_social_allowance is None:
        return "trợ cấp xã hội"
    if not person.has_social_allowance:
        return ""
    if person.age >= ELDERLY_FROM:
        return "allowance"
    if not person.disability:
        return "tình trạng khuyết tật"
    return "" if person.disability == Disability.NONE else "allowance"


def _nutrition(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    return _anybody(persons, _nutrition_case, "Không có trẻ em dưới 16 tuổi suy dinh dưỡng.")


def _nutrition_case(person: PersonFacts) -> _Case:
    if (person.age is not None and person.age >= CHILD_BELOW) or person.nutrition == Nutrition.NORMAL:
        return NOT_CONCERNED
    if person.age is None:
        return _unknown(person, "ngày sinh hoặc năm sinh")
    if person.nutrition in MALNOURISHED:
        return _Case(is_deprived=True, said=f"{person.said} {Nutrition(person.nutrition).label}")
    return _unknown(person, "tình trạng dinh dưỡng")


def _health_insurance(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    return _anybody(
        persons,
        lambda person: _card_case(person, day),
        f"Mọi người từ {INSURED_FROM} tuổi đều có thẻ bảo hiểm y tế còn hạn ngày {format_date(day)}.",
    )


def _card_case(person: PersonFacts, day: datetime.date) -> _Case:
    is_over = person.health_card == HealthCard.YES and person.card_to is not None and person.card_to < day
    if (person.age is not None and person.age < INSURED_FROM) or (person.health_card == HealthCard.YES and not is_over):
        return NOT_CONCERNED
    if person.age is None:
        return _unknown(person, "ngày sinh hoặc năm sinh")
    if not person.health_card:
        return _unknown(person, "thẻ bảo hiểm y tế")
    said = f"thẻ bảo hiểm y tế hết hạn ngày {format_date(person.card_to)}" if is_over else "không có thẻ bảo hiểm y tế"
    return _Case(is_deprived=True, said=f"{person.said} {said}")


def _adult_education(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    return _anybody(
        persons, _adult_case, f"Người từ {ADULT_FROM} đến {ADULT_TO} tuổi đều đang học hoặc có bằng cấp theo tuổi."
    )


def _adult_case(person: PersonFacts) -> _Case:
    if person.age is not None and not ADULT_FROM <= person.age <= ADULT_TO:
        return NOT_CONCERNED
    if person.is_trained_on_job or (person.schooling and person.schooling != Schooling.NONE):
        return NOT_CONCERNED
    if person.age is None:
        # With the qualification of the older the person is right at any age.
        is_enough = _has(person, Qualification.UPPER_SECONDARY)
        return NOT_CONCERNED if is_enough else _unknown(person, "ngày sinh hoặc năm sinh")
    is_young = person.age < ADULT_OF_UPPER
    needed = Qualification.LOWER_SECONDARY if is_young else Qualification.UPPER_SECONDARY
    if _has(person, needed):
        return NOT_CONCERNED
    if not person.qualification:
        return _unknown(person, "trình độ đã tốt nghiệp")
    if not person.schooling:
        return _unknown(person, "đang học hay không")
    if person.is_trained_on_job is None:
        return _unknown(person, "được tuyển dụng, đào tạo tại chỗ hay không")
    word = "trung học cơ sở" if is_young else "trung học phổ thông, sơ cấp trở lên"
    return _Case(is_deprived=True, said=f"{person.said} không đi học, chưa tốt nghiệp {word}")


def _has(person: PersonFacts, needed: Qualification) -> bool:
    if not person.qualification:
        return False
    return QUALIFICATIONS.index(Qualification(person.qualification)) >= QUALIFICATIONS.index(needed)


def _child_schooling(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    return _anybody(persons, _school_case, f"Trẻ em từ {SCHOOL_FROM} đến dưới {CHILD_BELOW} tuổi đều học đúng cấp.")


def _school_case(person: PersonFacts) -> _Case:
    if person.age is None:
        return _unknown(person, "ngày sinh hoặc năm sinh")
    if not SCHOOL_FROM <= person.age < CHILD_BELOW:
        return NOT_CONCERNED
    if not person.schooling:
        return _unknown(person, "đang học hay không")
    needed = next(level for below, level in RIGHT_SCHOOL if person.age < below)
    attends = Schooling(person.schooling)
    if SCHOOLS.index(attends) >= SCHOOLS.index(needed):
        return NOT_CONCERNED
    said = "không đi học" if attends == Schooling.NONE else f"học {attends.label}"
    return _Case(is_deprived=True, said=f"{person.said} {said}, đúng tuổi là {needed.label}")


def _housing_quality(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    parts = {
        "tường": dwelling.is_wall_durable,
        "cột": dwelling.is_column_durable,
        "mái": dwelling.is_roof_durable,
    }
    weak = [name for name, durable in parts.items() if durable is False]
    unknown = [name for name, durable in parts.items() if durable is None]
    if len(weak) < 2 <= len(weak) + len(unknown):
        return Computed(is_deprived=None, why=f"Còn thiếu: {', '.join(unknown)} bền chắc hay không.")
    said = f"{', '.join(weak)} không bền chắc ({len(weak)}/3 kết cấu)" if weak else "tường, cột, mái đều bền chắc"
    if not weak and unknown:
        said = "nhiều nhất một kết cấu không bền chắc"
    return Computed(is_deprived=len(weak) >= 2, why=f"{said[0].upper()}{said[1:]}.")


def _housing_area(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    if dwelling.floor_area is None:
        return Computed(is_deprived=None, why="Còn thiếu: diện tích nhà ở.")
    is_deprived = dwelling.floor_area < AREA_OF_ONE * len(persons)
    of_one = (dwelling.floor_area / len(persons)).quantize(HUNDREDTH, ROUND_DOWN)
    area = f"{dwelling.floor_area.normalize():f}".replace(".", ",")
    verdict = f"dưới {AREA_OF_ONE} m²" if is_deprived else f"từ {AREA_OF_ONE} m² trở lên"
    return Computed(
        is_deprived=is_deprived, why=f"{area} m² / {len(persons)} người = {format_rate(of_one)} m², {verdict}."
    )


def _water(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    if not dwelling.water:
        return Computed(is_deprived=None, why="Còn thiếu: nguồn nước sinh hoạt.")
    is_clean = dwelling.water in CLEAN_WATER
    verdict = "nước sạch" if is_clean else "không phải nước sạch"
    return Computed(is_deprived=not is_clean, why=f"Dùng {Water(dwelling.water).label}: {verdict}.")


def _latrine(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    if not dwelling.latrine:
        return Computed(is_deprived=None, why="Còn thiếu: loại nhà tiêu.")
    is_hygienic = dwelling.latrine in HYGIENIC
    verdict = "hợp vệ sinh" if is_hygienic else "không hợp vệ sinh"
    return Computed(is_deprived=not is_hygienic, why=f"Nhà tiêu: {Latrine(dwelling.latrine).label}, {verdict}.")


def _telecom(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    users = [person.name for person in persons if person.uses_internet]
    if users:
        return Computed(is_deprived=False, why=f"{_list(users)} dùng internet.")
    unknown = [person.name for person in persons if person.uses_internet is None]
    if unknown:
        return Computed(is_deprived=None, why=f"Còn thiếu: {_list(unknown)} có dùng internet hay không.")
    return Computed(is_deprived=True, why=f"Không ai trong {len(persons)} người dùng internet.")


def _information_means(persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date) -> Computed:
    if dwelling.devices is None:
        return Computed(is_deprived=None, why="Còn thiếu: phương tiện thông tin của hộ.")
    if not dwelling.devices:
        return Computed(is_deprived=True, why="Không có phương tiện nào để tiếp cận thông tin.")
    owned = ", ".join(str(Device(device).label) for device in dwelling.devices)
    return Computed(is_deprived=False, why=f"Có {owned}.")


Rule = Callable[[Sequence[PersonFacts], DwellingFacts, datetime.date], Computed]
RULES: dict[str, Rule] = {
    "employment": _employment,
    "dependants": _dependants,
    "nutrition": _nutrition,
    "health_insurance": _health_insurance,
    "adult_education": _adult_education,
    "child_schooling": _child_schooling,
    "housing_quality": _housing_quality,
    "housing_area": _housing_area,
    "water": _water,
    "latrine": _latrine,
    "telecom": _telecom,
    "information_means": _information_means,
}
OF_DWELLING = frozenset({"housing_quality", "water", "latrine", "information_means"})
