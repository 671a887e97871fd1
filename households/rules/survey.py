"""Phiếu B as one judgement: typed answers beside what the facts say, B2, and the category. Pure.

Saving one form, saving many and the live preview all pass through ``assess``.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from households.rules.classification import StandardRules, Verdict, classify
from households.rules.indicators import Computed, DwellingFacts, PersonFacts, compute
from povertyplan.areas.choices import Setting

NO_REASON = "Khác với tự tính ({why}): chọn theo tự tính, hoặc ghi lý do."
NOT_ANSWERED = "Chưa trả lời chỉ số «{name}»: {why}."
MONTHS = 12

# What a person typed of an indicator: deprived or not, and why it differs from what the facts say. An indicator that
# is not typed follows the facts.
Typed = tuple[bool, str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """An indicator of the round's standard, in its order."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """An indicator as it will be stored; ``is_deprived`` None is not answered."""

    code: str
    name: str
    is_deprived: bool | None
    computed: bool | None
    why: str
    override_reason: str = ""

    @property
    def is_overridden(self) -> bool:
        return self.computed is not None and self.is_deprived is not None and self.is_deprived != self.computed


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """``b2`` counts what is answered so far; ``verdict`` has no category while something is missing that it needs.

    ``errors``: Vietnamese sentences by form field, of what may not be stored at all.
    """

    answers: tuple[Resolved, ...]
    b1: int | None
    b2: int | None
    verdict: Verdict
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def deprived(self) -> frozenset[str]:
        return frozenset(answer.code for answer in self.answers if answer.is_deprived)

    @property
    def missing(self) -> tuple[Resolved, ...]:
        return tuple(answer for answer in self.answers if answer.is_deprived is None)


def monthly_income(amounts: Sequence[int], persons: int) -> int | None:
    """Đồng per person and month from the income of twelve months by source, rounded down; None when not asked."""
    return sum(amounts) // MONTHS // persons if amounts and persons else None


def computed_answers(
    questions: Sequence[Question], *, persons: Sequence[PersonFacts], dwelling: DwellingFacts, day: datetime.date
) -> dict[str, Computed]:
    return {
        question.code: compute(question.code, persons=persons, dwelling=dwelling, day=day) for question in questions
    }


def assess(
    *,
    questions: Sequence[Question],
    typed: Mapping[str, Typed],
    computed: Mapping[str, Computed],
    b1: int | None,
    setting: Setting,
    standard: StandardRules,
    income: int | None = None,
) -> Assessment:
    """What the form says as a whole. An answer that differs from the facts needs its reason."""
    answers = tuple(_resolve(question, typed.get(question.code), computed[question.code]) for question in questions)
    errors = {
        f"reason-{answer.code}": [NO_REASON.format(why=_small(answer.why))]
        for answer in answers
        if answer.is_overridden and not answer.override_reason
    }
    is_whole = all(answer.is_deprived is not None for answer in answers)
    lacking = sum(1 for answer in answers if answer.is_deprived)
    b2 = None if standard.b2_points is None else lacking * standard.b2_points
    verdict = classify(
        b1=b1,
        b2=b2 if is_whole else None,
        setting=setting,
        standard=standard,
        income=income,
        deprived=lacking,
        unanswered=sum(1 for answer in answers if answer.is_deprived is None),
    )
    return Assessment(answers=answers, b1=b1, b2=b2, verdict=verdict, errors=errors)


def what_is_missing(assessment: Assessment, *, b1_field: str = "b1_score") -> dict[str, list[str]]:
    """By field, what a finished form still lacks."""
    errors = {
        f"answer-{answer.code}": [NOT_ANSWERED.format(name=answer.name, why=_small(answer.why) or "chưa đủ thông tin")]
        for answer in assessment.missing
    }
    if assessment.b1 is None:
        errors[b1_field] = ["Chưa có điểm B1."]
    elif not errors and assessment.verdict.category is None:
        errors[""] = ["Chưa phân loại được: " + " ".join(assessment.verdict.reasons)]
    return errors


def _resolve(question: Question, typed: Typed | None, facts: Computed) -> Resolved:
    is_deprived, reason = typed if typed is not None else (facts.is_deprived, "")
    differs = facts.is_deprived is not None and is_deprived != facts.is_deprived
    return Resolved(
        code=question.code,
        name=question.name,
        is_deprived=is_deprived,
        computed=facts.is_deprived,
        why=facts.why,
        override_reason=reason if differs else "",
    )


def _small(text: str) -> str:
    """To go on inside a sentence."""
    return text.rstrip(".")
