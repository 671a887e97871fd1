"""What the page of one form shows: questions beside last year, household, incomes, the verdict so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils import timezone

from households.choices import IncomeSource, Need, ReviewState, RoundState, SheetPurpose
from households.forms.reviews import ScreenForm, SurveyForm, draft_initial, survey_initial
from households.models import Member, Review
from households.rules.persons import age_on
from households.rules.survey import Assessment, Resolved
from households.selectors.reviews import FormPage, Last
from households.services.review_work import Ground, assessed, judged, parts_from

STRUCTURE_WORDS = (("is_wall_durable", "Tường"), ("is_column_durable", "Cột"), ("is_roof_durable", "Mái"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One indicator on the page."""

    number: int
    code: str
    name: str
    threshold: str
    answer: BoundField
    auto: BoundField
    reason: BoundField
    resolved: Resolved
    last: bool | None

    @property
    def chosen(self) -> str:
        return str(self.answer.value() or "")

    @property
    def last_value(self) -> str:
        return "" if self.last is None else "1" if self.last else "0"

    @property
    def is_changed(self) -> bool:
        return self.last is not None and bool(self.chosen) and self.chosen != self.last_value

    @property
    def differs(self) -> bool:
        """The answer differs from what the facts say: the reason is asked for."""
        auto = str(self.auto.value() or "")
        return bool(auto) and bool(self.chosen) and self.chosen != auto


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    member: Member
    age: int | None


def ground_of_page(page: FormPage) -> Ground:
    return Ground(
        laws={page.law.standard.pk: page.law},
        members={page.review.household_id: page.members},
        sheets={page.review.pk: page.b1_sheet},
        parts={page.review.pk: page.parts},
    )


def stored_assessment(page: FormPage) -> Assessment:
    return assessed(page.review, page.parts, ground_of_page(page))


def typed_assessment(page: FormPage, form: SurveyForm) -> tuple[Assessment, dict[str, list[str]]]:
    """What a form says as it is typed, by the rules of the save; nothing is stored."""
    got, ground = form.arguments(), ground_of_page(page)
    parts, errors = parts_from(
        page.review, ground, **{name: got[name] for name in ("answers", "b1_answers", "incomes", "causes", "needs")}
    )
    changes = got["facts"] | {"surveyed_on": got["surveyed_on"], "surveyor": got["surveyor"]}
    if got["b1_answers"] is None:
        changes["b1_score"] = got["b1_score"]
    work = judged(page.review, changes, parts, ground, is_complete=True, errors=errors)
    return work.assessment, work.errors


def survey_form(page: FormPage, assessment: Assessment, *, use_draft: bool = True) -> SurveyForm:
    """The form as stored, or as the person's own draft has it."""
    form = SurveyForm(law=page.law, sheet=page.b1_sheet)
    form.initial = survey_initial(
        review=page.review,
        parts=page.parts,
        law=page.law,
        sheet=page.b1_sheet,
        answers={answer.code: answer for answer in assessment.answers},
    )
    if page.draft and use_draft:
        form.initial |= draft_initial(form, page.draft["data"])
        form.initial["version"] = page.draft["base_version"]
        return form
    if form.initial["surveyed_on"] is None and page.review.round.starts_on <= timezone.localdate():
        form.initial["surveyed_on"] = page.day
    form.initial["surveyor"] = form.initial["surveyor"] or page.surveyor
    return form


def screen_form(page: FormPage, data: Any = None) -> ScreenForm:
    initial = {
        "version": page.review.version,
        "result": page.review.screen_result,
        "screened_on": page.review.screened_on or page.day,
    }
    return ScreenForm(data, initial=initial, sheet=page.sheet if page.purpose == SheetPurpose.QUICK_SCREEN else None)


def groups(page: FormPage, form: SurveyForm, answers: Sequence[Resolved]) -> list[Group]:
    """Indicators by dimension, in the order of the form."""
    resolved = {answer.code: answer for answer in answers}
    before: Mapping[int, bool | None] = (page.last.answers if page.last else None) or {}
    found: dict[str, list[Row]] = {}
    for row in page.law.indicators:
        code = row.indicator.code
        found.setdefault(row.dimension.name, []).append(
            Row(
                number=row.number,
                code=code,
                name=row.indicator.name,
                threshold=row.threshold,
                answer=form[f"answer-{code}"],
                auto=form[f"auto-{code}"],
                reason=form[f"reason-{code}"],
                resolved=resolved[code],
                last=before.get(row.indicator_id),
            )
        )
    return [Group(name=name, rows=tuple(rows)) for name, rows in found.items()]


def people(page: FormPage) -> list[PersonRow]:
    day = page.day
    return [
        PersonRow(member=member, age=age_on(day, birth_date=member.birth_date, birth_year=member.birth_year))
        for member in page.persons
    ]


def state_of(review: Review) -> str:
    """Why the form is only to be read; empty where it may be changed."""
    if review.is_frozen or review.state == ReviewState.RECOGNISED:
        return "Phiếu đã công nhận, chỉ để xem. Muốn sửa thì lập phiếu điều chỉnh."
    if review.round.state != RoundState.OPEN and review.corrects_id is None:
        return f"Đợt rà soát {review.round.get_state_display()}, phiếu chỉ để xem."
    if review.state == ReviewState.DROPPED:
        return f"Hộ đã được đưa ra khỏi danh sách rà soát: {review.dropped_because}"
    if review.household.closed_on is not None or review.household.unit_id != review.unit_id:
        return "Hộ không còn ở đơn vị: phiếu chỉ để xem, đưa hộ ra khỏi danh sách của đợt."
    return ""


def form_context(page: FormPage, form: SurveyForm, assessment: Assessment, **more: Any) -> dict[str, Any]:
    """Everything ``reviews/form.html`` shows beside the buttons."""
    review = page.review
    return {
        "page": page,
        "review": review,
        "form": form,
        "groups": groups(page, form, assessment.answers),
        "people": people(page),
        "structures": [(form[name], label) for name, label in STRUCTURE_WORDS],
        "items": [form[f"b1-{item.code}"] for item in page.b1_sheet.items] if page.b1_sheet else [],
        "incomes": [
            (label, form[f"earners-{source}"], form[f"amount-{source}"]) for source, label in IncomeSource.choices
        ],
        "needs": [
            (value, label, form[f"need_note-{value}"], value in (form["needs"].value() or []))
            for value, label in Need.choices
        ],
        "errors": [(form[name] if name in form.fields else None, said) for name, said in form.errors.items()],
        "is_survey": page.purpose == SheetPurpose.B1,
        **verdict_context(page, assessment),
        **more,
    }


def verdict_context(page: FormPage, assessment: Assessment) -> dict[str, Any]:
    last: Last | None = page.last
    category = assessment.verdict.category
    return {
        "assessment": assessment,
        "category": category,
        "lacking": len(assessment.deprived),
        "missing": assessment.missing,
        "is_jump": bool(last and category and last.category and {category, last.category} == {"poor", "not_poor"}),
        "has_changed": bool(last and category and category != last.category),
        "last": last,
        "is_computed_b1": page.b1_sheet is not None,
    }
