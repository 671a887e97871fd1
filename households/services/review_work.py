"""Between what was typed and what is written: one review judged, with everything it is judged by read for many."""

import copy
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from households.choices import B1Source, Device, IncomeSource, Latrine, Need, ReviewState, Water
from households.models import Member, Review
from households.rules.indicators import dwelling_of, facts_of
from households.rules.survey import Assessment, assess, computed_answers, monthly_income, what_is_missing
from households.selectors.parts import Given, Parts, parts_of
from households.selectors.sheets import Sheet, sheets_of
from households.selectors.surveys import FormLaw, day_of, form_laws, is_present, members_by_household, setting_of
from households.services.review_parts import Labels, Written
from povertyplan.core.numbers import format_count
from povertyplan.core.text import clean
from povertyplan.core.versions import FieldConflict

FACTS = (
    "is_wall_durable",
    "is_column_durable",
    "is_roof_durable",
    "floor_area",
    "water",
    "latrine",
    "devices",
    "note",
)
CHECKED = {*FACTS, "surveyed_on", "surveyor", "b1_score"}
UNCHECKED = tuple(field.name for field in Review._meta.fields if field.name not in CHECKED)
MANY = 9_999_999_999_999
Errors = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What reviews are judged by, read at once; see ``ground_of``."""

    laws: Mapping[int, FormLaw]
    members: Mapping[int, Sequence[Member]]
    sheets: Mapping[int, Sheet | None]
    parts: Mapping[int, Parts]

    def law(self, review: Review) -> FormLaw:
        return self.laws[review.round.standard_id]

    def labels(self, review: Review) -> Labels:
        law, sheet = self.law(review), self.sheets[review.pk]
        return Labels(
            indicators={row.indicator_id: row.indicator.name for row in law.indicators},
            causes={cause.pk: cause.name for cause in law.causes},
            items={item.pk: item.label for item in sheet.rows} if sheet else {},
        )

    def persons(self, review: Review, day: datetime.date) -> list[Member]:
        household = review.household
        return [member for member in self.members[household.pk] if is_present(member, household, day)]


def ground_of(reviews: Sequence[Review], *, with_parts: bool = True) -> Ground:
    """The same number of queries however many reviews; rounds and settings with a sheet of their own add to it."""
    return Ground(
        laws=form_laws({review.round.standard for review in reviews}),
        members=members_by_household([review.household_id for review in reviews]),
        sheets=sheets_of(reviews),
        parts=parts_of([review.pk for review in reviews]) if with_parts else {},
    )


@dataclass(frozen=True, kw_only=True)
class Work:
    """A review judged: the columns to write, the rows under it, and what forbids writing."""

    changes: dict[str, Any]
    written: Written
    assessment: Assessment
    errors: Errors = field(default_factory=dict)


def parts_from(
    review: Review,
    ground: Ground,
    *,
    answers: Mapping[str, tuple[bool | None, str]],
    b1_answers: Mapping[str, Any] | None,
    incomes: Iterable[tuple[str, int, int]],
    causes: Iterable[int],
    needs: Iterable[str | tuple[str, str]],
) -> tuple[Parts, Errors]:
    """What was typed, by the rows it will be; what does not exist or is out of range, by field."""
    law, errors = ground.law(review), Errors()
    ids, cause_ids = law.ids, {cause.number: cause.pk for cause in law.causes}
    typed = {}
    for code, (value, reason) in answers.items():
        if code not in ids:
            errors[f"answer-{code}"] = [f"{law.standard} không có chỉ số «{code}»."]
        elif value is not None:
            typed[ids[code]] = (value, clean(reason)[:300])
    for number in causes:
        if number not in cause_ids:
            errors["causes"] = [f"{law.standard} không có nguyên nhân số {number}."]
    pairs = [(need, "") if isinstance(need, str) else need for need in needs]
    if not {need for need, _ in pairs} <= set(Need):
        errors["needs"] = ["Nhu cầu không có trong danh mục."]
    earned, income_errors = _incomes(incomes)
    sheet = ground.sheets[review.pk]
    scores: dict[int, Given] = {}
    if b1_answers is not None and sheet is None:
        errors["b1_score"] = ["Chưa có bảng điểm B1 cho đợt này: nhập tổng điểm."]
    elif b1_answers is not None and sheet is not None:
        scores, score_errors = sheet.rows_from(b1_answers)
        errors |= score_errors
    return Parts(
        typed=typed,
        scores=scores,
        incomes=earned,
        causes={cause_ids[number]: True for number in causes if number in cause_ids},
        needs={need: clean(note)[:200] for need, note in pairs},
    ), errors | income_errors


def _incomes(rows: Iterable[tuple[str, int, int]]) -> tuple[dict[str, tuple[int, int]], Errors]:
    earned: dict[str, tuple[int, int]] = {}
    errors: Errors = {}
    for source, earners, amount in rows:
        if source not in set(IncomeSource):
            errors["incomes"] = [f"Không có nguồn thu «{source}»."]
        elif source in earned:
            errors[f"amount-{source}"] = ["Mỗi nguồn thu chỉ ghi một dòng."]
        elif not 1 <= earners <= 100:
            errors[f"earners-{source}"] = ["Ghi số người có thu nhập từ nguồn này, ít nhất 1."]
        elif not 0 <= amount <= MANY:
            errors[f"amount-{source}"] = ["Thu nhập 12 tháng ghi bằng đồng, không âm."]
        else:
            earned[source] = (earners, amount)
    return earned, errors


def judged(
    review: Review,
    changes: Mapping[str, Any],
    parts: Parts,
    ground: Ground,
    *,
    is_complete: bool,
    errors: Mapping[str, list[str]] | None = None,
) -> Work:
    """The review as it would stand with ``changes`` and ``parts``. Writes nothing: saving one form, saving many and
    the preview all come here."""
    draft = copy.copy(review)
    for name, value in changes.items():
        setattr(draft, name, value)
    wrong = _fact_errors(draft)
    found = dict(errors or {}) | wrong
    for name in wrong:
        setattr(draft, name, "" if name in {"water", "latrine"} else None)
    law, sheet = ground.law(review), ground.sheets[review.pk]
    points: Mapping[tuple[int, int | None], int] = {}
    source, missing_items = B1Source.ENTERED, dict[str, list[str]]()
    if sheet is not None and parts.scores:
        source, score = B1Source.COMPUTED, sheet.total(parts.scores)
        draft.b1_score, points, missing_items = score.points, score.by_option, score.missing
    assessment = assessed(draft, parts, ground)
    found |= assessment.errors
    if is_complete or review.state == ReviewState.SURVEYED:
        lacking = what_is_missing(assessment)
        if missing_items:
            lacking.pop("b1_score", None)
        found = lacking | missing_items | _unsigned(draft) | found
    is_whole = not assessment.missing
    result: dict[str, Any] = dict(changes) | {
        "b1_source": source,
        "b1_sheet": sheet.sheet if sheet is not None and source == B1Source.COMPUTED else None,
        "b1_score": draft.b1_score,
        "b2_score": assessment.b2 if is_whole else None,
        "category": "",
        "reasons": [],
    }
    if (is_complete or review.state == ReviewState.SURVEYED) and assessment.verdict.category:
        result |= {
            "state": ReviewState.SURVEYED,
            "category": assessment.verdict.category,
            "reasons": [reason[:200] for reason in assessment.verdict.reasons],
        }
    written = Written(
        review=review,
        stored=ground.parts.get(review.pk, Parts()),
        parts=parts,
        answers={law.ids[answer.code]: answer for answer in assessment.answers},
        points=points,
    )
    return Work(changes=result, written=written, assessment=assessment, errors=found)


def assessed(draft: Review, parts: Parts, ground: Ground) -> Assessment:
    law, day = ground.law(draft), day_of(draft)
    persons = [facts_of(member, day) for member in ground.persons(draft, day)]
    computed = computed_answers(law.questions, persons=persons, dwelling=dwelling_of(draft), day=day)
    codes = {indicator: code for code, indicator in law.ids.items()}
    return assess(
        questions=law.questions,
        typed={codes[indicator]: value for indicator, value in parts.typed.items() if indicator in codes},
        computed=computed,
        b1=draft.b1_score,
        setting=setting_of(draft),
        standard=law.rules,
        income=monthly_income([amount for _, amount in parts.incomes.values()], len(persons)),
    )


def normal(review: Review, changes: Mapping[str, Any], parts: Parts, ground: Ground) -> Parts:
    """What was typed as it would be stored: an answer that merely follows the facts, or a reason without a
    difference, is nothing typed."""
    draft = copy.copy(review)
    for name, value in changes.items():
        setattr(draft, name, value)
    ids = ground.law(review).ids
    kept = {
        ids[answer.code]: (answer.is_deprived, answer.override_reason)
        for answer in assessed(draft, parts, ground).answers
        if answer.is_deprived is not None and answer.is_deprived != answer.computed
    }
    return replace(parts, typed=kept)


def worded(conflict: FieldConflict) -> FieldConflict:
    """A column of the form with both values in words."""
    return replace(conflict, theirs=_word(conflict.name, conflict.theirs), mine=_word(conflict.name, conflict.mine))


def _word(name: str, value: Any) -> Any:
    if name == "devices":
        return named(value)
    words = {"water": Water, "latrine": Latrine}.get(name)
    if words is not None and value in set(words):
        return str(words(value).label)
    return format_amount(value) if isinstance(value, Decimal) else value


def named(devices: Sequence[str] | None) -> str:
    """Devices in words; None is not asked."""
    if devices is None:
        return ""
    return ", ".join(str(Device(device).label) for device in devices) or "không có phương tiện nào"


def _fact_errors(draft: Review) -> Errors:
    errors: Errors = {}
    try:
        draft.clean_fields(exclude=UNCHECKED)
    except ValidationError as error:
        errors = error.message_dict
    if draft.floor_area is not None and "floor_area" not in errors and draft.floor_area < 0:
        errors["floor_area"] = ["Diện tích không được âm."]
    return errors


def _unsigned(draft: Review) -> Errors:
    errors: Errors = {}
    if draft.surveyed_on is None:
        errors["surveyed_on"] = ["Chưa ghi ngày làm Phiếu B."]
    if not draft.surveyor:
        errors["surveyor"] = ["Chưa ghi rà soát viên."]
    return errors


def shown(kind: str, value: Any) -> str:
    """A row in the words of a conflict."""
    if kind == "typed":
        if value is None:
            return "theo tự tính, hoặc chưa trả lời"
        deprived, reason = value
        return ("thiếu hụt" if deprived else "không thiếu hụt") + (f" ({reason})" if reason else "")
    if value is None or value is False:
        return "không có"
    if kind == "incomes":
        earners, amount = value
        return f"{earners} người, {format_count(amount)} đồng"
    if kind == "scores":
        return ", ".join(format_amount(amount) if amount is not None else "có chọn" for _, amount in value)
    return str(value) if kind == "needs" and value else "có"


def format_amount(amount: Any) -> str:
    return f"{amount.normalize():f}".replace(".", ",")
